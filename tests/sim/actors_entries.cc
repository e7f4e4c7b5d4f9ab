// Actors that sign: too much, in vain, twice.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "proto/codec/wire_codec.h"
#include "tests/sim/actors.h"
#include "tests/sim/site.h"
#include "tests/sim/workload.h"

namespace geflecht::sim {
namespace {

class Flooder final : public Actor {
 public:
  using Actor::Actor;
  Attack attack() const override { return Attack::kFlooder; }

  void Act() override {
    if (!site_.up()) return;
    for (int i = 0; i < 5 && written_ < 40; ++i, ++written_)
      CreateForeignNote(site_, "flood " + std::to_string(written_));
    const core::ConnId line = AnyLine();
    if (line == 0) return;
    for (std::uint64_t i = random_.Below(200); i < 200; ++i) Say(line, codec::Ping{i + 1, false});
    Done();
  }

 private:
  int written_ = 0;
};

class Bomber final : public Actor {
 public:
  using Actor::Actor;
  Attack attack() const override { return Attack::kBomber; }

  void Act() override {
    if (++acts_ > 25) return;
    for (int i = 0; i < 4; ++i) {
      const core::ConnId line = AnyLine();
      if (line == 0) return;
      Say(line, random_.Below(2) == 0 ? WithoutCauses() : BehindAGap());
      Done();
    }
  }

 private:
  log::Header HeaderAt(const log::FeedHead& head) {
    const replica::Replica& replica = *site_.node().replica();
    log::Header header;
    header.net = replica.members().network();
    header.space = replica.members().network_space();
    header.device = site_.device();
    header.life = site_.life();
    header.seq = head.next_seq;
    header.prev = head.head;
    header.basis = {replica.founding().charter.id};
    header.time_s = site_.Now().wall_ms / 3'600'000 * 3'600;
    header.kind = "gather";
    header.root = log::BodyRoot({});
    return header;
  }
  log::Run Signed(log::FeedHead head, std::size_t entries, std::size_t seen) {
    log::Run run;
    while (run.size() < entries) {
      log::Header header = HeaderAt(head);
      for (std::size_t i = 0; i < seen; ++i) header.seen.push_back(random_.Make<log::EntryId>());
      std::sort(header.seen.begin(), header.seen.end());
      const bool last = run.size() + 1 == entries;
      run.push_back(last ? log::Sign(std::move(header), site_.device_key())
                         : log::Entry::Of(std::move(header)));
      head = log::HeadAfter(run);
    }
    return run;
  }
  std::size_t Entries() { return random_.Below(3) == 0 ? limits::kRunEntriesMax : 4; }

  // Continues its own feed and has seen what nobody wrote.
  codec::Message WithoutCauses() {
    const replica::SpaceLog& log =
        site_.node().replica()->Log(site_.node().replica()->members().network_space());
    const log::FeedHead head = log.Head({log.space(), site_.device(), site_.life()});
    const std::size_t entries = Entries();
    return codec::PartsOf(head, Signed(head, entries, entries == 4 ? limits::kSeenMax : 8), 1);
  }
  // Stands far ahead, in its own name or in that of somebody else.
  codec::Message BehindAGap() {
    const log::FeedHead head{1 + random_.Below(1'000'000), random_.Make<log::EntryId>(), {}};
    codec::Run run = codec::PartsOf(head, Signed(head, Entries(), 1), 1);
    const auto& members = site_.node().replica()->members().all();
    if (random_.Below(2) == 0) run.device = members[random_.Below(members.size())].device;
    return run;
  }
  int acts_ = 0;
};

class Equivocator final : public Actor {
 public:
  using Actor::Actor;
  Attack attack() const override { return Attack::kEquivocator; }

  // Every other connection gets another entry in place of one of its own, of equal content.
  std::vector<Bytes> InPlaceOf(core::ConnId connection, Bytes frame) override {
    if (connection % 4 < 2) return Actor::InPlaceOf(connection, std::move(frame));
    auto message = codec::DecodeFrame(frame);
    if (auto* run = message ? std::get_if<codec::Run>(&*message) : nullptr;
        run != nullptr && run->device == site_.device() && run->entries.size() == 1) {
      if (const Twin* twin = TwinAt(run->life, run->first_seq)) {
        run->entries[0].root = twin->entry.header.root;
        run->entries[0].signature = twin->entry.signature;
        Done();
      }
    }
    if (auto* bodies = message ? std::get_if<codec::Bodies>(&*message) : nullptr;
        bodies != nullptr && bodies->device == site_.device()) {
      for (codec::BodyItem& item : bodies->items)
        if (const Twin* twin = TwinAt(bodies->life, item.seq)) item.body = twin->body;
    }
    return Actor::InPlaceOf(connection, codec::EncodeFrame(*message));
  }
  void Act() override {
    if (written_ == 4 || !site_.up() || Lines().size() < 2) return;
    ++written_;
    CreateForeignNote(site_, "said twice");
  }

 private:
  struct Twin {
    log::Entry entry;
    log::Body body;
  };
  const Twin* TwinAt(const log::LifeId& life, std::uint64_t seq) {
    const auto known = twins_.find({life, seq});
    if (known != twins_.end()) return &known->second;
    if (twins_.size() == 2) return nullptr;
    const replica::SpaceLog& log =
        site_.node().replica()->Log(site_.node().replica()->members().network_space());
    const auto stored = log.EntryAt({log.space(), site_.device(), life}, seq);
    if (!stored || !*stored || (*stored)->entry.header.fields == 0) return nullptr;
    const auto body = log.BodyOf(**stored);
    if (!body || !*body) return nullptr;
    Twin twin{{}, **body};
    for (log::Slot& slot : twin.body.slots)
      if (auto* field = std::get_if<log::Field>(&slot))
        slot = log::MakeField(field->name, field->value, random_);
    log::Header header = (*stored)->entry.header;
    header.root = log::BodyRoot(twin.body);
    twin.entry = log::Sign(std::move(header), site_.device_key());
    return &twins_.emplace(std::pair(life, seq), std::move(twin)).first->second;
  }
  std::map<std::pair<log::LifeId, std::uint64_t>, Twin> twins_;
  int written_ = 0;
};

}  // namespace

std::unique_ptr<Actor> MakeFlooder(Site& site, std::uint64_t seed, Trace& trace) {
  return std::make_unique<Flooder>(site, seed, trace);
}
std::unique_ptr<Actor> MakeBomber(Site& site, std::uint64_t seed, Trace& trace) {
  return std::make_unique<Bomber>(site, seed, trace);
}
std::unique_ptr<Actor> MakeEquivocator(Site& site, std::uint64_t seed, Trace& trace) {
  return std::make_unique<Equivocator>(site, seed, trace);
}

}  // namespace geflecht::sim
