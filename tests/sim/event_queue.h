// Virtual time: what is to happen, in one total order. Events of one millisecond run in the order
// in which they were added, so a run depends on nothing but its seed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace geflecht::sim {

class EventQueue {
 public:
  std::int64_t now_ms() const { return now_ms_; }
  void At(std::int64_t at_ms, std::function<void()> call) {
    events_.emplace(std::pair(at_ms < now_ms_ ? now_ms_ : at_ms, next_number_++), std::move(call));
  }
  void After(std::int64_t ms, std::function<void()> call) { At(now_ms_ + ms, std::move(call)); }

  // Runs all events up to `until_ms`, which is the time afterwards.
  void RunUntil(std::int64_t until_ms) {
    while (!events_.empty() && events_.begin()->first.first <= until_ms) {
      auto event = events_.extract(events_.begin());
      now_ms_ = event.key().first;
      event.mapped()();
    }
    now_ms_ = until_ms;
  }

 private:
  std::int64_t now_ms_ = 1'000;
  std::uint64_t next_number_ = 0;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> events_;
};

}  // namespace geflecht::sim
