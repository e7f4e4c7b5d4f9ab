// /api/v1/spaces: which there are, and who has a seat in them.
#include "node/api/handlers/spaces.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <numeric>

#include "node/api/handlers/document_json.h"
#include "node/api/handlers/proposal_json.h"
#include "node/governance/space.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::string_view kNetworkKind = "network";

Result<log::SpaceId> KnownSpace(std::string_view text, const replica::Replica& replica) {
  const auto id = log::SpaceId::FromHexText(text);
  if (!id || *id == replica.members().root_space() || !replica.members().Knows(*id))
    return Fail(Code::kNotFound, "no such space", "hint.no-space");
  return *id;
}

void AddHeld(object& json, const replica::Replica& replica, const log::SpaceId& space, Time now) {
  json["seat"] = SeatOf(replica, space, now);
  json["documents"] = nullptr;
  if (!replica.Knows(space)) return;
  const auto counts = replica.DocumentCounts(space);
  json["documents"] =
      std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const auto& item) { return sum + item.second; });
}

object SpaceJson(const replica::Replica& replica, const governance::SpaceState& space, Time now) {
  array members, observers;
  for (const log::OrgId& org : space.members) members.push_back(OrgJson(replica, org));
  for (const governance::Observer& one : space.observers) {
    object observer = OrgJson(replica, one.org);
    observer["until"] = governance::RenderDay(one.until);
    observers.push_back(std::move(observer));
  }
  object json{{"id", space.id.Hex()},
              {"name", space.name},
              {"kind", governance::SpaceKindName(space.kind)},
              {"proposal", space.founded_by.Hex()},
              {"members", std::move(members)},
              {"observers", std::move(observers)}};
  AddHeld(json, replica, space.id, now);
  return json;
}

object NetworkJson(const replica::Replica& replica, Time now) {
  array members;
  for (const governance::MemberState& member : replica.council().state().members)
    members.push_back(OrgJson(replica, member.org));
  object json{{"id", replica.members().network_space().Hex()},
              {"name", nullptr},
              {"kind", kNetworkKind},
              {"proposal", nullptr},
              {"members", std::move(members)},
              {"observers", array()}};
  AddHeld(json, replica, replica.members().network_space(), now);
  return json;
}

Answer ListSpaces(const Request&, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  array spaces{NetworkJson(*replica, context.now)};
  for (const governance::SpaceState& space : replica->members().spaces())
    spaces.push_back(SpaceJson(*replica, space, context.now));
  return object{{"spaces", std::move(spaces)}};
}

}  // namespace

std::string_view SeatOf(const replica::Replica& replica, const log::SpaceId& space, Time now) {
  constexpr std::int64_t kMs = 1000;
  if (replica.MayWriteIn(space)) return "member";
  if (replica.members().MayServe(replica.self(), space, now.wall_ms / kMs)) return "observer";
  return replica.Knows(space) ? "former" : "none";
}

void AddSpace(object& json, replica::Replica& replica, const crdt::DocumentId& id) {
  const log::SpaceId space = replica.SpaceOf(id);
  AddSpace(json, replica, space);
}

void AddSpace(object& json, const replica::Replica& replica, const log::SpaceId& space) {
  json["space"] = nullptr;
  json["space_name"] = nullptr;
  if (space == replica.members().network_space()) return;
  json["space"] = space.Hex();
  if (const auto* const known = replica.members().FindSpace(space))
    json["space_name"] = known->name;
}

Result<std::optional<log::SpaceId>> SpaceMember(const object& body,
                                                const replica::Replica& replica) {
  const Json* const member = body.if_contains("space");
  if (member == nullptr || member->is_null()) return std::optional<log::SpaceId>();
  ASSIGN(const std::string text, TextMember(body, "space"));
  ASSIGN(const log::SpaceId space, KnownSpace(text, replica));
  return std::optional(space);
}

Result<std::optional<log::SpaceId>> SpaceOfQuery(const Request& request,
                                                 const replica::Replica& replica) {
  const auto it = request.query.find("space");
  if (it == request.query.end()) return std::optional<log::SpaceId>();
  ASSIGN(const log::SpaceId space, KnownSpace(it->second, replica));
  return std::optional(space);
}

std::vector<Route> SpaceRoutes() { return {{"GET", "/api/v1/spaces", ListSpaces}}; }

}  // namespace geflecht::api
