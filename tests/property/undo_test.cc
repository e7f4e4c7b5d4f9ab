#include "crdt/undo.h"

#include <gtest/gtest.h>

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

// Whatever was erased, nothing that is staged says it, though it may have been said again.
TEST(Undo, StagesNothingThatWasErased) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Desk desk(0, seed);
    std::vector<Change> changes;
    const auto erase_some = [&] {
      const Change& change = changes[desk.random.Below(changes.size())];
      std::vector<Edit> erased = change.edits;
      if (!TakeContentOut(erased, UndoSchema(), desk.random.Below(2), Gap::kErased)) return;
      ASSERT_TRUE(desk.document.MergeContent(change.id, erased));
    };
    for (int step = 0; step < 30; ++step) {
      if (step < 8 || desk.random.Below(4) == 0) {
        desk.Work();
        if (!desk.document.HasOpen()) continue;
        changes.push_back(desk.Commit());
        desk.stack.Done(changes.back().id);
        continue;
      }
      erase_some();
      const bool back =
          desk.stack.CanUndo() && (!desk.stack.CanRedo() || desk.random.Below(2) == 0);
      if (!back && !desk.stack.CanRedo()) continue;
      const std::string shown = desk.Shown();
      const auto change = back ? desk.TakeBack() : desk.DoAgain();
      if (!change) continue;
      changes.push_back(*change);
      EXPECT_FALSE(HasGap(change->edits, Gap::kErased));
      EXPECT_FALSE(HasGap(change->edits, Gap::kMissing));
    }
    EXPECT_TRUE(desk.document.Voids().empty());
  }
}

}  // namespace
}  // namespace geflecht::crdt
