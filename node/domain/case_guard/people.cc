#include "node/domain/case_guard/people.h"

#include <array>
#include <string_view>

#include "node/domain/case_guard/reader.h"

namespace geflecht::domain::case_guard {

int Reader::Number(std::int64_t i) const {
  static constexpr std::array<std::string_view, 20> kGerman = {
      "ein",    "zwei",     "drei",     "vier",     "fuenf",    "sechs",   "sieben",
      "acht",   "neun",     "zehn",     "elf",      "zwoelf",   "dreizehn", "vierzehn",
      "fuenfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn", "zwanzig"};
  static constexpr std::array<std::string_view, 20> kEnglish = {
      "one",    "two",     "three",    "four",     "five",     "six",     "seven",
      "eight",  "nine",    "ten",      "eleven",   "twelve",   "thirteen", "fourteen",
      "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};
  const Word& word = At(i);
  const std::string_view text = Text(i);
  if (word.number) {
    if (text.size() > 4) return -1;
    int value = 0;
    for (const char c : text) value = value * 10 + (c - '0');
    return value;
  }
  for (std::size_t n = 0; n < kGerman.size(); ++n)
    if (text == kGerman[n] || text == kEnglish[n]) return static_cast<int>(n) + 1;
  return -1;
}

namespace {

constexpr int kLook = 5;  // words ahead

class People {
 public:
  People(const Folded& folded, std::uint64_t& steps) : read_(folded), steps_(steps) {}

  std::vector<Hit> Run() {
    for (std::int64_t i = 0; i < read_.size(); ++i) {
      ++steps_;
      Initial(i);
      Household(i);
      Mister(i);
      Relation(i);
      Given(i);
      Shorthand(i);
      Birth(i);
      Age(i);
      Pregnancy(i);
      Code(i);
      Street(i);
    }
    return std::move(hits_);
  }

 private:
  void Add(Kind kind, int weight, std::int64_t first, std::int64_t last) {
    hits_.push_back({kind, weight, static_cast<std::uint32_t>(std::max<std::int64_t>(first, 0)),
                     static_cast<std::uint32_t>(last)});
  }

  bool IsLetter(std::int64_t i) const {
    const Word& word = read_.At(i);
    return word.capital && word.caps && word.end - word.begin <= 2 && word.size <= 2 &&
           (word.size == 1 || word.end - word.begin == 2) && !IsAscii2(word);
  }
  // Two letters that are not one letter with an umlaut: "AG".
  bool IsAscii2(const Word& word) const { return word.size == 2 && word.end - word.begin == 2 && word.next != '.' ; }

  // Whether somebody is named as one who works here: an office, a profession, what is done in
  // meetings stands close behind the name, or a title before it.
  bool AtWork(std::int64_t first, std::int64_t last) const {
    if (read_.Has(first - 1, kTitle) || read_.Has(first, kTitle)) return true;
    for (int back = 1; back <= 2; ++back)
      if (read_.Has(first - back, kOffice)) return true;
    for (std::int64_t i = last; i < last + kLook; ++i) {
      if (read_.Gap(i, kBreak | kLine)) return false;
      if (read_.Has(i + 1, kOffice | kTitle)) return true;
      if (i < last + 2 && read_.Has(i + 1, kReports)) return true;
    }
    return false;
  }

  // "Frau K.", "Kind M.", "Lena S.", "R. S.", "M. ist"
  void Initial(std::int64_t i) {
    const Word& word = read_.At(i);
    if (!IsLetter(i) || word.next != '.') return;
    const Word& before = read_.At(i - 1);
    const bool close = (read_.GapBefore(i) & (kComma | kBreak | kLine)) == 0;
    const bool named = read_.Has(i - 1, kMister | kHousehold | kKin | kChildWord) ||
                       (read_.Has(i - 1, kGiven) && before.capital) ||
                       read_.Is(i - 1, {"name", "pt", "initials", "patient", "u", "and", "und"});
    if (i > 0 && close && named && !read_.Is(i - 1, {"und", "and", "u"})) {
      Add(Kind::kName, AtWork(i - 1, i) && read_.Has(i - 1, kMister) ? 1 : 3, i - 1, i);
      return;
    }
    if (IsLetter(i + 1) && read_.At(i + 1).next == '.') {
      if (read_.Is(i, {"n"}) && read_.Is(i + 1, {"n"})) return;
      Add(Kind::kName, 2, i, i + 1);
      return;
    }
    if (IsLetter(i - 1) || (before.size == 1 && !before.capital)) return;
    if (before.size > 0 && close && before.capital && !before.number &&
        !read_.Has(i - 1, kMister | kKin | kChildWord))
      return;  // "AG B.", "Anlage A."
    const Word& after = read_.At(i + 1);
    const bool goes_on = read_.Gap(i, kComma | kOpen) || (after.size > 1 && !after.capital && !after.number);
    if (goes_on) Add(Kind::kName, 2, i, i);
  }

  void Household(std::int64_t i) {
    const Word& next = read_.At(i + 1);
    const bool joined = (read_.At(i).gap & ~(kSpace | kDot)) == 0;
    if (read_.Has(i, kHousehold) && read_.At(i).capital && joined && next.capital &&
        !read_.Has(i + 1, kPlain | kOffice | kTool) && !next.number && !IsNoun(i + 1)) {
      Add(Kind::kName, 3, i, i + 1);
      return;
    }
    // "the Kelly twins", "the Hussains"
    if (read_.Is(i, {"the"}) && next.capital && !next.caps && !read_.Has(i + 1, kMonth | kOffice) &&
        read_.Is(i + 2, {"family", "twins", "children", "kids", "boys", "girls", "siblings",
                         "baby", "boy", "girl", "household"}))
      Add(Kind::kName, 3, i + 1, i + 2);
  }

  // Endings that German common nouns have and family names hardly.
  bool IsNoun(std::int64_t i) const {
    const std::string_view text = read_.Text(i);
    for (const std::string_view end : {"ung", "heit", "keit", "schaft", "tion", "amt", "zentrum",
                                       "stelle", "hilfe", "gericht", "arbeit", "bildung", "dienst",
                                       "pfleger", "kasse", "verein", "kreis", "gruppe", "projekt"})
      if (text.size() > end.size() && text.ends_with(end)) return true;
    return false;
  }

  void Mister(std::int64_t i) {
    if (!read_.Has(i, kMister) || !read_.At(i).capital) return;
    const Word& next = read_.At(i + 1);
    if (!next.capital || IsLetter(i + 1) || read_.Has(i + 1, kTitle)) return;
    const std::int64_t last = read_.At(i + 2).capital && (next.gap & ~(kSpace | kHyphen)) == 0
                                  ? i + 2 : i + 1;
    if (!AtWork(i, last)) Add(Kind::kName, 1, i, last);
  }

  void Given(std::int64_t i) {
    const Word& word = read_.At(i);
    if (!read_.Has(i, kGiven) || !word.capital || word.size < 2) return;
    if (word.next == '.' && read_.Is(i, {"max", "jan", "phil"})) return;
    if (read_.Has(i - 1, kTitle | kTool | kMister) || read_.Has(i + 1, kTool)) return;
    if (read_.Is(i - 1, {"hallo", "moin", "liebe", "lieber", "hi", "hello", "dear", "gruss",
                         "gruesse", "gruessen", "regards", "danke", "thanks"}))
      return;
    if (read_.At(i - 1).next == '-') return;  // "Elisabeth-Maria": its first part has spoken
    const Word& after = read_.At(i + 1);
    const bool hyphen = word.next == '-';
    if (hyphen && !read_.Has(i + 1, kGiven)) return;  // "Lukas-Gemeinde"
    const bool joined = (word.gap & ~(kSpace | kHyphen)) == 0;
    const bool initial = joined && IsLetter(i + 1);
    if (initial) return;  // Initial has it
    const bool surname = joined && after.capital && after.size > 1 && !after.number &&
                         !read_.Has(i + 1, kKin | kChildWord | kMister) ;
    const bool child_before = (read_.GapBefore(i) & (kComma | kBreak | kDot | kLine)) == 0 && i > 0 &&
        (read_.Has(i - 1, kChildWord | kKin) || read_.Is(i - 1, {"kleine", "kleinen", "kleiner", "little", "named", "namens", "name"}));
    if (child_before) {
      Add(Kind::kName, 3, i - 1, i);
      return;
    }
    // The second part of a name that began before.
    if (i > 0 && read_.At(i - 1).capital && read_.GapBefore(i) == kSpace &&
        read_.Has(i - 1, kGiven))
      return;
    if (AtWork(i, surname ? i + 1 : i)) return;
    Add(Kind::kName, surname && !hyphen ? 1 : 2, i, surname ? i + 1 : i);
  }

  // "ihr Freund", "his two daughters", "Mutter von Lena", "Tommy's stepdad"
  void Relation(std::int64_t i) {
    if (read_.Has(i, kPossessive)) {
      for (std::int64_t n = i + 1; n <= i + 2; ++n) {
        if ((read_.At(n - 1).gap & ~kSpace) != 0) break;
        if (!read_.Has(n, kKin)) continue;
        const bool many = read_.Is(n, {"kinder", "kindern", "eltern", "children", "parents"});
        return Add(Kind::kRelative, many ? 1 : 2, i, n);
      }
    }
    if (!read_.Has(i, kKin)) return;
    if (read_.Is(i + 1, {"von", "of"}) &&
        (read_.At(i + 2).capital || read_.Number(i + 2) > 0 || read_.Is(i + 2, {"the", "little"})) &&
        !read_.Has(i + 2, kOffice))
      Add(Kind::kRelative, 2, i, i + 2);
    for (std::int64_t n = i - 1; n >= i - 2; --n)
      if (read_.Is(n, {"s"}) && read_.At(n - 1).next == '\'' && read_.At(n - 1).capital)
        Add(Kind::kName, 3, n - 1, i);
  }

  // What case files call people: KM the child's mother, KV its father, KE its parents.
  void Shorthand(std::int64_t i) {
    const Word& word = read_.At(i);
    if (!word.caps || word.number) return;
    if (read_.Is(i, {"km", "kmu", "kiga"})) Add(Kind::kRelative, 2, i, i);
    if (read_.Is(i, {"kv", "ke"})) Add(Kind::kRelative, 1, i, i);
  }

  bool IsDate(std::int64_t i) const {  // 12.03.2021, 3/2021, 2021, 12. März
    const Word& word = read_.At(i);
    if (read_.Has(i, kMonth)) return true;
    if (!word.number) return false;
    const int n = read_.Number(i);
    return (n >= 1900 && n <= 2100) || (n > 0 && n <= 31 && (word.next == '.' || word.next == '/'))
           || (n > 0 && n <= 31 && read_.Has(i + 1, kMonth));
  }

  bool IsFullDate(std::int64_t i) const {
    const int day = read_.Number(i);
    const int month = read_.Number(i + 1);
    return read_.At(i).number && read_.At(i).next == '.' && day >= 1 && day <= 31 &&
           read_.At(i + 1).number && read_.At(i + 1).next == '.' && month >= 1 && month <= 12 &&
           read_.At(i + 2).number && read_.Number(i + 2) >= 0;
  }

  void Birth(std::int64_t i) {
    if ((read_.GapBefore(i) & kStar) != 0 && IsDate(i)) Add(Kind::kBirthDate, 3, i, i);
    if (IsFullDate(i) && !read_.Is(i - 1, {"am", "vom", "den", "zum", "bis", "seit", "ab", "on"})) {
      const bool sex = read_.Is(i - 1, {"m", "w", "d", "f", "weibl", "maennl", "female", "male"});
      const bool person = read_.Has(i - 1, kGiven | kChildWord) || read_.Has(i - 2, kGiven);
      if (sex || (person && !read_.Has(i - 1, kOffice))) Add(Kind::kBirthDate, 2, i - 1, i + 2);
    }
    if (!read_.Has(i, kBorn)) return;
    for (std::int64_t n = i + 1; n <= i + 4; ++n)
      if (IsDate(n)) return Add(Kind::kBirthDate, 3, i, n);
    for (std::int64_t n = i - 1; n >= i - 4; --n)
      if (IsDate(n)) return Add(Kind::kBirthDate, 2, n, i);
  }

  bool InRange(std::int64_t i) const {
    for (std::int64_t n = i - 1; n >= i - 3; --n) {
      if (read_.Is(n, {"bis", "ab", "unter", "ueber", "zwischen", "von", "under", "over", "to", "from",
                       "between", "mindestens", "seit", "nach", "innerhalb", "within", "alle",
                       "every", "binnen", "vor", "fuer", "for", "after", "before", "since", "in",
                       "until", "up", "above", "naechsten", "last", "next", "letzten", "maximal"}))
        return true;
      if (read_.Gap(n - 1, kComma | kOpen | kBreak)) return false;
    }
    return read_.Number(i - 1) >= 0 && (read_.GapBefore(i) & kHyphen) != 0;
  }

  bool PersonNear(std::int64_t i, int back) const {
    for (std::int64_t n = i - 1; n >= i - back; --n) {
      const Word& word = read_.At(n);
      if (read_.Has(n, kKin | kChildWord) || (read_.Has(n, kGiven) && word.capital)) return true;
      if (IsLetter(n) && word.next == '.') return true;
      if (read_.Is(n, {"km", "kv", "mum", "weibl", "maennl", "pt", "dad", "baby"})) return true;
    }
    return false;
  }

  void Age(std::int64_t i) {
    AgeWord(i);
    const int n = read_.Number(i);
    if (n <= 0 || n > 99) return;
    const bool unit =
        read_.Is(i + 1, {"jahre", "jahren", "monate", "monaten", "wochen", "tage", "tagen", "years",
                         "year", "months", "month", "weeks", "week", "days", "j", "jr", "mon", "mo",
                         "monat", "wo", "yrs", "y", "yo", "mths", "lj"});
    const Word& word = read_.At(i);
    if (unit) {
      const bool old = read_.Is(i + 2, {"alt", "alte", "alten", "alter", "altes", "old"});
      if (InRange(i)) return;
      if (old) return Add(Kind::kAge, 2, i, i + 2);
      if (PersonNear(i, 4)) return Add(Kind::kAge, 2, i, i + 1);
      const bool brief = read_.Is(i + 1, {"j", "mon", "mo", "yo", "y", "lj", "mths", "yrs"});
      if (brief) Add(Kind::kAge, 1, i, i + 1);
      return;
    }
    if (!word.number && !read_.Is(i - 1, {"is", "ist", "aged", "wird", "war", "was"})) return;
    if (InRange(i) || read_.Gap(i, kPercent | kSlash) || read_.Gap(i - 1, kParagraph)) return;
    if (read_.Is(i - 1, {"aged", "alter", "age"}) && n < 100) return Add(Kind::kAge, 2, i - 1, i);
    // "Lena (4)", "(2;1)", "Mutter, 24,", "mum is 16", "(14) "
    const bool ends = (word.gap & (kClose | kComma | kBreak | kLine)) != 0 || i + 1 == read_.size() ||
                      read_.Is(i + 1, {"und", "u", "and", "or"});
    const bool begins = (read_.GapBefore(i) & (kOpen | kComma)) != 0 ||
                        read_.Is(i - 1, {"is", "ist", "wird", "war", "was"}) ||
                        read_.Has(i - 1, kKin | kChildWord);
    if (ends && begins && PersonNear(i, 3)) return Add(Kind::kAge, 2, i, i);
    const bool bracket = (read_.GapBefore(i) & kOpen) != 0 && (word.gap & kClose) != 0;
    if (bracket && n <= 18 && PersonNear(i, 5)) Add(Kind::kAge, 2, i, i);
  }

  // "4-jährige Tochter", "der Vierjährige", "2-year-old"
  void AgeWord(std::int64_t i) {
    const std::string_view text = read_.Text(i);
    const std::size_t at = std::min({text.find("jaehrig"), text.find("monatig"),
                                     text.find("woechig")});
    const bool german = at != std::string_view::npos && (at > 0 || read_.Number(i - 1) > 0);
    const bool english = read_.Is(i, {"year", "month", "week", "day"}) &&
                         read_.Is(i + 1, {"old", "olds"}) && read_.Number(i - 1) > 0;
    if (!german && !english) return;
    if (german && (text.find("minder") == 0 || text.find("lang") == 0 || text.find("voll") == 0 ||
                   text.find("ganz") == 0 || text.find("dies") == 0 || text.find("mehr") == 0))
      return;
    const std::int64_t number = german && at > 0 ? i : i - 1;
    if (InRange(number) || read_.Is(i + 1, {"olds"})) return;
    for (std::int64_t n = i + 1; n <= i + 3; ++n)
      if (read_.Has(n, kKin | kChildWord) || (read_.Has(n, kGiven) && read_.At(n).capital))
        return Add(Kind::kAge, 2, number, n);
    if (german && (read_.At(i).capital || read_.Is(number - 1, {"die", "der", "den", "dem", "das"})))
      Add(Kind::kAge, 2, number, i);
  }

  void Pregnancy(std::int64_t i) {
    if (read_.Is(i, {"ssw", "schwangerschaftswoche"}) && !InRange(i))
      for (std::int64_t n = i - 2; n <= i + 2; ++n)
        if (read_.At(n).number) return Add(Kind::kPregnancy, 2, std::min(i, n), std::max(i, n));
    if (read_.Is(i, {"monat", "woche"}) && read_.Is(i + 1, {"schwanger", "schwangere"}))
      return Add(Kind::kPregnancy, 2, i - 1, i + 1);
    if (read_.Is(i, {"schwanger"}) && read_.Is(i + 1, {"im", "in"}))
      return Add(Kind::kPregnancy, 2, i, i + 2);
    if (read_.Is(i, {"weeks", "months"}) && read_.Is(i + 1, {"pregnant", "gestation"}) &&
        read_.Number(i - 1) > 0)
      return Add(Kind::kPregnancy, 2, i - 1, i + 1);
    if (read_.Is(i + 1, {"40"}) && read_.At(i).number && read_.At(i).next == '/')
      Add(Kind::kPregnancy, 2, i, i + 1);
  }

  // ICD-10: F90.0
  void Code(std::int64_t i) {
    const std::string_view text = read_.Text(i);
    const Word& word = read_.At(i);
    if (text.size() != 3 || !word.capital || text[0] < 'a' || text[0] > 'z') return;
    if (text[1] < '0' || text[1] > '9' || text[2] < '0' || text[2] > '9') return;
    const Word& next = read_.At(i + 1);
    if (word.next == '.' && (word.gap & kSpace) == 0 && next.number && next.size <= 2)
      Add(Kind::kDiagnosis, 3, i, i + 1);
    else if (read_.Has(i - 1, 0) || read_.Is(i - 1, {"icd", "diagnose", "diagnosis"}))
      Add(Kind::kDiagnosis, 3, i, i);
  }

  void Street(std::int64_t i) {
    const Word& word = read_.At(i);
    const std::string_view text = read_.Text(i);
    if (!word.capital || !read_.At(i + 1).number) {
      if (!read_.Is(i, {"street", "road", "close", "lane", "avenue"}) || !word.capital ||
          !(read_.At(i - 2).number || read_.At(i - 1).number))
        return;
      return Add(Kind::kAddress, 2, i - 2, i);
    }
    for (const std::string_view end : {"str", "strasse", "weg", "gasse", "allee", "platz"})
      if (text.ends_with(end) && read_.At(i + 1).size <= 3) return Add(Kind::kAddress, 2, i, i + 1);
  }

  Reader read_;
  std::uint64_t& steps_;
  std::vector<Hit> hits_;
};

}  // namespace

std::vector<Hit> FindPeople(const Folded& folded, std::uint64_t& steps) {
  return People(folded, steps).Run();
}

}  // namespace geflecht::domain::case_guard
