#include "node/replica/forks.h"

namespace geflecht::replica {
namespace {

constexpr std::int64_t kWaitMsMin = 2'000;
constexpr std::uint64_t kWaitMsSpread = 30'000;

}  // namespace

void Forks::Found(const log::FeedKey& feed, bool proven) {
  log::FeedKey key = feed;
  key.branch = 0;
  if (!proven) unproven_.try_emplace(key);
}

void Forks::Proven(const log::FeedKey& feed) {
  log::FeedKey key = feed;
  key.branch = 0;
  unproven_.erase(key);
}

std::vector<log::FeedKey> Forks::TakeDue(Time now, Random& random) {
  std::vector<log::FeedKey> due;
  for (auto& [feed, at_ms] : unproven_) {
    if (!at_ms)
      at_ms = now.mono_ms + kWaitMsMin + static_cast<std::int64_t>(random.Below(kWaitMsSpread));
    if (*at_ms <= now.mono_ms) due.push_back(feed);
  }
  return due;
}

std::optional<std::int64_t> Forks::NextDueMs() const {
  std::optional<std::int64_t> next;
  for (const auto& [feed, at_ms] : unproven_)
    if (const std::int64_t due = at_ms.value_or(0); !next || due < *next) next = due;
  return next;
}

}  // namespace geflecht::replica
