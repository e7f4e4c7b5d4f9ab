// /api/v1/sync: connect to a partner and follow the exchange.
#include <boost/json/object.hpp>

#include "node/api/context.h"

namespace geflecht::api {
namespace {

using boost::json::object;

// POST {address}: cuts what is open and connects now. On a full disk nothing is cut; what is
// durable can still be handed on.
Answer StartSync(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string address, TextMember(body, "address"));
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == address.size())
    return Fail(Code::kUsage, "an address is HOST:PORT", "hint.address");
  if (context.node.MayWrite()) TRY(replica->CutAll(context.now));
  context.node.Connect(address, /*keep=*/false, context.now, context.actions);
  return object{{"address", address}};
}

// GET ?address= -> {state: connecting|exchanging|equal|failed, sent, received, to_send, error?}.
Answer SyncState(const Request& request, const Arguments&, Context& context) {
  TRY(ReplicaOf(context));
  const auto wanted = request.query.find("address");
  if (wanted == request.query.end()) return Fail(Code::kUsage, "the address is missing");
  const auto& peers = context.node.peer_book().all();
  const auto peer = peers.find(wanted->second);
  if (peer == peers.end()) return Fail(Code::kNotFound, "nobody connects to this address");
  object state{{"address", wanted->second},
               {"state", "connecting"},
               {"sent", 0},
               {"received", 0},
               {"to_send", 0}};
  for (const core::SessionState& session : context.node.sessions()) {
    const bool same = session.address == wanted->second && !session.incoming;
    const bool same_device = peer->second.device && session.device == peer->second.device;
    if (!session.established || !(same || same_device)) continue;
    state["state"] = session.all_equal ? "equal" : "exchanging";
    state["sent"] = session.sent;
    state["received"] = session.received;
    state["to_send"] = session.to_send;
    return state;
  }
  if (peer->second.state == core::DialState::kWaiting && peer->second.last_error) {
    state["state"] = "failed";
    state["error"] = peer->second.last_error->detail;
  }
  return state;
}

}  // namespace

std::vector<Route> SyncRoutes() {
  return {{"POST", "/api/v1/sync", StartSync, true}, {"GET", "/api/v1/sync", SyncState}};
}

}  // namespace geflecht::api
