// A person as the records of a network know them, and where a text speaks of them: names with the
// German genitive, e-mail addresses, telephone numbers in whatever spelling. Pure; ICU underneath.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "node/domain/record.h"

namespace geflecht::domain {

struct Person {
  std::string family_name, given_name;
  std::vector<std::string> emails, phones;
  std::vector<std::string> organisations;  // where they work, by name
  bool operator==(const Person&) const = default;
};

Person PersonOf(const Record& contact);
// "Given Family"; what there is of it.
std::string NameOf(const Person& person);
// Names that differ in case, accents and punctuation only.
bool HaveSameName(const Person& one, const Person& two);
// The same name, and an address, a number or an organisation in common. A shared mailbox alone
// makes no person, and neither does a name.
bool IsSamePerson(const Person& one, const Person& two);
// Adds what is not there.
void Join(Person& into, const Person& from);

// How sure a passage is about who is meant.
enum class Evidence {
  kAddress,  // an e-mail address or telephone number
  kName,     // given and family name, in either order
  kShort,    // an initial or a form of address, and the family name
  kFamily,   // the family name alone: may be anybody, or a word
};

struct Passage {
  std::size_t begin = 0, end = 0;  // bytes of the text
  Evidence evidence = Evidence::kName;
  bool operator==(const Passage&) const = default;
};

class PersonFinder {
 public:
  explicit PersonFinder(const Person& person);
  // In the order of the text, none inside another.
  std::vector<Passage> Find(std::string_view text) const;
  // Whether `name`, and nothing beside it but titles, is the person's.
  bool IsName(std::string_view name) const;
  // The same of what BareName has made of it.
  bool IsBareName(std::string_view bare) const;

 private:
  friend class PersonIndex;
  std::string family_, given_, first_given_;  // folded
  std::vector<std::string> emails_, phones_;  // in lower case; digits
};

// A name folded, without titles and forms of address.
std::string BareName(std::string_view name);

// Of many persons those of whom a text may speak.
class PersonIndex {
 public:
  // `finder` outlives the index.
  void Add(const PersonFinder& finder);
  // All whose Find finds something in `text`, and some more; each once.
  std::vector<const PersonFinder*> MaybeIn(std::string_view text) const;

 private:
  std::unordered_multimap<std::string, const PersonFinder*> family_names_, addresses_;
};

// "+49 (0) 221 / 4710-100", "0049 221 4710100" and "0221 4710100" as "02214710100"; "" for less
// than six digits.
std::string DigitsOfPhone(std::string_view number);
// E-mail addresses and telephone numbers of anybody, and "Frau", "Herr", "Dr." with the words
// behind it that begin with a capital letter.
std::vector<Passage> FindAnybody(std::string_view text);

// The sentence or line of `text` that holds the bytes from `begin` to `end`.
std::string_view SentenceAround(std::string_view text, std::size_t begin, std::size_t end);
// `text` with `mark` for everything that is about persons other than `self`.
std::string MaskOthers(std::string_view text, const PersonFinder& self,
                       const std::vector<const PersonFinder*>& others, std::string_view mark);

}  // namespace geflecht::domain
