#include "node/replica/answers.h"

#include <algorithm>

namespace geflecht::replica {
std::set<log::OrgId> Answers::Asking() const {
  std::set<log::OrgId> orgs;
  for (const auto& [request, org] : open_) orgs.insert(org);
  return orgs;
}

bool Answers::TakeDue(Time now) {
  bool due = false;
  for (const log::OrgId& org : Asking()) {
    std::deque<std::int64_t>& written = written_.try_emplace(org, recalled_).first->second;
    while (!written.empty() && written.front() + kPeriodMs <= now.mono_ms) written.pop_front();
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
    const std::int64_t at = spent ? written->second.front() + kPeriodMs : 0;
    next = std::min(next.value_or(at), at);
  }
  return next;
}

}  // namespace geflecht::replica
