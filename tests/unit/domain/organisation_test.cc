#include "node/domain/organisation.h"

#include <gtest/gtest.h>

#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/domain/validate.h"

namespace geflecht::domain {
namespace {

using crdt::SetKey;

SetKey Written(const std::string& key, crdt::Value value) { return {"", key, std::move(value)}; }

std::vector<crdt::Edit> AllNeeded() {
  std::vector<crdt::Edit> edits;
  for (const std::string& key : OrganisationKeysNeeded()) edits.push_back(Written(key, "x"));
  return edits;
}

TEST(OrganisationVoid, ItsOwnOrganisationAlone) {
  EXPECT_EQ(OrganisationVoidReason(true, true, AllNeeded()), std::nullopt);
  EXPECT_EQ(OrganisationVoidReason(false, false, {Written("city", "x")}), "another-organisation");
  EXPECT_EQ(OrganisationVoidReason(false, true, {Written("city", "x")}), std::nullopt);
}

TEST(OrganisationVoid, IsTheSameWithAndWithoutContent) {
  for (const crdt::Gap gap : {crdt::Gap::kMissing, crdt::Gap::kErased}) {
    const crdt::Absent text{gap, crdt::Absent::Kind::kText, 3};
    EXPECT_EQ(OrganisationVoidReason(false, true, {Written("law_profile", text)}), std::nullopt);
    const crdt::Absent flag{gap, crdt::Absent::Kind::kBool, 1};
    EXPECT_EQ(OrganisationVoidReason(false, true, {Written("law_profile", flag)}),
              "law_profile-no-text");
  }
  EXPECT_EQ(OrganisationVoidReason(false, true, {Written("law_profile", true)}),
            "law_profile-no-text");
}

TEST(Organisation, WhatIsTypedIsChecked) {
  const crdt::Schema& schema = *FindSchema(kOrganisation, 1);
  Record record{{"purpose", std::string("network_coordination")},
                {"legal_basis", std::string("legal_obligation")},
                {"retention_class", std::string("L5")},
                {"law_profile", std::string("dsgvo_landesrecht")},
                {"natural_person", std::string("no")},
                {"public_body", std::string("yes")}};
  EXPECT_EQ(CheckRecord(schema, record).error().detail, "land: missing");
  record["land"] = std::string("Nordrhein-Westfalen");
  EXPECT_TRUE(CheckRecord(schema, record).has_value());
  for (const auto& [key, value] : {std::pair("law_profile", "gdpr"),
                                   {"natural_person", "maybe"},
                                   {"dpo_email", "kein-at"},
                                   {"contact_phone", "ruf an"},
                                   {"religion", "x"}})
    EXPECT_FALSE(ParseField(schema, key, value).has_value()) << key;
}

TEST(IsPersonal, NamesAndAddressesOfNaturalPersonsAre) {
  for (const bool natural : {false, true}) {
    EXPECT_EQ(IsPersonal(kContact, "organisation", natural), natural);
    EXPECT_EQ(IsPersonal(kOrganisation, "street", natural), natural);
    EXPECT_TRUE(IsPersonal(kOrganisation, "dpo", natural));
    EXPECT_TRUE(IsPersonal(kContact, "family_name", natural));
    EXPECT_FALSE(IsPersonal(kContact, "purpose", natural));
    EXPECT_FALSE(IsPersonal(kOrganisation, "law_profile", natural));
    EXPECT_TRUE(IsPersonal(kNote, "anything", natural));
  }
}

}  // namespace
}  // namespace geflecht::domain
