#include "node/domain/person_name.h"

#include <gtest/gtest.h>

#include <ostream>

namespace geflecht::domain {

void PrintTo(const PersonName& name, std::ostream* out) {
  *out << name.salutation << "|" << name.prefix << "|" << name.given << "|" << name.family << "|"
       << name.suffix;
}

namespace {

TEST(SplitName, ReadsBothOrders) {
  EXPECT_EQ(SplitName("Selin Öztürk-Müller"), (PersonName{"", "", "Selin", "Öztürk-Müller", ""}));
  EXPECT_EQ(SplitName("Öztürk-Müller, Selin"), (PersonName{"", "", "Selin", "Öztürk-Müller", ""}));
  EXPECT_EQ(SplitName("Anna Maria Weiß"), (PersonName{"", "", "Anna Maria", "Weiß", ""}));
  EXPECT_EQ(SplitName("Maeve O'Brien"), (PersonName{"", "", "Maeve", "O'Brien", ""}));
  EXPECT_EQ(SplitName("Brandis"), (PersonName{"", "", "", "Brandis", ""}));
  EXPECT_EQ(SplitName("Brandis,"), (PersonName{"", "", "", "Brandis", ""}));
  EXPECT_EQ(SplitName(""), PersonName{});
  EXPECT_EQ(SplitName(" , ,, "), PersonName{});
}

TEST(SplitName, KeepsParticlesWithTheFamilyName) {
  const PersonName heide{"", "", "Joris", "van der Heide", ""};
  EXPECT_EQ(SplitName("Joris van der Heide"), heide);
  EXPECT_EQ(SplitName("van der Heide, Joris"), heide);
  EXPECT_EQ(SplitName("Heide, Joris van der"), heide);
  EXPECT_EQ(SplitName("van der Heide"), (PersonName{"", "", "", "van der Heide", ""}));
  EXPECT_EQ(SplitName("Hans-Peter von und zu Berg").family, "von und zu Berg");
}

TEST(SplitName, TakesTitlesAndSalutationApart) {
  const PersonName expected{"Herr", "Prof. Dr. med. habil.", "Konrad", "Auerswald", ""};
  EXPECT_EQ(SplitName("Herr Prof. Dr. med. habil. Konrad Auerswald"), expected);
  EXPECT_EQ(SplitName("Herr Prof. Dr. med. habil. Auerswald, Konrad"), expected);
  EXPECT_EQ(SplitName("Auerswald, Herr Prof. Dr. med. habil. Konrad"), expected);
  EXPECT_EQ(SplitName("Auerswald, Konrad, Prof. Dr. med. habil.").prefix, "Prof. Dr. med. habil.");
  EXPECT_EQ(SplitName("Auerswald, Konrad Prof. Dr."),
            (PersonName{"", "Prof. Dr.", "Konrad", "Auerswald", ""}));
  EXPECT_EQ(SplitName("Dr.med. Ines Gerstenberg").prefix, "Dr.med.");
  EXPECT_EQ(SplitName("Dr.-Ing. Ute Holm"), (PersonName{"", "Dr.-Ing.", "Ute", "Holm", ""}));
  EXPECT_EQ(SplitName("Dipl.-Soz.-Päd. (FH) Beate Vogelsang"),
            (PersonName{"", "Dipl.-Soz.-Päd. (FH)", "Beate", "Vogelsang", ""}));
  EXPECT_EQ(SplitName("Beate Vogelsang, M.A."), (PersonName{"", "", "Beate", "Vogelsang", "M.A."}));
  EXPECT_EQ(SplitName("Frau Weiss"), (PersonName{"Frau", "", "", "Weiss", ""}));
  EXPECT_EQ(SplitName("Weiss, Frau"), (PersonName{"Frau", "", "", "Weiss", ""}));
}

TEST(SplitName, ReadsVietnameseNamesInTheirOrder) {
  const PersonName expected{"", "", "Thị Mai", "Nguyễn", ""};
  EXPECT_EQ(SplitName("Nguyễn Thị Mai"), expected);
  EXPECT_EQ(SplitName("Nguyễn, Thị Mai"), expected);
  EXPECT_EQ(SplitName("Frau Nguyễn Thị Mai").family, "Nguyễn");
  EXPECT_EQ(SplitName("Mai Nguyễn"), (PersonName{"", "", "Mai", "Nguyễn", ""}));
}

TEST(SplitName, NamesThatLookLikeTitlesStayNames) {
  EXPECT_EQ(SplitName("Pol Schmitz"), (PersonName{"", "", "Pol", "Schmitz", ""}));
  EXPECT_EQ(SplitName("Nat Vogel"), (PersonName{"", "", "Nat", "Vogel", ""}));
  EXPECT_FALSE(IsTitle("med."));
  EXPECT_TRUE(IsTitle("Dr. med."));
  EXPECT_FALSE(IsTitle(""));
}

}  // namespace
}  // namespace geflecht::domain
