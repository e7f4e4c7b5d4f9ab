// One session with one peer, without I/O: messages and events in, messages and admissions out
// (docs/formats/wire.md). The caller gives time, executes what is returned in order, and tells the
// session when admitted batches are on the disk. Not thread-safe.
//
// Comparison by frontier, then runs in the sender's order of arrival, which is a topological order
// of the entries; live push of everything newly stored afterwards, whatever its source.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "node/sync/space_state.h"

namespace geflecht::sync {

// What a session may read. Everything here is durable: what is not yet on the disk is not offered.
class Source {
 public:
  virtual ~Source() = default;
  // The spaces to which `peer` is entitled now, in the order in which they are served: the root
  // space first. At most kSpacesPerSessionMax.
  virtual std::vector<log::SpaceId> SpacesFor(const log::DeviceId& peer) const = 0;
  virtual const log::Frontier& Frontier(const log::SpaceId& space) const = 0;
  virtual log::Fingerprint Fingerprint(const log::SpaceId& space) const = 0;  // of Frontier
  virtual std::uint64_t LastArrival(const log::SpaceId& space) const = 0;     // 0 = none
  // The arrival number of an entry of the frontier's past.
  virtual Result<std::uint64_t> ArrivalOf(const log::FeedKey& feed, std::uint64_t seq) const = 0;
  // Arrivals from number `from` on, ascending, at most `entries_max`.
  virtual Result<std::vector<Arrival>> Arrivals(const log::SpaceId& space, std::uint64_t from,
                                                std::size_t entries_max) const = 0;
  virtual Result<std::optional<log::Body>> BodyOf(const log::FeedKey& feed,
                                                  std::uint64_t seq) const = 0;
  // The entry at a position, for the head in front of a run that starts inside a feed.
  virtual Result<std::optional<log::Entry>> EntryAt(const log::FeedKey& feed,
                                                    std::uint64_t seq) const = 0;
  // Entries of the space whose bodies are not here, at most `max`, and how many there are in all.
  virtual std::vector<codec::Need::Item> MissingBodies(const log::SpaceId& space,
                                                       std::size_t max) const = 0;
  virtual std::uint32_t MissingBodyCount(const log::SpaceId& space) const = 0;
  // Those arrivals from number `from` on that are erasures and whose bodies are here, ascending, at
  // most `max`.
  virtual Result<std::vector<Arrival>> Erasures(const log::SpaceId& space, std::uint64_t from,
                                                std::size_t max) const = 0;
  // What of a body nobody can have erased: the evidence of an entry of the root space, with leaves
  // in place of the other fields. Nothing for other spaces, and if not all evidence is here.
  virtual Result<std::optional<log::Body>> EvidenceOf(const log::FeedKey& feed,
                                                      std::uint64_t seq) const = 0;
  // Of a durable erase entry the body is missing, so that what it names is not erased.
  virtual bool LacksErasure(const log::SpaceId&) const { return false; }
  // Others may have erased what is here: of bodies only evidence goes out, and a peer cannot take
  // this node's word for what is erased. If that ends, the caller calls Session::OnOpened.
  virtual bool HeldBack() const = 0;
};

// ---- what the session asks for, in order
struct SendMessage {
  codec::Message message;
};
// Admit a run (through replica::Admit), then call OnAdmitted with `ticket`.
struct AdmitRun {
  std::uint64_t ticket = 0;
  log::SpaceId space;
  codec::Run run;
};
struct AdmitBodies {
  std::uint64_t ticket = 0;
  log::SpaceId space;
  codec::Bodies bodies;
};
// Lock what the erasures name (replica::Replica::Lock). kWaiting: not all could be taken.
struct LockErased {
  std::uint64_t ticket = 0;
  log::SpaceId space;
  codec::Erasures erasures;
};
// The caller sends Bye with the code and ends the connection. Nothing comes out of the session
// after it.
struct Close {
  codec::ErrorCode code = codec::ErrorCode::kShutdown;
  std::string reason;  // for the operator's log; no content
};
using Output = std::variant<SendMessage, AdmitRun, AdmitBodies, LockErased, Close>;
using Outputs = std::vector<Output>;

// Where a space stands in this session.
struct SpaceProgress {
  bool peer_serves = false;  // the peer lists the space
  bool equal = false;        // last fingerprints were equal, nothing under way
  // The peer has said what it knows to be erased; all of it is locked or erased here, durably. And
  // whether the peer itself may lack erasures.
  bool erasures_told = false;
  bool peer_held_back = false;
  bool erasures_known() const { return erasures_told && !peer_held_back; }
  std::uint64_t acked_arrival = 0;  // my entries up to here are durable at the peer
  std::uint32_t peer_bodies_missing = 0;
  std::uint64_t sent = 0;  // entries
  std::uint64_t received = 0;
  std::uint64_t to_send = 0;  // estimate of entries that the peer still lacks
};

using FeedPrefix = codec::Prefix (*)(const log::FeedKey& feed);

class Session {
 public:
  // `peer` is the device that the transport authenticated; `source` must outlive the session.
  // `feed_prefix` is another function only in tests of colliding prefixes.
  Session(const codec::Hello& own, const log::DeviceId& peer, const Source& source, Time now,
          FeedPrefix feed_prefix = &codec::PrefixOf);

  // Sends Hello and Spaces. Call once, first.
  void Start(Outputs& out);
  // `frame_bytes` is the size that EncodeFrame gave: type byte and payload.
  void OnMessage(const codec::Message& message, std::size_t frame_bytes, Time now, Outputs& out);
  // A frame that does not decode.
  void OnMalformed(const Error& error, Outputs& out);
  // The admission of `ticket` is decided, and durable where it says so. Once for each ticket, in
  // any order.
  void OnAdmitted(std::uint64_t ticket, Admission admission, Time now, Outputs& out);
  // Something new is durable in `space`, entries or bodies, whatever its source.
  void OnStored(const log::SpaceId& space, Time now, Outputs& out);
  // Source::HeldBack has become false.
  void OnOpened(Time now, Outputs& out);
  // The set of spaces that the peer may read has changed.
  void OnEntitlement(Time now, Outputs& out);
  // Call when NextDeadline has passed: ping, close on silence, full frontier after a mismatch.
  void OnTimer(Time now, Outputs& out);
  std::int64_t NextDeadlineMs() const;  // mono

  bool established() const { return hello_received_; }
  const log::DeviceId& peer() const { return peer_; }
  std::optional<codec::InstanceId> peer_instance() const { return peer_instance_; }
  const std::map<log::SpaceId, SpaceProgress>& progress() const { return progress_; }
  std::size_t in_flight() const { return in_flight_; }  // bytes that are not acknowledged
  // Every space that both sides serve to each other is equal, and at least one is.
  bool AllEqual() const;

 private:
  void CloseWith(codec::ErrorCode code, std::string reason, Outputs& out);
  void FailOnSource(const Error& error, Outputs& out);
  // False if the peer sends more control messages than anything here calls for.
  bool TakeToken(Time now);

  // The shared space that a message names. Otherwise nullptr: the session is closed, or the message
  // is about a space that was withdrawn a moment ago and is to be ignored.
  SpaceState* Shared(const codec::Prefix& space, Outputs& out);
  SpaceProgress& ProgressOf(const SpaceState& state) { return progress_.at(state.id); }

  // session.cc
  void On(const codec::Hello& message, Time now, Outputs& out);
  void On(const codec::Ping& message, Time now, Outputs& out);
  void On(const codec::Bye& message, Time now, Outputs& out);
  bool IsDue(std::int64_t at_ms, Time now) const { return at_ms <= now.mono_ms; }
  std::optional<std::int64_t> RepeatDueMs(const SpaceState& state) const;

  // session_spaces.cc
  void On(const codec::Spaces& message, Time now, Outputs& out);
  void On(const codec::FrontierLines& message, Time now, Outputs& out);
  void On(const codec::Subscribe& message, Time now, Outputs& out);
  void ListSpaces(Outputs& out);
  void Share(SpaceState& state, Time now, Outputs& out);
  void Unshare(SpaceState& state);
  void SendLines(SpaceState& state, bool full, Time now, Outputs& out);
  bool TakeLines(SpaceState& state, const codec::FrontierLines& lines, Outputs& out);

  // session_send.cc
  void On(const codec::Ack& message, Time now, Outputs& out);
  void On(const codec::Need& message, Time now, Outputs& out);
  // My branches that have an entry of their own at the position.
  std::vector<log::FeedKey> BranchesWith(const BodyKey& key) const;
  // Queues what a peer waits for; false if it is not here.
  bool PayOwed(SpaceState& state, const BodyKey& key, Outputs& out);
  // Does whatever the space allows now: sends, reports, asks, compares.
  void Settle(SpaceState& state, Time now, Outputs& out);
  void SettleStalled(Time now, Outputs& out);
  std::uint64_t LastToSend(const SpaceState& state) const;
  void CountNew(SpaceState& state);
  void Pump(SpaceState& state, Outputs& out);
  // False while the window does not allow all of them.
  bool SendErasures(SpaceState& state, Outputs& out);
  bool Lacks(const SpaceState& state, const Arrival& arrival) const;  // the peer
  bool SendRun(SpaceState& state, Outputs& out);
  bool SendBodies(SpaceState& state, std::deque<BodyKey>& due, Outputs& out);
  void SendCounted(SpaceState& state, codec::Message message, std::size_t bytes, Outputs& out);
  bool WindowAllows(const SpaceState& state, std::size_t bytes) const;
  bool Idle(const SpaceState& state) const;

  // session_runs.cc
  bool PeerHasAll(const SpaceState& state) const;
  bool ReadArrivals(SpaceState& state, Outputs& out);
  void AddToStretch(SpaceState& state, Arrival arrival, Outputs& out);
  void FlushStretch(SpaceState& state, const log::FeedKey& feed, Outputs& out);

  // session_receive.cc
  void On(const codec::Run& message, std::size_t frame_bytes, Outputs& out);
  void On(const codec::Bodies& message, std::size_t frame_bytes, Outputs& out);
  void On(const codec::Erasures& message, std::size_t frame_bytes, Outputs& out);
  void NoteErasuresTaken(SpaceState& state, const Admitting& item);
  void On(const codec::Status& message, Time now, Outputs& out);
  // The peer has what it sends, up to in front of `end`.
  void NoteHeld(SpaceState& state, const log::FeedKey& feed, std::uint64_t end);
  bool TakeIntoWindow(SpaceState& state, std::size_t frame_bytes, Outputs& out);
  // False if it stands where it stood.
  bool AdvanceStored(SpaceState& state);
  void AskForBodies(SpaceState& state, Outputs& out);

  codec::Hello own_;
  log::DeviceId peer_;
  const Source& source_;
  FeedPrefix feed_prefix_;
  bool closed_ = false;
  bool hello_received_ = false;
  bool spaces_listed_ = false;
  std::optional<codec::InstanceId> peer_instance_;

  std::int64_t started_ms_ = 0;
  std::int64_t received_ms_ = 0;  // when the peer was heard last
  std::uint64_t ping_number_ = 0;
  bool ping_open_ = false;
  std::uint64_t tokens_ = 0;
  std::int64_t tokens_ms_ = 0;
  std::deque<std::int64_t> repeats_ms_;  // when full frontiers were sent after a mismatch

  std::vector<log::SpaceId> order_;  // in which spaces are served
  std::map<log::SpaceId, SpaceState> spaces_;
  std::map<codec::Prefix, log::SpaceId> by_prefix_;
  std::set<codec::Prefix> withdrawn_;  // served earlier in this session
  std::map<codec::Prefix, codec::Spaces::Line> peer_lines_;
  std::map<log::SpaceId, SpaceProgress> progress_;

  std::size_t in_flight_ = 0;  // bytes, over all spaces
  std::size_t unacknowledged_ = 0;
  std::uint64_t next_ticket_ = 1;
  std::map<std::uint64_t, log::SpaceId> tickets_;
};

}  // namespace geflecht::sync
