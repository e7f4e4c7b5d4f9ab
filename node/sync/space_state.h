// What a session knows of one space. Private to node/sync.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "proto/codec/messages.h"

namespace geflecht::sync {

enum class Admission {
  kStored,    // durable now (also: was known already)
  kWaiting,   // kept until its causes arrive; not stored
  kRejected,  // invalid: the peer is at fault
};

// An entry as the sender's store has it. Its body is read when its turn comes.
struct Arrival {
  std::uint64_t number = 0;  // arrival number in its space, from 1
  log::FeedKey feed;         // with the branch
  log::Entry entry;
};

using BodyKey = std::pair<log::FeedKey, std::uint64_t>;  // feed and seq of the body's entry

// Consecutive entries of one feed that are to become a run, as far as one of them is signed.
struct Stretch {
  std::vector<Arrival> entries;
  std::size_t covered = 0;  // so many of them: up to the last signed one
  std::size_t bytes = 0;
};

// A run that waits for its turn in the window, and the bodies that follow it.
struct Outgoing {
  log::FeedKey feed;
  codec::Run run;
  std::size_t frame_bytes = 0;
  std::vector<BodyKey> bodies;
};

// What was handed to the caller for admission.
struct Admitting {
  std::uint64_t ticket = 0;
  std::size_t frame_bytes = 0;
  std::uint64_t arrival = 0;  // the peer's; 0 for bodies
  log::FeedKey feed;
  std::uint64_t last_seq = 0;
  bool is_run = false;
  std::optional<Admission> decided = {};
  bool is_erasures = false;
  std::optional<bool> held_back = {};  // of the last Erasures: what the peer says of itself
};

// A run of the peer whose causes are missing; its bytes were given back.
struct Waiting {
  log::FeedKey feed;
  std::uint64_t last_seq = 0;
  std::uint64_t before = 0;  // the peer's arrival up to which all is decided in front of it
};

// Where I stand, as told to the peer.
struct OwnStatus {
  log::Fingerprint fingerprint;
  std::uint32_t bodies_missing = 0;
  bool operator==(const OwnStatus&) const = default;
};

struct SpaceState {
  log::SpaceId id;
  codec::Prefix prefix;
  log::Fingerprint line_fingerprint;      // as in the line of Spaces that the peer has
  std::uint32_t line_bodies_missing = 0;  // to me, when the line was made
  std::uint64_t line_arrival = 0;         // my last arrival then
  bool line_held_back = false;            // as in the line of Spaces that the peer has
  bool shared = false;                    // both list the space

  // Erasures go in front of everything else, in both directions.
  bool erasures_sent = false;
  std::uint64_t erasures_from = 1;  // my arrivals before it are sent or not lacked
  bool erasures_taken = false;      // the peer's: what it knows to be erased goes out no more
  bool erasures_left_out = false;   // some of the peer's could not be taken
  bool told = false;  // the peer has said all, but for bodies of erasures whose entries are here

  // Sending.
  bool peer_known = false;  // the peer's position is: by its lines, or as equal to mine
  bool subscribed = false;  // otherwise what came after its lines is not sent
  bool lines_sent = false;
  std::optional<std::int64_t> full_sent_ms;
  std::uint64_t catch_up_to = 0;  // my last arrival when the peer's lines came
  std::uint64_t cursor = 1;       // arrivals before it are sent, skipped or in `open`
  std::map<log::FeedKey, std::uint64_t> peer_next;  // by branch
  std::set<log::FeedKey> unclear;                   // as in PeerPositions
  std::uint32_t full_received = 0;                  // frontiers in full lines
  std::map<log::FeedKey, Stretch> open;             // by feed
  std::optional<log::FeedKey> current;              // feed of the latest entry read
  std::deque<Outgoing> ready;
  std::deque<BodyKey> bodies_due;
  // Those of which something is erased: sent when the erasures are.
  std::deque<BodyKey> erased_due;
  std::set<BodyKey> owed;      // bodies that the peer lacks and I too
  std::set<BodyKey> withheld;  // of which evidence was sent while I was held back
  std::size_t in_flight = 0;  // bytes sent and not given back
  std::uint64_t sent_arrival = 0;
  std::uint64_t seen_arrival = 0;  // counted in to_send
  std::optional<OwnStatus> status_sent;
  std::optional<log::Fingerprint> peer_status;

  // Receiving.
  std::deque<Admitting> admitting;
  std::deque<Waiting> waiting;
  std::size_t unacknowledged = 0;    // bytes received and not given back
  std::uint64_t stored_arrival = 0;  // of the peer: decided up to here, in its order
  std::uint64_t stored_arrival_max = ~std::uint64_t{0};
  std::uint64_t acked_arrival = 0;   // told to the peer
  std::uint32_t lines_received = 0;  // since lines_window_ms
  std::int64_t lines_window_ms = 0;

  // Bodies that I lack.
  bool ask = false;  // as soon as nothing is being admitted
  std::optional<std::int64_t> ask_at_ms;
  std::set<BodyKey> asked;

  std::optional<std::int64_t> differs_at_ms;  // both are idle and not equal since then

  bool Stalled() const {
    return (peer_known && !erasures_sent) || !ready.empty() || !bodies_due.empty() ||
           !erased_due.empty();
  }
};

}  // namespace geflecht::sync
