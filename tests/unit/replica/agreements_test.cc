// Agreements as nodes see them: signatures under mandates, receipts of notices, and who may do
// what.
#include <gtest/gtest.h>

#include "base/check.h"
#include "node/governance/kinds.h"
#include "node/governance/state_text.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

using governance::AgreementPhase;

constexpr std::int64_t kStartMs = 1'772'452'800'000;
constexpr std::int64_t kADayMs = 24 * 3600 * 1000;

Time OnDay(std::int64_t day) { return {day * kADayMs, kStartMs + day * kADayMs}; }

struct AgreementsTest : testing::Test {
  Network net{3};
  std::vector<log::EntryId> mandates;

  void SetUp() override {
    for (std::size_t i = 0; i < 3; ++i) mandates.push_back(Mandate(net[i], "sign - -"));
    Meet();
  }
  void Meet() {
    for (int round = 0; round < 2; ++round)
      for (auto& from : net.devices)
        for (auto& to : net.devices)
          if (from != to) BringAll(*from, *to);
  }
  static crypto::SigningKey Person(const Device& device) {
    return crypto::SigningKey::FromSeed(
        crypto::SecretBytes::Copy(ByteView(device.key.public_key().bytes)));
  }
  governance::PersonAddBody Accepts(const Device& device, std::string terms) {
    return {Person(device).public_key(),
            governance::SignStatement({net.founding.network(),
                                       std::string(governance::kActMandate),
                                       {},
                                       std::move(terms),
                                       device.Card().org(),
                                       {},
                                       kStartMs / 1000},
                                      Person(device)),
            "Person"};
  }
  log::EntryId Mandate(Device& device, std::string terms) {
    const auto id = device.replica->AddPerson(Accepts(device, std::move(terms)), OnDay(0));
    CHECK(id.has_value());
    device.Write();
    return *id;
  }
  governance::Frozen Text(std::vector<log::OrgId> parties, std::string title = "Vereinbarung") {
    governance::AgreementTerms terms;
    std::sort(parties.begin(), parties.end());
    terms.parties = std::move(parties);
    terms.notice = governance::NoticePeriod{1, governance::NoticePeriod::Unit::kMonth};
    return {std::string(governance::kAgreement),
            std::move(title),
            governance::RenderAgreementTerms(terms),
            {"Es hilft [[1]].\n"},
            {},
            {"Erika Muster"}};
  }
  std::vector<log::OrgId> All() {
    return {net[0].Card().org(), net[1].Card().org(), net[2].Card().org()};
  }
  governance::SignedStatement Stated(std::size_t i, std::string_view act,
                                     const log::EntryId& version, Time now,
                                     std::optional<log::EntryId> mandate = {}) {
    return governance::SignStatement(
        {net.founding.network(), std::string(act), version, "", net[i].Card().org(),
         mandate.value_or(mandates[i]), now.wall_ms / 1000},
        Person(net[i]));
  }
  Result<log::EntryId> Sign(std::size_t i, const log::EntryId& version, std::int64_t day = 1,
                            std::optional<log::EntryId> mandate = {}) {
    const Time now = OnDay(day);
    auto id = net[i].replica->Sign(
        version, {Stated(i, governance::kActSign, version, now, mandate), {}}, now);
    net[i].Write();
    return id;
  }
  Result<log::EntryId> Notice(std::size_t i, const log::EntryId& version, std::int64_t day) {
    const Time now = OnDay(day);
    auto id = net[i].replica->GiveNotice(
        version, {Stated(i, governance::kActNotice, version, now), ""}, now);
    net[i].Write();
    return id;
  }
  governance::AgreementState At(std::size_t i, const log::EntryId& version, std::int64_t day) {
    const auto agreement = net[i].replica->AgreementOf(version);
    CHECK(agreement.has_value());
    return governance::StateOf(agreement->papers, OnDay(day).wall_ms / 1000);
  }
  // In force at all.
  log::EntryId Agreed(std::int64_t day = 1) {
    const auto id = net[0].replica->Freeze(Text(All()), net.space, OnDay(0));
    CHECK(id.has_value());
    net[0].Write();
    Meet();
    for (std::size_t i = 0; i < 3; ++i) CHECK(Sign(i, *id, day).has_value());
    Meet();
    return *id;
  }
};

TEST_F(AgreementsTest, AMandateGivesNoVoteAndNoOtherRight) {
  const Council& council = net[0].replica->council();
  const governance::State before = council.state();
  const crypto::Hash256 text = governance::HashOf(before);
  Mandate(net[0], "coordinate - -");
  Meet();
  const governance::State& after = council.state();
  EXPECT_EQ(governance::HashOf(after), text);
  EXPECT_EQ(after.members, before.members);
  EXPECT_EQ(after.devices, before.devices);
  EXPECT_EQ(after.roles, before.roles);
  EXPECT_EQ(after.rules, before.rules);
  EXPECT_EQ(council.mandates().all().size(), 4u);
  // The person's key writes nothing.
  const crypto::SigningKey person = Person(net[0]);
  EXPECT_EQ(council.directory().ClaimsOn(person.public_key()).size(), 0u);
  EXPECT_FALSE(council.IsEntitled(person.public_key()));
  log::Header header;
  header.net = net.founding.network();
  header.space = log::RootSpace(*header.net);
  header.device = person.public_key();
  header.life = net[0].life;
  header.seen = council.tips();
  header.kind = governance::kOrgLeave;
  header.root = log::BodyRoot({});
  const log::Run run{log::Sign(header, person)};
  const Admitted admitted =
      net[1].replica->Admit(header.space, codec::PartsOf({}, run, 0), net[0].key.public_key());
  EXPECT_EQ(admitted.outcome, Outcome::kRejected) << admitted.reason;
}

TEST_F(AgreementsTest, OnlyAnOrganisationGivesAndEndsItsMandates) {
  EXPECT_EQ(net[1].replica->AddPerson(Accepts(net[0], "sign - -"), OnDay(0)).error().hint,
            "hint.person-other-org");
  EXPECT_EQ(net[0].replica->AddPerson(Accepts(net[0], "vote - -"), OnDay(0)).error().hint,
            "hint.person-form");
  EXPECT_EQ(net[1].replica->EndPerson(mandates[0], OnDay(0)).error().hint, "hint.no-mandate");
}

TEST_F(AgreementsTest, AllSignOfflineAndAllNodesAgree) {
  const log::EntryId id = Agreed();
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(At(i, id, 1).phase, AgreementPhase::kInForce);
    net[i].Load(net.founding);
    EXPECT_EQ(At(i, id, 1).phase, AgreementPhase::kInForce);
    EXPECT_EQ(At(i, id, 0).phase, AgreementPhase::kFrozen);
  }
  EXPECT_EQ(Sign(0, id).error().hint, "hint.agreement-signed");
}

TEST_F(AgreementsTest, AnEndedMandateSignsNoMoreAndWhatItSignedStays) {
  const log::EntryId id = *net[0].replica->Freeze(Text(All()), net.space, OnDay(0));
  net[0].Write();
  Meet();
  ASSERT_TRUE(Sign(0, id));
  for (std::size_t i : {0u, 1u}) ASSERT_TRUE(net[i].replica->EndPerson(mandates[i], OnDay(1)));
  EXPECT_EQ(Sign(1, id).error().hint, "hint.statement.ended");
  net[0].Write();
  net[1].Write();
  Meet();
  EXPECT_EQ(At(2, id, 1).missing.size(), 2u);
  EXPECT_EQ(Sign(1, id, 1, mandates[2]).error().hint, "hint.statement.other-org");
  mandates[1] = Mandate(net[1], "sign 2026-03-05 -");
  EXPECT_EQ(Sign(1, id, 1).error().hint, "hint.statement.not-yet");
  const auto late = Sign(1, id, 3);
  EXPECT_TRUE(late) << late.error().detail << late.error().hint;
}

TEST_F(AgreementsTest, WhatAForeignProgramWritesCountsForNothing) {
  const log::EntryId id = *net[0].replica->Freeze(Text({All()[0], All()[1]}), net.space, OnDay(0));
  net[0].Write();
  Meet();
  EXPECT_EQ(Sign(2, id).error().hint, "hint.statement.no-party");
  EXPECT_EQ(net[2].replica->Sign(log::EntryId(), {}, OnDay(1)).error().code, Code::kNotFound);
  EXPECT_EQ(net[0].replica->CheckAgreement(Text({All()[0], log::OrgId()}), net.space).error().hint,
            "hint.party-no-member");
  governance::Frozen other = Text(All());
  other.terms = "party -\n";
  EXPECT_EQ(net[0].replica->CheckAgreement(other, net.space).error().hint, "hint.agreement-terms");
  // A signature for another organisation, written by this one's device.
  EXPECT_EQ(net[2]
                .replica->Sign(id, {Stated(0, governance::kActSign, id, OnDay(1)), {}}, OnDay(1))
                .error()
                .hint,
            "hint.statement.other-writer");
}

TEST_F(AgreementsTest, ANoticeRunsFromTheLastReceiptOn) {
  const log::EntryId id = Agreed();
  ASSERT_TRUE(Notice(1, id, 10));
  Meet();
  EXPECT_EQ(At(0, id, 11).notices.at(0).waits_for.size(), 2u);
  net[0].MakeNote("Gelesen");
  Meet();
  EXPECT_EQ(At(2, id, 11).notices.at(0).waits_for, std::vector<log::OrgId>{All()[2]});
  // MakeNote claims 1970: the notice's own day is the earliest.
  net[2].MakeNote("Gelesen");
  Meet();
  const governance::Day day = governance::DayOf(OnDay(10).wall_ms / 1000);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(At(i, id, 11).ends, governance::AddMonths(day, 1));
    net[i].Load(net.founding);
    EXPECT_EQ(At(i, id, 11).ends, governance::AddMonths(day, 1)) << "after a restart";
  }
  EXPECT_EQ(At(0, id, 9).phase, AgreementPhase::kInForce);
  EXPECT_EQ(At(0, id, 60).phase, AgreementPhase::kEnded);
  EXPECT_EQ(Notice(0, id, 60).error().hint, "hint.agreement-ended");
}

TEST_F(AgreementsTest, WhoSignsAnAmendInKnowledgeOfItsNoticeTakesItBack) {
  const log::EntryId id = Agreed();
  const auto amend = net[0].replica->Amend(id, Text(All(), "Neu"), OnDay(2));
  ASSERT_TRUE(amend) << amend.error().detail;
  net[0].Write();
  Meet();
  ASSERT_TRUE(Sign(0, *amend, 3));
  ASSERT_TRUE(Notice(1, id, 4));
  ASSERT_TRUE(Sign(2, *amend, 4));
  Meet();
  EXPECT_EQ(At(2, id, 5).phase, AgreementPhase::kNoticeGiven);
  ASSERT_TRUE(Sign(1, *amend, 6));
  Meet();
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(At(i, id, 7).version, *amend);
    EXPECT_EQ(At(i, id, 7).phase, AgreementPhase::kInForce);
  }
  EXPECT_EQ(net[0].replica->Amend(id, Text(All(), "Alt"), OnDay(8)).error().hint,
            "hint.agreement-other-version");
}

TEST_F(AgreementsTest, ANoticeAndAnAmendAtTheSameTimeBothStand) {
  const log::EntryId id = Agreed();
  const auto amend = net[0].replica->Amend(id, Text(All(), "Neu"), OnDay(2));
  net[0].Write();
  Meet();
  for (std::size_t i = 0; i < 2; ++i) ASSERT_TRUE(Sign(i, *amend, 3));
  ASSERT_TRUE(Notice(1, id, 4));  // knows its own signature, which came first
  ASSERT_TRUE(Sign(2, *amend, 4));
  Meet();
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(At(i, id, 5).version, *amend);
    EXPECT_EQ(At(i, id, 5).phase, AgreementPhase::kNoticeGiven);
  }
}

TEST_F(AgreementsTest, OfAForkedFeedEveryNodeSeesTheSameReceipts) {
  const log::EntryId id = Agreed();
  const auto amend = net[1].replica->Amend(id, Text(All(), "Neu"), OnDay(2));
  net[1].Write();
  Meet();
  const std::unique_ptr<Device> second = net[0].Clone(77);
  for (int note = 0; note < 4; ++note) second->MakeNote("of the second branch");
  const std::unique_ptr<Device> third = second->Clone(78);
  const auto notice = Notice(1, id, 10);
  ASSERT_TRUE(notice);
  Bring(net[1], net[0]);
  net[0].MakeNote("of the first branch, which knows");
  second->MakeNote("goes on");
  // The third leaves the second; neither knows of the notice.
  const Time now = OnDay(11);
  const auto sign =
      third->replica->Sign(*amend, {Stated(0, governance::kActSign, *amend, now), {}}, now);
  ASSERT_TRUE(sign) << sign.error().detail;
  third->Write();
  const auto papers_of = [&](const std::vector<Device*>& order) {
    const std::unique_ptr<Device> at = net[1].Clone(79);
    for (Device* from : order) Bring(*from, *at);
    at->Load(net.founding);
    return at->replica->AgreementOf(id)->papers;
  };
  const auto papers = papers_of({&net[0], second.get(), third.get()});
  EXPECT_EQ(papers.received.at(*notice).count(All()[0]), 1u);
  EXPECT_FALSE(papers.knew.contains({*notice, *sign}));
  for (const auto& order :
       std::vector<std::vector<Device*>>{{second.get(), third.get(), &net[0]},
                                         {third.get(), second.get(), &net[0]},
                                         {third.get(), &net[0], second.get()}}) {
    const auto other = papers_of(order);
    EXPECT_EQ(other.received, papers.received);
    EXPECT_EQ(other.knew, papers.knew);
  }
}

TEST_F(AgreementsTest, AClockThatWasSetRightAgainDelaysNoNotice) {
  const log::EntryId id = Agreed();
  ASSERT_TRUE(Notice(1, id, 10));
  Meet();
  const std::int64_t year_9999 = 253'000'000'000;
  for (std::size_t i : {0u, 2u}) {
    ASSERT_TRUE(net[i].replica->Freeze(Text(All(), "Entwurf"), net.space,
                                       {year_9999 * 1000, year_9999 * 1000}));
    net[i].Write();
  }
  Meet();
  EXPECT_EQ(At(1, id, 12).notices.at(0).waits_for.size(), 2u);
  for (std::size_t i : {0u, 2u}) {
    ASSERT_TRUE(net[i].replica->Freeze(Text(All(), "Entwurf"), net.space, OnDay(12)));
    net[i].Write();
  }
  Meet();
  const governance::Day day = governance::DayOf(OnDay(12).wall_ms / 1000);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(At(i, id, 13).ends, governance::AddMonths(day, 1));
    net[i].Load(net.founding);
    EXPECT_EQ(At(i, id, 13).ends, governance::AddMonths(day, 1)) << "after a restart";
  }
}

TEST_F(AgreementsTest, APartyThatHasLeftIsNamed) {
  const log::EntryId id = Agreed();
  ASSERT_TRUE(net[2].replica->Leave(OnDay(2)));
  net[2].Write();
  Meet();
  ASSERT_TRUE(Notice(1, id, 10));
  Meet();
  net[0].MakeNote("Gelesen");
  Meet();
  const governance::AgreementState state = At(0, id, 11);
  ASSERT_EQ(state.notices.size(), 1u);
  EXPECT_EQ(state.notices[0].unreachable, std::vector<log::OrgId>{All()[2]});
  EXPECT_TRUE(state.ends.has_value());
  EXPECT_EQ(Sign(2, id, 11).error().code, Code::kNotPermitted);
}

}  // namespace
}  // namespace geflecht::replica
