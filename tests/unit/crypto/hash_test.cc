#include "node/crypto/hash.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace geflecht::crypto {
namespace {

constexpr std::string_view kTwoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

// FIPS 180-4; values from NIST's "Secure Hash Standard, examples with intermediate values".
TEST(Hash, MatchesThePublishedSha256Values) {
  EXPECT_EQ(Sha256(ByteView{}).Hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256(AsBytes("abc")).Hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256(AsBytes(kTwoBlocks)).Hex(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Hash, MatchesThePublishedSha512Values) {
  EXPECT_EQ(Sha512(ByteView{}).Hex(),
            "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
            "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
  EXPECT_EQ(Sha512(AsBytes("abc")).Hex(),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(Hash, HashesPartsAsTheirConcatenation) {
  const Hash256 whole = Sha256(AsBytes("abc"));
  EXPECT_EQ(Sha256({AsBytes("a"), {}, AsBytes("bc")}), whole);
  EXPECT_EQ(Sha512({AsBytes("ab"), AsBytes("c")}), Sha512(AsBytes("abc")));
  EXPECT_NE(Sha256({AsBytes("ab")}), whole);
}

TEST(Hash, IsNotDisturbedByOtherThreads) {
  const std::string text(5000, 'x');
  const Hash256 expected = Sha256(AsBytes(text));
  std::vector<int> wrong(4, -1);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < wrong.size(); ++i)
    threads.emplace_back([&, i] {
      int count = 0;
      for (int round = 0; round < 500; ++round) count += Sha256(AsBytes(text)) != expected;
      wrong[i] = count;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

}  // namespace
}  // namespace geflecht::crypto
