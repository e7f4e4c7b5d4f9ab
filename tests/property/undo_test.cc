#include "crdt/undo.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "crdt/content.h"
#include "crdt_sites.h"
#include "undo_desk.h"

namespace geflecht::crdt {
namespace {

TEST(Undo, TakesBackWhatWasDoneAndDoesItAgain) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Desk desk(0, seed);
    desk.Work();
    if (desk.document.HasOpen()) desk.Commit();
    std::vector<std::string> states{desk.Shown()};
    while (states.size() < 8) {
      desk.Work();
      if (!desk.document.HasOpen()) continue;
      desk.stack.Done(desk.Commit().id);
      states.push_back(desk.Shown());
    }
    std::size_t at = states.size() - 1;
    for (int step = 0; step < 40; ++step) {
      const bool back = at > 0 && (at + 1 == states.size() || desk.random.Below(2) == 0);
      const bool staged = (back ? desk.TakeBack() : desk.DoAgain()).has_value();
      at = back ? at - 1 : at + 1;
      ASSERT_EQ(desk.Shown(), states[at]) << (back ? "back to " : "on to ") << at;
      if (!staged) break;
    }
    EXPECT_TRUE(desk.document.Voids().empty());
  }
}

// Three sites work, take back and do again, and tell each other now and then.
TEST(Undo, SitesThatTakeBackAtOnceConverge) {
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::vector<Desk> desks;
    for (int agent = 0; agent < 3; ++agent)
      desks.emplace_back(agent, seed * 10 + static_cast<std::uint64_t>(agent));
    SeededRandom random(seed);
    std::vector<Change> changes;
    std::vector<std::size_t> known(3, 0);
    const auto hear = [&](std::size_t desk) {
      for (; known[desk] < changes.size(); ++known[desk])
        desks[desk].document.Apply(changes[known[desk]]);
    };
    bool together = seed % 2 == 0;
    for (Desk& desk : desks) desk.removes = together;
    for (int step = 0; step < 40; ++step) {
      const std::size_t who = random.Below(3);
      Desk& desk = desks[who];
      if (random.Below(2) == 0) hear(who);
      const std::uint64_t what = random.Below(5);
      const std::string others = desk.OfOthers();
      if (what < 2) {
        desk.Work();
        if (!desk.document.HasOpen()) continue;
        changes.push_back(desk.Commit());
        desk.stack.Done(changes.back().id);
        continue;
      }
      if (what < 4 ? !desk.stack.CanUndo() : !desk.stack.CanRedo()) continue;
      if (const auto change = what < 4 ? desk.TakeBack() : desk.DoAgain())
        changes.push_back(*change);
      if (!together) {
        ASSERT_EQ(desk.OfOthers(), others);
      }
    }
    for (std::size_t desk = 0; desk < 3; ++desk) hear(desk);
    EXPECT_TRUE(desks[0].document.Voids().empty());
    ASSERT_EQ(desks[1].Shown(), desks[0].Shown());
    ASSERT_EQ(desks[2].Shown(), desks[0].Shown());
  }
}

TEST(Undo, NeverBringsBackWhatWasErased) {
  Document document(UndoSchema(), SiteAgent(0));
  const auto apply = [&](std::uint8_t id, std::vector<Edit> edits) {
    Change change{{}, SiteAgent(0), document.heads(), std::move(edits)};
    change.id.bytes.fill(id);
    document.Apply(change);
    return change.id;
  };
  InsertText erased{"/body", 0, ""};
  erased.absent = AbsentText{Gap::kErased, 3, 3};
  apply(1,
        {erased, SetKey{"", "title", NewSlot(Value(Absent{Gap::kErased, Absent::Kind::kInt, 1}))}});
  UndoStack stack;
  stack.Done(
      apply(2, {Remove{"/body", 0, 3}, SetKey{"", "title", NewSlot(Value(std::int64_t{7}))}}));
  EXPECT_EQ(stack.Undo(document), false);
  EXPECT_EQ(*document.Text("/body"), "");
}

// What edits say: values of keys, items, marks and blocks; and text.
std::vector<std::string> Said(const std::vector<Edit>& edits) {
  std::vector<std::string> out;
  const auto add = [&](const Value& value) {
    if (const auto* said = std::get_if<std::string>(&value)) out.push_back(*said);
  };
  const auto add_slot = [&](const NewSlot& slot) {
    if (const auto* value = std::get_if<Value>(&slot)) add(*value);
  };
  for (const Edit& edit : edits) {
    if (const auto* text = std::get_if<InsertText>(&edit)) out.push_back(text->inserted);
    if (const auto* key = std::get_if<SetKey>(&edit); key != nullptr && key->slot)
      add_slot(*key->slot);
    if (const auto* item = std::get_if<SetItem>(&edit)) add_slot(item->slot);
    if (const auto* list = std::get_if<InsertItems>(&edit))
      for (const NewSlot& slot : list->items) add_slot(slot);
    if (const auto* mark = std::get_if<Mark>(&edit); mark != nullptr && mark->value)
      add(*mark->value);
    if (const auto* set = std::get_if<SetBlock>(&edit); set != nullptr && set->value)
      add(*set->value);
  }
  return out;
}

// Whatever was erased, nothing that is staged says it, though it may have been said again.
TEST(Undo, StagesNothingThatWasErased) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Desk desk(0, seed);
    std::vector<Change> changes;
    std::set<std::string> erased_words;  // of what was said first, not of what said it again
    std::set<ChangeId> worked;
    const auto erase_some = [&] {
      const Change& change = changes[desk.random.Below(changes.size())];
      std::vector<Edit> erased = change.edits;
      if (!TakeContentOut(erased, UndoSchema(), desk.random.Below(2), Gap::kErased)) return;
      ASSERT_TRUE(desk.document.MergeContent(change.id, erased));
      if (!worked.contains(change.id)) return;
      for (const std::string& word : Said(change.edits)) erased_words.insert(word);
      for (const std::string& word : Said(erased)) erased_words.erase(word);
    };
    for (int step = 0; step < 30; ++step) {
      if (step < 8 || desk.random.Below(4) == 0) {
        desk.Work();
        if (!desk.document.HasOpen()) continue;
        changes.push_back(desk.Commit());
        worked.insert(changes.back().id);
        desk.stack.Done(changes.back().id);
        continue;
      }
      erase_some();
      const bool back =
          desk.stack.CanUndo() && (!desk.stack.CanRedo() || desk.random.Below(2) == 0);
      if (!back && !desk.stack.CanRedo()) continue;
      const auto change = back ? desk.TakeBack() : desk.DoAgain();
      if (!change) continue;
      changes.push_back(*change);
      EXPECT_FALSE(HasGap(change->edits, Gap::kErased));
      EXPECT_FALSE(HasGap(change->edits, Gap::kMissing));
      for (const std::string& word : Said(change->edits)) {
        EXPECT_FALSE(word[0] == 'A' && erased_words.contains(word)) << word;
        EXPECT_TRUE(word[0] == 'a' || word[0] == 'A') << word;  // no sign for what is not here
      }
    }
    EXPECT_TRUE(desk.document.Voids().empty());
  }
}

}  // namespace
}  // namespace geflecht::crdt
