#include "node/domain/contact.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "node/domain/contact_import.h"

namespace geflecht::domain {
namespace {

TEST(ContactKey, EmailAndNameWhateverTheirCase) {
  const Record one = {{"email", "Jana@Hebamme.Example"},
                      {"family_name", "Brandis"},
                      {"given_name", "Jana"},
                      {"organisation", "Hebamme"}};
  Record two = {{"email", "jana@hebamme.example"},
                {"family_name", "BRANDIS"},
                {"given_name", "jana"},
                {"organisation", "Klinikum"}};
  EXPECT_EQ(ContactKey(one), ContactKey(two));
  two["email"] = "jana@klinikum.example";
  EXPECT_NE(ContactKey(one), ContactKey(two));
}

TEST(ContactKey, PeopleWhoShareAMailboxAreTwo) {
  EXPECT_NE(ContactKey({{"email", "praxis@p.example"}, {"family_name", "Kowalke"}}),
            ContactKey({{"email", "praxis@p.example"}, {"family_name", "Demirel"}}));
}

TEST(ContactKey, WithoutEmailNameAndOrganisation) {
  const Record one = {{"family_name", "Zänker"}, {"organisation", "Kita-Verbund"}};
  Record two = {{"family_name", "ZÄNKER"}, {"organisation", "kita-verbund"}, {"phone", "110"}};
  EXPECT_EQ(ContactKey(one), ContactKey(two));
  two["organisation"] = "BKK";
  EXPECT_NE(ContactKey(one), ContactKey(two));
}

TEST(ContactRow, ImportTakesEveryColumnBackIntoItsField) {
  Record record = {{"salutation", "Frau"},
                   {"prefix", "Prof. Dr. med. habil."},
                   {"given_name", "Thị Mai"},
                   {"family_name", "van der Nguyễn"},
                   {"suffix", "M.A."},
                   {"function", "Lotsin"},
                   {"network_role", "Sprecherin"},
                   {"organisation", "Klinikum"},
                   {"department", "Lotsendienst"},
                   {"phone", "0221 4710-100"},
                   {"phone_2", "0221 4710-101"},
                   {"mobile", "030 23125-500"},
                   {"email", "a@k.example"},
                   {"email_2", "b@k.example"},
                   {"street", "Klinikweg 12"},
                   {"postal_code", "62901"},
                   {"city", "Auenfelde"},
                   {"topics", "Lotsendienst"},
                   {"availability", "Mo\nDi"},
                   {"deputy", "Carla Ebeling"},
                   {"verified_at", "2026-03-01"},
                   {"role_end", "2027-03-01"},
                   {"info_status", "given"},
                   {"purpose", "public_directory"},
                   {"legal_basis", "consent"},
                   {"retention_class", "L6"}};
  ASSERT_EQ(ContactRowHeader().size(), record.size());
  const Result<ImportPlan> plan =
      MapContacts(ContactRowHeader(), {{2, ContactRow(record)}}, ImportDefaults{});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->contacts.size(), 1u);
  EXPECT_TRUE(plan->values.empty());
  record["visibility"] = "space";
  record["source"] = "import";
  record["restricted"] = false;
  EXPECT_EQ(plan->contacts[0].record, record);
}

TEST(ContactRow, ASalutationThatLooksLikeATitleStaysOne) {
  for (const char* salutation : {"Dr.", "Frau Dr."}) {
    const Record record = {{"salutation", salutation}, {"family_name", "Holm"}};
    const Result<ImportPlan> plan =
        MapContacts(ContactRowHeader(), {{2, ContactRow(record)}}, ImportDefaults{});
    ASSERT_TRUE(plan);
    ASSERT_EQ(plan->contacts.size(), 1u);
    EXPECT_EQ(TextOf(plan->contacts[0].record, "salutation"), salutation);
    EXPECT_EQ(TextOf(plan->contacts[0].record, "prefix"), "");
  }
}

}  // namespace
}  // namespace geflecht::domain
