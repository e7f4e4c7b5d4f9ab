#include "node/log/frontier.h"

#include <algorithm>

namespace geflecht::log {

std::vector<HeadLine> HeadsOf(const Frontier& frontier) {
  std::vector<HeadLine> heads;
  heads.reserve(frontier.size());
  for (const auto& [feed, item] : frontier)
    heads.push_back({feed.space, feed.device, feed.life, item.seq, item.head});
  std::sort(heads.begin(), heads.end());
  return heads;
}

Fingerprint FingerprintOf(const Frontier& frontier) {
  Bytes text;
  for (const HeadLine& line : HeadsOf(frontier)) {
    Append(text, line.space.view());
    Append(text, line.device.view());
    Append(text, line.life.view());
    AppendBe64(text, line.seq);
    Append(text, line.head.view());
  }
  return Fingerprint{crypto::Sha256(ByteView(text)).bytes};
}

std::vector<FeedKey> BranchesOf(const Frontier& frontier, const FeedKey& key) {
  std::vector<FeedKey> branches;
  FeedKey first = key;
  first.branch = 0;
  for (auto it = frontier.lower_bound(first); it != frontier.end() && it->first.SameFeed(key); ++it)
    branches.push_back(it->first);
  return branches;
}

}  // namespace geflecht::log
