// Changes that no honest site makes: each is void under its own name and counts as a parent.
#include "crdt/validity.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "crdt/document.h"

namespace geflecht::crdt {
namespace {

const Schema kSchema{.type = "t",
                     .version = 1,
                     .fields = {{"name", FieldType::kValue, true},
                                {"notes", FieldType::kText, true},
                                {"items", FieldType::kList, false},
                                {"total", FieldType::kCounter, false}}};

ChangeId Id(int number) {
  ChangeId id;
  id.bytes[31] = static_cast<std::uint8_t>(number);
  return id;
}

// A first change with three characters and an item, a hostile one on it, and an honest one on that.
std::string ReasonOf(std::vector<Edit> edits, std::vector<ChangeId> parents = {Id(1)}) {
  Document document(kSchema, AgentId{});
  document.Apply({Id(1), AgentId{}, {}, {InsertText{"/notes", 0, "abc"}}});
  document.Apply({Id(2), AgentId{}, std::move(parents), std::move(edits)});
  EXPECT_EQ(document.Apply({Id(3), AgentId{}, {Id(2)}, {InsertText{"/notes", 3, "d"}}}),
            Applied::kNew);
  EXPECT_EQ(document.Text("/notes").value(), "abcd");
  EXPECT_TRUE(document.Contains(Id(3), Id(2)));
  const auto voids = document.Voids();
  EXPECT_EQ(voids.size(), 1u);
  if (voids.empty()) return {};
  EXPECT_EQ(voids[0].change, Id(2));
  return voids[0].reason;
}

TEST(Validity, EveryReasonHasItsName) {
  EXPECT_EQ(ReasonOf({}), "no-edits");
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 4, "x"}}), "position-out-of-range");
  EXPECT_EQ(ReasonOf({InsertText{"/notes", UINT64_MAX, "x"}}), "position-out-of-range");
  EXPECT_EQ(ReasonOf({Remove{"/notes", 0, 4}}), "position-out-of-range");
  EXPECT_EQ(ReasonOf({Remove{"/notes", 1, UINT64_MAX}}), "position-out-of-range");
  EXPECT_EQ(ReasonOf({Remove{"/notes", UINT64_MAX, UINT64_MAX}}), "position-out-of-range");
  EXPECT_EQ(ReasonOf({InsertItems{"/items", 1, {Value()}}}), "position-out-of-range");
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 0, "\xC0\x80"}}), "invalid-utf8");
  EXPECT_EQ(ReasonOf({SetKey{"", "name", Value(std::string("\xFF"))}}), "invalid-utf8");
  EXPECT_EQ(ReasonOf({SetKey{"", "\xFF", {}}}), "invalid-utf8");
  EXPECT_EQ(ReasonOf({InsertItems{"/items", 0, {Value(std::string("\x80"))}}}), "invalid-utf8");
  EXPECT_EQ(ReasonOf({SetKey{"", "", {}}}), "empty-key");
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 0, ""}}), "empty-insertion");
  EXPECT_EQ(ReasonOf({InsertItems{"/items", 0, {}}}), "empty-insertion");
  EXPECT_EQ(ReasonOf({Remove{"/notes", 0, 0}}), "empty-removal");
  EXPECT_EQ(ReasonOf({InsertText{"/other", 0, "x"}}), "unknown-container");
  EXPECT_EQ(ReasonOf({InsertText{"nonsense", 0, "x"}}), "unknown-container");
  EXPECT_EQ(ReasonOf({InsertText{"#:0", 0, "x"}}), "unknown-container");
  EXPECT_EQ(ReasonOf({InsertText{"#" + Id(1).Hex() + ":0", 0, "x"}}), "unknown-container");
  EXPECT_EQ(ReasonOf({InsertText{"", 0, "x"}}), "wrong-type");
  EXPECT_EQ(ReasonOf({Remove{"", 0, 1}}), "wrong-type");
  EXPECT_EQ(ReasonOf({InsertText{"/items", 0, "x"}}), "wrong-type");
  EXPECT_EQ(ReasonOf({InsertItems{"/notes", 0, {Value()}}}), "wrong-type");
  EXPECT_EQ(ReasonOf({SetKey{"/notes", "x", {}}}), "wrong-type");
  EXPECT_EQ(ReasonOf({Add{"/notes", 1}}), "wrong-type");
  EXPECT_EQ(ReasonOf({SetKey{"", "notes", Value()}}), "wrong-type");
  EXPECT_EQ(ReasonOf({SetKey{"", "name", ContainerType::kText}}), "wrong-type");
  EXPECT_EQ(ReasonOf({SetKey{"", "x", static_cast<ContainerType>(9)}}), "unknown-type");
  EXPECT_EQ(ReasonOf({Add{"/total", INT64_MAX}, Add{"/total", 1}}), "counter-overflow");
  EXPECT_EQ(ReasonOf({Add{"/total", INT64_MIN}, Add{"/total", -1}}), "counter-overflow");
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 0, "x"}}, {Id(1), Id(1)}), "parents-not-ascending");
}

// The edits in front of the one that does not fit have no effect either.
TEST(Validity, AChangeIsVoidAsAWhole) {
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 0, "x"}, Remove{"/notes", 0, 9}}),
            "position-out-of-range");
  EXPECT_EQ(ReasonOf({SetKey{"", "x", ContainerType::kText}, InsertText{"#:0", 1, "x"}}),
            "position-out-of-range");
}

TEST(Validity, TextsAndNestingHaveLimits) {
  const std::string most(limits::kTextCodePointsMax - 3, 'x');
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 0, most + "y"}}), "too-long");
  EXPECT_EQ(ReasonOf({InsertText{"/notes", 0, most}, InsertText{"/notes", 0, "y"}}), "too-long");
  std::vector<Edit> nest{SetKey{"", "x", ContainerType::kMap}};
  while (nest.size() < limits::kDepthMax)
    nest.push_back(SetKey{"#:" + std::to_string(nest.size() - 1), "x", ContainerType::kMap});
  Document deep(kSchema, AgentId{});
  deep.Apply({Id(1), AgentId{}, {}, nest});
  EXPECT_TRUE(deep.Voids().empty());
  nest.push_back(SetKey{"#:" + std::to_string(nest.size() - 1), "x", ContainerType::kMap});
  EXPECT_EQ(ReasonOf(nest), "too-deep");
}

TEST(Validity, ALogHasRoomForWhatItsOffsetsReach) {
  EXPECT_EQ(CheckRoom(0, limits::kElementsEverMax), "");
  EXPECT_EQ(CheckRoom(0, limits::kElementsEverMax + 1), "too-many-elements");
  EXPECT_EQ(CheckRoom(limits::kElementsEverMax, 1), "too-many-elements");
  EXPECT_EQ(CheckRoom(limits::kElementsEverMax - 1, 1), "");
  EXPECT_EQ(CheckRoom(1, UINT64_MAX), "too-many-elements");
}

// Marks with a key each, one inside the other, are not all said of each stretch.
TEST(Validity, WhatIsReadOfManyMarksIsBounded) {
  constexpr std::size_t kMarks = 400;
  Document document(kSchema, AgentId{});
  std::vector<Edit> edits{InsertText{"/notes", 0, std::string(2 * kMarks, 'x')}};
  for (std::size_t i = 0; i < kMarks; ++i)
    edits.push_back(
        Mark{"/notes", i, 2 * kMarks - i, "key" + std::to_string(1000 + i), Value(true)});
  document.Apply({Id(1), AgentId{}, {}, std::move(edits)});
  const std::vector<Span> spans = *document.Spans("/notes");
  std::size_t marks = 0;
  for (const Span& span : spans) marks += span.marks.size();
  EXPECT_LE(marks, spans.size() * limits::kMarkKeysShownMax);
  EXPECT_LE(spans.size(), 2 * kMarks);
  ASSERT_EQ(spans[0].marks.size(), 1u);
  EXPECT_TRUE(spans[0].marks.contains("key1000"));
  EXPECT_EQ(spans[limits::kMarkKeysShownMax - 1].marks.size(), limits::kMarkKeysShownMax);
}

// What a change may name are the containers of its own past, whatever else has arrived.
TEST(Validity, ContainersOfConcurrentChangesAreUnknown) {
  Document document(kSchema, AgentId{});
  document.Apply({Id(1), AgentId{}, {}, {SetKey{"", "x", ContainerType::kText}}});
  const std::string child = "#" + Id(1).Hex() + ":0";
  document.Apply({Id(2), AgentId{}, {}, {InsertText{child, 0, "x"}}});
  document.Apply({Id(3), AgentId{}, {Id(1)}, {InsertText{child, 0, "y"}}});
  ASSERT_EQ(document.Voids().size(), 1u);
  EXPECT_EQ(document.Voids()[0].change, Id(2));
  EXPECT_EQ(document.Text("/x").value(), "y");
}

// A sum that only concurrent additions take out of range is nobody's fault; it is shown as the
// nearest number.
TEST(Validity, CounterSumsAreThoseOfThePast) {
  const std::vector<Change> changes{{Id(1), AgentId{}, {}, {Add{"/total", 5}}},
                                    {Id(2), AgentId{}, {Id(1)}, {Add{"/total", INT64_MAX - 5}}},
                                    {Id(3), AgentId{}, {Id(1)}, {Add{"/total", INT64_MAX - 5}}},
                                    {Id(4), AgentId{}, {Id(1)}, {Add{"/total", INT64_MAX - 4}}},
                                    {Id(5), AgentId{}, {Id(2), Id(3)}, {Add{"/total", 1}}},
                                    {Id(6), AgentId{}, {Id(2), Id(3)}, {Add{"/total", -1}}}};
  Document document(kSchema, AgentId{});
  for (const Change& change : changes) document.Apply(change);
  ASSERT_EQ(document.Voids().size(), 2u);
  EXPECT_EQ(document.Voids()[0].change, Id(4));
  EXPECT_EQ(document.Voids()[1].change, Id(5));
  EXPECT_EQ(document.Counter("/total").value(), INT64_MAX);
}

TEST(Validity, ContainersOfAVoidChangeAreUnknown) {
  Document document(kSchema, AgentId{});
  document.Apply({Id(1), AgentId{}, {}, {SetKey{"", "x", ContainerType::kText}, Add{"", 1}}});
  document.Apply({Id(2), AgentId{}, {Id(1)}, {InsertText{"#" + Id(1).Hex() + ":0", 0, "x"}}});
  EXPECT_EQ(document.Voids().size(), 2u);
  EXPECT_EQ(document.Get("/x").error().code, Code::kNotFound);
}

TEST(Validity, UnknownAndOwnParentsWait) {
  Document document(kSchema, AgentId{});
  EXPECT_EQ(document.Apply({Id(1), AgentId{}, {Id(1)}, {Add{"/total", 1}}}), Applied::kWaiting);
  EXPECT_EQ(document.Apply({Id(2), AgentId{}, {Id(9)}, {Add{"/total", 1}}}), Applied::kWaiting);
  EXPECT_EQ(document.Apply({Id(3), AgentId{}, {Id(2), Id(1)}, {Add{"/total", 1}}}),
            Applied::kWaiting);
  EXPECT_EQ(document.Waiting().size(), 3u);
  EXPECT_EQ(document.Apply({Id(9), AgentId{}, {}, {Add{"/total", 1}}}), Applied::kNew);
  EXPECT_EQ(document.Waiting(), (std::vector<ChangeId>{Id(1), Id(3)}));
  EXPECT_EQ(document.Counter("/total").value(), 2);
}

}  // namespace
}  // namespace geflecht::crdt
