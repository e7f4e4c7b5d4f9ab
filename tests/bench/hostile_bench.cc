// hostile_bench [--rounds N] [--json]: CPU that a node spends for each byte of a hostile member,
// from the frame to the end of the session. The session before the bad frame counts on both sides
// of the ratio; TLS does not. Nothing fails on time.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "node/core/node.h"
#include "node/crypto/init.h"
#include "node/net/frame_reader.h"
#include "proto/codec/wire_codec.h"
#include "tests/unit/replica/network.h"

namespace geflecht {
namespace {

double CpuUs() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// The frames of one attack, given to a node in a session of their own.
struct Attack {
  std::string_view name;
  std::vector<Bytes> frames;
  std::size_t rounds_divisor = 1;  // large frames need fewer rounds
};

class Victim {
 public:
  explicit Victim(replica::Network& network) : network_(network), device_(network[0]) {
    auto node = core::Node::Load({&device_.key, &device_.tls, device_.life, std::nullopt},
                                 *device_.store, device_.random);
    CHECK(node.has_value());
    node_ = *std::move(node);
    core::Actions actions;
    CHECK(node_->Join(network.founding, /*admitted=*/false, now_, actions).has_value());
  }

  // Bytes that were given.
  std::size_t Suffer(const Attack& attack) {
    now_.mono_ms += 1'000;
    const replica::Device& attacker = network_[1];
    const core::ConnId connection = ++last_;
    Step(core::Connected{connection, attacker.tls.public_key(), true, "attacker.example:1"});
    const auto& members = node_->replica()->members();
    std::vector<Bytes> frames = {
        codec::EncodeFrame(codec::Hello{codec::kProtocolMin,
                                        codec::kProtocolMax,
                                        codec::PrefixOf(members.network()),
                                        codec::PrefixOf(attacker.key.public_key()),
                                        {}}),
        codec::EncodeFrame(codec::Spaces{{{codec::PrefixOf(members.network_space()), {}}}})};
    frames.insert(frames.end(), attack.frames.begin(), attack.frames.end());
    std::size_t bytes = 0;
    for (const Bytes& frame : frames) {
      bytes += 4 + frame.size();
      Step(core::Received{connection, frame});
    }
    Step(core::Closed{connection, "gone"});
    return bytes;
  }

 private:
  void Step(const core::Input& input) {
    core::Actions actions;
    node_->Step(input, now_, actions);
  }
  replica::Network& network_;
  replica::Device& device_;
  std::unique_ptr<core::Node> node_;
  Time now_{1'000, 1'000'000'000};
  core::ConnId last_ = 0;
};

// A run of the attacker whose signature holds, in the format of the wire.
codec::Run RunOfAttacker(replica::Network& network, std::size_t entries, std::size_t seen,
                         Random& random) {
  replica::Device& device = network[1];
  log::FeedHead head;
  log::Run run;
  while (run.size() < entries) {
    log::Header header;
    header.net = device.replica->members().network();
    header.space = network.space;
    header.device = device.key.public_key();
    header.life = device.life;
    header.seq = head.next_seq;
    header.prev = head.head;
    header.basis = {device.replica->founding().charter.id};
    header.kind = "gather";
    header.root = log::BodyRoot({});
    for (std::size_t i = 0; i < seen; ++i) header.seen.push_back(random.Make<log::EntryId>());
    std::sort(header.seen.begin(), header.seen.end());
    run.push_back(log::Sign(std::move(header), device.key));
    head = log::HeadAfter(run);
  }
  return codec::PartsOf({}, run, 1);
}

std::vector<Attack> AllAttacks(replica::Network& network) {
  SeededRandom random(7);
  const codec::Prefix space = codec::PrefixOf(network.space);
  Bytes garbage(8'000);
  random.Fill(garbage);
  garbage[0] = 0xEE;
  Bytes undecodable = garbage;
  undecodable[0] = 5;  // Run
  const auto flipped = [&](codec::Run run) {
    run.entries.back().signature->bytes[5] ^= 1;
    return codec::EncodeFrame(run);
  };
  codec::Need need{space, {}};
  need.items.resize(codec::kNeedItemsMax + 1);
  codec::FrontierLines lines{space, {}, {}};
  lines.short_lines.resize(limits::kFeedsPerSpaceMax + 1);
  codec::Bodies bodies{space, network[1].key.public_key(), network[1].life, {}};
  log::Body leaves;
  leaves.slots.resize(limits::kFieldsMax, log::Slot(crypto::Hash256{}));
  for (std::uint64_t i = 0; i < 7; ++i) bodies.items.push_back({i, leaves});
  return {
      {"garbage frame", {garbage}},
      {"undecodable message", {undecodable}},
      {"bad signature, 1 entry", {flipped(RunOfAttacker(network, 1, 0, random))}},
      {"bad signature, 256 entries", {flipped(RunOfAttacker(network, 256, 0, random))}, 10},
      {"causes that never arrive",
       {codec::EncodeFrame(RunOfAttacker(network, 200, 128, random))},
       50},
      {"one item too many in Need", {codec::EncodeFrame(need)}},
      {"one line too many in a frontier", {codec::EncodeFrame(lines)}, 10},
      {"bodies of entries that are not here", {codec::EncodeFrame(bodies)}, 50},
  };
}

void Report(std::string_view name, double us, std::size_t bytes, bool json, bool last) {
  const double ratio = us / static_cast<double>(bytes);
  if (json) {
    std::printf(
        "{\"attack\": \"%.*s\", \"bytes\": %zu, \"cpu_us\": %.0f, \"us_per_byte\": %.4f}%s\n",
        static_cast<int>(name.size()), name.data(), bytes, us, ratio, last ? "" : ",");
  } else {
    std::printf("%-38.*s %12zu bytes  %8.4f us CPU per byte\n", static_cast<int>(name.size()),
                name.data(), bytes, ratio);
  }
}

int Main(int argc, char** argv) {
  std::size_t rounds = 500;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
      rounds = static_cast<std::size_t>(std::atoi(argv[++i]));
    } else {
      std::fprintf(stderr, "usage: hostile_bench [--rounds N] [--json]\n");
      return 2;
    }
  }
  if (!crypto::Init() || rounds == 0) return 2;
  replica::Network network(2);
  if (json) std::printf("[\n");
  for (const Attack& attack : AllAttacks(network)) {
    Victim victim(network);
    std::size_t bytes = 0;
    const double before = CpuUs();
    for (std::size_t i = 0; i < std::max<std::size_t>(rounds / attack.rounds_divisor, 1); ++i)
      bytes += victim.Suffer(attack);
    Report(attack.name, CpuUs() - before, bytes, json, false);
  }
  // A length over the limit is judged by the transport when its four bytes are there.
  const Bytes length = {0x7F, 0xFF, 0xFF, 0xFF};
  const double before = CpuUs();
  for (std::size_t i = 0; i < rounds * 100; ++i) {
    net::FrameReader reader;
    ByteView in(length);
    CHECK(!reader.Take(in, limits::kFrameBytesMax));
  }
  Report("length over the limit", CpuUs() - before, rounds * 100 * length.size(), json, true);
  if (json) std::printf("]\n");
  return 0;
}

}  // namespace
}  // namespace geflecht

int main(int argc, char** argv) { return geflecht::Main(argc, argv); }
