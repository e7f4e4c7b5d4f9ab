#include "node/formats/vcard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "node/formats/vcard_read.h"

namespace geflecht::formats {
namespace {

// Lines as written, without CRLF. Every line end has to be CRLF.
std::vector<std::string> PhysicalLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    EXPECT_NE(end, std::string_view::npos);
    if (end == std::string_view::npos) break;
    lines.emplace_back(text.substr(0, end));
    EXPECT_EQ(lines.back().find_first_of("\r\n"), std::string::npos);
    text.remove_prefix(end + 2);
  }
  return lines;
}

// RFC 6350 §3.2: a line that starts with a space goes on with the one before.
std::vector<std::string> Unfolded(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string& line : PhysicalLines(text)) {
    if (line.starts_with(' ') && !lines.empty()) {
      lines.back() += line.substr(1);
    } else {
      lines.push_back(line);
    }
  }
  return lines;
}

// Components between separators that are not escaped, unescaped.
std::vector<std::string> Components(std::string_view value, char separator) {
  std::vector<std::string> out(1);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\') {
      ++i;
      out.back().push_back(value[i] == 'n' ? '\n' : value[i]);
    } else if (value[i] == separator) {
      out.emplace_back();
    } else {
      out.back().push_back(value[i]);
    }
  }
  return out;
}

std::string ValueOf(const std::vector<std::string>& lines, std::string_view property) {
  for (const std::string& line : lines) {
    const std::size_t end = line.find_first_of(":;");
    if (line.substr(0, end) == property) return line.substr(line.find(':') + 1);
  }
  return "(none)";
}

VcardContact Sample() {
  VcardContact contact;
  for (std::size_t i = 0; i < contact.uid.size(); ++i)
    contact.uid[i] = static_cast<std::uint8_t>(i * 17);
  contact.family_name = "Nguyễn";
  contact.given_name = "Thị Mai";
  contact.prefix = "Prof. Dr. med. habil.";
  contact.organisation = "Klinikum Auenfelde; Geburtshilfe, Station 3";
  contact.department = "Lotsendienst";
  contact.title = "Lotsin";
  contact.role = "Sprecherin";
  contact.phones = {"+49 30 23125-114", "030 23125-115"};
  contact.mobiles = {"+49 30 23125-514"};
  contact.emails = {"mai@klinikum-auenfelde.example"};
  contact.street = "Klinikweg 12";
  contact.postal_code = "62901";
  contact.city = "Auenfelde";
  contact.note = "Mo 8-12 Uhr\nFr \\ nach Vereinbarung";
  contact.categories = {"Lotsendienst", "Geburt, Nachsorge"};
  contact.confirmed_on = "2026-03-01";
  return contact;
}

TEST(WriteVcard4, WritesTheCardOfAContact) {
  const std::vector<std::string> expected = {
      "BEGIN:VCARD",
      "VERSION:4.0",
      "KIND:individual",
      "UID:urn:uuid:00112233-4455-6677-8899-aabbccddeeff",
      "FN:Prof. Dr. med. habil. Thị Mai Nguyễn",
      "N:Nguyễn;Thị Mai;;Prof. Dr. med. habil.;",
      "ORG:Klinikum Auenfelde\\; Geburtshilfe\\, Station 3;Lotsendienst",
      "TITLE:Lotsin",
      "ROLE:Sprecherin",
      "TEL;VALUE=uri;PREF=1;TYPE=work:tel:+493023125114",
      "TEL;VALUE=text;TYPE=work:030 23125-115",
      "TEL;VALUE=uri;TYPE=cell:tel:+493023125514",
      "EMAIL;PREF=1;TYPE=work:mai@klinikum-auenfelde.example",
      "ADR;TYPE=work:;;Klinikweg 12;Auenfelde;;62901;",
      "NOTE:Mo 8-12 Uhr\\nFr \\\\ nach Vereinbarung",
      "CATEGORIES:Lotsendienst,Geburt\\, Nachsorge",
      "REV:20260301T000000Z",
      "END:VCARD"};
  EXPECT_EQ(Unfolded(WriteVcard4({Sample()})), expected);
}

TEST(WriteVcard4, EscapedValuesReadBack) {
  const VcardContact contact = Sample();
  const std::vector<std::string> lines = Unfolded(WriteVcard4({contact}));
  EXPECT_EQ(Components(ValueOf(lines, "ORG"), ';'),
            (std::vector<std::string>{contact.organisation, contact.department}));
  EXPECT_EQ(Components(ValueOf(lines, "CATEGORIES"), ','), contact.categories);
  EXPECT_EQ(Components(ValueOf(lines, "NOTE"), '\0'), std::vector<std::string>{contact.note});
}

TEST(WriteVcard4, AFoldInFrontOfAMarkerReadsBack) {
  for (std::size_t before = 60; before < 80; ++before) {
    for (const std::string_view marker : {"END:VCARD", "BEGIN:VCARD", "end:vcard"}) {
      VcardContact card;
      card.family_name = std::string(before, 'x') + std::string(marker);
      const auto file = ParseVcards(AsBytes(WriteVcard4({card})));
      ASSERT_TRUE(file.has_value());
      ASSERT_TRUE(file->cards.size() == 1 && file->lost.empty()) << before << marker;
    }
  }
}

TEST(WriteVcard4, FoldsAt75OctetsBetweenCharacters) {
  for (std::size_t shift = 0; shift < 8; ++shift) {
    VcardContact contact;
    contact.family_name = std::string(shift, 'x');
    for (int i = 0; i < 60; ++i) contact.family_name += i % 2 == 0 ? "ễ" : "😀";
    const std::string text = WriteVcard4({contact});
    bool folded = false;
    std::size_t longest = 0;
    for (const std::string& line : PhysicalLines(text)) {
      EXPECT_LE(line.size(), 75u);
      longest = std::max(longest, line.size());
      const std::size_t first = line.starts_with(' ') ? 1 : 0;
      folded = folded || first == 1;
      ASSERT_LT(first, line.size());
      EXPECT_NE(static_cast<unsigned char>(line[first]) & 0xC0, 0x80) << "cut within a character";
    }
    EXPECT_TRUE(folded);
    EXPECT_GE(longest, 72u);
    EXPECT_EQ(ValueOf(Unfolded(text), "FN"), contact.family_name);
  }
}

TEST(WriteVcard4, FillsFoldedLinesUpTo75Octets) {
  VcardContact contact;
  contact.note = std::string(300, 'n');
  std::vector<std::size_t> sizes;
  for (const std::string& line : PhysicalLines(WriteVcard4({contact})))
    if (line.starts_with("NOTE") || line.starts_with(" n")) sizes.push_back(line.size());
  // "NOTE:" and the text are 305 octets: 75, then 74 and a space each.
  EXPECT_EQ(sizes, (std::vector<std::size_t>{75, 75, 75, 75, 9}));
}

TEST(WriteVcard4, NeverLetsAValueStartALine) {
  VcardContact contact;
  contact.family_name = "A\r\nEMAIL:x@evil.example\nB\rC\x01";
  contact.phones = {"+49 1\r\nTEL:2", ""};
  const std::vector<std::string> lines = Unfolded(WriteVcard4({contact}));
  EXPECT_EQ(ValueOf(lines, "EMAIL"), "(none)");
  EXPECT_EQ(ValueOf(lines, "FN"), "A\\nEMAIL:x@evil.example\\nB\\nC");
  EXPECT_EQ(ValueOf(lines, "TEL"), "tel:+4912");
}

TEST(WriteVcard4, AlwaysHasAName) {
  VcardContact contact;
  EXPECT_EQ(ValueOf(Unfolded(WriteVcard4({contact})), "FN"), "-");
  contact.emails = {"a@x.example"};
  EXPECT_EQ(ValueOf(Unfolded(WriteVcard4({contact})), "FN"), "a@x.example");
  contact.organisation = "BKK Auental";
  EXPECT_EQ(ValueOf(Unfolded(WriteVcard4({contact})), "FN"), "BKK Auental");
  EXPECT_EQ(ValueOf(Unfolded(WriteVcard4({contact})), "N"), "(none)");
  contact.confirmed_on = "1.3.2026";
  EXPECT_EQ(ValueOf(Unfolded(WriteVcard4({contact})), "REV"), "(none)");
}

TEST(WriteVcard4, WritesOneCardAfterTheOther) {
  const std::vector<std::string> lines = PhysicalLines(WriteVcard4({Sample(), Sample()}));
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "BEGIN:VCARD"), 2);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "END:VCARD"), 2);
  EXPECT_EQ(WriteVcard4({}), "");
}

}  // namespace
}  // namespace geflecht::formats
