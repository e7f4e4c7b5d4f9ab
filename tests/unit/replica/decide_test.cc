// Who is a member is decided in the root space, and who was entitled to write follows from it.
#include <gtest/gtest.h>

#include "tests/unit/replica/deciding.h"

namespace geflecht::replica {
namespace {

TEST_F(Decisions, AnAdmittedOrganisationReadsAndWrites) {
  const auto fourth = Newcomer(44);
  EXPECT_EQ(fourth->replica->Create("note", {}, {}).error().code, Code::kNotPermitted);
  EXPECT_FALSE(fourth->replica->NextGovernMs()) << "it may not write: nothing is due";
  const auto note = net[0].MakeNote("vorher");
  Decide({&net[0], &net[1]}, Admission(*fourth));
  EXPECT_TRUE(Knows(net[0], *fourth));
  EXPECT_FALSE(Knows(net[2], *fourth));
  BringAll(net[0], *fourth);
  EXPECT_TRUE(Knows(*fourth, *fourth));
  EXPECT_EQ(fourth->Text(note), "vorher");
  EXPECT_TRUE(fourth->Type(note, 0, "jetzt "));
  ASSERT_TRUE(fourth->replica->CutAll({}));
  fourth->Write();
  // Its entries rest on the decision: whoever lacks it waits, and goes on when it comes.
  Bring(*fourth, net[2]);
  EXPECT_EQ(net[2].Text(note), "vorher");
  EXPECT_GT(net[2].replica->pending_entries(), 0u);
  BringAll(net[1], net[2]);
  EXPECT_TRUE(Knows(net[2], *fourth));
  Bring(*fourth, net[2]);
  EXPECT_EQ(net[2].Text(note), "jetzt vorher");
  EXPECT_EQ(net[2].replica->pending_entries(), 0u);
}

TEST_F(Decisions, TwoOfThreeAreNeededAndACertificateIsWrittenOnce) {
  const auto fourth = Newcomer(44);
  const log::EntryId id = Propose(net[0], Admission(*fourth));
  Vote(net[0], id);
  EXPECT_EQ(net[0].replica->Enact(id, {}).error().hint, "hint.rule-not-met");
  Govern(net[0], 1'000'000);
  EXPECT_FALSE(Knows(net[0], *fourth));
  BringAll(net[0], net[1]);
  Vote(net[1], id);
  // Not the proposer: it waits for the proposer's certificate.
  Govern(net[1], 1);
  EXPECT_FALSE(Knows(net[1], *fourth));
  ASSERT_TRUE(net[1].replica->NextGovernMs());
  Govern(net[1], *net[1].replica->NextGovernMs());
  EXPECT_TRUE(Knows(net[1], *fourth));
  BringAll(net[1], net[0]);
  Govern(net[0], 2'000'000);
  EXPECT_EQ(net[0].replica->council().OfKind(governance::kEnact).size(), 1u);
  EXPECT_GT(net[0].replica->NextGovernMs().value_or(kDayMs), 3'000'000) << "only the seal";
}

TEST_F(Decisions, AnEntryMayBeAboutOneInFrontOfItInTheSameRun) {
  const log::EntryId id = Propose(net[0], About("money", "", ""));
  Vote(net[0], id);
  const log::FeedKey feed{net[0].replica->members().root_space(), net[0].key.public_key(),
                          net[0].replica->life()};
  const std::uint64_t last = net[0].Log(feed.space).Head(feed).next_seq - 1;
  EXPECT_EQ(net[1].replica->Admit(feed.space, RunOf(net[0], feed, last - 1, last)).outcome,
            Outcome::kWaiting);
  net[1].replica->AdmitBodies(feed.space, BodiesOf(net[0], feed, last - 1, last - 1), {});
  net[1].replica->AdmitBodies(feed.space, BodiesOf(net[0], feed, last, last), {});
  EXPECT_EQ(net[1].replica->council().About(id).size(), 1u);
}

TEST_F(Decisions, SurviveARestart) {
  const auto fourth = Newcomer(44);
  const log::EntryId id = Propose(net[0], Admission(*fourth));
  Meet({&net[0], &net[1]});
  Vote(net[0], id);
  Vote(net[1], id);
  Meet({&net[0], &net[1]});
  net[0].Load(net.founding);
  Govern(net[0], 1);
  EXPECT_TRUE(Knows(net[0], *fourth));
  net[0].Load(net.founding);
  EXPECT_TRUE(Knows(net[0], *fourth));
  EXPECT_EQ(net[0].replica->members().all().size(), 4u);
}

TEST_F(Decisions, ARemovedMemberWritesNothingOnceItKnows) {
  const auto note = net[2].MakeNote("mein Text");
  Meet({&net[0], &net[1], &net[2]});
  Decide({&net[0], &net[1]}, Removal(net[2]));
  ASSERT_TRUE(net[2].Type(note, 0, "offen "));
  EXPECT_FALSE(Knows(net[0], net[2]));
  EXPECT_EQ(net[0].replica->members().EverByDevice(net[2].key.public_key())->name, "Device");
  BringAll(net[0], net[2]);
  EXPECT_EQ(net[2].Type(note, 0, "noch ").error().hint, "hint.no-member");
  EXPECT_FALSE(net[2].replica->NextGovernMs());
  // What was open stays open.
  EXPECT_TRUE(net[2].replica->CutDue({kDayMs, kDayMs}));
  EXPECT_FALSE(net[2].replica->NextCutMs());
  EXPECT_EQ(net[2].Text(note), "offen mein Text");
}

TEST_F(Decisions, WhatARemovedMemberWroteOfflineIsKeptApart) {
  const auto note = net[0].MakeNote("alt");
  Meet({&net[0], &net[1], &net[2]});
  Decide({&net[0], &net[1]}, Removal(net[2]));
  ASSERT_TRUE(net[2].Type(note, 0, "offline "));
  ASSERT_TRUE(net[2].replica->CutAll({}));
  net[2].Write();
  const auto fingerprint = net[0].Log().durable_fingerprint();
  Bring(net[2], net[0]);
  EXPECT_EQ(net[0].Text(note), "alt");
  EXPECT_EQ(net[0].replica->quarantined_entries(), 1u);
  EXPECT_EQ(net[0].Log().durable_fingerprint(), fingerprint);
}

TEST_F(Decisions, WhoeverHeldItBeforeRefersToIt) {
  const auto note = net[0].MakeNote("alt");
  Meet({&net[0], &net[1], &net[2]});
  ASSERT_TRUE(net[2].Type(note, 0, "offline "));
  ASSERT_TRUE(net[2].replica->CutAll({}));
  net[2].Write();
  Bring(net[2], net[1]);
  EXPECT_EQ(net[1].Text(note), "offline alt");
  // net[0] learns of the removal first, and of the change later.
  const log::EntryId id = Propose(net[0], Removal(net[2]));
  BringAll(net[0], net[1]);
  Vote(net[0], id);
  Vote(net[1], id);
  BringRoot(net[1], net[0]);
  Govern(net[0], 1);
  Bring(net[2], net[0]);
  EXPECT_EQ(net[0].replica->quarantined_entries(), 1u);
  EXPECT_EQ(net[0].Text(note), "alt");
  BringRoot(net[0], net[1]);
  EXPECT_FALSE(Knows(net[1], net[2]));
  Govern(net[1], 2);
  Bring(net[1], net[0]);
  EXPECT_EQ(net[0].replica->quarantined_entries(), 0u);
  EXPECT_EQ(net[0].replica->pending_entries(), 0u);
  Bring(net[1], net[0]);
  EXPECT_EQ(net[0].Text(note), "offline alt");
  EXPECT_EQ(net[0].Log().durable_fingerprint(), net[1].Log().durable_fingerprint());
}

TEST_F(Decisions, TwoRemovedMembersWhoSawEachOtherAreTakenInTogether) {
  net = Network(5);
  std::vector<Device*> rest = {&net[0], &net[1], &net[2]};
  const auto note = net[0].MakeNote("alt");
  Meet({&net[0], &net[1], &net[2], &net[3], &net[4]});
  const auto write = [&](Device& device, const std::string& text) {
    ASSERT_TRUE(device.Type(note, 0, text));
    ASSERT_TRUE(device.replica->CutAll({}));
    device.Write();
  };
  write(net[4], "vier ");
  Bring(net[4], net[3]);
  write(net[3], "drei ");
  Bring(net[3], net[2]);  // who has not heard of any removal
  for (Device* removed : {&net[3], &net[4]}) {
    const log::EntryId id = Propose(net[0], Removal(*removed));
    for (int round = 0; round < 2; ++round)
      for (Device* from : rest)
        for (Device* to : rest)
          if (from != to) BringRoot(*from, *to);
    for (Device* device : rest) Vote(*device, id);
    for (Device* from : rest) BringRoot(*from, net[0]);
    Govern(net[0], 1);
  }
  // First the run that has seen the other one, then that.
  Bring(net[3], net[0]);
  Bring(net[4], net[0]);
  EXPECT_EQ(net[0].Text(note), "alt");
  EXPECT_EQ(net[0].replica->quarantined_entries(), 2u);
  EXPECT_EQ(net[0].replica->pending_entries(), 0u);
  BringRoot(net[0], net[2]);
  Govern(net[2], 2);
  Bring(net[2], net[0]);
  Bring(net[2], net[0]);
  EXPECT_EQ(net[0].replica->quarantined_entries(), 0u);
  EXPECT_EQ(net[0].replica->pending_entries(), 0u);
  EXPECT_EQ(net[0].Text(note), "drei vier alt");
  EXPECT_EQ(net[0].Log().durable_fingerprint(), net[2].Log().durable_fingerprint());
}

TEST_F(Decisions, AnEntryOfTheRootSpaceHasAPast) {
  log::Header header;
  header.net = net.founding.network();
  header.space = net[0].replica->members().root_space();
  header.device = net[1].key.public_key();
  header.life = net[1].random.Make<log::LifeId>();
  header.kind = governance::kGather;
  header.root = log::BodyRoot({});
  const log::Run run{log::Sign(header, net[1].key)};
  const Admitted admitted = net[0].replica->Admit(header.space, codec::PartsOf({}, run, 0));
  EXPECT_EQ(admitted.outcome, Outcome::kRejected);
  EXPECT_EQ(admitted.reason, "an entry without a past");
}

TEST_F(Decisions, WhatALeaverWritesBehindItsLeaveIsRefusedHoweverItArrives) {
  ASSERT_TRUE(net[2].replica->Leave({}));
  const log::FeedKey feed{net[0].replica->members().root_space(), net[2].key.public_key(),
                          net[2].replica->life()};
  net[2].Write();
  const auto leave = net[2].Log(feed.space).EntryAt(feed, 0);
  log::Header header = (*leave)->entry.header;
  header.seq = 1;
  header.prev = (*leave)->entry.id;
  header.seen.clear();
  header.kind = governance::kSealVote;
  header.about = (*leave)->entry.id;
  const log::Run run{(*leave)->entry, log::Sign(header, net[2].key)};
  EXPECT_EQ(net[0].replica->Admit(feed.space, codec::PartsOf({}, run, 0)).outcome,
            Outcome::kRejected);
  EXPECT_EQ(net[1].replica->Admit(feed.space, codec::PartsOf({}, {run[0]}, 0)).outcome,
            Outcome::kNew);
  for (Device* device : {&net[0], &net[1]}) {
    device->Write();
    EXPECT_EQ(device->Log(feed.space).Head(feed).next_seq, 1u);
    EXPECT_FALSE(Knows(*device, net[2]));
  }
}

TEST_F(Decisions, ARevokedDeviceDoesNotComeBackWithItsOldCard) {
  const auto laptop = Newcomer(47);
  const log::Card card =
      log::SignCard("Device", net[0].root, laptop->key.public_key(), laptop->tls.public_key());
  const governance::DeviceAddBody add{card.org(), log::ProveCard(card, laptop->key)};
  ASSERT_TRUE(net[0].replica->AddDevice(add, {}));
  net[0].Write();
  EXPECT_TRUE(Knows(net[0], *laptop));
  ASSERT_TRUE(net[0].replica->RevokeDevice(laptop->key.public_key(), {}));
  net[0].Write();
  EXPECT_FALSE(Knows(net[0], *laptop));
  BringAll(net[0], net[1]);
  ASSERT_TRUE(net[1].replica->AddDevice(add, {}));
  net[1].Write();
  EXPECT_FALSE(Knows(net[1], *laptop));
}

TEST_F(Decisions, ATlsKeyBelongsToTheCardThatWasThereFirst) {
  const auto laptop = Newcomer(47);
  const log::Card card =
      log::SignCard("Device", net[0].root, laptop->key.public_key(), net[1].tls.public_key());
  ASSERT_TRUE(net[0].replica->AddDevice({card.org(), log::ProveCard(card, laptop->key)}, {}));
  net[0].Write();
  const governance::Member* member = net[0].replica->members().ByTlsKey(net[1].tls.public_key());
  ASSERT_NE(member, nullptr);
  EXPECT_EQ(member->device, net[1].key.public_key());
}

TEST_F(Decisions, WhoIsNoMemberDecidesNothing) {
  const auto stranger = Newcomer(46);
  const log::EntryId id = Propose(net[0], Admission(*stranger));
  BringAll(net[0], *stranger);
  EXPECT_EQ(stranger->replica->Vote(id, {governance::Position::kYes, ""}, {}).error().hint,
            "hint.no-member");
  EXPECT_EQ(net[0]
                .replica->Propose(About(governance::kRemove, std::string(64, 'a'), ""), {})
                .error()
                .hint,
            "hint.subject-no-member");
  EXPECT_EQ(net[0].replica->Propose(About(governance::kRule, "admit", "quorum 1"), {}).error().hint,
            "rule.unsafe.too-few");
  const log::EntryId removal = Propose(net[0], Removal(net[1]));
  BringAll(net[0], net[1]);
  EXPECT_EQ(net[1].replica->Vote(removal, {governance::Position::kNo, ""}, {}).error().hint,
            "hint.no-elector");
}

TEST_F(Decisions, ALeaverIsGoneAtOnce) {
  ASSERT_TRUE(net[2].replica->Leave({}));
  net[2].Write();
  BringAll(net[2], net[0]);
  EXPECT_FALSE(Knows(net[0], net[2]));
  EXPECT_EQ(net[0].replica->members().all().size(), 2u);
}

TEST_F(Seals, CloseWhatWasDecidedAWeekAgo) {
  const auto fourth = Newcomer(44);
  const log::EntryId id = Decide(All(), Admission(*fourth));
  Settle(All(), 6 * kDayMs);
  EXPECT_FALSE(DecisionOf(net[0], id).seal);
  Settle(All(), 8 * kDayMs);
  for (Device* device : All()) {
    ASSERT_EQ(device->replica->council().state().seals.size(), 1u);
    EXPECT_EQ(DecisionOf(*device, id).number, 1u);
    EXPECT_EQ(device->replica->council().OfKind(governance::kSeal).size(), 1u);
  }
  EXPECT_EQ(net[0].replica->ProposeSeal({8 * kDayMs, 8 * kDayMs}).error().hint,
            "hint.nothing-to-seal");
}

TEST_F(Seals, EverybodyNamesOnceWhatItHeldBehindASeal) {
  Decide(All(), About("geld", "", ""));
  Settle(All(), 8 * kDayMs);
  const auto gathers = [](Device& device) {
    std::size_t count = 0;
    const auto arrivals = device.Log().Arrivals(1, 1000);
    for (const codec::StoredEntry& stored : *arrivals)
      if (stored.entry.header.kind == governance::kGather) ++count;
    return count;
  };
  ASSERT_EQ(net[0].replica->council().state().seals.size(), 1u);
  EXPECT_EQ(gathers(net[0]), 3u);
  net[0].Load(net.founding);
  Settle(All(), 9 * kDayMs);
  EXPECT_EQ(gathers(net[0]), 3u);
}

TEST_F(Seals, TwoOfThreeAreNotEnough) {
  const auto fourth = Newcomer(44);
  const log::EntryId id = Decide({&net[0], &net[1]}, Admission(*fourth));
  Settle({&net[0], &net[1]}, 8 * kDayMs);
  EXPECT_TRUE(net[0].replica->council().state().seals.empty());
  EXPECT_EQ(DecisionOf(net[0], id).verdict, governance::Verdict::kEffective);
}

TEST_F(Seals, ConsentIsProvisionalUntilThen) {
  net = Network(3, {{"*", "consent 2"}});
  governance::ProposalBody proposal = About("geld", "", "");
  proposal.deadline_s = 9 * kDayMs / 1000;
  const log::EntryId id = Decide(All(), proposal);
  EXPECT_EQ(DecisionOf(net[0], id).verdict, governance::Verdict::kProvisional);
  EXPECT_EQ(net[0].replica->ProposeSeal({kDayMs, kDayMs}).error().hint, "hint.deadline-open");
  Settle(All(), 8 * kDayMs);
  EXPECT_EQ(DecisionOf(net[0], id).verdict, governance::Verdict::kProvisional);
  Settle(All(), 10 * kDayMs);
  EXPECT_EQ(DecisionOf(net[1], id).verdict, governance::Verdict::kEffective);
}

TEST_F(Seals, AnObjectionBeforeTheSealRejectsIt) {
  net = Network(3, {{"*", "consent 2"}});
  const log::EntryId id = Propose(net[0], About("geld", "", ""));
  Meet(All());
  Vote(net[0], id);
  Vote(net[1], id);
  Meet(All());
  Govern(net[0], 1);
  Meet(All());
  ASSERT_TRUE(net[2].replica->Vote(id, {governance::Position::kObjection, "Zu teuer.\n"}, {}));
  net[2].Write();
  Meet(All());
  Settle(All(), 8 * kDayMs);
  EXPECT_EQ(DecisionOf(net[0], id).verdict, governance::Verdict::kRejected);
}

TEST_F(Seals, ARemovalIsSealedSoon) {
  net = Network(4);
  std::vector<Device*> rest = {&net[0], &net[1], &net[2]};
  const log::EntryId id = Decide(rest, Removal(net[3]));
  Settle(rest, 1'000);
  EXPECT_TRUE(DecisionOf(net[2], id).seal);
}

// A proposal's card names a device before anything is decided. Whether what follows it comes in the
// same run or in one of its own must make no difference.
TEST_F(Decisions, WhatFollowsACardOfTheOwnDeviceIsJudgedBehindIt) {
  Device& writer = net[0];
  SeededRandom random(3);
  crypto::SigningKey root = crypto::SigningKey::Generate(random);
  const auto card_of = [&] {
    return log::SignCard("Lower", root, writer.key.public_key(), writer.tls.public_key());
  };
  while (!(card_of().org() < writer.Card().org())) root = crypto::SigningKey::Generate(random);
  const log::EntryId proposal =
      Propose(writer, About(governance::kAdmit, card_of().org().Hex(),
                            log::RenderProvenCard(log::ProveCard(card_of(), writer.key))));
  const log::SpaceId space = writer.replica->members().root_space();
  const log::FeedKey feed{space, writer.key.public_key(), writer.replica->life()};
  const log::Entry first = (*writer.Log(space).EntryOf(proposal))->entry;
  log::Header header = first.header;
  header.seq += 1;
  header.prev = first.id;
  header.seen.clear();
  header.about.reset();
  header.kind = governance::kGather;
  header.time_s = 0;
  header.fields = header.evidence = 0;
  header.root = log::BodyRoot({});
  const log::Entry second = log::Sign(std::move(header), writer.key);
  log::FeedHead before{first.header.seq, first.header.prev, {}};
  const codec::Bodies bodies = BodiesOf(writer, feed, first.header.seq, first.header.seq);
  const log::DeviceId from = writer.key.public_key();
  net[1].replica->Admit(space, codec::PartsOf(before, {first, second}, 0), from);
  net[1].replica->AdmitBodies(space, bodies, {});
  net[2].replica->Admit(space, codec::PartsOf(before, {first}, 0), from);
  net[2].replica->AdmitBodies(space, bodies, {});
  net[2].replica->Admit(space, codec::PartsOf({second.header.seq, first.id, {}}, {second}, 0),
                        from);
  EXPECT_TRUE(net[1].replica->council().Counts(proposal));
  EXPECT_EQ(net[1].Log(space).Frontier(), net[2].Log(space).Frontier());
  EXPECT_FALSE(net[1].replica->council().Counts(second.id));
}

}  // namespace
}  // namespace geflecht::replica
