// What a handler of the local interface works on. One set of handlers serves the node's socket and
// the command line's own process.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/api/http.h"
#include "node/core/node.h"
#include "node/crypto/sealed_box.h"
#include "node/log/card.h"

namespace geflecht::api {

class PersonReadings;

struct Context {
  core::Node& node;
  const store::Store& store;  // what is durable
  Time now;
  core::Actions& actions;  // the answer leaves when what stands here is on the disk
  const log::Card& card;
  Random& random;
  const crypto::SigningKey& device_key;
  PersonReadings& person_readings;
  std::optional<std::string> listening;
  // The device's secrets, sealed to a key: what a backup holds of them.
  std::function<Result<Bytes>(const crypto::BoxKey&)> seal_device_keys;
};

using Json = boost::json::value;
using Arguments = std::vector<std::string>;  // of the path's {placeholders}, in order

// An answer as JSON, or an error that becomes problem+json (RFC 9457).
using Answer = Result<Json>;
using HandlerFunction = Answer (*)(const Request&, const Arguments&, Context&);

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/api/v1/documents/{}"
  HandlerFunction handler;
  bool changes_nothing = false;  // of what is stored; GET never does
  std::string_view act = {};     // as the record of administrative acts calls it; "" if it is none
};
// A route whose requests go into the record of administrative acts (docs/formats/acts.md).
inline Route Noted(std::string_view act, Route route) {
  route.act = act;
  return route;
}

// The routes of one resource each (handlers/*.cc).
std::vector<Route> StatusRoutes();
std::vector<Route> DoctorRoutes();
std::vector<Route> NetworkRoutes();
std::vector<Route> InvitationRoutes();
std::vector<Route> ProposalRoutes();
std::vector<Route> DeviceRoutes();
std::vector<Route> PersonRoutes();
std::vector<Route> AgreementRoutes();
std::vector<Route> SpaceRoutes();
std::vector<Route> PrivacyRoutes();
std::vector<Route> RetentionRoutes();
std::vector<Route> RetentionOfferRoutes();
std::vector<Route> DocumentRoutes();
std::vector<Route> DocumentVersionRoutes();
std::vector<Route> ContactRoutes();
std::vector<Route> OrganisationRoutes();
std::vector<Route> PrivacyAccessRoutes();
std::vector<Route> PrivacyRegisterRoutes();
std::vector<Route> PrivacyBreachRoutes();
std::vector<Route> PrivacyLetterRoutes();
std::vector<Route> PrivacyPersonRoutes();
std::vector<Route> PrivacyRightsRoutes();
std::vector<Route> PrivacyLogRoutes();
std::vector<Route> MeetingRoutes();
std::vector<Route> MinutesRoutes();
std::vector<Route> TaskRoutes();
std::vector<Route> SyncRoutes();
std::vector<Route> AuditRoutes();
std::vector<Route> BackupRoutes();

// Finds the route and calls its handler. 404 without a route, 405 for another method.
Response Dispatch(const Request& request, Context& context);

// Whether the request may change what is stored. Such a request is refused while the disk is full.
bool Writes(const Request& request);

// problem+json with `code`, `detail` and `hint`; and what a client reads from it.
Response ProblemOf(const Error& error);
std::optional<Error> ErrorOf(const Response& response);

// ---- for handlers
// The request's body as a JSON object; kMalformed otherwise.
Result<boost::json::object> JsonBody(const Request& request);
// A text member; kUsage if it is missing or no text.
Result<std::string> TextMember(const boost::json::object& object, std::string_view key);
// The replica, or kNotInitialised while the directory belongs to no network.
Result<replica::Replica*> ReplicaOf(Context& context);
Result<crdt::DocumentId> DocumentIdOf(std::string_view text);
// Seconds or milliseconds since 1970 as "YYYY-MM-DDThh:mm:ssZ".
std::string TimeText(std::int64_t wall_ms);

}  // namespace geflecht::api
