// Actors whose node is honest and of whose words a part does not leave, or leaves changed.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "proto/codec/wire_codec.h"
#include "tests/sim/actors.h"
#include "tests/sim/site.h"
#include "tests/sim/workload.h"

namespace geflecht::sim {
namespace {

// Types of frames, as docs/formats/wire.md numbers them.
enum Type : std::uint8_t { kHello = 1, kSpaces, kLines, kNeed, kRun, kBodies, kAck, kSubscribe };

class Loiterer final : public Actor {
 public:
  using Actor::Actor;
  Attack attack() const override { return Attack::kLoiterer; }

  std::vector<Bytes> InPlaceOf(core::ConnId connection, Bytes frame) override {
    const auto [mode, added] = modes_.try_emplace(connection, random_.Below(6));
    if (!Leaves(mode->second, frame[0])) {
      Done();
      return {};
    }
    return Actor::InPlaceOf(connection, std::move(frame));
  }

 private:
  static bool Leaves(std::uint64_t mode, std::uint8_t type) {
    switch (mode) {
      case 0:
        return false;
      case 1:
        return type == kHello;
      case 2:
        return type <= kSpaces;
      case 3:
        return type <= kLines || type == kSubscribe;
      case 4:
        return type != kAck;
      default:
        return type != kRun && type != kBodies;
    }
  }
  std::map<core::ConnId, std::uint64_t> modes_;
};

class Liar final : public Actor {
 public:
  using Actor::Actor;
  Attack attack() const override { return Attack::kLiar; }

  std::vector<Bytes> InPlaceOf(core::ConnId connection, Bytes frame) override {
    auto message = codec::DecodeFrame(frame);
    if (!message || random_.Below(3) == 0) return Actor::InPlaceOf(connection, std::move(frame));
    const Heard& heard = heard_[connection];
    if (auto* spaces = std::get_if<codec::Spaces>(&*message)) {
      Twist(*spaces, heard);
    } else if (auto* lines = std::get_if<codec::FrontierLines>(&*message)) {
      Twist(*lines);
    } else if (auto* status = std::get_if<codec::Status>(&*message)) {
      status->fingerprint = heard.status && random_.Below(2) == 0
                                ? heard.status->fingerprint  // all is well
                                : random_.Make<log::Fingerprint>();
      status->bodies_missing = static_cast<std::uint32_t>(random_.Below(2));
    } else if (auto* ack = std::get_if<codec::Ack>(&*message)) {
      ack->arrival = heard.arrival;  // everything is stored
    } else {
      return Actor::InPlaceOf(connection, std::move(frame));
    }
    Done();
    return Actor::InPlaceOf(connection, codec::EncodeFrame(*message));
  }
  void Hears(core::ConnId connection, const Bytes& frame) override {
    auto message = codec::DecodeFrame(frame);
    if (!message) return;
    Heard& heard = heard_[connection];
    if (auto* spaces = std::get_if<codec::Spaces>(&*message)) heard.spaces = *std::move(spaces);
    if (auto* status = std::get_if<codec::Status>(&*message)) heard.status = *status;
    if (const auto* run = std::get_if<codec::Run>(&*message)) heard.arrival = run->arrival;
  }
  void Act() override {
    const core::ConnId line = AnyLine();
    if (line == 0) return;
    if (random_.Below(2) == 0) {
      Say(line, codec::Status{NetworkSpace(), random_.Make<log::Fingerprint>(), 0});
    } else {
      Say(line, codec::FrontierLines{NetworkSpace(), {}, {}});  // holds nothing at all
    }
    Done();
  }

 private:
  struct Heard {
    std::optional<codec::Spaces> spaces;
    std::optional<codec::Status> status;
    std::uint64_t arrival = 0;
  };
  void Twist(codec::Spaces& spaces, const Heard& heard) {
    for (codec::Spaces::Line& line : spaces.lines)
      line.fingerprint = random_.Make<codec::ShortFingerprint>();
    if (heard.spaces && random_.Below(2) == 0) spaces = *heard.spaces;
  }
  void Twist(codec::FrontierLines& lines) {
    lines.full.reset();
    std::erase_if(lines.short_lines, [&](const auto&) { return random_.Below(3) == 0; });
    for (auto& line : lines.short_lines) {
      if (random_.Below(2) == 0) line.seq += random_.Below(std::uint64_t{1} << 40);
      if (random_.Below(4) == 0) line.head = random_.Make<codec::Prefix>();
    }
    lines.short_lines.push_back(
        {random_.Make<codec::Prefix>(), random_.Below(1'000), random_.Make<codec::Prefix>()});
  }
  std::map<core::ConnId, Heard> heard_;
};

class Withholder final : public Actor {
 public:
  Withholder(Site& site, std::uint64_t seed, Trace& trace)
      : Actor(site, seed, trace), mode_(random_.Below(3)) {}
  Attack attack() const override { return Attack::kWithholder; }

  std::vector<Bytes> InPlaceOf(core::ConnId connection, Bytes frame) override {
    auto message = codec::DecodeFrame(frame);
    auto* bodies = message ? std::get_if<codec::Bodies>(&*message) : nullptr;
    const auto* run = message ? std::get_if<codec::Run>(&*message) : nullptr;
    bool drops = false;
    if (mode_ == 0) drops = bodies != nullptr;
    if (mode_ == 1 && bodies != nullptr) drops = IsCensored(bodies->device);
    if (mode_ == 1 && run != nullptr) drops = IsCensored(run->device);
    if (drops) {
      Done();
      return {};
    }
    if (mode_ == 2 && bodies != nullptr) {
      for (codec::BodyItem& item : bodies->items)
        for (log::Slot& slot : item.body.slots)
          if (const auto* field = std::get_if<log::Field>(&slot); field && random_.Below(2) == 0)
            slot = log::FieldLeaf(*field);
      Done();
      return Actor::InPlaceOf(connection, codec::EncodeFrame(*message));
    }
    return Actor::InPlaceOf(connection, std::move(frame));
  }
  // Something of its own, of which nobody gets the body.
  void Act() override {
    if (written_ == 2 || !site_.up()) return;
    ++written_;
    CreateForeignNote(site_, "withheld");
  }

 private:
  bool IsCensored(const log::DeviceId& device) {
    if (!censored_ && device != site_.device()) censored_ = device;
    return device == censored_;
  }
  std::uint64_t mode_;
  int written_ = 0;
  std::optional<log::DeviceId> censored_;
};

}  // namespace

std::unique_ptr<Actor> MakeLoiterer(Site& site, std::uint64_t seed, Trace& trace) {
  return std::make_unique<Loiterer>(site, seed, trace);
}
std::unique_ptr<Actor> MakeLiar(Site& site, std::uint64_t seed, Trace& trace) {
  return std::make_unique<Liar>(site, seed, trace);
}
std::unique_ptr<Actor> MakeWithholder(Site& site, std::uint64_t seed, Trace& trace) {
  return std::make_unique<Withholder>(site, seed, trace);
}

}  // namespace geflecht::sim
