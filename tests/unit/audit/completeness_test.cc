// When nothing is missing from a bundle, and who is named when something may be.
#include <gtest/gtest.h>

#include "governed.h"

namespace geflecht::audit {
namespace {

using namespace testing;

using Points = std::vector<std::string>;

struct Completeness : ::testing::Test {
  const Coverage& Root(const Report& report) const { return sealed.Space(report, true); }
  const Coverage& Network(const Report& report) const { return sealed.Space(report, false); }
  Missing Of(std::uint8_t org) const {
    return {"Verein " + std::to_string(org) + " e. V.", Device(org).public_key()};
  }
  SealedWorld sealed;
};

TEST_F(Completeness, NothingIsMissingOnceAllHaveGatheredAndAnswered) {
  sealed.SealAndGather();
  sealed.Ask();
  sealed.Answer(1);
  sealed.Answer(3);
  const Report report = sealed.Verified();
  EXPECT_EQ(report.verdict, Verdict::kComplete) << Listed(report);
  EXPECT_EQ(report.exit_code, 0);
  for (const Coverage& space : report.spaces) {
    EXPECT_EQ(space.open_points, Points{});
    EXPECT_TRUE(space.missing.empty());
    EXPECT_TRUE(space.sealed_s);
  }
  ASSERT_EQ(report.decisions.size(), 1u);
  EXPECT_EQ(report.decisions[0].number, "2026-001");
}

TEST_F(Completeness, TheRequestMustBeOfThisAudit) {
  sealed.SealAndGather();
  sealed.Ask();
  sealed.Answer(1);
  sealed.Answer(3);
  for (const std::string nonce : {"", "00112233445566778899aabbccddee00"}) {
    const Report report = sealed.Verified({Mode::kFull, nonce, nullptr});
    EXPECT_EQ(report.exit_code, 2) << Listed(report);
    EXPECT_EQ(Root(report).open_points, Points{"not-requested"});
    EXPECT_EQ(Network(report).open_points, Points{});
  }
}

TEST_F(Completeness, WhoDidNotAnswerIsNamed) {
  sealed.SealAndGather();
  sealed.Answer(3);  // in front of the request
  sealed.Ask();
  sealed.Answer(1);
  const Report report = sealed.Verified();
  EXPECT_EQ(report.exit_code, 2) << Listed(report);
  EXPECT_EQ(Root(report).open_points, Points{"not-answered"});
  EXPECT_EQ(Root(report).missing, std::vector<Missing>{Of(3)});
  EXPECT_EQ(Network(report).open_points, Points{});
}

TEST_F(Completeness, WhoDidNotGatherBehindTheSealIsNamed) {
  sealed.Gather(1);  // in front of the seal
  sealed.council.Seal({1, 2, 3});
  sealed.Gather(2);
  sealed.world.Change(3, {}, [&](log::Header& header) {  // knows it, but is no gather
    header.basis = sealed.council.Heads();
    std::sort(header.basis.begin(), header.basis.end());
  });
  sealed.Ask();
  sealed.Answer(1);
  sealed.Answer(3);
  const Report report = sealed.Verified();
  EXPECT_EQ(report.exit_code, 2) << Listed(report);
  EXPECT_EQ(Network(report).open_points, Points{"not-gathered"});
  EXPECT_EQ(Network(report).missing, (std::vector<Missing>{Of(1), Of(3)}));
  EXPECT_EQ(Root(report).open_points, Points{});
}

// Otherwise each basis of a device that has not gathered would cost the closure of its past.
TEST_F(Completeness, OfManyGathersTheLastOneIsAsked) {
  const std::vector<log::EntryId> before = sealed.council.Heads();
  sealed.SealAndGather();
  sealed.world.Gather(3, {}, [&](log::Header& header) {
    header.basis = before;
    std::sort(header.basis.begin(), header.basis.end());
    header.time_s = log::testing::kNoon;
  });
  sealed.Ask();
  sealed.Answer(1);
  sealed.Answer(3);
  const Report report = sealed.Verified();
  EXPECT_EQ(Network(report).missing, std::vector<Missing>{Of(3)});
  sealed.Gather(3);
  EXPECT_EQ(sealed.Verified().exit_code, 0);
}

TEST_F(Completeness, WithoutAnEffectiveSealNothingIsClaimed) {
  const log::EntryId seal =
      sealed.council.WriteAll(1, governance::kSeal, sealed.council.SealOf(sealed.council.Heads()));
  for (const std::uint8_t org : Orgs{1, 2}) {
    sealed.council.WriteAll(org, governance::kSealVote, {}, seal);
    sealed.council.WriteAll(org, governance::kSealVote, {}, seal);
  }
  for (const std::uint8_t org : Orgs{1, 2, 3}) sealed.Gather(org);
  sealed.Ask();
  sealed.Answer(1);
  sealed.Answer(3);
  const Report report = sealed.Verified();
  for (const Coverage& space : report.spaces) EXPECT_EQ(space.open_points, Points{"not-sealed"});
}

TEST_F(Completeness, AnInactiveMemberIsNotAwaited) {
  const log::EntryId proposal = sealed.council.Propose(
      {"inactive", OrgCard(3).org().Hex(), "", std::nullopt, "Ruht", "", ""});
  std::vector<log::EntryId> votes;
  for (const std::uint8_t org : Orgs{1, 2})
    votes.push_back(sealed.council.Vote(org, proposal, governance::Position::kYes));
  sealed.council.Enact(proposal, votes);
  sealed.council.Seal({1, 2});
  for (const std::uint8_t org : Orgs{1, 2}) sealed.Gather(org);
  sealed.Ask();
  sealed.Answer(1);
  const Report report = sealed.Verified();
  EXPECT_EQ(report.exit_code, 0) << Listed(report);
}

TEST_F(Completeness, PartsAndFastChecksAreNeverComplete) {
  sealed.SealAndGather();
  sealed.Ask();
  sealed.Answer(1);
  sealed.Answer(3);
  const Report fast = sealed.Verified({Mode::kFast, std::string(kNonce), nullptr});
  EXPECT_EQ(fast.exit_code, 2);
  EXPECT_EQ(Root(fast).open_points, Points{"fast-mode"});
  ExportOptions options = ExportedAt(log::testing::kNoon);
  options.level = Level::kScope;
  const Report part = Verify(sealed.world.Exported(options), sealed.world.network(),
                             {Mode::kFull, std::string(kNonce), nullptr});
  EXPECT_EQ(part.exit_code, 2) << Listed(part);
  EXPECT_EQ(Root(part).open_points, Points{"scope"});
}

TEST(CompletenessOfNothing, ASpaceWithoutEntriesIsNotCovered) {
  SealedWorld sealed{World(3)};
  sealed.council.Seal({1, 2, 3});
  sealed.Ask();
  sealed.Answer(1);
  sealed.Answer(3);
  const Report report = sealed.Verified();
  EXPECT_EQ(sealed.Space(report, true).open_points, Points{});
  EXPECT_EQ(sealed.Space(report, false).open_points, Points{"not-covered"});
  EXPECT_EQ(report.exit_code, 2);
}

TEST_F(Completeness, AnEffectiveSealNamesTheStateOfItsPast) {
  SeededRandom random(5);
  sealed.council.Seal({1, 2, 3}, governance::SaySeal(crypto::Hash256(), random));
  const Report report = sealed.Verified();
  ExpectInvalid(report, "seal-state", FeedFileName(sealed.council.FeedOf(1)));
}

TEST_F(Completeness, AnEntryOfTheRootSpaceKnowsAnother) {
  sealed.council.WriteAll(2, governance::kGather);
  ExportInput::Feed& feed = sealed.world.At(sealed.council.FeedOf(4));
  feed.key = sealed.council.FeedOf(3);
  feed.key.life = Filled<log::LifeId>(0x55);
  log::Header header = sealed.world.At(sealed.council.FeedOf(3)).entries[0].header;
  header.life = feed.key.life;
  header.seen.clear();
  header.about.reset();
  header.kind = governance::kOrgLeave;
  header.fields = header.evidence = 0;
  header.root = log::BodyRoot({});
  feed.entries.push_back(log::Sign(std::move(header), Device(3)));
  feed.bodies.emplace_back();
  const Report report = sealed.Verified();
  ExpectInvalid(report, "no-past", FeedFileName(feed.key), 1);
  EXPECT_EQ(report.members.size(), 3u) << "it counts for nothing";
}

TEST_F(Completeness, CertificatesThatDoNotHoldAreListed) {
  governance::ProposalBody body;
  body.matter = "money";
  body.title = "Auto";
  const log::EntryId proposal = sealed.council.Propose(body);
  const log::EntryId enact = sealed.council.Enact(
      proposal, {sealed.council.Vote(1, proposal, governance::Position::kYes)});
  const Report report = sealed.Verified();
  EXPECT_EQ(report.exit_code, 2) << Listed(report);
  ASSERT_EQ(report.void_certificates.size(), 1u);
  EXPECT_EQ(report.void_certificates[0].entry, enact);
  EXPECT_EQ(report.void_certificates[0].organisation, "Verein 1 e. V.");
  EXPECT_EQ(report.decisions.size(), 1u);
}

}  // namespace
}  // namespace geflecht::audit
