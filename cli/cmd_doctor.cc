// geflecht doctor [--repair [--founding FILE]]
#include <boost/json/array.hpp>

#include "base/limits.h"
#include "cli/display.h"
#include "cli/exit_code.h"
#include "cli/files.h"
#include "cli/passphrase.h"
#include "cli/session.h"
#include "node/crypto/system_random.h"
#include "node/doctor/findings.h"
#include "node/runtime/inspect.h"
#include "node/runtime/repair.h"
#include "node/runtime/system_clock.h"
#include "node/store/directory_lock.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kFoundingBytesMax = 4 * 1024 * 1024;

std::optional<std::int64_t> SecondsOf(const json::object& from, std::string_view key) {
  const Json* value = from.if_contains(key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return NumberOf(from, key);
}

std::optional<std::string> MaybeText(const json::object& from, std::string_view key) {
  std::string text = TextOf(from, key);
  if (text.empty()) return std::nullopt;
  return text;
}

void TakeAnswer(const json::object& answer, doctor::Facts& facts) {
  facts.disk_full = facts.disk_full || FlagOf(answer, "disk_full");
  facts.held_back = FlagOf(answer, "held_back");
  facts.newest_entry_s = SecondsOf(answer, "newest_entry_s");
  facts.oldest_unconfirmed_s = SecondsOf(answer, "oldest_unconfirmed_s");
  facts.backup_known = answer.contains("backup_s");
  facts.backup_s = SecondsOf(answer, "backup_s");
  facts.listening = MaybeText(answer, "listening");
  facts.last_dial_error = MaybeText(answer, "last_dial_error");
  if (const Json* partners = answer.if_contains("partners"); partners && partners->is_array())
    for (const Json& item : partners->as_array()) {
      const json::object& partner = item.as_object();
      facts.partners.push_back({TextOf(partner, "organisation"), FlagOf(partner, "connected"),
                                SecondsOf(partner, "confirmed_s")});
    }
  const Json* store = answer.if_contains("store");
  if (store == nullptr || !store->is_object()) return;
  doctor::StoreFacts found;
  found.entries = static_cast<std::uint64_t>(NumberOf(store->as_object(), "entries"));
  found.problem_count = static_cast<std::uint64_t>(NumberOf(store->as_object(), "problem_count"));
  const json::array& problems = store->as_object().at("problems").as_array();
  if (!problems.empty()) found.first_problem = std::string(problems.front().as_string());
  facts.store = std::move(found);
}

// What has to be asked of the node, or of the directory opened here.
void Ask(Session& session, doctor::Facts& facts) {
  const auto running = session.RunningNode();
  facts.node_running = running.has_value();
  const auto node = running ? running : session.Node();
  if (!node) {
    // Without a passphrase nothing is wrong, the store is only not looked at.
    if (node.error().hint == "hint.passphrase-needed") {
      facts.passphrase_not_given = true;
    } else {
      facts.open_error = node.error();
    }
    return;
  }
  const auto answer = session.Get("/api/v1/doctor");
  if (answer) {
    TakeAnswer(*answer, facts);
  } else if (answer.error().code == Code::kLocked) {
    facts.node_locked = true;
  } else {
    facts.open_error = answer.error();
  }
  if (facts.node_running && facts.listening)
    facts.reachable = runtime::AcceptsConnections(*facts.listening);
}

// i18n::Tr takes its values as a list that is written down; these come from a finding.
std::string Sentence(const Session& session, const std::string& key,
                     const doctor::Finding& finding) {
  std::string text = session.Say(key);
  for (const auto& [name, value] : finding.args) {
    const std::string mark = "{" + name + "}";
    if (const std::size_t at = text.find(mark); at != std::string::npos)
      text.replace(at, mark.size(), Shown(value));
  }
  return text;
}

std::string_view StateName(doctor::State state) {
  switch (state) {
    case doctor::State::kOk:
      return "ok";
    case doctor::State::kWarning:
      return "warning";
    case doctor::State::kProblem:
      return "problem";
  }
  return "problem";
}

std::string StateWord(const Session& session, doctor::State state) {
  switch (state) {
    case doctor::State::kOk:
      return session.Say("cli.doctor.state-ok");
    case doctor::State::kWarning:
      return session.Say("cli.doctor.state-warning");
    case doctor::State::kProblem:
      return session.Say("cli.doctor.state-problem");
  }
  return {};
}

Outcome OutcomeOf(const Session& session, const std::vector<doctor::Finding>& findings) {
  Outcome outcome;
  json::array list;
  std::int64_t warnings = 0;
  std::int64_t problems = 0;
  for (const doctor::Finding& finding : findings) {
    const std::string what = Sentence(session, finding.key(), finding);
    std::string fix;
    if (finding.state != doctor::State::kOk) fix = Sentence(session, finding.fix_key(), finding);
    warnings += finding.state == doctor::State::kWarning ? 1 : 0;
    problems += finding.state == doctor::State::kProblem ? 1 : 0;
    outcome.text +=
        StateWord(session, finding.state) + what + (fix.empty() ? "" : " " + fix) + '\n';
    list.push_back(json::object{{"check", finding.check},
                                {"state", StateName(finding.state)},
                                {"message", what},
                                {"fix", fix}});
  }
  outcome.keys = {{"findings", std::move(list)}, {"warnings", warnings}, {"problems", problems}};
  outcome.exit = problems > 0 ? kExitFailure : warnings > 0 ? kExitPartial : kExitOk;
  return outcome;
}

Result<Outcome> Examine(Session& session) {
  const runtime::Paths paths(session.globals().dir);
  std::error_code ignored;
  if (!std::filesystem::is_directory(paths.root, ignored))
    return Fail(Code::kNotInitialised, "there is no directory " + Shown(paths.root.string()));
  TRY(runtime::CheckWhole(paths));
  doctor::Facts facts = runtime::InspectDirectory(paths);
  if (facts.missing_files.empty()) Ask(session, facts);
  return OutcomeOf(session, doctor::Examine(facts));
}

// Whether the store opens and holds together; nothing to repair then.
bool IsSound(Session& session) {
  if (!session.Node()) return false;
  const auto answer = session.Get("/api/v1/doctor");
  if (!answer) return false;
  doctor::Facts facts;
  TakeAnswer(*answer, facts);
  return facts.store && facts.store->problem_count == 0;
}

Result<Outcome> Repair(Session& session) {
  const runtime::Paths paths(session.globals().dir);
  TRY(runtime::NeedsPassphrase(paths));
  std::optional<log::Founding> founding;
  if (session.arguments().Has("founding")) {
    ASSIGN(const Bytes text, ReadInput(session.arguments().Text("founding"), kFoundingBytesMax));
    ASSIGN(founding, log::ParseFounding(AsText(text)));
  }
  if (session.RunningNode())
    return Fail(Code::kLocked, "a node runs for this directory", "hint.end-node-first");
  ASSIGN(const bool needed, runtime::NeedsPassphrase(paths));
  crypto::SecretBytes passphrase;
  if (needed) {
    ASSIGN(passphrase, Passphrase(session.globals()));
  }
  if (IsSound(session))
    return Outcome{
        {{"repaired", false}}, session.Say("cli.doctor.nothing-to-repair") + '\n', {}, {}};
  TRY(session.Disconnect());
  ASSIGN(const store::DirectoryLock lock, store::DirectoryLock::Take(paths.root));
  crypto::SystemRandom random;
  ASSIGN(const runtime::Repaired done,
         runtime::Repair(paths, passphrase, founding, runtime::SystemClock().Now(), random));
  return Outcome{{{"repaired", true},
                  {"kept_as", done.kept_as},
                  {"salvaged", done.entries},
                  {"unreadable", done.lost}},
                 session.Say("cli.doctor.repaired", {{"kept", done.kept_as},
                                                     {"salvaged", std::to_string(done.entries)},
                                                     {"lost", std::to_string(done.lost)}}) +
                     '\n',
                 {},
                 {}};
}

Result<Outcome> Doctor(Session& session) {
  if (session.globals().dir.empty())
    return Fail(Code::kUsage, "no directory: --dir, GEFLECHT_DIR and HOME are empty",
                "hint.directory");
  if (session.arguments().Has("repair")) return Repair(session);
  if (session.arguments().Has("founding"))
    return Fail(Code::kUsage, "--founding goes with --repair");
  return Examine(session);
}

}  // namespace

std::vector<Command> DoctorCommands() {
  return {{{"doctor"}, {{"--repair", "", false, Takes::kNothing}, {"--founding", "FILE"}}, Doctor}};
}

}  // namespace geflecht::cli
