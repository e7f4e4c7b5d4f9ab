// Frames that no node sent at this moment, put into a connection.
#include <algorithm>
#include <deque>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "proto/codec/wire_codec.h"
#include "tests/sim/sim_net.h"

namespace geflecht::sim {

void SimNet::Record(std::size_t to, const Bytes& frame) {
  if (options_.hostile == 0 && options_.replays == 0) return;
  const auto keep = [&](std::deque<Recorded>& frames, std::size_t most) {
    frames.push_back({to, frame});
    if (frames.size() > most) frames.pop_front();
  };
  keep(recorded_, 100);
  const auto message = codec::DecodeFrame(frame);
  if (message && std::holds_alternative<codec::Run>(*message)) keep(runs_, 10);
}

Bytes SimNet::HostileFrame(const Bytes& real, bool& must_refuse) {
  must_refuse = true;
  Bytes frame = real;
  switch (random_.Below(6)) {
    case 0:
      trace_.counts.Hit(Mark::kInjectedTruncated);
      frame.resize(random_.Below(frame.size()));
      must_refuse = frame.empty();  // what is left of a message can be a message
      return frame;
    case 1: {
      trace_.counts.Hit(Mark::kInjectedFlipped);
      frame[random_.Below(frame.size())] ^= static_cast<std::uint8_t>(1u << random_.Below(8));
      must_refuse = false;
      return frame;
    }
    case 2: {
      trace_.counts.Hit(Mark::kInjectedOversized);
      codec::Need need{random_.Make<codec::Prefix>(), {}};
      need.items.resize(codec::kNeedItemsMax + 1);
      return codec::EncodeFrame(need);
    }
    case 3:
      trace_.counts.Hit(Mark::kInjectedForeign);
      return codec::EncodeFrame(
          codec::Hello{codec::kProtocolMin, codec::kProtocolMax, random_.Make<codec::Prefix>(),
                       random_.Make<codec::Prefix>(), random_.Make<codec::InstanceId>()});
    case 4:
      trace_.counts.Hit(Mark::kInjectedForeign);
      return codec::EncodeFrame(codec::Subscribe{random_.Make<codec::Prefix>()});
    default:
      trace_.counts.Hit(Mark::kInjectedForeign);
      frame.assign(1 + random_.Below(100), 0);
      random_.Fill(frame);
      frame[0] = 0xEE;
      return frame;
  }
}

void SimNet::HandInjected(const LinkPtr& link, std::size_t to_end, const Bytes& frame,
                          bool must_refuse) {
  End& end = link->ends[to_end];
  const std::size_t most =
      end.large_frames ? limits::kFrameBytesMax : limits::kFrameBytesMaxBeforeHello;
  if (frame.size() > most || queue_.now_ms() >= end.cut_ms) return;
  link->hostile = true;
  tampered_[std::minmax(link->ends[0].site, link->ends[1].site)] = true;
  ports[end.site].deliver(core::Received{end.id, frame});
  if (!end.open) trace_.counts.Hit(Mark::kHostileRefused);
  Require(!must_refuse || !end.open, "a session goes on after a frame that it must refuse");
  queue_.After(3'000 + static_cast<std::int64_t>(random_.Below(20'000)),
               [this, link] { Cut(link); });
}

void SimNet::Inject() {
  const LinkPtr link = RandomOpenLink();
  if (!link || recorded_.empty()) return;
  bool must_refuse = false;
  const Bytes frame = HostileFrame(recorded_[random_.Below(recorded_.size())].frame, must_refuse);
  HandInjected(link, random_.Below(2), frame, must_refuse);
}

void SimNet::InjectOld() {
  const LinkPtr link = RandomOpenLink();
  if (!link || recorded_.empty()) return;
  const bool run = !runs_.empty() && random_.Below(3) != 0;
  const Recorded& old =
      run ? runs_[random_.Below(runs_.size())] : recorded_[random_.Below(recorded_.size())];
  // A member may pass on to anybody what it was sent.
  std::size_t to = random_.Below(2);
  if (!run && link->ends[1 - to].site == old.to) to = 1 - to;
  trace_.counts.Hit(Mark::kInjectedReplay);
  HandInjected(link, to, Bytes(old.frame), false);
}

}  // namespace geflecht::sim
