// Files and earlier versions of documents, compared with the oracle.
#include "crdt/history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "crdt/content.h"
#include "crdt/document_file.h"
#include "crdt/edit_columns.h"
#include "crdt/path.h"
#include "crdt/utf8.h"
#include "engine.h"
#include "histories.h"
#include "tests/property/cases.h"

namespace geflecht::crdt {
namespace {

std::set<ChangeId> PastOf(const Heads& heads, const std::map<ChangeId, const Change*>& changes) {
  std::set<ChangeId> past;
  std::vector<ChangeId> rest = heads;
  while (!rest.empty()) {
    const ChangeId id = rest.back();
    rest.pop_back();
    if (!past.insert(id).second) continue;
    const Change& change = *changes.at(id);
    rest.insert(rest.end(), change.parents.begin(), change.parents.end());
  }
  return past;
}

// A document that has taken `changes`, and one that came from a file in between.
Document Delivered(const std::vector<Change>& changes, std::size_t saved_at) {
  Document document(HistorySchema(), HistoryAgent(99));
  for (std::size_t i = 0; i < changes.size(); ++i) {
    document.Apply(changes[i]);
    if (i != saved_at) continue;
    Result<Document> loaded =
        LoadDocument(SaveDocument(document, NoCompressor(), Checksum), NoCompressor(), Checksum,
                     HistorySchema(), HistoryAgent(99), Origin::kOwn);
    EXPECT_TRUE(loaded);
    if (loaded) document = *std::move(loaded);
  }
  return document;
}

TEST(EditColumns, KeepEveryEditWithAllThatIsMissing) {
  for (const std::uint64_t seed : Seeds(300)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    History history = MakeHistory(random, HistoryShape());
    EventGraph graph;
    EditColumns columns;
    std::vector<Node> parents;
    for (Change& change : history.changes) {
      for (std::size_t field = random.Below(3); field > 0; --field) {
        const Gap gap = random.Below(2) == 0 ? Gap::kErased : Gap::kMissing;
        static_cast<void>(TakeContentOut(change.edits, HistorySchema(), field - 1, gap));
      }
      parents.clear();
      for (const ChangeId& parent : change.parents) parents.push_back(*graph.Find(parent));
      std::sort(parents.begin(), parents.end());
      graph.Append(change.id, change.agent, parents);
      columns.Append(change.edits, graph);
    }
    EditReader reader(columns.views(), graph);
    std::vector<Edit> edits;
    for (const Change& change : history.changes) {
      ASSERT_TRUE(reader.Next(edits));
      ASSERT_EQ(edits, change.edits);
    }
    ASSERT_TRUE(reader.AtEnd());
    ASSERT_FALSE(reader.Next(edits));
  }
}

TEST(History, EveryVersionIsWhatItWasWhenItWasTheLast) {
  for (const std::uint64_t seed : Seeds(150)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    HistoryShape shape;
    shape.keep = 3;
    const History history = MakeHistory(random, shape);
    std::map<ChangeId, const Change*> changes;
    for (const Change& change : history.changes) changes.emplace(change.id, &change);
    const Document document = Delivered(history.changes, random.Below(history.changes.size()));
    ASSERT_EQ(Describe(document), EngineExpected(history.changes));
    for (const History::Moment& moment : history.moments) {
      const std::set<ChangeId> past = PastOf(moment.heads, changes);
      std::vector<Change> earlier;
      for (const Change& change : history.changes)
        if (past.contains(change.id)) earlier.push_back(change);
      const Result<Document> then = Checkout(document, moment.heads);
      ASSERT_TRUE(then);
      ASSERT_EQ(Describe(*then), EngineExpected(earlier));
      const auto since = ChangesSince(document, moment.heads);
      ASSERT_TRUE(since);
      ASSERT_EQ(since->size(), history.changes.size() - earlier.size());
      for (const ChangeId& id : *since) ASSERT_FALSE(past.contains(id));
    }
  }
}

TEST(History, AVersionThatIsNotHereIsNamedSo) {
  const Document document(HistorySchema(), HistoryAgent(1));
  EXPECT_EQ(Checkout(document, {ChangeId{}}).error().code, Code::kNotFound);
  EXPECT_EQ(ChangesSince(document, {ChangeId{}}).error().code, Code::kNotFound);
}

void AddLines(std::string_view text, std::set<std::string>& lines) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines.emplace(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

// Of all texts that are shown.
void AddLinesOf(const Document& document, std::string_view path, std::set<std::string>& lines) {
  const auto add = [&](const Slot& slot, const std::string& at) {
    const auto* child = std::get_if<Child>(&slot);
    if (child == nullptr) {
      const auto* text = std::get_if<std::string>(&std::get<Value>(slot));
      if (text != nullptr) AddLines(*text, lines);
    } else if (child->type == ContainerType::kText) {
      AddLines(*document.Text(at), lines);
    } else if (child->type == ContainerType::kMap || child->type == ContainerType::kList) {
      AddLinesOf(document, at, lines);
    }
  };
  if (const auto map = document.Map(path)) {
    for (const Register& key : *map)
      if (!key.writings[0].removed) add(key.writings[0].slot, JoinPath(path, key.key));
  } else if (const auto list = document.List(path)) {
    for (std::size_t i = 0; i < list->size(); ++i)
      add((*list)[i], JoinPath(path, std::to_string(i)));
  }
}

TEST(History, NothingThatAVersionShowedIsMissingFromWhatWasSaidBefore) {
  for (const std::uint64_t seed : Seeds(150)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    const History history = MakeHistory(random, HistoryShape());
    const Document document = Delivered(history.changes, random.Below(history.changes.size()));
    std::set<std::string> said;
    ASSERT_TRUE(ForEachEarlier(
        document, [&](const std::string&, std::string_view text) { AddLines(text, said); }));
    AddLinesOf(document, "", said);
    const auto order = ChangesSince(document, {});
    ASSERT_TRUE(order);
    Heads heads;
    for (const ChangeId& change : *order) {
      heads.push_back(change);
      const auto version = Checkout(document, heads);
      ASSERT_TRUE(version);
      std::set<std::string> shown;
      AddLinesOf(*version, "", shown);
      for (const std::string& line : shown) ASSERT_TRUE(said.contains(line)) << line;
    }
  }
}

TEST(History, WhatWasSaidBeforeIsALineOfAVersion) {
  for (const std::uint64_t seed : Seeds(150)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    HistoryShape shape;
    shape.text_only = true;
    const History history = MakeHistory(random, shape);
    const Document document = Delivered(history.changes, random.Below(history.changes.size()));
    std::set<std::string> versions;
    const auto add = [&](const std::string&, std::string_view text) { AddLines(text, versions); };
    Heads heads;
    const auto order = ChangesSince(document, {});
    ASSERT_TRUE(order);
    for (const ChangeId& change : *order) {
      heads.push_back(change);
      const auto version = Checkout(document, heads);
      ASSERT_TRUE(version);
      AddLinesOf(*version, "", versions);
    }
    for (const Change& change : history.changes)
      ForEachWritten(
          change.edits, true, [](const ContainerId&) { return std::string(); }, add);
    ASSERT_TRUE(ForEachEarlier(document, [&](const std::string&, std::string_view text) {
      std::set<std::string> said;
      AddLines(text, said);
      for (const std::string& line : said) EXPECT_TRUE(versions.contains(line)) << line;
    }));
  }
}

bool IsSubsequence(std::u32string_view part, std::u32string_view whole) {
  std::size_t at = 0;
  for (const char32_t point : whole)
    if (at < part.size() && part[at] == point) ++at;
  return at == part.size();
}

TEST(History, BlameNamesTheChangeThatInsertedEachPassage) {
  for (const std::uint64_t seed : Seeds(150)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    HistoryShape shape;
    shape.text_only = true;
    shape.has_marks = false;
    const History history = MakeHistory(random, shape);
    std::map<ChangeId, std::u32string> inserted;
    std::map<ChangeId, AgentId> agents;
    std::string path;
    for (const Change& change : history.changes) {
      agents[change.id] = change.agent;
      for (const Edit& edit : change.edits) {
        path = ContainerOf(edit);
        if (const auto* text = std::get_if<InsertText>(&edit))
          inserted[change.id] += *DecodeUtf8(text->inserted);
      }
    }
    const Document document = Delivered(history.changes, random.Below(history.changes.size()));
    const std::u32string text = *DecodeUtf8(*document.Text(path));
    const auto blame = Blame(document, path);
    ASSERT_TRUE(blame);
    std::uint64_t at = 0;
    for (const Passage& passage : *blame) {
      ASSERT_EQ(passage.position, at);
      ASSERT_EQ(passage.agent, agents.at(passage.change));
      std::u32string all = inserted[passage.change];
      std::sort(all.begin(), all.end());
      std::u32string part = text.substr(at, passage.count);
      std::sort(part.begin(), part.end());
      ASSERT_TRUE(IsSubsequence(part, all));
      at += passage.count;
    }
    ASSERT_EQ(at, text.size());
  }
}

TEST(History, WhatBecameDifferentLeadsFromOneVersionToTheOther) {
  std::size_t found = 0;
  for (const std::uint64_t seed : Seeds(150)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    HistoryShape shape;
    shape.text_only = true;
    shape.has_marks = false;
    shape.keep = 2;
    const History history = MakeHistory(random, shape);
    if (history.moments.size() < 2) continue;
    const std::string path = ContainerOf(history.changes[0].edits[0]);
    const Document document = Delivered(history.changes, history.changes.size());
    const Heads &from = history.moments[0].heads, &to = history.moments[1].heads;
    const auto difference = DiffVersions(document, from, to);
    ASSERT_TRUE(difference);
    const std::u32string before = *DecodeUtf8(*Checkout(document, from)->Text(path));
    std::u32string text = *DecodeUtf8(*Checkout(document, to)->Text(path));
    if (!difference->texts.empty()) {
      const std::vector<TextChange>& changes = difference->texts[0].changes;
      for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        const std::u32string after = *DecodeUtf8(change->after);
        ASSERT_EQ(text.substr(change->position, after.size()), after);
        ASSERT_FALSE(change->authors.empty());
        text.replace(change->position, after.size(), *DecodeUtf8(change->before));
        ++found;
      }
    }
    ASSERT_EQ(text, before);
  }
  EXPECT_GT(found, 50u);
}

// What excluded changes did is in no version, so not in what leads from one to another.
TEST(History, WhatBecameDifferentBesideExcludedChangesLeadsFromOneVersionToTheOther) {
  std::size_t found = 0;
  for (const std::uint64_t seed : Seeds(80)) {
    SCOPED_TRACE(Repeat(seed));
    SeededRandom random(seed);
    HistoryShape shape;
    shape.actions_max = 100;
    shape.keep = 2;
    const History history = MakeHistory(random, shape);
    if (history.moments.size() < 2) continue;
    Document document = Delivered(history.changes, history.changes.size());
    for (const Change& change : history.changes)
      if (random.Below(4) == 0) document.Exclude(change.id);
    const Heads &from = history.moments[0].heads, &to = history.moments[1].heads;
    const auto difference = DiffVersions(document, from, to);
    ASSERT_TRUE(difference);
    const Result<Document> before = Checkout(document, from), after = Checkout(document, to);
    for (const char* const path : {"/notes", "/body"}) {
      std::u32string text = *DecodeUtf8(*after->Text(path));
      for (const VersionDifference::Text& one : difference->texts) {
        if (one.path != path) continue;
        for (auto change = one.changes.rbegin(); change != one.changes.rend(); ++change) {
          const std::u32string now = *DecodeUtf8(change->after);
          ASSERT_EQ(text.substr(change->position, now.size()), now);
          text.replace(change->position, now.size(), *DecodeUtf8(change->before));
          ++found;
        }
      }
      ASSERT_EQ(EncodeUtf8(text), *before->Text(path));
    }
  }
  EXPECT_GT(found, 20u);
}

TEST(History, DifferencesAreWholeWordsWithTheirAuthors) {
  Document document(HistorySchema(), HistoryAgent(1));
  const auto type = [&](std::uint8_t id, std::uint64_t agent, std::vector<Edit> edits) {
    Change change{{}, HistoryAgent(agent), document.heads(), std::move(edits)};
    change.id.bytes.fill(id);
    document.Apply(change);
  };
  type(1, 1, {InsertText{"/body", 0, "we meet on monday at noon"}});
  const Heads before = document.heads();
  type(2, 2,
       {Remove{"/body", 11, 3}, InsertText{"/body", 11, "sun"}, SetKey{"", "title", Value(true)}});
  const auto difference = DiffVersions(document, before, document.heads());
  ASSERT_TRUE(difference);
  ASSERT_EQ(difference->texts.size(), 1u);
  EXPECT_EQ(difference->texts[0].changes,
            (std::vector<TextChange>{{11, "monday", "sunday", {HistoryAgent(2)}}}));
  ASSERT_EQ(difference->fields.size(), 1u);
  EXPECT_EQ(difference->fields[0].path, "/title");
  EXPECT_EQ(difference->fields[0].kind, "added");
}

// Keeps what it packs, and counts how often it is asked for.
struct Shelf {
  Compressor compressor() {
    return {.pack =
                [this](ByteView data, ByteView) {
                  kept.emplace_back(data.begin(), data.end());
                  return Bytes{static_cast<std::uint8_t>(kept.size() - 1)};
                },
            .unpack = [this](ByteView packed, ByteView, std::size_t) -> std::optional<Bytes> {
              ++asked;
              return kept[packed[0]];
            }};
  }
  std::vector<Bytes> kept;
  std::size_t asked = 0;
};

// However much is learnt of old changes, the history is performed once, when something is read.
TEST(History, IsPerformedAgainOnceBeforeTheNextReading) {
  Document typed(HistorySchema(), HistoryAgent(1));
  std::vector<Change> changes;
  for (std::uint8_t i = 0; i < 30; ++i) {
    changes.push_back({{}, HistoryAgent(1), typed.heads(), {InsertText{"/notes", 0, "text "}}});
    changes.back().id.bytes.fill(i);
    typed.Apply(changes.back());
  }
  Shelf shelf;
  const Bytes file = SaveDocument(typed, shelf.compressor(), Checksum);
  Result<Document> document = LoadDocument(file, shelf.compressor(), Checksum, HistorySchema(),
                                           HistoryAgent(99), Origin::kOwn);
  ASSERT_TRUE(document);
  std::size_t told = 0;
  document->Observe([&](const std::vector<Patch>&) { ++told; });
  shelf.asked = 0;
  for (const Change& change : changes) document->Exclude(change.id);
  for (std::size_t i = 2; i < changes.size(); ++i) document->Include(changes[i].id);
  EXPECT_EQ(shelf.asked, 0u);
  EXPECT_EQ(told, 2 * changes.size() - 2);
  static_cast<void>(document->Text("/notes"));
  const std::size_t once = shelf.asked;
  EXPECT_GT(once, 0u);
  static_cast<void>(document->Text("/notes"));
  EXPECT_EQ(shelf.asked, once);
  // Each piece of content looks its change up.
  shelf.asked = 0;
  std::size_t erased = 0;
  for (Change change : changes) {
    ASSERT_TRUE(TakeContentOut(change.edits, HistorySchema(), 0, Gap::kErased));
    ASSERT_EQ(document->MergeContent(change.id, change.edits), true);
    ++erased;
  }
  const std::size_t lookups = shelf.asked;
  EXPECT_EQ(lookups, erased * once);
  static_cast<void>(document->Text("/notes"));
  EXPECT_EQ(shelf.asked, lookups + once);
}

// What a change has lost stands in no file any more, packed or not.
TEST(DocumentFile, HoldsNothingThatWasErasedBeforeItCame) {
  Document document(HistorySchema(), HistoryAgent(1));
  Change change{{}, HistoryAgent(1), {}, {InsertText{"/body", 0, "secret-word"}}};
  change.id.bytes.fill(1);
  ASSERT_TRUE(TakeContentOut(change.edits, HistorySchema(), 0, Gap::kErased));
  document.Apply(change);
  const Bytes file = SaveDocument(document, NoCompressor(), Checksum);
  EXPECT_EQ(AsText(file).find("secret-word"), std::string_view::npos);
  const auto loaded = LoadDocument(file, NoCompressor(), Checksum, HistorySchema(), HistoryAgent(1),
                                   Origin::kForeign);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(*loaded->Text("/body"), *document.Text("/body"));
}

}  // namespace
}  // namespace geflecht::crdt
