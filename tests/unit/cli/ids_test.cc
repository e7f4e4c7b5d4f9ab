#include "cli/ids.h"

#include <gtest/gtest.h>

#include "cli/number.h"

namespace geflecht::cli {
namespace {

const std::vector<std::string> kIds = {"abcdef0011", "abcdef0022", "123456ffff"};

TEST(IdsTest, ABeginningThatIsUniqueIsEnough) {
  EXPECT_EQ(*MatchId("123456", kIds), "123456ffff");
  EXPECT_EQ(*MatchId("ABCDEF001", kIds), "abcdef0011");
  EXPECT_EQ(*MatchId("abcdef0022", kIds), "abcdef0022");
}

TEST(IdsTest, SeveralMatchesAreAConflict) {
  const auto match = MatchId("abcdef", kIds);
  ASSERT_FALSE(match);
  EXPECT_EQ(match.error().code, Code::kConflict);
}

TEST(IdsTest, TheSameIdTwiceIsNoConflict) {
  EXPECT_EQ(*MatchId("aaaaaa", {"aaaaaa01", "aaaaaa01"}), "aaaaaa01");
}

TEST(IdsTest, TooShortUnknownAndForeignTextIsRefused) {
  EXPECT_EQ(MatchId("12345", kIds).error().code, Code::kUsage);
  EXPECT_EQ(MatchId("", kIds).error().code, Code::kUsage);
  EXPECT_EQ(MatchId("999999", kIds).error().code, Code::kNotFound);
  EXPECT_EQ(MatchId("123456ffff0", kIds).error().code, Code::kNotFound);
  EXPECT_EQ(MatchId("12345g", kIds).error().code, Code::kUsage);
  EXPECT_EQ(MatchId("1234\033[", kIds).error().detail, "no id: 1234\\u{001B}[");
}

TEST(IdsTest, NumbersAreDigitsWithinTheirBounds) {
  EXPECT_EQ(*ParseNumber("--take", "7", 0, 9), 7);
  for (const char* bad : {"", "x", "7x", " 7", "-1", "10", "99999999999999999999"})
    EXPECT_EQ(ParseNumber("--take", bad, 0, 9).error().code, Code::kUsage) << bad;
}

}  // namespace
}  // namespace geflecht::cli
