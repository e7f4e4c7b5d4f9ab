#include "node/formats/icalendar.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/hex.h"
#include "node/formats/content_line.h"

namespace geflecht::formats {
namespace {

std::string DigitsOf(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

void Append(std::string& out, std::string_view property, std::string_view value) {
  if (value.empty()) return;
  AppendContentLine(out, std::string(property) + ":" + EscapeContent(value));
}

}  // namespace

std::string WriteCalendar(const CalendarEvent& event) {
  std::string out;
  for (const char* line : {"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Geflecht//Geflecht//DE",
                           "METHOD:PUBLISH", "BEGIN:VEVENT"})
    AppendContentLine(out, line);
  AppendContentLine(out, "UID:" + ToHex(event.uid) + "@geflecht");
  AppendContentLine(out, "DTSTAMP:" + event.stamp);
  AppendContentLine(out, "SEQUENCE:" + std::to_string(event.sequence));
  const std::string day = DigitsOf(event.date);
  if (event.start.empty()) {
    AppendContentLine(out, "DTSTART;VALUE=DATE:" + day);
  } else {
    AppendContentLine(out, "DTSTART:" + day + "T" + DigitsOf(event.start) + "00");
    if (!event.end.empty())
      AppendContentLine(out, "DTEND:" + day + "T" + DigitsOf(event.end) + "00");
  }
  Append(out, "SUMMARY", event.summary);
  Append(out, "LOCATION", event.location);
  Append(out, "DESCRIPTION", event.description);
  AppendContentLine(out, "END:VEVENT");
  AppendContentLine(out, "END:VCALENDAR");
  return out;
}

}  // namespace geflecht::formats
