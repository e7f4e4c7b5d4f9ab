// A session of two nodes, of which the second one's frames can be damaged, repeated, dropped,
// swapped and made up on their way to the first. Each byte of the input is an operation with what
// it needs behind it. The first node's session must stay within its limits, stay silent once it
// closed, and send nothing that does not decode. If nothing was tampered with, both nodes end
// equal.
#include <algorithm>
#include <deque>
#include <variant>

#include "base/check.h"
#include "base/limits.h"
#include "proto/codec/wire_codec.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/session_source.h"
#include "tests/fuzz/targets.h"

namespace geflecht::fuzz {
namespace {

constexpr int kOperationsMax = 200;
constexpr std::size_t kOutputsMax = 256;  // of one call; the universe is small

codec::Hello HelloOf(std::size_t device) {
  const Universe& universe = Universe::Get();
  codec::Hello hello;
  hello.network = codec::PrefixOf(universe.network);
  hello.device = codec::PrefixOf(universe.devices[device]);
  hello.instance.bytes.fill(static_cast<std::uint8_t>(device + 1));
  return hello;
}

struct Pending {
  sync::Output output;
  std::size_t frame_bytes = 0;
};

struct End {
  explicit End(std::size_t device)
      : session(HelloOf(device), Universe::Get().devices[1 - device], source, Time{1'000, 0}) {}

  Source source;
  sync::Session session;
  std::deque<Bytes> inbox;
  std::deque<Pending> admissions;
  bool closed = false;
  std::size_t unacknowledged = 0;  // bytes of runs and bodies that wait for admission
};

class Play {
 public:
  explicit Play(ByteView input) : in_(input), ends_{End(0), End(1)} {}

  void Run() {
    for (std::size_t end = 0; end < 2; ++end) {
      sync::Outputs out;
      ends_[end].session.Start(out);
      Execute(end, std::move(out));
    }
    for (int i = 0; i < kOperationsMax && !in_.AtEnd(); ++i) Operate(in_.Byte());
    if (clean_) Settle();
  }

 private:
  // ---- what both nodes do
  template <class Call>
  void Do(std::size_t end, Call call) {
    sync::Outputs out;
    const bool was_closed = ends_[end].closed;
    call(ends_[end].session, out);
    CHECK(!was_closed || out.empty());
    CHECK(out.size() <= kOutputsMax);
    Execute(end, std::move(out));
    CheckState(ends_[end]);
  }

  void Execute(std::size_t end, sync::Outputs outputs) {
    End& mine = ends_[end];
    for (sync::Output& output : outputs) {
      CHECK(!mine.closed);
      if (const auto* send = std::get_if<sync::SendMessage>(&output)) {
        Bytes frame = codec::EncodeFrame(send->message);
        CHECK(frame.size() <= limits::kFrameBytesMax);
        const auto decoded = codec::DecodeFrame(frame);
        CHECK(decoded.has_value() && *decoded == send->message);
        ends_[1 - end].inbox.push_back(std::move(frame));
      } else if (std::holds_alternative<sync::Close>(output)) {
        mine.closed = true;
      } else {
        mine.admissions.push_back({std::move(output), claimed_});
        mine.unacknowledged += claimed_;
      }
    }
  }

  void CheckState(const End& end) {
    if (end.closed) {
      CHECK(!end.session.AllEqual());
      return;
    }
    for (const auto& [space, progress] : end.session.progress())
      CHECK(progress.acked_arrival <= end.source.LastArrival(space));
    if (!respaced_)
      CHECK(end.unacknowledged <= limits::kWindowBytesPerSession + limits::kFrameBytesMax);
  }

  void Give(std::size_t end, ByteView frame, std::size_t claimed) {
    const auto message = codec::DecodeFrame(frame);
    claimed_ = claimed;
    Do(end, [&](sync::Session& session, sync::Outputs& out) {
      if (message) {
        session.OnMessage(*message, claimed, now_, out);
      } else {
        session.OnMalformed(message.error(), out);
      }
    });
  }

  void Deliver(std::size_t end) {
    if (ends_[end].inbox.empty()) return;
    const Bytes frame = std::move(ends_[end].inbox.front());
    ends_[end].inbox.pop_front();
    Give(end, frame, frame.size());
  }

  void Admit(std::size_t end, std::size_t index) {
    End& mine = ends_[end];
    if (mine.admissions.empty()) return;
    const auto at =
        mine.admissions.begin() + static_cast<std::ptrdiff_t>(index % mine.admissions.size());
    const Pending pending = std::move(*at);
    mine.admissions.erase(at);
    mine.unacknowledged -= pending.frame_bytes;
    if (const auto* lock = std::get_if<sync::LockErased>(&pending.output)) {
      Do(end, [&](sync::Session& session, sync::Outputs& out) {
        session.OnAdmitted(lock->ticket, sync::Admission::kStored, now_, out);
      });
      return;
    }
    const auto* run = std::get_if<sync::AdmitRun>(&pending.output);
    const auto* bodies = std::get_if<sync::AdmitBodies>(&pending.output);
    const log::SpaceId space = run != nullptr ? run->space : bodies->space;
    const std::uint64_t ticket = run != nullptr ? run->ticket : bodies->ticket;
    const sync::Admission admission = run != nullptr
                                          ? mine.source.Admit(space, run->run)
                                          : mine.source.AdmitBodies(space, bodies->bodies);
    Do(end, [&](sync::Session& session, sync::Outputs& out) {
      session.OnAdmitted(ticket, admission, now_, out);
    });
    Stored(end, space);
  }

  void Stored(std::size_t end, const log::SpaceId& space) {
    Do(end,
       [&](sync::Session& session, sync::Outputs& out) { session.OnStored(space, now_, out); });
  }

  void Write(std::size_t end, std::size_t number, bool with_body) {
    const Universe::Item& item = Universe::Get().items[number];
    if (item.author == 1 - end) return;
    if (ends_[end].source.Write(number, with_body)) Stored(end, item.entry.header.space);
  }

  void Wait(std::int64_t ms) {
    now_.mono_ms += ms;
    for (std::size_t end = 0; end < 2; ++end) {
      if (ends_[end].session.NextDeadlineMs() > now_.mono_ms) continue;
      Do(end, [&](sync::Session& session, sync::Outputs& out) { session.OnTimer(now_, out); });
      CHECK(ends_[end].session.NextDeadlineMs() > now_.mono_ms);
    }
  }

  // ---- what stands in the input
  void Operate(std::uint8_t operation) {
    switch (operation % 16) {
      case 0:
      case 1:
      case 2:
        return Deliver(0);
      case 3:
      case 4:
        return Deliver(1);
      case 5:
        return Admit(0, operation / 16);
      case 6:
        return Admit(1, operation / 16);
      case 7:
      case 8: {
        const std::uint8_t which = in_.Byte();
        return Write(operation % 16 == 8, which % Universe::Get().items.size(), which < 200);
      }
      case 9:
        return Wait(std::int64_t{16} * in_.Word());
      default:
        clean_ = false;
        return Tamper(operation);
    }
  }

  void Tamper(std::uint8_t operation) {
    std::deque<Bytes>& inbox = ends_[0].inbox;
    switch (operation % 16) {
      case 10:
        if (inbox.empty()) return;
        for (int flips = 1 + operation / 64; flips > 0; --flips)
          inbox.front()[in_.Below(inbox.front().size())] ^= in_.Byte();
        return Deliver(0);
      case 11:
        if (inbox.empty()) return;
        if (operation < 128) inbox.pop_front();
        if (operation >= 128) inbox.push_back(inbox.front());
        return;
      case 12:
        if (inbox.size() > 1) std::swap(inbox.front(), inbox[1 + in_.Below(inbox.size() - 1)]);
        return;
      case 13: {
        const ByteView frame = in_.Take(in_.Byte());
        return Give(0, frame, frame.size());
      }
      case 14: {
        const Bytes frame = codec::EncodeFrame(MadeUp(operation / 16));
        return Give(0, frame, in_.Byte() < 240 ? frame.size() : limits::kFrameBytesMax / 2);
      }
      default: {
        respaced_ = true;
        std::vector<log::SpaceId>& served = ends_[0].source.served;
        served = Universe::Get().spaces;
        if (operation < 96) served.pop_back();
        if (operation > 192) std::swap(served[0], served[1]);
        return Do(0, [&](sync::Session& session, sync::Outputs& out) {
          session.OnEntitlement(now_, out);
        });
      }
    }
  }

  // A message that fits the universe better than what the fuzzer would find by itself.
  codec::Message MadeUp(std::size_t kind) {
    const Universe& universe = Universe::Get();
    const log::SpaceId& space = universe.spaces[in_.Below(universe.spaces.size())];
    const codec::Prefix prefix = codec::PrefixOf(space);
    const Universe::Item& item = universe.items[in_.Below(universe.items.size())];
    const log::Header& header = item.entry.header;
    switch (kind) {
      case 0:
        return codec::Ack{prefix, in_.Byte(), in_.Word()};
      case 1:
        return codec::Subscribe{prefix};
      case 2:
        return codec::Status{prefix, ends_[in_.Below(2)].source.Fingerprint(space), in_.Byte()};
      case 3: {
        codec::Need need{prefix, {}};
        for (std::size_t count = in_.Byte(); count > 0; --count)
          need.items.push_back({header.device, header.life, in_.Byte()});
        return need;
      }
      case 4:
      case 5: {
        codec::FrontierLines lines;
        lines.space = prefix;
        if (kind == 5)
          lines.full.emplace(
              {codec::FrontierLines::Full{header.device, header.life, header.seq, item.entry.id}});
        if (kind == 4)
          lines.short_lines.push_back(
              {codec::PrefixOf(header.feed()), in_.Byte(), codec::PrefixOf(item.entry.id)});
        return lines;
      }
      case 6: {
        respaced_ = true;
        codec::Spaces spaces;
        for (const log::SpaceId& one : universe.spaces)
          if (in_.Byte() % 2 == 0) spaces.lines.push_back({codec::PrefixOf(one), {}});
        return spaces;
      }
      case 7:
        return codec::Ping{in_.Byte(), in_.Byte() % 2 == 0};
      case 8: {
        codec::Bodies bodies{codec::PrefixOf(header.space), header.device, header.life, {}};
        bodies.items.push_back({in_.Byte(), item.body});
        return bodies;
      }
      case 9:
        return HelloOf(1);
      default: {
        const log::FeedHead head{header.seq, header.prev, {}};
        codec::Run run = codec::PartsOf(head, {item.entry}, in_.Byte());
        run.first_seq += kind - 10;
        return run;
      }
    }
  }

  // Everything arrives and time passes: both hold the same.
  void Settle() {
    for (int round = 0; round < 12; ++round) {
      for (bool any = true; any;) {
        any = false;
        for (std::size_t end = 0; end < 2; ++end) {
          any = any || !ends_[end].inbox.empty() || !ends_[end].admissions.empty();
          Deliver(end);
          Admit(end, 0);
        }
      }
      if (ends_[0].closed || ends_[1].closed) break;
      Wait(5'000);
    }
    // Who was silent too long has lost the session, and nothing else closes one.
    if (ends_[0].closed || ends_[1].closed) {
      CHECK(now_.mono_ms >= limits::kHandshakeMs);
      return;
    }
    for (const log::SpaceId& space : Universe::Get().spaces)
      CHECK(ends_[0].source.Fingerprint(space) == ends_[1].source.Fingerprint(space));
  }

  Input in_;
  Time now_{1'000, 0};
  End ends_[2];
  std::size_t claimed_ = 0;  // size of the frame that is being delivered
  bool clean_ = true;
  bool respaced_ = false;  // bytes of a space that is not shared any more count no longer
};

}  // namespace

void Session(ByteView input) { Play(input).Run(); }

}  // namespace geflecht::fuzz
