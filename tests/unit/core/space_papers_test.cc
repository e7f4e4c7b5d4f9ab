// Agreements of a closed space over real sessions: who has a seat agrees, and nobody else gets a
// byte of it.
#include "node/governance/kinds.h"
#include "tests/unit/core/spaces_fixture.h"

namespace geflecht::core {
namespace {

using governance::AgreementPhase;
using governance::AgreementState;

struct SpacePapers : Spaces {
  SpacePapers() {
    for (std::size_t i = 0; i < 4; ++i) mandates.push_back(Mandate(i));
  }
  crypto::SigningKey Pen(std::size_t i) {
    return crypto::SigningKey::FromSeed(
        crypto::SecretBytes::Copy(ByteView(net[i].key.public_key().bytes)));
  }
  governance::SignedStatement Stated(std::size_t i, std::string_view act,
                                     std::optional<log::EntryId> object, std::string value,
                                     std::optional<log::EntryId> mandate) {
    return governance::SignStatement({net.founding.network(), std::string(act), object,
                                      std::move(value), Org(i), mandate, Of(i).now.wall_ms / 1000},
                                     Pen(i));
  }
  log::EntryId Mandate(std::size_t i) {
    log::EntryId id;
    Do(i, [&](replica::Replica& replica) -> Result<void> {
      ASSIGN(id, replica.AddPerson({Pen(i).public_key(),
                                    Stated(i, governance::kActMandate, {}, "sign - -", {}), "P"},
                                   Of(i).now));
      return {};
    });
    return id;
  }
  Result<log::EntryId> TrySign(std::size_t i, const log::EntryId& version) {
    return Replica(i).Sign(version, {Stated(i, governance::kActSign, version, "", mandates[i]), {}},
                           Of(i).now);
  }
  void Sign(std::size_t i, const log::EntryId& version) {
    Do(i, [&](replica::Replica&) -> Result<void> {
      TRY(TrySign(i, version));
      return {};
    });
  }
  AgreementState At(std::size_t i, const log::EntryId& version) {
    const auto agreement = Replica(i).AgreementOf(version);
    CHECK(agreement.has_value());
    return governance::StateOf(agreement->papers, Of(i).now.wall_ms / 1000);
  }
  std::string Refused(const log::SpaceId& space, const std::vector<std::size_t>& parties) {
    const auto checked = Replica(0).CheckAgreement(Paper("W", parties), space);
    return checked ? std::string() : checked.error().hint;
  }
  std::vector<log::EntryId> mandates;
};

TEST_F(SpacePapers, WhoHasASeatAgreesAndNobodyElseGetsAByte) {
  const log::SpaceId space = Open({0, 1, 2});
  const log::EntryId id = Freeze(0, "Geheimwort", {0, 1}, space);
  Sign(0, id);
  Sign(1, id);
  log::EntryId amend;
  Do(1, [&](replica::Replica& replica) -> Result<void> {
    ASSIGN(amend, replica.Amend(id, Paper("Geheimwort, neu", {0, 1}), Of(1).now));
    return {};
  });
  Sign(0, amend);
  Sign(1, amend);
  Do(1, [&](replica::Replica& replica) -> Result<void> {
    TRY(replica.GiveNotice(
        amend, {Stated(1, governance::kActNotice, amend, "", mandates[1]), "Geheimwort\n"},
        Of(1).now));
    return {};
  });
  mesh.RunFor(1000);
  Note(0, "Gelesen", space);  // the notice is received
  for (int restart = 0; restart < 2; ++restart) {
    for (const std::size_t i : {0, 1, 2}) {
      EXPECT_EQ(Replica(i).Agreements()->size(), 1u);
      EXPECT_EQ(Replica(i).AgreementOf(id)->space, space);
      EXPECT_EQ(At(i, id).version, amend);
      EXPECT_EQ(At(i, id).phase, AgreementPhase::kNoticeGiven);
      EXPECT_TRUE(At(i, id).ends.has_value());
      EXPECT_TRUE(OnDisk(i, "Geheimwort"));
      if (restart == 0) Of(i).Load();
    }
    EXPECT_EQ(Replica(3).AgreementOf(id).error().code, Code::kNotFound);
    EXPECT_TRUE(Replica(3).Agreements()->empty());
    EXPECT_TRUE(Replica(3).AllPapers().empty());
    EXPECT_FALSE(OnDisk(3, "Geheimwort"));
    EXPECT_FALSE(OnDisk(3, AsText(id.view())));
  }
  // Nothing of it lies where all read.
  EXPECT_TRUE(Replica(0).papers(Replica(0).members().network_space()).all().empty());
}

TEST_F(SpacePapers, PartiesNeedASeat) {
  const log::SpaceId space = Open({0, 1, 2}), other = Open({0, 1});
  const log::SpaceId all = Replica(0).members().network_space();
  const governance::Day today = governance::DayOf(Of(0).now.wall_ms / 1000);
  EXPECT_EQ(Refused(space, {0, 3}), "hint.party-no-seat");
  EXPECT_EQ(Refused(space, {0, 2}), "");
  EXPECT_EQ(Refused(all, {0, 3}), "");
  // Who only reads cannot sign.
  Seat(space, 3, /*give=*/true, {0, 1, 2}, today + 30);
  EXPECT_EQ(Refused(space, {0, 3}), "hint.party-no-seat");
  Seat(space, 3, /*give=*/false, {0, 1, 2}, today + 30);
  Seat(space, 3, /*give=*/true, {0, 1, 2});
  EXPECT_EQ(Refused(space, {0, 3}), "");
  // What belongs to an agreement lies with it, or it lies where all read.
  const log::EntryId there = Freeze(0, "Dort", {0, 1}, other),
                     here = Freeze(0, "Hier", {0, 1}, all);
  const auto below = [&](const log::EntryId& parent, const log::SpaceId& where) {
    governance::Frozen text = Paper("W", {0, 1});
    auto terms = *governance::ParseAgreementTerms(text.terms);
    terms.parent = parent;
    text.terms = governance::RenderAgreementTerms(terms);
    const auto checked = Replica(0).CheckAgreement(text, where);
    return checked ? std::string() : checked.error().hint;
  };
  EXPECT_EQ(below(there, space), "hint.agreement-parent-space");
  EXPECT_EQ(below(there, all), "hint.agreement-parent-space");
  EXPECT_EQ(below(there, other), "");
  EXPECT_EQ(below(here, space), "");
}

TEST_F(SpacePapers, WhoLosesItsSeatSignsNoMoreAndIsBoundByWhatItSigned) {
  const log::SpaceId space = Open({0, 1, 2});
  const log::EntryId open = Freeze(0, "Offen", {0, 1, 2}, space);
  const log::EntryId held = Freeze(0, "Geschlossen", {0, 1, 2}, space);
  for (const std::size_t i : {0, 1, 2}) Sign(i, held);
  Sign(0, open);
  Sign(1, open);
  Seat(space, 2, /*give=*/false, {0, 1});
  const auto refused = TrySign(2, open);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().hint, "hint.space-no-seat");
  Do(0, [&](replica::Replica& replica) -> Result<void> {
    TRY(replica.GiveNotice(held, {Stated(0, governance::kActNotice, held, "", mandates[0]), ""},
                           Of(0).now));
    return {};
  });
  Note(1, "Gelesen", space);
  mesh.RunFor(1000);
  for (const std::size_t i : {0, 1}) {
    EXPECT_EQ(At(i, open).missing, std::vector<log::OrgId>{Org(2)});
    const AgreementState state = At(i, held);
    EXPECT_EQ(state.phase, AgreementPhase::kNoticeGiven);
    ASSERT_EQ(state.notices.size(), 1u);
    EXPECT_EQ(state.notices[0].unreachable, std::vector<log::OrgId>{Org(2)});
    EXPECT_TRUE(state.ends.has_value());
  }
  // It keeps what it had, and hears of nothing new.
  EXPECT_EQ(At(2, held).phase, AgreementPhase::kInForce);
  EXPECT_EQ(Replica(2)
                .GiveNotice(held, {Stated(2, governance::kActNotice, held, "", mandates[2]), ""},
                            Of(2).now)
                .error()
                .hint,
            "hint.space-no-seat");
  // With the seat it can sign again.
  Seat(space, 2, /*give=*/true, {0, 1});
  mesh.RunFor(1000);
  Sign(2, open);
  EXPECT_EQ(At(0, open).phase, AgreementPhase::kInForce);
}

}  // namespace
}  // namespace geflecht::core
