#include "node/api/handlers/restrictions.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/domain/envelope.h"

namespace geflecht::api {

using boost::json::array;
using boost::json::object;

Json RestrictionJson(const crdt::Value& value) {
  if (!domain::IsRestricted(value)) return nullptr;
  const std::string* const reason = std::get_if<std::string>(&value);
  return Json(reason != nullptr ? *reason : std::string());
}

Result<array> RestrictionHistory(replica::Replica& replica, const crdt::DocumentId& id) {
  ASSIGN(const auto history, replica.History(id));
  array list;
  for (const replica::ChangeInfo& change : history) {
    if (change.void_reason) continue;
    for (const crdt::Edit& edit : change.edits) {
      const auto* set = std::get_if<crdt::SetKey>(&edit);
      if (set == nullptr || !set->map.empty() || set->key != domain::kRestricted) continue;
      const auto* value = set->slot ? std::get_if<crdt::Value>(&*set->slot) : nullptr;
      Json restricted = value == nullptr ? Json(nullptr) : RestrictionJson(*value);
      if (list.empty() && restricted.is_null()) continue;  // as the record began
      list.push_back(object{{"time", TimeText(change.time_s * 1000)},
                            {"organisation", change.organisation},
                            {"restricted", std::move(restricted)}});
    }
  }
  return list;
}

Result<array> RestrictedByOthers(const FoundDocument& found) {
  array names;
  const auto flag = found.open->document.Get("/" + std::string(domain::kRestricted));
  if (!flag) return names;
  const governance::Members& members = found.replica->members();
  const governance::Member* const own = members.EverByDevice(found.replica->self());
  for (const crdt::Writing& writing : flag->writings) {
    const auto* value = std::get_if<crdt::Value>(&writing.slot);
    if (value == nullptr || !domain::IsRestricted(*value)) continue;
    ASSIGN(const auto stored, found.replica->EntryOf({writing.change.bytes}));
    if (!stored) continue;  // of the open change: one's own
    const auto* member = members.EverByDevice(stored->entry.header.device);
    if (member == nullptr || (own != nullptr && member->org == own->org)) continue;
    names.emplace_back(member->name);
  }
  return names;
}

Result<void> CheckNotRestrictedByOthers(const FoundDocument& found) {
  ASSIGN(const array names, RestrictedByOthers(found));
  if (names.empty()) return {};
  return Fail(Code::kNotPermitted, "another organisation has restricted the record",
              "hint.restricted-by-other");
}

}  // namespace geflecht::api
