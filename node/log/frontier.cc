#include "node/log/frontier.h"

namespace geflecht::log {

Fingerprint FingerprintOf(const Frontier& frontier) {
  Bytes text;
  for (const auto& [feed, item] : frontier) {
    Append(text, feed.space.view());
    Append(text, feed.device.view());
    Append(text, feed.life.view());
    AppendBe64(text, item.seq);
    Append(text, item.head.view());
  }
  return Fingerprint{crypto::Sha256(ByteView(text)).bytes};
}

}  // namespace geflecht::log
