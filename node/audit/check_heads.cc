// Feeds against what the auditor kept of an earlier audit.
#include <algorithm>

#include "node/audit/examination.h"
#include "node/log/merkle.h"

namespace geflecht::audit {
namespace {

// Ends of branches that are looked at; a feed with more than one is a proven fork anyway.
constexpr std::size_t kEndsMax = 16;

// The ids of the entries from seq 0 to `end` (an index of the feed), or nothing if one is missing.
std::vector<crypto::Hash256> LeavesTo(const Examination& exam, const FoundFeed& feed,
                                      std::size_t end) {
  std::vector<crypto::Hash256> leaves;
  for (std::optional<Place> place = Place{&feed, end}; place;) {
    const FeedItem& item = place->item();
    leaves.push_back({item.id.bytes});
    if (item.header.seq == 0) break;
    const std::optional<Place> before = exam.entries.Find(*item.header.prev);
    if (!before || before->feed != &feed || before->item().header.seq + 1 != item.header.seq)
      return {};
    place = before;
  }
  std::reverse(leaves.begin(), leaves.end());
  return leaves;
}

void CheckHead(Examination& exam, const FoundFeed& feed, const KnownHead& head) {
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < feed.items.size() && ends.size() < kEndsMax; ++i)
    if (feed.items[i].header.seq + 1 == head.size) ends.push_back(i);
  for (const std::size_t end : ends)
    if (log::MerkleRoot(LeavesTo(exam, feed, end)) == head.root) return;
  if (ends.empty()) {
    if (Coverage* coverage = exam.CoverageOf(feed.key.space)) coverage->AddOpenPoint("stale");
    return;
  }
  exam.forked = true;
  exam.Bad(feed.file, feed.items[ends.front()].line, "known-head");
}

}  // namespace

void CheckKnownHeads(Examination& exam) {
  if (exam.options.known == nullptr || !exam.members) return;
  for (const auto& [key, head] : exam.options.known->heads) {
    const auto feed = std::find_if(exam.feeds.begin(), exam.feeds.end(),
                                   [&](const FoundFeed& found) { return found.key == key; });
    Coverage* coverage = exam.CoverageOf(key.space);
    if (feed != exam.feeds.end()) {
      CheckHead(exam, *feed, head);
    } else if (coverage != nullptr && (!exam.IsReceipt() || coverage->root)) {
      coverage->AddOpenPoint("stale");
    }
  }
}

}  // namespace geflecht::audit
