// Every limit of a session (docs/formats/wire.md, node/sync/pace.h), from both sides: at the limit
// it is kept, one above the session ends, or does no more.
#include "base/limits.h"

#include <gtest/gtest.h>

#include "node/sync/pace.h"
#include "proto/codec/wire_codec.h"
#include "tests/unit/sync/fake_source.h"

namespace geflecht::sync {
namespace {

constexpr std::size_t kSmall = 64;

class SessionLimits : public testing::Test {
 protected:
  SessionLimits() : SessionLimits(1) {}
  explicit SessionLimits(std::size_t spaces)
      : random_(1),
        network_(random_.Make<log::NetworkId>()),
        spaces_(Spaces(spaces)),
        root_(spaces_.front()),
        own_(network_, spaces_, random_),
        peer_(network_, spaces_, random_),
        session_(HelloOf(own_), peer_.device(), own_, now_) {}

  std::vector<log::SpaceId> Spaces(std::size_t count) {
    std::vector<log::SpaceId> spaces = {log::RootSpace(network_)};
    while (spaces.size() < count) spaces.push_back(random_.Make<log::SpaceId>());
    return spaces;
  }
  codec::Hello HelloOf(const FakeSource& source) {
    return {codec::kProtocolMin, codec::kProtocolMax, codec::PrefixOf(source.network()),
            codec::PrefixOf(source.device()), random_.Make<codec::InstanceId>()};
  }
  Outputs Give(const codec::Message& message, std::size_t bytes = kSmall) {
    Outputs out;
    session_.OnMessage(message, bytes, now_, out);
    return out;
  }
  static std::optional<codec::ErrorCode> CodeOf(const Outputs& out) {
    if (out.empty() || !std::holds_alternative<Close>(out.back())) return std::nullopt;
    return std::get<Close>(out.back()).code;
  }
  // The messages of one type that came out.
  template <class M>
  static std::vector<M> Sent(const Outputs& out) {
    std::vector<M> sent;
    for (const Output& output : out)
      if (const auto* send = std::get_if<SendMessage>(&output))
        if (const auto* message = std::get_if<M>(&send->message)) sent.push_back(*message);
    return sent;
  }
  // Greets and lists all spaces with fingerprints that are not ours.
  void Greet() {
    Give(HelloOf(peer_));
    codec::Spaces lists;
    for (const log::SpaceId& space : spaces_)
      lists.lines.push_back({codec::PrefixOf(space), random_.Make<codec::ShortFingerprint>()});
    ASSERT_FALSE(CodeOf(Give(lists)));
  }
  codec::Prefix Root() const { return codec::PrefixOf(root_); }
  // The peer knows of no erasure.
  void GiveNoErasures() {
    for (const Output& output : Give(codec::Erasures{Root(), true, false, {}})) {
      const auto* lock = std::get_if<LockErased>(&output);
      Outputs out;
      if (lock != nullptr) session_.OnAdmitted(lock->ticket, Admission::kStored, now_, out);
    }
  }
  // A valid run of one entry; with `missing`, its predecessors are not given.
  codec::Run RunFrom(FakeSource& source, const log::SpaceId& space) {
    source.Write(space);
    const Arrival& last = source.arrival(space, source.entries(space) - 1);
    const log::Header& header = last.entry.header;
    return codec::PartsOf({header.seq, header.prev, {}}, {last.entry}, last.number);
  }

  SeededRandom random_;
  Time now_{1'000, 0};
  log::NetworkId network_;
  std::vector<log::SpaceId> spaces_;
  log::SpaceId root_;
  FakeSource own_;
  FakeSource peer_;
  Session session_;
};

TEST_F(SessionLimits, HelloMayTakeUntilTheLastMillisecond) {
  Outputs out;
  now_.mono_ms = 1'000 + limits::kHandshakeMs - 1;
  session_.OnTimer(now_, out);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(session_.NextDeadlineMs(), now_.mono_ms + 1);
  ++now_.mono_ms;
  session_.OnTimer(now_, out);
  EXPECT_EQ(CodeOf(out), codec::ErrorCode::kTimeout);
}

TEST_F(SessionLimits, SilenceIsPingedAndThenEnded) {
  Greet();
  Outputs out;
  now_.mono_ms = 1'000 + limits::kIdlePingMs - 1;
  session_.OnTimer(now_, out);
  EXPECT_TRUE(Sent<codec::Ping>(out).empty());
  ++now_.mono_ms;
  session_.OnTimer(now_, out);
  EXPECT_EQ(Sent<codec::Ping>(out).size(), 1u);
  out.clear();
  now_.mono_ms = 1'000 + limits::kIdleCloseMs - 1;
  session_.OnTimer(now_, out);
  EXPECT_FALSE(CodeOf(out));
  EXPECT_TRUE(Sent<codec::Ping>(out).empty()) << "one ping for one silence";
  ++now_.mono_ms;
  session_.OnTimer(now_, out);
  EXPECT_EQ(CodeOf(out), codec::ErrorCode::kTimeout);
}

TEST_F(SessionLimits, ControlMessages) {
  Greet();
  const codec::Status status{Root(), {}, 0};
  const std::uint64_t left = kTokensAtStart - 2;  // Hello and Spaces took one each
  for (std::uint64_t i = 0; i < left; ++i) ASSERT_FALSE(CodeOf(Give(status))) << i;
  now_.mono_ms += kTokenMs;  // one more
  EXPECT_FALSE(CodeOf(Give(status)));
  EXPECT_EQ(CodeOf(Give(status)), codec::ErrorCode::kLimit);
}

TEST_F(SessionLimits, ControlMessagesThatAreSavedUp) {
  Greet();
  const codec::Status status{Root(), {}, 0};
  now_.mono_ms += 1'000'000'000;
  for (std::uint64_t i = 0; i < kTokensMax; ++i) ASSERT_FALSE(CodeOf(Give(status))) << i;
  EXPECT_EQ(CodeOf(Give(status)), codec::ErrorCode::kLimit);
}

TEST_F(SessionLimits, ARunThatCanBePassedOn) {
  Greet();
  const codec::Run run = RunFrom(peer_, root_);
  EXPECT_FALSE(CodeOf(Give(run, kRunFrameBytesMax)));
  EXPECT_EQ(CodeOf(Give(run, kRunFrameBytesMax + 1)), codec::ErrorCode::kLimit);
}

TEST_F(SessionLimits, WindowOfASpace) {
  Greet();
  const codec::Run run = RunFrom(peer_, root_);
  const std::size_t most = limits::kWindowBytesPerSpace + limits::kFrameBytesMax;
  for (std::size_t given = 0; given < most;) {
    const std::size_t frame = std::min(kRunFrameBytesMax, most - given);
    EXPECT_FALSE(CodeOf(Give(run, frame)));
    given += frame;
  }
  EXPECT_EQ(CodeOf(Give(run, 1)), codec::ErrorCode::kLimit);
}

TEST_F(SessionLimits, FrontiersOfAMinute) {
  Greet();
  const codec::FrontierLines lines{Root(), {}, {}};
  for (std::uint32_t i = 0; i < kLinesPerMinuteMax; ++i) ASSERT_FALSE(CodeOf(Give(lines))) << i;
  now_.mono_ms += 60'000;
  for (std::uint32_t i = 0; i < kLinesPerMinuteMax; ++i) ASSERT_FALSE(CodeOf(Give(lines))) << i;
  now_.mono_ms += 59'999;
  EXPECT_EQ(CodeOf(Give(lines)), codec::ErrorCode::kLimit);
}

TEST_F(SessionLimits, BodiesAskedOfUs) {
  own_.Write(root_);
  Greet();  // no lines: nothing is sent yet
  const log::Header& header = own_.arrival(root_, 0).entry.header;
  codec::Need need{Root(), {}};
  need.items.assign(codec::kNeedItemsMax, {header.device, header.life, 0});
  for (std::size_t due = 0; due < kBodiesDueMax; due += need.items.size())
    ASSERT_FALSE(CodeOf(Give(need))) << due;
  need.items.resize(1);
  EXPECT_EQ(CodeOf(Give(need)), codec::ErrorCode::kLimit);
}

TEST_F(SessionLimits, BodiesThatWeAskFor) {
  own_.lose_bodies = true;
  own_.Write(root_, kAskedMax + 300);
  Greet();
  const Outputs out = Give(codec::Status{Root(), random_.Make<log::Fingerprint>(), 0});
  std::size_t asked = 0;
  for (const codec::Need& need : Sent<codec::Need>(out)) {
    EXPECT_LE(need.items.size(), codec::kNeedItemsMax);
    asked += need.items.size();
  }
  EXPECT_EQ(asked, kAskedMax);
}

TEST_F(SessionLimits, BodiesThatAreOwed) {
  Greet();
  Give(codec::FrontierLines{Root(), {}, {}});
  codec::Need need{Root(), {}};
  need.items.resize(codec::kNeedItemsMax);
  // The peer of another peer asks for bodies of entries that come later.
  FakeSource third(network_, spaces_, random_);
  third.Write(root_, kOwedMax + 1, 1);
  const log::Header& header = third.arrival(root_, 0).entry.header;
  for (std::uint64_t seq = 0; seq <= kOwedMax; ++seq) {
    codec::Need one{Root(), {{header.device, header.life, seq}}};
    ASSERT_FALSE(CodeOf(Give(one)));
  }
  log::Run entries;
  codec::Bodies bodies{Root(), header.device, header.life, {}};
  log::FeedHead head;
  for (std::size_t i = 0; i <= kOwedMax; ++i) {
    entries.push_back(third.arrival(root_, i).entry);
    bodies.items.push_back({i, **third.BodyOf(header.feed(), i)});
    if (entries.size() < limits::kRunEntriesMax && i != kOwedMax) continue;
    if (!entries.back().signature) entries.back() = third.SignAgain(entries.back());
    ASSERT_EQ(own_.Admit(root_, codec::PartsOf(head, entries, 1)), Admission::kStored);
    head = log::HeadAfter(entries);
    entries.clear();
  }
  own_.AdmitBodies(root_, bodies);
  // The peer is said to hold the entries: only what it asked for is sent.
  codec::FrontierLines lines{Root(), {}, {}};
  lines.short_lines.push_back({codec::PrefixOf(header.feed()), kOwedMax,
                               codec::PrefixOf(own_.Frontier(root_).begin()->second.head)});
  Give(lines);
  GiveNoErasures();
  Outputs out;
  session_.OnStored(root_, now_, out);
  std::size_t sent = 0;
  for (const codec::Bodies& message : Sent<codec::Bodies>(out)) sent += message.items.size();
  EXPECT_EQ(sent, kOwedMax);
}

TEST_F(SessionLimits, AnswersToFullFrontiers) {
  own_.Write(root_);
  Greet();
  codec::FrontierLines full{Root(), {}, {}};
  full.full.emplace();
  EXPECT_EQ(Sent<codec::FrontierLines>(Give(full)).size(), 1u);
  now_.mono_ms += kAnswerAfterMs - 1;
  EXPECT_TRUE(Sent<codec::FrontierLines>(Give(full)).empty());
  ++now_.mono_ms;
  EXPECT_EQ(Sent<codec::FrontierLines>(Give(full)).size(), 1u);
}

struct ManySpaces : SessionLimits {
  ManySpaces() : SessionLimits(limits::kSpacesPerSessionMax + 1) {}
};

TEST_F(ManySpaces, AreListedUpToTheLimit) {
  const auto lists = Sent<codec::Spaces>(Give(HelloOf(peer_)));
  ASSERT_EQ(lists.size(), 1u);
  EXPECT_EQ(lists[0].lines.size(), limits::kSpacesPerSessionMax);
  EXPECT_LE(codec::EncodeFrame(lists[0]).size(), limits::kFrameBytesMax);
  EXPECT_EQ(session_.progress().size(), limits::kSpacesPerSessionMax);
}

struct NineSpaces : SessionLimits {
  NineSpaces() : SessionLimits(9) {}
};

TEST_F(NineSpaces, WindowOfTheSession) {
  Greet();
  std::vector<codec::Run> runs;
  for (const log::SpaceId& space : spaces_) runs.push_back(RunFrom(peer_, space));
  // Spread over the spaces, so that no window of one fills up before that of the session does.
  std::size_t given = 0;
  const std::size_t most = limits::kWindowBytesPerSession + limits::kFrameBytesMax;
  for (std::size_t i = 0; given < most; i = (i + 1) % spaces_.size()) {
    const std::size_t frame = std::min(kRunFrameBytesMax, most - given);
    ASSERT_FALSE(CodeOf(Give(runs[i], frame)));
    given += frame;
  }
  EXPECT_EQ(CodeOf(Give(runs[8], 1)), codec::ErrorCode::kLimit);
}

// Runs that wait hold back what is acknowledged until they are here.
class RunsThatWait : public SessionLimits {
 protected:
  RunsThatWait() {
    Greet();
    first_ = RunFrom(peer_, root_);
    second_ = RunFrom(peer_, root_);
  }
  // Up to where the peer's arrivals are acknowledged then.
  std::uint64_t Acknowledged(codec::Run run, std::uint64_t arrival, Admission admission) {
    run.arrival = arrival;
    const Outputs out = Give(run, 500);
    Outputs after;
    session_.OnAdmitted(std::get<AdmitRun>(out.at(0)).ticket, admission, now_, after);
    return Sent<codec::Ack>(after).at(0).arrival;
  }
  std::uint64_t AcknowledgedAfter(std::size_t waiting) {
    for (std::size_t i = 0; i < waiting; ++i)
      EXPECT_EQ(Acknowledged(second_, 10 + i, Admission::kWaiting), 0u);
    EXPECT_EQ(own_.Admit(root_, first_), Admission::kStored);
    EXPECT_EQ(own_.Admit(root_, second_), Admission::kStored);
    return Acknowledged(first_, 10'000, Admission::kStored);
  }
  codec::Run first_;
  codec::Run second_;
};

TEST_F(RunsThatWait, AreAllRememberedUpToTheLimit) {
  EXPECT_EQ(AcknowledgedAfter(limits::kPendingEntriesMax), 10'000u);
}

TEST_F(RunsThatWait, OverTheLimitHoldBackTheRestOfTheSession) {
  EXPECT_EQ(AcknowledgedAfter(limits::kPendingEntriesMax + 1), 10 + limits::kPendingEntriesMax - 1);
}

}  // namespace
}  // namespace geflecht::sync
