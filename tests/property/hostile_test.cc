// Changes that no honest device makes: each is void as a whole, under its own name, whatever the
// order in which changes come, and counts as a parent.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "formatted.h"
#include "histories.h"
#include "tests/oracle/describe.h"

namespace geflecht::crdt {
namespace {

constexpr std::uint64_t kHuge = UINT64_MAX;

// "abc" with a block marker in front, two items, a node; then the edits; then an honest change.
class Hostile : public testing::TestWithParam<Judge> {
 protected:
  std::string ReasonOf(std::vector<Edit> edits) {
    Script script;
    const auto base = script.Do(
        1, {},
        {InsertBlock{"/notes", 0, {}}, InsertText{"/notes", 1, "abc"},
         InsertItems{"/items", 0, {Value(), ContainerType::kMap}}, CreateNode{"/agenda", "", "m"}});
    const auto bad = script.Do(2, {base}, std::move(edits));
    script.Do(1, {bad}, {InsertText{"/notes", 4, "d"}});
    std::string out;
    for (const auto& [id, reason] : GetParam().voids(script.changes())) {
      EXPECT_EQ(id, bad);
      out += reason;
    }
    EXPECT_EQ(GetParam().text(script.changes()), "\nabcd");
    return out;
  }
  std::string node_ = "#" + std::string(62, '0') + "01:6";  // what the first change created
};

INSTANTIATE_TEST_SUITE_P(Engines, Hostile, testing::ValuesIn(Judges()),
                         [](const auto& engine) { return engine.param.name; });

TEST_P(Hostile, PositionsOutOfRange) {
  const std::string reason = "position-out-of-range";
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 5, "x"}}), reason);
  EXPECT_EQ(ReasonOf({InsertText{"/notes", kHuge, "x"}}), reason);
  EXPECT_EQ(ReasonOf({InsertBlock{"/notes", 5, {}}}), reason);
  EXPECT_EQ(ReasonOf({Remove{"/notes", 0, 5}}), reason);
  EXPECT_EQ(ReasonOf({Remove{"/notes", 1, kHuge}}), reason);
  EXPECT_EQ(ReasonOf({Remove{"/notes", kHuge, kHuge}}), reason);
  EXPECT_EQ(ReasonOf({Remove{"/items", 1, 2}}), reason);
  EXPECT_EQ(ReasonOf({InsertItems{"/items", 3, {Value()}}}), reason);
  EXPECT_EQ(ReasonOf({SetItem{"/items", 2, Value()}}), reason);
  EXPECT_EQ(ReasonOf({SetItem{"/items", kHuge, Value()}}), reason);
  EXPECT_EQ(ReasonOf({MoveItem{"/items", 2, 0}}), reason);
  EXPECT_EQ(ReasonOf({MoveItem{"/items", 0, 3}}), reason);
  EXPECT_EQ(ReasonOf({MoveItem{"/items", kHuge, kHuge}}), reason);
  EXPECT_EQ(ReasonOf({Mark{"/notes", 0, 5, "k", {}}}), reason);
  EXPECT_EQ(ReasonOf({Mark{"/notes", 4, kHuge, "k", {}}}), reason);
  EXPECT_EQ(ReasonOf({SetBlock{"/notes", 4, "type", {}}}), reason);
  // What the change itself has removed is gone for its later edits.
  EXPECT_EQ(ReasonOf({Remove{"/notes", 0, 4}, InsertText{"/notes", 1, "x"}}), reason);
  EXPECT_EQ(ReasonOf({Remove{"/items", 0, 2}, SetItem{"/items", 0, Value()}}), reason);
}

TEST_P(Hostile, NothingToDo) {
  EXPECT_EQ(ReasonOf({}), "no-edits");
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 0, ""}}), "empty-insertion");
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 0, "", AbsentText{Gap::kMissing, 0, 1}}}),
            "empty-insertion");
  EXPECT_EQ(ReasonOf({InsertItems{"/items", 0, {}}}), "empty-insertion");
  EXPECT_EQ(ReasonOf({Remove{"/notes", 0, 0}}), "empty-removal");
  EXPECT_EQ(ReasonOf({Mark{"/notes", 1, 1, "k", {}}}), "empty-mark");
  EXPECT_EQ(ReasonOf({Mark{"/notes", 2, 1, "k", {}}}), "empty-mark");
  EXPECT_EQ(ReasonOf({SetKey{"", "", Value()}}), "empty-key");
  EXPECT_EQ(ReasonOf({Mark{"/notes", 0, 1, "", {}}}), "empty-key");
  EXPECT_EQ(ReasonOf({SetBlock{"/notes", 0, "", {}}}), "empty-key");
  EXPECT_EQ(ReasonOf({InsertBlock{"/notes", 0, {{"", Value()}}}}), "empty-key");
}

TEST_P(Hostile, TextsThatAreNone) {
  const std::string bad = "\xC0\x80";
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 0, bad}}), "invalid-utf8");
  EXPECT_EQ(ReasonOf({SetKey{"", bad, Value()}}), "invalid-utf8");
  EXPECT_EQ(ReasonOf({SetKey{"", "name", Value(bad)}}), "invalid-utf8");
  EXPECT_EQ(ReasonOf({SetItem{"/items", 0, Value(bad)}}), "invalid-utf8");
  EXPECT_EQ(ReasonOf({Mark{"/notes", 0, 1, bad, {}}}), "invalid-utf8");
  EXPECT_EQ(ReasonOf({Mark{"/notes", 0, 1, "k", Value(bad)}}), "invalid-utf8");
  EXPECT_EQ(ReasonOf({InsertBlock{"/notes", 0, {{"k", Value(bad)}}}}), "invalid-utf8");
  EXPECT_EQ(ReasonOf({SetBlock{"/notes", 0, "k", Value(bad)}}), "invalid-utf8");
}

TEST_P(Hostile, WrongPlaces) {
  EXPECT_EQ(ReasonOf({InsertText{"/none", 0, "x"}}), "unknown-container");
  EXPECT_EQ(ReasonOf({InsertText{"#:0", 0, "x"}}), "unknown-container");
  EXPECT_EQ(ReasonOf({InsertText{"#:18446744073709551615", 0, "x"}}), "unknown-container");
  EXPECT_EQ(ReasonOf({SetItem{"/notes", 0, Value()}}), "wrong-type");
  EXPECT_EQ(ReasonOf({MoveItem{"/notes", 0, 0}}), "wrong-type");
  EXPECT_EQ(ReasonOf({CreateNode{"/items", "", "m"}}), "wrong-type");
  EXPECT_EQ(ReasonOf({MoveNode{"/notes", node_, "", "m"}}), "wrong-type");
  EXPECT_EQ(ReasonOf({RemoveNode{"", node_}}), "wrong-type");
  EXPECT_EQ(ReasonOf({Mark{"/items", 0, 1, "k", {}}}), "wrong-type");
  EXPECT_EQ(ReasonOf({InsertBlock{"/agenda", 0, {}}}), "wrong-type");
  EXPECT_EQ(ReasonOf({SetBlock{"/items", 0, "k", {}}}), "wrong-type");
  EXPECT_EQ(ReasonOf({SetKey{"", "agenda", Value()}}), "wrong-type");
  EXPECT_EQ(ReasonOf({InsertText{node_, 0, "x"}}), "wrong-type");
  EXPECT_EQ(ReasonOf({SetBlock{"/notes", 1, "type", {}}}), "no-block");
  EXPECT_EQ(ReasonOf({Remove{"/notes", 0, 1}, SetBlock{"/notes", 0, "type", {}}}), "no-block");
}

TEST_P(Hostile, ForgedNodes) {
  const std::string reason = "unknown-node";
  EXPECT_EQ(ReasonOf({CreateNode{"/agenda", "#:0", "m"}}), reason);
  EXPECT_EQ(ReasonOf({CreateNode{"/agenda", "/items", "m"}}), reason);
  EXPECT_EQ(ReasonOf({CreateNode{"/agenda", node_.substr(0, 66) + "5", "m"}}), reason);
  EXPECT_EQ(ReasonOf({MoveNode{"/agenda", "", "", "m"}}), reason);
  EXPECT_EQ(ReasonOf({MoveNode{"/agenda", node_, "#:1", "m"}}), reason);
  EXPECT_EQ(ReasonOf({RemoveNode{"/agenda", "nonsense"}}), reason);
  // A map that is no node, and a node of another tree.
  EXPECT_EQ(ReasonOf({SetKey{"", "x", ContainerType::kMap}, RemoveNode{"/agenda", "#:0"}}), reason);
  EXPECT_EQ(ReasonOf({SetKey{"", "x", ContainerType::kTree}, CreateNode{"#:0", "", "m"},
                      MoveNode{"/agenda", "#:1", "", "m"}}),
            reason);
}

TEST_P(Hostile, OrdersOutOfForm) {
  EXPECT_EQ(ReasonOf({CreateNode{"/agenda", "", ""}}), "bad-order");
  EXPECT_EQ(ReasonOf({CreateNode{"/agenda", "", std::string("a\0", 2)}}), "bad-order");
  EXPECT_EQ(ReasonOf({MoveNode{"/agenda", node_, "", std::string(256, 'a')}}), "bad-order");
  EXPECT_EQ(ReasonOf({MoveNode{"/agenda", node_, "", std::string(255, 'a')}}), "");
}

TEST_P(Hostile, TypesOutOfRange) {
  EXPECT_EQ(ReasonOf({SetKey{"", "x", static_cast<ContainerType>(0)}}), "unknown-type");
  EXPECT_EQ(ReasonOf({SetItem{"/items", 0, static_cast<ContainerType>(6)}}), "unknown-type");
  EXPECT_EQ(ReasonOf({Mark{"/notes", 0, 1, "k", {}, static_cast<Expand>(4)}}), "unknown-expand");
}

TEST_P(Hostile, TooMuch) {
  std::map<std::string, Value> attributes;
  for (std::size_t i = 0; i < limits::kBlockAttributesMax; ++i)
    attributes[std::to_string(i)] = Value();
  std::vector<Edit> edits(limits::kEditsPerChangeHardMax + 1, Add{"/total", 1});
  EXPECT_EQ(ReasonOf(edits), "too-many-edits");
  edits.pop_back();
  EXPECT_EQ(ReasonOf(edits), "");
  std::vector<Edit> nest{SetKey{"", "x", ContainerType::kTree}};
  for (std::size_t depth = 2; depth <= limits::kDepthMax; ++depth) {
    const std::string last = "#:" + std::to_string(nest.size() - 1);
    nest.push_back(depth % 2 == 0 ? Edit(CreateNode{last, "", "m"})
                                  : Edit(SetKey{last, "x", ContainerType::kTree}));
  }
  EXPECT_EQ(ReasonOf(nest), "");
  nest.push_back(SetKey{"#:" + std::to_string(nest.size() - 1), "x", ContainerType::kTree});
  EXPECT_EQ(ReasonOf(nest), "too-deep");
  attributes["one more"] = Value();
  EXPECT_EQ(ReasonOf({InsertBlock{"/notes", 0, attributes}}), "too-many-attributes");
  EXPECT_EQ(ReasonOf({Add{"/total", INT64_MAX}, Add{"/total", 1}}), "counter-overflow");
}

// The size of a key is the same whether its content is here or not.
TEST_P(Hostile, LongKeys) {
  const std::string most(limits::kKeyBytesMax, 'k');
  const auto absent = [](std::uint64_t bytes) {
    SetKey edit{"", "", Value()};
    edit.absent_key = AbsentText{Gap::kErased, 0, bytes};
    return edit;
  };
  EXPECT_EQ(ReasonOf({SetKey{"", most, Value()}}), "");
  EXPECT_EQ(ReasonOf({SetKey{"", most + "k", Value()}}), "key-too-long");
  EXPECT_EQ(ReasonOf({absent(limits::kKeyBytesMax)}), "");
  EXPECT_EQ(ReasonOf({absent(limits::kKeyBytesMax + 1)}), "key-too-long");
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 0, "x"}, Mark{"/notes", 0, 1, most + "k", Value()}}),
            "key-too-long");
  EXPECT_EQ(ReasonOf({InsertBlock{"/notes", 0, {{most + "k", Value()}}}}), "key-too-long");
}

// The node is asked to stand below itself, and below its child.
TEST_P(Hostile, CyclesHaveNoEffect) {
  EXPECT_EQ(ReasonOf({MoveNode{"/agenda", node_, node_, "m"}}), "");
  EXPECT_EQ(ReasonOf({CreateNode{"/agenda", node_, "m"}, MoveNode{"/agenda", node_, "#:0", "m"}}),
            "");
}

// What is void made nothing, and parents that nobody has hold back what names them.
TEST_P(Hostile, ForgedParents) {
  Script script;
  const auto base = script.Do(1, {}, {InsertText{"/notes", 0, "a"}});
  const auto bad =
      script.Do(2, {base}, {SetKey{"", "x", ContainerType::kText}, Remove{"/notes", 0, 2}});
  const auto child = script.Do(2, {bad}, {InsertText{"#" + bad.Hex() + ":0", 0, "x"}});
  ChangeId nobody;
  nobody.bytes.fill(0xEE);
  script.Do(2, {nobody}, {InsertText{"/notes", 0, "x"}});
  const auto voids = GetParam().voids(script.changes());
  EXPECT_EQ(voids, (std::map<ChangeId, std::string>{{bad, "position-out-of-range"},
                                                    {child, "unknown-container"}}));
  EXPECT_EQ(GetParam().text(script.changes()), "a");
}

}  // namespace
}  // namespace geflecht::crdt
