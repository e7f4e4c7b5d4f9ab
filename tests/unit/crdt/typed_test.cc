// Typing of several agents, each character a change, that arrives together: what belongs together
// is merged as one insertion.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/rng.h"
#include "crdt/document.h"

namespace geflecht::crdt {
namespace {

constexpr std::uint64_t kTypingSeed = 4711;
const Schema kTypingSchema{
    .type = "typed", .version = 1, .fields = {{"text", FieldType::kText, false}}};

// Two agents type runs of characters, remove some, and see each other now and then. Some changes
// are void.
std::vector<Change> TypedRuns(Random& random) {
  std::vector<Change> out;
  std::vector<Document> sites;
  const AgentId agents[] = {random.Make<AgentId>(), random.Make<AgentId>()};
  for (const AgentId& agent : agents) sites.emplace_back(kTypingSchema, agent);
  std::size_t known[] = {0, 0};
  for (int run = 0; run < 60; ++run) {
    const std::size_t at = random.Below(2);
    if (random.Below(3) == 0)
      for (; known[at] < out.size(); ++known[at]) sites[at].Apply(out[known[at]]);
    const std::uint64_t length = sites[at].Text("/text")->size();
    std::uint64_t place = random.Below(length + 1);
    const bool removes = length > 0 && random.Below(5) == 0;
    for (std::uint64_t i = 0, count = removes ? 1 : 1 + random.Below(9); i < count; ++i, ++place) {
      Change change{random.Make<ChangeId>(), agents[at], sites[at].heads(), {}};
      if (removes) {
        change.edits.push_back(Remove{"/text", std::min(place, length - 1), 1});
      } else {
        const bool fits = random.Below(12) > 0;
        change.edits.push_back(
            InsertText{"/text", place, fits ? std::string(1, static_cast<char>('a' + i)) : "\xC3"});
      }
      sites[at].Apply(change);
      out.push_back(std::move(change));
      if (!sites[at].Voids().empty() && random.Below(2) == 0) break;
    }
  }
  return out;
}

TEST(Typed, MergedTogetherIsMergedOneByOne) {
  SCOPED_TRACE(kTypingSeed);
  SeededRandom random(kTypingSeed);
  for (int round = 0; round < 40; ++round) {
    const std::vector<Change> changes = TypedRuns(random);
    const AgentId reader = random.Make<AgentId>();
    Document together(kTypingSchema, reader), single(kTypingSchema, reader),
        parts(kTypingSchema, reader);
    for (const Change& change : changes) {
      together.Apply(change);
      single.Apply(change);
      ASSERT_TRUE(single.Text("/text"));
      parts.Apply(change);
      if (random.Below(20) == 0) {
        ASSERT_TRUE(parts.Text("/text"));
      }
    }
    EXPECT_EQ(*together.Text("/text"), *single.Text("/text")) << round;
    EXPECT_EQ(*parts.Text("/text"), *single.Text("/text")) << round;
    EXPECT_EQ(together.Voids().size(), single.Voids().size()) << round;
    EXPECT_EQ(together.heads(), single.heads()) << round;
  }
}

}  // namespace
}  // namespace geflecht::crdt
