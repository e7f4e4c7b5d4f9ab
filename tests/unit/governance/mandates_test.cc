#include "node/governance/mandates.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "node/governance/kinds.h"
#include "node/log/lines.h"

namespace geflecht::governance {
namespace {

constexpr std::int64_t kNoon = 1'772'452'800;  // 2026-03-02T12:00:00Z

template <class Id>
Id Filled(std::uint8_t byte) {
  Id id;
  id.bytes.fill(byte);
  return id;
}

crypto::SigningKey PersonKey(std::uint8_t number) {
  return crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(Bytes(32, number)));
}

const log::NetworkId kNet = Filled<log::NetworkId>(1);
const OrgId kOrg = Filled<OrgId>(2);
const EntryId kAdded = Filled<EntryId>(3), kEndedBy = Filled<EntryId>(4);

Statement Accepts(std::string value = "sign - -") {
  return {kNet, std::string(kActMandate), {}, std::move(value), kOrg, {}, kNoon};
}

Statement Signs() {
  return {kNet, std::string(kActSign), Filled<EntryId>(9), "", kOrg, kAdded, kNoon};
}

log::Body BodyOf(const Statement& accepts, std::string name = "Dr. Erika Muster",
                 std::uint8_t key = 1) {
  SeededRandom random(3);
  return SayFields({{"key", PersonKey(key).public_key().Hex()},
                    {"statement", RenderSigned(SignStatement(accepts, PersonKey(1)))},
                    {"name", name}},
                   2, random)
      .body;
}

log::Header Of(std::string_view kind, std::optional<EntryId> about = {}, std::uint32_t fields = 3) {
  log::Header header;
  header.kind = kind;
  header.about = about;
  header.fields = fields;
  header.time_s = kNoon;
  return header;
}

struct MandatesTest : testing::Test {
  Mandates mandates{kNet};
  std::set<EntryId> past{kAdded, kEndedBy};

  void Add(const log::Body& body, std::optional<OrgId> org = kOrg) {
    mandates.Note(Of(kPersonAdd), kAdded, org, &body);
  }
  std::optional<StatementFault> WhyNot(const Statement& statement, std::uint8_t key = 1) {
    return mandates.WhyNot(SignStatement(statement, PersonKey(key)), kRoleSign,
                           [&](const EntryId& id) { return past.contains(id); });
  }
};

TEST(StatementText, IsReadToTheByte) {
  const SignedStatement said = SignStatement(Signs(), PersonKey(1));
  const std::string text = RenderSigned(said);
  EXPECT_EQ(RenderStatement(said.statement), "geflecht-sign@v1\nnet " + kNet.Hex() +
                                                 "\nact sign\nobject " + Filled<EntryId>(9).Hex() +
                                                 "\nvalue -\norg " + kOrg.Hex() + "\nmandate " +
                                                 kAdded.Hex() + "\ntime 2026-03-02T12:00:00Z\n");
  EXPECT_EQ(*ParseSigned(text), said);
  EXPECT_TRUE(Holds(said, PersonKey(1).public_key()));
  EXPECT_FALSE(Holds(said, PersonKey(2).public_key()));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string flipped = text;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    const auto read = ParseSigned(flipped);
    EXPECT_FALSE(read && Holds(*read, PersonKey(1).public_key())) << i;
    EXPECT_FALSE(ParseSigned(text.substr(0, i))) << i;
  }
  EXPECT_FALSE(ParseSigned(text + "\n"));
  EXPECT_FALSE(ParseSigned("\n" + text));
  std::string carriage = text;
  carriage.insert(carriage.find('\n'), "\r");
  EXPECT_FALSE(ParseSigned(carriage));
}

TEST(StatementText, ValuesAndTermsHaveOneForm) {
  for (const char* terms : {"sign - -", "coordinate 2026-01-01 -", "sign 2026-03-02 2026-03-02"})
    EXPECT_EQ(RenderMandateTerms(*ParseMandateTerms(terms)), terms);
  for (const char* terms :
       {"", "sign", "sign -", "sign  -", "vote - -", "sign - - -", "sign 1 -", "sign 2026-02-30 -",
        "sign 2026-03-02 2026-03-01", "sign -  ", "sign 2026-03-02T12:00:00Z -"})
    EXPECT_FALSE(ParseMandateTerms(terms)) << terms;
}

TEST_F(MandatesTest, APersonSignsUnderAMandate) {
  Add(BodyOf(Accepts()));
  ASSERT_EQ(mandates.all(), std::vector<EntryId>{kAdded});
  EXPECT_EQ(mandates.Find(kAdded)->name, "Dr. Erika Muster");
  EXPECT_EQ(WhyNot(Signs()), std::nullopt);
  EXPECT_EQ(WhyNot(Signs(), 2), StatementFault::kSignature);
  Statement other = Signs();
  other.org = Filled<OrgId>(8);
  EXPECT_EQ(WhyNot(other), StatementFault::kOtherOrg);
  other = Signs();
  other.mandate = kEndedBy;
  EXPECT_EQ(WhyNot(other), StatementFault::kNoMandate);
  other.mandate.reset();
  EXPECT_EQ(WhyNot(other), StatementFault::kNoMandate);
  past.clear();
  EXPECT_EQ(WhyNot(Signs()), StatementFault::kNoMandate);
}

TEST_F(MandatesTest, CountsOnItsDaysAndForItsRole) {
  Add(BodyOf(Accepts("sign 2026-03-02 2026-03-03")));
  Statement statement = Signs();
  EXPECT_EQ(WhyNot(statement), std::nullopt);
  statement.time_s -= 12 * 3600;
  EXPECT_EQ(WhyNot(statement), std::nullopt);
  statement.time_s -= 1;
  EXPECT_EQ(WhyNot(statement), StatementFault::kNotYet);
  statement.time_s += 48 * 3600;
  EXPECT_EQ(WhyNot(statement), std::nullopt);
  statement.time_s += 1;
  EXPECT_EQ(WhyNot(statement), StatementFault::kExpired);
  mandates = Mandates(kNet);
  Add(BodyOf(Accepts("coordinate - -")));
  EXPECT_EQ(WhyNot(Signs()), StatementFault::kOtherRole);
}

TEST_F(MandatesTest, EndsForWhoeverKnowsAndByItsOrganisationOnly) {
  Add(BodyOf(Accepts()));
  mandates.Note(Of(kPersonEnd, kAdded, 0), Filled<EntryId>(7), Filled<OrgId>(8), nullptr);
  mandates.Note(Of(kPersonEnd, kAdded, 0), Filled<EntryId>(7), std::nullopt, nullptr);
  mandates.Note(Of(kPersonEnd, kAdded, 1), Filled<EntryId>(7), kOrg, nullptr);
  EXPECT_TRUE(mandates.Find(kAdded)->ends.empty());
  mandates.Note(Of(kPersonEnd, kAdded, 0), kEndedBy, kOrg, nullptr);
  EXPECT_EQ(WhyNot(Signs()), StatementFault::kEnded);
  past.erase(kEndedBy);
  EXPECT_EQ(WhyNot(Signs()), std::nullopt);
}

TEST_F(MandatesTest, ANameThatWasErasedChangesNothing) {
  log::Body body = BodyOf(Accepts());
  body.slots[2] = log::FieldLeaf(std::get<log::Field>(body.slots[2]));
  Add(body);
  EXPECT_EQ(mandates.Find(kAdded)->name, "");
  EXPECT_EQ(WhyNot(Signs()), std::nullopt);
}

TEST_F(MandatesTest, BodiesThatProveNothingAreRefused) {
  const auto count = [&](const log::Body& body, std::optional<OrgId> org = kOrg) {
    mandates = Mandates(kNet);
    Add(body, org);
    return mandates.all().size();
  };
  EXPECT_EQ(count(BodyOf(Accepts())), 1u);
  EXPECT_EQ(count(BodyOf(Accepts()), Filled<OrgId>(8)), 0u);
  EXPECT_EQ(count(BodyOf(Accepts()), std::nullopt), 0u);
  EXPECT_EQ(count(BodyOf(Accepts(), "A", /*key=*/2)), 0u);
  EXPECT_EQ(count(BodyOf(Accepts(), "two\nlines")), 0u);
  Statement statement = Accepts();
  statement.net = Filled<log::NetworkId>(8);
  EXPECT_EQ(count(BodyOf(statement)), 0u);
  statement = Accepts();
  statement.act = kActSign;
  EXPECT_EQ(count(BodyOf(statement)), 0u);
  statement = Accepts();
  statement.object = kAdded;
  EXPECT_EQ(count(BodyOf(statement)), 0u);
  statement = Accepts();
  statement.mandate = kAdded;
  EXPECT_EQ(count(BodyOf(statement)), 0u);
  EXPECT_EQ(count(BodyOf(Accepts("vote - -"))), 0u);
  log::Body withheld = BodyOf(Accepts());
  withheld.slots[1] = log::FieldLeaf(std::get<log::Field>(withheld.slots[1]));
  EXPECT_EQ(count(withheld), 0u);
  log::Body small_order = BodyOf(Accepts());
  std::get<log::Field>(small_order.slots[0]).value = ToBytes(std::string(64, '0'));
  EXPECT_EQ(count(small_order), 0u);
  mandates = Mandates(kNet);
  mandates.Note(Of(kPersonAdd), kAdded, kOrg, nullptr);
  EXPECT_TRUE(mandates.all().empty());
}

TEST(Days, AreCountedAsTheCalendarDoes) {
  for (const char* day : {"1970-01-01", "2024-02-29", "9999-12-31"})
    EXPECT_EQ(RenderDay(*ParseDay(day)), day);
  for (const char* day : {"", "-", "2026-02-29", "2026-1-01", "1969-12-31", "2026-01-01 "})
    EXPECT_FALSE(ParseDay(day)) << day;
  const auto after = [](const char* day, std::uint32_t months) {
    return RenderDay(AddMonths(*ParseDay(day), months));
  };
  EXPECT_EQ(after("2026-01-15", 3), "2026-04-15");
  EXPECT_EQ(after("2026-11-30", 3), "2027-02-28");
  EXPECT_EQ(after("2023-11-30", 3), "2024-02-29");
  EXPECT_EQ(after("2026-12-31", 0), "2026-12-31");
}

}  // namespace
}  // namespace geflecht::governance
