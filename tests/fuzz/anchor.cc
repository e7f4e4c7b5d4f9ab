// The anchor file: the input as it is, and as the lines in front of a checksum that holds.
#include "node/replica/anchor.h"

#include <algorithm>
#include <string>

#include "base/check.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

void CheckAnchor(ByteView file) {
  const auto anchor = replica::DecodeAnchor(file);
  if (!anchor) return;
  const Bytes again = replica::EncodeAnchor(*anchor);
  CHECK(std::ranges::equal(again, file));
  CHECK(replica::DecodeAnchor(again) == anchor);
}

}  // namespace

void Anchor(ByteView input) {
  CheckAnchor(input);
  std::string text = ToText(input);
  text += "sum " + crypto::Sha256(input).Hex() + "\n";
  if (text.size() > replica::kAnchorBytes) return;
  text.resize(replica::kAnchorBytes, '\n');
  CheckAnchor(AsBytes(text));
}

}  // namespace geflecht::fuzz
