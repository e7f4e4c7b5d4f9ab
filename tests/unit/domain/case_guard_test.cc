#include "node/domain/case_guard/case_guard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace geflecht::domain {
namespace {

// Whether `text` is flagged with `reason` at `passage`, among others.
bool Says(std::string_view text, CaseReason reason, std::string_view passage) {
  const CaseFinding finding = CheckText(text);
  for (const CasePlace& place : finding.places)
    for (const CasePassage& found : place.passages)
      if (found.reason == reason && text.substr(found.begin, found.end - found.begin) == passage)
        return true;
  return false;
}

bool IsFlagged(std::string_view text) { return CheckText(text).flagged(); }

struct Signal {
  std::string_view text;
  CaseReason reason;
  std::string_view passage;
};

TEST(CaseGuard, EachSignalIsExplainedWithItsPassage) {
  const Signal signals[] = {
      {"Lena Schmidt, geb. 12.03.2019, Diagnose F90.0", CaseReason::kName, "Lena Schmidt"},
      {"Lena Schmidt, geb. 12.03.2019, Diagnose F90.0", CaseReason::kDiagnosis, "F90.0"},
      {"Frau K. trinkt wieder und lebt getrennt", CaseReason::kName, "Frau K"},
      {"Familie Yıldız wurde vom Familiengericht angehört", CaseReason::kName, "Familie Yıldız"},
      {"Kind Malte ist seit März in einer Pflegefamilie", CaseReason::kName, "Kind Malte"},
      {"Mama von Thao ist in der Psychiatrie", CaseReason::kRelative, "Mama von Thao"},
      {"Ihr Freund schlägt sie, sagt die Nachbarin", CaseReason::kRelative, "Ihr Freund"},
      {"Der Säugling (*9/23) ist untergewichtig", CaseReason::kBirthDate, "9"},
      {"Oleksandr, geboren am 3. Mai 2021, spricht nicht", CaseReason::kBirthDate, "geboren am 3"},
      {"Die 4-jährige Tochter hat Epilepsie", CaseReason::kAge, "4-jährige Tochter"},
      {"Der Vierjährige nässt wieder ein", CaseReason::kAge, "Vierjährige"},
      {"Yusuf (7) wurde in Obhut genommen", CaseReason::kMeasure, "in Obhut genommen"},
      {"Frau M. ist in der 32. SSW und raucht", CaseReason::kPregnancy, "32. SSW"},
      {"Jonas hat blaue Flecken am Rücken, er ist 5 Jahre alt", CaseReason::kObservation,
       "blaue Flecken"},
      {"Die Mutter ist alleinerziehend und verschuldet", CaseReason::kFamily, "alleinerziehend"},
      {"Die Mutter, wohnhaft Rosenweg 4, öffnet nicht", CaseReason::kAddress, "Rosenweg 4"},
      {"Fallnummer 3381, KM heroinabhängig", CaseReason::kReference, "Fallnummer"},
      {"Mrs Ahmed's toddler has bruises on both arms", CaseReason::kObservation, "bruises"},
      {"Callum, 18 months, not gaining weight", CaseReason::kAge, "18 months"},
      {"The eldest told her teacher that her stepfather hits her", CaseReason::kRelative,
       "The eldest"},
  };
  for (const Signal& signal : signals)
    EXPECT_TRUE(Says(signal.text, signal.reason, signal.passage)) << signal.text;
}

TEST(CaseGuard, TheWorkOfTheNetworkPasses) {
  for (const std::string_view text :
       {"Frau Dr. Yılmaz (Gesundheitsamt) stellt das Konzept für Kinder von 0 bis 3 Jahren vor.",
        "Herr Kowalski vom Jugendamt berichtet: 2024 gab es 41 Inobhutnahmen, 12 Prozent mehr.",
        "Wenn ein Kind in Obhut genommen wird, informiert der ASD die Kita am selben Tag.",
        "Fortbildung: Kinder psychisch kranker Eltern, 12.03.2026, 9 bis 12 Uhr.",
        "Die Mutter-Kind-Gruppe trifft sich dienstags in der Bahnhofstr. 12.",
        "Nach § 8a Abs. 4 SGB VIII schließen wir eine Vereinbarung mit allen Trägern.",
        "Frau Yilmaz ist ab Mai in Elternzeit, ihre Vertretung übernimmt Herr Kern.",
        "Tom bringt den Beamer mit, Sabine bestellt die Brötchen.",
        "Das zweijährige Projekt wird um ein Jahr verlängert.",
        "The playgroup for two-year-olds starts on 4 September.",
        "Ms Ruth Feldman from the addiction service offers a course on alcohol in pregnancy."})
    EXPECT_FALSE(IsFlagged(text)) << text;
}

TEST(CaseGuard, SpellingDoesNotHideACase) {
  for (const std::string_view text :
       {"FRAU K. IST DEPRESSIV UND SCHLÄGT IHREN SOHN",
        "frau k. ist depressiv und schlaegt ihren sohn",
        "Frau K. ist de\xC2\xADpressiv und schla\xCC\x88gt ihren Sohn",
        "Frau_K._ist_depressiv_und_schlägt_ihren_Sohn.pdf"})
    EXPECT_TRUE(IsFlagged(text)) << text;
}

TEST(CaseGuard, MarksWithinAWordAreReadOver) {
  EXPECT_TRUE(Says("Frau K. ist de\xC2\xADpressiv und trinkt", CaseReason::kDiagnosis,
                   "de\xC2\xADpressiv"));
  EXPECT_TRUE(Says("Jonas hat Ha\xCC\x88matome, er ist 5 Jahre alt", CaseReason::kObservation,
                   "Ha\xCC\x88matome"));
}

TEST(CaseGuard, SentencesThatStandTogetherAreReadTogether) {
  EXPECT_TRUE(
      IsFlagged("Es geht um die Tochter der Familie Nguyen.\nSie hat Epilepsie und fehlt."));
  const std::string_view apart = "Familie Nguyen kommt.\n\nEpilepsie ist häufig.";
  EXPECT_FALSE(IsFlagged(apart));
}

TEST(CaseGuard, PlacesAndPassagesLieInTheText) {
  const std::string text =
      "Begrüßung.\n\nLena S. (4) lebt bei ihrer Oma, Diagnose F84.0.\n\nFlyer und Termine.\n\n"
      "Kind M. wurde in Obhut genommen, die Mutter trinkt.";
  const CaseFinding finding = CheckText(text);
  ASSERT_EQ(finding.places.size(), 2u);
  std::size_t end = 0;
  for (const CasePlace& place : finding.places) {
    EXPECT_GE(place.begin, end);
    EXPECT_LE(place.end, text.size());
    end = place.end;
    for (const CasePassage& passage : place.passages) {
      EXPECT_GE(passage.begin, place.begin);
      EXPECT_LE(passage.end, place.end);
      EXPECT_LT(passage.begin, passage.end);
    }
  }
}

TEST(CaseGuard, AnEditAnswersForWhatItBringsIn) {
  const std::string old = "Kind M. wurde in Obhut genommen, die Mutter trinkt.";
  EXPECT_FALSE(CheckEdit(old, old + "\n\nDer Flyer ist fertig.").flagged());
  const CaseFinding finding = CheckEdit(old, old + "\n\nLena S. (4) lebt bei ihrer Oma, F84.0.");
  EXPECT_EQ(finding.places.size(), 1u);
}

TEST(CaseGuard, HostileTextsAreRead) {
  const std::string nested = std::string(100'000, '(') + "Kind" + std::string(100'000, ')');
  std::string bytes;
  for (int i = 0; i < 200'000; ++i) bytes.push_back(static_cast<char>((i * 131 + i / 7) & 0xFF));
  for (const std::string& text :
       {std::string(), std::string("\xFF"), std::string("K."), std::string(512 * 1024, 'a'),
        std::string(512 * 1024, '.'), std::string(512 * 1024, '\n'), std::string(4096, '\0'),
        std::string("\xC3"), nested, bytes})
    EXPECT_FALSE(IsFlagged(text)) << text.size();
  EXPECT_TRUE(IsFlagged("\xFF\xFE Kind M. wurde in Obhut genommen \xC3\x28, die Mutter trinkt."));
}

// Of the worst there is for it: words that are known, in sentences that never end.
TEST(CaseGuard, WorkGrowsWithTheTextAndNotFaster) {
  for (const std::string_view part : {"Kind M. (4) Depression Oma Heroin geb. 3.4.2021, ",
                                      "Mutter-Kind-", "a. ", "4 J. ", "mutterkindmutterkind"}) {
    const auto steps_of = [&](std::size_t bytes) {
      std::string text;
      while (text.size() < bytes) text += part;
      text.resize(bytes);
      return CheckText(text).steps;
    };
    const std::uint64_t small = steps_of(64 * 1024);
    const std::uint64_t large = steps_of(512 * 1024);
    EXPECT_LE(large, small * 8 + small / 10) << part;
    EXPECT_LE(large, std::uint64_t{512} * 1024 * 8) << part;
  }
}

}  // namespace
}  // namespace geflecht::domain
