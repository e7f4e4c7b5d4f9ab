#include "node/domain/person.h"

#include <gtest/gtest.h>

namespace geflecht::domain {
namespace {

Person Anna() {
  return {"Weber", "Anna", {"a.weber@klinik.example"}, {"0221 4710-100"}, {"Klinikum Auenfelde"}};
}

std::vector<std::string> Found(const Person& person, std::string_view text) {
  std::vector<std::string> out;
  for (const Passage& one : PersonFinder(person).Find(text)) {
    constexpr const char* kNames[] = {"address", "name", "short", "family"};
    out.push_back(std::string(kNames[static_cast<int>(one.evidence)]) + ":" +
                  std::string(text.substr(one.begin, one.end - one.begin)));
  }
  return out;
}

using Texts = std::vector<std::string>;

TEST(PersonFinder, NamesInWhateverForm) {
  const Person anna = Anna();
  EXPECT_EQ(Found(anna, "Anna Weber kam."), Texts{"name:Anna Weber"});
  EXPECT_EQ(Found(anna, "Anna Webers Vorschlag"), Texts{"name:Anna Webers"});
  EXPECT_EQ(Found(anna, "ANNA WEBER"), Texts{"name:ANNA WEBER"});
  EXPECT_EQ(Found(anna, "(Weber, Anna)"), Texts{"name:Weber, Anna"});
  EXPECT_EQ(Found(anna, "„A. Weber“"), Texts{"short:A. Weber"});
  EXPECT_EQ(Found(anna, "mit Frau Dr. Weber’s Zusage"), Texts{"short:Frau Dr. Weber’s"});
  EXPECT_EQ(Found(anna, "Weber sagt zu"), Texts{"family:Weber"});
}

TEST(PersonFinder, NamesOfOthersAreNotTheirs) {
  const Person anna = Anna();
  for (const char* text : {"Anna Weberling", "Annette Webermann", "Weberei", "Johanna", "Anna",
                           "AnnaWeberin", "a.weber@klinik.example.org", "a.weber@praxis.example",
                           "0221 4710-1001", "10221 4710-100", "Rosa.weber@klinik.example"})
    EXPECT_EQ(Found(anna, text), Texts{}) << text;
}

TEST(PersonFinder, PartsAccentsAndApostrophes) {
  EXPECT_EQ(Found({"Öztürk-Müller", "Ayşe", {}, {}, {}}, "Ayse Oeztuerk-Muellers Bericht"),
            Texts{"name:Ayse Oeztuerk-Muellers"});
  EXPECT_EQ(Found({"van der Heide", "Jan", {}, {}, {}}, "Jan van der Heides Notiz"),
            Texts{"name:Jan van der Heides"});
  EXPECT_EQ(Found({"O'Brien", "Maeve", {}, {}, {}}, "Maeve O’Brien"), Texts{"name:Maeve O’Brien"});
  EXPECT_EQ(Found({"Weiß", "Tim", {}, {}, {}}, "Tim Weiß’ Plan, TIM WEISS"),
            (Texts{"name:Tim Weiß", "name:TIM WEISS"}));
  EXPECT_EQ(Found({"Nguyễn", "Thị Mai", {}, {}, {}}, "Thi Mai Nguyen und Thị Nguyễn"),
            (Texts{"name:Thi Mai Nguyen", "name:Thị Nguyễn"}));
}

TEST(PersonFinder, AddressesAndNumbersInWhateverSpelling) {
  const Person anna = Anna();
  EXPECT_EQ(Found(anna, "an A.Weber@Klinik.Example."), Texts{"address:A.Weber@Klinik.Example"});
  for (const char* number : {"0221/4710100", "+49 221 4710-100", "0049 (0) 221 4710 100",
                             "(0221) 47 10 - 100", "+49 (0)221.4710.100"})
    EXPECT_EQ(Found(anna, "Tel.: " + std::string(number) + ", abends").size(), 1u) << number;
}

TEST(Person, IsTheSameByNameAndAnAddressOrOrganisation) {
  Person other = Anna();
  EXPECT_TRUE(IsSamePerson(Anna(), other));
  other.organisations = {"Praxis"};
  EXPECT_TRUE(IsSamePerson(Anna(), other));  // the address
  other.emails = {};
  other.phones = {"+49 221 4710100"};
  EXPECT_TRUE(IsSamePerson(Anna(), other));
  other.phones = {"0228 1234567"};
  EXPECT_FALSE(IsSamePerson(Anna(), other));
  EXPECT_TRUE(HaveSameName(Anna(), other));
  other = Anna();
  other.given_name = "Peter";  // of the same mailbox
  EXPECT_FALSE(IsSamePerson(Anna(), other));
  EXPECT_TRUE(PersonFinder(Anna()).IsName("Dr. Anna Weber"));
  EXPECT_FALSE(PersonFinder(Anna()).IsName("Anna Weber und Peter"));
}

TEST(MaskOthers, LeavesThePersonAndHidesTheRest) {
  const Person peter{"Groß", "Peter", {}, {}, {}};
  const PersonFinder other(peter);
  const std::string masked = MaskOthers(
      "Anna Weber, Peter Groß und Frau Dr. Lang (lang@x.example, 0228 998877) kamen; "
      "Peter Groß’ Bericht geht an a.weber@klinik.example.",
      PersonFinder(Anna()), {&other}, "[…]");
  EXPECT_EQ(masked,
            "Anna Weber, […] und […] ([…], […]) kamen; "
            "[…]’ Bericht geht an a.weber@klinik.example.");
}

TEST(SentenceAround, EndsAtSentencesAndLines) {
  const std::string text = "Beginn um 14 Uhr. Frau Dr. Weber berichtet von A. B. vor Ort. Ende.\nX";
  const std::size_t at = text.find("Weber");
  EXPECT_EQ(SentenceAround(text, at, at + 5), "Frau Dr. Weber berichtet von A. B. vor Ort.");
  EXPECT_EQ(SentenceAround(text, text.size() - 1, text.size()), "X");
}

}  // namespace
}  // namespace geflecht::domain
