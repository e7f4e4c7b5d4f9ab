// What a peer may not do, and that it costs the session and nothing else.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "proto/codec/wire_codec.h"
#include "tests/unit/sync/every_message.h"
#include "tests/unit/sync/fake_source.h"

namespace geflecht::sync {
namespace {

constexpr std::size_t kSmall = 64;

class Hostile : public testing::Test {
 protected:
  Hostile()
      : random_(1),
        network_(random_.Make<log::NetworkId>()),
        root_(log::RootSpace(network_)),
        other_(random_.Make<log::SpaceId>()),
        own_(network_, {root_, other_}, random_),
        peer_(network_, {root_, other_}, random_),
        session_(HelloOf(own_), peer_.device(), own_, now_) {}

  codec::Hello HelloOf(const FakeSource& source) {
    return {codec::kProtocolMin, codec::kProtocolMax, codec::PrefixOf(source.network()),
            codec::PrefixOf(source.device()), random_.Make<codec::InstanceId>()};
  }
  Outputs Give(const codec::Message& message, std::size_t bytes = kSmall) {
    Outputs out;
    session_.OnMessage(message, bytes, now_, out);
    return out;
  }
  // The code of Close if the message brings it about, which must then be all that comes out.
  std::optional<codec::ErrorCode> CodeOf(const codec::Message& message,
                                         std::size_t bytes = kSmall) {
    const Outputs out = Give(message, bytes);
    if (out.empty() || !std::holds_alternative<Close>(out.back())) return std::nullopt;
    EXPECT_EQ(out.size(), 1u);
    EXPECT_TRUE(Give(codec::Ping{1, false}).empty()) << "a closed session is silent";
    return std::get<Close>(out.back()).code;
  }
  codec::Spaces Lists(const std::vector<log::SpaceId>& spaces) {
    codec::Spaces message;
    for (const log::SpaceId& space : spaces)
      message.lines.push_back({codec::PrefixOf(space), random_.Make<codec::ShortFingerprint>()});
    return message;
  }
  // Greets and lists the root space only, with another fingerprint than ours.
  void Greet() {
    ASSERT_FALSE(CodeOf(HelloOf(peer_)));
    ASSERT_FALSE(CodeOf(Lists({root_})));
    ASSERT_TRUE(session_.established());
  }
  // The peer stands at the beginning and knows of no erasure.
  void GiveNothing() {
    Give(codec::FrontierLines{codec::PrefixOf(root_), {}, {}});
    for (const Output& output : Give(codec::Erasures{codec::PrefixOf(root_), true, false, {}})) {
      const auto* lock = std::get_if<LockErased>(&output);
      Outputs out;
      if (lock != nullptr) session_.OnAdmitted(lock->ticket, Admission::kStored, now_, out);
    }
  }
  codec::Run RunFrom(FakeSource& source, const log::SpaceId& space) {
    source.Write(space);
    const Arrival& last = source.arrival(space, source.entries(space) - 1);
    const log::Header& header = last.entry.header;
    const log::FeedHead head{header.seq, header.prev, {}};
    return codec::PartsOf(head, {last.entry}, last.number);
  }

  EveryMessage Every(const codec::Prefix& space) {
    return {space, HelloOf(peer_), RunFrom(peer_, root_)};
  }

  SeededRandom random_;
  Time now_{1'000, 0};
  log::NetworkId network_;
  log::SpaceId root_;
  log::SpaceId other_;
  FakeSource own_;
  FakeSource peer_;
  Session session_;
};

TEST_F(Hostile, EveryMessageBeforeHello) {
  for (const codec::Message& message : Every(codec::PrefixOf(root_)).All()) {
    if (std::holds_alternative<codec::Hello>(message)) continue;
    SCOPED_TRACE(message.index());
    Session session(HelloOf(own_), peer_.device(), own_, now_);
    Outputs out;
    session.OnMessage(message, kSmall, now_, out);
    ASSERT_EQ(out.size(), 1u);
    // A peer that says goodbye is answered by nothing but the end.
    const bool bye = std::holds_alternative<codec::Bye>(message);
    EXPECT_EQ(std::get<Close>(out[0]).code,
              bye ? std::get<codec::Bye>(message).code : codec::ErrorCode::kProtocol);
  }
}

TEST_F(Hostile, SecondHello) {
  Greet();
  EXPECT_EQ(CodeOf(HelloOf(peer_)), codec::ErrorCode::kProtocol);
}

TEST_F(Hostile, AnotherNetwork) {
  codec::Hello hello = HelloOf(peer_);
  hello.network = random_.Make<codec::Prefix>();
  EXPECT_EQ(CodeOf(hello), codec::ErrorCode::kUnknown);
  EXPECT_FALSE(session_.established());
}

TEST_F(Hostile, AnotherDeviceThanTheAuthenticatedOne) {
  codec::Hello hello = HelloOf(peer_);
  hello.device = random_.Make<codec::Prefix>();
  EXPECT_EQ(CodeOf(hello), codec::ErrorCode::kUnknown);
}

TEST_F(Hostile, OwnDevice) {
  Session session(HelloOf(own_), own_.device(), own_, now_);
  Outputs out;
  session.OnMessage(HelloOf(own_), kSmall, now_, out);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(std::get<Close>(out[0]).code, codec::ErrorCode::kProtocol);
}

TEST_F(Hostile, NoCommonVersion) {
  codec::Hello hello = HelloOf(peer_);
  hello.protocol_min = codec::kProtocolMax + 1;
  hello.protocol_max = codec::kProtocolMax + 5;
  EXPECT_EQ(CodeOf(hello), codec::ErrorCode::kVersion);
}

TEST_F(Hostile, NewerPeerThatStillSpeaksOurVersion) {
  codec::Hello hello = HelloOf(peer_);
  hello.protocol_max = codec::kProtocolMax + 5;
  EXPECT_FALSE(CodeOf(hello));
  EXPECT_TRUE(session_.established());
}

TEST_F(Hostile, UnknownSpaceInEveryMessage) {
  std::size_t kinds = 0;
  for (const codec::Message& message : Every(random_.Make<codec::Prefix>()).All()) {
    if (!NamesASpace(message)) continue;
    SCOPED_TRACE(message.index());
    ++kinds;
    Session session(HelloOf(own_), peer_.device(), own_, now_);
    Outputs out;
    session.OnMessage(HelloOf(peer_), kSmall, now_, out);
    session.OnMessage(Lists({root_}), kSmall, now_, out);
    out.clear();
    session.OnMessage(message, kSmall, now_, out);
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(std::get<Close>(out[0]).code, codec::ErrorCode::kUnknown);
  }
  // All but Hello, Spaces, Ping and Bye.
  EXPECT_EQ(kinds, std::variant_size_v<codec::Message> - 4);
}

TEST_F(Hostile, AForbiddenSpaceLooksLikeAnUnknownOne) {
  own_.spaces = {root_};  // `other_` exists here and is not for the peer
  ASSERT_FALSE(CodeOf(HelloOf(peer_)));
  ASSERT_FALSE(CodeOf(Lists({root_, other_})));
  EXPECT_FALSE(session_.progress().contains(other_));
  codec::Run run = RunFrom(peer_, other_);
  const Outputs out = Give(run);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(std::get<Close>(out[0]).code, codec::ErrorCode::kUnknown);
  EXPECT_EQ(std::get<Close>(out[0]).reason, "space that is not served to the peer");
}

TEST_F(Hostile, WhatWasUnderWayForAWithdrawnSpaceIsIgnored) {
  Greet();
  own_.spaces = {other_};
  Outputs out;
  session_.OnEntitlement(now_, out);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(std::get<codec::Spaces>(std::get<SendMessage>(out[0]).message).lines.size(), 1u);
  EXPECT_TRUE(Give(RunFrom(peer_, root_)).empty());
  EXPECT_TRUE(Give(codec::Ack{codec::PrefixOf(root_), 9, 9}).empty());
  EXPECT_FALSE(CodeOf(codec::Ping{1, false}));
}

TEST_F(Hostile, ASpaceThatThePeerHasNotListed) {
  Greet();
  EXPECT_EQ(CodeOf(codec::Subscribe{codec::PrefixOf(other_)}), codec::ErrorCode::kProtocol);
}

TEST_F(Hostile, MessagesOfASpaceBeforeSpaces) {
  ASSERT_FALSE(CodeOf(HelloOf(peer_)));
  EXPECT_EQ(CodeOf(RunFrom(peer_, root_)), codec::ErrorCode::kProtocol);
}

TEST_F(Hostile, ASpaceListedTwice) {
  ASSERT_FALSE(CodeOf(HelloOf(peer_)));
  EXPECT_EQ(CodeOf(Lists({root_, root_})), codec::ErrorCode::kProtocol);
}

TEST_F(Hostile, AckOfMoreBytesThanAreInFlight) {
  own_.Write(root_);
  Greet();
  GiveNothing();
  EXPECT_EQ(session_.progress().at(root_).sent, 1u);
  EXPECT_EQ(CodeOf(codec::Ack{codec::PrefixOf(root_), 1, 100'000}), codec::ErrorCode::kProtocol);
}

TEST_F(Hostile, AckBeyondWhatWasSent) {
  own_.Write(root_);
  Greet();
  Give(codec::FrontierLines{codec::PrefixOf(root_), {}, {}});
  EXPECT_EQ(CodeOf(codec::Ack{codec::PrefixOf(root_), 2, 1}), codec::ErrorCode::kProtocol);
}

TEST_F(Hostile, AnInvalidRun) {
  Greet();
  codec::Run run = RunFrom(peer_, root_);
  run.entries[0].root.bytes[0] ^= 1;
  const Outputs out = Give(run);
  ASSERT_EQ(out.size(), 1u);
  const auto& admit = std::get<AdmitRun>(out[0]);
  EXPECT_EQ(own_.Admit(admit.space, admit.run), Admission::kRejected);
  Outputs after;
  session_.OnAdmitted(admit.ticket, Admission::kRejected, now_, after);
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(std::get<Close>(after[0]).code, codec::ErrorCode::kVerification);
}

TEST_F(Hostile, IgnoringTheWindow) {
  Greet();
  const codec::Run run = RunFrom(peer_, root_);
  const std::size_t frame = limits::kFrameBytesMax / 2;
  const std::size_t most = limits::kWindowBytesPerSpace + limits::kFrameBytesMax;
  for (std::size_t given = 0; given < most; given += frame) EXPECT_FALSE(CodeOf(run, frame));
  EXPECT_EQ(CodeOf(run, 1), codec::ErrorCode::kLimit);
}

TEST_F(Hostile, AWaitingRunGivesItsBytesBackButNotItsArrival) {
  Greet();
  const codec::Run first = RunFrom(peer_, root_);
  const codec::Run second = RunFrom(peer_, root_);
  const auto admit = [&](const codec::Run& run) {
    const Outputs out = Give(run, 500);
    const auto& item = std::get<AdmitRun>(out.at(0));
    Outputs after;
    session_.OnAdmitted(item.ticket, own_.Admit(item.space, item.run), now_, after);
    return std::get<codec::Ack>(std::get<SendMessage>(after.at(0)).message);
  };
  const codec::Ack waiting = admit(second);
  EXPECT_EQ(waiting.bytes, 500u);
  EXPECT_EQ(waiting.arrival, 0u);
  const codec::Ack stored = admit(first);
  EXPECT_EQ(stored.bytes, 500u);
  EXPECT_EQ(stored.arrival, 2u) << "the first run released the second";
}

TEST_F(Hostile, ARunTooLargeToBePassedOn) {
  Greet();
  EXPECT_EQ(CodeOf(RunFrom(peer_, root_), limits::kFrameBytesMax), codec::ErrorCode::kLimit);
}

TEST_F(Hostile, FloodOfStatus) {
  Greet();
  const codec::Status status{codec::PrefixOf(root_), random_.Make<log::Fingerprint>(), 0};
  std::optional<codec::ErrorCode> code;
  for (int i = 0; i < 20'000 && !code; ++i) {
    const Outputs out = Give(status);
    if (!out.empty() && std::holds_alternative<Close>(out.back()))
      code = std::get<Close>(out.back()).code;
  }
  EXPECT_EQ(code, codec::ErrorCode::kLimit);
}

TEST_F(Hostile, FloodOfFrontiers) {
  Greet();
  const codec::FrontierLines lines{codec::PrefixOf(root_), {}, {{}}};
  std::optional<codec::ErrorCode> code;
  std::size_t answers = 0;
  for (int i = 0; i < 100 && !code; ++i)
    for (const Output& output : Give(lines)) {
      if (const auto* close = std::get_if<Close>(&output)) code = close->code;
      const auto* send = std::get_if<SendMessage>(&output);
      if (send != nullptr && std::holds_alternative<codec::FrontierLines>(send->message)) ++answers;
    }
  EXPECT_EQ(code, codec::ErrorCode::kLimit);
  EXPECT_LE(answers, 1u);
}

TEST_F(Hostile, AskingForTooManyBodies) {
  own_.Write(root_);
  Greet();  // its lines are missing, so that nothing is sent yet
  const log::Header& header = own_.arrival(root_, 0).entry.header;
  codec::Need need{codec::PrefixOf(root_), {}};
  need.items.assign(codec::kNeedItemsMax, {header.device, header.life, 0});
  std::optional<codec::ErrorCode> code;
  for (int i = 0; i < 100 && !code; ++i) code = CodeOf(need);
  EXPECT_EQ(code, codec::ErrorCode::kLimit);
}

TEST_F(Hostile, BodiesOfEntriesThatAreNotHereAreNotSent) {
  Greet();
  Give(codec::FrontierLines{codec::PrefixOf(root_), {}, {}});
  codec::Need need{codec::PrefixOf(root_), {}};
  need.items.assign(codec::kNeedItemsMax, {peer_.device(), {}, 7});
  EXPECT_TRUE(Give(need).empty());
}

TEST_F(Hostile, AnswerToNoPing) {
  Greet();
  EXPECT_EQ(CodeOf(codec::Ping{1, true}), codec::ErrorCode::kProtocol);
}

TEST_F(Hostile, MalformedFrames) {
  Greet();
  Outputs out;
  session_.OnMalformed({Code::kTooLarge, "entries of a run", {}}, out);
  EXPECT_EQ(std::get<Close>(out.at(0)).code, codec::ErrorCode::kLimit);
  Session session(HelloOf(own_), peer_.device(), own_, now_);
  out.clear();
  session.OnMalformed({Code::kMalformed, "kind", {}}, out);
  EXPECT_EQ(std::get<Close>(out.at(0)).code, codec::ErrorCode::kProtocol);
}

TEST_F(Hostile, NoHelloInTime) {
  Outputs out;
  now_.mono_ms = session_.NextDeadlineMs();
  session_.OnTimer(now_, out);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(std::get<Close>(out[0]).code, codec::ErrorCode::kTimeout);
  EXPECT_EQ(now_.mono_ms, 1'000 + limits::kHandshakeMs);
}

TEST_F(Hostile, FullFrontiersAreRepeatedThreeTimesAMinuteAtMost) {
  Greet();
  GiveNothing();
  Give(codec::Ack{codec::PrefixOf(root_), 0, session_.in_flight()});
  Give(codec::Status{codec::PrefixOf(root_), random_.Make<log::Fingerprint>(), 0});
  const std::int64_t start = now_.mono_ms;
  std::vector<std::int64_t> sent;
  while (now_.mono_ms < start + 130'000) {
    now_.mono_ms = std::max(now_.mono_ms + 1, session_.NextDeadlineMs());
    Outputs out;
    session_.OnTimer(now_, out);
    for (const Output& output : out)
      if (const auto* send = std::get_if<SendMessage>(&output))
        if (std::holds_alternative<codec::FrontierLines>(send->message))
          sent.push_back(now_.mono_ms - start);
    Give(codec::Ping{1, false});
  }
  ASSERT_GE(sent.size(), 4u);
  EXPECT_EQ(sent[0], 2'000);
  for (std::size_t i = 3; i < sent.size(); ++i) EXPECT_GE(sent[i] - sent[i - 3], 60'000);
}

}  // namespace
}  // namespace geflecht::sync
