// The engine shows what the oracle shows: whatever is edited, in whatever order it comes.
#include "engine.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crdt/cursor.h"
#include "crdt/document.h"
#include "crdt/document_file.h"
#include "crdt/passages.h"
#include "crdt/utf8.h"
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

TEST(Engine, PassagesEditedAtOnceAreThoseOfTheOracle) {
  std::size_t found = 0;
  for (const std::uint64_t seed : Seeds(400)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    HistoryShape shape;
    shape.text_only = random.Below(3) == 0;
    History history = MakeHistory(random, shape);
    Document document(HistorySchema(), HistoryAgent(99));
    oracle::Document expected(HistorySchema());
    if (random.Below(2) == 0) Shuffle(history.changes, random);
    for (const Change& change : history.changes) {
      document.Apply(change);
      expected.Apply(change);
      if (random.Below(12) != 0) continue;
      document.Exclude(change.id);
      expected.Exclude(change.id);
    }
    const std::string passages = oracle::DescribePassages(expected);
    found += !passages.empty();
    ASSERT_EQ(DescribePassages(document), passages);
  }
  EXPECT_GT(found, 0u);
}

TEST(Engine, APassageOfManyAuthorsHasASideOfEach) {
  constexpr std::uint64_t kAuthors = 300;
  Document document(HistorySchema(), HistoryAgent(99));
  const auto apply = [&](std::uint64_t number, Heads parents) {
    Change change{{}, {}, std::move(parents), {InsertText{"/notes", 0, "ab"}}};
    change.agent.bytes[0] = change.id.bytes[0] = static_cast<std::uint8_t>(number / 256);
    change.agent.bytes[1] = change.id.bytes[1] = static_cast<std::uint8_t>(number % 256);
    document.Apply(change);
    return change.id;
  };
  const Heads base{apply(kAuthors, {})};
  for (std::uint64_t i = 0; i < kAuthors; ++i) apply(i, base);
  const auto passages = Passages(document, "/notes");
  ASSERT_TRUE(passages);
  ASSERT_EQ(passages->size(), 1u);
  EXPECT_EQ(passages->at(0).sides.size(), kAuthors);
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
    const Bytes file = SaveDocument(document, NoCompressor(), Checksum);
    for (const Origin origin : {Origin::kOwn, Origin::kForeign}) {
      Result<Document> loaded =
          LoadDocument(file, NoCompressor(), Checksum, HistorySchema(), HistoryAgent(99), origin);
      ASSERT_TRUE(loaded);
      for (const ChangeId& id : facts.excluded)
        if (expected.IsExcluded(id)) loaded->Exclude(id);
      ASSERT_EQ(Describe(*loaded), oracle::Describe(expected));
    }
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

// What follows an excluded setting of an item also follows what that one followed.
TEST(Engine, AnItemThatWasSetBehindAnExcludedSettingHasOneWriting) {
  Document document(HistorySchema(), HistoryAgent(99));
  const auto apply = [&](std::uint8_t id, Edit edit) {
    Change change{{}, HistoryAgent(id), document.heads(), {std::move(edit)}};
    change.id.bytes.fill(id);
    document.Apply(change);
    return change.id;
  };
  apply(1, InsertItems{"/items", 0, {Value(std::int64_t{1})}});
  const ChangeId excluded = apply(2, SetItem{"/items", 0, Value(std::int64_t{2})});
  const ChangeId last = apply(3, SetItem{"/items", 0, Value(std::int64_t{3})});
  document.Exclude(excluded);
  const std::vector<ListItem> items = *document.Items("/items");
  ASSERT_EQ(items.size(), 1u);
  ASSERT_EQ(items[0].writings.size(), 1u);
  EXPECT_EQ(items[0].writings[0].change, last);
}

bool RemovesFrom(const Change& change, std::string_view text) {
  return std::any_of(change.edits.begin(), change.edits.end(), [&](const Edit& edit) {
    return std::holds_alternative<Remove>(edit) && ContainerOf(edit) == text;
  });
}

// A user who does not see what excluded changes did types at the places that are shown.
TEST(Engine, EditsBesideWhatExcludedChangesDidShowTheSameElsewhere) {
  std::size_t typed = 0, refused = 0;
  for (const std::uint64_t seed : Seeds(150)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    HistoryShape shape;
    shape.text_only = random.Below(2) == 0;
    const History history = MakeHistory(random, shape);
    Document document(HistorySchema(), HistoryAgent(99)), other(HistorySchema(), HistoryAgent(98));
    oracle::Document expected(HistorySchema());
    bool restores = false;  // an excluded change removed something, which is shown again
    for (const Change& change : history.changes) {
      document.Apply(change);
      other.Apply(change);
      expected.Apply(change);
      if (random.Below(3) != 0) continue;
      restores = restores || RemovesFrom(change, "/notes");
      document.Exclude(change.id);
      other.Exclude(change.id);
      expected.Exclude(change.id);
    }
    for (int round = 0; round < 8; ++round) {
      std::u32string text = *DecodeUtf8(*document.Text("/notes"));
      const std::string before = Describe(document);
      const std::uint64_t at = random.Below(text.size() + 1);
      const std::uint64_t count = random.Below(std::min<std::uint64_t>(text.size() - at, 4) + 1);
      const bool fails = random.Below(4) == 0;
      const Result<void> done = document.Edit([&](Transaction& edit) -> Result<void> {
        if (count > 0) TRY(edit.RemoveText("/notes", at, count));
        if (count == 0 || random.Below(2) == 0) TRY(edit.InsertText("/notes", at, "zy"));
        TRY(edit.Increment("/total", 1));
        if (fails) return Fail(Code::kUsage, "for once");
        return {};
      });
      if (!done) {
        refused += !fails;
        ASSERT_EQ(Describe(document), before);
        continue;
      }
      const std::u32string now = *DecodeUtf8(*document.Text("/notes"));
      text.erase(static_cast<std::size_t>(at), static_cast<std::size_t>(count));
      if (now.size() > text.size()) text.insert(static_cast<std::size_t>(at), U"zy");
      if (!restores) {
        ASSERT_EQ(EncodeUtf8(now), EncodeUtf8(text));
      }
      if (random.Below(3) == 0) continue;  // the change stays open
      const std::string open = Describe(document);
      Document::Cut cut = document.TakeOpen();
      const Change change{random.Make<ChangeId>(), HistoryAgent(99), cut.parents, cut.edits};
      if (random.Below(3) == 0) {
        ASSERT_TRUE(document.RestoreOpen(cut.edits));
        ASSERT_EQ(Describe(document), open);
        document.TakeOpen();
      }
      document.Apply(change);
      other.Apply(change);
      expected.Apply(change);
      ++typed;
      ASSERT_EQ(Describe(document), oracle::Describe(expected));
      ASSERT_EQ(Describe(other), oracle::Describe(expected));
    }
  }
  EXPECT_TRUE(typed > 0 && refused > 0);
}

// What a cursor stuck to is still beside it, here and elsewhere, while it is shown.
TEST(Engine, CursorsStayBesideTheirElement) {
  std::size_t stayed = 0, gone = 0;
  for (const std::uint64_t seed : Seeds(150)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    History history = MakeHistory(random, HistoryShape());
    const std::size_t half = history.changes.size() / 2;
    Document document(HistorySchema(), HistoryAgent(99)), other(HistorySchema(), HistoryAgent(98));
    oracle::Document expected(HistorySchema());
    for (std::size_t i = 0; i < half; ++i) document.Apply(history.changes[i]);
    for (const Change& change : history.changes) expected.Apply(change);
    struct Placed {
      std::string path;
      Cursor cursor;
    };
    std::vector<Placed> placed;
    for (const char* const path : {"/notes", "/items"}) {
      const bool list = std::string_view(path) == "/items";
      const std::uint64_t length =
          list ? document.List(path)->size() : DecodeUtf8(*document.Text(path))->size();
      for (std::uint64_t at = 0; at <= length; ++at)
        for (const Stick stick : {Stick::kFront, Stick::kBack}) {
          const Result<Cursor> cursor = CursorAt(document, path, at, stick);
          ASSERT_TRUE(cursor);
          ASSERT_EQ(PositionOf(document, *cursor), at);
          placed.push_back({path, *cursor});
        }
    }
    for (std::size_t i = half; i < history.changes.size(); ++i) document.Apply(history.changes[i]);
    Shuffle(history.changes, random);
    for (const Change& change : history.changes) other.Apply(change);
    for (const auto& [path, cursor] : placed) {
      const Result<std::uint64_t> position = PositionOf(document, cursor);
      ASSERT_TRUE(position);
      ASSERT_EQ(*position, *PositionOf(other, cursor));
      if (!cursor.element || path != "/notes") continue;
      // The oracle knows every element by its change.
      const oracle::Container& text = *expected.state().Find("/notes");
      const oracle::Node* const writer = expected.history().Find(cursor.element->change);
      std::uint64_t shown = 0, number = 0;
      std::optional<std::size_t> point;
      for (std::size_t i = 0; i < text.points.size(); ++i)
        if (text.points[i].by.writer == *writer && number++ == cursor.element->number) point = i;
      const std::vector<oracle::Sequence::Item> elements = expected.reader().Elements(text);
      for (; shown < elements.size() && elements[shown] != *point; ++shown) {
      }
      if (shown == elements.size()) {
        ++gone;
        continue;
      }
      ++stayed;
      ASSERT_EQ(*position, shown + (cursor.behind ? 1 : 0));
    }
  }
  EXPECT_TRUE(stayed > 0 && gone > 0);
}

}  // namespace
}  // namespace geflecht::crdt
