// Nodes with sources in memory, joined by queues of frames. Time is virtual.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "tests/unit/sync/fake_source.h"

namespace geflecht::sync {

class Net {
 public:
  struct End {
    std::size_t node = 0;
    std::unique_ptr<Session> session;
    std::deque<Bytes> inbox;
    std::vector<Output> admissions;  // not executed yet
    std::optional<Close> closed;
    std::size_t bytes_received = 0;
    std::size_t frames_received = 0;
    // Bytes of Run and Bodies frames that went out and for which no Ack came back.
    std::size_t in_flight = 0;
    std::size_t in_flight_max = 0;
  };
  struct Link {
    End ends[2];
    bool up = true;
  };

  Net(std::size_t nodes, std::uint64_t seed, std::size_t spaces = 1);

  std::size_t Connect(std::size_t a, std::size_t b, FeedPrefix prefix = &codec::PrefixOf);
  void Disconnect(std::size_t link) { links[link].up = false; }
  void Write(std::size_t node, const log::SpaceId& space, std::size_t count = 1,
             std::size_t value_bytes = 16);
  void Stored(std::size_t node, const log::SpaceId& space);
  void Opened(std::size_t node);  // is held back no more

  // Delivers one frame or executes one admission, chosen at random; false if there is none.
  bool Step();
  void RunUntilQuiet();
  // RunUntilQuiet with timers until `ms` have passed.
  void RunFor(std::int64_t ms);
  // Whether all nodes hold the same and every body of it.
  bool AllHoldTheSame() const;

  SeededRandom random;
  log::NetworkId network;
  std::vector<log::SpaceId> spaces;
  std::vector<std::unique_ptr<FakeSource>> nodes;
  std::deque<Link> links;
  Time now{1'000'000, 0};
  bool admissions_wait = false;  // execute them as steps of their own, in any order

 private:
  void Execute(std::size_t link, int end, Outputs outputs);
  void Admit(std::size_t link, int end, const Output& output);
  void Deliver(std::size_t link, int end);
};

}  // namespace geflecht::sync
