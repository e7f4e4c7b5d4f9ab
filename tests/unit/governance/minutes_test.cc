#include "node/governance/minutes.h"

#include <gtest/gtest.h>

namespace geflecht::governance {
namespace {

MinutesTerms Everything() {
  MinutesTerms terms;
  terms.meeting.bytes.fill(7);
  terms.date = "2026-12-01";
  terms.corrects = log::EntryId();
  terms.decisions = {{"0000000a", "money", 2}, {"0000000b", "body:rat", 3}};
  return terms;
}

TEST(MinutesTermsTest, AreReadAsTheyWereSaid) {
  EXPECT_EQ(*ParseMinutesTerms(RenderMinutesTerms(Everything()), 3), Everything());
  MinutesTerms least;
  least.date = "2026-12-01";
  EXPECT_EQ(*ParseMinutesTerms(RenderMinutesTerms(least), 1), least);
}

TEST(MinutesTermsTest, NameBlocksThatAreThere) {
  EXPECT_FALSE(ParseMinutesTerms(RenderMinutesTerms(Everything()), 2));
}

TEST(MinutesTermsTest, MattersWithAnEffectCannotBeRecorded) {
  for (const char* matter : {"admit", "remove", "role", "rule", "rekey", "inactive", "minutes", "*",
                             "Geld", "body:", ""}) {
    EXPECT_FALSE(CanBeRecorded(matter)) << matter;
    MinutesTerms terms = Everything();
    terms.decisions[0].matter = matter;
    EXPECT_FALSE(ParseMinutesTerms(RenderMinutesTerms(terms), 3)) << matter;
  }
  for (const char* matter : {"money", "content", "body:rat", "merge"})
    EXPECT_TRUE(CanBeRecorded(matter)) << matter;
}

TEST(MinutesTermsTest, BadLinesAreRefused) {
  const std::string head = "meeting " + std::string(32, '7') + "\ndate 2026-12-01\n";
  EXPECT_TRUE(ParseMinutesTerms(head, 1));
  for (const std::string& bad :
       {std::string(), head.substr(0, 20), head + "x\n", head + "decision 0000000a money\n",
        head + "decision 0000000a money 0\n", head + "decision 0000000a money 01\n",
        head + "decision 0000000a money 1 \n", head + "decision 0000000a  money 1\n",
        head + "decision 0000000A money 1\n", head + "decision 000000a money 1\n",
        head + "decision 0000000a money 99999999999999999999\n",
        head + "decision 0000000a money 1\ndecision 0000000a money 1\n",
        head + "decision 0000000a money 1\ncorrects " + std::string(64, '0') + "\n",
        "meeting " + std::string(32, '7') + "\ndate 2026-02-30\n",
        "date 2026-12-01\nmeeting " + std::string(32, '7') + "\n"})
    EXPECT_FALSE(ParseMinutesTerms(bad, 3)) << bad;
}

TEST(MinutesTermsTest, ItemsAreEightDigitsOfTheirAlphabet) {
  const auto read = [](const std::string& item) {
    MinutesTerms terms = Everything();
    terms.decisions = {{item, "money", 1}};
    return ParseMinutesTerms(RenderMinutesTerms(terms), 3).has_value();
  };
  EXPECT_TRUE(read("0189abef"));
  EXPECT_TRUE(read("ffffffff"));
  EXPECT_FALSE(read("0000000"));
  EXPECT_FALSE(read("000000000"));
  for (const char other : {'/', ':', '`', 'g', 'A', 'F', '\x7f'})
    EXPECT_FALSE(read("0000000" + std::string(1, other))) << other;
}

}  // namespace
}  // namespace geflecht::governance
