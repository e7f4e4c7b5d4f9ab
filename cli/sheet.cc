#include "cli/sheet.h"

#include "cli/files.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "node/crypto/recovery_sheet.h"
#include "node/crypto/sign.h"
#include "node/log/header.h"
#include "node/runtime/system_clock.h"
#include "node/store/files.h"

namespace geflecht::cli {
namespace {

constexpr std::size_t kSheetBytesMax = 16 * 1024;

}  // namespace

void WipeText(std::string& text) {
  crypto::Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  text.clear();
}

std::string SheetText(i18n::Lang lang, const log::Card& card, std::string_view code) {
  const auto say = [&](std::string_view key) { return i18n::Tr(lang, key); };
  std::string text;
  text.reserve(kSheetBytesMax);  // grows without leaving copies of the code behind
  text += say("sheet.title") + "\n\n";
  text += say("sheet.organisation") + ": " + card.organisation + '\n';
  text += say("sheet.id") + ": " + card.org().Hex() + "\n\n";
  text += "code: ";
  text += code;
  text += "\n\n";
  for (const char* key : {"sheet.print", "sheet.keep", "sheet.once"}) text += say(key) + '\n';
  return text;
}

Result<crypto::SecretBytes> ReadSheet(std::string& text) {
  // Line ends of Windows; the parser of the code takes care of the rest.
  for (char& c : text)
    if (c == '\r') c = '\n';
  const bool whole = text.starts_with("code: ") || text.find("\ncode: ") != std::string::npos;
  auto secret = whole ? crypto::ParseRecoverySheet(text) : crypto::ParseRecoveryCode(text);
  WipeText(text);
  if (!secret) return Fail(secret.error().code, secret.error().detail, "hint.sheet-damaged");
  return secret;
}

Result<crypto::SecretBytes> ReadSheetFile(const std::string& file) {
  ASSIGN(Bytes bytes, ReadInput(file, kSheetBytesMax));
  std::string text = ToText(bytes);
  crypto::Wipe(bytes);
  return ReadSheet(text);
}

Result<crypto::SecretBytes> AskForSheet(Session& session) {
  const std::string file = session.arguments().Text("sheet");
  if (file.empty() && HasTerminal()) {
    ASSIGN(const crypto::SecretBytes line, AskSecret(session.Say("cli.ask.sheet")));
    std::string text = ToText(line.view());
    return ReadSheet(text);
  }
  return ReadSheetFile(file.empty() ? "-" : file);
}

Result<void> NoteSheetChecked(const runtime::Paths& paths) {
  const std::int64_t now_s = runtime::SystemClock().Now().wall_ms / 1000;
  return store::WriteFileAtomically(paths.sheet_checked(), AsBytes(log::RenderTime(now_s) + '\n'),
                                    0600);
}

Result<bool> CheckNewSheet(Session& session, const runtime::Paths& paths,
                           const crypto::PublicKey& root) {
  std::string prompt = session.Say("cli.ask.sheet-new");
  for (;;) {
    ASSIGN(const crypto::SecretBytes line, AskSecret(prompt));
    if (line.empty()) return false;
    std::string text = ToText(line.view());
    const auto seed = ReadSheet(text);
    if (seed && crypto::SigningKey::FromSeed(*seed).public_key() == root) {
      TRY(NoteSheetChecked(paths));
      return true;
    }
    prompt = session.Say(seed ? "hint.sheet-of-another" : "hint.sheet-damaged") + '\n' +
             session.Say("cli.ask.sheet-new");
  }
}

}  // namespace geflecht::cli
