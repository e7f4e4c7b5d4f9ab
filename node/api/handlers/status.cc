// GET /api/v1/status, /api/v1/card, /healthz; POST /api/v1/open.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/context.h"
#include "node/api/handlers/charter_json.h"
#include "node/api/handlers/retention_json.h"
#include "node/api/handlers/version.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::int64_t kBackupDays = 30;  // then another one is due

// Partners that have confirmed everything this node holds, of all partners.
object PartnersOf(const core::Node& node, const replica::Replica& replica) {
  const std::uint64_t held = replica.Log(replica.members().network_space()).durable_arrival();
  std::int64_t stored = 0;
  std::int64_t last_ms = 0;
  array partners;
  for (const governance::Member& member : replica.members().all()) {
    if (member.device == replica.self()) continue;
    object partner{{"organisation", member.name},
                   {"device", member.device.Hex()},
                   {"connected", false},
                   {"equal", false},
                   {"stored", false},
                   {"confirmed_at", nullptr}};
    const auto it = node.confirmations().find(member.device);
    if (it != node.confirmations().end() && it->second.wall_ms > 0) {
      const bool all = it->second.arrival >= held;
      stored += all ? 1 : 0;
      partner["stored"] = all;
      partner["confirmed_at"] = TimeText(it->second.wall_ms);
      last_ms = std::max(last_ms, it->second.wall_ms);
    }
    for (const core::SessionState& session : node.sessions()) {
      if (session.device != member.device || !session.established) continue;
      partner["connected"] = true;
      partner["equal"] = session.all_equal;
    }
    partners.push_back(std::move(partner));
  }
  const auto total = static_cast<std::int64_t>(partners.size());
  return {{"stored", stored},
          {"of", total},
          {"last_confirmed", last_ms > 0 ? Json(TimeText(last_ms)) : Json(nullptr)},
          {"list", std::move(partners)}};
}

// Devices that wrote one position twice: most often a copied directory or a restored backup.
array ForksOf(const replica::Replica& replica) {
  const replica::SpaceLog& log = replica.Log(replica.members().network_space());
  array forks;
  for (const log::FeedKey& feed : log.ForkedFeeds()) {
    const governance::Member* member = replica.members().EverByDevice(feed.device);
    forks.push_back(object{{"organisation", member != nullptr ? Json(member->name) : Json(nullptr)},
                           {"device", feed.device.Hex()},
                           {"life", feed.life.Hex()},
                           {"branches", log.BranchCount(feed)}});
  }
  return forks;
}

// How old the newest backup is. Its content is only as good as its age.
void AddBackup(const Context& context, object& status) {
  constexpr std::int64_t kDayMs = 24 * 3600 * 1000;
  const auto made_ms = context.node.backup_ms();
  status["backup"] = made_ms ? Json(TimeText(*made_ms)) : Json(nullptr);
  status["backup_days"] = nullptr;
  if (made_ms)
    status["backup_days"] = std::max<std::int64_t>(0, context.now.wall_ms - *made_ms) / kDayMs;
  status["backup_due"] = !made_ms || context.now.wall_ms - *made_ms > kBackupDays * kDayMs;
}

// Why nothing is shown, and whether a person has opened the node in spite of it.
void AddHolding(Context& context, object& status) {
  static_cast<void>(context.node.MayShow(context.now));  // looks at the clock
  const core::Holding& holding = context.node.holding();
  const bool offline = holding.why() == core::Holding::Why::kOffline;
  status["held_back"] = holding.is_held() ? Json(offline ? "offline" : "restored") : Json(nullptr);
  const auto time = [](const std::optional<std::int64_t>& wall_ms) {
    return wall_ms ? Json(TimeText(*wall_ms)) : Json(nullptr);
  };
  status["held_back_since"] = time(holding.since_ms());
  status["opened_by_hand"] = time(holding.opened_by_hand_ms());
}

// POST {without_erasures: true}: shows what others may have erased.
Answer Open(const Request& request, const Arguments&, Context& context) {
  TRY(ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  const Json* const agreed = body.if_contains("without_erasures");
  if (agreed == nullptr || !agreed->is_bool() || !agreed->as_bool())
    return Fail(Code::kUsage, "the member \"without_erasures\" is not true");
  TRY(context.node.OpenWithoutErasures(context.now, context.actions));
  return object{{"opened_by_hand", TimeText(context.now.wall_ms)}};
}

Answer Status(const Request&, const Arguments&, Context& context) {
  object status{{"version", kVersion},
                {"organisation", context.card.organisation},
                {"org", context.card.org().Hex()},
                {"device", context.card.device.Hex()},
                {"locked", false},
                {"listening", context.listening ? Json(*context.listening) : Json(nullptr)},
                {"disk_full", context.node.disk_full_since_ms().has_value()},
                {"disk_full_since", nullptr},
                {"network", nullptr}};
  if (const auto since_ms = context.node.disk_full_since_ms())
    status["disk_full_since"] = TimeText(*since_ms);
  AddBackup(context, status);
  AddHolding(context, status);
  replica::Replica* replica = context.node.replica();
  if (replica == nullptr) return status;
  status["network"] = object{{"id", replica->members().network().Hex()},
                             {"name", replica->founding().text.name},
                             {"members", replica->members().all().size()}};
  status["rules"] = CharterSummary(*replica, context.now);
  ASSIGN(status["retention"], RetentionStatus(context));
  ASSIGN(const std::uint64_t conflicts, replica->CountConflicts());
  const replica::SpaceLog& log = replica->Log(replica->members().network_space());
  std::uint64_t documents = 0;
  std::uint64_t contacts = 0;
  for (const auto& [type, count] : replica->DocumentCounts()) {
    documents += count;
    if (type == "contact") contacts = count;
  }
  status["documents"] = documents;
  status["contacts"] = contacts;
  status["conflicts"] = conflicts;
  status["entries"] = log.last_arrival();
  status["waiting_entries"] = replica->pending_entries();
  status["missing_bodies"] = log.missing_bodies();
  status["forks"] = ForksOf(*replica);
  status["lives_used_up"] = replica->LivesUsedUp();
  status["partners"] = PartnersOf(context.node, *replica);
  return status;
}

Answer Card(const Request&, const Arguments&, Context& context) {
  return object{{"organisation", context.card.organisation},
                {"org", context.card.org().Hex()},
                {"root_key", context.card.root_key.Hex()},
                {"device", context.card.device.Hex()},
                {"card", log::RenderProvenCard(log::ProveCard(context.card, context.device_key))}};
}

Answer Health(const Request&, const Arguments&, Context&) { return object{{"ok", true}}; }

}  // namespace

std::vector<Route> StatusRoutes() {
  return {{"GET", "/api/v1/status", Status},
          {"GET", "/api/v1/card", Card},
          Noted("open-by-hand", {"POST", "/api/v1/open", Open}),
          {"GET", "/healthz", Health}};
}

}  // namespace geflecht::api
