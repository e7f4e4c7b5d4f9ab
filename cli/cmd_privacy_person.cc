// geflecht privacy erase-person
#include <algorithm>
#include <boost/json/array.hpp>
#include <ctime>
#include <utility>

#include "cli/case_guard.h"
#include "cli/deadline.h"
#include "cli/display.h"
#include "cli/fields.h"
#include "cli/ids.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

// In the order in which people are told.
constexpr std::string_view kActions[] = {"erase", "propose", "by-hand", "restricted", "stays"};

std::string StepText(const Session& session, const json::object& step) {
  const std::string title = TextOf(step, "title"), field = TextOf(step, "field");
  std::string text = "  " + TextOf(step, "id") + "  " +
                     session.Say("value.kind." + TextOf(step, "kind"));
  if (!title.empty()) text += ": " + Shown(title);
  if (!field.empty()) text += ", " + Shown(FieldName(session.globals().lang, field));
  const std::string organisation = TextOf(step, "organisation");
  if (!organisation.empty()) text += " (" + Shown(organisation) + ")";
  if (step.contains("proposal"))
    text += "; " + session.Say("value.kind.proposal") + " " + ShortId(TextOf(step, "proposal"));
  text += '\n';
  for (const json::value& passage : step.at("passages").as_array())
    text += "      " + Shown(std::string(passage.as_string())) + '\n';
  return text;
}

std::string StepsText(const Session& session, const json::array& steps, std::string_view action) {
  std::string text;
  for (const json::value& item : steps)
    if (TextOf(item.as_object(), "action") == action) text += StepText(session, item.as_object());
  if (text.empty()) return text;
  return session.Say("cli.privacy.person." + std::string(action)) + '\n' + text;
}

std::string LeftText(const Session& session, const json::object& plan) {
  std::string text;
  for (const std::string_view action : kActions)
    text += StepsText(session, plan.at("steps").as_array(), action);
  if (const auto unclear = plan.at("unclear").to_number<std::uint64_t>(); unclear > 0)
    text += session.Say("cli.privacy.person.unclear", {{"n", std::to_string(unclear)}}) + '\n';
  return text;
}

std::string PlanText(const Session& session, const json::object& plan) {
  const bool nothing = plan.at("steps").as_array().empty();
  return (nothing ? session.Say("cli.privacy.person.nothing") + '\n' : std::string()) +
         LeftText(session, plan);
}

Result<void> Confirm(const Session& session, const std::string& plan) {
  if (session.globals().yes) return {};
  if (session.globals().json || !HasTerminal())
    return Fail(Code::kUsage, "erasing has to be confirmed", "hint.erase-person-confirm");
  ASSIGN(const bool sure, AskYesNo(plan + '\n' + session.Say("cli.ask.erase-person")));
  if (!sure) return Fail(Code::kNotPermitted, "nothing was erased", "hint.nothing-erased");
  return {};
}

Result<json::object> Requested(Session& session, const json::object& step) {
  const Arguments& arguments = session.arguments();
  const std::string reason = arguments.Text("reason"), id = TextOf(step, "id");
  json::object asked{{"reason", reason.empty() ? "request" : reason}};
  if (id.size() == kIdOfEntry) {
    asked["entries"] = json::array{json::value(id)};
  } else {
    asked["document"] = id;
    if (const std::string field = TextOf(step, "field"); !field.empty()) asked["field"] = field;
  }
  if (TextOf(step, "action") != "propose") return asked;
  json::object propose{{"title", session.Say("cli.privacy.proposal-title")}};
  if (arguments.Has("deadline")) {
    ASSIGN(propose["deadline"], DeadlineFrom(arguments.Text("deadline"), std::time(nullptr)));
  }
  asked["propose"] = std::move(propose);
  return asked;
}

// Whether this proposal asks for what the step names.
bool AsksFor(const json::object& proposal, const json::object& step) {
  const json::value& erases = proposal.at("erases");
  if (!erases.is_object()) return false;
  const std::string id = TextOf(step, "id"), field = TextOf(step, "field");
  const auto names = [&](const char* list, const json::value& what) {
    const json::array& all = erases.at(list).as_array();
    return std::find(all.begin(), all.end(), what) != all.end();
  };
  if (id.size() == kIdOfEntry) return names("entries", json::value(id));
  if (!field.empty() && names("fields", json::object{{"document", id}, {"field", field}}))
    return true;
  return names("documents", json::value(id));
}

// Notes in the steps what is put to the vote already: nothing is proposed twice.
Result<void> NoteProposed(Session& session, json::array& steps) {
  ASSIGN(const json::object open, session.Get("/api/v1/proposals", {{"status", "open"}}));
  for (json::value& item : steps) {
    json::object& step = item.as_object();
    if (TextOf(step, "action") != "propose") continue;
    for (const json::value& proposal : open.at("proposals").as_array())
      if (AsksFor(proposal.as_object(), step))
        step["proposal"] = TextOf(proposal.as_object(), "id");
  }
  return {};
}

// Carries one step out and notes in it what came of it.
Result<void> CarryOut(Session& session, json::object& step) {
  const bool propose = TextOf(step, "action") == "propose";
  ASSIGN(const json::object asked, Requested(session, step));
  ASSIGN(const json::object answer, PostGuarded(session, "/api/v1/privacy/erase", asked));
  if (propose) {
    step["proposal"] = TextOf(answer, "id");
  } else {
    step["erasures"] = answer.at("erasures");
  }
  return {};
}

struct Counts {
  std::uint64_t erased = 0, proposed = 0, open = 0;
};

json::object KeysOfRun(const json::object& plan, const Counts& counts) {
  json::object keys = plan;
  keys["erased"] = counts.erased;
  keys["proposed"] = counts.proposed;
  keys["open"] = counts.open;
  return keys;
}

std::string RunText(const Session& session, const Counts& counts) {
  return session.Say("cli.privacy.person.done", {{"erased", std::to_string(counts.erased)},
                                                 {"proposed", std::to_string(counts.proposed)},
                                                 {"open", std::to_string(counts.open)}}) +
         '\n';
}

Result<Outcome> ErasePerson(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(json::object plan,
         session.Get("/api/v1/privacy/person", {{"person", arguments.Text("PERSON")}}));
  json::array& steps = plan.at("steps").as_array();
  TRY(NoteProposed(session, steps));
  const std::string text = PlanText(session, plan);
  Counts counts;
  for (const json::value& item : steps)
    ++(item.as_object().contains("proposal") ? counts.proposed : counts.open);
  Outcome outcome;
  if (arguments.Has("dry-run")) {
    outcome.text = text;
    outcome.keys = KeysOfRun(plan, counts);
    return outcome;
  }
  TRY(Confirm(session, text));
  std::int64_t done = 0;
  for (json::value& item : steps) {
    json::object& step = item.as_object();
    const std::string action = TextOf(step, "action");
    const bool erase = action == "erase";
    const bool propose =
        action == "propose" && arguments.Has("propose") && !step.contains("proposal");
    if (!erase && !propose) continue;
    session.output().Progress(session.Say("cli.privacy.person.progress"), ++done,
                              static_cast<std::int64_t>(steps.size()));
    if (const auto carried = CarryOut(session, step); !carried) {
      // Repeating the command goes on with the rest.
      session.AddToError(RunText(session, counts), KeysOfRun(plan, counts));
      return Fail(carried.error());
    }
    ++(erase ? counts.erased : counts.proposed);
    --counts.open;
  }
  json::object left = plan;
  json::array open;
  for (const json::value& item : steps)
    if (!item.as_object().contains("erasures") && !item.as_object().contains("proposal"))
      open.push_back(item);
  left["steps"] = std::move(open);
  outcome.text = RunText(session, counts) + LeftText(session, left);
  outcome.text += session.Say("cli.privacy.limits") + '\n';
  outcome.keys = KeysOfRun(plan, counts);
  return outcome;
}

}  // namespace

std::vector<Command> PrivacyPersonCommands() {
  return {{{"privacy", "erase-person"},
           {{"PERSON", "", true},
            {"--dry-run", "", false, Takes::kNothing},
            {"--reason", "CODE"},
            {"--propose", "", false, Takes::kNothing},
            {"--deadline", "DATE|DAYS"}},
           ErasePerson}};
}

}  // namespace geflecht::cli
