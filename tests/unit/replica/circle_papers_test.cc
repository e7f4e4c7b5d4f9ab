// Papers of a closed space: no other space's say anything about them, and the order in which they
// come does not matter.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "node/governance/agreement.h"
#include "node/governance/space.h"
#include "tests/unit/replica/deciding.h"

namespace geflecht::replica {
namespace {

struct CirclePapers : Decisions {
  CirclePapers() {
    governance::ChangeSpace change{std::nullopt, governance::SpaceKind::kBilateral, "Kreis", {}};
    for (const std::size_t i : {0, 1}) change.seats.push_back({Org(i), {}, true});
    for (std::size_t i = 0; i < 3; ++i) mandates.push_back(Mandate(i));
    circle = governance::SpaceOf(Decide(
        {&net[0], &net[1], &net[2]},
        About("space", std::string(governance::kNewSpace), governance::RenderSpace(change))));
    for (const auto& device : net.devices) Govern(*device, 2);
  }
  log::OrgId Org(std::size_t i) { return net[i].Card().org(); }
  crypto::SigningKey Pen(std::size_t i) {
    return crypto::SigningKey::FromSeed(
        crypto::SecretBytes::Copy(ByteView(net[i].key.public_key().bytes)));
  }
  governance::SignedStatement Stated(std::size_t i, std::string_view act,
                                     std::optional<log::EntryId> object, std::string value,
                                     std::optional<log::EntryId> mandate, std::int64_t time_s) {
    return governance::SignStatement({net.founding.network(), std::string(act), object,
                                      std::move(value), Org(i), mandate, time_s},
                                     Pen(i));
  }
  log::EntryId Mandate(std::size_t i) {
    const auto id = net[i].replica->AddPerson(
        {Pen(i).public_key(), Stated(i, governance::kActMandate, {}, "sign - -", {}, 0), "P"}, {});
    CHECK(id.has_value());
    net[i].Write();
    return *id;
  }
  governance::Frozen Text(const std::string& title) {
    governance::AgreementTerms terms;
    terms.parties = {Org(0), Org(1)};
    std::sort(terms.parties.begin(), terms.parties.end());
    terms.notice = governance::NoticePeriod{1, governance::NoticePeriod::Unit::kWeek};
    return {std::string(governance::kAgreement),
            title,
            governance::RenderAgreementTerms(terms),
            {"Es hilft.\n"},
            {},
            {}};
  }
  static Time At(std::int64_t s) { return {s * 1000, s * 1000}; }
  log::EntryId Freeze(std::size_t i, const log::SpaceId& space) {
    const auto id = net[i].replica->Freeze(Text("Vereinbarung"), space, At(10));
    CHECK(id.has_value());
    net[i].Write();
    return *id;
  }
  governance::SignBody Signature(std::size_t i, const log::EntryId& version, std::int64_t time_s) {
    return {Stated(i, governance::kActSign, version, "", mandates[i], time_s), {}};
  }
  log::EntryId Sign(std::size_t i, const log::EntryId& version, std::int64_t time_s) {
    const auto id = net[i].replica->Sign(version, Signature(i, version, time_s), At(time_s));
    CHECK(id.has_value());
    net[i].Write();
    return *id;
  }
  void Share(const log::SpaceId& space) {
    for (int round = 0; round < 2; ++round)
      for (const std::size_t i : {0, 1}) BringSpace(net[i], net[1 - i], space);
  }
  // A paper in `space` about an entry of any space, as another program could write it.
  Admitted Forge(std::size_t i, const log::SpaceId& space, std::string_view kind,
                 const log::EntryId& about, const governance::Said& said, Device& to) {
    Device& device = net[i];
    const log::FeedKey feed{space, device.key.public_key(), device.life};
    const log::FeedHead before = device.Log(space).Head(feed);
    log::Header header;
    header.net = net.founding.network();
    header.space = space;
    header.device = feed.device;
    header.life = feed.life;
    header.seq = before.next_seq;
    header.prev = before.head;
    header.basis = device.replica->council().tips();
    std::sort(header.basis.begin(), header.basis.end());
    header.kind = std::string(kind);
    header.about = about;
    header.time_s = 20;
    header.fields = static_cast<std::uint32_t>(said.body.slots.size());
    header.evidence = said.evidence;
    header.root = log::BodyRoot(said.body);
    const log::Entry entry = log::Sign(std::move(header), device.key);
    const Admitted admitted =
        to.replica->Admit(space, codec::PartsOf(before, {entry}, 1), feed.device);
    to.replica->AdmitBodies(
        space, {codec::PrefixOf(space), feed.device, feed.life, {{entry.header.seq, said.body}}},
        {});
    to.Write();
    return admitted;
  }

  std::vector<log::EntryId> mandates;
  log::SpaceId circle;
};

TEST_F(CirclePapers, APaperOfAnotherSpaceSaysNothing) {
  for (const log::SpaceId& space : {circle, net.space}) {
    const log::SpaceId other = space == circle ? net.space : circle;
    const log::EntryId id = Freeze(0, space);
    Share(space);
    Sign(0, id, 15);
    Share(space);
    const auto sign = governance::SaySign(Signature(1, id, 20), net[1].random);
    const auto amend = governance::SayFrozen(Text("Anders"), net[1].random);
    EXPECT_NE(Forge(1, other, governance::kSign, id, *sign, net[0]).outcome, Outcome::kNew);
    EXPECT_NE(Forge(1, other, governance::kAmend, id, *amend, net[0]).outcome, Outcome::kNew);
    const auto agreement = net[0].replica->AgreementOf(id);
    ASSERT_TRUE(agreement);
    EXPECT_EQ(agreement->space, space);
    EXPECT_EQ(agreement->papers.versions.size(), 1u);
    EXPECT_EQ(agreement->papers.signatures.size(), 1u);
    // Where the text lies the same signature counts.
    EXPECT_EQ(Forge(1, space, governance::kSign, id, *sign, net[0]).outcome, Outcome::kNew);
    EXPECT_EQ(net[0].replica->AgreementOf(id)->papers.signatures.size(), 2u);
  }
}

TEST_F(CirclePapers, WhoHasNoSeatHoldsNoneAndWritesNone) {
  const log::EntryId id = Freeze(0, circle);
  EXPECT_FALSE(net[2].replica->Knows(circle));
  EXPECT_EQ(net[2].replica->Freeze(Text("Fremd"), circle, At(1)).error().hint,
            "hint.space-no-seat");
  EXPECT_EQ(net[2]
                .replica
                ->Admit(circle, RunOf(net[0], {circle, net[0].key.public_key(), net[0].life}, 0, 0))
                .outcome,
            Outcome::kRejected);
  EXPECT_EQ(net[2].replica->AgreementOf(id).error().code, Code::kNotFound);
  const auto sign = governance::SaySign(Signature(1, id, 20), net[1].random);
  Sign(0, id, 15);
  EXPECT_EQ(net[0].replica->AgreementOf(id)->papers.signatures.size(), 1u);
}

// Proposals about what lies in a circle: only its members write them, only for an approval.
TEST_F(CirclePapers, OnlyMembersProposeToApproveMinutes) {
  const log::EntryId id = Freeze(0, circle);
  governance::ProposalBody body = About("minutes", "", "");
  body.terms.freeze = governance::FreezeRef{circle, id, {}};
  EXPECT_EQ(net[2].replica->Propose(body, {}).error().hint, "hint.space-no-seat");
  governance::ProposalBody other = About("haus", "", "");
  other.terms.freeze = body.terms.freeze;
  EXPECT_EQ(net[0].replica->Propose(other, {}).error().hint, "hint.space-cited");
  body.terms.freeze->space = governance::SpaceOf({});
  EXPECT_EQ(net[0].replica->Propose(body, {}).error().hint, "hint.no-space");
  body.terms.freeze->space = circle;
  const log::EntryId approval = Propose(net[0], body);
  Meet({&net[0], &net[1], &net[2]});
  EXPECT_EQ(net[2].replica->Vote(approval, {governance::Position::kYes, ""}, {}).error().hint,
            "hint.no-elector");
  for (const std::size_t i : {0, 1}) Vote(net[i], approval);
  Meet({&net[0], &net[1], &net[2]});
  Govern(net[0], 100'000);
  Meet({&net[0], &net[1], &net[2]});
  for (const auto& device : net.devices) {
    const auto* decision = device->replica->council().state().DecisionOn(approval);
    ASSERT_NE(decision, nullptr);
    EXPECT_EQ(decision->verdict, governance::Verdict::kEffective);
  }
}

TEST_F(CirclePapers, TheOrderOfArrivalDoesNotMatter) {
  const log::EntryId id = Freeze(0, circle);
  Share(circle);
  for (const std::size_t i : {0, 1}) Sign(i, id, 15 + static_cast<std::int64_t>(i));
  Share(circle);
  const auto amend = net[0].replica->Amend(id, Text("Neu"), At(30));
  ASSERT_TRUE(amend);
  net[0].Write();
  Share(circle);
  const auto notice = net[1].replica->GiveNotice(
      id, {Stated(1, governance::kActNotice, id, "", mandates[1], 40), ""}, At(40));
  ASSERT_TRUE(notice);
  net[1].Write();
  Sign(0, *amend, 50);
  Share(circle);
  Sign(1, *amend, 60);
  Share(circle);
  const auto wanted = net[0].replica->AgreementOf(id)->papers;
  ASSERT_EQ(wanted.received.size(), 1u);
  constexpr std::uint32_t kSeed = 47;
  std::printf("seed %u\n", kSeed);
  std::mt19937 random(kSeed);
  auto arrivals = *net[0].Log(circle).Arrivals(1, 1000);
  for (int round = 0; round < 30; ++round) {
    std::shuffle(arrivals.begin(), arrivals.end(), random);
    Device fresh(2);  // the second one's, anew
    fresh.Load(net.founding);
    BringRoot(net[0], fresh);
    ASSERT_TRUE(fresh.replica->Knows(circle) || fresh.replica->Hold(circle));
    // What came before its causes waits, or is offered again.
    for (int again = 0; again < 2; ++again)
      for (const codec::StoredEntry& stored : arrivals) {
        const log::Header& header = stored.entry.header;
        fresh.replica->Admit(circle, RunOf(net[0], stored.feed(), header.seq, header.seq),
                             net[0].key.public_key());
        fresh.replica->AdmitBodies(circle, BodiesOf(net[0], stored.feed(), header.seq, header.seq),
                                   {});
      }
    fresh.Write();
    if (round % 2 == 1) fresh.Load(net.founding);
    const auto found = fresh.replica->AgreementOf(id);
    ASSERT_TRUE(found) << "round " << round;
    EXPECT_EQ(found->papers.received, wanted.received);
    EXPECT_EQ(found->papers.knew, wanted.knew);
    EXPECT_EQ(governance::StateOf(found->papers, 1'000), governance::StateOf(wanted, 1'000));
  }
}

}  // namespace
}  // namespace geflecht::replica
