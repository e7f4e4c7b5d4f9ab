#include "proto/codec/messages.h"

#include <algorithm>

#include "node/crypto/hash.h"

namespace geflecht::codec {
namespace {

template <class Short>
Short FirstBytes(ByteView from) {
  return *Short::From(from.first(Short::kSize));
}

}  // namespace

Prefix PrefixOf(const log::SpaceId& space) { return FirstBytes<Prefix>(space.view()); }

Prefix PrefixOf(const log::EntryId& entry) { return FirstBytes<Prefix>(entry.view()); }

Prefix PrefixOf(const log::NetworkId& network) { return FirstBytes<Prefix>(network.view()); }

Prefix PrefixOf(const log::DeviceId& device) { return FirstBytes<Prefix>(device.view()); }

Prefix PrefixOf(const log::FeedKey& feed) {
  const crypto::Hash256 hash =
      crypto::Sha256({feed.space.view(), feed.device.view(), feed.life.view()});
  return FirstBytes<Prefix>(hash.view());
}

ShortId ShortOf(const log::EntryId& entry) { return FirstBytes<ShortId>(entry.view()); }

ShortFingerprint ShortOf(const log::Fingerprint& fingerprint) {
  return FirstBytes<ShortFingerprint>(fingerprint.view());
}

}  // namespace geflecht::codec
