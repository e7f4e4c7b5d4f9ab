// Random messages and entries for the tests of this folder.
#pragma once

#include "base/rng.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::codec {

Message RandomMessage(std::size_t type, Random& random);
EntryPart RandomPart(Random& random);
log::Body RandomBody(Random& random);
inline constexpr std::size_t kTypes = std::variant_size_v<Message>;

// Entries 0..count-1 of one feed of `space`; every third one is signed, and the last.
log::Run RandomFeed(const log::NetworkId& network, const log::SpaceId& space, std::size_t count,
                    Random& random);

}  // namespace geflecht::codec
