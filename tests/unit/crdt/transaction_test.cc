// Items and nodes, edited through paths and places.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/rng.h"
#include "crdt/document.h"

namespace geflecht::crdt {
namespace {

const Schema kSchema{
    .type = "note",
    .version = 1,
    .fields = {{"items", FieldType::kList, false}, {"agenda", FieldType::kTree, false}}};

AgentId Agent(int number) {
  AgentId id;
  id.bytes[0] = static_cast<std::uint8_t>(number);
  return id;
}

Change Cut(Document& document, int agent, int id) {
  Document::Cut cut = document.TakeOpen();
  Change change{{}, Agent(agent), std::move(cut.parents), std::move(cut.edits)};
  change.id.bytes[30] = static_cast<std::uint8_t>(id / 256);
  change.id.bytes[31] = static_cast<std::uint8_t>(id);
  document.Apply(change);
  return change;
}

std::vector<std::int64_t> Numbers(const Document& document) {
  std::vector<std::int64_t> out;
  const std::vector<Slot> items = *document.List("/items");
  for (const Slot& slot : items) out.push_back(std::get<std::int64_t>(std::get<Value>(slot)));
  return out;
}

Result<void> InsertNumbers(Transaction& edit, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i)
    TRY(edit.InsertItem("/items", static_cast<std::uint64_t>(i), i));
  return {};
}

// "a(b c)": the titles of the nodes with what is below them.
std::string Outline(const Document& document, const ContainerId& parent = {}) {
  std::string out;
  const Tree tree = *document.ReadTree("/agenda");
  for (const TreeNode& node : tree.nodes) {
    if (node.parent != parent) continue;
    const auto title = document.Get("/agenda/" + node.id + "/title");
    out += (out.empty() ? "" : " ") +
           (title ? std::get<std::string>(std::get<Value>(title->writings[0].slot)) : "?");
    const std::string below = Outline(document, node.id);
    if (!below.empty()) out += "(" + below + ")";
  }
  return out;
}

// Creates a node with a title.
ContainerId Add(Document& document, const ContainerId& parent, std::uint64_t index,
                const char* title) {
  ContainerId id;
  const Result<void> done = document.Edit([&](Transaction& edit) -> Result<void> {
    ASSIGN(id, edit.CreateNode("/agenda", parent, index));
    return edit.Set("/agenda/" + id + "/title", std::string(title));
  });
  EXPECT_TRUE(done) << done.error().detail;
  return id;
}

std::string Refusal(Document& document, const std::function<Result<void>(Transaction&)>& edit) {
  const std::string before = Outline(document);
  const Result<void> done = document.Edit(edit);
  if (!done) {
    EXPECT_EQ(Outline(document), before);
  }
  return done ? "done" : done.error().code == Code::kUsage ? done.error().detail : "no kUsage";
}

TEST(Transaction, ItemsAreSetAndMovedAndKeepTheirIdentity) {
  Document left(kSchema, Agent(1)), right(kSchema, Agent(2));
  ASSERT_TRUE(left.Edit([](Transaction& edit) { return InsertNumbers(edit, 4); }));
  right.Apply(Cut(left, 1, 1));
  ASSERT_TRUE(left.Edit([](Transaction& edit) -> Result<void> {
    TRY(edit.SetItem("/items", 1, std::int64_t{11}));
    return edit.MoveItem("/items", 1, 4);
  }));
  EXPECT_EQ(Numbers(left), (std::vector<std::int64_t>{0, 2, 3, 11}));
  ASSERT_TRUE(right.Edit([](Transaction& edit) { return edit.MoveItem("/items", 1, 0); }));
  EXPECT_EQ(Numbers(right), (std::vector<std::int64_t>{1, 0, 2, 3}));
  const Change a = Cut(left, 1, 2), b = Cut(right, 2, 3);
  left.Apply(b);
  right.Apply(a);
  EXPECT_EQ(Numbers(left), (std::vector<std::int64_t>{11, 0, 2, 3}));
  EXPECT_EQ(Numbers(right), Numbers(left));
  ASSERT_TRUE(left.Edit([](Transaction& edit) -> Result<void> {
    TRY(edit.SetItemChild("/items", 0, ContainerType::kMap));
    return edit.Set("/items/0/name", true);
  }));
  EXPECT_TRUE(left.Get("/items/0/name"));
}

TEST(Transaction, WhatIsNotThereIsNeitherSetNorMoved) {
  Document document(kSchema, Agent(1));
  ASSERT_TRUE(document.Edit([](Transaction& edit) { return InsertNumbers(edit, 2); }));
  const auto refused = [&](const std::function<Result<void>(Transaction&)>& edit) {
    const Result<void> done = document.Edit(edit);
    EXPECT_EQ(Numbers(document).size(), 2u);
    return !done && done.error().code == Code::kUsage;
  };
  EXPECT_TRUE(refused([](Transaction& edit) { return edit.SetItem("/items", 2, true); }));
  EXPECT_TRUE(refused([](Transaction& edit) { return edit.MoveItem("/items", 2, 0); }));
  EXPECT_TRUE(refused([](Transaction& edit) { return edit.MoveItem("/items", 0, 3); }));
  EXPECT_TRUE(refused([](Transaction& edit) { return edit.SetItem("/agenda", 0, true); }));
  EXPECT_TRUE(refused([](Transaction& edit) { return edit.SetItem("/none", 0, true); }));
}

TEST(Transaction, NodesStandWhereTheyWerePut) {
  Document left(kSchema, Agent(1)), right(kSchema, Agent(2));
  const ContainerId a = Add(left, "", 0, "a");
  EXPECT_EQ(a.substr(0, 2), "#:");
  Add(left, "", 1, "c");
  Add(left, "", 1, "b");
  Add(left, a, 0, "d");
  Add(left, a, 0, "e");
  EXPECT_EQ(Outline(left), "a(e d) b c");
  right.Apply(Cut(left, 1, 1));
  EXPECT_EQ(Outline(right), "a(e d) b c");

  const std::vector<TreeNode> nodes = right.ReadTree("/agenda")->nodes;  // a b c e d
  const ContainerId &top = nodes[0].id, &b = nodes[1].id, &c = nodes[2].id, &e = nodes[3].id;
  ASSERT_TRUE(right.Edit([&](Transaction& edit) -> Result<void> {
    TRY(edit.MoveNode("/agenda", c, "", 0));
    TRY(edit.MoveNode("/agenda", top, b, 0));
    return edit.MoveNode("/agenda", e, "", 2);
  }));
  EXPECT_EQ(Outline(right), "c b(a(d)) e");
  ASSERT_TRUE(right.Edit([&](Transaction& edit) { return edit.RemoveNode("/agenda", b); }));
  EXPECT_EQ(Outline(right), "c e");
  ASSERT_TRUE(right.Edit([&](Transaction& edit) { return edit.MoveNode("/agenda", top, c, 0); }));
  EXPECT_EQ(Outline(right), "c(a(d)) e");
  left.Apply(Cut(right, 2, 2));
  EXPECT_EQ(Outline(left), "c(a(d)) e");
}

TEST(Transaction, ANodeIsNotPutBelowItselfNorWhereNothingIs) {
  Document document(kSchema, Agent(1));
  const ContainerId a = Add(document, "", 0, "a"), b = Add(document, a, 0, "b");
  const auto move = [&](const ContainerId& node, const ContainerId& parent, std::uint64_t index) {
    return Refusal(
        document, [&](Transaction& edit) { return edit.MoveNode("/agenda", node, parent, index); });
  };
  EXPECT_EQ(move(a, b, 0), "below-itself");
  EXPECT_EQ(move(a, a, 0), "below-itself");
  EXPECT_EQ(move(a, "", 1), "position-out-of-range") << "the node itself does not count";
  EXPECT_EQ(move(a, "#:99", 0), "unknown-node");
  EXPECT_EQ(move("", a, 0), "unknown-node");
  EXPECT_EQ(move(b, "", 1), "done");
}

// Two writers that choose the same key leave no room between their nodes.
TEST(Transaction, SiblingsWithOneKeyMakeRoom) {
  Document document(kSchema, Agent(1));
  ASSERT_TRUE(document.Edit([](Transaction& edit) -> Result<void> {
    for (int i = 0; i < 4; ++i) TRY(edit.Stage(CreateNode{"/agenda", "", i < 3 ? "b" : "c"}));
    for (int i = 0; i < 4; ++i)
      TRY(edit.Set("/agenda/#:" + std::to_string(i) + "/title", std::string(1, "stuv"[i])));
    return {};
  }));
  EXPECT_EQ(Outline(document), "s t u v");
  const std::size_t before = document.OpenEdits().size();
  Add(document, "", 1, "x");
  EXPECT_EQ(Outline(document), "s x t u v");
  // Only "t" and "u" are in the way.
  const auto moves =
      std::count_if(document.OpenEdits().begin() + static_cast<std::ptrdiff_t>(before),
                    document.OpenEdits().end(),
                    [](const Edit& edit) { return std::holds_alternative<MoveNode>(edit); });
  EXPECT_EQ(moves, 2);
  Add(document, "", 3, "y");
  EXPECT_EQ(Outline(document), "s x t y u v");
}

TEST(Transaction, AnItemThatAnExcludedChangeMovedCanBeEditedWhereItIsShown) {
  Document document(kSchema, Agent(1));
  ASSERT_TRUE(document.Edit([](Transaction& edit) { return InsertNumbers(edit, 4); }));
  Cut(document, 1, 1);
  ASSERT_TRUE(document.Edit([](Transaction& edit) { return edit.MoveItem("/items", 1, 4); }));
  document.Exclude(Cut(document, 1, 2).id);
  EXPECT_EQ(Numbers(document), (std::vector<std::int64_t>{0, 1, 2, 3}));
  ASSERT_TRUE(document.Edit([](Transaction& edit) { return edit.SetItem("/items", 1, true); }));
  EXPECT_EQ(document.List("/items")->at(1), Slot(Value(true)));
  // In the eyes of writers the item stands at the end.
  ASSERT_TRUE(document.Edit([](Transaction& edit) { return edit.RemoveItems("/items", 1, 2); }));
  EXPECT_EQ(Numbers(document), (std::vector<std::int64_t>{0, 3}));
}

// A user who does not see what an excluded change did edits the items that are shown.
class Beside {
 public:
  explicit Beside(std::uint64_t seed) : random_(seed) {}

  void Prepare() {
    for (int i = 0; i < 3; ++i) sites_.emplace_back(kSchema, Agent(i + 1));
    for (int round = 0; round < 24; ++round) {
      const int number = static_cast<int>(random_.Below(3));
      Document& site = sites_[static_cast<std::size_t>(number)];
      if (random_.Below(3) == 0)
        for (const Change& change : changes_) site.Apply(change);
      const Result<void> done = site.Edit([&](Transaction& edit) { return One(edit, site); });
      if (done && site.HasOpen()) changes_.push_back(Cut(site, number + 1, round + 1));
    }
    for (Document* const document : {&document_, &other_})
      for (const Change& change : changes_) document->Apply(change);
    for (const Change& change : changes_) {
      if (random_.Below(3) != 0) continue;
      document_.Exclude(change.id);
      other_.Exclude(change.id);
    }
  }

  // Whether the edit was possible.
  bool EditOnce() {
    std::vector<std::int64_t> expected = Numbers(document_);
    if (expected.empty()) return true;
    const std::uint64_t at = random_.Below(expected.size());
    const bool sets = random_.Below(2) == 0;
    const auto value = static_cast<std::int64_t>(1000 + random_.Below(1000));
    const Result<void> done = document_.Edit([&](Transaction& edit) {
      return sets ? edit.SetItem("/items", at, value) : edit.RemoveItems("/items", at, 1);
    });
    if (!done) {
      EXPECT_EQ(done.error().detail, "removed-by-excluded");
      return false;
    }
    const auto place = expected.begin() + static_cast<std::ptrdiff_t>(at);
    if (sets) {
      *place = value;
    } else {
      expected.erase(place);
    }
    EXPECT_EQ(Numbers(document_), expected);
    return true;
  }

  // Whether the item could be moved; then it stands between the same neighbours.
  bool MoveOnce() {
    const std::vector<std::int64_t> before = Numbers(document_);
    if (before.empty()) return true;
    const std::uint64_t from = random_.Below(before.size()), to = random_.Below(before.size() + 1);
    const Result<void> done =
        document_.Edit([&](Transaction& edit) { return edit.MoveItem("/items", from, to); });
    if (!done) return false;
    std::vector<std::int64_t> now = Numbers(document_), rest = before;
    EXPECT_EQ(now.size(), before.size());
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(from));
    const auto moved = std::find(now.begin(), now.end(), before[static_cast<std::size_t>(from)]);
    EXPECT_NE(moved, now.end());
    if (moved != now.end()) now.erase(moved);
    EXPECT_EQ(now, rest) << "only one item moves";
    return true;
  }

  void Refuses() {
    const std::uint64_t length = Numbers(document_).size();
    const auto fails = [&](const std::function<Result<void>(Transaction&)>& edit) {
      EXPECT_FALSE(document_.Edit(edit));
    };
    fails([&](Transaction& edit) { return edit.SetItem("/items", length, true); });
    fails([&](Transaction& edit) { return edit.MoveItem("/items", length, 0); });
    fails([&](Transaction& edit) { return edit.MoveItem("/items", 0, length + 1); });
    fails([&](Transaction& edit) { return edit.InsertItem("/items", length + 1, true); });
    fails([&](Transaction& edit) { return edit.RemoveItems("/items", length, 1); });
  }

  void Compare() {
    if (!document_.HasOpen()) return;
    const std::vector<std::int64_t> open = Numbers(document_);
    other_.Apply(Cut(document_, 9, next_++));
    EXPECT_EQ(Numbers(document_), open);
    EXPECT_EQ(Numbers(other_), open);
  }

 private:
  Result<void> One(Transaction& edit, const Document& site) {
    const std::uint64_t length = Numbers(site).size();
    const std::uint64_t kind = length == 0 ? 0 : random_.Below(5);
    if (kind < 2) return edit.InsertItem("/items", random_.Below(length + 1), next_value_++);
    const std::uint64_t at = random_.Below(length);
    if (kind == 2) return edit.RemoveItems("/items", at, 1);
    if (kind == 3) return edit.SetItem("/items", at, next_value_++);
    return edit.MoveItem("/items", at, random_.Below(length + 1));
  }

  SeededRandom random_;
  std::vector<Document> sites_;
  std::vector<Change> changes_;
  Document document_{kSchema, Agent(9)}, other_{kSchema, Agent(8)};
  std::int64_t next_value_ = 0;
  int next_ = 100;
};

TEST(Transaction, ItemsBesideWhatExcludedChangesDidAreThoseThatAreShown) {
  std::size_t edited = 0, moved = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Beside beside(seed);
    beside.Prepare();
    for (int round = 0; round < 6; ++round) {
      edited += beside.EditOnce();
      moved += beside.MoveOnce();
      beside.Refuses();
      beside.Compare();
    }
    if (HasFailure()) return;
  }
  EXPECT_TRUE(edited > 250 && moved > 250) << edited << " " << moved;
}

}  // namespace
}  // namespace geflecht::crdt
