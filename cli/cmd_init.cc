// geflecht init
#include <unistd.h>

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

// Somebody reads what is shown, and types.
bool IsAttended(const Session& session) {
  const Globals& globals = session.globals();
  return !globals.yes && !globals.json && !globals.quiet && HasTerminal() &&
         ::isatty(STDOUT_FILENO) == 1;
}

boost::json::object KeysOfCard(const log::Card& card, const runtime::Paths& paths,
                               bool has_passphrase) {
  return {{"organisation", card.organisation}, {"org", card.org().Hex()},
          {"root_key", card.root_key.Hex()},   {"device", card.device.Hex()},
          {"dir", paths.root.string()},        {"passphrase", has_passphrase}};
}

// A further device of an organisation whose recovery sheet is at hand: its root key signs the card.
Result<Outcome> InitFurther(Session& session, const runtime::Paths& paths,
                            const std::string& name) {
  const Arguments& arguments = session.arguments();
  if (arguments.Has("sheet"))
    return Fail(Code::kUsage, "--sheet and --sheet-of", "hint.sheet-or-sheet-of");
  ASSIGN(const crypto::SecretBytes seed, ReadSheetFile(arguments.Text("sheet-of")));
  ASSIGN(const crypto::SecretBytes passphrase, ChosenPassphrase(session));
  crypto::SystemRandom random;
  ASSIGN(const log::Card card, runtime::InitDevice(paths, name, crypto::SigningKey::FromSeed(seed),
                                                   passphrase, crypto::KeyFileCost{}, random));
  Outcome outcome;
  outcome.keys = KeysOfCard(card, paths, !passphrase.empty());
  outcome.text = session.Say("cli.init.device", {{"organisation", Shown(card.organisation)},
                                                 {"dir", Shown(paths.root.string())}}) +
                 '\n' + session.Say("cli.init.device-next") + '\n';
  return outcome;
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
  if (session.arguments().Has("sheet-of")) return InitFurther(session, paths, *name);
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
  outcome.keys = KeysOfCard(made.card, paths, !passphrase.empty());
  outcome.text = session.Say("cli.init.done", {{"organisation", Shown(made.card.organisation)},
                                               {"dir", Shown(dir.string())}}) +
                 '\n';
  Result<void> kept;
  if (file) kept = file->Keep(AsBytes(sheet));
  std::string handed_over;
  if (file && kept) {
    outcome.keys["sheet_file"] = sheet_file;
    handed_over = session.Say("cli.init.sheet-file", {{"file", Shown(sheet_file)}}) + '\n';
  } else {
    outcome.keys["sheet"] = sheet;
    handed_over = '\n' + sheet + '\n';
  }
  WipeText(sheet);
  if (!kept) outcome.shortfall = kept.error();
  // A terminal that goes away here has seen the sheet, and nothing is lost but the check.
  if (IsAttended(session) && Tell(outcome.text + handed_over)) {
    const auto checked = CheckNewSheet(session, paths, made.card.root_key);
    const bool good = checked && *checked;
    outcome.text = session.Say(good ? "cli.init.sheet-good" : "cli.init.sheet-unchecked") + '\n';
  } else {
    outcome.text += handed_over;
  }
  WipeText(handed_over);
  outcome.text += session.Say("cli.init.next") + '\n';
  return outcome;
}

}  // namespace

std::vector<Command> InitCommands() {
  return {{{"init"},
           {{"--org", "NAME", true},
            {"--no-passphrase", "", false, Takes::kNothing},
            {"--sheet", "FILE"},
            {"--sheet-of", "FILE"}},
           Init}};
}

}  // namespace geflecht::cli
