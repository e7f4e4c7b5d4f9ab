// Actors that need to know nothing: old frames, broken frames, large frames.
#include <algorithm>
#include <deque>
#include <utility>

#include "base/limits.h"
#include "proto/codec/wire_codec.h"
#include "tests/sim/actors.h"
#include "tests/sim/site.h"

namespace geflecht::sim {
namespace {

class Replayer final : public Actor {
 public:
  using Actor::Actor;
  Attack attack() const override { return Attack::kReplayer; }

  std::vector<Bytes> InPlaceOf(core::ConnId connection, Bytes frame) override {
    Keep(frame);
    return Actor::InPlaceOf(connection, std::move(frame));
  }
  void Hears(core::ConnId, const Bytes& frame) override { Keep(frame); }
  void Act() override {
    if (old_.empty()) return;
    for (std::uint64_t i = random_.Below(4); i < 4; ++i) {
      const core::ConnId line = AnyLine();
      if (line == 0) return;
      Say(line, old_[random_.Below(old_.size())]);
      Done();
    }
  }

 private:
  void Keep(const Bytes& frame) {
    old_.push_back(frame);
    if (old_.size() > 60) old_.pop_front();
  }
  std::deque<Bytes> old_;
};

class Garbler final : public Actor {
 public:
  using Actor::Actor;
  Attack attack() const override { return Attack::kGarbler; }

  std::vector<Bytes> InPlaceOf(core::ConnId connection, Bytes frame) override {
    if (random_.Below(12) == 0) {
      for (std::uint64_t i = random_.Below(4); i < 4; ++i)
        frame[random_.Below(frame.size())] ^= static_cast<std::uint8_t>(1u << random_.Below(8));
      if (random_.Below(3) == 0) frame.resize(1 + random_.Below(frame.size()));
      Done();
    }
    return Actor::InPlaceOf(connection, std::move(frame));
  }
  void Act() override {
    const core::ConnId line = AnyLine();
    if (line == 0) return;
    Bytes frame(1 + random_.Below(random_.Below(8) == 0 ? 8'000 : 200));
    random_.Fill(frame);
    frame[0] = static_cast<std::uint8_t>(random_.Below(14));
    Say(line, frame);
    Done();
  }
};

class Oversizer final : public Actor {
 public:
  using Actor::Actor;
  Attack attack() const override { return Attack::kOversizer; }

  std::vector<Bytes> InPlaceOf(core::ConnId connection, Bytes frame) override {
    // The first frame of a connection is Hello.
    if (frame[0] == kHello && random_.Below(4) == 0) {
      Done();
      return {Padded(std::move(frame), limits::kFrameBytesMaxBeforeHello + random_.Below(2))};
    }
    return Actor::InPlaceOf(connection, std::move(frame));
  }
  void Act() override {
    const core::ConnId line = AnyLine();
    if (line == 0) return;
    Say(line, Large());
    Done();
  }

 private:
  static constexpr std::uint8_t kHello = 1;

  // The message with a field that nobody knows, `size` bytes long in all.
  static Bytes Padded(Bytes frame, std::size_t size) {
    constexpr std::size_t kHead = 4;  // tag and length of up to 2 MiB
    if (frame.size() + kHead > size) return frame;
    std::size_t rest = size - frame.size() - kHead;
    frame.push_back(15 << 3 | 2);
    frame.push_back(static_cast<std::uint8_t>(rest | 0x80));
    frame.push_back(static_cast<std::uint8_t>(rest >> 7 | 0x80));
    frame.push_back(static_cast<std::uint8_t>(rest >> 14));
    frame.resize(size);
    return frame;
  }
  Bytes Large() {
    switch (random_.Below(7)) {
      case 0:
        return Padded(codec::EncodeFrame(codec::Ping{1, false}), limits::kFrameBytesMax + 1);
      case 1:
        return Padded(codec::EncodeFrame(codec::Ping{1, false}), limits::kFrameBytesMax);
      case 2:
      case 3: {  // what is owed to a peer
        codec::Need need{NetworkSpace(), {}};
        need.items.resize(codec::kNeedItemsMax + random_.Below(2));
        for (codec::Need::Item& item : need.items) {
          item.device = site_.device();
          item.seq = random_.Below(limits::kSeqMax);
        }
        return codec::EncodeFrame(need);
      }
      case 4: {
        codec::FrontierLines lines;
        lines.space = NetworkSpace();
        lines.short_lines.resize(limits::kFeedsPerSpaceMax);
        for (auto& line : lines.short_lines) line.feed = random_.Make<codec::Prefix>();
        return codec::EncodeFrame(lines);
      }
      case 5: {
        codec::Spaces spaces;
        spaces.lines.resize(limits::kSpacesPerSessionMax);
        for (auto& line : spaces.lines) line.space = random_.Make<codec::Prefix>();
        spaces.lines[0].space = NetworkSpace();
        return codec::EncodeFrame(spaces);
      }
      default: {  // bodies of entries that nobody has
        codec::Bodies bodies{NetworkSpace(), site_.device(), site_.life(), {}};
        log::Body body;
        body.slots.resize(limits::kFieldsMax, log::Slot(crypto::Hash256{}));
        for (std::uint64_t i = 0; i < 6; ++i)
          bodies.items.push_back({(std::uint64_t{1} << 40) + i, body});
        return codec::EncodeFrame(bodies);
      }
    }
  }
};

}  // namespace

std::unique_ptr<Actor> MakeReplayer(Site& site, std::uint64_t seed, Trace& trace) {
  return std::make_unique<Replayer>(site, seed, trace);
}
std::unique_ptr<Actor> MakeGarbler(Site& site, std::uint64_t seed, Trace& trace) {
  return std::make_unique<Garbler>(site, seed, trace);
}
std::unique_ptr<Actor> MakeOversizer(Site& site, std::uint64_t seed, Trace& trace) {
  return std::make_unique<Oversizer>(site, seed, trace);
}

}  // namespace geflecht::sim
