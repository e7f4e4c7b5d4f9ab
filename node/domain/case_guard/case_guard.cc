#include "node/domain/case_guard/case_guard.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "node/domain/case_guard/folded.h"
#include "node/domain/case_guard/lexicon.h"
#include "node/domain/case_guard/people.h"

namespace geflecht::domain {
namespace {

using case_guard::Folded;
using case_guard::Hit;
using case_guard::Kind;
using case_guard::Word;

constexpr std::size_t kEvidence = static_cast<std::size_t>(Kind::kTopic);
constexpr std::uint32_t kSentenceWordsMax = 60;
constexpr std::size_t kSentencesTogether = 3;
constexpr int kAgainstMax = 5;

// words[first, last] and hits[from, to).
struct Sentence {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::size_t from = 0;
  std::size_t to = 0;
  bool stands_alone = false;  // an empty line follows
};

bool Ends(const Folded& folded, std::uint32_t i) {
  const Word& word = folded.words[i];
  if (i + 1 == folded.words.size()) return true;
  if ((word.gap & (case_guard::kLine | case_guard::kBreak)) != 0) return true;
  const Word& next = folded.words[i + 1];
  return (word.gap & case_guard::kDot) != 0 && (word.gap & case_guard::kSpace) != 0 &&
         next.capital && !word.number && word.size > 3;
}

std::vector<Sentence> SentencesOf(const Folded& folded, const std::vector<Hit>& hits) {
  std::vector<Sentence> sentences;
  std::size_t hit = 0;
  std::uint32_t first = 0;
  for (std::uint32_t i = 0; i < folded.words.size(); ++i) {
    if (!Ends(folded, i) && i - first + 1 < kSentenceWordsMax) continue;
    Sentence sentence{first, i, hit, hit, (folded.words[i].gap & case_guard::kBlank) != 0};
    while (hit < hits.size() && hits[hit].last <= i) ++hit;
    sentence.to = hit;
    sentences.push_back(sentence);
    first = i + 1;
  }
  return sentences;
}

struct Weights {
  std::array<int, case_guard::kKinds> best{};
  std::array<bool, case_guard::kKinds> more{};  // a second one, elsewhere
  std::array<std::uint32_t, case_guard::kKinds> where{};
  int against = 0;

  void Take(const Hit& hit) {
    const auto kind = static_cast<std::size_t>(hit.kind);
    if (kind >= kEvidence) {
      against += hit.weight;
      return;
    }
    if (best[kind] > 0 && where[kind] != hit.last) more[kind] = true;
    if (hit.weight > best[kind]) {
      best[kind] = hit.weight;
      where[kind] = hit.last;
    }
  }
  int Of(Kind kind) const {
    const auto i = static_cast<std::size_t>(kind);
    return best[i] + (more[i] ? 1 : 0);
  }
};

struct Verdict {
  int person = 0;
  int matter = 0;
  int against = 0;
  int score() const { return person + matter - against; }
  bool flagged() const { return person >= 2 && score() >= kCaseScore; }
};

Verdict Judge(const Weights& weights) {
  Verdict verdict;
  for (const Kind kind : {Kind::kName, Kind::kRelative, Kind::kBirthDate, Kind::kAge})
    verdict.person += weights.Of(kind);
  if (weights.Of(Kind::kPregnancy) > 0) verdict.person += 1;
  for (const Kind kind : {Kind::kDiagnosis, Kind::kObservation, Kind::kFamily, Kind::kMeasure,
                          Kind::kAddress, Kind::kReference, Kind::kPregnancy})
    verdict.matter += weights.Of(kind);
  if (weights.Of(Kind::kBirthDate) > 0) verdict.matter += 2;
  if (weights.Of(Kind::kAge) > 0) verdict.matter += 1;
  verdict.against = std::min(weights.against, kAgainstMax);
  return verdict;
}

CaseReason ReasonOf(Kind kind) {
  constexpr std::array kReasons = {
      CaseReason::kName,      CaseReason::kRelative,  CaseReason::kBirthDate,
      CaseReason::kAge,       CaseReason::kPregnancy, CaseReason::kDiagnosis,
      CaseReason::kObservation, CaseReason::kFamily,  CaseReason::kMeasure,
      CaseReason::kAddress,   CaseReason::kReference};
  return kReasons[static_cast<std::size_t>(kind)];
}

CasePlace PlaceOf(const Folded& folded, const std::vector<Hit>& hits, const Sentence& first,
                  const Sentence& last, int score) {
  CasePlace place{folded.words[first.first].begin, folded.words[last.last].end, score, {}};
  for (std::size_t i = first.from; i < last.to; ++i) {
    if (static_cast<std::size_t>(hits[i].kind) >= kEvidence) continue;
    const CasePassage passage{ReasonOf(hits[i].kind), folded.words[hits[i].first].begin,
                              folded.words[hits[i].last].end};
    place.passages.push_back(passage);
  }
  return place;
}

}  // namespace

std::string_view CaseReasonName(CaseReason reason) {
  switch (reason) {
    case CaseReason::kName: return "name";
    case CaseReason::kRelative: return "relative";
    case CaseReason::kBirthDate: return "birth-date";
    case CaseReason::kAge: return "age";
    case CaseReason::kPregnancy: return "pregnancy";
    case CaseReason::kDiagnosis: return "diagnosis";
    case CaseReason::kObservation: return "observation";
    case CaseReason::kFamily: return "family";
    case CaseReason::kMeasure: return "measure";
    case CaseReason::kAddress: return "address";
    case CaseReason::kReference: return "reference";
  }
  return "name";
}

CaseFinding CheckText(std::string_view text) {
  CaseFinding finding;
  Folded folded = case_guard::Fold(text);
  finding.steps = text.size();
  std::vector<Hit> hits = case_guard::FindWords(folded, finding.steps);
  const std::vector<Hit> people = case_guard::FindPeople(folded, finding.steps);
  hits.insert(hits.end(), people.begin(), people.end());
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.last < b.last; });
  const std::vector<Sentence> sentences = SentencesOf(folded, hits);
  for (std::size_t i = 0; i < sentences.size();) {
    Weights weights;
    std::size_t next = i + 1;
    for (std::size_t n = i; n < sentences.size() && n < i + kSentencesTogether; ++n) {
      for (std::size_t h = sentences[n].from; h < sentences[n].to; ++h) {
        weights.Take(hits[h]);
        ++finding.steps;
      }
      const Verdict verdict = Judge(weights);
      if (verdict.score() >= finding.best_person+finding.best_matter-finding.best_against) { finding.best_person=verdict.person;finding.best_matter=verdict.matter;finding.best_against=verdict.against;}
      if (verdict.flagged()) {
        finding.places.push_back(
            PlaceOf(folded, hits, sentences[i], sentences[n], verdict.score()));
        next = n + 1;
        break;
      }
      if (sentences[n].stands_alone) break;
    }
    i = next;
  }
  return finding;
}

CaseFinding CheckEdit(std::string_view before, std::string_view after) {
  CaseFinding finding = CheckText(after);
  if (!finding.flagged() || before.empty()) return finding;
  const CaseFinding old = CheckText(before);
  std::set<std::string_view> known;
  for (const CasePlace& place : old.places)
    known.insert(before.substr(place.begin, place.end - place.begin));
  std::erase_if(finding.places, [&](const CasePlace& place) {
    return known.contains(after.substr(place.begin, place.end - place.begin));
  });
  finding.steps += old.steps;
  return finding;
}

}  // namespace geflecht::domain
