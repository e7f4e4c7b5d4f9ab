#include "tests/sim/actor.h"

#include "proto/codec/wire_codec.h"
#include "tests/sim/actors.h"
#include "tests/sim/site.h"

namespace geflecht::sim {

std::vector<Bytes> Actor::InPlaceOf(core::ConnId, Bytes frame) {
  std::vector<Bytes> frames;
  frames.push_back(std::move(frame));
  return frames;
}

void Actor::Say(core::ConnId connection, const Bytes& frame) { site_.SayRaw(connection, frame); }

void Actor::Say(core::ConnId connection, const codec::Message& message) {
  Say(connection, codec::EncodeFrame(message));
}

std::vector<core::ConnId> Actor::Lines() const {
  std::vector<core::ConnId> lines;
  if (!site_.up()) return lines;
  for (const core::SessionState& session : site_.node().sessions())
    lines.push_back(session.connection);
  return lines;
}

core::ConnId Actor::AnyLine() {
  const std::vector<core::ConnId> lines = Lines();
  return lines.empty() ? 0 : lines[random_.Below(lines.size())];
}

codec::Prefix Actor::NetworkSpace() const {
  return codec::PrefixOf(site_.node().replica()->members().network_space());
}

void Actor::Done() {
  if (done_) return;
  done_ = true;
  trace_.counts.Hit(static_cast<Mark>(static_cast<std::size_t>(Mark::kFirstAttack) +
                                      static_cast<std::size_t>(attack())));
}

std::unique_ptr<Actor> MakeActor(Attack attack, Site& site, std::uint64_t seed, Trace& trace) {
  switch (attack) {
    case Attack::kReplayer:
      return MakeReplayer(site, seed, trace);
    case Attack::kFlooder:
      return MakeFlooder(site, seed, trace);
    case Attack::kGarbler:
      return MakeGarbler(site, seed, trace);
    case Attack::kLoiterer:
      return MakeLoiterer(site, seed, trace);
    case Attack::kLiar:
      return MakeLiar(site, seed, trace);
    case Attack::kWithholder:
      return MakeWithholder(site, seed, trace);
    case Attack::kOversizer:
      return MakeOversizer(site, seed, trace);
    case Attack::kBomber:
      return MakeBomber(site, seed, trace);
    case Attack::kEquivocator:
      return MakeEquivocator(site, seed, trace);
    case Attack::kCount:
      break;
  }
  return nullptr;
}

}  // namespace geflecht::sim
