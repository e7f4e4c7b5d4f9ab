// What a member costs that announces erasures without end, and what its partners feel of it:
//   announced_bench [SIZE...]
// For each size (1000, 10000, 100000) and each kind of target: CPU time for each announced erasure,
// of the next start, and of an honest partner's work beside it; with how many times the smallest
// size's that is.
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include "base/check.h"
#include "tests/unit/replica/announcing.h"

namespace geflecht::replica {
namespace {

enum class Named { kSameRecord, kRecords, kUnknown };
constexpr std::size_t kItemsOfMessage = 16, kHonest = 100, kStarts = 5;

double CpuUs() {
  timespec now{};
  CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <class Work>
double Us(const Work& work) {
  const double start = CpuUs();
  work();
  return CpuUs() - start;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Cost {
  std::size_t kept = 0;    // of what was announced
  double announced = 0;    // us for each
  double start = 0;        // ms
  double honest_run = 0;   // us for a change of another member, with its body
  double honest_lock = 0;  // us for an announced erasure of another member
};

log::Erasure Naming(const crdt::DocumentId& record) {
  return {"request", {}, {log::RecordId{record.bytes}}};
}

// net[1] announces to net[2]; net[0] is the honest partner.
Cost Measure(Named what, std::size_t size) {
  // As many as have room.
  const std::size_t records = what == Named::kUnknown      ? 0
                              : what == Named::kSameRecord ? 1
                                                           : std::min<std::size_t>(size, 20'000);
  Network net(3);
  std::vector<crdt::DocumentId> named;
  for (std::size_t i = 0; i < records; ++i) named.push_back(net[1].MakeNote("Notiz"));
  std::vector<crdt::DocumentId> honest;
  for (std::size_t i = 0; i < kHonest; ++i) honest.push_back(net[0].MakeNote("Notiz"));
  for (std::size_t from : {0u, 1u}) Bring(net[from], net[2]);
  std::vector<codec::Erasures> messages;
  for (std::size_t i = 0; i < size; ++i) {
    if (i % kItemsOfMessage == 0)
      messages.push_back({codec::PrefixOf(net.space), true, false, {}});
    crdt::DocumentId record;
    if (what == Named::kUnknown) {
      const log::EntryId made_up = MadeUp(i);
      std::copy_n(made_up.bytes.begin(), record.bytes.size(), record.bytes.begin());
    } else {
      record = named[i % named.size()];
    }
    messages.back().items.push_back(
        SignErasure(net[1], Naming(record), {net.founding.charter.id}, i + 1));
  }
  const auto lock = [&](const codec::Erasures& message, const Device& from) {
    const Admitted admitted = net[2].replica->Lock(net.space, message, from.key.public_key(), {});
    CHECK(admitted.outcome != Outcome::kRejected);
    CHECK(net[2].replica->Govern({}).has_value());
    net[2].Write();
  };
  Cost cost;
  cost.announced = Us([&] {
                     for (const codec::Erasures& message : messages) lock(message, net[1]);
                   }) /
                   static_cast<double>(size);
  cost.kept = net[2].replica->announced_erasures();
  std::vector<double> starts;
  for (std::size_t i = 0; i < kStarts; ++i)
    starts.push_back(Us([&] { net[2].Load(net.founding); }) / 1e3);
  cost.start = Median(std::move(starts));
  std::vector<double> runs, locks;
  for (std::size_t i = 0; i < kHonest; ++i) {
    const std::uint64_t before = net[0].Log().Head(net[0].Feed()).next_seq;
    CHECK(net[0].Type(honest[i], 0, "Text ").has_value());
    CHECK(net[0].replica->CutAll({}).has_value());
    net[0].Write();
    const std::uint64_t last = net[0].Log().Head(net[0].Feed()).next_seq - 1;
    const codec::Run run = RunOf(net[0], net[0].Feed(), before, last);
    const codec::Bodies bodies = BodiesOf(net[0], net[0].Feed(), before, last);
    runs.push_back(Us([&] {
      CHECK(net[2].replica->Admit(net.space, run).outcome == Outcome::kNew);
      CHECK(net[2].replica->AdmitBodies(net.space, bodies, {}).outcome == Outcome::kNew);
      net[2].Write();
    }));
    const codec::ErasureItem item =
        SignErasure(net[0], Naming(honest[i]), {net.founding.charter.id}, i + 1);
    locks.push_back(
        Us([&] { lock({codec::PrefixOf(net.space), true, false, {item}}, net[0]); }));
  }
  CHECK(net[2].replica->announced_erasures() == cost.kept + kHonest);
  cost.honest_run = Median(std::move(runs));
  cost.honest_lock = Median(std::move(locks));
  return cost;
}

void Print(double value, double first) {
  std::cout << std::setw(10) << value << " (" << value / first << ")";
}

void Run(const std::vector<std::size_t>& sizes) {
  std::cout << std::fixed << std::setprecision(1)
            << "announced, kept, us for each, start in ms, another member's change in us, its "
               "announced erasure in us (times the first size's)\n";
  for (const auto& [what, name] : {std::pair(Named::kSameRecord, "the same record"),
                                   std::pair(Named::kRecords, "different records"),
                                   std::pair(Named::kUnknown, "unknown records")}) {
    std::cout << name << '\n';
    std::optional<Cost> first;
    for (const std::size_t size : sizes) {
      const Cost cost = Measure(what, size);
      if (!first) first = cost;
      std::cout << std::setw(8) << size << std::setw(8) << cost.kept;
      Print(cost.announced, first->announced);
      Print(cost.start, first->start);
      Print(cost.honest_run, first->honest_run);
      Print(cost.honest_lock, first->honest_lock);
      std::cout << std::endl;
    }
  }
}

}  // namespace
}  // namespace geflecht::replica

int main(int argc, char** argv) {
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::strtoul(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = {1'000, 10'000, 100'000};
  geflecht::replica::Run(sizes);
  return 0;
}
