#include "node/governance/space.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "node/governance/ballot.h"
#include "node/governance/evaluate.h"
#include "node/governance/members.h"
#include "node/governance/minutes.h"

namespace geflecht::governance {
namespace {

template <class Id>
Id Named(std::string_view name) {
  Id id;
  std::copy(name.begin(), name.end(), id.bytes.begin());
  return id;
}
OrgId Org(std::string_view name) { return Named<OrgId>(name); }
crypto::PublicKey Key(std::string_view name) { return Named<crypto::PublicKey>(name); }

std::string Line(std::string_view word, std::string_view org, std::string_view more = "") {
  return std::string(word) + " " + Org(org).Hex() + std::string(more) + "\n";
}

const std::string kHex = std::string(31, '0') + "1";

TEST(SpaceText, AFoundingIsReadAndWrittenBackToTheByte) {
  const std::string text = "kind steering\nname Steuerungsgruppe Süd\n" + Line("member", "A") +
                           Line("member", "B") + Line("observer", "C", " 2027-03-31");
  const auto change = ParseSpace(kNewSpace, text);
  ASSERT_TRUE(change);
  EXPECT_FALSE(change->space);
  EXPECT_EQ(change->kind, SpaceKind::kSteering);
  EXPECT_EQ(change->name, "Steuerungsgruppe Süd");
  ASSERT_EQ(change->seats.size(), 3u);
  EXPECT_EQ(change->seats[2], (Seat{Org("C"), ParseDay("2027-03-31"), true}));
  EXPECT_EQ(RenderSpace(*change), text);
}

TEST(SpaceText, AChangeIsReadAndWrittenBackToTheByte) {
  const std::string text = Line("+member", "D") + Line("-member", "A") +
                           Line("+observer", "A", " 2027-03-31") +
                           Line("-observer", "D", " 2026-12-31");
  const auto change = ParseSpace(kHex, text);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->space->Hex(), kHex);
  EXPECT_EQ(RenderSpace(*change), text);
}

TEST(SpaceText, EveryOtherFormIsRefused) {
  const std::string head = "kind working\nname N\n";
  const std::string both = Line("member", "A") + Line("member", "B");
  ASSERT_TRUE(ParseSpace(kNewSpace, head + both));
  const std::vector<std::string> founding = {
      "",
      head,
      head + Line("member", "A"),
      head + Line("member", "A") + Line("observer", "B", " 2027-01-01"),
      "kind network\nname N\n" + both,
      "name N\nkind working\n" + both,
      "kind working\nname \n" + both,
      "kind working\nname " + std::string(kSpaceNameBytesMax + 1, 'x') + "\n" + both,
      "kind bilateral\nname N\n" + both + Line("member", "C"),
      head + Line("member", "B") + Line("member", "A"),
      head + Line("member", "A") + both,
      head + both + Line("observer", "A", " 2027-01-01"),
      head + both + Line("observer", "C", " 2027-01-01") + Line("observer", "C", " 2027-02-01"),
      head + both + Line("observer", "C"),
      head + both + Line("observer", "C", " 2027-02-30"),
      head + both + Line("observer", "C", " 2027-02-03 "),
      head + both + Line("+member", "C"),
      head + both + Line("member", "C", " "),
      head + both + "member C\n",
      head + both.substr(0, both.size() - 1),
      head + both + "\n",
      head + both + "member\n",
  };
  for (const std::string& bad : founding) EXPECT_FALSE(ParseSpace(kNewSpace, bad)) << bad;
  const std::vector<std::string> change = {
      "",
      Line("member", "A"),
      Line("*member", "A"),
      Line("-member", "A") + Line("+member", "B"),
      Line("+member", "A") + Line("+observer", "A", " 2027-01-01"),
      Line("+member", "A") + Line("-member", "A"),
      head + both,
      "name N\n" + Line("+member", "A"),
  };
  for (const std::string& bad : change) EXPECT_FALSE(ParseSpace(kHex, bad)) << bad;
  for (const std::string& subject : {std::string("x"), kHex + "0", std::string("NEW")})
    EXPECT_FALSE(ParseSpace(subject, Line("+member", "A"))) << subject;
}

TEST(SpaceText, RolesOfSeatsAreReadStrictly) {
  const log::SpaceId space = SpaceOf(Named<EntryId>("p"));
  EXPECT_EQ(ParseSpaceRole(MemberRole(space))->space, space);
  const auto observer = ParseSpaceRole(ObserverRole(space, *ParseDay("2027-01-01")));
  ASSERT_TRUE(observer);
  EXPECT_EQ(observer->until, ParseDay("2027-01-01"));
  for (const std::string& bad :
       {std::string("member:"), "member:" + space.Hex() + "0", "space:" + space.Hex(),
        "observer:" + space.Hex(), "observer:" + space.Hex() + ":2027-13-01"})
    EXPECT_FALSE(ParseSpaceRole(bad)) << bad;
}

// Six organisations; a device and a root key of each are named like it.
class Circles : public testing::Test {
 protected:
  EntryId Found(const Rule& every) {
    Charter charter{{}, {every, {}}};
    for (const char* const org : {"A", "B", "C", "D", "E", "X"})
      charter.founders.push_back({Org(org), Key(org), Key(org)});
    return Put("nobody", {}, charter);
  }
  EntryId Put(std::string_view by, std::vector<EntryId> parents, Act act) {
    const EntryId id = Named<EntryId>(std::to_string(10000 + ++count_));
    EXPECT_TRUE(graph_.Add({id, std::move(parents), {Org(by), Key(by)}, std::move(act)}));
    return id;
  }
  struct Decided {
    EntryId proposal, enact;
  };
  Decided Decide(const EntryId& past, Measure measure, const std::vector<std::string>& who,
                 const ProposalTerms& terms = {}) {
    Decided decided;
    decided.proposal = Put(who.front(), {past}, Proposal{std::move(measure), terms});
    std::vector<EntryId> votes;
    for (const std::string& org : who)
      votes.push_back(Put(org, {decided.proposal}, Vote{decided.proposal, Position::kYes}));
    decided.enact = Put(who.front(), votes, Enact{decided.proposal, votes});
    return decided;
  }
  // A space of these, which all but X have decided.
  Decided Open(const EntryId& past, const std::vector<std::string>& who) {
    ChangeSpace space{std::nullopt, SpaceKind::kWorking, "N", {}};
    for (const std::string& org : who) space.seats.push_back({Org(org), {}, true});
    const Decided opened = Decide(past, space, {"A", "B", "C", "D", "E"});
    space_ = SpaceOf(opened.proposal);
    return opened;
  }
  Measure Seats(std::vector<Seat> seats) const { return ChangeSpace{space_, {}, {}, seats}; }
  Measure Letting(std::string_view org) const { return Seats({{Org(org), {}, true}}); }

  const SpaceState* Now() {
    for (const SpaceState& space : graph_.Evaluate().spaces)
      if (space.id == space_) return &space;
    return nullptr;
  }
  std::vector<OrgId> In() {
    const SpaceState* const now = Now();
    return now == nullptr ? std::vector<OrgId>() : now->members;
  }
  static std::vector<OrgId> Orgs(const std::vector<std::string>& names) {
    std::vector<OrgId> orgs;
    for (const std::string& name : names) orgs.push_back(Org(name));
    return orgs;
  }

  int Count() const { return count_; }

  Evaluator graph_;
  log::SpaceId space_;

 private:
  int count_ = 0;
};

constexpr Rule kHalf{RuleKind::kMajority, 0, {}};

TEST_F(Circles, ADecisionOpensASpaceOfThoseThatItNames) {
  const EntryId charter = Found(kHalf);
  const Decided opened = Open(charter, {"A", "B", "C"});
  ASSERT_NE(Now(), nullptr);
  EXPECT_EQ(Now()->founded_by, opened.proposal);
  EXPECT_EQ(Now()->name, "N");
  EXPECT_EQ(In(), Orgs({"A", "B", "C"}));
  const Decided refused = Decide(opened.enact, ChangeSpace{{}, {}, "M", {}}, {"X", "A"});
  EXPECT_EQ(graph_.Evaluate().DecisionOn(refused.proposal), nullptr);
  EXPECT_EQ(graph_.Evaluate().spaces.size(), 1u);
}

TEST_F(Circles, OnlyThoseWithASeatDecideWhoGetsOne) {
  const Decided opened = Open(Found(kHalf), {"A", "B", "C"});
  // Everybody else together has a majority of the network, and no say.
  Decide(opened.enact, Letting("X"), {"D", "E", "X"});
  const Decided four = Decide(opened.enact, Letting("X"), {"X", "D", "E", "A"});
  EXPECT_EQ(In(), Orgs({"A", "B", "C"}));
  EXPECT_EQ(graph_.Evaluate().DecisionOn(four.proposal), nullptr);
  const Decided in = Decide(opened.enact, Letting("X"), {"A", "B"});
  EXPECT_EQ(In(), Orgs({"A", "B", "C", "X"}));
  Decide(in.enact, Seats({{Org("X"), {}, false}}), {"A", "B", "C"});
  EXPECT_EQ(In(), Orgs({"A", "B", "C"}));
}

TEST_F(Circles, ARoleOfThatNameIsNoSeat) {
  const Decided opened = Open(Found(kHalf), {"A", "B"});
  Decide(opened.enact, ChangeRole{Org("X"), "space:" + space_.Hex(), true}, {"C", "D", "E", "X"});
  EXPECT_TRUE(graph_.Evaluate().HasRole(Org("X"), "space:" + space_.Hex()));
  EXPECT_EQ(In(), Orgs({"A", "B"}));
  EXPECT_FALSE(*graph_.HasSeatAt({opened.enact}, {Org("X"), Key("X")}, space_));
  EXPECT_TRUE(*graph_.HasSeatAt({opened.enact}, {Org("A"), Key("A")}, space_));
}

TEST_F(Circles, NoRuleLetsOneOfTwoOpenTheSpace) {
  for (const Rule& rule : {kHalf, Rule{RuleKind::kUnanimity, 0, {}},
                           Rule{RuleKind::kTwoThirds, 0, {}}, Rule{RuleKind::kQuorum, 4, {}},
                           Rule{RuleKind::kConsent, 4, {}}, Rule{RuleKind::kVotesCast, 4, {}}}) {
    Evaluator fresh;
    SCOPED_TRACE(RenderRule(rule));
    Charter charter{{}, {kHalf, {{"space", rule}}}};
    for (const char* const org : {"A", "B", "X"})
      charter.founders.push_back({Org(org), Key(org), Key(org)});
    int count = 0;
    const auto put = [&](std::string_view by, std::vector<EntryId> parents, Act act) {
      const EntryId id = Named<EntryId>(std::to_string(100 + ++count));
      EXPECT_TRUE(fresh.Add({id, std::move(parents), {Org(by), Key(by)}, std::move(act)}));
      return id;
    };
    const auto decide = [&](const EntryId& past, Measure measure,
                            const std::vector<std::string>& who) {
      const EntryId proposal = put(who.front(), {past}, Proposal{std::move(measure)});
      std::vector<EntryId> votes;
      for (const std::string& org : who)
        votes.push_back(put(org, {proposal}, Vote{proposal, Position::kYes}));
      return std::pair(proposal, put(who.front(), votes, Enact{proposal, votes}));
    };
    const auto seal = [&](const EntryId& past) {
      std::vector<EntryId> round{put("A", {past}, Seal{})};
      const EntryId id = round.front();
      for (int i = 0; i < 2; ++i) {
        std::vector<EntryId> next;
        for (const char* const org : {"A", "B", "X"}) next.push_back(put(org, round, SealVote{id}));
        round = next;
      }
      return put("A", round, Other{});
    };
    const auto opened =
        decide(put("nobody", {}, charter),
               ChangeSpace{{}, {}, "N", {{Org("A"), {}}, {Org("B"), {}}}}, {"A", "B", "X"});
    const EntryId sealed = seal(opened.second);
    ASSERT_EQ(fresh.Evaluate().spaces.size(), 1u);
    ASSERT_EQ(fresh.Evaluate().spaces[0].members.size(), 2u);
    const ChangeSpace letting{SpaceOf(opened.first), {}, {}, {{Org("X"), {}}}};
    const EntryId refused = seal(decide(sealed, letting, {"A", "X"}).second);
    EXPECT_EQ(fresh.Evaluate().spaces[0].members.size(), 2u);
    // Whoever is left alone opens nothing either.
    const EntryId gone = put("B", {refused}, Leave{});
    seal(decide(gone, letting, {"A"}).second);
    EXPECT_EQ(fresh.Evaluate().spaces[0].members.size(), 1u);
  }
}

TEST_F(Circles, WhoIsTakenOutWhileSomebodyLetsThemInIsOut) {
  const Decided opened = Open(Found(kHalf), {"A", "B", "C"});
  Decide(opened.enact, Seats({{Org("C"), {}, false}}), {"A", "B"});
  Decide(opened.enact, Letting("C"), {"C", "B"});
  EXPECT_EQ(In(), Orgs({"A", "B"}));
}

TEST_F(Circles, ASpaceThatNobodyHasOpenedIsChangedByNobody) {
  const EntryId charter = Found(kHalf);
  space_ = SpaceOf(Named<EntryId>("guessed"));
  Decide(charter, Letting("X"), {"A", "B", "C", "D", "E", "X"});
  EXPECT_TRUE(graph_.Evaluate().roles.empty());
}

TEST_F(Circles, ASeatInASpaceThatIsNoneStandsInNoOther) {
  const Decided opened = Open(Found(kHalf), {"A", "B"});
  for (const std::uint8_t byte : {std::uint8_t{0}, std::uint8_t{0xff}}) {
    log::SpaceId none;
    none.bytes.fill(byte);
    Decide(opened.enact, ChangeRole{Org("X"), MemberRole(none), true}, {"A", "B", "C", "D"});
    EXPECT_TRUE(graph_.Evaluate().HasRole(Org("X"), MemberRole(none)));
    EXPECT_EQ(In(), Orgs({"A", "B"}));
    EXPECT_TRUE(Now()->observers.empty());
  }
}

TEST_F(Circles, ObserversReadUntilTheirDayAndDecideNothing) {
  const Decided opened = Open(Found(kHalf), {"A", "B", "C"});
  const Day day = *ParseDay("2027-03-31");
  const Decided seen = Decide(opened.enact, Seats({{Org("D"), day, true}}), {"A", "B"});
  ASSERT_EQ(Now()->observers, (std::vector<Observer>{{Org("D"), day}}));
  Decide(seen.enact, Letting("X"), {"D", "A"});
  EXPECT_EQ(In(), Orgs({"A", "B", "C"}));
  EXPECT_FALSE(*graph_.HasSeatAt({seen.enact}, {Org("D"), Key("D")}, space_));

  const State& state = graph_.Evaluate();
  std::vector<Member> present;
  for (const OrgDevice& device : state.devices)
    present.push_back({device.org, "", Key("r"), device.device, Key("t"), true});
  const governance::Members members =
      governance::Members::Of(Named<log::NetworkId>("n"), present, {}, state.spaces);
  const ClockS end = (day + 1) * 24 * 3600;
  EXPECT_TRUE(members.MayServe(Key("D"), space_, end - 1));
  EXPECT_FALSE(members.MayServe(Key("D"), space_, end));
  EXPECT_FALSE(members.MayWrite(Key("D"), space_));
  EXPECT_EQ(members.NextEndOfReading(end - 1), end);
  EXPECT_FALSE(members.NextEndOfReading(end));
  EXPECT_TRUE(members.MayServe(Key("A"), space_, end));
  EXPECT_TRUE(members.MayWrite(Key("A"), space_));
  EXPECT_FALSE(members.MayServe(Key("X"), space_, 0));
  EXPECT_TRUE(members.MayServe(Key("X"), members.network_space(), 0));
  for (const log::SpaceId& space : {space_, SpaceOf(Named<EntryId>("none"))}) {
    EXPECT_FALSE(members.MayServe(Key("nobody"), space, 0));
    EXPECT_FALSE(members.MayWrite(Key("nobody"), space));
  }
  EXPECT_FALSE(members.MayServe(Key("A"), SpaceOf(Named<EntryId>("none")), 0));
  // Whether a space exists that is not theirs, outsiders cannot tell.
  const log::SpaceId invented = SpaceOf(Named<EntryId>("invented"));
  EXPECT_EQ(members.WhyNotWrite(Key("X"), space_, "change"),
            members.WhyNotWrite(Key("X"), invented, "change"));
  EXPECT_FALSE(members.WhyNotWrite(Key("A"), space_, "change"));
  EXPECT_TRUE(members.WhyNotWrite(Key("D"), space_, "change"));
  EXPECT_FALSE(members.WhyNotWrite(Key("A"), space_, "freeze"));
  EXPECT_TRUE(members.WhyNotWrite(Key("D"), space_, "sign"));
  EXPECT_EQ(members.WhyNotWrite(Key("Z"), members.network_space(), "change"),
            "device of no member");
  EXPECT_EQ(members.WhyNotWrite(Key("D"), space_, "change"), "unknown space");
  EXPECT_FALSE(members.WhyNotWrite(Key("D"), members.network_space(), "change"));
  EXPECT_TRUE(members.WhyNotWrite(Key("A"), space_, "vote"));
}

ProposalTerms Citing(const log::SpaceId& space) {
  ProposalTerms terms;
  terms.freeze = FreezeRef{space, Named<EntryId>("minutes"), {}};
  return terms;
}

TEST_F(Circles, TheirMembersAloneApproveTheirMinutes) {
  const EntryId charter = Found(kHalf);
  const Decided opened = Open(charter, {"A", "B", "C"});
  const Measure minutes = Resolve{Matter(kMinutesMatter)};
  const auto holds = [&](const log::SpaceId& space, const std::vector<std::string>& who) {
    const Decided decided = Decide(opened.enact, minutes, who, Citing(space));
    return graph_.Evaluate().DecisionOn(decided.proposal) != nullptr;
  };
  EXPECT_TRUE(holds(space_, {"A", "B"}));
  EXPECT_FALSE(holds(space_, {"A"}));
  // A majority of the network that has not read them.
  EXPECT_FALSE(holds(space_, {"C", "D", "E", "X"}));
  EXPECT_FALSE(holds(SpaceOf(Named<EntryId>("none")), {"A", "B", "C", "D", "E", "X"}));
  const log::SpaceId network = log::NetworkSpace(log::NetworkId{charter.bytes});
  EXPECT_FALSE(holds(network, {"A", "B"}));
  EXPECT_TRUE(holds(network, {"C", "D", "E", "X"}));
  // Whoever is left alone approves nothing.
  Decide(opened.enact, Seats({{Org("B"), {}, false}, {Org("C"), {}, false}}), {"A", "B", "C"});
  const EntryId alone = Put("A", {Named<EntryId>(std::to_string(10000 + Count()))}, Other{});
  const Decided decided = Decide(alone, minutes, {"A"}, Citing(space_));
  EXPECT_EQ(graph_.Evaluate().DecisionOn(decided.proposal), nullptr);
}

TEST_F(Circles, WhatTheirMinutesRecordIsDecidedByThoseWhoReadIt) {
  const Decided opened = Open(Found(kHalf), {"A", "B", "C"});
  EntryId past = opened.enact;
  const auto seat = [&](const char* org, const char* body) {
    past = Decide(past, ChangeRole{Org(org), body, true}, {"A", "B", "C", "D"}).enact;
  };
  for (const char* const org : {"A", "B"}) seat(org, "body:inside");
  for (const char* const org : {"A", "B", "D"}) seat(org, "body:half");
  const Measure minutes = Resolve{Matter(kMinutesMatter)};
  const EntryId there = Decide(past, minutes, {"A", "B"}, Citing(space_)).proposal;
  // The circle's own, by its number; a body that sits there as a whole; not one of which somebody
  // could not read it, though two of three have said yes.
  EXPECT_TRUE(MeetsRuleOf(graph_, there, "money"));
  EXPECT_TRUE(MeetsRuleOf(graph_, there, "body:inside"));
  EXPECT_FALSE(MeetsRuleOf(graph_, there, "body:half"));
}

}  // namespace
}  // namespace geflecht::governance
