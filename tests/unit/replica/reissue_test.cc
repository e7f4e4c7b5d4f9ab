// What was written beside a seal is void and is said again, once.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "node/governance/ballot.h"
#include "tests/unit/replica/deciding.h"

namespace geflecht::replica {
namespace {

struct Reissue : Seals {
  Reissue() { net = Network(4); }
  std::vector<Device*> Three() { return {&net[0], &net[1], &net[2]}; }
  std::vector<Device*> Four() { return {&net[0], &net[1], &net[2], &net[3]}; }
  const Council& At(std::size_t i) { return net[i].replica->council(); }
  // The three decide something and seal it, without the fourth.
  void SealWithoutTheFourth(std::int64_t now_ms) {
    Decide(Three(), About("content", "", ""));
    Settle(Three(), now_ms);
    ASSERT_EQ(At(0).state().seals.size(), 1u);
  }
  void SealWithoutTheFourthAgain(std::int64_t now_ms) {
    const std::size_t before = At(0).state().seals.size();
    Decide(Three(), About("content", "", ""));
    Settle(Three(), now_ms);
    ASSERT_EQ(At(0).state().seals.size(), before + 1);
  }
  void Comment(Device& device, const log::EntryId& id, const std::string& text) {
    CHECK(device.replica->Comment(id, text, {}).has_value());
    device.Write();
  }
  // Proposals of a title that are not void.
  std::vector<log::EntryId> Standing(Device& device, const std::string& title) {
    std::vector<log::EntryId> standing;
    const Council& council = device.replica->council();
    for (const log::EntryId& id : council.OfKind(governance::kProposal)) {
      const auto said = governance::ReadProposal(**device.replica->RootBodyOf(id));
      if (said->title == title && !council.state().IsVoid(id)) standing.push_back(id);
    }
    return standing;
  }
  std::vector<log::EntryId> CommentsOn(Device& device, const log::EntryId& id,
                                       const std::string& text) {
    std::vector<log::EntryId> comments;
    const Council& council = device.replica->council();
    for (const log::EntryId& entry : council.About(id)) {
      if (council.Find(entry)->kind != governance::kComment || council.state().IsVoid(entry))
        continue;
      const auto said = governance::ReadComment(**device.replica->RootBodyOf(entry));
      if (*said == text) comments.push_back(entry);
    }
    return comments;
  }
  std::optional<governance::Position> CountedVote(Device& device, const log::EntryId& id,
                                                  const log::OrgId& org) {
    const auto ballot = governance::BallotOn(device.replica->council().evaluator(), id);
    for (const auto& cast : ballot->cast)
      if (cast.org == org) return cast.position;
    return std::nullopt;
  }
  std::size_t Said(Device& device) {
    std::size_t entries = 0;
    for (const auto kind : {governance::kProposal, governance::kVote, governance::kComment,
                            governance::kEnact, governance::kDeviceAdd})
      entries += device.replica->council().OfKind(kind).size();
    return entries;
  }
  governance::ProposalBody Titled(const std::string& title) {
    governance::ProposalBody proposal = About("content", "", "");
    proposal.title = title;
    return proposal;
  }
};

TEST_F(Reissue, AProposalItsVotesAndCommentsComeBackOnce) {
  const log::EntryId id = Propose(net[3], Titled("Fest"));
  Vote(net[3], id);
  Comment(net[3], id, "Im Sommer.\n");
  SealWithoutTheFourth(8 * kDayMs);
  Meet(Four());
  ASSERT_TRUE(At(0).state().IsVoid(id));
  EXPECT_EQ(net[0].replica->Vote(id, {governance::Position::kYes, ""}, {}).error().hint,
            "hint.proposal-void");
  Settle(Four(), 8 * kDayMs + 200'000);
  const auto standing = Standing(net[0], "Fest");
  ASSERT_EQ(standing.size(), 1u);
  EXPECT_EQ(At(0).Find(standing[0])->about, id);
  EXPECT_EQ(CountedVote(net[0], standing[0], net[3].Card().org()), governance::Position::kYes);
  EXPECT_EQ(CommentsOn(net[0], standing[0], "Im Sommer.\n").size(), 1u);
  const std::size_t said = Said(net[0]);
  Settle(Four(), 8 * kDayMs + 400'000);
  net[3].Load(net.founding);
  Settle(Four(), 8 * kDayMs + 600'000);
  EXPECT_EQ(Said(net[0]), said) << "nothing is said a third time, also after a restart";
  for (Device* device : {&net[0], &net[1]}) Vote(*device, standing[0]);
  Meet(Four());
  Settle(Four(), 8 * kDayMs + 800'000);
  EXPECT_EQ(DecisionOf(net[1], standing[0]).verdict, governance::Verdict::kEffective);
}

// Mandates, their ends, acknowledgements and requests concern their writer alone: they hold
// although they are void, so there is nothing to say again (docs/decisions/0024).
TEST_F(Reissue, WhatConcernsItsWriterAloneHoldsBesideASeal) {
  const auto rule = [&](const std::string& title) {
    governance::ProposalBody proposal = About("rule", "money", "consent 3");
    proposal.title = title;
    return proposal;
  };
  const log::EntryId version = Decide(Four(), rule("Regel"));
  Settle(Four(), 8 * kDayMs);
  ASSERT_EQ(At(3).state().seals.size(), 1u);
  const crypto::SigningKey person = crypto::SigningKey::Generate(net[3].random);
  const auto add = [&] {
    const auto id =
        net[3].replica->AddPerson({person.public_key(),
                                   governance::SignStatement({net.founding.network(),
                                                              std::string(governance::kActMandate),
                                                              {},
                                                              "sign - -",
                                                              net[3].Card().org(),
                                                              {},
                                                              1},
                                                             person),
                                   "Person"},
                                  {});
    CHECK(id.has_value());
    return *id;
  };
  const log::EntryId kept = add();
  const log::EntryId ended = add();
  const auto end = net[3].replica->EndPerson(ended, {});
  const auto known = net[3].replica->Acknowledge(version, {});
  const auto asked = net[3].replica->RequestAudit({std::string(32, 'a'), {}}, {});
  ASSERT_TRUE(end && known && asked);
  net[3].Write();
  SealWithoutTheFourthAgain(20 * kDayMs);
  Meet(Four());
  for (const log::EntryId& id : {kept, ended, *end, *known, *asked})
    ASSERT_TRUE(At(0).state().IsVoid(id));
  const auto count = [&] {
    std::size_t entries = 0;
    for (const auto kind : {governance::kPersonAdd, governance::kPersonEnd,
                            governance::kAcknowledge, governance::kAuditRequest})
      entries += At(0).OfKind(kind).size();
    return entries;
  };
  Settle(Four(), 20 * kDayMs + 200'000);
  EXPECT_EQ(count(), 5u);
  for (std::size_t i : {0u, 3u}) {
    ASSERT_NE(At(i).mandates().Find(kept), nullptr);
    EXPECT_TRUE(At(i).mandates().Find(kept)->ends.empty());
    EXPECT_FALSE(At(i).mandates().Find(ended)->ends.empty());
    EXPECT_FALSE(At(i).OfKind(governance::kAcknowledge).empty());
  }
}

TEST_F(Reissue, AVoteBesideTheSealIsCastAgainOnTheSameProposal) {
  const log::EntryId id = Propose(net[0], Titled("Fest"));
  Meet(Four());
  Vote(net[3], id);
  SealWithoutTheFourth(8 * kDayMs);
  Meet(Four());
  EXPECT_EQ(CountedVote(net[0], id, net[3].Card().org()), std::nullopt);
  Settle(Four(), 8 * kDayMs + 200'000);
  EXPECT_EQ(CountedVote(net[0], id, net[3].Card().org()), governance::Position::kYes);
}

TEST_F(Reissue, OfTwoOwnVotesTheLaterOneIsSaidAgain) {
  const log::EntryId id = Propose(net[0], Titled("Fest"));
  Meet(Four());
  Vote(net[3], id);
  ASSERT_TRUE(net[3].replica->Vote(id, {governance::Position::kAbstain, ""}, {}).has_value());
  net[3].Write();
  SealWithoutTheFourth(8 * kDayMs);
  Meet(Four());
  const std::size_t votes = At(0).About(id).size();
  Settle(Four(), 8 * kDayMs + 200'000);
  EXPECT_EQ(CountedVote(net[0], id, net[3].Card().org()), governance::Position::kAbstain);
  EXPECT_EQ(At(0).About(id).size(), votes + 1);
}

TEST_F(Reissue, ADecisionWhoseCertificateIsVoidIsCertifiedAgain) {
  // All votes lie in the past of the seal, the certificate does not.
  const log::EntryId id = Propose(net[3], Titled("Fest"));
  Meet(Four());
  for (std::size_t i = 0; i < 3; ++i) Vote(net[i], id);
  for (Device* device : Three()) BringAll(*device, net[3]);
  Govern(net[3], 1);
  ASSERT_NE(At(3).state().DecisionOn(id), nullptr);
  // The others decide and seal before they certify: they know the votes only from each other.
  const log::EntryId other = Propose(net[0], Titled("Anderes"));
  Meet(Three());
  for (Device* device : Three()) Vote(*device, other);
  Meet(Three());
  ASSERT_TRUE(net[0].replica->Enact(other, {1, 1}).has_value());
  net[0].Write();
  Meet(Three());
  ASSERT_TRUE(net[0].replica->ProposeSeal({1'000, 1'000}).has_value());
  net[0].Write();
  Meet(Three());
  Settle(Three(), 40'000);
  ASSERT_FALSE(At(0).state().seals.empty());
  Meet(Four());
  Settle(Four(), 400'000);
  EXPECT_EQ(DecisionOf(net[0], id).verdict, governance::Verdict::kEffective);
}

TEST_F(Reissue, NobodySpeaksInAnothersPlace) {
  const log::EntryId id = Propose(net[3], Titled("Fest"));
  Vote(net[3], id);
  SealWithoutTheFourth(8 * kDayMs);
  // The others have its entries; it stays away.
  for (Device* device : Three()) BringAll(net[3], *device);
  Settle(Three(), 8 * kDayMs + 200'000);
  EXPECT_TRUE(Standing(net[0], "Fest").empty());
}

// Four organisations propose, vote and comment at random while one after the other is away for
// weeks.
struct Weeks : Reissue {
  using ByWhom = std::pair<std::string, std::size_t>;  // title, organisation

  void Run(std::uint64_t seed) {
    net = Network(4);
    random = SeededRandom(seed);
    for (int round = 0; round < 5; ++round) {
      const std::size_t away = random.Below(4);
      std::vector<Device*> here;
      for (std::size_t i = 0; i < 4; ++i)
        if (i != away) here.push_back(&net[i]);
      for (std::size_t step = 0; step < 6; ++step) {
        SaySomething(step % 2 == 0 ? away : random.Below(4));
        if (random.Below(2) == 0) Meet(here);
      }
      Decide(here, Titled("R" + std::to_string(round)));
      Settle(here, now_ms += 8 * kDayMs);
      if (random.Below(2) == 0) Meet(Four());
      now_ms += kDayMs;
    }
    Meet(Four());
    for (int again = 0; again < 3; ++again) Settle(Four(), now_ms += kDayMs);
  }

  void SaySomething(std::size_t who) {
    Device& device = net[who];
    std::vector<std::string> open;
    for (const auto& [title, by] : proposed)
      if (Standing(device, title).size() == 1) open.push_back(title);
    const std::uint64_t what = random.Below(3);
    if (what == 0 || open.empty()) {
      const std::string title = "T" + std::to_string(proposed.size());
      Propose(device, Titled(title));
      proposed[title] = who;
      return;
    }
    const std::string title = open[random.Below(open.size())];
    const log::EntryId id = Standing(device, title)[0];
    if (what == 1) {
      const auto position = static_cast<governance::Position>(random.Below(3));
      if (device.replica->Vote(id, {position, ""}, {now_ms, now_ms}))
        voted[{title, who}] = position;
      device.Write();
      return;
    }
    const std::string text = "K" + std::to_string(random.Below(1'000'000)) + "\n";
    Comment(device, id, text);
    commented[{title, who}] = text;
  }

  SeededRandom random{1};
  std::int64_t now_ms = kDayMs;
  std::map<std::string, std::size_t> proposed;  // by whom
  std::map<ByWhom, governance::Position> voted;
  std::map<ByWhom, std::string> commented;
};

TEST_F(Weeks, NothingIsLostAndNothingIsSaidWithoutEnd) {
  constexpr std::uint64_t kSeed = 7;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  Run(kSeed);
  const std::size_t said = Said(net[0]);
  Settle(Four(), now_ms += kDayMs);
  EXPECT_EQ(Said(net[0]), said);
  EXPECT_GE(At(0).state().seals.size(), 3u);
  EXPECT_GE(At(0).state().voided.size(), 5u) << "the test has to meet what it is about";
  for (const auto& [title, by] : proposed) EXPECT_EQ(Standing(net[0], title).size(), 1u) << title;
  for (const auto& [what, position] : voted) {
    const log::EntryId id = Standing(net[0], what.first).at(0);
    const governance::Decision* decision = At(0).state().DecisionOn(id);
    if (decision != nullptr && decision->seal) continue;
    EXPECT_EQ(CountedVote(net[0], id, net[what.second].Card().org()), position) << what.first;
  }
  for (const auto& [what, text] : commented) {
    const log::EntryId id = Standing(net[0], what.first).at(0);
    EXPECT_EQ(CommentsOn(net[0], id, text).size(), 1u) << what.first;
  }
}

}  // namespace
}  // namespace geflecht::replica
