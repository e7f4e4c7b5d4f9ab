// geflecht init
#include <optional>
#include <utility>

#include "cli/display.h"
#include "cli/files.h"
#include "cli/passphrase.h"
#include "cli/session.h"
#include "cli/sheet.h"
#include "cli/terminal.h"
#include "node/crypto/system_random.h"
#include "node/log/name.h"
#include "node/runtime/directory.h"

namespace geflecht::cli {
namespace {

Result<crypto::SecretBytes> ChosenPassphrase(Session& session) {
  const Globals& globals = session.globals();
  if (!session.arguments().Has("no-passphrase")) return NewPassphrase(globals);
  if (!globals.yes && !globals.json && HasTerminal()) {
    ASSIGN(const bool sure, AskYesNo(session.Say("cli.ask.no-passphrase")));
    if (!sure)
      return Fail(Code::kUsage, "a passphrase was not ruled out", "hint.passphrase-choice");
  }
  return crypto::SecretBytes();
}

Result<Outcome> Init(Session& session) {
  const std::filesystem::path& dir = session.globals().dir;
  if (dir.empty()) return Fail(Code::kUsage, "no directory", "hint.directory");
  const auto name = log::ToName(session.arguments().Text("org"));
  if (!name) return Fail(Code::kUsage, name.error().detail, "hint.organisation-name");
  const runtime::Paths paths(dir);
  if (std::filesystem::exists(paths.keys()))
    return Fail(Code::kConflict, "the directory holds an organisation already",
                "hint.already-initialised");
  ASSIGN(const crypto::SecretBytes passphrase, ChosenPassphrase(session));
  // The sheet's file is there before the keys are: what cannot be written down is not made.
  const std::string sheet_file = session.arguments().Text("sheet");
  std::optional<NewSecretFile> file;
  if (!sheet_file.empty()) {
    ASSIGN(NewSecretFile made_file, NewSecretFile::Create(sheet_file));
    file.emplace(std::move(made_file));
  }
  crypto::SystemRandom random;
  ASSIGN(runtime::NewOrganisation made,
         runtime::Init(paths, *name, passphrase, crypto::KeyFileCost{}, random));
  std::string sheet = SheetText(session.globals().lang, made.card, made.recovery_code);
  WipeText(made.recovery_code);

  Outcome outcome;
  outcome.keys = {{"organisation", made.card.organisation},
                  {"org", made.card.org().Hex()},
                  {"root_key", made.card.root_key.Hex()},
                  {"device", made.card.device.Hex()},
                  {"dir", dir.string()},
                  {"passphrase", !passphrase.empty()}};
  outcome.text = session.Say("cli.init.done", {{"organisation", Shown(made.card.organisation)},
                                               {"dir", Shown(dir.string())}}) +
                 '\n';
  Result<void> kept;
  if (file) kept = file->Keep(AsBytes(sheet));
  if (file && kept) {
    outcome.keys["sheet_file"] = sheet_file;
    outcome.text += session.Say("cli.init.sheet-file", {{"file", Shown(sheet_file)}}) + '\n';
  } else {
    outcome.keys["sheet"] = sheet;
    outcome.text += '\n' + sheet + '\n';
  }
  if (!kept) outcome.shortfall = kept.error();
  outcome.text += session.Say("cli.init.next") + '\n';
  WipeText(sheet);
  return outcome;
}

}  // namespace

std::vector<Command> InitCommands() {
  return {{{"init"},
           {{"--org", "NAME", true},
            {"--no-passphrase", "", false, Takes::kNothing},
            {"--sheet", "FILE"}},
           Init}};
}

}  // namespace geflecht::cli
