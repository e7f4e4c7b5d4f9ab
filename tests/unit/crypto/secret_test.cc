#include "node/crypto/secret.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <concepts>
#include <ostream>
#include <type_traits>
#include <utility>

#include "tests/unit/crypto/support.h"

namespace geflecht::crypto {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);
static_assert(std::is_nothrow_move_assignable_v<SecretBytes>);
static_assert(!std::equality_comparable<SecretBytes>);
static_assert(!std::totally_ordered<SecretBytes>);
static_assert(!Printable<SecretBytes>);
static_assert(!std::is_convertible_v<SecretBytes, ByteView>);

TEST(SecretBytes, StartsZeroFilled) {
  const SecretBytes secret(100);
  EXPECT_EQ(Bytes(secret.view().begin(), secret.view().end()), Bytes(100));
  EXPECT_TRUE(SecretBytes().empty());
  EXPECT_TRUE(SecretBytes(0).empty());
}

TEST(SecretBytes, MovesAndLeavesTheSourceEmpty) {
  SecretBytes first = Secret("first");
  SecretBytes second = std::move(first);
  EXPECT_TRUE(first.empty());
  EXPECT_EQ(AsText(second.view()), "first");
  SecretBytes third = Secret("third");
  third = std::move(second);
  EXPECT_TRUE(second.empty());
  EXPECT_EQ(AsText(third.view()), "first");
  SecretBytes& same = third;
  third = std::move(same);
  EXPECT_EQ(AsText(third.view()), "first");
}

TEST(SecretBytes, ClonesIntoMemoryOfItsOwn) {
  SecretBytes original = Secret("abc");
  const SecretBytes clone = original.Clone();
  Wipe(original.mutable_view());
  EXPECT_EQ(AsText(clone.view()), "abc");
  EXPECT_EQ(original.view()[0], 0);
}

TEST(SecretBytes, DrawsFromTheRandomnessThatIsPassed) {
  FixedRandom random(Hex("00112233445566778899"));
  EXPECT_EQ(ToHex(SecretBytes::Generate(6, random).view()), "001122334455");
  EXPECT_EQ(ToHex(SecretBytes::Generate(4, random).view()), "66778899");
}

TEST(SecretBytesDeathTest, EndsTheProcessOnAWriteBehindTheEnd) {
  SecretBytes secret(32);
  volatile std::uint8_t* behind = secret.mutable_view().data() + 32;
  EXPECT_DEATH(*behind = 1, "");
}

TEST(SecretBytes, WorksWithoutTheRightToLockMemory) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_MEMLOCK, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;
  ASSERT_EQ(setrlimit(RLIMIT_MEMLOCK, &none), 0);
  const SecretBytes secret = Secret("held all the same");
  EXPECT_EQ(AsText(secret.view()), "held all the same");
  ASSERT_EQ(setrlimit(RLIMIT_MEMLOCK, &before), 0);
}

TEST(ConstantTimeEqual, ComparesContentAndSize) {
  EXPECT_TRUE(ConstantTimeEqual(AsBytes("abc"), AsBytes("abc")));
  EXPECT_TRUE(ConstantTimeEqual({}, {}));
  EXPECT_FALSE(ConstantTimeEqual(AsBytes("abc"), AsBytes("abd")));
  EXPECT_FALSE(ConstantTimeEqual(AsBytes("abc"), AsBytes("ab")));
  EXPECT_FALSE(ConstantTimeEqual(AsBytes("abc"), {}));
}

}  // namespace
}  // namespace geflecht::crypto
