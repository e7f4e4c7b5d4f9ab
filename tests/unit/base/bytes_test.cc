#include "base/bytes.h"

#include <gtest/gtest.h>

namespace geflecht {
namespace {

TEST(Bytes, TextAndBytesAreTheSameOctets) {
  const std::string text("a\0\xC3\xA4", 4);
  const Bytes bytes = ToBytes(text);
  EXPECT_EQ(bytes, (Bytes{'a', 0, 0xC3, 0xA4}));
  EXPECT_EQ(ToText(bytes), text);
  EXPECT_EQ(AsText(bytes), text);
  EXPECT_EQ(AsBytes(text).size(), 4u);
}

TEST(Bytes, AppendJoinsBytesAndText) {
  Bytes out{1};
  Append(out, ByteView(Bytes{2, 3}));
  Append(out, "45");
  EXPECT_EQ(out, (Bytes{1, 2, 3, '4', '5'}));
}

TEST(Bytes, NumbersAreMostSignificantByteFirst) {
  Bytes out;
  AppendBe32(out, 0x01020304u);
  AppendBe64(out, 0x05060708090A0B0Cull);
  EXPECT_EQ(out, (Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(ReadBe32(out), 0x01020304u);
  EXPECT_EQ(ReadBe64(ByteView(out).subspan(4)), 0x05060708090A0B0Cull);
}

TEST(Bytes, NumbersKeepTheirTopBit) {
  Bytes out;
  AppendBe32(out, 0xFFFFFFFEu);
  AppendBe64(out, 0x8000000000000001ull);
  EXPECT_EQ(ReadBe32(out), 0xFFFFFFFEu);
  EXPECT_EQ(ReadBe64(ByteView(out).subspan(4)), 0x8000000000000001ull);
}

}  // namespace
}  // namespace geflecht
