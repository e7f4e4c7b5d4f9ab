// The words that the case guard knows, found in one pass over a folded text.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "node/domain/case_guard/folded.h"

namespace geflecht::domain::case_guard {

enum class Kind : std::uint8_t {
  // Evidence for a single person
  kName,      // given by people.cc
  kRelative,  // child, mother, patient: one of them
  kBirthDate,
  kAge,
  kPregnancy,
  // Evidence of what nobody else has to know
  kDiagnosis,
  kObservation,
  kFamily,
  kMeasure,
  kAddress,
  kReference,
  // Evidence that it is the work of the network
  kTopic,      // training, concepts, meetings, money
  kGeneric,    // any child, children, target groups
  kStatistic,  // counts, shares, periods
  // Marks of words (Mark bits)
  kMark,
};
constexpr std::size_t kKinds = static_cast<std::size_t>(Kind::kMark) + 1;

enum Mark : std::uint32_t {
  kGiven = 1,      // a first name
  kOffice = 2,     // an organisation, a function, a profession
  kReports = 4,    // what people do in meetings
  kMister = 8,     // Herr, Frau, Mr, Mrs
  kHousehold = 16,  // Familie, Eheleute, Geschwister
  kTitle = 32,     // Dr., Prof.
  kPlain = 64,     // a noun behind "Familie" that is no name
  kPossessive = 128,  // ihr, sein, their
  kBorn = 256,     // geb., born
  kKin = 512,      // Sohn, Mutter, brother
  kMonth = 1024,   // Mai, March
  kChildWord = 2048,  // Kind, Junge, patient
  kTool = 4096,   // haus, str, st: what makes a name a place's
};

struct Entry {
  Kind kind;
  std::uint32_t weight;  // of evidence; the Mark bits of marks
  std::string_view patterns;  // between '|': "word", "stem*", "*end", "*within*", "two words"
};
std::span<const Entry> PeopleWords();
std::span<const Entry> NameWords();
std::span<const Entry> DiagnosisWords();
std::span<const Entry> LifeWords();
std::span<const Entry> MeasureWords();
std::span<const Entry> NetworkWords();

// `weight` points for `kind`, from words[first] to words[last].
struct Hit {
  Kind kind;
  int weight;
  std::uint32_t first;
  std::uint32_t last;
};

// Sets the marks of the words and returns the evidence, ordered by its last word. One step for each
// letter, and one for each hit (Aho and Corasick, Efficient String Matching, CACM 18, 1975).
std::vector<Hit> FindWords(Folded& folded, std::uint64_t& steps);

}  // namespace geflecht::domain::case_guard
