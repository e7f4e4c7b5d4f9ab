#include "node/log/merkle.h"

#include <vector>

namespace geflecht::log {
namespace {

constexpr std::uint8_t kLeafPrefix[] = {0x00};
constexpr std::uint8_t kNodePrefix[] = {0x01};

crypto::Hash256 Node(const crypto::Hash256& left, const crypto::Hash256& right) {
  return crypto::Sha256({kNodePrefix, left.view(), right.view()});
}

}  // namespace

crypto::Hash256 MerkleLeaf(ByteView data) { return crypto::Sha256({kLeafPrefix, data}); }

crypto::Hash256 MerkleRoot(std::span<const crypto::Hash256> leaves) {
  if (leaves.empty()) return crypto::Sha256(ByteView());
  // Roots of complete subtrees, the largest first: one for each bit that is set in the count.
  std::vector<crypto::Hash256> peaks;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    crypto::Hash256 node = leaves[i];
    for (std::size_t count = i; count % 2 == 1; count /= 2) {
      node = Node(peaks.back(), node);
      peaks.pop_back();
    }
    peaks.push_back(node);
  }
  crypto::Hash256 root = peaks.back();
  for (std::size_t i = peaks.size() - 1; i-- > 0;) root = Node(peaks[i], root);
  return root;
}

}  // namespace geflecht::log
