// Each kind of edit taken back and done again, alone and after others have edited the same.
#include <gtest/gtest.h>

#include <functional>

#include "crdt/content.h"
#include "crdt_sites.h"
#include "undo_desk.h"

namespace geflecht::crdt {
namespace {

using Edits = std::function<Result<void>(Transaction&)>;

class UndoKinds : public testing::Test {
 protected:
  void Mine(const Edits& edits) {
    ASSERT_TRUE(mine_.Try(edits));
    Change change = mine_.Commit();
    mine_.stack.Done(change.id);
    theirs_.document.Apply(change);
  }
  // Not for the stack.
  void First(const Edits& edits) {
    ASSERT_TRUE(mine_.Try(edits));
    theirs_.document.Apply(mine_.Commit());
  }
  void Theirs(const Edits& edits) {
    ASSERT_TRUE(theirs_.Try(edits));
    mine_.document.Apply(theirs_.Commit());
  }
  // Without either having seen the other.
  void AtOnce(const Edits& mine, const Edits& theirs) {
    ASSERT_TRUE(mine_.Try(mine));
    ASSERT_TRUE(theirs_.Try(theirs));
    Change change = mine_.Commit();
    mine_.stack.Done(change.id);
    const Change other = theirs_.Commit();
    theirs_.document.Apply(change);
    mine_.document.Apply(other);
  }
  bool Back() { return Tell(mine_.TakeBack()); }
  bool Again() { return Tell(mine_.DoAgain()); }

  std::string Body() const {
    const std::string shown = mine_.Shown();
    return shown.substr(0, shown.find('|'));
  }
  std::string Items() const {
    std::string out;
    const std::vector<Slot> items = *mine_.document.List("/items");
    for (const Slot& slot : items) out += std::get<std::string>(std::get<Value>(slot)) + " ";
    return out;
  }
  std::string Plan() const {
    std::string out;
    const Tree plan = *mine_.document.ReadTree("/plan");
    for (const TreeNode& node : plan.nodes) {
      out += Name(node.id);
      if (!node.parent.empty()) out += "<" + Name(node.parent);
      out += " ";
    }
    return out;
  }
  std::string Name(const ContainerId& node) const {
    const auto name = mine_.document.Get("/plan/" + node + "/name");
    if (!name) return "?";
    return std::get<std::string>(std::get<Value>(name->writings[0].slot));
  }
  ContainerId NodeCalled(const std::string& name) const {
    const Tree plan = *mine_.document.ReadTree("/plan");
    for (const TreeNode& node : plan.nodes)
      if (Name(node.id) == name) return node.id;
    return {};
  }
  static Edits Node(const std::string& name, const ContainerId& parent = {}) {
    return [=](Transaction& edit) -> Result<void> {
      ASSIGN(const ContainerId node, edit.CreateNode("/plan", parent, 0));
      return edit.Set("/plan/" + node + "/name", Value(name));
    };
  }
  static Edits Put(const ContainerId& node, const ContainerId& parent) {
    return [=](Transaction& edit) { return edit.MoveNode("/plan", node, parent, 0); };
  }
  static Edits SetItemTo(std::uint64_t at, const char* value) {
    return [=](Transaction& edit) { return edit.SetItem("/items", at, Value(std::string(value))); };
  }
  static Edits MoveItemTo(std::uint64_t from, std::uint64_t to) {
    return [=](Transaction& edit) { return edit.MoveItem("/items", from, to); };
  }
  static Edits Bold(std::uint64_t from, std::uint64_t to, std::optional<Value> value,
                    Expand expand = Expand::kNone) {
    return [=](Transaction& edit) { return edit.Mark("/body", from, to, "bold", value, expand); };
  }
  static Edits Type(std::uint64_t at, std::string text) {
    return [=](Transaction& edit) { return edit.InsertText("/body", at, text); };
  }
  void FirstItems() {
    First([](Transaction& edit) -> Result<void> {
      for (const char* item : {"c", "b", "a"})
        TRY(edit.InsertItem("/items", 0, Value(std::string(item))));
      return {};
    });
  }

  Desk mine_{0, 1}, theirs_{1, 2};

 private:
  bool Tell(const std::optional<Change>& change) {
    if (change) theirs_.document.Apply(*change);
    EXPECT_EQ(theirs_.Shown(), mine_.Shown());
    return change.has_value();
  }
};

TEST_F(UndoKinds, TextLeavesWhatOthersTypedInIt) {
  First(Type(0, "tail"));
  Mine(Type(0, "mine"));
  Theirs(Type(2, "THEIRS"));
  EXPECT_TRUE(Back());
  EXPECT_EQ(Body(), "[]THEIRStail");
  EXPECT_TRUE(Again());
  EXPECT_EQ(Body(), "[]miTHEIRSnetail");
}

TEST_F(UndoKinds, AKeyThatSomebodySetSinceStays) {
  const auto set = [](const char* value) {
    return [=](Transaction& edit) { return edit.Set("/title", Value(std::string(value))); };
  };
  Mine(set("mine"));
  Theirs(set("theirs"));
  EXPECT_FALSE(Back());
  EXPECT_FALSE(mine_.stack.CanUndo());
  EXPECT_EQ(mine_.stack.Undo(mine_.document).error().code, Code::kNotFound);
}

TEST_F(UndoKinds, AKeyThatWasSetTwiceToTheSameGoesBackToWhatWasBeforeBoth) {
  const auto set = [](Transaction& edit) { return edit.Set("/title", Value(std::string("x"))); };
  Mine(set);
  Mine(set);
  EXPECT_FALSE(Back());
  EXPECT_TRUE(Back());
  EXPECT_FALSE(mine_.document.Get("/title"));
}

TEST_F(UndoKinds, AnItemHoldsAgainWhatItHeld) {
  FirstItems();
  Mine(SetItemTo(1, "mine"));
  EXPECT_TRUE(Back());
  EXPECT_EQ(Items(), "a b c ");
  EXPECT_TRUE(Again());
  EXPECT_EQ(Items(), "a mine c ");
  Theirs(SetItemTo(1, "theirs"));
  EXPECT_FALSE(Back());
  EXPECT_EQ(Items(), "a theirs c ");
}

TEST_F(UndoKinds, AnItemThatSomebodyHasSetIsNotTakenAway) {
  Mine([](Transaction& edit) { return edit.InsertItem("/items", 0, Value(std::string("mine"))); });
  Theirs(SetItemTo(0, "theirs"));
  EXPECT_FALSE(Back());
  EXPECT_EQ(Items(), "theirs ");
}

TEST_F(UndoKinds, AnItemThatWasSetWhileSomebodyRemovedItGoes) {
  FirstItems();
  AtOnce(SetItemTo(1, "mine"), [](Transaction& edit) { return edit.RemoveItems("/items", 1, 1); });
  EXPECT_EQ(Items(), "a mine c ");
  EXPECT_TRUE(Back());
  EXPECT_EQ(Items(), "a c ");
  EXPECT_TRUE(Again());
  EXPECT_EQ(Items(), "a mine c ");
}

TEST_F(UndoKinds, AnItemGoesBackToItsPlaceOnce) {
  FirstItems();
  Mine(MoveItemTo(0, 3));
  EXPECT_EQ(Items(), "b c a ");
  Theirs([](Transaction& edit) { return edit.InsertItem("/items", 1, Value(std::string("new"))); });
  EXPECT_TRUE(Back());
  EXPECT_EQ(Items(), "a b new c ");
  EXPECT_TRUE(Again());
  EXPECT_EQ(Items(), "b new c a ");
  Theirs(MoveItemTo(3, 1));
  EXPECT_FALSE(Back());
  EXPECT_EQ(Items(), "b a new c ");
}

TEST_F(UndoKinds, AnItemThatSomebodyRemovedDoesNotMove) {
  FirstItems();
  Mine(MoveItemTo(0, 3));
  Theirs([](Transaction& edit) { return edit.RemoveItems("/items", 2, 1); });
  EXPECT_FALSE(Back());
  EXPECT_EQ(Items(), "b c ");
}

TEST_F(UndoKinds, AMovedItemThatWasRemovedComesBackWhereItWas) {
  FirstItems();
  Mine(MoveItemTo(0, 2));
  Mine(SetItemTo(1, "set"));
  Mine([](Transaction& edit) { return edit.RemoveItems("/items", 0, 2); });
  EXPECT_TRUE(Back());
  EXPECT_EQ(Items(), "b set c ");
  EXPECT_TRUE(Back());
  EXPECT_EQ(Items(), "b a c ");
  EXPECT_TRUE(Back());
  EXPECT_EQ(Items(), "a b c ");
  EXPECT_TRUE(Again());
  EXPECT_TRUE(Again());
  EXPECT_EQ(Items(), "b set c ");
}

TEST_F(UndoKinds, AMarkGoesAndWhatItCoveredIsSeen) {
  First(Type(0, "abcdef"));
  First(Bold(0, 3, Value(std::string("old"))));
  Mine(Bold(1, 5, Value(std::string("new")), Expand::kAfter));
  Theirs(Type(5, "X"));
  EXPECT_EQ(Body(), "[bold=old,]a[bold=new,]bcdeX[]f");
  EXPECT_TRUE(Back());
  EXPECT_EQ(Body(), "[bold=old,]abc[]deXf");
  Theirs(Type(6, "Y"));
  EXPECT_EQ(Body(), "[bold=old,]abc[]deXYf");
  EXPECT_TRUE(Again());
  EXPECT_EQ(Body(), "[bold=old,]a[bold=new,]bcdeXY[]f");
}

TEST_F(UndoKinds, AMarkThatSomebodyMadeSinceStays) {
  First(Type(0, "abcdef"));
  Mine(Bold(0, 4, Value(std::string("mine"))));
  Theirs(Bold(2, 6, Value(std::string("theirs"))));
  EXPECT_TRUE(Back());
  EXPECT_EQ(Body(), "[]ab[bold=theirs,]cdef");
  EXPECT_TRUE(Again());
  EXPECT_EQ(Body(), "[bold=mine,]ab[bold=theirs,]cdef");
}

TEST_F(UndoKinds, WhatComesBackHasTheMarksThatItHad) {
  First(Type(0, "abcd"));
  First(Bold(1, 3, Value(std::string("x"))));
  Mine([](Transaction& edit) { return edit.RemoveText("/body", 1, 2); });
  EXPECT_TRUE(Back());
  EXPECT_EQ(Body(), "[]a[bold=x,]bc[]d");
  // A mark on what came back is not one on what it stands for.
  Theirs(Bold(1, 2, std::nullopt));
  EXPECT_EQ(Body(), "[]ab[bold=x,]c[]d");
  Mine([](Transaction& edit) { return edit.RemoveText("/body", 0, 4); });
  EXPECT_TRUE(Back());
  EXPECT_EQ(Body(), "[]ab[bold=x,]c[]d");
}

TEST_F(UndoKinds, AnAttributeOfABlockGoesBack) {
  First([](Transaction& edit) {
    return edit.InsertBlock("/body", 0, {{"type", Value(std::string("p"))}});
  });
  const auto set = [](const char* key, const char* value) {
    return [=](Transaction& edit) {
      return edit.SetBlock("/body", 0, key, Value(std::string(value)));
    };
  };
  Mine([](Transaction& edit) -> Result<void> {
    TRY(edit.SetBlock("/body", 0, "type", Value(std::string("h"))));
    return edit.SetBlock("/body", 0, "color", Value(std::string("red")));
  });
  Theirs(set("color", "blue"));
  EXPECT_TRUE(Back());
  EXPECT_EQ(Body(), "[]\n{color=blue}{type=p}");
  EXPECT_TRUE(Again());
  EXPECT_EQ(Body(), "[]\n{color=blue}{type=h}");
  Mine([](Transaction& edit) { return edit.RemoveText("/body", 0, 1); });
  EXPECT_TRUE(Back());
  EXPECT_EQ(Body(), "[]\n{color=blue}{type=h}");
  EXPECT_TRUE(Back());
  EXPECT_EQ(Body(), "[]\n{color=blue}{type=p}");
}

TEST_F(UndoKinds, ANodeComesBackWithWhatIsInIt) {
  Mine(Node("a"));
  First(Node("b", NodeCalled("a")));
  Mine([&](Transaction& edit) { return edit.RemoveNode("/plan", NodeCalled("a")); });
  EXPECT_EQ(Plan(), "");
  EXPECT_TRUE(Back());
  EXPECT_EQ(Plan(), "a b<a ");
  EXPECT_TRUE(Again());
  EXPECT_EQ(Plan(), "");
}

TEST_F(UndoKinds, ANewNodeGoesAndComesUnlessSomebodyPutSomethingIntoIt) {
  Mine(Node("a"));
  EXPECT_TRUE(Back());
  EXPECT_EQ(Plan(), "");
  EXPECT_TRUE(Again());
  EXPECT_EQ(Plan(), "a ");
  Theirs(Node("b", NodeCalled("a")));
  EXPECT_FALSE(Back());
  EXPECT_EQ(Plan(), "a b<a ");
}

TEST_F(UndoKinds, ANodeGoesBackToItsParentUnlessSomebodyMovedIt) {
  First(Node("a"));
  First(Node("b"));
  First(Node("n", NodeCalled("a")));
  const ContainerId a = NodeCalled("a"), b = NodeCalled("b"), n = NodeCalled("n");
  Mine(Put(n, b));
  EXPECT_TRUE(Back());
  EXPECT_EQ(Name(mine_.document.ReadTree("/plan")->nodes.back().parent), "a");
  EXPECT_TRUE(Again());
  EXPECT_EQ(Name(mine_.document.ReadTree("/plan")->nodes.back().parent), "b");
  Theirs(Put(n, {}));
  EXPECT_FALSE(Back());
}

TEST_F(UndoKinds, ANodeDoesNotGoBelowItself) {
  First(Node("a"));
  First(Node("n", NodeCalled("a")));
  const ContainerId a = NodeCalled("a"), n = NodeCalled("n");
  Mine(Put(n, {}));
  Theirs(Put(a, n));
  EXPECT_FALSE(Back());
  EXPECT_EQ(Plan(), "n a<n ");
}

TEST_F(UndoKinds, ANodeDoesNotGoToWhatIsGone) {
  First(Node("n"));
  First(Node("a", NodeCalled("n")));
  const ContainerId a = NodeCalled("a"), n = NodeCalled("n");
  Mine(Put(a, {}));
  Theirs([&](Transaction& edit) { return edit.RemoveNode("/plan", n); });
  EXPECT_FALSE(Back());
  EXPECT_EQ(Plan(), "a ");
}

// Positions of changes are not those of what is shown where an excluded change has edited.
TEST_F(UndoKinds, WorksBesideExcludedChanges) {
  First(Type(0, "abcdef"));
  Theirs(Type(3, "X"));
  ASSERT_TRUE(theirs_.Try(Type(1, "ZZ")));
  const Change excluded = theirs_.Commit();
  mine_.document.Apply(excluded);
  Mine([](Transaction& edit) { return edit.RemoveText("/body", 2, 4); });
  Mine(Bold(0, 3, Value(std::string("x"))));
  for (Desk* desk : {&mine_, &theirs_}) desk->document.Exclude(excluded.id);
  const std::string before = Body();
  EXPECT_TRUE(Back());
  EXPECT_TRUE(Back());
  EXPECT_EQ(Body(), "[]abcXdef");
  EXPECT_TRUE(Again());
  EXPECT_TRUE(Again());
  EXPECT_EQ(Body(), before);
}

}  // namespace
}  // namespace geflecht::crdt
