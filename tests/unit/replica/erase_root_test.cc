// Erasures of what was said in decisions: of one's own, and by decision of others'.
#include <functional>
#include <utility>

#include "node/governance/bodies.h"
#include "node/governance/state_text.h"
#include "node/replica/records.h"
#include "tests/unit/replica/deciding.h"

namespace geflecht::replica {
namespace {

constexpr const char* kWordSaid = "Seekuhwanderung";

struct EraseRoot : Decisions {
  EraseRoot() : root(net[0].replica->members().root_space()) {
    governance::ProposalBody money{"money", "", "", std::nullopt, "T", "", Said()};
    proposal = Propose(net[0], money);
    Meet(All());
    vote = Must(net[1].replica->Vote(proposal, {governance::Position::kYes, Said()}, {}));
    comment = Must(net[2].replica->Comment(proposal, Said(), {}));
    for (Device* device : All()) device->Write();
    Meet(All());
  }
  static std::string Said() { return std::string("Wegen ") + kWordSaid + "\n"; }
  static log::EntryId Must(const Result<log::EntryId>& written) {
    CHECK(written.has_value());
    return *written;
  }
  std::vector<Device*> All() { return {&net[0], &net[1], &net[2]}; }
  log::Erasure Named(std::vector<log::EntryId> entries) {
    log::Erasure erasure{"unlawful", {}};
    std::sort(entries.begin(), entries.end());
    for (const log::EntryId& entry : entries)
      erasure.targets.push_back(*net[1].replica->AllOf(entry));
    return erasure;
  }
  // All three are to go; two of three decide that.
  log::EntryId Decided() {
    const auto all = Named({proposal, vote, comment});
    const log::EntryId asked =
        Propose(net[1], About(governance::kContent, root.Hex(), log::RenderErasure(all)));
    Meet(All());
    for (Device* device : {&net[1], &net[2]}) Vote(*device, asked);
    Meet(All());
    return asked;
  }
  // Of the stored bodies of the root space.
  bool Holds(Device& device) {
    bool found = false;
    const store::Key key = SpaceBodyKey(root, 0);
    const auto each = [&](const store::Record& record) {
      found = found || AsText(record.value).find(kWordSaid) != std::string_view::npos;
      return true;
    };
    CHECK(device.store->Scan(key.table, key.group, 0, each).has_value());
    return found;
  }
  std::size_t Receipts(Device& device, const log::EntryId& erasure) {
    return device.replica->StandingOf(erasure)->confirmed.size();
  }
  // The erase entries of the root space.
  std::vector<log::EntryId> Erasures(Device& device) {
    std::vector<log::EntryId> erasures;
    const auto found = device.replica->ErasuresIn(root, 1, 100);
    CHECK(found.has_value());
    for (const codec::StoredEntry& stored : *found) erasures.push_back(stored.entry.id);
    return erasures;
  }

  log::SpaceId root;
  log::EntryId proposal, vote, comment;
};

TEST_F(EraseRoot, ByDecisionTakesNotesReasonsAndComments) {
  EXPECT_EQ(net[1].replica->Erase(root, Named({comment}), {}).error().hint, "hint.erase-not-yours");
  Decided();
  for (Device* device : All()) EXPECT_TRUE(Holds(*device)) << "nobody has certified it";
  Govern(net[1], 1);  // writes the certificate
  Govern(net[1], 2);  // carries it out
  Meet(All());
  for (Device* device : All()) {
    for (int loads = 0; loads < 2; ++loads) {
      EXPECT_FALSE(Holds(*device));
      EXPECT_EQ(device->Log(root).missing_bodies(), 0u);
      for (const log::EntryId& entry : {proposal, vote, comment})
        EXPECT_TRUE(device->replica->council().Counts(entry)) << "what was decided stays";
      EXPECT_EQ(governance::ReadVote(**device->replica->RootBodyOf(vote))->position,
                governance::Position::kYes);
      device->Load(net.founding);
    }
    Govern(*device, 200'000);
  }
  for (Device* device : All()) Govern(*device, 400'000);
  Meet(All());
  for (Device* device : All()) EXPECT_EQ(Erasures(*device).size(), 1u) << "once";
}

TEST_F(EraseRoot, ByDecisionIsCarriedOutByAnotherIfItsProposerIsSilent) {
  Decided();
  Govern(net[2], 1);
  Govern(net[2], 100'000);  // the certificate
  Govern(net[2], 100'001);
  Govern(net[2], 200'000);  // what it asks for
  BringAll(net[2], net[0]);
  for (Device* device : {&net[0], &net[2]}) EXPECT_FALSE(Holds(*device));
  EXPECT_TRUE(Holds(net[1]));
  // Its proposer hears of certificate and erasure at once, and writes none.
  BringAll(net[2], net[1]);
  Govern(net[1], 200'000);
  EXPECT_FALSE(Holds(net[1]));
  EXPECT_EQ(Erasures(net[1]).size(), 1u);
}

TEST_F(EraseRoot, IsConfirmedInTheSpaceOfTheDocuments) {
  Decided();
  Govern(net[1], 1);
  Govern(net[1], 2);
  Meet(All());
  const log::EntryId erasure = Erasures(net[1]).at(0);
  for (Device* device : All()) {
    EXPECT_EQ(Receipts(*device, erasure), 0u);
    const std::uint64_t ticket = device->ticket + 1;
    EXPECT_FALSE(device->replica->TakeExpunge({30'000, 0}, ticket).empty());
    device->Write();
    device->replica->Persisted(ticket);
    Govern(*device, 30'000);
  }
  Meet(All());
  for (Device* device : All()) EXPECT_EQ(Receipts(*device, erasure), 3u);
}

// The two came in one run, so that the erasure was let in before what it stands on could be read.
TEST_F(EraseRoot, InOneRunWithWhatItNamesIsHeardOfInFrontOfIt) {
  const log::EntryId own = Must(net[2].replica->Comment(proposal, Said(), {}));
  net[2].Write();
  const log::FeedKey feed{root, net[2].key.public_key(), net[2].life};
  const std::uint64_t at = net[2].Log(root).Head(feed).next_seq - 1;
  const codec::Bodies said = BodiesOf(net[2], feed, at, at);
  const log::Erasure mine{"request", {*net[2].replica->AllOf(own)}};
  ASSERT_TRUE(net[2].replica->Erase(root, mine, {}).has_value());
  net[2].Write();
  for (const bool leaves : {false, true}) {
    SCOPED_TRACE(leaves);
    Device& other = net[leaves ? 1 : 0];
    const codec::Run run = RunOf(net[2], feed, at, at + 1);
    EXPECT_EQ(other.replica->Admit(root, run).outcome, Outcome::kNew);
    other.replica->AdmitBodies(root, BodiesOf(net[2], feed, at + 1, at + 1), {});
    other.replica->AdmitBodies(root, leaves ? BodiesOf(net[2], feed, at, at) : said, {});
    other.Write();
    ASSERT_EQ(other.Log(root).missing_bodies(), 0u);
    const auto stored = other.Log(root).EntryOf(own);
    EXPECT_EQ(AsText(codec::EncodeBody(**other.Log(root).BodyOf(**stored))).find(kWordSaid),
              std::string_view::npos);
    EXPECT_TRUE(other.replica->council().Counts(own));
  }
}

// Runs and bodies in every kind of order, the bodies as they were offered before and after: an
// erasure whose past cannot be read yet counts as soon as it can.
TEST_F(EraseRoot, DoesNotDependOnTheOrderOfArrival) {
  // One erasure by decision, and one of an author.
  const log::EntryId own = Must(net[2].replica->Comment(proposal, Said(), {}));
  net[2].Write();
  std::vector<codec::Bodies> full;
  for (const Device* device : All()) {
    const log::FeedKey feed{root, device->key.public_key(), device->life};
    const std::uint64_t end = device->Log(root).Head(feed).next_seq;
    for (std::uint64_t seq = 0; seq < end; ++seq) full.push_back(BodiesOf(*device, feed, seq, seq));
  }
  const log::Erasure mine{"request", {*net[2].replica->AllOf(own)}};
  ASSERT_TRUE(net[2].replica->Erase(root, mine, {}).has_value());
  net[2].Write();
  Meet(All());
  Decided();
  Govern(net[1], 1);
  Govern(net[1], 2);
  Meet(All());
  ASSERT_EQ(Erasures(net[0]).size(), 2u);
  const std::string expected = governance::RenderState(net[0].replica->council().state());

  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random(seed);
    Device late(1000 + seed);
    late.Load(net.founding);
    std::vector<std::function<void()>> steps;
    for (const Device* from : All()) {
      const log::FeedKey feed{root, from->key.public_key(), from->life};
      const std::uint64_t end = from->Log(root).Head(feed).next_seq;
      for (std::uint64_t seq = 0; seq < end; ++seq) {
        if ((*from->Log(root).EntryAt(feed, seq))->entry.header.kind == "charter") continue;
        const std::uint64_t last = std::min(end - 1, seq + random.Below(3));
        steps.push_back([&, from, feed, seq, last] {
          late.replica->Admit(root, RunOf(*from, feed, seq, last));
        });
        steps.push_back([&, from, feed, seq] {
          late.replica->AdmitBodies(root, BodiesOf(*from, feed, seq, seq), {});
        });
      }
    }
    for (const auto& offered : full)
      steps.push_back([&] { late.replica->AdmitBodies(root, offered, {}); });
    for (int round = 0; round < 3; ++round) {
      for (std::size_t i = steps.size(); i > 1; --i)
        std::swap(steps[i - 1], steps[random.Below(i)]);
      for (const auto& step : steps) {
        step();
        if (random.Below(4) == 0) late.Write();
        if (random.Below(20) != 0) continue;
        late.Write();
        late.Load(net.founding);
      }
    }
    for (const Device* from : All()) BringRoot(*from, late);  // whatever is still missing
    EXPECT_EQ(late.Log(root).missing_bodies(), 0u);
    EXPECT_FALSE(Holds(late)) << "of " << steps.size() << " steps";
    EXPECT_EQ(governance::RenderState(late.replica->council().state()), expected);
  }
}

}  // namespace
}  // namespace geflecht::replica
