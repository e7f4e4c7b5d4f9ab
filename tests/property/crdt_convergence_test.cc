#include <gtest/gtest.h>

#include <map>
#include <set>

#include "crdt_sites.h"

namespace geflecht::crdt {
namespace {

TEST(Convergence, EveryOrderOfDeliveryWithDuplicatesGivesOneState) {
  std::size_t conflicts = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const History history = MakeHistory(seed, 3 + static_cast<int>(seed % 3), 30);
    const std::string& state = history.states[0];
    for (const std::string& other : history.states) ASSERT_EQ(other, state);
    ASSERT_EQ(state.find("void "), std::string::npos);
    conflicts += state.find("conflict ") != std::string::npos;
    SeededRandom random(seed + 1000);
    for (int round = 0; round < 3; ++round) {
      std::vector<Change> delivered = history.changes;
      for (const Change& change : history.changes)
        if (random.Below(4) == 0) delivered.push_back(change);
      Shuffle(delivered, random);
      ASSERT_EQ(StateOf(delivered), state);
    }
  }
  EXPECT_GT(conflicts, 20u);
}

TEST(Convergence, ReadingBetweenDeliveriesChangesNothing) {
  for (std::uint64_t seed = 200; seed < 240; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History history = MakeHistory(seed, 4, 25);
    SeededRandom random(seed + 5000);
    Shuffle(history.changes, random);
    Document document(SiteSchema(), SiteAgent(99));
    for (const Change& change : history.changes) {
      document.Apply(change);
      if (random.Below(2) == 0) Dump(document, true);
    }
    ASSERT_EQ(Dump(document, true), history.states[0]);
  }
}

// A change whose writer saw A and not B is a parent of what its writer saw, whatever came first.
TEST(Convergence, ContainsFollowsTheParents) {
  for (std::uint64_t seed = 300; seed < 310; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const History history = MakeHistory(seed, 3, 25);
    Document document(SiteSchema(), SiteAgent(99));
    for (const Change& change : history.changes) document.Apply(change);
    std::map<ChangeId, std::set<ChangeId>> pasts;
    for (const Change& change : history.changes) {
      std::set<ChangeId>& past = pasts[change.id];
      past.insert(change.id);
      for (const ChangeId& parent : change.parents)
        past.insert(pasts[parent].begin(), pasts[parent].end());
    }
    for (const auto& [id, past] : pasts)
      for (const auto& [other, unused] : pasts)
        ASSERT_EQ(document.Contains(id, other), past.contains(other));
  }
}

// The writings of a key that holds plain values only, found from the changes themselves.
TEST(Registers, KeepExactlyTheWritingsThatNoneFollows) {
  std::size_t conflicts = 0;
  for (std::uint64_t seed = 320; seed < 360; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const History history = MakeHistory(seed, 4, 30);
    Document document(SiteSchema(), SiteAgent(99));
    std::map<ChangeId, SetKey> last;  // of each change, to the root's "name"
    for (const Change& change : history.changes) {
      document.Apply(change);
      for (const Edit& edit : change.edits)
        if (const auto* set = std::get_if<SetKey>(&edit);
            set && set->map == "" && set->key == "name")
          last[change.id] = *set;
    }
    std::set<Value> expected;
    bool removed = false;
    for (const auto& [id, set] : last) {
      bool followed = false;
      for (const auto& [other, unused] : last)
        followed = followed || (other != id && document.Contains(other, id));
      if (followed) continue;
      removed = removed || !set.slot;
      if (set.slot) expected.insert(std::get<Value>(*set.slot));
    }
    const Result<Register> found = document.Get("/name");
    ASSERT_EQ(found.has_value(), !expected.empty());
    if (!found) continue;
    ASSERT_EQ(found->writings.size(), expected.size() + (removed ? 1 : 0));
    for (const Writing& writing : found->writings)
      ASSERT_TRUE(writing.removed ? removed : expected.contains(std::get<Value>(writing.slot)));
    conflicts += found->writings.size() > 1;
  }
  EXPECT_GT(conflicts, 5u);
}

TEST(LocalEdit, ShowsWhatItsChangeShowsOnceApplied) {
  for (std::uint64_t seed = 400; seed < 460; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    std::vector<Change> changes = MakeHistory(seed, 3, 10).changes;
    Document document(SiteSchema(), SiteAgent(7));
    for (const Change& change : changes) document.Apply(change);
    for (int round = 0; round < 5; ++round) {
      for (int n = 0; n < 5; ++n) EditAtRandom(document, random);
      if (!document.HasOpen()) continue;
      const std::string open = Dump(document, false);
      changes.push_back(CutAtRandom(document, 7, random));
      ASSERT_EQ(Dump(document, false), open);
      ASSERT_EQ(StateOf(changes), Dump(document, true));
    }
  }
}

TEST(LocalEdit, OpenEditsComeBackOnTheSameHeads) {
  for (std::uint64_t seed = 500; seed < 540; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    const std::vector<Change> changes = MakeHistory(seed, 3, 10).changes;
    Document document(SiteSchema(), SiteAgent(7)), other(SiteSchema(), SiteAgent(7));
    for (const Change& change : changes) document.Apply(change);
    for (const Change& change : changes) other.Apply(change);
    for (int n = 0; n < 6; ++n) EditAtRandom(document, random);
    ASSERT_TRUE(other.RestoreOpen(document.OpenEdits()));
    ASSERT_EQ(Dump(other, true), Dump(document, true));
    ASSERT_EQ(other.OpenEdits(), document.OpenEdits());
  }
}

TEST(LocalEdit, AFailedCallLeavesTheOpenChangeAsItWas) {
  for (std::uint64_t seed = 600; seed < 620; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    Document document(SiteSchema(), SiteAgent(7));
    for (int n = 0; n < 8; ++n) EditAtRandom(document, random);
    const std::string before = Dump(document, true);
    const std::vector<Edit> edits = document.OpenEdits();
    const Result<void> failed = document.Edit([](Transaction& edit) -> Result<void> {
      TRY(edit.InsertText("/notes", 0, "gone"));
      TRY(edit.InsertChild("/items", 0, ContainerType::kMap));
      return edit.RemoveText("/notes", 0, 1000);
    });
    EXPECT_EQ(failed.error().code, Code::kUsage);
    ASSERT_EQ(Dump(document, true), before);
    ASSERT_EQ(document.OpenEdits(), edits);
  }
}

// Two write a passage each at one place without seeing each other, forwards or backwards.
TEST(Interleaving, PassagesTypedAtOnceStayWhole) {
  for (std::uint64_t seed = 700; seed < 760; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    Document base(SiteSchema(), SiteAgent(0));
    ASSERT_TRUE(base.Edit([](Transaction& edit) { return edit.InsertText("/notes", 0, "()"); }));
    std::vector<Change> all{CutAtRandom(base, 0, random)};
    const std::string words[] = {"ABCDEF", "uvwxyz"};
    for (int site = 0; site < 2; ++site) {
      Document document(SiteSchema(), SiteAgent(site + 1));
      document.Apply(all[0]);
      const std::string& word = words[site];
      const bool forwards = random.Below(2) == 0;
      for (std::size_t i = 0; i < word.size(); ++i) {
        const std::size_t at = forwards ? i : word.size() - 1 - i;
        ASSERT_TRUE(document.Edit([&](Transaction& edit) {
          return edit.InsertText("/notes", forwards ? 1 + i : 1, word.substr(at, 1));
        }));
        if (random.Below(2) == 0) all.push_back(CutAtRandom(document, site + 1, random));
      }
      if (document.HasOpen()) all.push_back(CutAtRandom(document, site + 1, random));
    }
    Document merged(SiteSchema(), SiteAgent(9));
    for (const Change& change : all) merged.Apply(change);
    const std::string text = merged.Text("/notes").value();
    EXPECT_EQ(text.size(), 14u);
    EXPECT_NE(text.find(words[0]), std::string::npos) << text;
    EXPECT_NE(text.find(words[1]), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace geflecht::crdt
