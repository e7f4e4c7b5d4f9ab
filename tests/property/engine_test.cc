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

}  // namespace
}  // namespace geflecht::crdt
