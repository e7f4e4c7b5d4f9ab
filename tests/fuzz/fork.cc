// Evidence of a fork: two texts with a byte 0xff between. The first byte says whether they are
// taken as they are (even) or signed by device 1 first (odd), each over its last header.
#include "node/log/fork.h"

#include <string>

#include "base/check.h"
#include "node/crypto/base64.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/signer.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

log::NetworkId Network() {
  log::NetworkId network;
  network.bytes.fill(0xaa);  // as in the seeds
  return network;
}

std::string Signed(std::string_view headers) {
  const std::size_t before =
      headers.size() < 2 ? std::string_view::npos : headers.rfind("\n\n", headers.size() - 2);
  const std::string_view last =
      before == std::string_view::npos ? headers : headers.substr(before + 2);
  if (last.size() < 2) return std::string(headers);
  const std::string_view text = last.substr(0, last.size() - 1);  // without the empty line
  if (!log::ParseHeader(text)) return std::string(headers);
  const crypto::Signature signature = KnownKey(1).Sign(log::kEntryNamespace, AsBytes(text));
  return std::string(headers) + "sig " + crypto::ToBase64(signature.view()) + "\n";
}

}  // namespace

void Fork(ByteView input) {
  Input in(input);
  const bool sign = in.Byte() % 2 == 1;
  const std::string_view texts = AsText(in.Rest());
  const std::size_t middle = texts.find('\xff');
  if (middle == std::string_view::npos) return;
  std::string lower(texts.substr(0, middle));
  std::string higher(texts.substr(middle + 1));
  if (sign) {
    lower = Signed(lower);
    higher = Signed(higher);
  }
  const auto fork = log::CheckFork(Network(), lower, higher);
  if (!fork) return;
  CHECK(fork->lower < fork->higher);
  CHECK(lower.find("device " + fork->feed.device.Hex() + "\n") != std::string::npos);
  CHECK(higher.find("seq " + std::to_string(fork->seq) + "\n") != std::string::npos);
  CHECK(!log::CheckFork(Network(), higher, lower));
  CHECK(!log::CheckFork(log::NetworkId(), lower, higher));
}

}  // namespace geflecht::fuzz
