#include "node/replica/answers.h"

#include <algorithm>

namespace geflecht::replica {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

}  // namespace

std::set<log::OrgId> Answers::Asking() const {
  std::set<log::OrgId> orgs;
  for (const auto& [request, org] : open_) orgs.insert(org);
  return orgs;
}

bool Answers::TakeDue(Time now) {
  bool due = false;
  for (const log::OrgId& org : Asking()) {
    std::deque<std::int64_t>& written = written_[org];
    while (!written.empty() && written.front() + kDayMs <= now.mono_ms) written.pop_front();
    if (written.size() >= kPerDay) continue;
    written.push_back(now.mono_ms);
    due = true;
  }
  return due;
}

std::optional<std::int64_t> Answers::NextDueMs() const {
  std::optional<std::int64_t> next;
  for (const log::OrgId& org : Asking()) {
    const auto written = written_.find(org);
    const bool spent = written != written_.end() && written->second.size() >= kPerDay;
    const std::int64_t at = spent ? written->second.front() + kDayMs : 0;
    next = std::min(next.value_or(at), at);
  }
  return next;
}

}  // namespace geflecht::replica
