#include "node/log/name.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace geflecht::log {
namespace {

TEST(Name, OrdinaryNamesPass) {
  for (const char* name :
       {"Hilfenetz Nord", "Wohngruppe M\u00fcller e. V.", "\u5317\u6d77\u9053", "x",
        "A \u2013 B (C) \u201eD\u201c", "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"})
    EXPECT_TRUE(CheckName(name)) << name;
}

TEST(Name, RefusedNames) {
  const std::pair<const char*, std::string> names[] = {
      {"empty", ""},
      {"line feed", "a\nb"},
      {"carriage return", "a\rb"},
      {"tab", "a\tb"},
      {"NUL", std::string("a\0b", 3)},
      {"delete", "a\x7f"},
      {"C1 control", "a\u0085b"},
      {"line separator", "a\u2028b"},
      {"paragraph separator", "a\u2029b"},
      {"right-to-left override", "a\u202eb"},
      {"left-to-right mark", "a\u200eb"},
      {"isolate", "a\u2066b"},
      {"Arabic letter mark", "a\u061cb"},
      {"zero width space", "a\u200bb"},
      {"byte order mark", "\ufeffab"},
      {"soft hyphen", "a\u00adb"},
      {"private use", "a\ue000"},
      {"noncharacter", "a\ufffe"},
      {"unassigned", "a\u0378"},
      {"assigned after Unicode 15.0", "a\U0002ebf0"},
      {"not NFC", "Mu\u0308ller"},
      {"bad UTF-8", "a\xff"},
      {"overlong UTF-8", "a\xc0\xaf"},
      {"surrogate", "a\xed\xa0\x80"},
      {"cut UTF-8", "a\xc3"},
      {"leading space", " a"},
      {"trailing space", "a "},
      {"no-break space at the end", "a\u00a0"}};
  for (const auto& [what, name] : names) {
    const Result<void> checked = CheckName(name);
    ASSERT_FALSE(checked) << what;
    EXPECT_EQ(checked.error().code, Code::kMalformed) << what;
  }
}

TEST(Name, Limit) {
  EXPECT_TRUE(CheckName(std::string(limits::kNameBytesMax, 'a')));
  EXPECT_FALSE(CheckName(std::string(limits::kNameBytesMax + 1, 'a')));
}

TEST(Name, TypedTextIsNormalised) {
  EXPECT_EQ(*ToName("  Mu\u0308ller \u00a0"), "M\u00fcller");
  EXPECT_EQ(*ToName("Hilfenetz"), "Hilfenetz");
  EXPECT_FALSE(ToName("   "));
  EXPECT_FALSE(ToName(""));
  EXPECT_FALSE(ToName("a\xff"));
  EXPECT_FALSE(ToName("a\u202eb"));
  EXPECT_FALSE(ToName(std::string(1'000'000, 'a')));
}

// Whatever it holds: what is far too long is not looked into.
TEST(Name, TypedTextsFarBeyondTheirLimitAreSaidToBeTooLong) {
  const std::string name = "name is longer than 3 bytes", text = "text is longer than 3 bytes";
  EXPECT_EQ(ToLine(std::string(16 * 3 + 1, '\xff'), 3).error().detail, name);
  EXPECT_NE(ToLine(std::string(16 * 3, '\xff'), 3).error().detail, name);
  EXPECT_EQ(ToText(std::string(16 * 3 + 1, '\xff'), 3).error().detail, text);
  EXPECT_NE(ToText(std::string(16 * 3, '\xff'), 3).error().detail, text);
}

}  // namespace
}  // namespace geflecht::log
