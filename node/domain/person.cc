#include "node/domain/person.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "node/domain/text.h"

namespace geflecht::domain {
namespace {

constexpr std::size_t kPhoneDigitsMin = 6;
constexpr std::size_t kNameTokensMax = 5;  // "van der Heide", "Nguyen Thi Mai"
// Folded, without full stops.
constexpr std::array<std::string_view, 13> kAddress = {
    "frau", "herr",     "herrn",   "fr",       "hr", "mrs", "mr",
    "ms",   "kollegin", "kollege", "kollegen", "dr", "prof"};
constexpr std::array<std::string_view, 9> kTitles = {"dr",    "prof", "med", "habil", "phil",
                                                     "theol", "dipl", "rer", "nat"};

constexpr std::array<std::string_view, 9> kShortened = {"bzw", "ca",  "usw",  "tel", "str",
                                                        "nr",  "vgl", "evtl", "inkl"};

template <std::size_t N>
bool IsOneOf(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Token {
  std::size_t begin = 0, end = 0;
  std::string folded;
};

bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// How many bytes at `at` belong to a word: those of a letter or digit; 0 for anything else.
// Punctuation beyond ASCII lies in U+00A0 to U+00BF and U+2000 to U+206F.
std::size_t LetterBytes(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = byte(at);
  if (first < 0x80) return IsAsciiLetter(text[at]) || IsDigit(text[at]) ? 1 : 0;
  if (first < 0xC3) return 0;  // punctuation, and bytes that begin no character
  if (first == 0xE2 && (byte(at + 1) == 0x80 || byte(at + 1) == 0x81)) return 0;
  return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
}

// A hyphen or an apostrophe, which joins letters to one word.
std::size_t JoinerBytes(std::string_view text, std::size_t at) {
  if (text[at] == '-' || text[at] == '\'') return 1;
  const std::string_view three = text.substr(at, 3);
  return three == "\u2019" || three == "\u2010" || three == "\u2011" ? 3 : 0;
}

std::vector<Token> TokensOf(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t bytes = LetterBytes(text, at);
    if (bytes == 0) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size()) {
      bytes = LetterBytes(text, at);
      if (bytes == 0) {
        const std::size_t joiner = JoinerBytes(text, at);
        if (joiner == 0 || at + joiner >= text.size() || LetterBytes(text, at + joiner) == 0) break;
        bytes = joiner;
      }
      at = std::min(text.size(), at + bytes);
    }
    tokens.push_back({begin, at, FoldHeading(text.substr(begin, at - begin))});
  }
  return tokens;
}

// Whether `word` is `name`, alone or with the ending of a genitive or plural.
bool IsForm(std::string_view word, std::string_view name) {
  return word == name ||
         (word.size() == name.size() + 1 && word.starts_with(name) && word.back() == 's');
}

// How many tokens from `first` on are `name`; 0 if they are not.
std::size_t Match(const std::vector<Token>& tokens, std::size_t first, std::string_view name) {
  if (name.empty()) return 0;
  std::string joined;
  for (std::size_t n = 1; n <= kNameTokensMax && first + n <= tokens.size(); ++n) {
    joined += tokens[first + n - 1].folded;
    if (IsForm(joined, name)) return n;
    if (joined.size() > name.size()) return 0;
  }
  return 0;
}

// The first of the tokens in front of `last` that are `name`, or nothing.
std::optional<std::size_t> MatchBefore(const std::vector<Token>& tokens, std::size_t last,
                                       std::string_view name) {
  for (std::size_t n = 1; n <= kNameTokensMax && n <= last; ++n)
    if (Match(tokens, last - n, name) == n) return last - n;
  return std::nullopt;
}

// From where a form of address reaches in front of the family name at `first`, over titles.
std::optional<std::size_t> AddressBefore(const std::vector<Token>& tokens, std::size_t first) {
  std::optional<std::size_t> found;
  for (std::size_t i = first; i-- > 0;) {
    if (IsOneOf(kAddress, tokens[i].folded)) {
      found = i;
    } else if (!IsOneOf(kTitles, tokens[i].folded)) {
      break;
    }
  }
  return found;
}

bool OnlyBetween(std::string_view text, const Token& one, const Token& two,
                 std::string_view allowed) {
  for (std::size_t i = one.end; i < two.begin; ++i)
    if (allowed.find(text[i]) == allowed.npos) return false;
  return true;
}

std::string InLowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

bool IsOfAddress(char c) {
  return IsAsciiLetter(c) || IsDigit(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view(".-_+@").find(c) != std::string_view::npos;
}

// Everything that looks like an e-mail address.
std::vector<Passage> EmailsIn(std::string_view text) {
  std::vector<Passage> found;
  for (std::size_t at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && IsOfAddress(text[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < text.size() && IsOfAddress(text[end])) ++end;
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    if (begin < at && end > at + 1 && (found.empty() || found.back().end <= begin))
      found.push_back({begin, end, Evidence::kAddress});
  }
  return found;
}

// Everything that looks like a telephone number: it begins with 0 or +.
std::vector<Passage> PhonesIn(std::string_view text) {
  constexpr std::string_view kInside = "+0123456789 ()/.-";
  std::vector<Passage> found;
  for (std::size_t at = 0; at < text.size();) {
    const bool begins = (text[at] == '+' || text[at] == '0' || text[at] == '(') &&
                        (at == 0 || !IsDigit(text[at - 1]));
    if (!begins) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && kInside.find(text[end]) != kInside.npos) ++end;
    const std::size_t next = end;
    while (end > at && !IsDigit(text[end - 1])) --end;
    if (!DigitsOfPhone(text.substr(at, end - at)).empty())
      found.push_back({at, end, Evidence::kAddress});
    at = std::max(next, at + 1);
  }
  return found;
}

bool IsInside(const Token& token, const std::vector<Passage>& passages) {
  return std::any_of(passages.begin(), passages.end(), [&](const Passage& one) {
    return token.begin < one.end && one.begin < token.end;
  });
}

void Sort(std::vector<Passage>& found) {
  std::sort(found.begin(), found.end(), [](const Passage& a, const Passage& b) {
    return std::pair(a.begin, b.end) < std::pair(b.begin, a.end);
  });
  std::vector<Passage> kept;
  for (const Passage& one : found)
    if (kept.empty() || one.begin >= kept.back().end) kept.push_back(one);
  found = std::move(kept);
}

template <class T>
bool Shares(const std::vector<T>& one, const std::vector<T>& two) {
  return std::any_of(one.begin(), one.end(), [&](const T& item) {
    return std::find(two.begin(), two.end(), item) != two.end();
  });
}

template <class Fold>
std::vector<std::string> Folded(const std::vector<std::string>& texts, const Fold& fold) {
  std::vector<std::string> out;
  for (const std::string& text : texts)
    if (std::string folded = fold(text); !folded.empty()) out.push_back(std::move(folded));
  return out;
}

}  // namespace

Person PersonOf(const Record& contact) {
  const auto texts = [&](std::initializer_list<std::string_view> keys) {
    std::vector<std::string> out;
    for (const std::string_view key : keys)
      if (const std::string_view text = TextOf(contact, key); !text.empty()) out.emplace_back(text);
    return out;
  };
  return {std::string(TextOf(contact, "family_name")), std::string(TextOf(contact, "given_name")),
          texts({"email", "email_2"}), texts({"phone", "phone_2", "mobile"}),
          texts({"organisation"})};
}

std::string NameOf(const Person& person) {
  const bool both = !person.given_name.empty() && !person.family_name.empty();
  return person.given_name + (both ? " " : "") + person.family_name;
}

bool HaveSameName(const Person& one, const Person& two) {
  return !one.family_name.empty() && FoldHeading(one.family_name) == FoldHeading(two.family_name) &&
         FoldHeading(one.given_name) == FoldHeading(two.given_name);
}

bool IsSamePerson(const Person& one, const Person& two) {
  const auto organisation = [](const std::string& name) { return FoldHeading(name); };
  return HaveSameName(one, two) &&
         (Shares(Folded(one.emails, InLowerCase), Folded(two.emails, InLowerCase)) ||
          Shares(Folded(one.phones, DigitsOfPhone), Folded(two.phones, DigitsOfPhone)) ||
          Shares(Folded(one.organisations, organisation), Folded(two.organisations, organisation)));
}

void Join(Person& into, const Person& from) {
  const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& items) {
    for (const std::string& item : items)
      if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
  };
  add(into.emails, from.emails);
  add(into.phones, from.phones);
  add(into.organisations, from.organisations);
}

PersonFinder::PersonFinder(const Person& person)
    : family_(FoldHeading(person.family_name)),
      given_(FoldHeading(person.given_name)),
      first_given_(FoldHeading(person.given_name.substr(
          0, std::min(person.given_name.find(' '), person.given_name.size())))),
      emails_(Folded(person.emails, InLowerCase)),
      phones_(Folded(person.phones, DigitsOfPhone)) {}

std::vector<Passage> PersonFinder::Find(std::string_view text) const {
  std::vector<Passage> found;
  for (const Passage& one : EmailsIn(text))
    if (std::find(emails_.begin(), emails_.end(),
                  InLowerCase(text.substr(one.begin, one.end - one.begin))) != emails_.end())
      found.push_back(one);
  for (const Passage& one : PhonesIn(text))
    if (std::find(phones_.begin(), phones_.end(),
                  DigitsOfPhone(text.substr(one.begin, one.end - one.begin))) != phones_.end())
      found.push_back(one);
  const std::vector<Token> tokens = TokensOf(text);
  const std::vector<Passage> emails = EmailsIn(text);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::size_t length = Match(tokens, i, family_);
    if (length == 0 || IsInside(tokens[i], emails)) continue;
    Passage one{tokens[i].begin, tokens[i + length - 1].end, Evidence::kFamily};
    const auto before = [&]() -> std::optional<std::size_t> {
      if (auto first = MatchBefore(tokens, i, given_)) return first;
      return MatchBefore(tokens, i, first_given_);
    }();
    const std::size_t behind = i + length;
    const std::size_t given =
        behind < tokens.size() && OnlyBetween(text, tokens[behind - 1], tokens[behind], ", ")
            ? std::max(Match(tokens, behind, given_), Match(tokens, behind, first_given_))
            : 0;
    if (before && OnlyBetween(text, tokens[i - 1], tokens[i], " \n\t")) {
      one.begin = tokens[*before].begin;
      one.evidence = Evidence::kName;
    } else if (given > 0) {
      one.end = tokens[behind + given - 1].end;
      one.evidence = Evidence::kName;
    } else if (i > 0 && tokens[i - 1].folded.size() == 1 && !first_given_.empty() &&
               tokens[i - 1].folded.front() == first_given_.front() &&
               OnlyBetween(text, tokens[i - 1], tokens[i], ". ")) {
      one.begin = tokens[i - 1].begin;
      one.evidence = Evidence::kShort;
    } else if (const auto address = AddressBefore(tokens, i)) {
      one.begin = tokens[*address].begin;
      one.evidence = Evidence::kShort;
    }
    found.push_back(one);
  }
  Sort(found);
  return found;
}

std::string BareName(std::string_view name) {
  std::string whole;
  for (const Token& token : TokensOf(name))
    if (!IsOneOf(kTitles, token.folded) && !IsOneOf(kAddress, token.folded)) whole += token.folded;
  return whole;
}

bool PersonFinder::IsName(std::string_view name) const { return IsBareName(BareName(name)); }

bool PersonFinder::IsBareName(std::string_view bare) const {
  return !family_.empty() && !given_.empty() &&
         (bare == given_ + family_ || bare == family_ + given_ || bare == first_given_ + family_);
}

void PersonIndex::Add(const PersonFinder& finder) {
  if (!finder.family_.empty()) family_names_.emplace(finder.family_, &finder);
  for (const auto* addresses : {&finder.emails_, &finder.phones_})
    for (const std::string& address : *addresses) addresses_.emplace(address, &finder);
}

std::vector<const PersonFinder*> PersonIndex::MaybeIn(std::string_view text) const {
  std::vector<const PersonFinder*> found;
  const auto look = [&](const auto& in, const std::string& key) {
    const auto [begin, end] = in.equal_range(key);
    for (auto it = begin; it != end; ++it) found.push_back(it->second);
  };
  for (const Passage& one : EmailsIn(text))
    look(addresses_, InLowerCase(text.substr(one.begin, one.end - one.begin)));
  for (const Passage& one : PhonesIn(text))
    look(addresses_, DigitsOfPhone(text.substr(one.begin, one.end - one.begin)));
  const std::vector<Token> tokens = TokensOf(text);
  for (std::size_t first = 0; first < tokens.size(); ++first) {
    std::string joined;
    for (std::size_t i = first; i < tokens.size() && i < first + kNameTokensMax; ++i) {
      joined += tokens[i].folded;
      look(family_names_, joined);
      if (joined.ends_with('s')) look(family_names_, joined.substr(0, joined.size() - 1));
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::string DigitsOfPhone(std::string_view number) {
  std::string digits;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (number.substr(i, 3) == "(0)" && !digits.empty()) {
      i += 2;
    } else if (IsDigit(number[i]) || (number[i] == '+' && digits.empty())) {
      digits += number[i];
    }
  }
  for (const std::string_view country : {"+49", "0049"})
    if (digits.starts_with(country)) digits = "0" + digits.substr(country.size());
  return digits.size() < kPhoneDigitsMin ? std::string() : digits;
}

std::vector<Passage> FindAnybody(std::string_view text) {
  std::vector<Passage> found = EmailsIn(text);
  for (const Passage& one : PhonesIn(text)) found.push_back(one);
  const std::vector<Token> tokens = TokensOf(text);
  const auto is_capital = [&](const Token& token) {
    const auto first = static_cast<unsigned char>(text[token.begin]);
    return (first >= 'A' && first <= 'Z') || first == 0xC3;  // Ä Ö Ü and their like
  };
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!IsOneOf(kAddress, tokens[i].folded)) continue;
    std::size_t last = i;
    while (last + 1 < tokens.size() && last < i + kNameTokensMax &&
           OnlyBetween(text, tokens[last], tokens[last + 1], " .") &&
           (is_capital(tokens[last + 1]) || IsOneOf(kTitles, tokens[last + 1].folded)))
      ++last;
    if (last > i) found.push_back({tokens[i].begin, tokens[last].end, Evidence::kShort});
  }
  Sort(found);
  return found;
}

std::string_view SentenceAround(std::string_view text, std::size_t begin, std::size_t end) {
  const auto ends = [&](std::size_t i) {
    if (text[i] == '\n') return true;
    const bool stop = text[i] == '.' || text[i] == '!' || text[i] == '?';
    if (!stop || i + 1 >= text.size() || (text[i + 1] != ' ' && text[i + 1] != '\n')) return false;
    // "Dr. ", "A. ", "z. B. ", "am 1. Mai" end no sentence.
    std::size_t word = i;
    while (word > 0 &&
           (IsAsciiLetter(text[word - 1]) || static_cast<unsigned char>(text[word - 1]) >= 0x80))
      --word;
    const std::string folded = FoldHeading(text.substr(word, i - word));
    return folded.size() > 1 && !IsOneOf(kAddress, folded) && !IsOneOf(kTitles, folded) &&
           !IsOneOf(kShortened, folded);
  };
  std::size_t from = begin;
  while (from > 0 && !ends(from - 1)) --from;
  while (from < begin && text[from] == ' ') ++from;
  std::size_t to = end;
  while (to < text.size() && !ends(to)) ++to;
  if (to < text.size() && text[to] != '\n') ++to;
  return text.substr(from, to - from);
}

std::string MaskOthers(std::string_view text, const PersonFinder& self,
                       const std::vector<const PersonFinder*>& others, std::string_view mark) {
  const std::vector<Passage> own = self.Find(text);
  std::vector<Passage> foreign = FindAnybody(text);
  for (const PersonFinder* other : others)
    for (const Passage& one : other->Find(text)) foreign.push_back(one);
  std::erase_if(foreign, [&](const Passage& one) {
    return std::any_of(own.begin(), own.end(), [&](const Passage& mine) {
      return one.begin < mine.end && mine.begin < one.end;
    });
  });
  Sort(foreign);
  std::string out;
  std::size_t at = 0;
  for (const Passage& one : foreign) {
    out += text.substr(at, one.begin - at);
    out += mark;
    at = one.end;
  }
  return out + std::string(text.substr(at));
}

}  // namespace geflecht::domain
