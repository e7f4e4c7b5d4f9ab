#include "node/domain/envelope.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "crdt/change.h"
#include "crdt/value.h"
#include "node/domain/document_types.h"

namespace geflecht::domain {
namespace {

using crdt::Edit;
using crdt::SetKey;
using crdt::Value;
using Slot = std::variant<Value, crdt::ContainerType>;

Edit Set(const std::string& key, const std::string& value, const std::string& map = "") {
  return SetKey{map, key, Slot(Value(value))};
}

std::vector<Edit> Complete() {
  return {Set("purpose", "network_coordination"), Set("legal_basis", "public_task"),
          Set("retention_class", "L1")};
}

TEST(VoidReason, FirstChangeHasToNamePurposeBasisAndRetention) {
  EXPECT_EQ(VoidReason(true, Complete()), std::nullopt);
  const char* const reasons[] = {"purpose-missing", "legal_basis-missing",
                                 "retention_class-missing"};
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<Edit> edits = Complete();
    edits.erase(edits.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(VoidReason(true, edits), reasons[i]);
    EXPECT_EQ(VoidReason(false, edits), std::nullopt);
  }
  EXPECT_EQ(VoidReason(true, {}), "purpose-missing");
  EXPECT_EQ(VoidReason(false, {}), std::nullopt);
}

TEST(VoidReason, KeysOfInnerMapsDoNotCount) {
  std::vector<Edit> edits = Complete();
  edits[0] = Set("purpose", "network_coordination", "/inner");
  EXPECT_EQ(VoidReason(true, edits), "purpose-missing");
  EXPECT_EQ(VoidReason(false, {SetKey{"/inner", "purpose", std::nullopt}}), std::nullopt);
}

TEST(VoidReason, NoChangeMayRemoveOrSpoilThem) {
  for (const std::string key : {"purpose", "legal_basis", "retention_class"}) {
    EXPECT_EQ(VoidReason(false, {SetKey{"", key, std::nullopt}}), key + "-removed");
    for (const char* text : {"", "because"}) {
      EXPECT_EQ(VoidReason(false, {Set(key, text)}), std::nullopt) << "content decides nothing";
      EXPECT_EQ(WhyNotMade(false, {Set(key, text)}), key + "-unknown");
    }
    EXPECT_EQ(VoidReason(false, {SetKey{"", key, Slot(Value(true))}}), key + "-no-text");
    EXPECT_EQ(VoidReason(false, {SetKey{"", key, Slot(crdt::ContainerType::kMap)}}),
              key + "-no-text");
    std::vector<Edit> edits = Complete();
    edits.push_back(SetKey{"", key, std::nullopt});
    EXPECT_EQ(VoidReason(true, edits), key + "-removed");
  }
  EXPECT_EQ(VoidReason(false, {SetKey{"", "phone", std::nullopt}, Set("source", "x")}),
            std::nullopt);
}

// Whatever has arrived or is erased: all nodes come to the same verdict.
TEST(VoidReason, IsTheSameWithAndWithoutContent) {
  for (const std::string key : {"purpose", "legal_basis", "retention_class"}) {
    for (const Value& value : {Value(std::string("L1")), Value(std::string("because")), Value(true),
                               Value(std::int64_t{7})}) {
      for (const bool first : {false, true}) {
        std::vector<Edit> edits = Complete();
        edits.push_back(SetKey{"", key, Slot(value)});
        const auto verdict = VoidReason(first, edits);
        auto kind = crdt::Absent::Kind::kText;
        if (std::holds_alternative<bool>(value)) kind = crdt::Absent::Kind::kBool;
        if (std::holds_alternative<std::int64_t>(value)) kind = crdt::Absent::Kind::kInt;
        for (const crdt::Gap gap : {crdt::Gap::kMissing, crdt::Gap::kErased}) {
          edits.back() = SetKey{"", key, Slot(Value(crdt::Absent{gap, kind, 1}))};
          EXPECT_EQ(VoidReason(first, edits), verdict) << key;
        }
      }
    }
  }
}

TEST(FindSchema, EveryTypeCarriesTheEnvelope) {
  for (const std::string_view type : {kContact, kNote}) {
    const crdt::Schema* schema = FindSchema(type, kSchemaVersion);
    ASSERT_NE(schema, nullptr);
    for (const std::string_view key :
         {kPurpose, kLegalBasis, kRetentionClass, kOwnerOrg, kVisibility, kRestricted, kSource}) {
      ASSERT_NE(schema->Find(key), nullptr) << key;
      EXPECT_FALSE(schema->Find(key)->personal);
    }
  }
  EXPECT_EQ(FindSchema(kContact, 2), nullptr);
  EXPECT_EQ(FindSchema("diagnosis", 1), nullptr);
}

TEST(FindSchema, FlagsWhatIsPersonal) {
  const crdt::Schema& contact = *FindSchema(kContact, 1);
  for (const char* key : {"family_name", "given_name", "salutation", "function", "phone", "mobile",
                          "email", "street", "deputy", "availability"})
    EXPECT_TRUE(contact.Find(key)->personal) << key;
  for (const char* key : {"organisation", "department", "topics", "verified_at"})
    EXPECT_FALSE(contact.Find(key)->personal) << key;
  for (const char* key : {"birthday", "photo", "religion", "private_address", "family"})
    EXPECT_EQ(contact.Find(key), nullptr) << key;
  EXPECT_EQ(FindSchema(kNote, 1)->Find("body")->type, crdt::FieldType::kText);
}

}  // namespace
}  // namespace geflecht::domain
