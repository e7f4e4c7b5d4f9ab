#include "node/governance/agreement.h"

#include <gtest/gtest.h>

#include <string>

#include "node/governance/agreement_book.h"
#include "node/governance/kinds.h"

namespace geflecht::governance {
namespace {

constexpr std::int64_t kMorning = 1'772'441'200;

template <class Id>
Id Ident(std::uint8_t byte) {
  Id id;
  id.bytes.fill(byte);
  return id;
}

crypto::SigningKey Pen(std::uint8_t number) {
  return crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(Bytes(32, number)));
}

AgreementTerms FullTerms() {
  return {{Ident<OrgId>(1), Ident<OrgId>(2)},
          ParseDay("2026-01-01"),
          ParseDay("2027-12-31"),
          NoticePeriod{3, NoticePeriod::Unit::kMonth},
          true,
          Ident<EntryId>(7),
          Ident<DocumentRef>(8)};
}

SignedStatement Stated(std::string_view act, std::uint8_t org = 1) {
  return SignStatement({Ident<log::NetworkId>(9), std::string(act), Ident<EntryId>(20), "",
                        Ident<OrgId>(org), Ident<EntryId>(30), kMorning},
                       Pen(org));
}

TEST(AgreementTermsText, IsReadToTheByte) {
  const std::string text = RenderAgreementTerms(FullTerms());
  EXPECT_EQ(*ParseAgreementTerms(text), FullTerms());
  AgreementTerms least{{Ident<OrgId>(1), Ident<OrgId>(2)}, {}, {}, {}, false, {}, {}};
  EXPECT_EQ(RenderAgreementTerms(least),
            "party " + Ident<OrgId>(1).Hex() + "\nparty " + Ident<OrgId>(2).Hex() +
                "\nstart -\nend -\nnotice -\nform text\nparent -\ndocument -\n");
  EXPECT_EQ(*ParseAgreementTerms(RenderAgreementTerms(least)), least);
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(ParseAgreementTerms(text.substr(0, i))) << i;
    std::string changed = text;
    changed[i] = '\n';
    if (text[i] == '\n') continue;
    EXPECT_FALSE(ParseAgreementTerms(changed)) << i;
  }
  EXPECT_FALSE(ParseAgreementTerms(text + "party -\n"));
}

TEST(AgreementTermsText, PartiesAndPeriodsHaveBounds) {
  const auto with = [](std::size_t parties) {
    AgreementTerms terms = FullTerms();
    terms.parties.clear();
    for (std::size_t i = 0; i < parties; ++i)
      terms.parties.push_back(Ident<OrgId>(static_cast<std::uint8_t>(i)));
    return ParseAgreementTerms(RenderAgreementTerms(terms)).has_value();
  };
  EXPECT_FALSE(with(0));
  EXPECT_FALSE(with(1));
  EXPECT_TRUE(with(2));
  EXPECT_TRUE(with(kPartiesMax));
  EXPECT_FALSE(with(kPartiesMax + 1));
  AgreementTerms terms = FullTerms();
  std::swap(terms.parties[0], terms.parties[1]);
  EXPECT_FALSE(ParseAgreementTerms(RenderAgreementTerms(terms)));
  terms.parties[0] = terms.parties[1];
  EXPECT_FALSE(ParseAgreementTerms(RenderAgreementTerms(terms)));
  terms = FullTerms();
  terms.end = terms.start;  // of one day
  EXPECT_TRUE(ParseAgreementTerms(RenderAgreementTerms(terms)));
  terms.end = *terms.start - 1;
  EXPECT_FALSE(ParseAgreementTerms(RenderAgreementTerms(terms)));
  for (const char* period : {"", "3", "month", "0 month", "03 month", "1001 day", "3  month",
                             "3 months", "3 year", "-1 day", "3 month "})
    EXPECT_FALSE(ParseNoticePeriod(period)) << period;
  const Day day = *ParseDay("2026-11-30");
  const auto last = [&](const char* period) {
    return RenderDay(LastDayOf(*ParseNoticePeriod(period), day));
  };
  EXPECT_EQ(last("3 month"), "2027-02-28");
  EXPECT_EQ(last("2 week"), "2026-12-14");
  EXPECT_EQ(last("1 day"), "2026-12-01");
}

TEST(AgreementBodies, AreReadAsTheyWereSaidAndNotOtherwise) {
  SeededRandom random(5);
  const SignBody sign{Stated(kActSign), {{"Scan.pdf", ToBytes("%PDF")}}};
  const auto said = SaySign(sign, random);
  ASSERT_TRUE(said) << said.error().detail;
  EXPECT_EQ(*ReadSign(said->body, 2), sign);
  for (const std::uint32_t evidence : {0u, 1u, 3u}) EXPECT_FALSE(ReadSign(said->body, evidence));
  log::Body body = said->body;
  std::get<log::Field>(body.slots[1]).name = "file";
  EXPECT_FALSE(ReadSign(body, 2));
  body = said->body;
  body.slots[0] = log::FieldLeaf(std::get<log::Field>(body.slots[0]));
  EXPECT_FALSE(ReadSign(body, 2));
  EXPECT_FALSE(ReadSign({}, 0));
  EXPECT_EQ(
      SaySign({Stated(kActSign), {2, {"Scan.pdf", Bytes(kEvidenceBytesMax)}}}, random).error().hint,
      "hint.evidence-all-too-large");

  const NoticeBody notice{Stated(kActNotice), "Neue Aufgaben.\n"};
  const auto given = SayNotice(notice, random);
  ASSERT_TRUE(given) << given.error().detail;
  EXPECT_EQ(*ReadNotice(given->body, 1), notice);
  EXPECT_FALSE(ReadNotice(given->body, 2));
  body = given->body;
  body.slots[1] = log::FieldLeaf(std::get<log::Field>(body.slots[1]));
  EXPECT_EQ(ReadNotice(body, 1)->reason, "");
  EXPECT_FALSE(SayNotice({Stated(kActNotice), "no end"}, random));
}

// --- what counts
struct Book : testing::Test {
  const log::NetworkId net = Ident<log::NetworkId>(9);
  Mandates mandates{net};
  AgreementBook book{net, {}, mandates};
  SeededRandom random{5};

  void SetUp() override {
    for (const std::uint8_t org : Bytes{1, 2, 3}) {
      const Statement accepts{
          net, std::string(kActMandate), {}, "sign - -", Ident<OrgId>(org), {}, kMorning};
      const Said said = *SayPersonAdd(
          {Pen(org).public_key(), SignStatement(accepts, Pen(org)), "Person"}, random);
      log::Header header;
      header.kind = kPersonAdd;
      header.fields = 3;
      header.evidence = 2;
      mandates.Note(header, Ident<EntryId>(static_cast<std::uint8_t>(29 + org)), Ident<OrgId>(org),
                    &said.body);
    }
    AddText(Ident<EntryId>(20), kFreeze, {});
  }
  void AddText(const EntryId& id, std::string_view kind, std::optional<EntryId> about,
               std::vector<OrgId> parties = {Ident<OrgId>(1), Ident<OrgId>(2)},
               std::string_view what = kAgreement) {
    AgreementTerms terms;
    terms.parties = std::move(parties);
    const Said said = *SayFrozen(
        {std::string(what), "Titel", RenderAgreementTerms(terms), {"Text\n"}, {}, {}}, random);
    book.Add({id, std::string(kind), about, Ident<OrgId>(1), kMorning, said.evidence}, said.body,
             All);
  }
  static bool All(const EntryId&) { return true; }
  // Of one signature that some organisation's device wrote.
  std::optional<StatementFault> Fault(Statement statement, std::uint8_t key = 1,
                                      std::uint8_t writer = 1,
                                      std::optional<EntryId> about = Ident<EntryId>(20)) {
    AgreementBook one = book;
    const Said said = *SaySign({SignStatement(std::move(statement), Pen(key)), {}}, random);
    one.Add({Ident<EntryId>(50), std::string(kSign), about, Ident<OrgId>(writer), kMorning,
             said.evidence},
            said.body, All);
    const auto all = one.All();
    EXPECT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].papers.signatures.size(), 1u);
    return all[0].papers.signatures.at(0).fault;
  }
};

TEST_F(Book, ASignatureCountsForItsPartyOnly) {
  const Statement good = Stated(kActSign).statement;
  EXPECT_EQ(Fault(good), std::nullopt);
  EXPECT_EQ(Fault(good, /*key=*/2), StatementFault::kSignature);
  EXPECT_EQ(Fault(good, 1, /*writer=*/2), StatementFault::kOtherWriter);
  Statement bad = good;
  bad.net = Ident<log::NetworkId>(8);
  EXPECT_EQ(Fault(bad), StatementFault::kOtherObject);
  bad = good;
  bad.act = kActNotice;
  EXPECT_EQ(Fault(bad), StatementFault::kOtherObject);
  bad = good;
  bad.object = Ident<EntryId>(21);
  EXPECT_EQ(Fault(bad), StatementFault::kOtherObject);
  bad = good;
  bad.value = "x";
  EXPECT_EQ(Fault(bad), StatementFault::kOtherObject);
  bad = good;
  bad.mandate = Ident<EntryId>(31);
  EXPECT_EQ(Fault(bad), StatementFault::kOtherOrg);
  bad = good;
  bad.mandate = Ident<EntryId>(40);
  EXPECT_EQ(Fault(bad), StatementFault::kNoMandate);
  Statement third = Stated(kActSign, 3).statement;
  third.mandate = Ident<EntryId>(32);
  EXPECT_EQ(Fault(third, 3, 3), StatementFault::kNoParty);
}

TEST_F(Book, OnlyTextsOfAgreementsCount) {
  EXPECT_NE(book.Version(Ident<EntryId>(20)), nullptr);
  AddText(Ident<EntryId>(21), kFreeze, Ident<EntryId>(20));
  AddText(Ident<EntryId>(22), kAmend, {});
  AddText(Ident<EntryId>(23), kFreeze, {}, {Ident<OrgId>(1), Ident<OrgId>(2)}, kMinutes);
  for (const std::uint8_t id : Bytes{21, 22, 23})
    EXPECT_EQ(book.Version(Ident<EntryId>(id)), nullptr);
  // An amend of what is no agreement belongs to nothing; one of a version belongs to it.
  AddText(Ident<EntryId>(24), kAmend, Ident<EntryId>(23));
  AddText(Ident<EntryId>(25), kAmend, Ident<EntryId>(20));
  AddText(Ident<EntryId>(26), kAmend, Ident<EntryId>(25));
  const auto all = book.All();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].id(), Ident<EntryId>(20));
  EXPECT_EQ(all[0].papers.versions.size(), 3u);
  const log::Body empty;
  book.Add({Ident<EntryId>(60), std::string(kSign), Ident<EntryId>(20), Ident<OrgId>(1), 0, 0},
           empty, All);
  EXPECT_TRUE(book.Has(Ident<EntryId>(60)));
  EXPECT_TRUE(book.All()[0].papers.signatures.empty());
}

void Damage(log::Body& body, std::uint32_t& evidence, SeededRandom& chance) {
  const auto any = [&] { return chance.Below(body.slots.size()); };
  log::Slot& slot = body.slots[any()];
  auto* field = std::get_if<log::Field>(&slot);
  switch (chance.Below(7)) {
    case 0:
      std::swap(slot, body.slots[any()]);
      break;
    case 1:
      body.slots.erase(body.slots.begin() + static_cast<std::ptrdiff_t>(any()));
      break;
    case 2:
      body.slots.push_back(log::Slot(body.slots[any()]));
      break;
    case 3:
      evidence = static_cast<std::uint32_t>(chance.Below(body.slots.size() + 2));
      break;
    case 4:
      if (field != nullptr) slot = log::FieldLeaf(*field);
      break;
    case 5:
      if (field != nullptr && !field->value.empty())
        field->value[chance.Below(field->value.size())] =
            static_cast<std::uint8_t>(chance.Below(256));
      break;
    default:
      if (field != nullptr) field->value.resize(chance.Below(field->value.size() + 1));
  }
}

// Fields exchanged, left out, twice, renamed, erased, with other bytes: nothing ends the program,
// and what is read is what is said again.
TEST_F(Book, AnythingMayStandInABody) {
  const std::uint64_t seed = 20'261'122;
  SeededRandom chance(seed);
  AgreementTerms terms;
  terms.parties = {Ident<OrgId>(1), Ident<OrgId>(2)};
  const Said samples[] = {*SayFrozen({std::string(kAgreement),
                                      "Titel",
                                      RenderAgreementTerms(terms),
                                      {"Es hilft [[1]].\n", "Ende\n"},
                                      {{"a.pdf", {1, 2}}},
                                      {"A", "B"}},
                                     random),
                          *SaySign({Stated(kActSign), {{"a.pdf", {1, 2}}}}, random),
                          *SayNotice({Stated(kActNotice), "Grund\n"}, random)};
  std::size_t read = 0;
  for (int round = 0; round < 6000; ++round) {
    const Said& sample = samples[chance.Below(3)];
    log::Body body = sample.body;
    std::uint32_t evidence = sample.evidence;
    for (std::uint64_t change = chance.Below(3); change > 0 && !body.slots.empty(); --change)
      Damage(body, evidence, chance);
    for (const std::string_view kind : {kFreeze, kAmend, kSign, kNotice}) {
      AgreementBook one = book;
      one.Add(
          {Ident<EntryId>(70), std::string(kind), Ident<EntryId>(20), Ident<OrgId>(1), 0, evidence},
          body, All);
      EXPECT_EQ(one.All().size(), 1u) << "seed " << seed << " round " << round;
    }
    SeededRandom again(1);
    if (const auto frozen = ReadFrozen(body, evidence)) {
      ++read;
      Frozen whole = *frozen;
      for (auto& person : whole.persons)
        if (!person) person = "X";
      const auto said = SayFrozen(whole, again);
      ASSERT_TRUE(said) << "seed " << seed << " round " << round;
      EXPECT_EQ(*ReadFrozen(said->body, said->evidence), whole);
    }
    if (const auto sign = ReadSign(body, evidence)) {
      ++read;
      EXPECT_EQ(*ReadSign(SaySign(*sign, again)->body, evidence), *sign);
    }
    if (const auto notice = ReadNotice(body, evidence)) ++read;
  }
  EXPECT_GT(read, 100u);
}

}  // namespace
}  // namespace geflecht::governance
