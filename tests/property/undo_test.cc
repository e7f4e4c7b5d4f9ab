#include "crdt/undo.h"

#include <gtest/gtest.h>

#include "crdt_sites.h"

namespace geflecht::crdt {
namespace {

const Schema& UndoSchema() {
  static const Schema schema{.type = "note",
                             .version = 1,
                             .fields = {{"title", FieldType::kValue, false},
                                        {"body", FieldType::kText, false},
                                        {"items", FieldType::kList, false},
                                        {"total", FieldType::kCounter, false}}};
  return schema;
}

// A user at work, and others whose changes come in between.
class Desk {
 public:
  explicit Desk(std::uint64_t seed) : document(UndoSchema(), SiteAgent(0)), random(seed) {
    Type();
    Commit(0);
  }

  void Type() {
    static_cast<void>(document.Edit([&](Transaction& edit) -> Result<void> {
      for (std::uint64_t n = 1 + random.Below(4); n > 0; --n) TRY(One(edit));
      return {};
    }));
  }
  // The id of the change.
  ChangeId Commit(int agent) {
    Document::Cut cut = document.TakeOpen();
    Change change{{}, SiteAgent(agent), std::move(cut.parents), std::move(cut.edits)};
    random.Fill(change.id.bytes);
    document.Apply(change);
    return change.id;
  }
  std::string Shown() const {
    std::string out = *document.Text("/body") + "|";
    const std::vector<Slot> items = *document.List("/items");
    for (const Slot& slot : items)
      out += std::to_string(std::get<std::int64_t>(std::get<Value>(slot))) + ",";
    const auto title = document.Get("/title");
    if (title)
      out += "|" + std::to_string(std::get<std::int64_t>(std::get<Value>(title->writings[0].slot)));
    return out + "|" + std::to_string(*document.Counter("/total"));
  }

  Document document;
  SeededRandom random;
  UndoStack stack;

 private:
  Result<void> One(Transaction& edit) {
    const auto number = static_cast<std::int64_t>(random.Below(100));
    const std::uint64_t length = document.Text("/body")->size();
    const std::uint64_t items = document.List("/items")->size();
    switch (random.Below(7)) {
      case 0:
        return edit.Set("/title", Value(number));
      case 1:
        return edit.Increment("/total", number);
      case 2:
        return edit.InsertItem("/items", random.Below(items + 1), Value(number));
      case 3: {
        if (items == 0) return {};
        const std::uint64_t at = random.Below(items);
        return edit.RemoveItems("/items", at, 1 + random.Below(items - at));
      }
      case 4: {
        if (length == 0) return {};
        const std::uint64_t at = random.Below(length);
        return edit.RemoveText("/body", at, 1 + random.Below(length - at));
      }
      default:
        return edit.InsertText(
            "/body", random.Below(length + 1),
            std::string(1 + random.Below(4), static_cast<char>('a' + number % 26)));
    }
  }
};

TEST(Undo, TakesBackWhatWasDoneAndDoesItAgain) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Desk desk(seed);
    std::vector<std::string> states{desk.Shown()};
    while (states.size() < 8) {
      desk.Type();
      if (!desk.document.HasOpen()) continue;
      desk.stack.Done(desk.Commit(0));
      states.push_back(desk.Shown());
    }
    std::size_t at = states.size() - 1;
    for (int step = 0; step < 40; ++step) {
      const bool back = at > 0 && (at + 1 == states.size() || desk.random.Below(2) == 0);
      const auto staged = back ? desk.stack.Undo(desk.document) : desk.stack.Redo(desk.document);
      ASSERT_TRUE(staged);
      at = back ? at - 1 : at + 1;
      if (!*staged) {
        ASSERT_EQ(desk.Shown(), states[at]);
        break;
      }
      const ChangeId id = desk.Commit(0);
      if (back) {
        desk.stack.Undone(id);
      } else {
        desk.stack.Redone(id);
      }
      ASSERT_EQ(desk.Shown(), states[at]);
    }
  }
}

TEST(Undo, LeavesWhatOthersDidMeanwhile) {
  Desk desk(1);
  const std::string before = *desk.document.Text("/body");
  const auto type = [&](int agent, std::uint64_t position, std::string_view text) {
    EXPECT_TRUE(desk.document.Edit(
        [&](Transaction& edit) { return edit.InsertText("/body", position, text); }));
    return desk.Commit(agent);
  };
  desk.stack.Done(type(0, 0, "mine"));
  type(1, 2, "THEIRS");
  ASSERT_EQ(*desk.document.Text("/body"), "miTHEIRSne" + before);
  ASSERT_EQ(desk.stack.Undo(desk.document), true);
  desk.stack.Undone(desk.Commit(0));
  EXPECT_EQ(*desk.document.Text("/body"), "THEIRS" + before);
  ASSERT_EQ(desk.stack.Redo(desk.document), true);
  desk.stack.Redone(desk.Commit(0));
  EXPECT_EQ(*desk.document.Text("/body"), "miTHEIRSne" + before);
}

TEST(Undo, AKeyThatSomebodySetSinceStays) {
  Desk desk(2);
  const auto set = [&](int agent, std::int64_t value) {
    EXPECT_TRUE(
        desk.document.Edit([&](Transaction& edit) { return edit.Set("/title", Value(value)); }));
    return desk.Commit(agent);
  };
  desk.stack.Done(set(0, 1));
  set(1, 2);
  EXPECT_EQ(desk.stack.Undo(desk.document), false);
  EXPECT_FALSE(desk.stack.CanUndo());
  EXPECT_EQ(desk.stack.Undo(desk.document).error().code, Code::kNotFound);
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

}  // namespace
}  // namespace geflecht::crdt
