#include "node/governance/agreement_state.h"

#include <gtest/gtest.h>

namespace geflecht::governance {
namespace {

constexpr std::int64_t kDayS = 24 * 3600;

template <class Id>
Id Named(std::uint8_t byte) {
  Id id;
  id.bytes.fill(byte);
  return id;
}
OrgId Org(std::uint8_t number) { return Named<OrgId>(number); }
EntryId Doc(std::uint8_t number) { return Named<EntryId>(number); }

// Times are days from 1000 on.
struct StateTest : testing::Test {
  AgreementPapers papers;
  std::uint8_t next = 100;

  void SetUp() override { Text(1, {}, 1000).terms.notice = NoticePeriod{1, Month()}; }
  static NoticePeriod::Unit Month() { return NoticePeriod::Unit::kMonth; }

  AgreementVersion& Text(std::uint8_t id, std::optional<EntryId> amends, Day day,
                         std::vector<OrgId> parties = {Org(1), Org(2), Org(3)}) {
    AgreementVersion version{Doc(id), amends, Org(1), day * kDayS, {}, 0};
    version.terms.parties = std::move(parties);
    papers.versions.push_back(version);
    return papers.versions.back();
  }
  EntryId Sign(std::uint8_t version, std::uint8_t org, Day day,
               std::optional<StatementFault> fault = {}, std::size_t evidence = 0) {
    papers.signatures.push_back(
        {Doc(next), Doc(version), Org(org), {}, day * kDayS, evidence, fault});
    return Doc(next++);
  }
  void SignAll(std::uint8_t version, Day day) {
    for (const std::uint8_t org : Bytes{1, 2, 3}) Sign(version, org, day);
  }
  EntryId Notice(std::uint8_t version, std::uint8_t org, Day day) {
    papers.notices.push_back({Doc(next), Doc(version), Org(org), {}, day * kDayS, 0, {}});
    papers.received[Doc(next)][Org(org)] = day * kDayS;
    return Doc(next++);
  }
  AgreementState At(Day day) const { return StateOf(papers, day * kDayS + 3600); }
  AgreementPhase PhaseAt(Day day) const { return At(day).phase; }
};

TEST_F(StateTest, AllPartiesSignAndThenItHolds) {
  EXPECT_EQ(PhaseAt(1000), AgreementPhase::kFrozen);
  EXPECT_EQ(At(1000).missing, (std::vector<OrgId>{Org(1), Org(2), Org(3)}));
  Sign(1, 1, 1001);
  Sign(1, 2, 1002);
  EXPECT_EQ(PhaseAt(1002), AgreementPhase::kPartlySigned);
  EXPECT_EQ(At(1002).missing, (std::vector<OrgId>{Org(3)}));
  Sign(1, 3, 1005, StatementFault::kEnded);
  EXPECT_EQ(PhaseAt(1005), AgreementPhase::kPartlySigned);
  Sign(1, 3, 1006);
  EXPECT_EQ(PhaseAt(1005), AgreementPhase::kPartlySigned);
  EXPECT_EQ(PhaseAt(1006), AgreementPhase::kInForce);
  EXPECT_EQ(At(1010).since, 1006);
  EXPECT_EQ(PhaseAt(900), AgreementPhase::kFrozen);
}

TEST_F(StateTest, TheFirstOfTwoSignaturesOfAPartyCounts) {
  SignAll(1, 1001);
  Sign(1, 2, 1009);
  EXPECT_EQ(At(1010).signed_s, 1001 * kDayS);
  Sign(1, 2, 1000);
  EXPECT_EQ(At(1010).signed_s, 1001 * kDayS);
  Sign(1, 9, 1000);
  EXPECT_EQ(PhaseAt(1010), AgreementPhase::kInForce);
}

TEST_F(StateTest, StartAndEndAreDays) {
  papers.versions[0].terms.start = 1010;
  papers.versions[0].terms.end = 1020;
  SignAll(1, 1001);
  EXPECT_EQ(PhaseAt(1009), AgreementPhase::kSigned);
  EXPECT_EQ(At(1009).since, 1010);
  EXPECT_EQ(PhaseAt(1010), AgreementPhase::kInForce);
  EXPECT_EQ(PhaseAt(1020), AgreementPhase::kInForce);
  EXPECT_EQ(At(1020).ends, 1020);
  EXPECT_EQ(PhaseAt(1021), AgreementPhase::kEnded);
}

TEST_F(StateTest, TheWrittenFormNeedsEvidence) {
  papers.versions[0].terms.written = true;
  SignAll(1, 1001);
  EXPECT_EQ(PhaseAt(1002), AgreementPhase::kSigned);
  EXPECT_TRUE(At(1002).evidence_missing);
  EXPECT_EQ(At(1002).since, std::nullopt);
  Sign(1, 2, 1005, StatementFault::kNoMandate, /*evidence=*/1);
  EXPECT_TRUE(At(1006).evidence_missing);
  Sign(1, 2, 1007, {}, /*evidence=*/1);
  EXPECT_EQ(PhaseAt(1006), AgreementPhase::kSigned);
  EXPECT_EQ(PhaseAt(1007), AgreementPhase::kInForce);
  EXPECT_EQ(At(1007).since, 1007);
  papers.versions[0].evidence = 1;
  EXPECT_EQ(At(1007).since, 1001);
}

TEST_F(StateTest, AnAmendHoldsWhenAllPartiesOfBothTextsHaveSigned) {
  SignAll(1, 1001);
  Text(2, Doc(1), 1010, {Org(1), Org(2)});
  Sign(2, 1, 1011);
  Sign(2, 2, 1011);
  EXPECT_EQ(At(1012).version, Doc(1));
  ASSERT_EQ(At(1012).offers.size(), 1u);
  EXPECT_EQ(At(1012).offers[0].missing, (std::vector<OrgId>{Org(3)}));
  Sign(2, 3, 1013);
  EXPECT_EQ(At(1013).version, Doc(2));
  EXPECT_EQ(At(1013).replaced, std::vector<EntryId>{Doc(1)});
  EXPECT_EQ(PhaseAt(1013), AgreementPhase::kInForce);
  EXPECT_EQ(At(1012).version, Doc(1));
}

TEST_F(StateTest, AnAmendOfAnUnsignedTextCountsForNothing) {
  Text(2, Doc(1), 1001);
  SignAll(2, 1002);
  EXPECT_EQ(At(1003).version, Doc(1));
  EXPECT_EQ(PhaseAt(1003), AgreementPhase::kFrozen);
  SignAll(1, 1004);
  EXPECT_EQ(At(1004).version, Doc(2));
}

TEST_F(StateTest, AnAmendReplacesFromItsStartOn) {
  SignAll(1, 1001);
  Text(2, Doc(1), 1002).terms.start = 1020;
  SignAll(2, 1003);
  EXPECT_EQ(At(1019).version, Doc(1));
  EXPECT_EQ(At(1019).offers.at(0).from, 1020);
  EXPECT_EQ(At(1020).version, Doc(2));
}

TEST_F(StateTest, OfRivalAmendsTheFirstCompleteOneHolds) {
  SignAll(1, 1001);
  Text(2, Doc(1), 1002);
  Text(3, Doc(1), 1002);
  Text(4, Doc(2), 1020);
  SignAll(3, 1005);
  for (const std::uint8_t org : Bytes{1, 2}) Sign(2, org, 1003);
  EXPECT_EQ(At(1005).version, Doc(3));
  Sign(2, 3, 1006);  // brings the old offer back
  SignAll(4, 1021);
  EXPECT_EQ(At(1030).version, Doc(3));
  EXPECT_EQ(At(1030).rivals, std::vector<EntryId>{Doc(2)});
  // Complete at the same time: the lower id.
  papers.signatures.back().time_s = 1004 * kDayS;
  for (PartyAct& act : papers.signatures)
    if (act.version == Doc(2)) act.time_s = 1005 * kDayS;
  EXPECT_EQ(At(1010).version, Doc(2));
}

TEST_F(StateTest, ANoticeRunsWhenEverybodyHasReceivedIt) {
  SignAll(1, 1001);
  const EntryId notice = Notice(1, 2, 1100);
  EXPECT_EQ(PhaseAt(1099), AgreementPhase::kInForce);
  EXPECT_EQ(PhaseAt(1100), AgreementPhase::kNoticeGiven);
  EXPECT_EQ(At(1100).notices.at(0).waits_for, (std::vector<OrgId>{Org(1), Org(3)}));
  EXPECT_EQ(At(1100).ends, std::nullopt);
  papers.received[notice][Org(1)] = 1099 * kDayS;  // its clock is slow
  papers.received[notice][Org(3)] = 1105 * kDayS;
  EXPECT_EQ(At(1104).notices.at(0).waits_for, (std::vector<OrgId>{Org(3)}));
  const AgreementState state = At(1106);
  EXPECT_EQ(state.notices.at(0).received, 1105);
  EXPECT_EQ(state.ends, AddMonths(1105, 1));
  EXPECT_EQ(PhaseAt(*state.ends), AgreementPhase::kNoticeGiven);
  EXPECT_EQ(PhaseAt(*state.ends + 1), AgreementPhase::kEnded);
  papers.versions[0].terms.end = 1110;
  EXPECT_EQ(At(1106).ends, 1110);
}

TEST_F(StateTest, ANoticeDoesNotBeginWhatIsToStartLater) {
  papers.versions[0].terms.start = 1200;
  SignAll(1, 1001);
  Notice(1, 2, 1100);
  EXPECT_EQ(PhaseAt(1150), AgreementPhase::kSigned);
  EXPECT_EQ(At(1150).notices.size(), 1u);
}

TEST_F(StateTest, ANoticeIsReceivedInTheSecondInWhichItIs) {
  SignAll(1, 1001);
  const EntryId notice = Notice(1, 2, 1010);
  const std::int64_t at_s = 1011 * kDayS;
  for (const std::uint8_t org : Bytes{1, 3}) papers.received[notice][Org(org)] = at_s;
  const auto waits = [&](std::int64_t now_s) {
    return StateOf(papers, now_s).notices.front().waits_for.size();
  };
  EXPECT_EQ(waits(at_s - 1), 2u);
  EXPECT_EQ(waits(at_s), 0u);
}

TEST_F(StateTest, APartyThatIsNoMemberIsNotWaitedFor) {
  SignAll(1, 1001);
  const EntryId notice = Notice(1, 2, 1100);
  papers.received[notice][Org(1)] = 1101 * kDayS;
  papers.gone = {Org(3)};
  const AgreementState state = At(1102);
  EXPECT_EQ(state.notices.at(0).unreachable, std::vector<OrgId>{Org(3)});
  EXPECT_EQ(state.ends, AddMonths(1101, 1));
  papers.received[notice][Org(3)] = 1102 * kDayS;  // it had received it in front of its leave
  EXPECT_TRUE(At(1103).notices.at(0).unreachable.empty());
  EXPECT_EQ(At(1103).ends, AddMonths(1102, 1));
}

TEST_F(StateTest, NoticesThatCountForNothing) {
  SignAll(1, 1001);
  Text(2, Doc(1), 1002);
  Notice(2, 1, 1010);  // of an offer
  Notice(1, 9, 1010);  // of no party
  Notice(1, 1, 1010);
  papers.notices.back().fault = StatementFault::kNoMandate;
  EXPECT_TRUE(At(1011).notices.empty());
  EXPECT_EQ(PhaseAt(1011), AgreementPhase::kInForce);
  papers.notices.back().fault.reset();
  EXPECT_EQ(At(1011).notices.size(), 1u);
  papers.versions[0].terms.notice.reset();
  EXPECT_TRUE(At(1011).notices.empty());
}

TEST_F(StateTest, ANoticeSurvivesAnAmendThatItsGiverSignedInFrontOfIt) {
  SignAll(1, 1001);
  Text(2, Doc(1), 1002).terms.notice = NoticePeriod{12, Month()};
  const EntryId notice = Notice(1, 2, 1100);
  Sign(2, 1, 1101);
  const EntryId giver = Sign(2, 2, 1090);
  const EntryId last = Sign(2, 3, 1102);
  papers.received[notice][Org(1)] = papers.received[notice][Org(3)] = 1103 * kDayS;
  papers.knew.insert({notice, last});  // others knew
  const AgreementState stands = At(1104);
  EXPECT_EQ(stands.version, Doc(2));
  EXPECT_EQ(stands.ends, AddMonths(1103, 1));  // with the period of what it named
  papers.knew.insert({notice, giver});
  EXPECT_TRUE(At(1104).notices.empty());
  EXPECT_EQ(PhaseAt(1104), AgreementPhase::kInForce);
  EXPECT_EQ(PhaseAt(1101), AgreementPhase::kNoticeGiven);  // the amend was not complete yet
}

TEST_F(StateTest, TheEarliestOfSeveralNoticesEndsIt) {
  SignAll(1, 1001);
  for (const std::uint8_t org : Bytes{1, 2}) {
    const EntryId notice = Notice(1, org, 1200 - 50 * org);
    for (const std::uint8_t other : Bytes{1, 2, 3})
      papers.received[notice].try_emplace(Org(other), (1201 - 50 * org) * kDayS);
  }
  EXPECT_EQ(At(1160).ends, AddMonths(1101, 1));
}

}  // namespace
}  // namespace geflecht::governance
