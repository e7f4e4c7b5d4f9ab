// What goes into the node and what comes out of it. The node never does anything by itself: it is
// stepped with inputs and returns actions (docs/architecture.md).
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "node/crypto/channel_binding.h"
#include "node/crypto/sign.h"
#include "node/store/group_name.h"

namespace geflecht::core {

using ConnId = std::uint64_t;
using Ticket = std::uint64_t;

// ---- inputs
struct Connected {
  ConnId connection = 0;
  crypto::PublicKey tls_key;
  bool incoming = false;
  std::string address;  // as dialled, or of the remote socket
};
// In place of Connected on a connection that is for asking to join: an incoming one of whatever
// key, or one that DialToJoin asked for.
struct JoinConnected {
  ConnId connection = 0;
  crypto::PublicKey tls_key;
  bool incoming = false;
  std::string address;
  crypto::ChannelBinding binding;
};
struct Received {
  ConnId connection = 0;
  Bytes frame;  // type byte and payload, within the transport's limits
};
struct Closed {
  ConnId connection = 0;
  std::string reason;
};
struct DialFailed {
  std::string address;
  Error error;
};
struct TimerFired {};
struct Persisted {
  Ticket ticket = 0;  // this batch and all before it are on the disk
};
// The disk is full: the first batch that is not persisted and all behind it wait in memory for
// space. Until DiskWritable nothing new is decided that would have to be written.
struct DiskFull {};
struct DiskWritable {};
using Input = std::variant<Connected, JoinConnected, Received, Closed, DialFailed, TimerFired,
                           Persisted, DiskFull, DiskWritable>;

// ---- actions, to be executed in order. Whatever stands behind a Persist of the same step waits
// until its batch is on the disk. If the disk is full it waits, and the node is told; if the batch
// cannot be written for another reason the process ends.
struct Persist {
  Ticket ticket = 0;
  store::SharedBatch batch;  // never null
  // Replaces the device's anchor (node/replica/anchor.h) once the batch is on the disk.
  std::optional<Bytes> anchor;
  // Groups that are expunged (store.h) once the batch is on the disk, before Persisted.
  std::vector<store::GroupName> expunge = {};
};
struct Send {
  ConnId connection = 0;
  Bytes frame;
};
struct AllowLargeFrames {
  ConnId connection = 0;
};
struct Drop {
  ConnId connection = 0;
};
struct Dial {
  std::string address;
};
// Only to a device with this TLS key, to ask it for being admitted.
struct DialToJoin {
  std::string address;
  crypto::PublicKey pin;
};
// The one timer: fire at this monotonic time. Replaces an earlier Arm.
struct Arm {
  std::int64_t at_ms = 0;
};
// For the operator's log; no names, no content.
struct Note {
  std::string text;
};
using Action = std::variant<Persist, Send, AllowLargeFrames, Drop, Dial, DialToJoin, Arm, Note>;
using Actions = std::vector<Action>;

}  // namespace geflecht::core
