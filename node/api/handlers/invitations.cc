// /api/v1/network/invitations: giving out invitations. /api/v1/network/entry: following one.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/context.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::int64_t kDayS = 24 * 3600;
constexpr std::int64_t kValidSMax = 90 * kDayS;

std::string_view StateName(core::InvitationState state) {
  switch (state) {
    case core::InvitationState::kOpen:
      return "open";
    case core::InvitationState::kUsed:
      return "used";
    case core::InvitationState::kExpired:
      return "expired";
    case core::InvitationState::kClosed:
      return "closed";
  }
  return {};
}

// Whom the card of a used invitation names; null members for others. Never the digits: they are to
// be heard from the other side.
object InvitationJson(const core::Invitation& invitation, Time now) {
  object json{{"id", invitation.id().Hex()},
              {"state", StateName(invitation.StateAt(now.wall_ms / 1000))},
              {"expires", TimeText(invitation.expires_s * 1000)},
              {"organisation", nullptr},
              {"org", nullptr},
              {"used", nullptr}};
  const auto card = log::ParseProvenCard(invitation.card);
  if (!card) return json;
  json["organisation"] = card->card.organisation;
  json["org"] = card->card.org().Hex();
  json["used"] = TimeText(invitation.used_s * 1000);
  return json;
}

Result<std::vector<std::string>> AddressesOf(const object& body, const Context& context) {
  std::vector<std::string> addresses;
  const auto bad = [] { return Fail(Code::kUsage, "an address is HOST:PORT", "hint.address"); };
  if (const Json* given = body.if_contains("addresses"); given != nullptr && given->is_array())
    for (const Json& item : given->as_array()) {
      if (!item.is_string()) return bad();
      addresses.emplace_back(item.as_string());
    }
  if (addresses.empty() && context.listening) {
    // Where everybody can connect is no address that anybody can dial.
    const std::string& own = *context.listening;
    const bool nowhere = own.starts_with("0.0.0.0:") || own.starts_with("[::]:");
    if (!nowhere) addresses.push_back(own);
  }
  if (addresses.empty()) return Fail(Code::kUsage, "no address to dial", "hint.invitation-address");
  if (addresses.size() > core::kJoinAddressesMax)
    return Fail(Code::kUsage, "more than 4 addresses", "hint.invitation-address");
  for (const std::string& address : addresses) {
    const std::size_t colon = address.rfind(':');
    const bool printable =
        std::all_of(address.begin(), address.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (colon == std::string::npos || colon == 0 || colon + 1 == address.size() || !printable ||
        address.size() > core::kJoinAddressBytesMax)
      return bad();
  }
  return addresses;
}

// POST {valid_s, addresses?: [text]} -> an invitation and {link, addresses}. Without addresses the
// one that the node listens at.
Answer Invite(const Request& request, const Arguments&, Context& context) {
  TRY(ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  const Json* valid = body.if_contains("valid_s");
  if (valid == nullptr || !valid->is_int64() || valid->as_int64() < 1 ||
      valid->as_int64() > kValidSMax)
    return Fail(Code::kUsage, "valid_s is 1 second to 90 days", "hint.invitation-valid");
  ASSIGN(const std::vector<std::string> addresses, AddressesOf(body, context));
  ASSIGN(const core::JoinLink link, context.node.Invite(addresses, valid->as_int64(), context.now));
  const core::Invitation* made = context.node.invitations().Find(core::JoinIdOf(link.secret));
  object json = InvitationJson(*made, context.now);
  json["link"] = core::RenderJoinLink(link);
  array list;
  for (const std::string& address : addresses) list.push_back(Json(address));
  json["addresses"] = std::move(list);
  return json;
}

Answer ListInvitations(const Request&, const Arguments&, Context& context) {
  TRY(ReplicaOf(context));
  array list;
  for (const core::Invitation& invitation : context.node.invitations().all())
    list.push_back(InvitationJson(invitation, context.now));
  return object{{"invitations", std::move(list)}};
}

Result<core::JoinId> InvitationIdOf(std::string_view text) {
  const auto id = core::JoinId::FromHexText(text);
  if (!id) return Fail(Code::kNotFound, "no invitation of this id", "hint.no-invitation");
  return *id;
}

Answer Withdraw(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(const core::JoinId id, InvitationIdOf(arguments.at(0)));
  TRY(context.node.WithdrawInvitation(id));
  return object{{"id", id.Hex()}};
}

std::string DigitsIn(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits.push_back(c);
  return digits;
}

// POST {digits} -> {organisation, org, card}: the digits that the other side reads out are those of
// this side. kVerification if not.
Answer Compare(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const core::JoinId id, InvitationIdOf(arguments.at(0)));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string typed, TextMember(body, "digits"));
  const core::Invitation* invitation = context.node.invitations().Find(id);
  if (invitation == nullptr)
    return Fail(Code::kNotFound, "no invitation of this id", "hint.no-invitation");
  if (invitation->card.empty())
    return Fail(Code::kConflict, "nobody has used the invitation", "hint.invitation-unused");
  if (DigitsIn(typed) != DigitsIn(invitation->digits))
    return Fail(Code::kVerification, "other digits", "hint.digits-differ");
  ASSIGN(const log::ProvenCard card, log::ParseProvenCard(invitation->card));
  return object{{"organisation", card.card.organisation},
                {"org", card.card.org().Hex()},
                {"card", invitation->card}};
}

// POST {link} -> {address}
Answer Follow(const Request& request, const Arguments&, Context& context) {
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string text, TextMember(body, "link"));
  ASSIGN(core::JoinLink link, core::ParseJoinLink(text));
  if (link.expires_s <= context.now.wall_ms / 1000)
    return Fail(Code::kNotPermitted, "the invitation has expired", "hint.join-expired");
  std::string card = log::RenderProvenCard(log::ProveCard(context.card, context.device_key));
  TRY(context.node.FollowInvitation(std::move(link), std::move(card), context.now,
                                    context.actions));
  return object{{"address", context.node.newcomer()->address()}};
}

// GET -> {state: connecting|invited|failed, address, digits, name, network, members[]}, or the
// error of one that failed.
Answer EntryState(const Request&, const Arguments&, Context& context) {
  const core::Newcomer* newcomer = context.node.newcomer();
  if (newcomer == nullptr)
    return Fail(Code::kNotFound, "no invitation is being followed", "hint.join-unfinished");
  if (newcomer->state() == core::Newcomer::State::kFailed)
    return tl::unexpected(*newcomer->error());
  const bool invited = newcomer->state() == core::Newcomer::State::kInvited;
  object json{{"state", invited ? "invited" : "connecting"},
              {"address", newcomer->address()},
              {"network", newcomer->link().network.Hex()},
              {"name", nullptr},
              {"digits", nullptr}};
  if (!invited) return json;
  json["name"] = newcomer->founding().text.name;
  json["digits"] = newcomer->digits();
  array founders;
  for (const log::Card& card : newcomer->founding().text.founders)
    founders.push_back(Json(card.organisation));
  json["founders"] = std::move(founders);
  return json;
}

// POST {} -> {network, name}
Answer Accept(const Request&, const Arguments&, Context& context) {
  TRY(context.node.JoinAsInvited(context.now, context.actions));
  const log::Founding& founding = context.node.newcomer()->founding();
  return object{{"network", founding.network().Hex()}, {"name", founding.text.name}};
}

}  // namespace

std::vector<Route> InvitationRoutes() {
  return {Noted("invite", {"POST", "/api/v1/network/invitations", Invite}),
          {"GET", "/api/v1/network/invitations", ListInvitations},
          Noted("invite-withdraw", {"POST", "/api/v1/network/invitations/{}/withdraw", Withdraw}),
          {"POST", "/api/v1/network/invitations/{}/compare", Compare, true},
          {"POST", "/api/v1/network/entry", Follow, true},
          {"GET", "/api/v1/network/entry", EntryState},
          Noted("join", {"POST", "/api/v1/network/entry/accept", Accept})};
}

}  // namespace geflecht::api
