// The oracle agrees with itself and with a second one.
#include <gtest/gtest.h>

#include "histories.h"
#include "tests/oracle/describe.h"
#include "tests/oracle/tree_fugue.h"
#include "tests/property/cases.h"

namespace geflecht::crdt {
namespace {

HistoryShape Usual() { return {}; }

TEST(Oracle, EveryOrderOfDeliveryGivesOneState) {
  std::uint64_t actions = 0;
  std::map<std::string, std::uint64_t> seen;
  const std::vector<std::uint64_t> seeds = Seeds(1000);
  for (const std::uint64_t seed : seeds) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    History history = MakeHistory(random, Usual());
    actions += history.actions;
    const std::string state = OracleState(history.changes);
    for (const char* what : {"\npassage ", "\nkept ", "\ncycle ", "\nmoved ", " removed"})
      seen[what] += state.find(what) != std::string::npos;
    ASSERT_EQ(state.find("void@"), std::string::npos);
    Shuffle(history.changes, random);
    ASSERT_EQ(OracleState(history.changes), state);
  }
  if (seeds.size() < 100) return;
  EXPECT_GE(actions, 60 * seeds.size());
  for (const auto& [what, count] : seen) EXPECT_GT(count, seeds.size() / 20) << what;
}

// A third engine of another kind, for the order of texts.
TEST(Oracle, TreesOfIdsGiveTheSameTexts) {
  std::size_t other = 0;
  const std::vector<std::uint64_t> seeds = Seeds(400);
  for (const std::uint64_t seed : seeds) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    HistoryShape shape;
    shape.text_only = true;
    const History history = MakeHistory(random, shape);
    oracle::Document document(HistorySchema());
    for (const Change& change : history.changes) document.Apply(change);
    const std::u32string text = oracle::Texts(document).at("/notes");
    using enum oracle::SiblingOrder;
    ASSERT_EQ(oracle::TextByTreeFugue(document.history(), "/notes", kFugue), text);
    other += oracle::TextByTreeFugue(document.history(), "/notes", kFugueMax) != text;
  }
  EXPECT_TRUE(other > 0 || seeds.size() < 100) << "the histories do not tell the orders apart";
}

TEST(Oracle, APastVersionShowsWhatItsWriterSaw) {
  for (const std::uint64_t seed : Seeds(200)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    HistoryShape shape;
    shape.keep = 5;
    const History history = MakeHistory(random, shape);
    oracle::Document document(HistorySchema());
    for (const Change& change : history.changes) document.Apply(change);
    for (const History::Moment& moment : history.moments) {
      oracle::Document past = document.At(moment.heads);
      // Its writer may have had changes whose parents were not there.
      ASSERT_EQ(oracle::Describe(past), moment.state.substr(0, moment.state.find("waiting@")));
    }
  }
}

TEST(Oracle, DifferencesLeadFromOneVersionToTheOther) {
  for (const std::uint64_t seed : Seeds(100)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    const History history = MakeHistory(random, Usual());
    oracle::Document document(HistorySchema());
    for (const Change& change : history.changes) document.Apply(change);
    const auto any = [&] {
      return Heads{
          history.changes[static_cast<std::size_t>(random.Below(history.changes.size()))].id};
    };
    const Heads from = any(), to = any();
    std::u32string before, after, blamed;
    const oracle::Reader reader = document.reader();
    const oracle::Container& text = *document.state().Find("/notes");
    for (const oracle::Difference& piece : reader.Diff(text, from, to)) {
      if (piece.kind != oracle::Difference::Kind::kInserted) before += piece.text;
      if (piece.kind != oracle::Difference::Kind::kRemoved) after += piece.text;
    }
    for (const oracle::Difference& piece : reader.Blame(text)) blamed += piece.text;
    oracle::Document first = document.At(from), last = document.At(to);
    ASSERT_EQ(before, oracle::Texts(first).at("/notes"));
    ASSERT_EQ(after, oracle::Texts(last).at("/notes"));
    ASSERT_EQ(blamed, oracle::Texts(document).at("/notes"));
  }
}

// Changes, their late content, erasures and exclusions leave one state in whatever order they come.
TEST(Oracle, ErasureExclusionAndLateContentCommute) {
  std::size_t erased = 0, excluded = 0;
  for (const std::uint64_t seed : Seeds(300)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    const History history = MakeHistory(random, Usual());
    const Facts facts = MakeFacts(history, random);
    erased += facts.erased;
    excluded += facts.excluded.size();
    std::string state;
    for (int round = 0; round < 3; ++round) {
      std::vector<Change> changes = facts.changes;
      std::vector<ChangeId> excluded_now = facts.excluded;
      Shuffle(changes, random);
      oracle::Document document(HistorySchema());
      for (std::size_t i = 0; i < changes.size(); ++i) {
        document.Apply(changes[i]);
        if (!excluded_now.empty() && random.Below(4) == 0) {
          document.Exclude(excluded_now.back());
          excluded_now.pop_back();
        }
        if (random.Below(20) == 0) oracle::Describe(document);
      }
      for (const ChangeId& id : excluded_now) document.Exclude(id);
      const std::string now = oracle::Describe(document) + oracle::DescribePassages(document);
      if (round == 0) state = now;
      ASSERT_EQ(now, state);
      ASSERT_EQ(now.find("missing"), std::string::npos);
    }
  }
  EXPECT_GT(erased, 0u);
  EXPECT_GT(excluded, 0u);
}

TEST(Oracle, AnExcludedChangeShowsNothingAndComesBackWhole) {
  for (const std::uint64_t seed : Seeds(100)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    const History history = MakeHistory(random, Usual());
    oracle::Document document(HistorySchema());
    for (const Change& change : history.changes) document.Apply(change);
    const std::string before = oracle::Describe(document);
    for (const Change& change : history.changes) {
      document.Exclude(change.id);
      const std::string now = oracle::Describe(document) + oracle::DescribePassages(document) +
                              oracle::DescribeAuthors(document);
      ASSERT_EQ(now.find(oracle::DescribeBy(change.id)), std::string::npos);
      ASSERT_EQ(now.find("#" + change.id.Hex()), std::string::npos);
      document.Include(change.id);
    }
    ASSERT_EQ(oracle::Describe(document), before);
  }
}

// A change at the end that is excluded leaves what was there without it.
TEST(Oracle, ExcludingAHeadLeavesWhatWasThereBefore) {
  for (const std::uint64_t seed : Seeds(200)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    const History history = MakeHistory(random, Usual());
    std::vector<Change> changes = history.changes;
    oracle::Document document(HistorySchema());
    for (const Change& change : changes) document.Apply(change);
    document.Exclude(changes.back().id);  // the last one made has no children
    changes.pop_back();
    ASSERT_EQ(oracle::Describe(document) + oracle::DescribePassages(document),
              OracleState(changes));
  }
}

}  // namespace
}  // namespace geflecht::crdt
