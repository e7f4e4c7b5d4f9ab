#include "node/crypto/base64.h"

#include <gtest/gtest.h>

#include <array>

#include "base/rng.h"

namespace geflecht::crypto {
namespace {

// RFC 4648 section 10.
TEST(Base64, MatchesThePublishedVectors) {
  const std::array<std::pair<std::string_view, std::string_view>, 7> vectors{
      {{"", ""},
       {"f", "Zg=="},
       {"fo", "Zm8="},
       {"foo", "Zm9v"},
       {"foob", "Zm9vYg=="},
       {"fooba", "Zm9vYmE="},
       {"foobar", "Zm9vYmFy"}}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(ToBase64(AsBytes(plain)), text);
    const auto bytes = FromBase64(text);
    ASSERT_TRUE(bytes) << text;
    EXPECT_EQ(AsText(*bytes), plain);
  }
}

TEST(Base64, RefusesEverythingThatIsNotCanonical) {
  for (const std::string_view text :
       {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zg==\n", "Zm 9v", " Zm9v", "Zm9v=", "Zm9vZg", "Zm-_",
        "=", "====", "Zg==Zg==", "Z", "Zm9v\xc3\xa4"}) {
    const auto bytes = FromBase64(text);
    ASSERT_FALSE(bytes) << text;
    EXPECT_EQ(bytes.error().code, Code::kMalformed);
  }
  EXPECT_FALSE(FromBase64(std::string_view("Zm9v\0", 5)));
}

TEST(Base64, RoundTripsEveryLength) {
  SeededRandom random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    Bytes bytes(size);
    random.Fill(bytes);
    const auto back = FromBase64(ToBase64(bytes));
    ASSERT_TRUE(back) << size;
    EXPECT_EQ(*back, bytes);
  }
}

}  // namespace
}  // namespace geflecht::crypto
