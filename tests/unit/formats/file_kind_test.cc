#include "node/formats/file_kind.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace geflecht::formats {
namespace {

TEST(DetectFileKind, LooksAtTheContent) {
  using std::string_view;
  const struct {
    string_view bytes;
    FileKind kind;
  } cases[] = {
      {"", FileKind::kTable},
      {"Name;Vorname\n", FileKind::kTable},
      {"BEGIN:VCALENDAR", FileKind::kTable},
      {"\"BEGIN:VCARD\";x", FileKind::kTable},
      {"BEGIN:VCARD\r\n", FileKind::kVcards},
      {string_view("\xEF\xBB\xBF\r\n \0 begin : vcard", 21), FileKind::kVcards},
      {string_view("\xFF\xFE"
                   "B\0E\0G\0I\0N\0:\0V\0C\0A\0R\0D\0",
                   24),
       FileKind::kVcards},
      {string_view("\0B\0E\0G\0I\0N\0:\0V\0C\0A\0R\0D", 22), FileKind::kVcards},
      {"PK\x03\x04 xlsx", FileKind::kOther},
      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileKind::kOther},
      {"!BDN", FileKind::kOther},
      {"%PDF-1.7", FileKind::kOther},
  };
  for (const auto& test : cases) EXPECT_EQ(DetectFileKind(AsBytes(test.bytes)), test.kind);
  EXPECT_EQ(DetectFileKind(AsBytes("\xEF\xBB\xBF" + std::string(100, '\n') + "BEGIN:VCARD")),
            FileKind::kVcards);
}

}  // namespace
}  // namespace geflecht::formats
