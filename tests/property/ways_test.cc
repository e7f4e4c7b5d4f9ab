// There are two ways to perform an edit: on the state as it stands, or by the walker, which knows
// what several did at once. Both lead to the same text and the same items; and what two type at
// once is not mixed, whichever way it came.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "crdt/document.h"
#include "histories.h"
#include "tests/property/cases.h"

namespace geflecht::crdt {
namespace {

constexpr std::string_view kStranger = "\u2603";

ChangeId IdOf(std::uint8_t number) {
  ChangeId id;
  id.bytes.fill(number);
  return id;
}

// All texts and items of the declared containers, without those of the stranger.
std::string Shown(const Document& document) {
  std::string out;
  for (const char* path : {"/notes", "/body"}) {
    std::string text = *document.Text(path);
    if (const auto at = text.find(kStranger); at != std::string::npos)
      text.erase(at, kStranger.size());
    out += text + "\n";
  }
  const std::vector<Slot> items = *document.List("/items");
  for (const Slot& slot : items) {
    const auto* value = std::get_if<Value>(&slot);
    const auto* text = value != nullptr ? std::get_if<std::string>(value) : nullptr;
    if (text != nullptr && *text == kStranger) continue;
    if (text != nullptr) out += "text " + *text + "\n";
    if (value == nullptr) out += "child " + std::get<Child>(slot).id + "\n";
    if (value != nullptr && text == nullptr)
      out += "value " + std::to_string(value->index()) + "\n";
  }
  return out;
}

// One writer, so every change is on all heads. In the other document a stranger has written into
// every sequence beside all of them but the first, so each edit is the walker's.
TEST(Ways, TheShortWayAndTheWalkerLeadToTheSame) {
  std::size_t edits = 0;
  for (const std::uint64_t seed : Seeds(200)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    HistoryShape shape;
    shape.sites = 1;
    shape.text_only = random.Below(4) == 0;
    shape.has_marks = random.Below(2) == 0;
    shape.has_moves = random.Below(2) == 0;
    const History history = MakeHistory(random, shape);
    Document alone(HistorySchema(), HistoryAgent(99)), beside(HistorySchema(), HistoryAgent(99));
    const std::string word(kStranger);
    const Change stranger{IdOf(0xEE),
                          HistoryAgent(98),
                          {history.changes[0].id},
                          {InsertText{"/notes", 0, word}, InsertText{"/body", 0, word},
                           InsertItems{"/items", 0, {Value(word)}}}};
    for (const Change& change : history.changes) {
      ASSERT_EQ(alone.Apply(change), Applied::kNew);
      ASSERT_EQ(beside.Apply(change), Applied::kNew);
      if (change.id == history.changes[0].id) {
        ASSERT_EQ(beside.Apply(stranger), Applied::kNew);
        ASSERT_TRUE(beside.Text("/notes")->find(word) != std::string::npos);
      }
      edits += change.edits.size();
      if (random.Below(6) == 0) {
        ASSERT_EQ(Shown(beside), Shown(alone));
      }
    }
    ASSERT_EQ(Shown(beside), Shown(alone));
    for (const Document::Void& one : beside.Voids()) ASSERT_NE(one.change, stranger.id);
    ASSERT_EQ(beside.Voids().size(), alone.Voids().size());
  }
  EXPECT_GT(edits, 0u);
}

struct Typing {
  std::string letters;
  bool forwards = true;
};

// The changes of one who types letter by letter between the two elements that are there.
std::vector<Change> Typed(const Change& first, std::uint8_t site, const Typing& typing, bool list,
                          Random& random) {
  Document document(HistorySchema(), HistoryAgent(site));
  document.Apply(first);
  std::vector<Change> out;
  const auto cut = [&] {
    Document::Cut taken = document.TakeOpen();
    const auto id = IdOf(static_cast<std::uint8_t>(16 * site + out.size()));
    out.push_back({id, HistoryAgent(site), std::move(taken.parents), std::move(taken.edits)});
    document.Apply(out.back());
  };
  for (std::size_t i = 0; i < typing.letters.size(); ++i) {
    const std::size_t at = typing.forwards ? i : typing.letters.size() - 1 - i;
    const std::string letter = typing.letters.substr(at, 1);
    const std::uint64_t place = typing.forwards ? 1 + i : 1;
    EXPECT_TRUE(document.Edit([&](Transaction& edit) {
      return list ? edit.InsertItem("/items", place, Value(letter))
                  : edit.InsertText("/body", place, letter);
    }));
    if (random.Below(2) == 0) cut();
  }
  if (document.HasOpen()) cut();
  return out;
}

TEST(Ways, WhatThreeInsertAtOnceIntoATextOrListIsNotMixed) {
  for (const std::uint64_t seed : Seeds(300)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    const bool list = random.Below(2) == 0;
    const Change first{
        IdOf(1),
        HistoryAgent(0),
        {},
        {InsertText{"/body", 0, "()"},
         InsertItems{"/items", 0, {Value(std::string("(")), Value(std::string(")"))}}}};
    const std::vector<std::string> words{"ABCDEF", "uvwxyz", "123456"};
    std::vector<Change> changes{first};
    for (std::uint8_t site = 1; site <= 3; ++site) {
      const Typing typing{words[site - 1u], random.Below(2) == 0};
      const std::vector<Change> more = Typed(first, site, typing, list, random);
      changes.insert(changes.end(), more.begin(), more.end());
    }
    Shuffle(changes, random);
    Document document(HistorySchema(), HistoryAgent(9));
    for (const Change& change : changes) document.Apply(change);
    std::string text = *document.Text("/body");
    if (list) {
      text.clear();
      const std::vector<Slot> items = *document.List("/items");
      for (const Slot& slot : items) text += std::get<std::string>(std::get<Value>(slot));
    }
    ASSERT_EQ(text.size(), 20u);
    for (const std::string& word : words) ASSERT_NE(text.find(word), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace geflecht::crdt
