// What a node asks before it votes for a seal by itself, and what hostile members cannot stop.
#include <gtest/gtest.h>

#include "node/governance/directory.h"
#include "tests/unit/replica/deciding.h"

namespace geflecht::replica {
namespace {

struct Sealing : Seals {
  std::size_t SealsOf(std::size_t i) { return net[i].replica->council().state().seals.size(); }
};

TEST_F(Sealing, ARestoredDeviceVotesOnceAPartnerShowsThatItHoldsNothingNewer) {
  Decide(All(), About("content", "", ""));
  net[2].life_ended = true;
  net[2].Load(net.founding);
  Settle(All(), 8 * kDayMs);
  EXPECT_EQ(SealsOf(0), 0u) << "all three are needed";
  net[2].life_ended = false;
  net[2].Load(net.founding);
  net[2].replica->NotePartnerIsEqual();
  Settle(All(), 8 * kDayMs + 200'000);
  EXPECT_EQ(SealsOf(0), 1u);
}

TEST_F(Sealing, OneThatIsFarAwayDelaysNoSeal) {
  net = Network(3, {{"*", "consent 2"}});
  governance::ProposalBody proposal = About("geld", "", "");
  proposal.deadline_s = 253'402'300'799;  // the end of the year 9999
  const log::EntryId id = Decide(All(), proposal);
  Settle(All(), 8 * kDayMs);
  EXPECT_EQ(DecisionOf(net[0], id).verdict, governance::Verdict::kEffective);
}

TEST_F(Sealing, NobodyVotesToCloseOverWhatItHasHeldForADay) {
  for (const int hours : {20, 26}) {
    net = Network(4);
    const log::EntryId id = Decide({&net[0], &net[1], &net[2], &net[3]}, About("content", "", ""));
    // Only the first one knows this.
    CHECK(net[0].replica->Comment(id, "Noch etwas.\n", {}).has_value());
    net[0].Write();
    for (int hour = 0; hour < hours; ++hour) Govern(net[0], 1'000 + hour * 3'600'000);
    const std::int64_t now_ms = 1'000 + hours * 3'600'000;
    ASSERT_TRUE(net[1].replica->ProposeSeal({now_ms, now_ms}).has_value());
    net[1].Write();
    BringAll(net[1], net[0]);
    Govern(net[0], now_ms + 60'000);
    EXPECT_EQ(net[0].replica->council().OfKind(governance::kSealVote).size(), hours < 24 ? 1u : 0u);
  }
}

TEST_F(Sealing, WhatItHasHeldForADayIsKnownAfterARestartToo) {
  for (const bool new_to_it : {false, true}) {
    net = Network(4);
    const log::EntryId id = Decide({&net[0], &net[1], &net[2], &net[3]}, About("content", "", ""));
    const auto comment = [&] {
      CHECK(net[0].replica->Comment(id, "Noch etwas.\n", {}).has_value());
      net[0].Write();
    };
    if (!new_to_it) comment();
    std::int64_t start_ms = 0;
    for (int hour = 0; hour < 26; ++hour) {
      const std::int64_t at_ms = 1'000 + hour * 3'600'000;
      if (new_to_it && hour == 20) comment();
      if (hour % 5 == 3) {
        net[0].Load(net.founding);
        start_ms = at_ms;
      }
      CHECK(net[0].replica->Govern({at_ms - start_ms, at_ms}).has_value());
      net[0].Write();
    }
    const std::int64_t now_ms = 1'000 + 26 * 3'600'000;
    ASSERT_TRUE(net[1].replica->ProposeSeal({now_ms, now_ms}).has_value());
    net[1].Write();
    BringAll(net[1], net[0]);
    net[0].Load(net.founding);
    CHECK(net[0].replica->Govern({7, now_ms + 60'000}).has_value());
    CHECK(net[0].replica->Govern({60'007, now_ms + 120'000}).has_value());
    net[0].Write();
    EXPECT_EQ(net[0].replica->council().OfKind(governance::kSealVote).size(), new_to_it ? 1u : 0u);
  }
}

TEST_F(Decisions, AnOrganisationHasSoManyDevicesAndNoMore) {
  SeededRandom random(9);
  const log::OrgId org = net[0].Card().org();
  const auto add = [&] {
    const auto key = crypto::SigningKey::Generate(random);
    const auto tls = crypto::SigningKey::Generate(random);
    const log::Card card = log::SignCard("Org", net[0].root, key.public_key(), tls.public_key());
    CHECK(net[1].replica->AddDevice({org, log::ProveCard(card, key)}, {}).has_value());
    return net[1].replica->members().ByDevice(key.public_key()) != nullptr;
  };
  for (std::size_t i = 0; i < governance::kAddedDevicesMax; ++i) EXPECT_TRUE(add()) << i;
  EXPECT_FALSE(add());
  const governance::Graph& graph = net[1].replica->council().evaluator().graph();
  const auto last = graph.Find(net[1].replica->council().tips().front());
  EXPECT_LE(graph.ClockOf(last).size(), 4u) << "an added device costs nothing before it writes";
}

TEST_F(Decisions, BodiesMayComeInAnyOrder) {
  const log::EntryId id = Propose(net[0], About("content", "", ""));
  for (int i = 0; i < 20; ++i) {
    CHECK(net[0].replica->Comment(id, "K" + std::to_string(i) + "\n", {}).has_value());
    net[0].Write();
  }
  const log::SpaceId root = net[0].replica->members().root_space();
  const log::FeedKey feed{root, net[0].key.public_key(), net[0].replica->life()};
  const std::uint64_t end = net[0].Log(root).Head(feed).next_seq;
  const std::uint64_t first = end - 21;
  // For whom a device signs may change with what a proposal says: the rest waits until it is read.
  ASSERT_EQ(net[1].replica->Admit(root, RunOf(net[0], feed, first, end - 1)).outcome,
            Outcome::kWaiting);
  EXPECT_FALSE(net[1].replica->council().Counts(id));
  net[1].replica->AdmitBodies(root, BodiesOf(net[0], feed, first, first), {});
  EXPECT_EQ(net[1].replica->pending_entries(), 0u);
  for (std::uint64_t seq = end; seq-- > first + 1;)
    EXPECT_EQ(net[1].replica->AdmitBodies(root, BodiesOf(net[0], feed, seq, seq), {}).outcome,
              Outcome::kNew);
  EXPECT_EQ(net[1].replica->council().tips(), net[0].replica->council().tips());
  EXPECT_EQ(net[1].replica->council().About(id).size(), 20u);
}

TEST(Directory, DoesNotDependOnWhatCameFirst) {
  Network net(1);
  Device& one = net[0];
  Device other(77);
  SeededRandom random(3);
  const log::OrgId org = one.Card().org();
  struct Said {
    log::EntryId entry;
    log::Card card;
  };
  const auto tls = crypto::SigningKey::Generate(random).public_key();
  // By another root key, as a rekey has it; and twice by the own one.
  const std::vector<Said> said = {
      {random.Make<log::EntryId>(),
       log::SignCard("Fremd", other.root, one.key.public_key(), other.tls.public_key())},
      {random.Make<log::EntryId>(),
       log::SignCard("Eigen A", one.root, one.key.public_key(), one.tls.public_key())},
      {random.Make<log::EntryId>(), log::SignCard("Eigen B", one.root, one.key.public_key(), tls)}};
  std::vector<std::size_t> order = {0, 1, 2};
  std::set<std::string> names;
  std::set<crypto::PublicKey> own, foreign;
  do {
    governance::Directory directory(Network(1).founding);
    for (const std::size_t i : order) directory.Note(org, said[i].entry, said[i].card);
    names.insert(directory.NameOf(org));
    own.insert(directory.CardOf(org, one.key.public_key(), one.root.public_key())->tls_key);
    foreign.insert(directory.CardOf(org, one.key.public_key(), other.root.public_key())->tls_key);
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(names.size(), 1u);
  EXPECT_EQ(own.size(), 1u);
  EXPECT_EQ(foreign, std::set<crypto::PublicKey>{other.tls.public_key()});
  EXPECT_FALSE(names.contains("Fremd"));
}

}  // namespace
}  // namespace geflecht::replica
