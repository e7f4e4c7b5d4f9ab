// The engine shows what the oracle shows: whatever is edited, in whatever order it comes.
#include "engine.h"

#include <gtest/gtest.h>

#include "crdt/document.h"
#include "histories.h"
#include "tests/oracle/describe.h"
#include "tests/property/cases.h"

namespace geflecht::crdt {
namespace {

TEST(Engine, ShowsWhatTheOracleShowsWhateverTheOrderOfDelivery) {
  for (const std::uint64_t seed : Seeds(2000)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    History history = MakeHistory(random, HistoryShape());
    const std::string state = EngineExpected(history.changes);
    if (random.Below(4) != 0) Shuffle(history.changes, random);
    Document document(HistorySchema(), HistoryAgent(99));
    for (const Change& change : history.changes) {
      document.Apply(random.Below(3) == 0 ? Split(change) : change);
      if (random.Below(4) == 0) document.Apply(change);
      if (random.Below(8) == 0) Describe(document);
    }
    ASSERT_EQ(Describe(document), state);
  }
}

// Each change is typed again where its writer typed it, which takes the short way, and merged
// elsewhere.
TEST(Engine, LocalEditsShowWhatTheirChangesShow) {
  for (const std::uint64_t seed : Seeds(500)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    const History history = MakeHistory(random, HistoryShape());
    oracle::Document whole(HistorySchema());
    for (const Change& change : history.changes) whole.Apply(change);
    Document typed(HistorySchema(), HistoryAgent(0)), merged(HistorySchema(), HistoryAgent(99));
    for (const Change& change : history.changes) {
      if (typed.heads() == change.parents) {
        ASSERT_TRUE(typed.RestoreOpen(random.Below(2) == 0 ? Split(change).edits : change.edits));
        const Document::Cut cut = typed.TakeOpen();
        ASSERT_EQ(cut.parents, change.parents);
        typed.Apply({change.id, change.agent, cut.parents, cut.edits});
      } else {
        typed.Apply(change);
      }
      merged.Apply(change);
      if (random.Below(8) == 0) {
        ASSERT_EQ(Describe(typed), Describe(merged));
      }
    }
    ASSERT_EQ(Describe(typed), oracle::Describe(whole));
  }
}

// What a node learns of a change besides the change: all of it commutes with merging.
TEST(Engine, LateContentErasureAndExclusionShowWhatTheOracleShows) {
  std::size_t erased = 0, excluded = 0, missing = 0;
  for (const std::uint64_t seed : Seeds(400)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    const History history = MakeHistory(random, HistoryShape());
    const Facts facts = MakeFacts(history, random);
    std::vector<Change> changes = facts.changes;
    std::vector<ChangeId> waiting = facts.excluded;
    if (random.Below(3) == 0) waiting.clear();
    erased += facts.erased;
    Shuffle(changes, random);
    Document document(HistorySchema(), HistoryAgent(99));
    oracle::Document expected(HistorySchema());
    const auto exclude = [&] {
      document.Exclude(waiting.back());
      expected.Exclude(waiting.back());
      waiting.pop_back();
      ++excluded;
    };
    for (const Change& change : changes) {
      if (document.Apply(change) != Applied::kNew) {
        ASSERT_TRUE(document.MergeContent(change.id, change.edits));
      }
      expected.Apply(change);
      if (!waiting.empty() && random.Below(4) == 0) exclude();
      if (random.Below(20) != 0) continue;
      const std::string now = Describe(document);
      missing += now.find("missing") != std::string::npos;
      ASSERT_EQ(now, oracle::Describe(expected));
    }
    while (!waiting.empty()) exclude();
    ASSERT_EQ(Describe(document), oracle::Describe(expected));
    for (const ChangeId& id : facts.excluded) {
      document.Include(id);
      expected.Include(id);
      if (random.Below(4) == 0) {
        ASSERT_EQ(Describe(document), oracle::Describe(expected));
      }
    }
    ASSERT_EQ(Describe(document), oracle::Describe(expected));
  }
  EXPECT_TRUE(erased > 0 && excluded > 0 && missing > 0) << "nothing of this was tried";
}

}  // namespace
}  // namespace geflecht::crdt
