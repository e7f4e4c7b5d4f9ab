// Bundles of a network that decides.
#include <gtest/gtest.h>

#include "governed.h"

namespace geflecht::audit {
namespace {

using namespace testing;

TEST(Governance, AnAdmittedOrganisationIsAMemberAndMayWrite) {
  const GovernedWorld governed = Admitted();
  Bundle bundle = governed.world.Exported();
  const Report report = Verify(bundle, governed.world.network());
  EXPECT_EQ(report.exit_code, 2) << Listed(report);
  ASSERT_EQ(report.members.size(), 4u);
  EXPECT_NE(Find(bundle, KeyFileName(Device(4).public_key())), nullptr);
  ASSERT_EQ(report.decisions.size(), 1u);
  const DecisionFact& decision = report.decisions[0];
  EXPECT_EQ(decision.title, "Verein 4 <script>");
  EXPECT_EQ(decision.matter, "admit");
  EXPECT_EQ(decision.status, DecisionStatus::kEffective);
  EXPECT_EQ(decision.electorate, 3u);
  EXPECT_EQ(decision.needed, 2u);
  EXPECT_EQ(CountOf(decision, Position::kYes), 2u);
  EXPECT_EQ(CountOf(decision, Position::kNo), 1u);
  EXPECT_TRUE(decision.number.empty());
  // Evidence is open, what names persons is not.
  const std::string bodies =
      Text(bundle, BodiesFileName({log::RootSpace(governed.world.network()), Device(1).public_key(),
                                   Filled<log::LifeId>(0x30)}));
  EXPECT_NE(bodies.find("<script>"), std::string::npos);
  EXPECT_EQ(bodies.find("Muster"), std::string::npos);
}

TEST(Governance, OnlyAnObjectionIsSettled) {
  for (const governance::Position first :
       {governance::Position::kNo, governance::Position::kAbstain,
        governance::Position::kObjection}) {
    World world(3);
    Council council(world);
    SeededRandom random(5);
    const log::EntryId proposal = council.Propose({"money", "", "", std::nullopt, "Miete", "", ""});
    council.Vote(2, proposal, first);
    const auto again = governance::SayVote({governance::Position::kYes, "nun doch\n"}, random);
    const std::vector<log::EntryId> votes = {council.Vote(1, proposal, governance::Position::kYes),
                                             council.Write(2, governance::kVote, *again, proposal)};
    council.Enact(proposal, votes);
    const Report report = Verify(world.Exported(), world.network());
    ASSERT_EQ(report.decisions.size(), 1u) << Listed(report);
    EXPECT_EQ(report.decisions[0].settled.size(),
              first == governance::Position::kObjection ? 1u : 0u);
  }
}

TEST(Governance, WhoSpeaksAboutNewRulesHasNotAcknowledgedThem) {
  World world(4);
  Council council(world);
  SeededRandom random(5);
  governance::ProposalBody body{"rule", "", "", std::nullopt, "Punkte", "", ""};
  body.text = "Ein Punkt.\n";
  body.terms.points = true;
  const log::EntryId proposal = council.Propose(body);
  std::vector<log::EntryId> votes;
  for (const std::uint8_t org : Orgs{1, 2, 3})
    votes.push_back(council.Vote(org, proposal, governance::Position::kYes));
  council.Enact(proposal, votes);
  council.WriteAll(4, governance::kComment, *governance::SayComment("Nun ja.\n", random), proposal);
  const auto outdated = [&] {
    const Report report = Verify(world.Exported(), world.network());
    EXPECT_TRUE(report.charter.has_value()) << Listed(report);
    return report.charter ? report.charter->outdated.size() : 0;
  };
  EXPECT_EQ(outdated(), 1u);
  council.WriteAll(4, governance::kAcknowledge, {}, proposal);
  EXPECT_EQ(outdated(), 0u);
}

TEST(Governance, WhoWasOnlyProposedMayNotWrite) {
  const GovernedWorld governed = Admitted(/*enough=*/false);
  const Report report = Verify(governed.world.Exported(), governed.world.network());
  ExpectInvalid(report, "not-entitled", FeedFileName(governed.world.FeedOf(4)), 1);
  EXPECT_EQ(report.members.size(), 3u);
  EXPECT_TRUE(report.decisions.empty());
}

TEST(Governance, WhoWritesInFrontOfItsAdmissionIsNotEntitled) {
  GovernedWorld governed = Admitted();
  governed.world.Change(4, {}, [&](log::Header& header) { header.basis = {governed.proposal}; });
  ExpectInvalid(Verify(governed.world.Exported(), governed.world.network()), "not-entitled",
                FeedFileName(governed.world.FeedOf(4)));
}

TEST(Governance, EntriesThatStandInAFileTwiceAreReadOnce) {
  const GovernedWorld governed = Admitted();
  Bundle bundle = governed.world.Exported();
  const std::string name = FeedFileName({log::RootSpace(governed.world.network()),
                                         Device(1).public_key(), Filled<log::LifeId>(0x30)});
  for (BundleFile& file : bundle) {
    if (file.name != name) continue;
    const Bytes once = file.content;
    file.content.insert(file.content.end(), once.begin(), once.end());
  }
  ExpectInvalid(Verify(bundle, governed.world.network()), "duplicate-entry", name);
}

TEST(Governance, WithheldEvidenceIsSaidAndNobodyIsAccused) {
  const GovernedWorld governed = Admitted();
  Bundle bundle = governed.world.Exported();
  for (BundleFile& file : bundle) {
    if (!file.name.starts_with("bodies/" + log::RootSpace(governed.world.network()).Hex() + "-" +
                               Device(2).public_key().Hex()))
      continue;
    Remove(bundle, file.name);
    break;
  }
  const Report report = Verify(WithManifest(bundle), governed.world.network());
  EXPECT_EQ(report.exit_code, 2) << Listed(report);
  EXPECT_TRUE(report.decisions.empty());
  bool said = false;
  for (const Coverage& space : report.spaces)
    for (const std::string& point : space.open_points) said = said || point == "withheld-evidence";
  EXPECT_TRUE(said);
}

TEST(Governance, ABasisThatIsNotThereAndAKindOfTheOtherSpaceAreRefused) {
  GovernedWorld governed = Admitted();
  governed.world.Change(1, {}, [&](log::Header& header) { header.basis = {governed.written}; });
  governed.world.Change(2, {}, [&](log::Header& header) {
    header.kind = "vote";
    header.time_s += 1;
  });
  const Report report = Verify(governed.world.Exported(), governed.world.network());
  ExpectInvalid(report, "basis-missing", FeedFileName(governed.world.FeedOf(1)));
  ExpectInvalid(report, "kind", FeedFileName(governed.world.FeedOf(2)));
}

TEST(Governance, ALineThatIsNoBodyHidesNoOtherBody) {
  const GovernedWorld governed = Admitted();
  Bundle bundle = governed.world.Exported();
  const std::string front = "bodies/" + log::RootSpace(governed.world.network()).Hex();
  for (BundleFile& file : bundle)
    if (file.name.starts_with(front)) SetText(bundle, file.name, "x\n" + Text(bundle, file.name));
  const Report report = Verify(WithManifest(bundle), governed.world.network());
  EXPECT_EQ(report.verdict, Verdict::kInvalid) << Listed(report);
  EXPECT_EQ(report.decisions.size(), 1u) << Listed(report);
}

TEST(Governance, ReasonsOfVotesAreToldWhereTheyAreOpen) {
  const SealedWorld sealed;
  for (const bool open : {false, true}) {
    ExportOptions options = ExportedAt(log::testing::kNoon);
    if (open) options.open_spaces.insert(log::RootSpace(sealed.world.network()));
    const Report report = Verify(sealed.world.Exported(options), sealed.world.network());
    ASSERT_EQ(report.decisions.size(), 1u) << Listed(report);
    ASSERT_EQ(report.decisions[0].votes.size(), 3u);
    for (const VoteFact& vote : report.decisions[0].votes)
      EXPECT_EQ(vote.reason, open ? "weil\n" : "");
  }
}

}  // namespace
}  // namespace geflecht::audit
