#include "base/strong_id.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace geflecht {
namespace {

using Apple = StrongId<struct AppleTag, 4>;
using Pear = StrongId<struct PearTag, 4>;

static_assert(!std::is_convertible_v<Apple, Pear>);
static_assert(!std::is_constructible_v<Apple, Pear>);

TEST(StrongId, ReadsExactlyItsOwnLength) {
  EXPECT_TRUE(Apple::From(Bytes{1, 2, 3, 4}).has_value());
  EXPECT_FALSE(Apple::From(Bytes{1, 2, 3}).has_value());
  EXPECT_FALSE(Apple::From(Bytes{1, 2, 3, 4, 5}).has_value());
  EXPECT_FALSE(Apple::From({}).has_value());
}

TEST(StrongId, HexTextIsLowerCaseAndComplete) {
  const std::optional<Apple> id = Apple::FromHexText("00ff10ab");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(id->Hex(), "00ff10ab");
  EXPECT_EQ(id->view()[1], 0xFF);
  EXPECT_FALSE(Apple::FromHexText("00FF10AB").has_value());
  EXPECT_FALSE(Apple::FromHexText("00ff10a").has_value());
  EXPECT_FALSE(Apple::FromHexText("00ff10ab00").has_value());
}

TEST(StrongId, OrderIsThatOfTheBytes) {
  const Apple low = *Apple::FromHexText("00ffffff");
  const Apple high = *Apple::FromHexText("01000000");
  EXPECT_LT(low, high);
  EXPECT_NE(low, high);
  EXPECT_EQ(low, low);
}

TEST(StrongId, IsZeroLooksAtEveryByte) {
  EXPECT_TRUE(Apple{}.IsZero());
  EXPECT_FALSE(Apple::FromHexText("00000001")->IsZero());
  EXPECT_FALSE(Apple::FromHexText("01000000")->IsZero());
}

}  // namespace
}  // namespace geflecht
