#include "node/audit/proof_file.h"

#include "base/limits.h"
#include "node/crypto/base64.h"
#include "node/log/lines.h"
#include "node/log/merkle.h"

namespace geflecht::audit {
namespace {

constexpr std::string_view kProofLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kIndexWord = "index ";
constexpr std::size_t kPathMax = 63;  // of a tree of 2^63 leaves
constexpr std::uint8_t kNodePrefix[] = {0x01};

crypto::Hash256 Node(const crypto::Hash256& left, const crypto::Hash256& right) {
  return crypto::Sha256({kNodePrefix, left.view(), right.view()});
}

}  // namespace

std::vector<crypto::Hash256> InclusionPath(std::span<const crypto::Hash256> leaves,
                                           std::size_t index) {
  std::vector<crypto::Hash256> level(leaves.begin(), leaves.end());
  std::vector<crypto::Hash256> path;
  for (; level.size() > 1; index /= 2) {
    if ((index ^ 1) < level.size()) path.push_back(level[index ^ 1]);
    const std::size_t pairs = level.size() / 2;
    for (std::size_t i = 0; i < pairs; ++i) level[i] = Node(level[2 * i], level[2 * i + 1]);
    // A node without a sibling moves up as it is.
    if (level.size() % 2 == 1) level[pairs] = level.back();
    level.resize((level.size() + 1) / 2);
  }
  return path;
}

std::optional<crypto::Hash256> RootByPath(const crypto::Hash256& leaf, std::uint64_t index,
                                          std::uint64_t size,
                                          std::span<const crypto::Hash256> path) {
  if (index >= size) return std::nullopt;
  crypto::Hash256 node = leaf;
  std::uint64_t at = index;
  std::uint64_t last = size - 1;
  for (const crypto::Hash256& sibling : path) {
    if (last == 0) return std::nullopt;
    if (at % 2 == 1 || at == last) {
      node = Node(sibling, node);
      while (at % 2 == 0 && at != 0) {
        at /= 2;
        last /= 2;
      }
    } else {
      node = Node(node, sibling);
    }
    at /= 2;
    last /= 2;
  }
  return last == 0 ? std::optional(node) : std::nullopt;
}

std::string RenderProof(std::uint64_t index, std::span<const crypto::Hash256> path,
                        std::string_view checkpoint) {
  std::string out(kProofLine);
  out.append("\n").append(kIndexWord) += std::to_string(index) + "\n";
  for (const crypto::Hash256& hash : path) out += crypto::ToBase64(hash.view()) + "\n";
  return out.append("\n").append(checkpoint);
}

std::optional<Proof> ParseProof(std::string_view file, const FeedError& error) {
  Proof proof;
  log::LineReader lines(file);
  const auto refuse = [&](std::size_t line, std::string detail) -> std::optional<Proof> {
    error(line, std::move(detail));
    return std::nullopt;
  };
  const auto first = lines.Line();
  if (!first || *first != kProofLine) return refuse(1, "no proof of inclusion");
  const auto second = lines.Line();
  const auto index = second && second->starts_with(kIndexWord)
                         ? log::ParseDecimal(second->substr(kIndexWord.size()), limits::kSeqMax)
                         : std::nullopt;
  if (!index) return refuse(2, "\"index\" and a decimal expected");
  proof.index = *index;
  while (true) {
    const std::size_t number = lines.line();
    const auto line = lines.Line();
    if (!line) return refuse(number, "an empty line is expected behind the hashes");
    if (line->empty()) break;
    const auto bytes = crypto::FromBase64(*line);
    const auto hash = bytes ? crypto::Hash256::From(*bytes) : std::nullopt;
    if (!hash || proof.path.size() == kPathMax)
      return refuse(number, "no hash: 32 bytes in base64 expected, at most 63 of them");
    proof.path.push_back(*hash);
  }
  proof.checkpoint = lines.rest();
  proof.line = lines.line();
  return proof;
}

}  // namespace geflecht::audit
