// Changes of the size that anybody may send. What they cost is not asserted; with a cost that grows
// faster than the square of their edits these tests would not end.
#include <gtest/gtest.h>

#include "crdt/container_id.h"
#include "crdt/document.h"

namespace geflecht::crdt {
namespace {

const Schema kLargeSchema{
    .type = "note",
    .version = 1,
    .fields = {
        {"items", FieldType::kList}, {"agenda", FieldType::kTree}, {"meta", FieldType::kMap}}};

struct LargeChanges : testing::Test {
  Change Make(std::uint8_t agent, std::vector<ChangeId> parents, std::vector<Edit> edits) {
    Change change{.id = {}, .agent = {}, .parents = std::move(parents), .edits = std::move(edits)};
    change.id.bytes[0] = static_cast<std::uint8_t>(++made >> 8);
    change.id.bytes[1] = static_cast<std::uint8_t>(made);
    change.agent.bytes[0] = agent;
    document.Apply(change);
    return change;
  }

  Document document{kLargeSchema, AgentId{}};
  unsigned made = 0;
};

TEST_F(LargeChanges, RemovalsBesideALongChainOfNodesThatSomebodyEdits) {
  constexpr unsigned kNodes = 2'000;
  std::vector<Edit> nodes, edits, removals;
  for (unsigned i = 0; i < kNodes; ++i)
    nodes.push_back(CreateNode{"/agenda", i == 0 ? ContainerId() : OwnId(i - 1), "m"});
  for (unsigned i = 0; i < kNodes; ++i) nodes.push_back(CreateNode{"/agenda", "", "m"});
  const ChangeId first = Make(1, {}, nodes).id;
  for (unsigned i = 0; i < kNodes; ++i) {
    edits.push_back(SetKey{CreatedId(first, i), "a", Value(true)});
    removals.push_back(RemoveNode{"/agenda", CreatedId(first, kNodes + i)});
  }
  Make(2, {first}, edits);
  Make(3, {first}, removals);
  ASSERT_TRUE(document.Voids().empty());
  EXPECT_EQ(document.ReadTree("/agenda")->nodes.size(), kNodes);
}

TEST_F(LargeChanges, WritingsOfAKeyBesideManyOthersOnALongGraph) {
  const ChangeId first = Make(1, {}, {SetKey{"/meta", "other", Value()}}).id;
  for (int i = 0; i < 200; ++i)
    Make(static_cast<std::uint8_t>(10 + i), {first},
         {SetKey{"/meta", "k", Value(std::int64_t{i})}});
  ChangeId last = first;
  for (int i = 0; i < 2'000; ++i)
    last =
        Make(static_cast<std::uint8_t>(1 + i % 2), {last}, {SetKey{"/meta", "other", Value()}}).id;
  Make(3, {last}, std::vector<Edit>(4'096, SetKey{"/meta", "k", Value(true)}));
  ASSERT_TRUE(document.Voids().empty());
  EXPECT_EQ(document.Get("/meta/k")->writings.size(), 201u);
}

TEST_F(LargeChanges, OneItemThatIsMovedForEver) {
  ChangeId last = Make(1, {}, {InsertItems{"/items", 0, {Value(true), Value(false)}}}).id;
  const ChangeId first = last;
  for (int i = 0; i < 6; ++i) {
    std::vector<Edit> moves;
    for (int n = 0; n < 2'048; ++n) {
      moves.push_back(MoveItem{"/items", 0, 2});
      moves.push_back(MoveItem{"/items", 1, 0});
    }
    last = Make(1, {last}, moves).id;
  }
  Make(2, {first}, {MoveItem{"/items", 0, 2}});
  ASSERT_TRUE(document.Voids().empty());
  EXPECT_EQ(document.List("/items")->size(), 2u);
}

}  // namespace
}  // namespace geflecht::crdt
