#include "node/log/merkle.h"

#include <gtest/gtest.h>

#include "fixture.h"

namespace geflecht::log {
namespace {

// The eight leaves with which Certificate Transparency implementations test RFC 6962 trees.
std::vector<crypto::Hash256> TransparencyLeaves(std::size_t count) {
  const std::vector<std::string> inputs = {"",
                                           "00",
                                           "10",
                                           "2021",
                                           "3031",
                                           "40414243",
                                           "5051525354555657",
                                           "606162636465666768696a6b6c6d6e6f"};
  std::vector<crypto::Hash256> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(MerkleLeaf(*FromHex(inputs[i])));
  return leaves;
}

TEST(Merkle, RootsOfTheTransparencyLeaves) {
  const std::pair<std::size_t, std::string> roots[] = {
      {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
      {2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
      {3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
      {4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
      {5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
      {6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
      {7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
      {8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}};
  for (const auto& [count, root] : roots)
    EXPECT_EQ(MerkleRoot(TransparencyLeaves(count)).Hex(), root) << count << " leaves";
}

// The definition of RFC 6962 section 2.1, word by word.
crypto::Hash256 ByDefinition(std::span<const crypto::Hash256> leaves) {
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  const std::uint8_t prefix[] = {0x01};
  return crypto::Sha256(
      {prefix, ByDefinition(leaves.first(k)).view(), ByDefinition(leaves.subspan(k)).view()});
}

TEST(Merkle, EqualsTheDefinitionForEveryCountUpTo300) {
  std::vector<crypto::Hash256> leaves;
  for (std::uint32_t i = 0; i < 300; ++i) {
    Bytes data;
    AppendBe32(data, i);
    leaves.push_back(MerkleLeaf(data));
    EXPECT_EQ(MerkleRoot(leaves), ByDefinition(leaves)) << leaves.size() << " leaves";
  }
}

TEST(Merkle, LeafOfTwoHashesIsNotTheirNode) {
  const std::vector<crypto::Hash256> leaves = TransparencyLeaves(2);
  Bytes both;
  Append(both, leaves[0].view());
  Append(both, leaves[1].view());
  EXPECT_NE(MerkleLeaf(both), MerkleRoot(leaves));
}

}  // namespace
}  // namespace geflecht::log
