#include "node/domain/validate.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "node/domain/document_types.h"

namespace geflecht::domain {
namespace {

using crdt::Value;

const crdt::Schema& Contact() { return *FindSchema(kContact, kSchemaVersion); }

std::optional<Code> Refusal(std::string_view key, const Value& value) {
  const Result<void> result = CheckField(Contact(), key, value);
  return result ? std::nullopt : std::optional(result.error().code);
}

TEST(CheckField, KnowsTheShapeOfAnEmailAddress) {
  for (const char* good : {"a@b.example", "praxis+x@a-b.c.example", "müller@büro.example"})
    EXPECT_TRUE(IsEmailAddress(good)) << good;
  for (const char* bad : {"", "a", "@b.example", "a@", "a@b", "a@b.", "a@.b", "a@b..c", "a b@c.d",
                          "a@b@c.d", "a@b.c;d@e.f", "<a@b.c>"})
    EXPECT_FALSE(IsEmailAddress(bad)) << bad;
  EXPECT_TRUE(IsEmailAddress(std::string(64, 'a') + "@b.example"));
  EXPECT_FALSE(IsEmailAddress(std::string(65, 'a') + "@b.example"));
  EXPECT_FALSE(IsEmailAddress("a@" + std::string(250, 'b') + ".example"));
  EXPECT_EQ(Refusal("email", std::string("a@b")), Code::kUsage);
  EXPECT_EQ(Refusal("email_2", std::string("a@b")), Code::kUsage);
}

TEST(CheckField, KnowsTheCharactersOfTelephoneNumbers) {
  for (const char* good : {"0221 4710-100", "+49 (0)30 / 23125-100", "110", "030.23125.100"})
    EXPECT_TRUE(IsPhoneNumber(good)) << good;
  for (const char* bad :
       {"", "12", "4,92214E+11", "abc", "0221 4710 x", "=1+1", "123456789012345678901"})
    EXPECT_FALSE(IsPhoneNumber(bad)) << bad;
  for (const char* key : {"phone", "phone_2", "mobile"})
    EXPECT_EQ(Refusal(key, std::string("fragen")), Code::kUsage);
}

TEST(CheckField, HoldsEnumerations) {
  EXPECT_EQ(Refusal("legal_basis", std::string("legitimate_interest")), std::nullopt);
  EXPECT_EQ(Refusal("legal_basis", std::string("vital_interests")), Code::kUsage);
  EXPECT_EQ(Refusal("purpose", std::string("")), Code::kUsage);
  for (int i = 1; i <= 11; ++i)
    EXPECT_EQ(Refusal("retention_class", "L" + std::to_string(i)), std::nullopt);
  EXPECT_EQ(Refusal("retention_class", std::string("L12")), Code::kUsage);
  EXPECT_EQ(Refusal("visibility", true), Code::kUsage);
  EXPECT_EQ(Refusal("restricted", std::string("true")), Code::kUsage);
  EXPECT_EQ(Refusal("restricted", true), std::nullopt);
  EXPECT_EQ(Refusal("restricted", std::string("objection")), std::nullopt);
}

TEST(CheckField, HoldsLengthsAndCleanText) {
  EXPECT_EQ(Refusal("family_name", std::string(limits::kNameBytesMax, 'a')), std::nullopt);
  EXPECT_EQ(Refusal("family_name", std::string(limits::kNameBytesMax + 1, 'a')), Code::kTooLarge);
  EXPECT_EQ(Refusal("topics", std::string(kLongValueBytesMax, 'a')), std::nullopt);
  EXPECT_EQ(Refusal("topics", std::string(kLongValueBytesMax + 1, 'a')), Code::kTooLarge);
  EXPECT_EQ(Refusal("family_name", std::string("a\nb")), Code::kUsage);
  EXPECT_EQ(Refusal("availability", std::string("a\nb")), std::nullopt);
  EXPECT_EQ(Refusal("family_name", std::string("a\x01")), Code::kUsage);
  EXPECT_EQ(Refusal("family_name", std::string("\xFF")), Code::kUsage);
  EXPECT_EQ(Refusal("family_name", std::string("a\xE2\x80\xAE"
                                               "b")),
            Code::kUsage)
      << "right-to-left override";
  EXPECT_EQ(Refusal("family_name", std::string("Nguyễn")), std::nullopt);
  EXPECT_EQ(Refusal("family_name", std::int64_t{3}), Code::kUsage);
}

TEST(CheckField, AContactTakesDeclaredKeysOnlyANoteOthersToo) {
  EXPECT_EQ(Refusal("birthday", std::string("x")), Code::kUsage);
  const crdt::Schema& note = *FindSchema(kNote, 1);
  EXPECT_TRUE(CheckField(note, "place", std::string("Rathaus")));
  EXPECT_FALSE(CheckField(note, "place", std::string(257, 'a')));
  EXPECT_FALSE(CheckField(note, "body", std::string("text")));
}

TEST(CheckField, ErrorsNeverHoldTheValue) {
  for (const char* key : {"email", "phone", "family_name", "verified_at", "purpose"}) {
    const Result<void> result = CheckField(Contact(), key, std::string("SECRET\x02"));
    ASSERT_FALSE(result) << key;
    EXPECT_EQ(result.error().detail.find("SECRET"), std::string::npos);
  }
}

TEST(ParseField, TidiesWhatWasTyped) {
  const auto parsed = [](std::string_view key, std::string_view text) {
    const Result<Value> value = ParseField(Contact(), key, text);
    EXPECT_TRUE(value);
    return value ? *value : Value();
  };
  EXPECT_EQ(parsed("family_name", "  van  der\nHeide "), Value("van der Heide"));
  EXPECT_EQ(parsed("verified_at", "1.3.2026"), Value("2026-03-01"));
  EXPECT_EQ(parsed("verified_at", "2026-03-01"), Value("2026-03-01"));
  EXPECT_EQ(parsed("restricted", "Ja"), Value(true));
  EXPECT_EQ(parsed("restricted", "false"), Value(false));
  EXPECT_EQ(parsed("availability", "Mo\nDi"), Value("Mo\nDi"));
  EXPECT_FALSE(ParseField(Contact(), "verified_at", "31.02.2026"));
  EXPECT_FALSE(ParseField(Contact(), "restricted", "maybe"));
}

TEST(ParseDate, TakesExistingDaysOnly) {
  EXPECT_EQ(ParseDate("29.2.2028"), "2028-02-29");
  for (const char* bad : {"29.2.2026", "2026-13-01", "00.01.2026", "1.1.26", "3/4/2026", "",
                          "2026-1-1", "1.3.2026 12:00", "01.01.0026", "+1.03.2026", "..2026"})
    EXPECT_EQ(ParseDate(bad), std::nullopt) << bad;
}

TEST(CheckRecord, NeedsTheEnvelopeAndANameOrAnOrganisation) {
  Record record = {{"purpose", "network_coordination"},
                   {"legal_basis", "public_task"},
                   {"retention_class", "L1"},
                   {"organisation", "BKK Auental"}};
  EXPECT_TRUE(CheckRecord(Contact(), record));
  for (const char* key : {"purpose", "legal_basis", "retention_class", "organisation"}) {
    Record without = record;
    without.erase(key);
    EXPECT_FALSE(CheckRecord(Contact(), without)) << key;
  }
  record["phone"] = "none";
  EXPECT_FALSE(CheckRecord(Contact(), record));
}

}  // namespace
}  // namespace geflecht::domain
