#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/hex.h"
#include "node/api/context.h"
#include "node/log/header.h"

namespace geflecht::api {
namespace {

constexpr std::array kCodes = {Code::kInternal,     Code::kUsage,           Code::kMalformed,
                               Code::kNotFound,     Code::kConflict,        Code::kVerification,
                               Code::kLocked,       Code::kWrongPassphrase, Code::kUnreachable,
                               Code::kNotPermitted, Code::kNotInitialised,  Code::kTooLarge,
                               Code::kCorruption,   Code::kNoSpace,         Code::kIo,
                               Code::kCaseData,     Code::kFormatVersion,   Code::kIncomplete};

int StatusOf(Code code) {
  switch (code) {
    case Code::kUsage:
    case Code::kMalformed:
      return 400;
    case Code::kNotPermitted:
    case Code::kWrongPassphrase:
      return 403;
    case Code::kNotFound:
      return 404;
    case Code::kConflict:
    case Code::kNotInitialised:
      return 409;
    case Code::kTooLarge:
      return 413;
    case Code::kVerification:
    case Code::kCaseData:
      return 422;
    case Code::kLocked:
      return 423;
    case Code::kUnreachable:
    case Code::kIncomplete:
      return 502;
    case Code::kNoSpace:
      return 507;
    case Code::kInternal:
    case Code::kCorruption:
    case Code::kIo:
    case Code::kFormatVersion:
      return 500;
  }
  return 500;
}

std::vector<std::string_view> Segments(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

std::optional<Arguments> Match(std::string_view pattern, std::string_view path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  const auto wanted = Segments(pattern);
  const auto given = Segments(path);
  if (wanted.size() != given.size()) return std::nullopt;
  Arguments arguments;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "{}") {
      arguments.emplace_back(given[i]);
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return arguments;
}

Response ProblemWith(int status, const Error& error) {
  const boost::json::object problem{{"type", "about:blank"},  {"title", CodeName(error.code)},
                                    {"status", status},       {"code", CodeName(error.code)},
                                    {"detail", error.detail}, {"hint", error.hint}};
  return {status, "application/problem+json", boost::json::serialize(problem)};
}

const std::vector<Route>& AllRoutes() {
  static const std::vector<Route> routes = [] {
    std::vector<Route> all;
    for (const auto& some : {StatusRoutes(),
                             DoctorRoutes(),
                             NetworkRoutes(),
                             InvitationRoutes(),
                             ProposalRoutes(),
                             DeviceRoutes(),
                             PersonRoutes(),
                             AgreementRoutes(),
                             SpaceRoutes(),
                             DocumentRoutes(),
                             DocumentVersionRoutes(),
                             ContactRoutes(),
                             OrganisationRoutes(),
                             PrivacyAccessRoutes(),
                             PrivacyRoutes(),
                             RetentionRoutes(),
                             RetentionOfferRoutes(),
                             PrivacyRegisterRoutes(),
                             PrivacyBreachRoutes(),
                             PrivacyLetterRoutes(),
                             PrivacyPersonRoutes(),
                             PrivacyRightsRoutes(),
                             PrivacyLogRoutes(),
                             MeetingRoutes(),
                             MinutesRoutes(),
                             TaskRoutes(),
                             SyncRoutes(),
                             AuditRoutes(),
                             BackupRoutes()})
      all.insert(all.end(), some.begin(), some.end());
    return all;
  }();
  return routes;
}

// The route of the request; `path_known` if only its method is wrong.
const Route* FindRoute(const Request& request, Arguments& arguments, bool& path_known) {
  path_known = false;
  for (const Route& route : AllRoutes()) {
    auto matched = Match(route.pattern, request.path);
    if (!matched) continue;
    path_known = true;
    if (route.method != request.method) continue;
    arguments = *std::move(matched);
    return &route;
  }
  return nullptr;
}

// What says how the node stands, and what it needs to meet a partner: none of it can be erased.
bool IsShownWhileHeldBack(std::string_view path) {
  constexpr std::array<std::string_view, 6> kPaths = {"/healthz",     "/api/v1/status",
                                                      "/api/v1/card", "/api/v1/doctor",
                                                      "/api/v1/sync", "/api/v1/open"};
  return std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end() ||
         path.starts_with("/api/v1/devices");
}

bool IsId(std::string_view text) {
  constexpr std::size_t kDigitsMin = 32;
  return text.size() >= kDigitsMin && FromHex(text).has_value();
}

std::string IdIn(const Json& from) {
  if (!from.is_object()) return {};
  for (const std::string_view key : {"document", "id", "device", "entry"})
    if (const Json* value = from.as_object().if_contains(key);
        value != nullptr && value->is_string() && IsId(value->as_string()))
      return std::string(value->as_string());
  return {};
}

// What an act was about: the id in the path, in the request, or the one that was made.
std::string ObjectOf(const Request& request, const Arguments& arguments, const Json& answer) {
  if (!arguments.empty() && IsId(arguments.front())) return arguments.front();
  boost::system::error_code failed;
  const Json body = boost::json::parse(request.body, failed);
  std::string id = failed ? std::string() : IdIn(body);
  return id.empty() ? IdIn(answer) : id;
}

bool Writes(const Route& route) { return route.method != "GET" && !route.changes_nothing; }

void NoteAct(const Route& route, const Request& request, const Arguments& arguments,
             const Json& answer, Context& context) {
  if (route.act.empty()) return;
  context.node.NoteAct(route.act, ObjectOf(request, arguments, answer), context.now.wall_ms);
  // What others do not write down leaves at once; on a full disk it leaves when there is room.
  if (!Writes(route) && !context.node.disk_full_since_ms())
    context.node.Finish(context.now, context.actions);
}

}  // namespace

bool Writes(const Request& request) {
  Arguments arguments;
  bool path_known = false;
  const Route* const route = FindRoute(request, arguments, path_known);
  return route != nullptr && Writes(*route);
}

Response Dispatch(const Request& request, Context& context) {
  Arguments arguments;
  bool path_known = false;
  if (const Route* const route = FindRoute(request, arguments, path_known)) {
    if (Writes(*route))
      if (const auto may = context.node.MayWrite(); !may) return ProblemOf(may.error());
    if (!IsShownWhileHeldBack(request.path))
      if (const auto may = context.node.MayShow(context.now); !may) return ProblemOf(may.error());
    const Answer answer = route->handler(request, arguments, context);
    if (!answer) return ProblemOf(answer.error());
    NoteAct(*route, request, arguments, *answer, context);
    return {200, "application/json", boost::json::serialize(*answer)};
  }
  constexpr int kMethodNotAllowed = 405;
  if (path_known)
    return ProblemWith(kMethodNotAllowed,
                       {Code::kUsage, "the resource does not take this method", {}});
  return ProblemOf({Code::kNotFound, "no such resource", {}});
}

Response ProblemOf(const Error& error) { return ProblemWith(StatusOf(error.code), error); }

std::optional<Error> ErrorOf(const Response& response) {
  if (response.status >= 200 && response.status < 300) return std::nullopt;
  Error error{Code::kInternal, "HTTP status " + std::to_string(response.status), {}};
  boost::system::error_code failed;
  const Json problem = boost::json::parse(response.body, failed);
  if (failed || !problem.is_object()) return error;
  const auto text = [&](std::string_view key) {
    const Json* value = problem.as_object().if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
  };
  const std::string name = text("code");
  for (const Code code : kCodes)
    if (CodeName(code) == name) error.code = code;
  error.detail = text("detail");
  error.hint = text("hint");
  return error;
}

Result<boost::json::object> JsonBody(const Request& request) {
  boost::system::error_code failed;
  Json value = boost::json::parse(request.body, failed);
  if (failed || !value.is_object()) return Fail(Code::kMalformed, "the body is no JSON object");
  return std::move(value.as_object());
}

Result<std::string> TextMember(const boost::json::object& object, std::string_view key) {
  const Json* value = object.if_contains(key);
  if (value == nullptr || !value->is_string())
    return Fail(Code::kUsage, "the member \"" + std::string(key) + "\" is missing or no text");
  return std::string(value->as_string());
}

Result<replica::Replica*> ReplicaOf(Context& context) {
  if (context.node.replica() == nullptr)
    return Fail(Code::kNotInitialised, "the directory belongs to no network yet",
                "hint.no-network");
  return context.node.replica();
}

Result<crdt::DocumentId> DocumentIdOf(std::string_view text) {
  const auto id = crdt::DocumentId::FromHexText(text);
  if (!id) return Fail(Code::kNotFound, "no document of this id", "hint.document-id");
  return *id;
}

std::string TimeText(std::int64_t wall_ms) { return log::RenderTime(wall_ms / 1000); }

}  // namespace geflecht::api
