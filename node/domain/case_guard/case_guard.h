// Whether a text speaks of one child, one patient or one family: the case guard. Pure; the words it
// knows stand in words_*.cc, and how it judges is told in docs/formats/case_guard.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace geflecht::domain {

enum class CaseReason {
  kName,         // a first name, initials, "Familie ..."
  kRelative,     // "ihr Sohn", "die Kindsmutter", "der Säugling"
  kBirthDate,    // "geb. 03.04.2021"
  kAge,          // "die 4-Jährige", "7 Monate alt"
  kPregnancy,    // "in der 32. SSW"
  kDiagnosis,    // "F90.0", "Depression"
  kObservation,  // "blaue Flecken", "nimmt nicht zu"
  kFamily,       // "der Partner trinkt", "getrennt lebend"
  kMeasure,      // "in Obhut genommen", "Meldung nach § 8a"
  kAddress,      // "wohnhaft in der ..."
  kReference,    // a file number, the number of an insured person
};

// The stable English name of `reason` ("birth-date").
std::string_view CaseReasonName(CaseReason reason);

struct CasePassage {
  CaseReason reason;
  std::size_t begin;  // bytes of the text
  std::size_t end;
  bool operator==(const CasePassage&) const = default;
};

// One place of the text: up to three sentences that stand together, and why they were noticed.
struct CasePlace {
  std::size_t begin;
  std::size_t end;
  int score;
  std::vector<CasePassage> passages;  // in the order of the text
};

struct CaseFinding {
  std::vector<CasePlace> places;  // in the order of the text, not overlapping
  std::uint64_t steps = 0;        // of work, for the test that it grows with the text and not faster
  int best_person=0,best_matter=0,best_against=0;
  bool flagged() const { return !places.empty(); }
};

// The best score of any place, flagged or not, is what tests print; `CheckText` keeps those that
// reach kCaseScore. `text` may be anything, invalid UTF-8 too, up to 2^31 bytes; time and space
// grow with its size.
constexpr int kCaseScore = 3;
CaseFinding CheckText(std::string_view text);

// The places of `after` that do not stand in `before` word by word: what an edit brought in.
CaseFinding CheckEdit(std::string_view before, std::string_view after);

}  // namespace geflecht::domain
