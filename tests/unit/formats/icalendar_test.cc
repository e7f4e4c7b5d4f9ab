#include "node/formats/icalendar.h"

#include <gtest/gtest.h>

namespace geflecht::formats {
namespace {

CalendarEvent Event() {
  CalendarEvent event;
  event.uid.fill(0xab);
  event.sequence = 3;
  event.stamp = "20261122T180000Z";
  event.date = "2026-12-01";
  event.summary = "Lenkungsgruppe";
  return event;
}

TEST(Icalendar, AnEventOfAWholeDay) {
  EXPECT_EQ(WriteCalendar(Event()),
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Geflecht//Geflecht//DE\r\n"
            "METHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:abababababababababababababababab@geflecht\r\n"
            "DTSTAMP:20261122T180000Z\r\nSEQUENCE:3\r\nDTSTART;VALUE=DATE:20261201\r\n"
            "SUMMARY:Lenkungsgruppe\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
}

TEST(Icalendar, TimesAreLocal) {
  CalendarEvent event = Event();
  event.start = "14:00";
  event.end = "15:30";
  const std::string text = WriteCalendar(event);
  EXPECT_NE(text.find("\r\nDTSTART:20261201T140000\r\nDTEND:20261201T153000\r\n"), text.npos);
}

TEST(Icalendar, NoTextBecomesALineOfItsOwn) {
  CalendarEvent event = Event();
  event.summary = "A\r\nATTENDEE:mailto:x@y.example";
  event.location = "Rathaus; Raum 1, \\links";
  event.description = std::string(60, 'x') + "äöüäöüäöüäöü\nZeile 2";
  const std::string text = WriteCalendar(event);
  EXPECT_NE(text.find("SUMMARY:A\\nATTENDEE:mailto"), text.npos);
  EXPECT_NE(text.find("LOCATION:Rathaus\\; Raum 1\\, \\\\links\r\n"), text.npos);
  std::size_t begin = 0;
  for (std::size_t end = text.find("\r\n"); end != text.npos; end = text.find("\r\n", begin)) {
    EXPECT_LE(end - begin, 75u);
    EXPECT_FALSE((static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80);
    begin = end + 2;
  }
  EXPECT_EQ(begin, text.size());
}

}  // namespace
}  // namespace geflecht::formats
