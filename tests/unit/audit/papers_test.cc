// What a bundle says of agreements and minutes that are not as most are.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "samples.h"

namespace geflecht::audit {
namespace {

using namespace testing;

Report Opened(const World& world) {
  ExportOptions options = ExportedAt(log::testing::kNoon + 100 * PapersWorld::kHour);
  options.open_spaces.insert(world.space());
  return Verify(world.Exported(options), world.network());
}

// The minutes with these terms, approved by all.
MinutesFact Approved(const std::string& terms) {
  PapersWorld papers;
  const log::EntryId entry = papers.Freeze(1, {std::string(governance::kMinutes),
                                               "Sitzung",
                                               terms,
                                               {"Es wird gekauft.\n", "Beirat wählt [[1]].\n"},
                                               {},
                                               {"Erika Muster"}});
  governance::ProposalBody body = About("minutes", "", "");
  body.terms.freeze = {papers.world.space(), entry, papers.RootOf(entry)};
  body.terms.meeting = Filled<governance::MeetingId>(0x44);
  Decide(papers.council, body, {1, 2, 3});
  const Report report = Opened(papers.world);
  for (const DecisionFact& decision : report.decisions)
    if (decision.minutes && decision.minutes->entry == entry) return *decision.minutes;
  ADD_FAILURE() << Listed(report);
  return {};
}

TEST(MinutesInABundle, AreToldAsTheyStand) {
  const MinutesFact minutes = Approved(PapersWorld::MinutesText({}));
  EXPECT_TRUE(minutes.fits);
  EXPECT_TRUE(minutes.open);
  EXPECT_EQ(minutes.recorded.size(), 2u);
  EXPECT_EQ(minutes.corrects, "");
}

TEST(MinutesInABundle, WhoseTermsAreNoneAreNotToldAsMinutes) {
  for (const std::string& terms :
       {std::string("x\n"), "meeting " + std::string(32, '4') + "\ndate 2026-02-30\n",
        PapersWorld::MinutesText({}) + "decision 00000003 money 3\n"}) {
    const MinutesFact minutes = Approved(terms);
    EXPECT_TRUE(minutes.fits) << terms;
    EXPECT_FALSE(minutes.open) << terms;
    EXPECT_TRUE(minutes.recorded.empty()) << terms;
    EXPECT_EQ(minutes.corrects, "") << terms;
  }
}

TEST(NoticesInABundle, WaitForThosePartiesWhoseEntriesDoNotKnowThem) {
  for (const bool told : {false, true}) {
    PapersWorld papers;
    const log::EntryId held = papers.Freeze(1, papers.Text("Neu", {1, 2}, true));
    for (const std::uint8_t org : Orgs{1, 2}) papers.Sign(org, held, papers.mandates[org - 1], 65);
    const log::EntryId notice = papers.Notice(1, held, 70);
    if (told)
      papers.world.Gather(2, {notice}, [&](log::Header& header) {
        header.basis = papers.basis;
        header.time_s = log::testing::kNoon + 80 * PapersWorld::kHour;
      });
    const Report report = Opened(papers.world);
    const auto fact = std::find_if(report.agreements.begin(), report.agreements.end(),
                                   [&](const AgreementFact& one) { return one.id == held; });
    ASSERT_NE(fact, report.agreements.end()) << Listed(report);
    ASSERT_EQ(fact->notices.size(), 1u);
    EXPECT_TRUE(fact->notices[0].counts);
    EXPECT_EQ(fact->notices[0].waits_for,
              told ? std::vector<std::string>() : std::vector<std::string>{"Verein 2 e. V."});
    EXPECT_EQ(fact->notices[0].received.has_value(), told);
  }
}

TEST(NoticesInABundle, AreReceivedWithTheFirstEntryOfALife) {
  PapersWorld papers;
  const log::EntryId held = papers.Freeze(1, papers.Text("Neu", {1, 2}, true));
  for (const std::uint8_t org : Orgs{1, 2}) papers.Sign(org, held, papers.mandates[org - 1], 65);
  const log::EntryId notice = papers.Notice(1, held, 70);
  const std::int64_t at_s = log::testing::kNoon + 95 * PapersWorld::kHour;
  papers.world.Change(
      2, {notice},
      [&](log::Header& header) {
        header.basis = papers.basis;
        header.time_s = at_s;
      },
      0x44);
  const Report report = Opened(papers.world);
  const auto fact = std::find_if(report.agreements.begin(), report.agreements.end(),
                                 [&](const AgreementFact& one) { return one.id == held; });
  ASSERT_NE(fact, report.agreements.end()) << Listed(report);
  ASSERT_EQ(fact->notices.size(), 1u);
  EXPECT_EQ(fact->notices[0].received, at_s / (24 * 3600));
}

TEST(NoticesInABundle, OfOneFeedAreFollowedUpToTheLimit) {
  PapersWorld papers;
  const log::EntryId held = papers.Freeze(2, papers.Text("Neu", {2, 3}, true));
  for (const std::uint8_t org : Orgs{2, 3}) papers.Sign(org, held, papers.mandates[org - 1], 65);
  const std::size_t before = 1;  // that organisation 2 has given already
  std::vector<log::EntryId> given;
  for (std::size_t i = before; i <= governance::kNoticesOfFeedMax; ++i)
    given.push_back(papers.Notice(2, held, 70));
  papers.world.Gather(3, {given.back()}, [&](log::Header& header) {
    header.basis = papers.basis;
    header.time_s = log::testing::kNoon + 71 * PapersWorld::kHour;
  });
  const Report report = Opened(papers.world);
  const auto fact = std::find_if(report.agreements.begin(), report.agreements.end(),
                                 [&](const AgreementFact& one) { return one.id == held; });
  ASSERT_NE(fact, report.agreements.end()) << Listed(report);
  for (const NoticeFact& notice : fact->notices)
    EXPECT_EQ(notice.received.has_value(), notice.act.entry != given.back());
}

TEST(AgreementsInABundle, AreToldAsOfTheLastEntryIfNobodySaysWhenItWasMade) {
  PapersWorld papers;
  ExportOptions options = OpenAgreements(log::testing::kNoon + 100 * PapersWorld::kHour);
  Bundle bundle = papers.world.Exported(options);
  Remove(bundle, kInfoFile);
  const Report report = Verify(WithManifest(std::move(bundle)), papers.world.network());
  std::int64_t last_s = 0;
  for (const ExportInput::Feed& feed : papers.world.Input().feeds)
    for (const log::Entry& entry : feed.entries) last_s = std::max(last_s, entry.header.time_s);
  EXPECT_EQ(report.agreements_at_s, last_s);
  EXPECT_FALSE(report.agreements.empty());
}

TEST(NoticesInABundle, AreKnownToWhoHasSeenOneThatKnows) {
  PapersWorld papers;
  const log::EntryId held = papers.Freeze(1, papers.Text("Neu", {1, 2}, true));
  for (const std::uint8_t org : Orgs{1, 2}) papers.Sign(org, held, papers.mandates[org - 1], 65);
  const log::EntryId notice = papers.Notice(1, held, 70);
  const auto gather = [&](std::uint8_t org, const log::EntryId& seen, std::int64_t hour) {
    return papers.world.Gather(org, {seen}, [&](log::Header& header) {
      header.basis = papers.basis;
      header.time_s = log::testing::kNoon + hour * PapersWorld::kHour;
    });
  };
  gather(2, gather(3, notice, 71), 90);
  const Report report = Opened(papers.world);
  const auto fact = std::find_if(report.agreements.begin(), report.agreements.end(),
                                 [&](const AgreementFact& one) { return one.id == held; });
  ASSERT_NE(fact, report.agreements.end()) << Listed(report);
  ASSERT_EQ(fact->notices.size(), 1u);
  EXPECT_EQ(fact->notices[0].received,
            (log::testing::kNoon + 90 * PapersWorld::kHour) / (24 * 3600));
}

// A notice counts as received with the first entry that knows it, on whatever branch of a feed.
TEST(NoticesInABundle, AreReceivedOnOneBranchOfAFork) {
  for (const bool first : {false, true}) {
    PapersWorld papers;
    const log::EntryId held = papers.Freeze(1, papers.Text("Neu", {1, 2}, true));
    for (const std::uint8_t org : Orgs{1, 2}) papers.Sign(org, held, papers.mandates[org - 1], 65);
    const log::EntryId notice = papers.Notice(1, held, 70);
    ExportInput::Feed& feed = papers.world.At(papers.world.FeedOf(2));
    const log::EntryId common = feed.entries.back().id;
    const std::uint64_t fork = feed.entries.size();
    const auto write = [&](bool told, std::optional<log::EntryId> prev, std::uint64_t seq,
                           std::int64_t hour) {
      return papers.world.Gather(2, told ? std::vector{notice} : std::vector{held},
                                 [&](log::Header& header) {
                                   header.basis = papers.basis;
                                   header.prev = prev;
                                   header.seq = seq;
                                   header.time_s = log::testing::kNoon + hour * PapersWorld::kHour;
                                 });
    };
    // Two branches of two entries each; only one of them has heard of it, and its second entry
    // stands behind one that has not.
    const log::EntryId a = write(first, common, fork, 80);
    write(false, a, fork + 1, 81);
    const log::EntryId b = write(!first, common, fork, 82);
    write(false, b, fork + 1, 83);
    const Report report = Opened(papers.world);
    const auto fact = std::find_if(report.agreements.begin(), report.agreements.end(),
                                   [&](const AgreementFact& one) { return one.id == held; });
    ASSERT_NE(fact, report.agreements.end()) << Listed(report);
    ASSERT_EQ(fact->notices.size(), 1u);
    EXPECT_TRUE(fact->notices[0].waits_for.empty());
    const std::int64_t at_s = log::testing::kNoon + (first ? 80 : 82) * PapersWorld::kHour;
    EXPECT_EQ(fact->notices[0].received, at_s / (24 * 3600));
  }
}

TEST(PapersOfACircle, AreCheckedLikeThoseOfTheNetwork) {
  const auto facts = [](const PapersWorld& papers) {
    ExportOptions options = OpenAgreements(log::testing::kNoon + 100 * PapersWorld::kHour);
    if (!papers.circle.IsZero()) options.spaces = {papers.circle};
    const Report report = Verify(papers.world.Exported(options), papers.world.network());
    EXPECT_TRUE(report.problems.empty()) << Listed(report);
    std::multiset<std::string> told;
    for (const AgreementFact& fact : report.agreements) {
      EXPECT_EQ(fact.space_name, papers.circle.IsZero() ? "" : "Kreis");
      std::string text = fact.title + std::string(governance::PhaseName(fact.state.phase));
      std::multiset<std::string> acts;
      for (const SignatureFact& act : fact.signatures)
        acts.insert(act.organisation +
                    (act.fault ? std::string(governance::FaultName(*act.fault)) : "+"));
      for (const NoticeFact& notice : fact.notices)
        acts.insert(notice.act.organisation + (notice.counts ? "counts" : "-") +
                    (notice.ends ? governance::RenderDay(*notice.ends) : "?"));
      for (const std::string& act : acts) text += " " + act;
      told.insert(text);
    }
    return told;
  };
  const auto there = facts(PapersWorld(/*in_circle=*/true));
  EXPECT_EQ(there, facts(PapersWorld()));
  EXPECT_GT(there.size(), 5u);
}

TEST(PapersOfACircle, SayNothingAboutTextsOfOtherSpaces) {
  PapersWorld papers(/*in_circle=*/true);
  papers.Cross();
  ExportOptions options = OpenAgreements(log::testing::kNoon + 100 * PapersWorld::kHour);
  options.spaces = {papers.circle};
  const Report report = Verify(papers.world.Exported(options), papers.world.network());
  EXPECT_EQ(report.exit_code, 1);
  const auto missing =
      std::count_if(report.problems.begin(), report.problems.end(),
                    [](const Problem& problem) { return problem.reason == "about-missing"; });
  EXPECT_EQ(missing, 8);  // in each space two signatures, an amend and a notice
  int crossed = 0;
  for (const AgreementFact& fact : report.agreements) {
    EXPECT_NE(fact.title, "Untergeschoben");
    if (fact.title != "Überkreuz") continue;
    ++crossed;
    EXPECT_EQ(fact.state.phase, governance::AgreementPhase::kFrozen);
    EXPECT_TRUE(fact.signatures.empty());
    EXPECT_TRUE(fact.notices.empty());
    EXPECT_TRUE(fact.state.offers.empty());
  }
  EXPECT_EQ(crossed, 2);
}

TEST(PapersOfACircle, AreNotCoveredByABundleWithoutIt) {
  PapersWorld papers(/*in_circle=*/true);
  const Report report = Opened(papers.world);
  EXPECT_TRUE(report.problems.empty()) << Listed(report);
  EXPECT_TRUE(report.agreements.empty());
  EXPECT_EQ(CircledWorld::Of(report, papers.circle).open_points.front(), "not-covered");
  int approvals = 0;
  for (const DecisionFact& decision : report.decisions) {
    if (!decision.minutes) continue;
    ++approvals;
    EXPECT_EQ(decision.minutes->space_name, "Kreis");
    EXPECT_FALSE(decision.minutes->covered || decision.minutes->fits || decision.minutes->open);
    EXPECT_TRUE(decision.minutes->recorded.empty());
  }
  EXPECT_EQ(approvals, 3);
}

TEST(PapersOfACircle, TheirMinutesAreOfThoseWithASeat) {
  PapersWorld papers(/*in_circle=*/true);
  ExportOptions options = ExportedAt(log::testing::kNoon + 100 * PapersWorld::kHour);
  options.spaces = {papers.circle};
  options.open_spaces = {papers.circle};
  const Report report = Verify(papers.world.Exported(options), papers.world.network());
  int open = 0;
  for (const DecisionFact& decision : report.decisions) {
    if (!decision.minutes || !decision.minutes->open) continue;
    ++open;
    EXPECT_EQ(decision.electorate, 3u);  // of four
    ASSERT_EQ(decision.minutes->recorded.size(), 2u);
    EXPECT_TRUE(decision.minutes->recorded[0].certified);
  }
  EXPECT_EQ(open, 2);
}

}  // namespace
}  // namespace geflecht::audit
