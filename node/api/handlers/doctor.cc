// GET /api/v1/doctor: what only an open directory can say about itself. Reads the whole store.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/context.h"
#include "node/replica/check_log.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t kChunk = 1'000;

// The oldest own entry that no partner has confirmed.
Result<Json> OldestUnconfirmed(const core::Node& node, const replica::Replica& replica) {
  std::uint64_t confirmed = 0;
  for (const auto& [device, confirmation] : node.confirmations())
    confirmed = std::max(confirmed, confirmation.arrival);
  const replica::SpaceLog& log = replica.Log(replica.members().network_space());
  for (std::uint64_t next = confirmed + 1; next <= log.last_arrival();) {
    ASSIGN(const auto stored, log.Arrivals(next, kChunk));
    if (stored.empty()) break;
    for (const codec::StoredEntry& item : stored)
      if (item.entry.header.device == replica.self()) return Json(item.entry.header.time_s);
    next = stored.back().arrival + 1;
  }
  return Json(nullptr);
}

array PartnersOf(const core::Node& node, const replica::Replica& replica) {
  array partners;
  const auto sessions = node.sessions();
  for (const governance::Member& member : replica.members().all()) {
    if (member.device == replica.self()) continue;
    object partner{{"organisation", member.name}, {"connected", false}, {"confirmed_s", nullptr}};
    for (const core::SessionState& session : sessions)
      if (session.established && session.device == member.device) partner["connected"] = true;
    const auto it = node.confirmations().find(member.device);
    if (it != node.confirmations().end() && it->second.wall_ms > 0)
      partner["confirmed_s"] = it->second.wall_ms / 1000;
    partners.push_back(std::move(partner));
  }
  return partners;
}

Answer Doctor(const Request&, const Arguments&, Context& context) {
  object answer{{"listening", context.listening ? Json(*context.listening) : Json(nullptr)},
                {"disk_full", context.node.disk_full_since_ms().has_value()},
                {"held_back", !context.node.MayShow(context.now).has_value()},
                {"newest_entry_s", nullptr},
                {"oldest_unconfirmed_s", nullptr},
                {"last_dial_error", nullptr},
                {"backup_s", nullptr},
                {"partners", array()}};
  if (const auto made_ms = context.node.backup_ms()) answer["backup_s"] = *made_ms / 1000;
  for (const auto& [address, peer] : context.node.peer_book().all())
    if (peer.last_error) answer["last_dial_error"] = address + ": " + peer.last_error->detail;
  replica::LogCheck check;
  if (const replica::Replica* replica = context.node.replica()) {
    check = replica::CheckLogs(context.store, replica->members());
    answer["partners"] = PartnersOf(context.node, *replica);
    if (check.newest_s) answer["newest_entry_s"] = *check.newest_s;
    if (auto oldest = OldestUnconfirmed(context.node, *replica))
      answer["oldest_unconfirmed_s"] = *oldest;
  }
  array problems;
  if (const auto files = context.store.VerifyFiles(); !files) {
    ++check.problem_count;
    problems.emplace_back(files.error().detail);
  }
  for (const std::string& problem : check.problems) problems.emplace_back(problem);
  answer["store"] = object{{"entries", check.entries},
                           {"bodies", check.bodies},
                           {"documents", check.documents},
                           {"drafts", check.drafts},
                           {"problem_count", check.problem_count},
                           {"problems", std::move(problems)}};
  return answer;
}

}  // namespace

std::vector<Route> DoctorRoutes() { return {{"GET", "/api/v1/doctor", Doctor}}; }

}  // namespace geflecht::api
