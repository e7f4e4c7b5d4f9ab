// The messages of one session between two nodes (docs/formats/wire.md), as plain values. Prefixes
// are the first 8 bytes of what they shorten; a mismatch after the transfer is repeated with full
// ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "node/log/frontier.h"

namespace geflecht::codec {

inline constexpr std::uint32_t kProtocolMin = 1;
inline constexpr std::uint32_t kProtocolMax = 1;

// Items of one message; more are asked for and sent in further ones.
inline constexpr std::size_t kNeedItemsMax = 256;
inline constexpr std::size_t kBodyItemsMax = limits::kRunEntriesMax;
inline constexpr std::size_t kErasureItemsMax = 256;

using Prefix = StrongId<struct PrefixTag, 8>;
using ShortId = StrongId<struct ShortIdTag, 16>;  // long enough that nobody finds two alike
using ShortFingerprint = StrongId<struct ShortFingerprintTag, 16>;
using InstanceId = StrongId<struct InstanceTag, 8>;  // new at each start of a node

Prefix PrefixOf(const log::SpaceId& space);
Prefix PrefixOf(const log::EntryId& entry);
Prefix PrefixOf(const log::NetworkId& network);
Prefix PrefixOf(const log::DeviceId& device);
Prefix PrefixOf(const log::FeedKey& feed);  // of SHA-256(space || device || life)
ShortId ShortOf(const log::EntryId& entry);
ShortFingerprint ShortOf(const log::Fingerprint& fingerprint);

// First message of both sides; nothing else is accepted or sent before it. Prefixes are enough: the
// device is the one that the transport authenticated, and every entry names its whole network.
struct Hello {
  std::uint32_t protocol_min = kProtocolMin;
  std::uint32_t protocol_max = kProtocolMax;
  Prefix network;
  Prefix device;
  InstanceId instance;
  bool operator==(const Hello&) const = default;
};
// The spaces to which the receiver is entitled, and where the sender stands.
struct Spaces {
  struct Line {
    Prefix space;
    ShortFingerprint fingerprint;
    bool bodies_missing = false;  // of entries of the space that the sender has
    bool held_back = false;       // the sender may lack erasures that others have
    bool operator==(const Line&) const = default;
  };
  std::vector<Line> lines;
  bool operator==(const Spaces&) const = default;
};
// The sender's frontier of a space: in short lines, or in full ones after a mismatch.
struct FrontierLines {
  struct Short {
    Prefix feed;
    std::uint64_t seq = 0;
    Prefix head;
    bool operator==(const Short&) const = default;
  };
  struct Full {
    log::DeviceId device;
    log::LifeId life;
    std::uint64_t seq = 0;
    log::EntryId head;
    auto operator<=>(const Full&) const = default;
  };
  Prefix space;
  std::vector<Short> short_lines;
  // Then short_lines is empty. Strictly ascending; a forked feed has a line for each head.
  std::optional<std::vector<Full>> full;
  bool operator==(const FrontierLines&) const = default;
};
// What an entry's header holds beyond its feed position. An empty basis outside the root space
// means the basis of the feed's previous entry.
struct EntryPart {
  std::vector<log::EntryId> seen;
  std::vector<log::EntryId> basis;
  std::int64_t time_s = 0;
  std::string kind;
  std::optional<log::EntryId> about;
  std::uint32_t fields = 0;
  std::uint32_t evidence = 0;
  crypto::Hash256 root;
  std::optional<crypto::Signature> signature;
  bool operator==(const EntryPart&) const = default;
};
// 1..256 consecutive entries of one feed; the last one is signed.
struct Run {
  Prefix space;
  log::DeviceId device;
  log::LifeId life;
  std::uint64_t first_seq = 0;
  std::optional<ShortId> prev;  // of the entry in front; none where first_seq is 0
  std::uint64_t arrival = 0;    // sender's arrival number of the last entry, echoed in Ack
  std::vector<EntryPart> entries;
  bool operator==(const Run&) const = default;
};
struct BodyItem {
  std::uint64_t seq = 0;
  log::Body body;
  bool operator==(const BodyItem&) const = default;
};
// Bodies of entries of one feed that were sent in runs before, or asked for.
struct Bodies {
  Prefix space;
  log::DeviceId device;
  log::LifeId life;
  std::vector<BodyItem> items;
  bool operator==(const Bodies&) const = default;
};
// Asks for bodies that the sender lacks.
struct Need {
  struct Item {
    log::DeviceId device;
    log::LifeId life;
    std::uint64_t seq = 0;
    bool operator==(const Item&) const = default;
  };
  Prefix space;
  std::vector<Item> items;
  bool operator==(const Need&) const = default;
};
// Everything up to `arrival` (of the receiver's numbering) is durably stored; `bytes` of Run and
// Bodies frames are given back to the receiver's window.
struct Ack {
  Prefix space;
  std::uint64_t arrival = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Ack&) const = default;
};
// Asks for everything newly stored in the space from now on. Equal lines of Spaces say so too.
struct Subscribe {
  Prefix space;
  bool operator==(const Subscribe&) const = default;
};
// Where the sender stands when it has nothing left to send in a space.
struct Status {
  Prefix space;
  log::Fingerprint fingerprint;
  std::uint32_t bodies_missing = 0;
  bool operator==(const Status&) const = default;
};
// An erase entry as it can be checked without the entries in front of it.
struct ErasureItem {
  std::string header;  // the exact text
  crypto::Signature signature;
  log::Body body;
  bool operator==(const ErasureItem&) const = default;
};
// Erase entries that the receiver's frontier lacks, sent before any run or body of the space.
struct Erasures {
  Prefix space;
  bool last = false;       // no more are to come
  bool held_back = false;  // as in Spaces: `last` is no word about what others have erased
  std::vector<ErasureItem> items;
  bool operator==(const Erasures&) const = default;
};
struct Ping {
  std::uint64_t number = 0;
  bool answer = false;
  bool operator==(const Ping&) const = default;
};
// Why the sender closes. Codes are stable; see docs/formats/wire.md.
enum class ErrorCode : std::uint32_t {
  kProtocol = 1,      // malformed or unexpected message
  kVersion = 2,       // no common protocol version
  kUnknown = 3,       // unknown network, device or space: one code and one timing for all of them
  kLimit = 4,         // over a limit of docs/formats/wire.md
  kVerification = 5,  // a signature or hash does not hold
  kDuplicate = 6,     // the two devices already have a session
  kShutdown = 7,      // the node stops or is locked
  kTimeout = 8,
};
struct Bye {
  ErrorCode code = ErrorCode::kShutdown;
  std::uint32_t retry_after_ms = 0;
  bool operator==(const Bye&) const = default;
};

using Message = std::variant<Hello, Spaces, FrontierLines, Need, Run, Bodies, Ack, Subscribe,
                             Status, Ping, Bye, Erasures>;

}  // namespace geflecht::codec
