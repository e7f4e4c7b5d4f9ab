#include "tests/sim/large.h"

#include <sys/resource.h>

#include <algorithm>
#include <memory>
#include <variant>
#include <vector>

#include "proto/codec/wire_codec.h"
#include "tests/sim/found.h"
#include "tests/sim/site.h"
#include "tests/sim/workload.h"

namespace geflecht::sim {
namespace {

constexpr std::int64_t kStartMs = 10'000;
constexpr std::int64_t kWriteMs = 60'000;
constexpr std::int64_t kConvergeMs = 600'000;

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Counter final : public Watcher {
 public:
  explicit Counter(LargeResult& result) : result_(result) {}
  void Sends(const Site&, core::ConnId, const Bytes& frame) override {
    ++result_.frames;
    result_.frame_bytes += frame.size();
  }
  void Receives(const Site&, core::ConnId, const Bytes& frame) override {
    const auto message = codec::DecodeFrame(frame);
    Require(message.has_value(), "a frame does not decode");
    if (const auto* run = std::get_if<codec::Run>(&*message))
      result_.received += run->entries.size();
  }
  void Stepped(Site&) override {}

 private:
  LargeResult& result_;
};

bool AllEqual(const std::vector<std::unique_ptr<Site>>& sites) {
  std::optional<log::Fingerprint> all;
  for (const auto& site : sites) {
    const replica::Replica& replica = *site->node().replica();
    const replica::SpaceLog& log = replica.Log(replica.members().network_space());
    if (replica.NextCutMs() || !site->disk().idle() || log.missing_bodies() != 0) return false;
    if (!all) all = log.durable_fingerprint();
    if (log.durable_fingerprint() != all) return false;
  }
  return true;
}

}  // namespace

double LargeResult::CopiesPerNode() const {
  return static_cast<double>(received) / static_cast<double>(entries * (nodes - 1));
}

LargeResult RunLarge(std::size_t nodes, std::uint64_t seed) {
  LargeResult result;
  result.nodes = nodes;
  const double cpu_before = CpuSeconds();
  Options options;
  options.seed = seed;
  options.sites = static_cast<int>(nodes);
  options.light_disk = 1;
  SeededRandom random(seed);
  Trace trace;
  EventQueue queue;
  SimNet net(queue, options, trace);
  Counter counter(result);
  std::vector<std::unique_ptr<Site>> sites;
  while (sites.size() < nodes)
    sites.push_back(
        std::make_unique<Site>(sites.size(), Site::Role{}, options, queue, net, trace, counter));
  const log::Founding founding = Found(sites, random);
  for (std::size_t i = 0; i < nodes; ++i) {
    const std::vector<std::string> peers = {SimNet::AddressOf((i + 1) % nodes),
                                            SimNet::AddressOf(random.Below(nodes))};
    queue.After(static_cast<std::int64_t>(random.Below(kStartMs)),
                [&sites, &founding, peers, i] { sites[i]->Start(founding, peers); });
  }
  queue.RunUntil(queue.now_ms() + kStartMs);
  for (std::size_t note = 0; note < std::max<std::size_t>(nodes / 4, 10); ++note)
    queue.After(static_cast<std::int64_t>(random.Below(kWriteMs)),
                [&site = *sites[random.Below(nodes)]] { CreateForeignNote(site, "from afar"); });
  queue.RunUntil(queue.now_ms() + kWriteMs);
  const std::int64_t written_ms = queue.now_ms();
  while (!AllEqual(sites)) {
    Require(queue.now_ms() < written_ms + kConvergeMs, "the frontiers are not equal everywhere");
    queue.RunUntil(queue.now_ms() + 200);
  }
  result.virtual_ms = queue.now_ms() - written_ms;
  const replica::Replica& replica = *sites.front()->node().replica();
  result.entries = replica.Log(replica.members().network_space()).last_arrival();
  Require(result.entries > 0, "nobody wrote anything");
  result.cpu_s = CpuSeconds() - cpu_before;
  return result;
}

}  // namespace geflecht::sim
