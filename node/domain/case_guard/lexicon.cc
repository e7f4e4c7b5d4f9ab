#include "node/domain/case_guard/lexicon.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "base/check.h"

namespace geflecht::domain::case_guard {
namespace {

constexpr std::size_t kSymbols = 38;  // space, a-z, 0-9, other

std::size_t SymbolOf(char c) {
  if (c == ' ') return 0;
  if (c >= 'a' && c <= 'z') return static_cast<std::size_t>(c - 'a') + 1;
  if (c >= '0' && c <= '9') return static_cast<std::size_t>(c - '0') + 27;
  return kSymbols - 1;
}

struct Pattern {
  const Entry* entry;
  std::uint16_t words;    // how many it spans
  bool ends_in_space;
};

class Automaton {
 public:
  Automaton() {
    nodes_.emplace_back();
    for (const auto& part : {PeopleWords(), NameWords(), DiagnosisWords(), LifeWords(),
                             MeasureWords(), NetworkWords()})
      for (const Entry& entry : part) AddAll(entry);
    Link();
  }

  struct Node {
    std::array<std::uint32_t, kSymbols> next{};
    std::vector<std::uint32_t> patterns;
    std::uint32_t fallback = 0;
    std::uint32_t shorter = 0;  // the next node with patterns on the way of fallbacks; 0: none
  };
  const Node& At(std::uint32_t node) const { return nodes_[node]; }
  const Pattern& PatternAt(std::uint32_t i) const { return patterns_[i]; }

 private:
  void AddAll(const Entry& entry) {
    std::string_view rest = entry.patterns;
    while (!rest.empty()) {
      const std::size_t size = std::min(rest.find('|'), rest.size());
      if (size > 0) Add(entry, rest.substr(0, size));
      rest.remove_prefix(std::min(size + 1, rest.size()));
    }
  }

  void Add(const Entry& entry, std::string_view pattern) {
    const bool open_front = pattern.front() == '*';
    const bool open_back = pattern.back() == '*';
    if (open_front) pattern.remove_prefix(1);
    if (open_back) pattern.remove_suffix(1);
    CHECK(!pattern.empty());
    std::string whole(pattern);
    if (!open_front) whole.insert(0, 1, ' ');
    if (!open_back) whole.push_back(' ');
    std::uint32_t node = 0;
    for (const char c : whole) {
      CHECK(c == ' ' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
      const std::uint32_t known = nodes_[node].next[SymbolOf(c)];
      const auto fresh = static_cast<std::uint32_t>(nodes_.size());
      if (known == 0) {
        nodes_[node].next[SymbolOf(c)] = fresh;
        nodes_.emplace_back();
      }
      node = known == 0 ? fresh : known;
    }
    nodes_[node].patterns.push_back(static_cast<std::uint32_t>(patterns_.size()));
    const auto words = std::count(pattern.begin(), pattern.end(), ' ') + 1;
    patterns_.push_back({&entry, static_cast<std::uint16_t>(words), !open_back});
  }

  void Link() {
    std::vector<std::uint32_t> order{0};
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::uint32_t node = order[i];
      for (std::size_t symbol = 0; symbol < kSymbols; ++symbol) {
        const std::uint32_t fallback = node == 0 ? 0 : nodes_[nodes_[node].fallback].next[symbol];
        std::uint32_t& next = nodes_[node].next[symbol];
        if (next == 0) {
          next = fallback;
          continue;
        }
        nodes_[next].fallback = fallback;
        nodes_[next].shorter =
            nodes_[fallback].patterns.empty() ? nodes_[fallback].shorter : fallback;
        order.push_back(next);
      }
    }
  }

  std::vector<Node> nodes_;
  std::vector<Pattern> patterns_;
};

const Automaton& TheAutomaton() {
  static const Automaton automaton;
  return automaton;
}

}  // namespace

std::vector<Hit> FindWords(Folded& folded, std::uint64_t& steps) {
  const Automaton& automaton = TheAutomaton();
  std::vector<Hit> hits;
  std::uint32_t node = 0;
  std::uint32_t word = 0;  // the one that the letter belongs to, or that ended before the space
  for (std::size_t i = 0; i < folded.letters.size(); ++i) {
    ++steps;
    while (word + 1 < folded.words.size() && folded.words[word + 1].at <= i) ++word;
    node = automaton.At(node).next[SymbolOf(folded.letters[i])];
    std::uint32_t found = automaton.At(node).patterns.empty() ? automaton.At(node).shorter : node;
    for (; found != 0; found = automaton.At(found).shorter) {
      for (const std::uint32_t p : automaton.At(found).patterns) {
        ++steps;
        const Pattern& pattern = automaton.PatternAt(p);
        const Entry& entry = *pattern.entry;
        const auto first = static_cast<std::uint32_t>(word + 1 - pattern.words);
        if (entry.kind == Kind::kMark) {
          for (std::uint32_t w = first; w <= word; ++w) folded.words[w].marks |= entry.weight;
        } else {
          hits.push_back({entry.kind, static_cast<int>(entry.weight), first, word});
        }
      }
    }
  }
  return hits;
}

}  // namespace geflecht::domain::case_guard
