// An invitation as iCalendar (RFC 5545, RFC 5546 §3.2.2): one event that calendar programs take.
// Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace geflecht::formats {

struct CalendarEvent {
  std::array<std::uint8_t, 16> uid{};
  std::uint64_t sequence = 0;  // of changes: a higher one replaces what a calendar has
  std::string stamp;           // when it was written: "20261122T180000Z"
  std::string date;            // "2026-11-24"
  std::string start, end;      // "18:30", local time of the place. No start: the whole day
  std::string summary, location, description;
};

std::string WriteCalendar(const CalendarEvent& event);

}  // namespace geflecht::formats
