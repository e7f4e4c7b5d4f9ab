#include "base/hex.h"

#include <gtest/gtest.h>

namespace geflecht {
namespace {

TEST(Hex, EveryByteSurvivesTheRoundTrip) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::uint8_t>(i));
  const std::string text = ToHex(all);
  EXPECT_EQ(text.substr(0, 8), "00010203");
  EXPECT_EQ(text.substr(508), "feff");
  EXPECT_EQ(FromHex(text), all);
}

TEST(Hex, NothingIsTheEmptyString) {
  EXPECT_EQ(ToHex({}), "");
  EXPECT_EQ(FromHex(""), Bytes{});
}

TEST(Hex, RefusesWhatItNeverWrites) {
  for (const std::string_view text :
       {"0", "000", "AB", "aB", "0x", " 0", "0 ", "g0", "0g", "/0", ":0", "`0", "\xFF\xFF"}) {
    EXPECT_EQ(FromHex(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace geflecht
