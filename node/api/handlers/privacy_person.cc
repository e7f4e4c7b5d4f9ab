// /api/v1/privacy/person: what erasing a person would take (GDPR Art. 17).
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "node/api/handlers/document_json.h"
#include "node/api/handlers/person_reading.h"
#include "node/api/handlers/privacy_papers.h"
#include "node/governance/kinds.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::string_view kRequest = "request";

std::string_view TextIn(const object& trace, std::string_view key) {
  return std::string_view(trace.at(key).as_string());
}

// What this node may do about an erasure.
Result<std::string_view> ActionFor(replica::Replica& replica, const log::SpaceId& space,
                                   const log::Erasure& erasure) {
  const auto may = replica.CheckErase(space, erasure);
  if (may) return "erase";
  const Error& error = may.error();
  if (error.hint == "hint.erase-restricted") return "restricted";
  if (error.hint == "hint.erase-evidence") return "stays";
  if (error.hint == "hint.erase-not-yours") return "propose";
  return Fail(error);
}

// A record of the person's own goes as a whole, a value of another record alone. A text or a list
// holds what others are told as well.
Result<std::string_view> DocumentAction(replica::Replica& replica, const object& trace,
                                        const crdt::DocumentId& id) {
  std::optional<std::string> field;
  // What was replaced can be erased only together with what stands there now.
  if (TextIn(trace, "kind") == "earlier") return "by-hand";
  if (TextIn(trace, "kind") != "contact") {
    field = std::string(TextIn(trace, "field"));
    ASSIGN(const auto open, replica.Open(id));
    const crdt::FieldSpec* const spec = open->document.schema().Find(*field);
    if (spec == nullptr || spec->type != crdt::FieldType::kValue) return "by-hand";
  }
  ASSIGN(const log::Erasure erasure, replica.ErasureOf(id, field, kRequest));
  return ActionFor(replica, replica.SpaceOf(id), erasure);
}

Result<std::string_view> EntryAction(replica::Replica& replica, std::string_view kind,
                                     const log::EntryId& id) {
  if (kind == "minutes-frozen" || kind == "agreement") return "by-hand";
  ASSIGN(const auto stored, replica.EntryOf(id));
  ASSIGN(log::EraseTarget target, replica.AllOf(id));
  if (!stored || target.fields.empty()) return "stays";
  return ActionFor(replica, stored->entry.header.space, {std::string(kRequest), {target}});
}

// Nothing for a signature: its name is the mandate's.
Result<std::optional<object>> StepFor(replica::Replica& replica, const object& trace) {
  const std::string_view kind = TextIn(trace, "kind");
  if (TextIn(trace, "field") == "mandate") return std::optional<object>();
  object step;
  for (const char* key : {"kind", "id", "type", "title", "field", "organisation", "passages"})
    step[key] = trace.at(key);
  if (kind == "contact") step["field"] = "";
  std::string_view action;
  if (const auto document = crdt::DocumentId::FromHexText(TextIn(trace, "id"))) {
    ASSIGN(action, DocumentAction(replica, trace, *document));
  } else {
    const auto entry = log::EntryId::FromHexText(TextIn(trace, "id"));
    if (!entry) return Fail(Code::kInternal, "a trace of neither a document nor an entry");
    // The title of a proposal is what was voted on.
    const bool title = kind == governance::kProposal && TextIn(trace, "field") == "title";
    step["field"] = title ? "title" : "";
    if (title) {
      action = "stays";
    } else {
      ASSIGN(action, EntryAction(replica, kind, *entry));
    }
  }
  step["action"] = action;
  return std::optional(std::move(step));
}

// GET ?person= -> {person, steps[{action, kind, id, type, title, field, organisation,
// passages[]}], unclear[]}: steps that may be about somebody else. Actions: erase; propose, since
// it is another organisation's; by-hand, since others are spoken of as well; restricted; stays,
// since it is evidence. Or StillReading: then the same again.
Answer ErasurePlan(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const auto typed = request.query.find("person");
  if (typed == request.query.end() || typed->second.empty())
    return Fail(Code::kUsage, "no person is named", "hint.person-unknown");
  ASSIGN(const auto progress, context.person_readings.ReadOn(
                                  *replica, typed->second,
                                  i18n::Tr(LangOf(request), "privacy.other-person"), context.now));
  if (!progress.found) return StillReading(progress);
  const Traces& traces = progress.found->traces;
  array steps, records;
  std::set<std::pair<std::string, std::string>> seen;
  for (const Json& trace : traces.sure) {
    ASSIGN(auto step, StepFor(*replica, trace.as_object()));
    if (!step) continue;
    // Attendance is one list, however often somebody stands in it.
    if (!seen.emplace(TextIn(*step, "id"), TextIn(*step, "field")).second) continue;
    (TextIn(*step, "kind") == "contact" ? records : steps).push_back(*std::move(step));
  }
  array unclear;
  for (const Json& trace : traces.unclear) {
    ASSIGN(auto step, StepFor(*replica, trace.as_object()));
    if (step && seen.emplace(TextIn(*step, "id"), TextIn(*step, "field")).second)
      unclear.push_back(*std::move(step));
  }
  // The person is known by these: a run that breaks off can be repeated while they are there.
  steps.insert(steps.end(), records.begin(), records.end());
  return object{{"person", domain::NameOf(progress.found->subject.person)},
                {"steps", std::move(steps)},
                {"unclear", std::move(unclear)}};
}

}  // namespace

std::vector<Route> PrivacyPersonRoutes() {
  return {Noted("access", {"GET", "/api/v1/privacy/person", ErasurePlan})};
}

}  // namespace geflecht::api
