// /api/v1/devices: the devices of the network's organisations.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/context.h"
#include "node/api/handlers/proposal_json.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

object DeviceJson(const replica::Replica& replica, const governance::OrgDevice& device,
                  bool entitled) {
  const governance::Member* own = replica.members().ByDevice(replica.self());
  object json = OrgJson(replica, device.org);
  json["device"] = device.device.Hex();
  json["entitled"] = entitled;
  json["own"] = own != nullptr && own->org == device.org;
  json["self"] = device.device == replica.self();
  return json;
}

Answer ListDevices(const Request&, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const governance::State& state = replica->council().state();
  array devices;
  for (const governance::OrgDevice& device : state.devices)
    devices.push_back(DeviceJson(*replica, device, true));
  for (const governance::OrgDevice& device : state.deprived)
    devices.push_back(DeviceJson(*replica, device, false));
  return object{{"devices", std::move(devices)}};
}

// The member whose root key has signed the card, whatever its id: a re-keyed one keeps its own.
log::OrgId OrgOfCard(const governance::State& state, const log::Card& card) {
  for (const governance::MemberState& member : state.members)
    if (member.root == card.root_key) return member.org;
  return card.org();
}

// POST {card, org?} -> {entry, organisation, org, device}
Answer AddDeviceOfCard(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string text, TextMember(body, "card"));
  auto card = log::ParseProvenCard(text);
  if (!card) return Fail(card.error().code, card.error().detail, "hint.no-card");
  if (replica->members().ByDevice(card->card.device) != nullptr)
    return Fail(Code::kConflict, "the device is a member's already", "hint.is-device");
  governance::DeviceAddBody add{OrgOfCard(replica->council().state(), card->card),
                                *std::move(card)};
  if (const Json* org = body.if_contains("org")) {
    const auto id = org->is_string() ? log::OrgId::FromHexText(std::string_view(org->as_string()))
                                     : std::nullopt;
    if (!id) return Fail(Code::kUsage, "no organisation's id", "hint.subject-no-member");
    add.org = *id;
  }
  ASSIGN(const log::EntryId entry, replica->AddDevice(add, context.now));
  object json = OrgJson(*replica, add.org);
  json["device"] = add.card.card.device.Hex();
  json["entry"] = entry.Hex();
  return json;
}

// POST {device} -> {entry, organisation, org, device}
Answer RevokeOwnDevice(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string text, TextMember(body, "device"));
  const auto device = log::DeviceId::FromHexText(text);
  if (!device) return Fail(Code::kNotFound, "no key of a device", "hint.no-own-device");
  const governance::Member* member = replica->members().ByDevice(*device);
  object json = member == nullptr ? object() : OrgJson(*replica, member->org);
  ASSIGN(const log::EntryId entry, replica->RevokeDevice(*device, context.now));
  json["device"] = device->Hex();
  json["entry"] = entry.Hex();
  return json;
}

}  // namespace

std::vector<Route> DeviceRoutes() {
  return {{"GET", "/api/v1/devices", ListDevices},
          Noted("device-add", {"POST", "/api/v1/devices", AddDeviceOfCard}),
          Noted("device-revoke", {"POST", "/api/v1/devices/revoke", RevokeOwnDevice})};
}

}  // namespace geflecht::api
