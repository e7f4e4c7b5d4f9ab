// /api/v1/privacy: erasing content, and who has done so (docs/formats/erasure.md).
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <optional>

#include "node/api/context.h"
#include "node/api/handlers/document_json.h"
#include "node/api/handlers/person_traces.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

Result<std::string> ReasonOf(const object& body) {
  ASSIGN(std::string reason, TextMember(body, "reason"));
  if (std::find(log::kEraseReasons.begin(), log::kEraseReasons.end(), reason) ==
      log::kEraseReasons.end())
    return Fail(Code::kUsage, "no reason of an erasure", "hint.erase-reason");
  return reason;
}

object Written(const std::vector<log::EntryId>& erasures) {
  array ids;
  for (const log::EntryId& id : erasures) ids.emplace_back(id.Hex());
  return {{"erasures", std::move(ids)}};
}

// All entries stand in one space.
Result<log::EntryId> EraseEntries(replica::Replica& replica, const array& entries,
                                  const std::string& reason, Time now) {
  log::Erasure erasure{reason, {}};
  std::optional<log::SpaceId> space;
  for (const Json& item : entries) {
    const auto id = item.is_string() ? log::EntryId::FromHexText(std::string_view(item.as_string()))
                                     : std::nullopt;
    if (!id) return Fail(Code::kUsage, "no id of an entry");
    ASSIGN(const auto stored, replica.EntryOf(*id));
    if (!stored) return Fail(Code::kNotFound, "no entry " + id->Hex());
    if (space && *space != stored->entry.header.space)
      return Fail(Code::kUsage, "entries of several spaces");
    space = stored->entry.header.space;
    ASSIGN(log::EraseTarget target, replica.AllOf(*id));
    erasure.targets.push_back(std::move(target));
  }
  if (!space) return Fail(Code::kUsage, "no entries");
  std::sort(erasure.targets.begin(), erasure.targets.end(),
            [](const auto& a, const auto& b) { return a.entry < b.entry; });
  return replica.Erase(*space, erasure, now);
}

// Where else the person is named whose contact this is: none of it is erased with it.
Result<array> MentionsOf(replica::Replica& replica, const crdt::DocumentId& document,
                         Time now) {
  array mentions;
  const auto subject = SubjectOf(replica, document.Hex());
  if (!subject && subject.error().code != Code::kNotFound) return Fail(subject.error());
  if (!subject) return mentions;  // no contact
  ASSIGN(const object traces, TracesOf(replica, *subject, "", now));
  for (const char* list : {"traces", "unclear"}) {
    for (const Json& item : traces.at(list).as_array()) {
      const object& trace = item.as_object();
      if (trace.at("id") == Json(document.Hex())) continue;
      object mention;
      for (const char* key : {"kind", "id", "type", "title", "field"})
        if (const Json* value = trace.if_contains(key)) mention[key] = *value;
      mentions.push_back(std::move(mention));
    }
  }
  return mentions;
}

// GET, before a document is erased -> {mentions: [{kind, id, type, title, field}]}. Reads every
// document, which the erasure itself does not.
Answer Mentions(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const crdt::DocumentId document, DocumentIdOf(arguments.at(0)));
  ASSIGN(array mentions, MentionsOf(*replica, document, context.now));
  return object{{"mentions", std::move(mentions)}};
}

// POST {reason, document, field?} or {reason, entries} -> {erasures}
Answer Erase(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string reason, ReasonOf(body));
  if (const Json* entries = body.if_contains("entries")) {
    if (!entries->is_array()) return Fail(Code::kUsage, "no list of entries");
    ASSIGN(const log::EntryId id, EraseEntries(*replica, entries->as_array(), reason, context.now));
    return Written({id});
  }
  ASSIGN(const std::string typed, TextMember(body, "document"));
  ASSIGN(const crdt::DocumentId document, DocumentIdOf(typed));
  std::optional<std::string> field;
  if (body.contains("field")) {
    ASSIGN(field, TextMember(body, "field"));
  }
  ASSIGN(const auto erasures, replica->EraseDocument(document, field, reason, context.now));
  return Written(erasures);
}

// An organisation has confirmed an erasure when all its devices have.
struct OrgStanding {
  std::string name;
  std::optional<std::int64_t> confirmed_s = 0;  // the last of its devices
};

// Of those that the space is served to: an observer of a circle cannot confirm, and stays open.
object StandingJson(const replica::Replica& replica, const replica::ErasureStanding& standing,
                    std::int64_t now_s) {
  std::map<log::OrgId, OrgStanding> orgs;
  for (const governance::Member& member : replica.members().all()) {
    if (!replica.members().MayServe(member.device, standing.space, now_s)) continue;
    OrgStanding& org = orgs[member.org];
    org.name = member.name;
    const auto receipt = standing.confirmed.find(member.device);
    if (receipt == standing.confirmed.end()) {
      org.confirmed_s.reset();
    } else if (org.confirmed_s) {
      org.confirmed_s = std::max(*org.confirmed_s, receipt->second);
    }
  }
  array organisations;
  std::uint64_t confirmed = 0;
  for (const auto& [id, org] : orgs) {
    if (org.confirmed_s) ++confirmed;
    organisations.push_back(
        object{{"organisation", org.name},
               {"org", id.Hex()},
               {"confirmed_at",
                org.confirmed_s ? Json(log::RenderTime(*org.confirmed_s)) : Json(nullptr)}});
  }
  return {{"entry", standing.entry.Hex()},
          {"time", log::RenderTime(standing.time_s)},
          {"reason", standing.reason},
          {"confirmed", confirmed},
          {"of", orgs.size()},
          {"organisations", std::move(organisations)}};
}

// GET, of an erasure or of all that name a document -> {erasures: [{entry, time, reason, confirmed,
// of, organisations: [{organisation, org, confirmed_at}]}]}
Answer Status(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  std::vector<log::EntryId> ids;
  if (const auto entry = log::EntryId::FromHexText(arguments.at(0))) {
    ids.push_back(*entry);
  } else {
    ASSIGN(const crdt::DocumentId document, DocumentIdOf(arguments.at(0)));
    ASSIGN(ids, replica->ErasuresOf(document));
    if (ids.empty()) return Fail(Code::kNotFound, "nothing of it is erased", "hint.no-erasure");
  }
  array erasures;
  for (const log::EntryId& id : ids) {
    ASSIGN(const replica::ErasureStanding standing, replica->StandingOf(id));
    erasures.push_back(StandingJson(*replica, standing, context.now.wall_ms / 1000));
  }
  return object{{"erasures", std::move(erasures)}};
}

}  // namespace

std::vector<Route> PrivacyRoutes() {
  return {{"POST", "/api/v1/privacy/erase", Erase},
          {"GET", "/api/v1/privacy/mentions/{}", Mentions},
          {"GET", "/api/v1/privacy/status/{}", Status}};
}

}  // namespace geflecht::api
