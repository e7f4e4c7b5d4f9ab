#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "crdt/schema.h"
#include "node/domain/contact_columns.h"
#include "node/domain/document_types.h"
#include "node/domain/text.h"

namespace geflecht::domain {
namespace {

std::string FieldOf(std::string_view heading) {
  const ColumnRule* rule = FindColumnRule(heading);
  return rule && rule->use == ColumnUse::kField ? std::string(rule->field) : "";
}

bool Is(std::string_view heading, ColumnUse use) {
  const ColumnRule* rule = FindColumnRule(heading);
  return rule && rule->use == use;
}

TEST(ContactColumns, EveryRuleIsFoldedUniqueAndNamesAField) {
  const crdt::Schema& schema = *FindSchema(kContact, 1);
  std::set<std::string_view> seen;
  for (const ColumnRule& rule : ColumnRules()) {
    EXPECT_EQ(FoldHeading(rule.heading), rule.heading);
    EXPECT_TRUE(seen.insert(rule.heading).second) << rule.heading;
    EXPECT_EQ(rule.use == ColumnUse::kField, schema.Find(rule.field) != nullptr) << rule.heading;
  }
}

TEST(ContactColumns, CaseUmlautsAndPunctuationDoNotMatter) {
  for (const char* heading : {"Straße", "STRASSE", "strasse", "Straße:", " Straße * "})
    EXPECT_EQ(FieldOf(heading), "street") << heading;
  for (const char* heading :
       {"Zuständig für", "zustaendig fuer", "ZUSTÄNDIG FÜR:", "Zusta\xCC\x88ndig fu\xCC\x88r"})
    EXPECT_EQ(FieldOf(heading), "topics") << heading;
}

TEST(ContactColumns, KnowsGermanAndEnglishNames) {
  const std::pair<const char*, const char*> expected[] = {
      {"Vorname", "given_name"},
      {"Funktion", "function"},
      {"Position", "function"},
      {"Organisation", "organisation"},
      {"Einrichtung", "organisation"},
      {"Institution", "organisation"},
      {"Abteilung", "department"},
      {"Telefon", "phone"},
      {"Tel.", "phone"},
      {"Telefon dienstlich", "phone"},
      {"Mobil", "mobile"},
      {"Handy", "mobile"},
      {"E-Mail", "email"},
      {"Mail", "email"},
      {"PLZ", "postal_code"},
      {"Ort", "city"},
      {"Themen", "topics"},
      {"Vertretung", "deputy"},
      {"Erreichbarkeit", "availability"},
      {"bestätigt am", "verified_at"},
      {"First Name", "given_name"},
      {"Job Title", "function"},
      {"Company", "organisation"},
      {"Business Phone", "phone"},
      {"Mobile Phone", "mobile"},
      {"E-mail Address", "email"},
      {"Business Street", "street"},
      {"Business Postal Code", "postal_code"},
      {"Firma", "organisation"},
      {"Telefon geschäftlich", "phone"},
      {"Mobiltelefon", "mobile"},
      {"E-Mail-Adresse", "email"},
      {"Postleitzahl geschäftlich", "postal_code"},
      {"Ort geschäftlich", "city"},
      {"Kita", "organisation"},
      {"Kindertagesstätte", "organisation"},
      {"Zweck", "purpose"},
      {"Löschklasse", "retention_class"}};
  for (const auto& [heading, field] : expected) EXPECT_EQ(FieldOf(heading), field) << heading;
  EXPECT_TRUE(Is("Name", ColumnUse::kFullName));
  EXPECT_TRUE(Is("Ansprechpartner/in", ColumnUse::kFullName));
  EXPECT_TRUE(Is("Nachname", ColumnUse::kFamilyName));
  EXPECT_TRUE(Is("Familienname", ColumnUse::kFamilyName));
  EXPECT_TRUE(Is("Last Name", ColumnUse::kFamilyName));
  EXPECT_TRUE(Is("Anrede", ColumnUse::kTitle));
  EXPECT_TRUE(Is("Titel", ColumnUse::kTitle));
  EXPECT_TRUE(Is("Adresse", ColumnUse::kAddress));
  EXPECT_TRUE(Is("PLZ/Ort", ColumnUse::kPlace));
  EXPECT_TRUE(Is("Bemerkung", ColumnUse::kFreeText));
}

TEST(ContactColumns, KnowsPrivateColumnsOfAddressBooks) {
  for (const char* heading :
       {"Geburtstag", "Kinder", "Partner", "Private Anschrift", "Straße privat", "Telefon privat",
        "Foto", "Religion", "Jahrestag", "Birthday", "Children", "Spouse", "Home Street",
        "Home Phone", "Photo", "Anniversary", "Hobby", "Gender", "Geburtsdatum"})
    EXPECT_TRUE(Is(heading, ColumnUse::kPrivate)) << heading;
}

TEST(ContactColumns, TakesCaseDataForWhatItIs) {
  for (const char* heading : {"Kind",
                              "KIND",
                              "Name des Kindes",
                              "Diagnose",
                              "Diagnosen",
                              "ICD-10",
                              "Geburtsdatum des Kindes",
                              "Geburtsdatum Kind",
                              "Familie",
                              "Fallnummer",
                              "Fall-Nr.",
                              "Patient:in",
                              "Klient",
                              "Eltern",
                              "Mutter",
                              "Hilfeplan",
                              "§ 8a",
                              "Kindeswohlgefährdung",
                              "Child",
                              "Diagnosis",
                              "Case Number"})
    EXPECT_TRUE(Is(heading, ColumnUse::kCase)) << heading;
}

TEST(ContactColumns, WordsThatOnlyBeginLikeCaseDataAreNone) {
  for (const char* heading :
       {"Kita", "Kindertagesstätte", "Kinderschutz", "Kinderschutzfachkraft", "Familienname",
        "Familienzentrum", "Familienbildung", "Fallmanagement", "Kindergarten", "Elternbriefe",
        "Diagnostikangebot", "Patientenberatung", "Familienhebamme", "Fachkraft Frühe Hilfen"})
    EXPECT_FALSE(Is(heading, ColumnUse::kCase)) << heading;
}

}  // namespace
}  // namespace geflecht::domain
