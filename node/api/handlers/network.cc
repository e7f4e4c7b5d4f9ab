// /api/v1/network: the founding, members, leaving.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>

#include "base/limits.h"
#include "node/api/context.h"
#include "node/api/handlers/charter_json.h"
#include "node/api/handlers/network_terms.h"
#include "node/api/handlers/proposal_json.h"
#include "node/log/name.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

// POST {name, cards: [text], purpose?, review?, offline_days?, rules?, points?} -> {network,
// founders, rules, draft}. The own card is added if it is not among them.
Answer Draft(const Request& request, const Arguments&, Context& context) {
  ASSIGN(const object body, JsonBody(request));
  log::CharterText text;
  ASSIGN(const std::string name, TextMember(body, "name"));
  ASSIGN(text.name, log::ToName(name));
  const Json* cards = body.if_contains("cards");
  if (cards == nullptr || !cards->is_array())
    return Fail(Code::kUsage, "the member \"cards\" is missing or no list");
  if (cards->as_array().size() > limits::kFoundersMax)
    return Fail(Code::kTooLarge, "more founders than a charter can name");
  for (const Json& card : cards->as_array()) {
    if (!card.is_string()) return Fail(Code::kUsage, "a card is no text");
    ASSIGN(log::ProvenCard proven, log::ParseProvenCard(std::string_view(card.as_string())));
    text.founders.push_back(std::move(proven.card));
  }
  const auto own = std::find(text.founders.begin(), text.founders.end(), context.card);
  if (own == text.founders.end()) text.founders.push_back(context.card);
  TRY(ReadTerms(body, text));
  ASSIGN(const log::Founding founding,
         log::DraftFounding(text, context.device_key, context.random.Make<log::LifeId>(),
                            context.now.wall_ms / 1000, context.random));
  return object{{"network", founding.network().Hex()},
                {"founders", text.founders.size()},
                {"rules", RuleLinesJson(text)},
                {"draft", log::RenderFounding(founding)}};
}

// POST {founding: text, admitted: bool} -> {network, name}.
Answer Join(const Request& request, const Arguments&, Context& context) {
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string text, TextMember(body, "founding"));
  ASSIGN(const log::Founding founding, log::ParseFounding(text));
  if (!founding.Missing().empty())
    return Fail(Code::kNotPermitted,
                std::to_string(founding.Missing().size()) + " founders have not signed yet",
                "hint.founders-missing");
  const Json* admitted = body.if_contains("admitted");
  if (admitted != nullptr && !admitted->is_bool())
    return Fail(Code::kUsage, "the member \"admitted\" is neither true nor false");
  TRY(context.node.Join(founding, admitted != nullptr && admitted->get_bool(), context.now,
                        context.actions));
  return object{{"network", founding.network().Hex()}, {"name", founding.text.name}};
}

array RolesJson(const governance::State& state, const log::OrgId& org) {
  array roles;
  for (const auto& [holder, role] : state.roles)
    if (holder == org) roles.push_back(Json(role));
  return roles;
}

// Organisations that had a device once and are no members now.
array FormerJson(const replica::Replica& replica) {
  const governance::State& state = replica.council().state();
  std::set<log::OrgId> former;
  for (const governance::OrgDevice& device : state.deprived)
    if (state.Member(device.org) == nullptr) former.insert(device.org);
  array list;
  for (const log::OrgId& org : former) list.push_back(OrgJson(replica, org));
  return list;
}

// Members in the order of their ids, one for each device.
Answer Members(const Request&, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const governance::State& state = replica->council().state();
  array members;
  for (const governance::Member& member : replica->members().all())
    members.push_back(object{{"organisation", member.name},
                             {"org", member.org.Hex()},
                             {"root_key", member.root_key.Hex()},
                             {"device", member.device.Hex()},
                             {"active", member.active},
                             {"roles", RolesJson(state, member.org)},
                             {"self", member.device == replica->self()}});
  return object{{"network", replica->members().network().Hex()},
                {"name", replica->founding().text.name},
                {"members", std::move(members)},
                {"former", FormerJson(*replica)}};
}

Answer Rules(const Request&, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(object terms, TermsInForce(*replica, context.now));
  return terms;
}

// POST {} -> {entry, version}: the own organisation knows the rules as they are now.
Answer Acknowledge(const Request&, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const governance::Member* own = replica->members().ByDevice(replica->self());
  if (own == nullptr)
    return Fail(Code::kNotPermitted, "this device is no member's", "hint.no-member");
  const CharterStand stand = CharterOf(*replica);
  const auto known = stand.known.find(own->org);
  if (known != stand.known.end() && known->second == stand.versions.size())
    return Fail(Code::kConflict, "the version is known", "hint.acknowledged");
  ASSIGN(const log::EntryId entry, replica->Acknowledge(stand.versions.back().about, context.now));
  return object{{"entry", entry.Hex()}, {"version", stand.versions.size()}};
}

// POST {} -> {entry, network, name, organisation}
Answer LeaveNetwork(const Request&, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const governance::Member* own = replica->members().ByDevice(replica->self());
  if (own == nullptr)
    return Fail(Code::kNotPermitted, "this device is no member's", "hint.no-member");
  const std::string name = own->name;
  ASSIGN(const log::EntryId entry, replica->Leave(context.now));
  return object{{"entry", entry.Hex()},
                {"network", replica->founding().network().Hex()},
                {"name", replica->founding().text.name},
                {"organisation", name}};
}

// POST {} -> {entry, network, name}: proposes to close what has been decided.
Answer SealNetwork(const Request&, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const log::EntryId entry, replica->ProposeSeal(context.now));
  return object{{"entry", entry.Hex()},
                {"network", replica->founding().network().Hex()},
                {"name", replica->founding().text.name}};
}

}  // namespace

std::vector<Route> NetworkRoutes() {
  return {{"POST", "/api/v1/network/draft", Draft, true},
          Noted("join", {"POST", "/api/v1/network/join", Join}),
          Noted("leave", {"POST", "/api/v1/network/leave", LeaveNetwork}),
          {"POST", "/api/v1/network/seal", SealNetwork},
          {"POST", "/api/v1/network/acknowledge", Acknowledge},
          {"GET", "/api/v1/network/members", Members},
          {"GET", "/api/v1/network/rules", Rules}};
}

}  // namespace geflecht::api
