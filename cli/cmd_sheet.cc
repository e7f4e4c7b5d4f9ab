// geflecht sheet check
#include "cli/display.h"
#include "cli/session.h"
#include "cli/sheet.h"
#include "node/crypto/sign.h"
#include "node/runtime/directory.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

// Only what a person has read off the paper shows that the paper is good.
bool IsEntered(const Session& session) {
  const std::string file = session.arguments().Text("sheet");
  return file.empty() || file == "-";
}

Result<Outcome> CheckOwnSheet(Session& session) {
  ASSIGN(const json::object card, session.Get("/api/v1/card"));
  ASSIGN(const crypto::SecretBytes seed, AskForSheet(session));
  const std::string root_key = crypto::SigningKey::FromSeed(seed).public_key().Hex();
  if (root_key != TextOf(card, "root_key"))
    return Fail(Code::kVerification, "the sheet is of another organisation or an earlier key",
                "hint.sheet-of-another");
  const bool entered = IsEntered(session);
  if (entered) TRY(NoteSheetChecked(runtime::Paths(session.globals().dir)));
  Outcome outcome;
  outcome.keys = {
      {"organisation", TextOf(card, "organisation")}, {"root_key", root_key}, {"entered", entered}};
  outcome.text = session.Say(entered ? "cli.sheet.good" : "cli.sheet.good-file",
                             {{"organisation", Shown(TextOf(card, "organisation"))}}) +
                 '\n';
  return outcome;
}

}  // namespace

std::vector<Command> SheetCommands() {
  return {{{"sheet", "check"}, {{"--sheet", "FILE"}}, CheckOwnSheet}};
}

}  // namespace geflecht::cli
