#include "node/crypto/init.h"

#include <gtest/gtest.h>

#include "node/crypto/system_random.h"
#include "tests/unit/crypto/support.h"

namespace geflecht::crypto {
namespace {

TEST(Init, FindsTheLibrariesFitAndMayBeRepeated) {
  EXPECT_TRUE(Init());
  EXPECT_TRUE(Init());
}

TEST(SystemRandom, FillsAllBytesAndNeverRepeats) {
  SystemRandom random;
  Bytes first(4096);
  Bytes second(4096);
  random.Fill(first);
  random.Fill(second);
  EXPECT_NE(first, second);
  // A run of 16 zero bytes by chance: less than 2^-115.
  const Bytes zeros(16);
  EXPECT_EQ(std::search(first.begin(), first.end(), zeros.begin(), zeros.end()), first.end());
  random.Fill({});
}

}  // namespace
}  // namespace geflecht::crypto
