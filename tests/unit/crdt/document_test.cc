#include "crdt/document.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace geflecht::crdt {
namespace {

const Schema kSchema{.type = "contact",
                     .version = 1,
                     .fields = {{"name", FieldType::kValue, true},
                                {"notes", FieldType::kText, true},
                                {"items", FieldType::kList, false},
                                {"meta", FieldType::kMap, false},
                                {"total", FieldType::kCounter, false}}};

AgentId Agent(int number) {
  AgentId id;
  id.bytes[0] = static_cast<std::uint8_t>(number);
  return id;
}
ChangeId Id(int number) {
  ChangeId id;
  id.bytes[31] = static_cast<std::uint8_t>(number);
  return id;
}

Change Cut(Document& document, int agent, int id) {
  Document::Cut cut = document.TakeOpen();
  Change change{Id(id), Agent(agent), std::move(cut.parents), std::move(cut.edits)};
  document.Apply(change);
  return change;
}

struct Pair {
  Document left{kSchema, Agent(1)}, right{kSchema, Agent(2)};
  Change Left(int id, const std::function<Result<void>(Transaction&)>& edits) {
    EXPECT_TRUE(left.Edit(edits));
    return Cut(left, 1, id);
  }
  Change Right(int id, const std::function<Result<void>(Transaction&)>& edits) {
    EXPECT_TRUE(right.Edit(edits));
    return Cut(right, 2, id);
  }
};

Slot Text(const char* text) { return Value(std::string(text)); }

TEST(Document, StartsWithTheDeclaredContainers) {
  const Document document(kSchema, Agent(1));
  EXPECT_EQ(document.Text("/notes").value(), "");
  EXPECT_EQ(document.List("/items").value().size(), 0u);
  EXPECT_EQ(document.Counter("/total").value(), 0);
  EXPECT_EQ(document.Map("/meta").value().size(), 0u);
  EXPECT_EQ(document.Map("").value().size(), 4u);
  EXPECT_EQ(std::get<Child>(document.Get("/notes").value().writings[0].slot).id, "/notes");
  EXPECT_EQ(document.Get("/name").error().code, Code::kNotFound);
  EXPECT_EQ(document.Text("/nothing").error().code, Code::kNotFound);
  EXPECT_EQ(document.Text("/items").error().code, Code::kUsage);
  EXPECT_EQ(document.Text("notes").error().code, Code::kUsage);
  EXPECT_EQ(document.Text("/items/0").error().code, Code::kNotFound);
}

TEST(Document, NestedContainersAreReachedByPath) {
  Document document(kSchema, Agent(1));
  const Result<void> done = document.Edit([](Transaction& edit) -> Result<void> {
    TRY(edit.InsertChild("/items", 0, ContainerType::kMap));
    TRY(edit.Set("/items/0/a~1b", std::int64_t{7}));
    TRY(edit.SetChild("/items/0/t", ContainerType::kText));
    TRY(edit.InsertText("/items/0/t", 0, "grün"));
    TRY(edit.RemoveText("/items/0/t", 2, 1));
    return edit.Increment("/total", -3);
  });
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(std::get<Child>(document.List("/items").value()[0]).id, "#:0");
  const Change change = Cut(document, 1, 1);
  EXPECT_EQ(std::get<Child>(document.List("/items").value()[0]).id, "#" + Id(1).Hex() + ":0");
  EXPECT_EQ(document.Text("/items/0/t").value(), "grn");
  EXPECT_EQ(document.Get("/items/0/a~1b").value().key, "a/b");
  EXPECT_EQ(document.Get("/items/0/a~1b").value().writings[0].change, Id(1));
  EXPECT_EQ(document.Counter("/total").value(), -3);
  Document other(kSchema, Agent(2));
  EXPECT_EQ(other.Apply(change), Applied::kNew);
  EXPECT_EQ(other.Apply(change), Applied::kKnown);
  EXPECT_EQ(other.Text("/items/0/t").value(), "grn");
  EXPECT_EQ(other.heads(), Heads{Id(1)});
}

// The map of the last key is remembered; what was there may be another container now, or none.
TEST(Document, AKeyIsSetInTheMapThatStandsAtItsPathNow) {
  Document document(kSchema, Agent(1));
  const auto set = [](Document& in, const char* path, std::int64_t value) {
    return in.Edit([&](Transaction& edit) { return edit.Set(path, value); });
  };
  const auto taken_back = document.Edit([&](Transaction& edit) -> Result<void> {
    TRY(edit.SetChild("/meta/a", ContainerType::kMap));
    TRY(edit.Set("/meta/a/k", std::int64_t{1}));
    return edit.Set("/meta/nowhere/k", std::int64_t{1});
  });
  EXPECT_EQ(taken_back.error().code, Code::kUsage);
  ASSERT_TRUE(document.RestoreOpen({SetKey{"/meta", "b", ContainerType::kMap}}));
  EXPECT_FALSE(set(document, "/meta/a/k", 3));
  EXPECT_EQ(document.Map("/meta/b").value().size(), 0u);
  ASSERT_TRUE(set(document, "/meta/b/k", 4));
  const Change first = Cut(document, 1, 1);
  Document other(kSchema, Agent(2));
  other.Apply(first);
  ASSERT_TRUE(set(other, "/meta/b", 5));
  document.Apply(Cut(other, 2, 2));
  EXPECT_FALSE(set(document, "/meta/b/k", 6));
}

// Items of a list change their paths.
TEST(Document, AKeyIsSetInTheItemThatHasTheIndexNow) {
  Document document(kSchema, Agent(1));
  const auto done = document.Edit([](Transaction& edit) -> Result<void> {
    TRY(edit.InsertChild("/items", 0, ContainerType::kMap));
    TRY(edit.Set("/items/0/k", std::int64_t{1}));
    TRY(edit.InsertChild("/items", 0, ContainerType::kMap));
    return edit.Set("/items/0/k", std::int64_t{2});
  });
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(document.Get("/items/0/k").value().writings[0].slot, Slot(Value(std::int64_t{2})));
  EXPECT_EQ(document.Get("/items/1/k").value().writings[0].slot, Slot(Value(std::int64_t{1})));
}

TEST(Document, TwoValuesOfAKeyAreAConflictUntilItIsSet) {
  Pair pair;
  const Change a =
      pair.Left(1, [](Transaction& edit) { return edit.Set("/name", std::string("A")); });
  const Change b =
      pair.Right(2, [](Transaction& edit) { return edit.Set("/name", std::string("B")); });
  pair.left.Apply(b);
  pair.right.Apply(a);
  for (Document* document : {&pair.left, &pair.right}) {
    const std::vector<Conflict> conflicts = document->Conflicts();
    ASSERT_EQ(conflicts.size(), 1u);
    EXPECT_EQ(conflicts[0].path, "/name");
    EXPECT_EQ(conflicts[0].writings[0], (Writing{Text("B"), false, Id(2), Agent(2)}));
    EXPECT_EQ(conflicts[0].writings[1], (Writing{Text("A"), false, Id(1), Agent(1)}));
  }
  EXPECT_EQ(pair.left.Resolve("/name", 2).error().code, Code::kUsage);
  ASSERT_TRUE(pair.left.Resolve("/name", 1));
  EXPECT_TRUE(pair.left.Conflicts().empty());
  EXPECT_EQ(pair.left.Resolve("/name", 0).error().code, Code::kNotFound);
  pair.right.Apply(Cut(pair.left, 1, 3));
  EXPECT_TRUE(pair.right.Conflicts().empty());
  EXPECT_EQ(pair.right.Get("/name").value().writings[0].slot, Text("A"));
}

TEST(Document, EqualValuesWrittenAtOnceAreNoConflict) {
  Pair pair;
  const auto set = [](Transaction& edit) { return edit.Set("/name", std::string("A")); };
  const Change a = pair.Left(1, set), b = pair.Right(2, set);
  pair.left.Apply(b);
  EXPECT_TRUE(pair.left.Conflicts().empty());
  EXPECT_EQ(pair.left.Get("/name").value().writings.size(), 1u);
}

TEST(Document, UpdateWinsOverConcurrentRemovalAndIsReported) {
  Pair pair;
  pair.right.Apply(pair.Left(1, [](Transaction& e) { return e.Set("/name", std::string("A")); }));
  const Change update =
      pair.Left(9, [](Transaction& edit) { return edit.Set("/name", std::string("new")); });
  // The removal has the greater Lamport time.
  pair.Right(2, [](Transaction& edit) { return edit.Set("/name", std::string("x")); });
  pair.Right(3, [](Transaction& edit) { return edit.RemoveKey("/name"); });
  EXPECT_EQ(pair.right.Get("/name").error().code, Code::kNotFound);
  pair.right.Apply(update);
  const Register found = pair.right.Get("/name").value();
  ASSERT_EQ(found.writings.size(), 2u);
  EXPECT_EQ(found.writings[0].slot, Text("new"));
  EXPECT_TRUE(found.writings[1].removed);
  ASSERT_TRUE(pair.right.Resolve("/name", 1));
  EXPECT_EQ(pair.right.Get("/name").error().code, Code::kNotFound);
}

TEST(Document, EditInsideAChildWinsOverItsConcurrentRemoval) {
  Pair pair;
  pair.right.Apply(pair.Left(1, [](Transaction& edit) -> Result<void> {
    TRY(edit.SetChild("/meta/address", ContainerType::kMap));
    return edit.Set("/meta/address/street", std::string("old"));
  }));
  const Change update = pair.Left(
      2, [](Transaction& edit) { return edit.Set("/meta/address/street", std::string("new")); });
  const Change removal =
      pair.Right(3, [](Transaction& edit) { return edit.RemoveKey("/meta/address"); });
  EXPECT_EQ(pair.right.Get("/meta/address").error().code, Code::kNotFound);
  pair.right.Apply(update);
  pair.left.Apply(removal);
  for (Document* document : {&pair.left, &pair.right}) {
    EXPECT_EQ(document->Get("/meta/address/street").value().writings[0].slot, Text("new"));
    ASSERT_EQ(document->Conflicts().size(), 1u);
    EXPECT_EQ(document->Conflicts()[0].path, "/meta/address");
  }
  ASSERT_TRUE(pair.left.Resolve("/meta/address", 0));
  EXPECT_TRUE(pair.left.Conflicts().empty());
  EXPECT_EQ(pair.left.Get("/meta/address/street").value().writings[0].slot, Text("new"));
}

TEST(Document, ResolvingForAChildKeepsAllOfItsContent) {
  Pair pair;
  const Change a = pair.Left(1, [](Transaction& edit) -> Result<void> {
    TRY(edit.SetChild("/meta/x", ContainerType::kMap));
    TRY(edit.SetChild("/meta/x/t", ContainerType::kText));
    TRY(edit.InsertText("/meta/x/t", 0, "text"));
    TRY(edit.SetChild("/meta/x/l", ContainerType::kList));
    TRY(edit.InsertItem("/meta/x/l", 0, true));
    TRY(edit.InsertChild("/meta/x/l", 1, ContainerType::kCounter));
    return edit.Increment("/meta/x/l/1", 5);
  });
  const Change b = pair.Right(2, [](Transaction& e) { return e.Set("/meta/x", Value()); });
  pair.left.Apply(b);
  ASSERT_EQ(pair.left.Get("/meta/x").value().writings.size(), 2u);
  ASSERT_TRUE(pair.left.Resolve("/meta/x", 1));
  pair.right.Apply(a);
  pair.right.Apply(Cut(pair.left, 1, 3));
  EXPECT_TRUE(pair.right.Conflicts().empty());
  EXPECT_TRUE(pair.right.Voids().empty());
  EXPECT_EQ(pair.right.Text("/meta/x/t").value(), "text");
  EXPECT_EQ(pair.right.Counter("/meta/x/l/1").value(), 5);
}

TEST(Document, DeclaredListsOfTwoMeanTheSameOne) {
  Pair pair;
  const Change a =
      pair.Left(1, [](Transaction& e) { return e.InsertItem("/items", 0, std::string("a")); });
  const Change b =
      pair.Right(2, [](Transaction& e) { return e.InsertItem("/items", 0, std::string("b")); });
  pair.left.Apply(b);
  EXPECT_EQ(pair.left.List("/items").value(), (std::vector<Slot>{Text("a"), Text("b")}));
}

TEST(Document, CountersAddUpAndNeverOverflow) {
  Pair pair;
  const std::int64_t most = INT64_MAX;
  const Change a = pair.Left(1, [&](Transaction& edit) { return edit.Increment("/total", most); });
  const Change b = pair.Right(2, [&](Transaction& edit) { return edit.Increment("/total", most); });
  EXPECT_FALSE(pair.left.Edit([](Transaction& edit) { return edit.Increment("/total", 1); }));
  pair.left.Apply(b);
  EXPECT_EQ(pair.left.Counter("/total").value(), most);
  pair.Left(3, [](Transaction& edit) { return edit.Increment("/total", -10); });
}

TEST(Document, ChangesWaitForTheirParents) {
  Pair pair;
  const auto type = [](Transaction& edit) { return edit.InsertText("/notes", 0, "x"); };
  const Change a = pair.Left(1, type), b = pair.Left(2, type), c = pair.Left(3, type);
  EXPECT_EQ(pair.right.Apply(c), Applied::kWaiting);
  EXPECT_EQ(pair.right.Apply(c), Applied::kWaiting);
  EXPECT_EQ(pair.right.Apply(b), Applied::kWaiting);
  EXPECT_EQ(pair.right.Waiting(), (std::vector<ChangeId>{Id(2), Id(3)}));
  EXPECT_EQ(pair.right.Apply(a), Applied::kNew);
  EXPECT_TRUE(pair.right.Waiting().empty());
  EXPECT_EQ(pair.right.Text("/notes").value(), "xxx");
  EXPECT_TRUE(pair.right.Contains(Id(3), Id(1)));
  EXPECT_FALSE(pair.right.Contains(Id(1), Id(3)));
}

TEST(Document, ReplaceTextMakesTheSmallestEdits) {
  Document document(kSchema, Agent(1));
  ASSERT_TRUE(
      document.Edit([](Transaction& e) { return e.ReplaceText("/notes", "Haus und Hof"); }));
  ASSERT_TRUE(
      document.Edit([](Transaction& e) { return e.ReplaceText("/notes", "Maus und Höfe"); }));
  EXPECT_EQ(document.Text("/notes").value(), "Maus und Höfe");
  EXPECT_EQ(document.OpenEdits().size(), 6u);
  EXPECT_FALSE(document.Edit([](Transaction& e) { return e.ReplaceText("/notes", "\xFF"); }));
}

TEST(Document, RestoringEditsThatDoNotFitFails) {
  Document document(kSchema, Agent(1));
  const Result<void> restored =
      document.RestoreOpen({InsertText{"/notes", 0, "a"}, Remove{"/notes", 1, 1}});
  EXPECT_EQ(restored.error().code, Code::kMalformed);
  EXPECT_FALSE(document.HasOpen());
  EXPECT_EQ(document.Text("/notes").value(), "");
  EXPECT_TRUE(document.OpenEdits().empty());
}

TEST(Transaction, RefusesWhatDoesNotFit) {
  Document document(kSchema, Agent(1));
  const auto refused = [&](const std::function<Result<void>(Transaction&)>& edits) {
    const Result<void> done = document.Edit(edits);
    return !done && done.error().code == Code::kUsage && !document.HasOpen();
  };
  EXPECT_TRUE(refused([](Transaction& e) { return e.Set("", Value()); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.Set("/", Value()); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.Set("/notes", Value()); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.Set("/nothing/x", Value()); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.Set("/items/0", Value()); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.Set("/name", std::string("\xC3")); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.SetChild("/name", ContainerType::kText); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.RemoveKey("/name"); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.RemoveKey("/notes"); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.InsertText("/notes", 1, "x"); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.InsertText("/notes", 0, ""); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.InsertText("/notes", 0, "\xED\xA0\x80"); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.RemoveText("/notes", 0, 1); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.RemoveItems("/items", 0, 1); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.InsertItem("/items", 1, Value()); }));
  EXPECT_TRUE(refused([](Transaction& e) { return e.Increment("/notes", 1); }));
}

// 2 replaces a child that nobody has edited; 3, which does not know 2, does so too and then edits
// the old child. It knew of its own replacement, so the child stays away in whatever order they
// come.
TEST(Map, AChildReplacedTwiceStaysAway) {
  ChangeId ids[4];
  for (std::uint8_t i = 0; i < 4; ++i) ids[i].bytes[31] = i;
  const std::string child = "#" + ids[1].Hex() + ":0";
  const Change made{ids[1], AgentId{}, {}, {SetKey{"", "x", ContainerType::kMap}}};
  const Change one{ids[2], AgentId{}, {ids[1]}, {SetKey{"", "x", Value(true)}}};
  const Change other{ids[3],
                     AgentId{},
                     {ids[1]},
                     {SetKey{"", "x", Value(false)}, SetKey{child, "y", Value(true)}}};
  for (const std::vector<Change>& order : {std::vector{made, one, other}, {made, other, one}}) {
    Document document(Schema{.type = "t", .version = 1, .fields = {}}, AgentId{});
    for (const Change& change : order) document.Apply(change);
    const auto found = document.Get("/x");
    ASSERT_TRUE(found);
    for (const Writing& writing : found->writings)
      EXPECT_TRUE(std::holds_alternative<Value>(writing.slot));
  }
}

}  // namespace
}  // namespace geflecht::crdt
