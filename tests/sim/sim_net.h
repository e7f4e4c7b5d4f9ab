// Connections between devices as the core sees them: dialled, authenticated, ordered within a
// connection like TCP, and ended in many ways. Stands in for node/net.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "node/core/events.h"
#include "tests/sim/event_queue.h"
#include "tests/sim/memory.h"
#include "tests/sim/options.h"
#include "tests/sim/trace.h"

namespace geflecht::sim {

// One device as the network knows it.
struct Port {
  crypto::PublicKey tls_key;
  std::function<bool(const crypto::PublicKey&)> is_peer;
  std::function<void(const core::Input&)> deliver;
  bool up = false;
  std::uint64_t starts = 0;  // which process it is
  bool hostile = false;
};

class SimNet {
 public:
  struct End {
    std::size_t site = 0;
    core::ConnId id = 0;
    bool open = false;  // its node holds the connection
    bool large_frames = false;
    std::int64_t last_ms = 0;                                        // nothing arrives here before
    std::int64_t cut_ms = std::numeric_limits<std::int64_t>::max();  // nor from then on
    std::deque<std::optional<Bytes>> held;  // arrived while stalled; nothing = end of the stream
  };
  struct Link {
    std::array<End, 2> ends;  // the first one dialled
    bool stalled = false;
    bool hostile = false;  // somebody put frames into it
  };

  SimNet(EventQueue& queue, const Options& options, Trace& trace);

  std::vector<Port> ports;  // filled before anything is sent
  static std::string AddressOf(std::size_t site);
  // What `honest` holds because of `hostile`.
  Account AccountOf(std::size_t honest, std::size_t hostile) const;

  // What a node asks for.
  void Dial(std::size_t from, const std::string& address);
  void Send(std::size_t from, core::ConnId connection, const Bytes& frame);
  void AllowLargeFrames(std::size_t from, core::ConnId connection);
  void Close(std::size_t from, core::ConnId connection);
  // The site at the other end of an open connection; nothing if there is none.
  std::optional<std::size_t> OtherEnd(core::ConnId connection) const;

  // Faults.
  void ProcessGone(std::size_t site, bool unnoticed);
  void CutOne();
  void StallOne();
  void Partition();
  // Nothing leaves the site or arrives there until Heal.
  void Isolate(std::size_t site) { group_[site] = 1; }
  void Heal();
  // Puts a hostile frame, or an old one, into one connection.
  void Inject();
  void InjectOld();
  // From now on nothing is inflicted; what still is ends.
  void Calm();

  bool AreConnected(std::size_t a, std::size_t b) const;
  // Whether frames that no node sent went into a connection between the two.
  bool Tampered(std::size_t a, std::size_t b) const;

 private:
  using LinkPtr = std::shared_ptr<Link>;
  bool Separated(std::size_t a, std::size_t b) const { return group_[a] != group_[b]; }
  void Establish(std::size_t from, std::size_t to, const std::string& address);
  void Record(std::size_t to, const Bytes& frame);
  void Schedule(const LinkPtr& link, std::size_t to_end, std::optional<Bytes> frame);
  void Arrive(const LinkPtr& link, std::size_t to_end, std::optional<Bytes> frame);
  void Hand(const LinkPtr& link, std::size_t to_end, std::optional<Bytes> frame);
  void Release(const LinkPtr& link);
  void Cut(const LinkPtr& link);
  void EndFor(const LinkPtr& link, std::size_t end, const std::string& reason);
  // Of two honest devices.
  LinkPtr RandomOpenLink();
  Account AccountOf(const Link& link, std::size_t end) const;
  Bytes HostileFrame(const Bytes& real, bool& must_refuse);
  void HandInjected(const LinkPtr& link, std::size_t to_end, const Bytes& frame, bool must_refuse);
  std::int64_t Latency() { return 1 + static_cast<std::int64_t>(random_.Below(longest_ms_)); }

  EventQueue& queue_;
  const Options& options_;
  Trace& trace_;
  SeededRandom random_;
  std::uint64_t longest_ms_;
  bool calm_ = false;
  core::ConnId last_id_ = 0;
  std::map<core::ConnId, LinkPtr> links_;  // by the id of either end
  std::vector<int> group_;                 // of a partition, by site
  struct Recorded {
    std::size_t to = 0;
    Bytes frame;
  };
  std::deque<Recorded> recorded_;  // frames of late
  std::deque<Recorded> runs_;      // and those of them that carry entries
  std::map<std::pair<std::size_t, std::size_t>, bool> tampered_;
};

}  // namespace geflecht::sim
