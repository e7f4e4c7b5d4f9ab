#include "crdt/document_file.h"

#include <gtest/gtest.h>

#include <map>

#include "crdt/codec.h"
#include "crdt_sites.h"

namespace geflecht::crdt {
namespace {

Bytes Save(const Document& document) { return SaveDocument(document, NoCompressor(), Checksum); }

Result<Document> Load(ByteView file, Origin origin = Origin::kOwn) {
  return LoadDocument(file, NoCompressor(), Checksum, SiteSchema(), SiteAgent(0), origin);
}

Document Of(const std::vector<Change>& changes) {
  Document document(SiteSchema(), SiteAgent(0));
  for (const Change& change : changes) document.Apply(change);
  return document;
}

TEST(DocumentFile, GivesBackWhatWasSaved) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const History history = MakeHistory(seed, 2 + static_cast<int>(seed % 4), 25);
    const Bytes file = Save(Of(history.changes));
    const Result<Document> own = Load(file), foreign = Load(file, Origin::kForeign);
    ASSERT_TRUE(own && foreign);
    EXPECT_EQ(Dump(*own, true), history.states[0]);
    EXPECT_EQ(Dump(*foreign, true), history.states[0]);
    EXPECT_EQ(Save(*own), file);
    EXPECT_EQ(Save(*foreign), file);
  }
}

TEST(DocumentFile, StateIsTheSameBytesWhateverOrderChangesCameIn) {
  for (std::uint64_t seed = 100; seed < 140; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History history = MakeHistory(seed, 4, 25);
    const Bytes state = CanonicalState(Of(history.changes));
    SeededRandom random(seed);
    Shuffle(history.changes, random);
    const Document other = Of(history.changes);
    EXPECT_EQ(CanonicalState(other), state);
    const Result<Document> loaded = Load(Save(other));
    ASSERT_TRUE(loaded);
    EXPECT_EQ(CanonicalState(*loaded), state);
  }
}

TEST(DocumentFile, ALoadedDocumentTakesWhatFollowsAndWhatIsConcurrent) {
  for (std::uint64_t seed = 200; seed < 260; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const History history = MakeHistory(seed, 2 + static_cast<int>(seed % 3), 25);
    SeededRandom random(seed);
    Document document(SiteSchema(), SiteAgent(0));
    for (const Change& change : history.changes) {
      ASSERT_EQ(document.Apply(change), Applied::kNew);
      if (random.Below(8) > 0) continue;
      Result<Document> loaded = Load(Save(document));
      ASSERT_TRUE(loaded);
      document = *std::move(loaded);
    }
    EXPECT_EQ(Dump(document, true), history.states[0]);
    for (const Change& change : history.changes) EXPECT_EQ(document.Apply(change), Applied::kKnown);
  }
}

TEST(DocumentFile, ALoadedDocumentIsEditedLikeOneThatWasNeverSaved) {
  for (std::uint64_t seed = 300; seed < 340; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const History history = MakeHistory(seed, 3, 20);
    Document kept = Of(history.changes);
    Result<Document> loaded = Load(Save(kept));
    ASSERT_TRUE(loaded);
    for (int i = 0; i < 10; ++i) {
      SeededRandom one(seed * 100 + static_cast<std::uint64_t>(i)), other = one;
      for (int edits = 0; edits < 4; ++edits) {
        ASSERT_EQ(EditAtRandom(kept, one), EditAtRandom(*loaded, other));
        ASSERT_EQ(Dump(kept, false), Dump(*loaded, false));
      }
      if (!kept.HasOpen()) continue;
      CutAtRandom(kept, 0, one);
      CutAtRandom(*loaded, 0, other);
      ASSERT_EQ(Dump(kept, true), Dump(*loaded, true));
    }
    EXPECT_EQ(Save(kept), Save(*Load(Save(*loaded))));
  }
}

// Long names in the structure of a change, and as much content as a body may have that is not here.
TEST(DocumentFile, AChangeAsLargeAsItMayBeIsReadAgain) {
  std::vector<Edit> edits;
  for (int i = 0; i < 100; ++i)
    edits.push_back(Mark{"/notes", 0, 1, std::string(4'000, static_cast<char>('a' + i % 26)),
                         Absent{Gap::kErased, Absent::Kind::kText, 4'800}});
  edits.push_back(SetKey{"", "title", Absent{Gap::kErased, Absent::Kind::kText, 400'000}});
  const Change first{ChangeId{{1}}, SiteAgent(1), {}, {InsertText{"/notes", 0, "x"}}};
  const Change large{ChangeId{{2}}, SiteAgent(1), {first.id}, edits};
  ChangeHead head;
  head.parents = large.parents;
  const auto decoded = DecodeChange(EncodeChange(head, edits, SiteSchema()), SiteSchema());
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->edits, edits);
  const Document document = Of({first, large});
  ASSERT_TRUE(document.Voids().empty());
  const Result<Document> loaded = Load(Save(document));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(Dump(*loaded, true), Dump(document, true));
}

TEST(DocumentFile, DamageIsFound) {
  const History history = MakeHistory(400, 3, 25);
  const Bytes file = Save(Of(history.changes));
  for (std::size_t i = 0; i < file.size(); ++i) {
    Bytes damaged = file;
    damaged[i] ^= 1;
    EXPECT_FALSE(Load(damaged)) << i;
  }
}

// Whoever damages a file can also give it the right checksum.
TEST(DocumentFile, AForeignFileIsRefusedOrIsADocument) {
  SeededRandom random(401);
  std::size_t refused = 0;
  for (std::uint64_t seed = 402; seed < 410; ++seed) {
    const History history = MakeHistory(seed, 3, 12);
    const Bytes file = Save(Of(history.changes));
    for (int i = 0; i < 300; ++i) {
      Bytes damaged(file.begin(), file.end() - 32);
      if (random.Below(4) == 0) damaged.resize(random.Below(damaged.size()));
      if (!damaged.empty())
        damaged[random.Below(damaged.size())] = static_cast<std::uint8_t>(random.Below(256));
      Append(damaged, Checksum(damaged));
      const Result<Document> loaded = Load(damaged, Origin::kForeign);
      refused += !loaded;
      if (!loaded) continue;
      const Bytes again = Save(*loaded);
      EXPECT_EQ(Dump(*Load(again), true), Dump(*loaded, true));
    }
  }
  EXPECT_GT(refused, 800u);
}

}  // namespace
}  // namespace geflecht::crdt
