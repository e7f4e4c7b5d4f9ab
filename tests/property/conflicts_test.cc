// What several did at once is listed alike everywhere, until somebody settles it.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "crdt/document.h"
#include "crdt/passages.h"
#include "crdt/path.h"
#include "engine.h"
#include "histories.h"
#include "tests/oracle/describe.h"
#include "tests/property/cases.h"

namespace geflecht::crdt {
namespace {

using Kind = Conflict::Kind;

std::string Line(const Conflict& conflict) {
  static const char* const kKinds[] = {"key", "item", "move", "node", "passage"};
  std::string out = std::string(kKinds[static_cast<int>(conflict.kind)]) + " " + conflict.path;
  for (const Writing& one : conflict.writings)
    out += " " + (one.removed ? std::string("removed") : oracle::DescribeSlot(one.slot)) +
           oracle::DescribeBy(one.change) + one.agent.Hex().substr(0, 2);
  for (const ConcurrentSide& side : conflict.sides)
    out += " |" + side.agent.Hex().substr(0, 2) + side.inserted + "-" + side.removed;
  return out + "\n";
}

std::string Lines(const std::vector<Conflict>& conflicts) {
  std::string out;
  for (const Conflict& conflict : conflicts) out += Line(conflict);
  return out;
}

// How often each kind has to be listed, by what the state shows, which is compared with the oracle
// elsewhere.
std::multiset<std::string> Expected(const Document& document) {
  std::multiset<std::string> out;
  const std::function<void(const std::string&, const Slot&)> visit = [&](const std::string& path,
                                                                         const Slot& slot) {
    const auto* child = std::get_if<Child>(&slot);
    if (child == nullptr) return;
    if (child->type == ContainerType::kMap) {
      const std::vector<Register> entries = *document.Map(path);
      for (const Register& entry : entries) {
        const std::string at = JoinPath(path, entry.key);
        if (entry.writings.size() > 1) out.insert("0" + at);
        visit(at, entry.writings[0].slot);
      }
    }
    if (child->type == ContainerType::kList) {
      const std::vector<ListItem> items = *document.Items(path);
      for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string at = path + "/" + std::to_string(i);
        if (items[i].writings.size() > 1) out.insert("1" + at);
        if (items[i].moves.size() > 1) out.insert("2" + at);
        visit(at, items[i].writings[0].slot);
      }
    }
    if (child->type == ContainerType::kTree) {
      const Tree tree = *document.ReadTree(path);
      for (const TreeContest& contest : tree.contests) out.insert("3" + path + "/" + contest.node);
      for (const TreeNode& node : tree.nodes)
        visit(path + "/" + node.id, Child{ContainerType::kMap, node.id});
    }
    if (child->type == ContainerType::kText)
      for (std::size_t n = Passages(document, path)->size(); n > 0; --n) out.insert("4" + path);
  };
  visit("", Child{ContainerType::kMap, ""});
  return out;
}

std::multiset<std::string> Listed(const std::vector<Conflict>& conflicts) {
  std::multiset<std::string> out;
  for (const Conflict& conflict : conflicts)
    out.insert(std::to_string(static_cast<int>(conflict.kind)) + conflict.path);
  return out;
}

// Moves and removals of nodes without effect are conflicts of these nodes.
std::set<ChangeId> WithoutEffect(const Document& document) {
  std::set<ChangeId> out;
  const Result<Tree> tree = document.ReadTree("/agenda");
  out.insert(tree->cycles.begin(), tree->cycles.end());
  out.insert(tree->kept.begin(), tree->kept.end());
  return out;
}

History MakeContested(Random& random) {
  static const char* const kFocus[] = {"/notes", "/items", "/items", "/agenda"};
  HistoryShape shape;
  shape.focus = kFocus[random.Below(4)];
  shape.actions_max = 150;
  return MakeHistory(random, shape);
}

TEST(Conflicts, AreWhatTheStateShowsAndTheSameOnEveryNode) {
  std::size_t kinds[5] = {};
  for (const std::uint64_t seed : Seeds(100)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    History history = MakeContested(random);
    Document document(HistorySchema(), HistoryAgent(99)), other(HistorySchema(), HistoryAgent(98));
    for (const Change& change : history.changes) document.Apply(change);
    Shuffle(history.changes, random);
    for (const Change& change : history.changes) other.Apply(change);
    for (int i = 0; i < 2 && random.Below(2) == 0; ++i) {
      const ChangeId& id = history.changes[random.Below(history.changes.size())].id;
      document.Exclude(id);
      other.Exclude(id);
    }
    const std::vector<Conflict> conflicts = document.Conflicts();
    ASSERT_EQ(Lines(conflicts), Lines(other.Conflicts()));
    std::set<ChangeId> idle = WithoutEffect(document);
    std::multiset<std::string> listed = Listed(conflicts), expected = Expected(document);
    for (const Conflict& conflict : conflicts) {
      ++kinds[static_cast<int>(conflict.kind)];
      if (conflict.kind == Kind::kPassage) {
        ASSERT_GE(conflict.sides.size(), 2u);
        continue;
      }
      ASSERT_GE(conflict.writings.size(), 2u);
      for (const Writing& one : conflict.writings) idle.erase(one.change);
      const std::string name = "3" + conflict.path;
      if (conflict.kind == Kind::kNode && !expected.contains(name)) expected.insert(name);
    }
    ASSERT_TRUE(idle.empty());
    ASSERT_EQ(listed, expected);
    std::vector<Conflict> contests = document.Contests();
    ASSERT_EQ(Lines(contests).find("passage"), std::string::npos);
  }
  for (const std::size_t found : kinds) EXPECT_GT(found, 2u);
}

// The shown items of the list that a path leads into.
std::vector<ListItem> ItemsAt(const Document& document, const std::string& path) {
  return *document.Items(path.substr(0, path.rfind('/')));
}

void ExpectSettled(const Document& before, const Document& after, const Conflict& conflict,
                   std::size_t n) {
  const Writing& chosen = conflict.writings[n];
  const bool child = std::holds_alternative<Child>(chosen.slot);
  const std::vector<Conflict> left = after.Contests();
  const auto listed = std::any_of(left.begin(), left.end(), [&](const Conflict& other) {
    return other.path == conflict.path && other.kind == conflict.kind;
  });
  if (conflict.kind == Kind::kKey) {
    EXPECT_FALSE(listed);
    const auto now = after.Get(conflict.path);
    EXPECT_EQ(now.has_value(), !chosen.removed);
    if (now && !child) {
      EXPECT_EQ(now->writings[0].slot, chosen.slot);
    }
  }
  if (conflict.kind == Kind::kNode) {
    EXPECT_FALSE(listed);
  }
  if (conflict.kind != Kind::kItem && conflict.kind != Kind::kMove) return;
  const std::vector<ListItem> items = ItemsAt(before, conflict.path),
                              now = ItemsAt(after, conflict.path);
  const bool removed = conflict.kind == Kind::kItem && chosen.removed;
  EXPECT_EQ(now.size(), items.size() - (removed ? 1 : 0));
  if (removed) return;
  const std::size_t index = std::stoul(conflict.path.substr(conflict.path.rfind('/') + 1));
  const auto contested = [](const std::vector<ListItem>& list) {
    return std::count_if(list.begin(), list.end(),
                         [](const auto& i) { return i.moves.size() > 1; });
  };
  if (conflict.kind == Kind::kItem) {
    EXPECT_FALSE(listed);
    if (!child) {
      EXPECT_EQ(now[index].writings[0].slot, chosen.slot);
    }
  } else {
    EXPECT_EQ(contested(now), contested(items) - 1);
    if (n == 0) {
      EXPECT_EQ(now[index].writings, items[index].writings) << "it stays where it stands";
    }
  }
}

TEST(Conflicts, AreSettledForOneOfTheSides) {
  std::size_t settled[4] = {}, refused = 0;
  for (const std::uint64_t seed : Seeds(150)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    const History history = MakeContested(random);
    Document before(HistorySchema(), HistoryAgent(99)), after(HistorySchema(), HistoryAgent(99)),
        other(HistorySchema(), HistoryAgent(98));
    for (Document* const document : {&before, &after, &other})
      for (const Change& change : history.changes) document->Apply(change);
    std::vector<Conflict> contests = before.Contests();
    // Of two at one place the first is settled.
    const auto second = std::unique(contests.begin(), contests.end(),
                                    [](const auto& a, const auto& b) { return a.path == b.path; });
    contests.erase(second, contests.end());
    if (contests.empty()) continue;
    const Conflict& conflict = contests[random.Below(contests.size())];
    const std::size_t n = random.Below(conflict.writings.size());
    EXPECT_EQ(after.Resolve(conflict.path, conflict.writings.size()).error().code, Code::kUsage);
    const Result<void> done = after.Resolve(conflict.path, n);
    if (!done) {
      ASSERT_EQ(conflict.kind, Kind::kNode);
      ASSERT_EQ(done.error().detail, "below-itself");
      ASSERT_GT(n, 0u) << "what holds can be kept";
      ++refused;
      continue;
    }
    ExpectSettled(before, after, conflict, n);
    Document::Cut cut = after.TakeOpen();
    const Change change{random.Make<ChangeId>(), HistoryAgent(99), cut.parents, cut.edits};
    after.Apply(change);
    other.Apply(change);
    ExpectSettled(before, other, conflict, n);
    ASSERT_EQ(Describe(other), Describe(after));
    ASSERT_FALSE(HasFailure()) << Line(conflict) << "for " << n;
    ++settled[static_cast<int>(conflict.kind)];
  }
  for (const std::size_t of_kind : settled) EXPECT_GT(of_kind, 1u);
  EXPECT_GT(refused, 0u);
}

Change By(Document& document, std::uint8_t id, std::uint64_t agent, Heads parents,
          std::vector<Edit> edits) {
  Change change{{}, HistoryAgent(agent), std::move(parents), std::move(edits)};
  change.id.bytes.fill(id);
  document.Apply(change);
  return change;
}

TEST(Conflicts, AnItemIsPutBackWhereTheOtherSideMovedIt) {
  Document document(HistorySchema(), HistoryAgent(99));
  std::vector<NewSlot> numbers;
  for (std::int64_t i = 0; i < 6; ++i) numbers.emplace_back(Value(i));
  const Heads base{By(document, 1, 1, {}, {InsertItems{"/items", 0, numbers}}).id};
  By(document, 2, 1, base, {MoveItem{"/items", 1, 6}});
  By(document, 3, 2, base, {MoveItem{"/items", 1, 4}});
  const auto shown = [&] {
    std::string out;
    const std::vector<Slot> items = *document.List("/items");
    for (const Slot& slot : items)
      out += std::to_string(std::get<std::int64_t>(std::get<Value>(slot)));
    return out;
  };
  ASSERT_EQ(shown(), "023145");
  ASSERT_TRUE(document.Resolve("/items/3", 1));
  EXPECT_EQ(shown(), "023451");
  EXPECT_TRUE(document.Conflicts().empty());
}

TEST(Conflicts, ACopiedTextAndTreeKeepTheirFormatAndNodes) {
  Document document(HistorySchema(), HistoryAgent(99));
  const Heads base{By(document, 1, 1, {}, {SetKey{"", "total2", NewSlot(Value())}}).id};
  By(document, 2, 1, base,
     {SetKey{"/meta", "x", NewSlot(ContainerType::kText)}, InsertText{"#:0", 0, "bold"},
      Mark{"#:0", 0, 2, "bold", Value(true), Expand::kAfter},
      InsertBlock{"#:0", 0, {{"type", Value(std::string("h"))}}},
      SetKey{"/meta", "y", NewSlot(ContainerType::kTree)}, CreateNode{"#:7", "", "a"},
      CreateNode{"#:7", "#:8", "a"}, SetKey{"#:9", "title", NewSlot(Value(true))}});
  By(document, 3, 2, base,
     {SetKey{"/meta", "x", NewSlot(Value())}, SetKey{"/meta", "y", NewSlot(Value())}});
  for (const char* const path : {"/meta/x", "/meta/y"}) {
    const std::vector<Writing> writings = document.Get(path)->writings;
    ASSERT_EQ(writings.size(), 2u);
    ASSERT_TRUE(document.Resolve(path, std::holds_alternative<Child>(writings[0].slot) ? 0 : 1));
  }
  const std::vector<Span> spans = *document.Spans("/meta/x");
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_TRUE(spans[0].block);
  EXPECT_EQ(spans[1].text, "bo");
  EXPECT_EQ(spans[1].marks.size(), 1u);
  const Tree tree = *document.ReadTree("/meta/y");
  ASSERT_EQ(tree.nodes.size(), 2u);
  EXPECT_EQ(tree.nodes[1].parent, tree.nodes[0].id);
  EXPECT_TRUE(document.Get("/meta/y/" + tree.nodes[1].id + "/title"));
}

TEST(Conflicts, WhatWasErasedIsNotChosen) {
  Document document(HistorySchema(), HistoryAgent(99));
  const Heads base{By(document, 1, 1, {}, {SetKey{"", "title", NewSlot(Value())}}).id};
  By(document, 2, 1, base,
     {SetKey{"", "title", NewSlot(Value(Absent{Gap::kErased, Absent::Kind::kInt, 1}))}});
  By(document, 3, 2, base, {SetKey{"", "title", NewSlot(Value(true))}});
  ASSERT_EQ(document.Conflicts().size(), 1u);
  const std::vector<Writing> writings = document.Conflicts()[0].writings;
  const std::size_t here = std::holds_alternative<bool>(std::get<Value>(writings[0].slot)) ? 0 : 1;
  EXPECT_EQ(document.Resolve("/title", 1 - here).error().code, Code::kUsage);
  EXPECT_TRUE(document.Resolve("/title", here));
  EXPECT_TRUE(document.Conflicts().empty());
}

}  // namespace
}  // namespace geflecht::crdt
