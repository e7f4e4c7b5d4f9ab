// Invitations: link, proof, and the two nodes that talk about one.
#include <gtest/gtest.h>

#include "node/log/card.h"
#include "tests/unit/core/host.h"

namespace geflecht::core {
namespace {

constexpr std::int64_t kDayS = 24 * 3600;

crypto::ChannelBinding Binding(std::uint8_t value) {
  crypto::ChannelBinding binding;
  binding.bytes.fill(value);
  return binding;
}

std::string CardOf(replica::Device& device) {
  return log::RenderProvenCard(log::ProveCard(device.Card(), device.key));
}

// A member that invites, and devices that are nobody's yet.
struct Joining : testing::Test {
  Joining()
      : net(2), member(net[0], net.founding), first(501), second(502), guest(first, net.founding) {
    EXPECT_TRUE(member.Join().has_value());
  }
  JoinLink Invite(std::int64_t valid_s = kDayS) {
    Result<JoinLink> link = Fail(Code::kInternal, "not asked");
    member.Do([&](Actions& out) {
      link = member.node->Invite({"a.example:1", "b.example:2"}, valid_s, member.now);
      member.node->Finish(member.now, out);
    });
    return *link;
  }
  Result<void> Follow(Host& host, const JoinLink& link) {
    Result<void> followed;
    host.Do([&](Actions& out) {
      followed = host.node->FollowInvitation(link, CardOf(host.device), host.now, out);
    });
    return followed;
  }
  // What the TLS layer would do: each end is told the other's key and its end of the channel.
  void Connect(Host& host, ConnId connection, std::uint8_t at_guest, std::uint8_t at_member) {
    member.Step(JoinConnected{connection, host.device.tls.public_key(), true, "g.example:1",
                              Binding(at_member)});
    host.Step(JoinConnected{connection, member.device.tls.public_key(), false, "a.example:1",
                            Binding(at_guest)});
  }
  void Talk(Host& host, ConnId connection, std::uint8_t channel = 7) {
    Connect(host, connection, channel, channel);
    Settle(host, member);
    host.Step(Closed{connection, "over"});
    member.Step(Closed{connection, "over"});
  }
  const Invitation& Only() { return member.node->invitations().all().front(); }
  Code FailureOf(const Host& host) {
    const Newcomer* newcomer = host.node->newcomer();
    EXPECT_EQ(newcomer->state(), Newcomer::State::kFailed);
    return newcomer->error() ? newcomer->error()->code : Code::kInternal;
  }
  std::string HintOf(const Host& host) {
    FailureOf(host);
    return host.node->newcomer()->error()->hint;
  }

  replica::Network net;
  Host member;
  replica::Device first, second;
  Host guest;
};

TEST_F(Joining, LinksComeBackAndDamagedOnesDoNot) {
  const JoinLink link = Invite();
  const std::string text = RenderJoinLink(link);
  EXPECT_EQ(*ParseJoinLink(text), link);
  EXPECT_EQ(*ParseJoinLink("  " + text.substr(0, 40) + "\r\n " + text.substr(40) + '\n'), link);
  EXPECT_LE(text.size(), 200u) << "it has to fit into a QR code that a terminal can show";
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string damaged = text;
    damaged[at] = damaged[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(ParseJoinLink(damaged).has_value()) << at;
    EXPECT_FALSE(ParseJoinLink(text.substr(0, at)).has_value()) << at;
  }
  EXPECT_FALSE(ParseJoinLink(std::string(5000, 'A')).has_value());
}

TEST_F(Joining, MessagesAreStrictToTheByte) {
  SeededRandom random(3);
  const std::vector<JoinMessage> messages = {
      JoinOpen{random.Make<JoinId>(), random.Make<crypto::Hash256>()},
      JoinChallenge{random.Make<JoinNonce>()},
      JoinProof{random.Make<JoinNonce>(), random.Make<crypto::Mac128>(), "card"},
      JoinWelcome{random.Make<crypto::Mac128>(), random.Make<log::DeviceId>(), "founding"},
      JoinRefused{JoinRefusal::kUsed}};
  for (const JoinMessage& message : messages) {
    const Bytes frame = EncodeJoin(message);
    EXPECT_EQ(*DecodeJoin(frame), message);
    const bool has_text = message.index() == 2 || message.index() == 3;
    for (std::size_t size = 0; size < frame.size() - (has_text ? 8 : 0); ++size)
      EXPECT_FALSE(DecodeJoin(ByteView(frame).first(size)).has_value()) << size;
    Bytes longer = frame;
    longer.push_back(0);
    EXPECT_EQ(DecodeJoin(longer).has_value(), has_text);
  }
  EXPECT_FALSE(DecodeJoin(Bytes{5, 0}).has_value());
  EXPECT_FALSE(DecodeJoin(Bytes{5, 9}).has_value());
  EXPECT_FALSE(DecodeJoin(Bytes{6, 1}).has_value());
  Bytes card(3 + 48 + 5000, 'x');
  card[0] = 3;
  EXPECT_FALSE(DecodeJoin(card).has_value()) << "a card of 5000 bytes";
}

TEST_F(Joining, BothSidesSeeTheSameDigitsAndTheCardArrives) {
  const JoinLink link = Invite();
  ASSERT_TRUE(Follow(guest, link).has_value());
  Talk(guest, 9);
  ASSERT_EQ(guest.node->newcomer()->state(), Newcomer::State::kInvited);
  EXPECT_EQ(Only().StateAt(member.now.wall_ms / 1000), InvitationState::kUsed);
  EXPECT_EQ(Only().digits, guest.node->newcomer()->digits());
  EXPECT_EQ(Only().digits.size(), 14u);
  EXPECT_EQ(Only().card, CardOf(first));
  EXPECT_EQ(guest.node->newcomer()->founding().network(), net.founding.network());
  member.Load();
  EXPECT_EQ(Only().card, CardOf(first)) << "it is on the disk";
}

TEST_F(Joining, NothingIsConfirmedBeforeItIsOnTheDisk) {
  const JoinLink link = Invite();
  member.Step(JoinConnected{9, first.tls.public_key(), true, "g.example:1", Binding(7)});
  const std::string card = CardOf(first);
  const JoinNonce nonce{};
  const JoinId id = JoinIdOf(link.secret);
  member.Step(Received{9, EncodeJoin(JoinOpen{id, CommitmentTo(nonce, card)})});
  const auto challenge = DecodeJoin(member.sent.back().frame);
  const auto hash = HashOf(
      {Binding(7), link.network, id, nonce, std::get<JoinChallenge>(*challenge).nonce, card});
  Actions actions;
  member.node->Step(
      Received{9, EncodeJoin(JoinProof{nonce, NewcomerProof(link.secret, hash), card})}, member.now,
      actions);
  // Whatever stands behind a Persist waits for the disk.
  std::size_t persist = actions.size();
  std::size_t send = actions.size();
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (std::holds_alternative<Persist>(actions[i])) persist = std::min(persist, i);
    if (std::holds_alternative<Send>(actions[i])) send = std::min(send, i);
  }
  ASSERT_LT(send, actions.size());
  EXPECT_LT(persist, send);
}

TEST_F(Joining, SomebodyInTheMiddleIsFoundOut) {
  const JoinLink link = Invite();
  ASSERT_TRUE(Follow(guest, link).has_value());
  // Two connections in place of one: their channels differ.
  Connect(guest, 9, 7, 8);
  Settle(guest, member);
  EXPECT_EQ(FailureOf(guest), Code::kNotPermitted);
  EXPECT_TRUE(Only().card.empty());
  EXPECT_EQ(Only().wrong, 1u);
}

TEST_F(Joining, OneWhoHasTheLinkAndSitsInTheMiddleGivesOtherDigits) {
  const JoinLink link = Invite();
  // The one in the middle takes the newcomer's call with a key of its own (a forged link) and calls
  // the inviter itself: it knows the secret, so every proof holds. The digits do not agree.
  Host middle(second, net.founding);
  ASSERT_TRUE(Follow(middle, link).has_value());
  Talk(middle, 9, 7);
  ASSERT_EQ(middle.node->newcomer()->state(), Newcomer::State::kInvited);
  std::set<std::string> digits{Only().digits};
  SeededRandom random(5);
  for (int attempt = 0; attempt < 200; ++attempt) {
    JoinTranscript transcript{Binding(9),
                              link.network,
                              JoinIdOf(link.secret),
                              random.Make<JoinNonce>(),
                              random.Make<JoinNonce>(),
                              "card"};
    EXPECT_TRUE(digits.insert(JoinDigits(HashOf(transcript))).second);
  }
}

TEST_F(Joining, TheNonceIsFixedBeforeTheOtherOneIsKnown) {
  const JoinLink link = Invite();
  member.Step(JoinConnected{9, first.tls.public_key(), true, "g.example:1", Binding(7)});
  SeededRandom random(5);
  const std::string card = CardOf(first);
  const auto nonce = random.Make<JoinNonce>();
  const JoinId id = JoinIdOf(link.secret);
  member.Step(Received{9, EncodeJoin(JoinOpen{id, CommitmentTo(nonce, card)})});
  const auto challenge = DecodeJoin(member.sent.back().frame);
  const JoinNonce theirs = std::get<JoinChallenge>(*challenge).nonce;
  // Another nonce than the one that was committed to, with a proof that is right for it.
  const auto other = random.Make<JoinNonce>();
  const auto hash = HashOf({Binding(7), link.network, id, other, theirs, card});
  member.Step(Received{9, EncodeJoin(JoinProof{other, NewcomerProof(link.secret, hash), card})});
  EXPECT_EQ(std::get<JoinRefused>(*DecodeJoin(member.sent.back().frame)).why,
            JoinRefusal::kUnknown);
  EXPECT_TRUE(member.dropped.contains(9));
  EXPECT_TRUE(Only().card.empty());
}

TEST_F(Joining, AWrongSecretAndAnUnknownInvitationLookAlike) {
  JoinLink link = Invite();
  link.secret.bytes[0] ^= 1;
  ASSERT_TRUE(Follow(guest, link).has_value());
  Talk(guest, 9);
  EXPECT_EQ(HintOf(guest), "hint.join-unknown");
  EXPECT_TRUE(Only().card.empty());
}

TEST_F(Joining, AnInvitationHoldsOnce) {
  const JoinLink link = Invite();
  ASSERT_TRUE(Follow(guest, link).has_value());
  Talk(guest, 9);
  Host rival(second, net.founding);
  ASSERT_TRUE(Follow(rival, link).has_value());
  Talk(rival, 10);
  EXPECT_EQ(HintOf(rival), "hint.join-used");
  EXPECT_EQ(Only().card, CardOf(first));
  // The one who used it may ask again: its answer may have been lost.
  const std::string before = Only().digits;
  ASSERT_TRUE(Follow(guest, link).has_value());
  Talk(guest, 11, 12);
  ASSERT_EQ(guest.node->newcomer()->state(), Newcomer::State::kInvited);
  EXPECT_EQ(Only().digits, guest.node->newcomer()->digits());
  EXPECT_NE(Only().digits, before);
}

TEST_F(Joining, AnInvitationExpires) {
  const JoinLink link = Invite(60);
  ASSERT_TRUE(Follow(guest, link).has_value());
  Connect(guest, 9, 7, 7);
  member.now.wall_ms += 60'000;
  Settle(guest, member);
  EXPECT_EQ(HintOf(guest), "hint.join-expired");
  EXPECT_FALSE(member.node->TakesNewcomers(member.now));
  member.Step(JoinConnected{10, second.tls.public_key(), true, "g.example:1", Binding(7)});
  EXPECT_TRUE(member.dropped.contains(10));
}

TEST_F(Joining, ACardOfAnotherDeviceIsRefused) {
  const JoinLink link = Invite();
  Result<void> followed;
  guest.Do([&](Actions& out) {
    followed = guest.node->FollowInvitation(link, CardOf(second), guest.now, out);
  });
  ASSERT_TRUE(followed.has_value());
  Talk(guest, 9);
  EXPECT_EQ(HintOf(guest), "hint.join-card");
  EXPECT_TRUE(Only().card.empty());
}

TEST_F(Joining, GuessingIsLimited) {
  const JoinLink link = Invite();
  const JoinId id = JoinIdOf(link.secret);
  const auto guess = [&](ConnId connection) {
    member.Step(JoinConnected{connection, first.tls.public_key(), true, "g.example:1", Binding(7)});
    if (member.dropped.contains(connection)) return false;
    member.Step(Received{connection, EncodeJoin(JoinOpen{id, {}})});
    member.Step(Received{connection, EncodeJoin(JoinProof{{}, {}, CardOf(first)})});
    return true;
  };
  for (ConnId connection = 1; connection <= kWrongProofsMax; ++connection)
    EXPECT_TRUE(guess(connection));
  EXPECT_EQ(Only().StateAt(0), InvitationState::kClosed);
  EXPECT_FALSE(guess(100)) << "nothing is open any more";
  Invite();  // forgets the closed one
  EXPECT_EQ(member.node->invitations().all().size(), 1u);
  std::size_t heard = 0;
  for (ConnId connection = 200; connection < 300; ++connection)
    if (guess(connection)) ++heard;
  EXPECT_EQ(heard, kJoinsPerMinuteMax - kWrongProofsMax);
  member.now.mono_ms += 60'000;
  EXPECT_TRUE(guess(300));
}

TEST_F(Joining, WhoSaysNothingIsDropped) {
  Invite();
  for (const ConnId connection : {1, 2})
    member.Step(JoinConnected{connection, first.tls.public_key(), true,
                              "g.example:" + std::to_string(connection), Binding(7)});
  EXPECT_EQ(member.dropped, std::set<ConnId>{2}) << "one of an address";
  member.now.mono_ms += kProofMs;
  member.Step(TimerFired{});
  EXPECT_EQ(member.dropped, (std::set<ConnId>{1, 2}));
}

TEST_F(Joining, StrangersKeepNobodyAwayWhoKnowsTheSecret) {
  const JoinLink link = Invite();
  const auto stranger = [&](ConnId connection) {
    member.Step(JoinConnected{connection, second.tls.public_key(), true,
                              "h" + std::to_string(connection) + ".example:1", Binding(7)});
  };
  for (ConnId connection = 100; connection < 200; ++connection) {
    stranger(connection);
    ++member.now.mono_ms;
  }
  EXPECT_EQ(member.dropped.size(), 100 - kStrangersMax) << "those that came first";
  EXPECT_FALSE(member.dropped.contains(199));
  ASSERT_TRUE(Follow(guest, link).has_value());
  Connect(guest, 1, 7, 7);
  for (ConnId connection = 200; connection < 200 + kStrangersMax - 1; ++connection)
    stranger(connection);
  Settle(guest, member);
  EXPECT_EQ(guest.node->newcomer()->state(), Newcomer::State::kInvited);
}

TEST_F(Joining, AnEarlierStateOfTheDirectoryOpensNothingAgain) {
  const auto write = [&](char digit) {
    member.Do([&](Actions& out) {
      ASSERT_TRUE(member.node->replica()->RequestAudit({std::string(32, digit), {}}, {}));
      member.node->Finish(member.now, out);
    });
  };
  write('a');
  const JoinLink link = Invite();
  const std::vector<store::Batch> earlier = member.written;
  ASSERT_TRUE(Follow(guest, link).has_value());
  Talk(guest, 1);
  ASSERT_EQ(Only().StateAt(0), InvitationState::kUsed);
  member.Load();
  EXPECT_EQ(Only().StateAt(0), InvitationState::kUsed) << "a restart changes nothing";
  write('b');  // the anchor goes on
  member.CopyDiskOf(earlier);
  EXPECT_EQ(Only().StateAt(0), InvitationState::kClosed);
  EXPECT_FALSE(member.node->TakesNewcomers(member.now));
}

TEST_F(Joining, NonsenseEndsTheConversation) {
  Invite();
  const std::vector<Bytes> frames = {{},
                                     {1},
                                     Bytes(3000, 0xff),
                                     EncodeJoin(JoinChallenge{}),
                                     EncodeJoin(JoinProof{{}, {}, "x"}),
                                     EncodeJoin(JoinRefused{})};
  ConnId connection = 0;
  for (const Bytes& frame : frames) {
    member.now.mono_ms += 60'000;
    member.Step(JoinConnected{++connection, first.tls.public_key(), true, "g", Binding(7)});
    ASSERT_FALSE(member.dropped.contains(connection));
    member.Step(Received{connection, frame});
    EXPECT_TRUE(member.dropped.contains(connection)) << connection;
  }
}

TEST_F(Joining, TheOtherAddressIsTriedToo) {
  ASSERT_TRUE(Follow(guest, Invite()).has_value());
  EXPECT_EQ(guest.node->newcomer()->address(), "a.example:1");
  guest.Step(DialFailed{"a.example:1", {Code::kUnreachable, "nobody", {}}});
  EXPECT_EQ(guest.node->newcomer()->address(), "b.example:2");
  guest.Step(DialFailed{"b.example:2", {Code::kUnreachable, "nobody", {}}});
  EXPECT_EQ(HintOf(guest), "hint.join-unreachable");
}

TEST_F(Joining, AnInviterWhoKnowsNoSecretIsNotBelieved) {
  JoinLink link = Invite();
  ASSERT_TRUE(Follow(guest, link).has_value());
  guest.Step(JoinConnected{9, link.pin, false, "a.example:1", Binding(7)});
  guest.Step(Received{9, EncodeJoin(JoinChallenge{})});
  guest.Step(Received{9, EncodeJoin(JoinWelcome{{}, {}, log::RenderFounding(net.founding)})});
  EXPECT_EQ(FailureOf(guest), Code::kVerification);
  Result<void> joined;
  guest.Do([&](Actions& out) { joined = guest.node->JoinAsInvited(guest.now, out); });
  EXPECT_FALSE(joined.has_value());
}

TEST_F(Joining, UntilItsAdmissionTheNewcomerTrustsTheInviterOnlyWithDecisions) {
  ASSERT_TRUE(Follow(guest, Invite()).has_value());
  Talk(guest, 9);
  Result<void> joined;
  guest.Do([&](Actions& out) { joined = guest.node->JoinAsInvited(guest.now, out); });
  ASSERT_TRUE(joined.has_value()) << joined.error().detail;
  EXPECT_TRUE(guest.node->IsPeer(member.device.tls.public_key()));
  guest.Load();
  EXPECT_TRUE(guest.node->IsPeer(member.device.tls.public_key()));
  EXPECT_FALSE(guest.node->IsPeer(second.tls.public_key()));
  EXPECT_FALSE(member.node->IsPeer(first.tls.public_key())) << "nobody has admitted it";
  guest.Do([&](Actions& out) {
    EXPECT_FALSE(guest.node->Invite({"a.example:1"}, kDayS, guest.now).has_value());
    EXPECT_FALSE(guest.node->FollowInvitation(Invite(), CardOf(first), guest.now, out).has_value());
  });
}

}  // namespace
}  // namespace geflecht::core
