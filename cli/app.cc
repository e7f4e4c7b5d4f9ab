#include "cli/app.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <utility>

#include "cli/display.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/session.h"
#include "node/crypto/init.h"

namespace geflecht::cli {
namespace {

// Before the words are understood: whether a mistake in them is reported as JSON.
bool AsksForJson(const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), "--json") != words.end();
}

// The exit code of an error before the words are understood, if it is a command's own.
std::optional<int> ErrorExit(const std::vector<std::string>& words) {
  for (const Command& command : AllCommands())
    if (command.error_exit && std::search(words.begin(), words.end(), command.words.begin(),
                                          command.words.end()) != words.end())
      return command.error_exit;
  return std::nullopt;
}

Result<Outcome> RunCommand(const Command& command, Session& session) {
  try {
    return command.run(session);
  } catch (const std::exception& error) {
    return Fail(Code::kInternal, error.what());
  }
}

}  // namespace

const std::vector<Command>& AllCommands() {
  static const std::vector<Command> commands = [] {
    std::vector<Command> all;
    for (auto& some : {InitCommands(),          SheetCommands(),
                       NodeCommands(),          DoctorCommands(),
                       NetworkCommands(),       InvitationCommands(),
                       FoundingCommands(),      DeviceCommands(),
                       ProposalListCommands(),  ProposalCommands(),
                       CaseCommands(),          SpaceCommands(),
                       SyncCommands(),          PersonCommands(),
                       AgreementCommands(),     AgreementSignCommands(),
                       MeetingCommands(),       MinutesCommands(),
                       TaskCommands(),          ContactImportCommands(),
                       ContactCommands(),       OrganisationCommands(),
                       PrivacyPaperCommands(),  PrivacyCommands(),
                       RetentionCommands(),     RetentionOfferCommands(),
                       PrivacyRightsCommands(), PrivacyLogCommands(),
                       PrivacyPersonCommands(),
                       DocCommands(),           DocConflictCommands(),
                       DocVersionCommands(),    AuditCommands(),
                       BackupCommands(),        DevCommands()})
      all.insert(all.end(), some.begin(), some.end());
    return all;
  }();
  return commands;
}

int Run(const std::vector<std::string>& words, const Environment& environment) {
  InstallSignals();
  Globals globals;
  globals.lang = ChooseLang(words, environment);
  globals.dir = DefaultDirectory(environment);
  globals.passphrase_file = DefaultPassphraseFile(environment);
  globals.json = AsksForJson(words);
  Output early(globals);
  if (const auto fit = crypto::Init(); !fit) return early.Finish(fit.error());
  const auto parsed = Parse(words, globals);
  if (!parsed) {
    const int exit = early.Finish(parsed.error());
    return ErrorExit(words).value_or(exit);
  }
  if (parsed->command == nullptr) {
    std::fputs(parsed->text.c_str(), stdout);
    return std::fflush(stdout) == 0 ? kExitOk : kExitFailure;
  }
  Output output(parsed->globals);
  Session session(parsed->globals, parsed->arguments, output);
  const Result<Outcome> outcome = RunCommand(*parsed->command, session);
  // What the command changed is closed before anybody is told that it is done.
  const Result<void> closed = session.Close();
  if (session.interrupted()) {
    output.Remark(i18n::Tr(parsed->globals.lang, "cli.interrupted"));
    return kExitInterrupted;
  }
  if (!outcome) {
    const int exit = output.Finish(outcome.error(), session.error_text(), session.error_keys());
    return parsed->command->error_exit.value_or(exit);
  }
  if (!closed) return output.Finish(closed.error());
  return output.Finish(*outcome);
}

}  // namespace geflecht::cli
