#include "node/api/audit_input.h"

#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace geflecht::api {
namespace {

// Arrivals that are read at once.
constexpr std::size_t kStretch = 1024;

Result<void> CollectSpace(const replica::SpaceLog& log, audit::ExportInput& input) {
  std::map<log::FeedKey, audit::ExportInput::Feed> feeds;
  // Only what is durable leaves the node; and it is closed under causes, being a stretch of
  // arrivals.
  for (std::uint64_t from = 1; from <= log.durable_arrival();) {
    ASSIGN(const auto stretch, log.Arrivals(from, kStretch));
    if (stretch.empty()) return Fail(Code::kCorruption, "the order of arrival has a gap");
    for (const codec::StoredEntry& stored : stretch) {
      if (stored.arrival > log.durable_arrival()) break;
      ASSIGN(auto body, log.BodyOf(stored));
      audit::ExportInput::Feed& feed = feeds[stored.feed()];
      feed.key = stored.entry.header.feed();
      feed.entries.push_back(stored.entry);
      feed.bodies.push_back(std::move(body));
    }
    from = stretch.back().arrival + 1;
  }
  // A branch has a higher number than the one that it leaves, so each follows what it stands on.
  for (auto& [key, feed] : feeds) {
    if (input.feeds.empty() || input.feeds.back().key != feed.key) {
      input.feeds.push_back(std::move(feed));
      continue;
    }
    audit::ExportInput::Feed& first = input.feeds.back();
    std::move(feed.entries.begin(), feed.entries.end(), std::back_inserter(first.entries));
    std::move(feed.bodies.begin(), feed.bodies.end(), std::back_inserter(first.bodies));
  }
  return {};
}

}  // namespace

Result<audit::ExportInput> CollectExport(const replica::Replica& replica,
                                         const std::vector<log::SpaceId>& spaces) {
  audit::ExportInput input{replica.founding(), {}};
  TRY(CollectSpace(replica.Log(replica.members().root_space()), input));
  TRY(CollectSpace(replica.Log(replica.members().network_space()), input));
  const std::set<log::SpaceId> named(spaces.begin(), spaces.end());
  for (const log::SpaceId& space : named)
    if (replica.members().FindSpace(space) != nullptr && replica.Knows(space))
      TRY(CollectSpace(replica.Log(space), input));
  return input;
}

}  // namespace geflecht::api
