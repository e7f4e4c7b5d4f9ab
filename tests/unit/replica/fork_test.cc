// Two writers with one key, copies and restored backups: both branches stay, the device goes on in
// a new life, and the order in which a node learns of the branches does not matter.
#include "node/log/fork.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

void Append(Device& device, const crdt::DocumentId& document, const std::string& text) {
  ASSERT_TRUE(device.Type(document, 0, text).has_value());
  ASSERT_TRUE(device.replica->CutAll({}).has_value());
  device.Write();
}

log::Fingerprint Stand(const Device& device) { return log::FingerprintOf(device.Log().Frontier()); }

// Device 0 and a copy of its disk have both written "common"; then each goes on by itself.
struct Forks : testing::Test {
  Forks() : net(4), id(net[0].MakeNote("common")), clone(net[0].Clone(77)) {}
  void WriteBoth() {
    Append(net[0], id, "one ");
    Append(net[0], id, "two ");
    Append(*clone, id, "other ");
  }
  Network net;
  crdt::DocumentId id;
  std::unique_ptr<Device> clone;
};

TEST_F(Forks, BothBranchesStayInWhateverOrderTheyCome) {
  const crdt::DocumentId mine = net[0].MakeNote("of the first");
  const crdt::DocumentId theirs = clone->MakeNote("of the copy");
  ASSERT_NE(mine, theirs);
  WriteBoth();
  Bring(net[0], net[1]);
  Bring(*clone, net[1]);
  Bring(*clone, net[2]);
  Bring(net[0], net[2]);
  EXPECT_EQ(Stand(net[1]), Stand(net[2]));
  EXPECT_NE(Stand(net[1]), Stand(net[0]));
  for (Device* device : {&net[1], &net[2]}) {
    EXPECT_EQ(device->Log().missing_bodies(), 0u);
    EXPECT_EQ(device->Log().BranchCount(net[0].Feed()), 2u);
    EXPECT_EQ(device->Text(mine), "of the first");
    EXPECT_EQ(device->Text(theirs), "of the copy");
  }
  EXPECT_EQ(net[1].Text(id), net[2].Text(id));
  EXPECT_EQ(net[1].Text(id).size(), std::string("one two other common").size());
}

TEST_F(Forks, BranchesSurviveARestart) {
  WriteBoth();
  Bring(net[0], net[1]);
  Bring(*clone, net[1]);
  const log::Fingerprint before = Stand(net[1]);
  const std::string text = net[1].Text(id);
  net[1].Load(net.founding);
  EXPECT_EQ(Stand(net[1]), before);
  EXPECT_EQ(net[1].Log().durable_fingerprint(), before);
  EXPECT_EQ(net[1].Text(id), text);
  // Both branches go on where they stand.
  Append(*clone, id, "more ");
  Append(net[0], id, "still ");
  Bring(*clone, net[1]);
  Bring(net[0], net[1]);
  EXPECT_EQ(net[1].Log().BranchCount(net[0].Feed()), 2u);
  Bring(net[0], net[2]);
  Bring(*clone, net[2]);
  EXPECT_EQ(Stand(net[1]), Stand(net[2]));
}

TEST_F(Forks, AWholeFeedSentAgainGivesOnlyItsOtherBranch) {
  WriteBoth();
  Bring(net[0], net[1]);
  const std::uint64_t had = net[1].Log().last_arrival();
  const log::FeedKey feed = net[0].Feed();
  EXPECT_EQ(net[1].replica->Admit(net.space, RunOf(*clone, feed, 0, 1)).outcome, Outcome::kNew);
  EXPECT_EQ(net[1].replica->Admit(net.space, RunOf(*clone, feed, 0, 1)).outcome, Outcome::kKnown);
  EXPECT_EQ(net[1].replica->Admit(net.space, RunOf(net[0], feed, 0, 2)).outcome, Outcome::kKnown);
  EXPECT_EQ(net[1].Log().last_arrival(), had + 1);
}

TEST_F(Forks, ARunOfAnUnknownBranchWaitsAndBlamesNobody) {
  WriteBoth();
  Append(*clone, id, "further ");
  Bring(net[0], net[1]);
  const log::FeedKey feed = net[0].Feed();
  EXPECT_EQ(net[1].replica->Admit(net.space, RunOf(*clone, feed, 2, 2)).outcome, Outcome::kWaiting);
  EXPECT_EQ(net[1].replica->Admit(net.space, RunOf(*clone, feed, 1, 1)).outcome, Outcome::kNew);
  EXPECT_EQ(net[1].replica->pending_entries(), 0u);
}

TEST_F(Forks, BodiesGoToTheEntryWhoseRootTheyGive) {
  WriteBoth();
  const log::FeedKey feed = net[0].Feed();
  for (Device* from : {&net[0], clone.get()})
    ASSERT_EQ(net[1].replica->Admit(net.space, RunOf(*from, feed, 0, 1)).outcome, Outcome::kNew);
  EXPECT_EQ(net[1].replica->AdmitBodies(net.space, BodiesOf(*clone, feed, 1, 1), {}).outcome,
            Outcome::kNew);
  EXPECT_EQ(net[1].replica->AdmitBodies(net.space, BodiesOf(*clone, feed, 1, 1), {}).outcome,
            Outcome::kKnown);
  codec::Bodies wrong = BodiesOf(net[0], feed, 1, 1);
  std::get<log::Field>(wrong.items[0].body.slots[0]).value[0] ^= 1;
  EXPECT_EQ(net[1].replica->AdmitBodies(net.space, wrong, {}).outcome, Outcome::kKnown)
      << "it may belong to a branch that is not here";
  EXPECT_EQ(net[1].replica->AdmitBodies(net.space, BodiesOf(net[0], feed, 0, 1), {}).outcome,
            Outcome::kNew);
  EXPECT_EQ(net[1].Log().missing_bodies(), 0u);
}

TEST_F(Forks, WhoMeetsAnotherWriterOfTheOwnKeyGoesOnInANewLife) {
  WriteBoth();
  const log::LifeId before = net[0].replica->life();
  Bring(*clone, net[0]);
  EXPECT_EQ(net[0].replica->life(), before)
      << "a new life begins with an entry, not with a meeting";
  net[0].Load(net.founding);  // a restart in between forgets nothing
  Append(net[0], id, "again ");
  const log::LifeId after = net[0].replica->life();
  EXPECT_NE(after, before);
  const auto first = net[0].Log().EntryAt(net[0].Feed(), 0);
  ASSERT_TRUE(first.has_value() && first->has_value());
  EXPECT_EQ((*first)->entry.header.kind, "gather");
  EXPECT_TRUE((*first)->entry.header.about.has_value());
  net[0].Load(net.founding);
  Bring(net[0], *clone);
  Append(*clone, id, "copy again ");
  EXPECT_NE(clone->replica->life(), before);
  EXPECT_NE(clone->replica->life(), after);
  Bring(*clone, net[0]);
  EXPECT_EQ(Stand(net[0]), Stand(*clone));
  EXPECT_EQ(net[0].Text(id), clone->Text(id));
}

TEST_F(Forks, OwnEntriesThatComeBackEndTheLifeToo) {
  // The disk goes back to an older state, and a partner brings what was written after it.
  const std::unique_ptr<Device> restored = net[0].Clone(78);
  Append(net[0], id, "lost ");
  Bring(net[0], net[1]);
  Bring(net[1], *restored);
  EXPECT_EQ(restored->Text(id), "lost common");
  Append(*restored, id, "new ");
  EXPECT_NE(restored->replica->life(), net[0].replica->life());
  Bring(*restored, net[1]);
  EXPECT_EQ(net[1].Log().BranchCount(net[0].Feed()), 1u) << "nothing is forked";
  EXPECT_EQ(net[1].Text(id), "new lost common");
}

TEST_F(Forks, OwnEntriesThatWaitedForTheirCausesEndTheLifeToo) {
  Bring(net[0], net[1]);
  const std::unique_ptr<Device> restored = net[0].Clone(78);
  Append(net[1], id, "theirs ");
  Bring(net[1], net[0]);
  Append(net[0], id, "lost ");
  const log::FeedKey feed = net[0].Feed();
  const std::uint64_t last = net[0].Log().Head(feed).next_seq - 1;
  const Admitted early = restored->replica->Admit(net.space, RunOf(net[0], feed, last, last),
                                                  net[1].key.public_key());
  ASSERT_EQ(early.outcome, Outcome::kWaiting);
  Bring(net[1], *restored);
  ASSERT_EQ(restored->Log().Head(feed).next_seq, last + 1);
  Bring(net[0], *restored);
  Append(*restored, id, "new ");
  EXPECT_NE(restored->replica->life(), net[0].replica->life());
}

TEST_F(Forks, AnEndedLifeNamesTheLastEntryOfTheOneBefore) {
  net[0].life_ended = true;
  net[0].Load(net.founding);
  const auto last = net[0].Log().LastOf(net[0].key.public_key());
  Append(net[0], id, "x");
  const auto first = net[0].Log().EntryAt(net[0].Feed(), 0);
  EXPECT_EQ((*first)->entry.header.about, (*last)->entry.id);
}

void StartWithEndedLife(Device& device, const log::Founding& founding) {
  device.life_ended = true;
  device.life = device.replica->life();
  device.Load(founding);
}

// Lets `device`, which is in its first life, begin all that it may.
void BeginEveryLife(Device& device, const log::Founding& founding, const crdt::DocumentId& id) {
  for (std::size_t life = 1; life < limits::kLivesMax; ++life) {
    StartWithEndedLife(device, founding);
    Append(device, id, "x");
  }
}

TEST_F(Forks, ADeviceHasSixteenLives) {
  BeginEveryLife(net[0], net.founding, id);
  net[0].Load(net.founding);
  const auto typed = net[0].Type(id, 0, "y");
  ASSERT_FALSE(typed.has_value());
  EXPECT_EQ(typed.error().hint, "hint.lives-used-up");
  EXPECT_FALSE(net[0].replica->NextCutMs().has_value());
  Bring(net[0], net[1]);
  EXPECT_EQ(net[1].Log().LivesOf(net[0].key.public_key()), limits::kLivesMax);
}

TEST_F(Forks, ADraftThatCouldNotBeCutBecomesAConcurrentChange) {
  BeginEveryLife(net[0], net.founding, id);
  const std::string before = net[0].Text(id);
  ASSERT_TRUE(net[0].Type(id, before.size(), " draft").has_value());
  net[0].Write();
  StartWithEndedLife(net[0], net.founding);
  Bring(net[0], net[1]);
  Append(net[1], id, " theirs");
  Bring(net[1], net[0]);
  net[0].life_ended = false;
  net[0].Load(net.founding);
  EXPECT_EQ(net[0].Text(id), " theirs" + before);
  ASSERT_TRUE(net[0].Type(id, 0, "new ").has_value());
  EXPECT_EQ(net[0].Text(id), "new  theirs" + before + " draft");
  ASSERT_TRUE(net[0].replica->CutAll({0, 0}).has_value());
  net[0].Write();
  Bring(net[0], net[1]);
  EXPECT_EQ(net[1].Text(id), "new  theirs" + before + " draft");
}

// Lets the time pass at which evidence is given.
void Wait(Device& device, std::int64_t ms) {
  ASSERT_TRUE(device.replica->GiveEvidence({0, 0}).has_value());
  ASSERT_TRUE(device.replica->GiveEvidence({ms, 0}).has_value());
  device.Write();
}

std::vector<codec::StoredEntry> EvidenceIn(const Device& device) {
  auto entries = *device.Log().Arrivals(1, 10'000);
  std::erase_if(entries, [](const codec::StoredEntry& stored) {
    return stored.entry.header.kind != "fork.evidence";
  });
  return entries;
}

TEST_F(Forks, OneEvidenceProvesAForkToEverybody) {
  WriteBoth();
  Bring(net[0], net[1]);
  Bring(*clone, net[1]);
  Bring(net[1], net[2]);
  EXPECT_EQ(net[1].replica->NextEvidenceMs(), 0);
  Wait(net[1], 1'999);
  EXPECT_TRUE(EvidenceIn(net[1]).empty()) << "somebody else may be first";
  Wait(net[1], 40'000);
  ASSERT_EQ(EvidenceIn(net[1]).size(), 1u);
  Bring(net[1], net[2]);
  Wait(net[2], 40'000);
  EXPECT_EQ(EvidenceIn(net[2]).size(), 1u);
  EXPECT_FALSE(net[2].replica->NextEvidenceMs().has_value());
  net[1].Load(net.founding);
  EXPECT_FALSE(net[1].replica->NextEvidenceMs().has_value());

  const codec::StoredEntry evidence = EvidenceIn(net[2]).front();
  const auto body = net[2].Log().BodyOf(evidence);
  const auto fork =
      log::CheckFork(net.founding.network(), AsText(*log::FindField(**body, log::kLowerBranch)),
                     AsText(*log::FindField(**body, log::kHigherBranch)));
  ASSERT_TRUE(fork.has_value()) << fork.error().detail;
  EXPECT_TRUE(fork->feed.SameFeed(net[0].Feed()));
  EXPECT_EQ(fork->seq, 1u);
  EXPECT_EQ(evidence.entry.header.about, fork->lower);
  EXPECT_EQ(evidence.entry.header.evidence, 2u);
}

TEST_F(Forks, WhatProvesNoForkIsNone) {
  WriteBoth();
  const log::FeedKey feed = net[0].Feed();
  const auto text = [&](const Device& device, std::uint64_t seq) {
    return log::RenderBranch({(*device.Log().EntryAt(feed, seq))->entry});
  };
  std::string lower = text(net[0], 1);
  std::string higher = text(*clone, 1);
  if ((*clone->Log().EntryAt(feed, 1))->entry.id < (*net[0].Log().EntryAt(feed, 1))->entry.id)
    std::swap(lower, higher);
  const log::NetworkId network = net.founding.network();
  EXPECT_TRUE(log::CheckFork(network, lower, higher).has_value());
  EXPECT_FALSE(log::CheckFork(network, higher, lower).has_value()) << "order";
  EXPECT_FALSE(log::CheckFork(network, lower, lower).has_value()) << "one entry";
  EXPECT_FALSE(log::CheckFork(network, text(net[0], 0), text(net[0], 1)).has_value()) << "seq";
  EXPECT_FALSE(log::CheckFork(network, lower, "").has_value());
  EXPECT_FALSE(log::CheckFork({}, lower, higher).has_value()) << "network";
  for (std::size_t at = 0; at < higher.size(); at += 7) {
    std::string bad = higher;
    bad[at] ^= 1;
    EXPECT_FALSE(log::CheckFork(network, lower, bad).has_value()) << at;
  }
}

TEST_F(Forks, BranchesOfAFeedAreBounded) {
  const log::FeedKey feed = net[0].Feed();
  Bring(net[0], net[1]);
  for (std::size_t i = 0; i <= limits::kBranchesMax; ++i) {
    const std::unique_ptr<Device> copy = net[0].Clone(100 + i);
    Append(*copy, id, "x");
    EXPECT_EQ(net[1].replica->Admit(net.space, RunOf(*copy, feed, 1, 1)).outcome,
              i < limits::kBranchesMax ? Outcome::kNew : Outcome::kWaiting)
        << i;
  }
  EXPECT_EQ(net[1].Log().BranchCount(feed), limits::kBranchesMax);
}

}  // namespace
}  // namespace geflecht::replica
