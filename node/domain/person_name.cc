#include "node/domain/person_name.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/domain/text.h"

namespace geflecht::domain {
namespace {

using List = std::span<const std::string_view>;

bool In(List list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Titles that stand alone, and those that only go on with one ("med." after "Dr.").
constexpr std::string_view kTitles[] = {"prof", "professor", "professorin", "dr",
                                        "drs",  "drin",      "pd",          "privdoz",
                                        "dipl", "mag",       "magistra"};
constexpr std::string_view kTitleEndings[] = {
    "med", "dent", "vet",   "habil", "rer",   "nat",  "phil", "jur",  "iur",  "pol", "oec",
    "ing", "hc",   "h",     "c",     "theol", "sc",   "mult", "univ", "hum",  "fh",  "publ",
    "apl", "paed", "psych", "soc",   "troph", "biol", "em",   "doz",  "cult", "agr"};
constexpr std::string_view kDegrees[] = {"ma",  "ba",  "msc", "bsc", "mba", "mph",
                                         "llm", "llb", "phd", "med", "bed", "mpa",
                                         "msw", "md",  "jr",  "sr",  "fh"};
constexpr std::string_view kSalutations[] = {"herr", "herrn", "frau", "hr",    "fr",
                                             "mr",   "mrs",   "ms",   "divers"};
constexpr std::string_view kParticles[] = {"van", "von", "vom", "zu", "zum", "zur", "der",
                                           "den", "de",  "di",  "da", "del", "dos", "della",
                                           "ten", "ter", "le",  "la", "el",  "al"};
// The most frequent family names of Vietnam, with their accents; and the one that is common
// without.
constexpr std::string_view kFamilyFirst[] = {"nguyễn", "nguyen", "trần", "lê",  "phạm",
                                             "huỳnh",  "hoàng",  "phan", "vũ",  "võ",
                                             "đặng",   "bùi",    "đỗ",   "ngô", "dương"};

// "Dr.-Ing." -> "dr", "ing".
std::vector<std::string> TitleParts(std::string_view word) {
  std::string spaced(word);
  std::replace_if(
      spaced.begin(), spaced.end(), [](char c) { return c == '.' || c == '-' || c == '/'; }, ' ');
  std::vector<std::string> out;
  for (const std::string& part : Words(spaced))
    if (std::string folded = FoldHeading(part); !folded.empty()) out.push_back(std::move(folded));
  return out;
}

bool IsTitleWord(std::string_view word, bool goes_on) {
  const std::vector<std::string> parts = TitleParts(word);
  if (parts.empty()) return false;
  if (parts.front() == "dipl") return true;  // followed by any subject: "Dipl.-Soz.-Päd."
  if (parts.size() == 2 && parts[0] == "priv" && parts[1] == "doz") return true;
  for (const std::string& part : parts) {
    if (!In(kTitles, part) && !(goes_on && In(kTitleEndings, part))) return false;
    goes_on = true;
  }
  return true;
}

bool IsDegree(std::string_view text) {
  const std::vector<std::string> words = Words(text);
  return !words.empty() && std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return In(kDegrees, FoldHeading(word));
  });
}

bool IsParticle(std::string_view word) { return In(kParticles, FoldCase(word)); }
bool IsLowerParticle(std::string_view word) { return In(kParticles, word); }

void AddWord(std::string& text, std::string_view word) {
  if (word.empty()) return;
  if (!text.empty()) text.push_back(' ');
  text += word;
}

// Takes salutation and titles off the front; returns the words that are left.
std::vector<std::string> TakeFront(std::vector<std::string> words, PersonName& name) {
  std::size_t at = 0;
  if (words.size() > 1 && IsSalutation(words[0])) name.salutation = words[at++];
  bool goes_on = false;
  while (at < words.size() && IsTitleWord(words[at], goes_on)) {
    AddWord(name.prefix, words[at++]);
    goes_on = true;
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
  return words;
}

// Titles that stand behind: "Anna Dr. med.".
void TakeBack(std::vector<std::string>& words, PersonName& name) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string back = JoinWords(words, at, words.size());
    if (!IsTitle(back)) continue;
    AddWord(name.prefix, back);
    words.resize(at);
    return;
  }
}

void SplitPlain(const std::vector<std::string>& words, PersonName& name) {
  const std::size_t count = words.size();
  if (count == 0) return;
  std::size_t family = count - 1;
  if (count > 1 && In(kFamilyFirst, FoldCase(words[0]))) {
    name.family = words[0];
    name.given = JoinWords(words, 1, count);
    return;
  }
  if (IsLowerParticle(words[0])) family = 0;
  for (std::size_t i = 1; i < family; ++i)
    if (IsParticle(words[i])) family = i;  // the first one ends the loop
  name.given = JoinWords(words, 0, family);
  name.family = JoinWords(words, family, count);
}

void SplitAtComma(std::string_view left, std::string_view right, PersonName& name) {
  const std::vector<std::string> family = TakeFront(Words(left), name);
  std::vector<std::string> given = TakeFront(Words(right), name);
  if (given.size() == 1 && IsSalutation(given[0])) {
    name.salutation = given[0];
    given.clear();
  }
  TakeBack(given, name);
  std::size_t end = given.size();
  while (end > 1 && IsLowerParticle(given[end - 1])) --end;
  name.given = JoinWords(given, 0, end);
  name.family = JoinWords(given, end, given.size());
  AddWord(name.family, JoinWords(family, 0, family.size()));
}

}  // namespace

bool IsTitle(std::string_view text) {
  bool goes_on = false;
  for (const std::string& word : Words(text)) {
    if (!IsTitleWord(word, goes_on)) return false;
    goes_on = true;
  }
  return goes_on;
}

bool IsSalutation(std::string_view text) { return In(kSalutations, FoldHeading(text)); }

PersonName SplitName(std::string_view text) {
  PersonName name;
  std::vector<std::string> parts;  // between commas, without titles and degrees behind the first
  std::string titles;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string part = OneLine(text.substr(0, comma));
    if (!parts.empty() && IsTitle(part)) {
      AddWord(titles, part);
    } else if (!parts.empty() && IsDegree(part)) {
      AddWord(name.suffix, part);
    } else if (!part.empty()) {
      parts.push_back(part);
    }
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  if (parts.size() == 1) {
    SplitPlain(TakeFront(Words(parts[0]), name), name);
  } else if (!parts.empty()) {
    SplitAtComma(parts[0], JoinWords(parts, 1, parts.size()), name);
  }
  AddWord(name.prefix, titles);
  return name;
}

}  // namespace geflecht::domain
