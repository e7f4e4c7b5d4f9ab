// /api/v1/privacy: erasing content (docs/formats/erasure.md).
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/context.h"
#include "node/api/handlers/document_json.h"

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

}  // namespace

std::vector<Route> PrivacyRoutes() { return {{"POST", "/api/v1/privacy/erase", Erase}}; }

}  // namespace geflecht::api
