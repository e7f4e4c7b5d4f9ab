// The bytes of changes: one encoding for each change, and no other.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "crdt/codec.h"
#include "crdt/content.h"
#include "crdt/varint.h"
#include "histories.h"

namespace geflecht::crdt {
namespace {

ChangeHead HeadOf(const Change& change, Random& random) {
  ChangeHead head{.document = random.Make<DocumentId>(),
                  .type = {},
                  .schema_version = 0,
                  .parents = change.parents,
                  .own_distance = random.Below(300),
                  .erasures = {}};
  if (random.Below(4) == 0) {
    head.erasures = {random.Make<ErasureId>(), random.Make<ErasureId>()};
    std::sort(head.erasures.begin(), head.erasures.end());
  }
  if (change.parents.empty()) {
    head.document = {};
    head.type = "note";
    head.schema_version = 3;
    head.erasures.clear();
  }
  return head;
}

std::vector<EncodedField> Encoded(const Change& change, Random& random) {
  return EncodeChange(HeadOf(change, random), change.edits, HistorySchema());
}

std::vector<Change> Changes(std::uint64_t seed, std::uint64_t actions_max = 60) {
  SeededRandom random(seed);
  HistoryShape shape;
  shape.actions_max = actions_max;
  return MakeHistory(random, shape).changes;
}

TEST(ChangeCodec, EveryChangeComesBack) {
  std::size_t fields = 0;
  std::set<std::size_t> kinds;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    for (const Change& change : Changes(seed)) {
      const ChangeHead head = HeadOf(change, random);
      const auto encoded = EncodeChange(head, change.edits, HistorySchema());
      const auto decoded = DecodeChange(encoded, HistorySchema());
      ASSERT_TRUE(decoded) << decoded.error().detail;
      ASSERT_EQ(decoded->head, head);
      ASSERT_EQ(decoded->edits, change.edits);
      ASSERT_TRUE(decoded->unreadable.empty());
      ASSERT_EQ(DecodeChangeHead(encoded[0].value).value(), head);
      fields = std::max(fields, encoded.size());
      for (const Edit& edit : change.edits) kinds.insert(edit.index());
    }
  }
  EXPECT_GE(fields, 4u);
  EXPECT_EQ(kinds.size(), std::variant_size_v<Edit>);
}

// A field that is not here leaves everything else as it is, and what is left has one encoding too.
TEST(ChangeCodec, FieldsMayBeMissingOrErased) {
  std::size_t gaps = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    for (const Change& change : Changes(seed)) {
      auto encoded = Encoded(change, random);
      std::vector<Edit> expected = change.edits;
      for (std::size_t n = 1; n < encoded.size(); ++n) {
        if (random.Below(2) == 0) continue;
        encoded[n].gap = random.Below(2) == 0 ? Gap::kMissing : Gap::kErased;
        encoded[n].value.clear();
        ASSERT_TRUE(TakeContentOut(expected, HistorySchema(), n - 1, *encoded[n].gap));
        ++gaps;
      }
      ASSERT_FALSE(TakeContentOut(expected, HistorySchema(), encoded.size() - 1, Gap::kErased));
      const auto decoded = DecodeChange(encoded, HistorySchema());
      ASSERT_TRUE(decoded) << decoded.error().detail;
      ASSERT_EQ(decoded->edits, expected);
      ASSERT_EQ(EncodeChange(decoded->head, decoded->edits, HistorySchema()), encoded);
      // What is here of one and the other is all of it.
      std::vector<Edit> whole = decoded->edits;
      const auto merged = MergeContent(whole, change.edits);
      ASSERT_TRUE(merged);
      ASSERT_TRUE(HasGap(decoded->edits, Gap::kErased) || whole == change.edits);
      ASSERT_EQ(HasGap(whole, Gap::kMissing), false);
      ASSERT_EQ(HasGap(whole, Gap::kErased), HasGap(decoded->edits, Gap::kErased));
    }
  }
  EXPECT_GT(gaps, 500u);
}

TEST(ChangeCodec, ContentOfOtherEditsIsRefused) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::vector<Change> changes = Changes(seed);
    for (std::size_t i = 1; i < changes.size(); ++i) {
      std::vector<Edit> edits = changes[i].edits;
      if (edits == changes[i - 1].edits) continue;
      ASSERT_FALSE(MergeContent(edits, changes[i - 1].edits));
      ASSERT_EQ(edits, changes[i].edits);
    }
  }
}

TEST(ChangeCodec, TruncatedStructuresAreRefusedAndTruncatedContentCountsAsErased) {
  std::size_t unreadable = 0;
  for (std::uint64_t seed = 50; seed < 90; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    for (const Change& change : Changes(seed, 40)) {
      const auto encoded = Encoded(change, random);
      for (std::size_t size = 0; size < encoded[0].value.size(); ++size) {
        auto cut = encoded;
        cut[0].value.resize(size);
        ASSERT_FALSE(DecodeChange(cut, HistorySchema()));
      }
      auto longer = encoded;
      longer[0].value.push_back(0);
      ASSERT_FALSE(DecodeChange(longer, HistorySchema()));
      for (std::size_t field = 1; field < encoded.size(); ++field) {
        std::vector<Edit> expected = change.edits;
        ASSERT_TRUE(TakeContentOut(expected, HistorySchema(), field - 1, Gap::kErased));
        for (std::size_t size = 0; size <= encoded[field].value.size() + 1; ++size) {
          if (size == encoded[field].value.size()) continue;
          auto cut = encoded;
          cut[field].value.resize(size);
          const auto decoded = DecodeChange(cut, HistorySchema());
          ASSERT_TRUE(decoded) << decoded.error().detail;
          ASSERT_EQ(decoded->unreadable, (std::vector<std::size_t>{field - 1}));
          ASSERT_EQ(decoded->edits, expected);
          ++unreadable;
        }
        auto fewer = encoded;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(field));
        ASSERT_FALSE(DecodeChange(fewer, HistorySchema()));
      }
      auto more = encoded;
      more.push_back({"content." + std::to_string(encoded.size() - 1), {}});
      ASSERT_FALSE(DecodeChange(more, HistorySchema()));
    }
  }
  EXPECT_GT(unreadable, 1000u);
}

// Whatever a damaged encoding decodes to has that encoding and no other, but for fields that
// cannot be read.
TEST(ChangeCodec, DamagedBytesAreRefusedOrAnotherChange) {
  std::size_t refused = 0, other = 0, unreadable = 0;
  for (std::uint64_t seed = 60; seed < 80; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    for (const Change& change : Changes(seed, 30)) {
      const auto encoded = Encoded(change, random);
      for (int round = 0; round < 150; ++round) {
        auto damaged = encoded;
        for (std::uint64_t n = 1 + random.Below(2); n > 0; --n) {
          Bytes& value = damaged[static_cast<std::size_t>(random.Below(damaged.size()))].value;
          value[static_cast<std::size_t>(random.Below(value.size()))] =
              static_cast<std::uint8_t>(random.Below(256));
        }
        const auto decoded = DecodeChange(damaged, HistorySchema());
        ++(decoded ? other : refused);
        if (!decoded) continue;
        unreadable += decoded->unreadable.size();
        for (const std::size_t field : decoded->unreadable) {
          damaged[field + 1].gap = Gap::kErased;
          damaged[field + 1].value.clear();
        }
        ASSERT_EQ(EncodeChange(decoded->head, decoded->edits, HistorySchema()), damaged);
      }
    }
  }
  EXPECT_GT(refused, 1000u);
  EXPECT_GT(other, 1000u);
  EXPECT_GT(unreadable, 200u);
}

// A hand-made structure with one edit of the personal text.
std::vector<EncodedField> OneInsertion(std::uint64_t points, std::uint64_t bytes) {
  // Version, first change, type and schema version, no parents; one container, declared; one edit.
  Bytes structure{2, 1, 1, 'n', 3, 0, 0, 1, 1, 5, 'n', 'o', 't', 'e', 's', 1, 3, 0, 0};
  AppendVarint(structure, points);
  AppendVarint(structure, bytes);
  return {{"structure", structure}, {"", {}, Gap::kMissing}};
}

TEST(ChangeCodec, SizesOfWhatIsNotHereAreBounded) {
  const std::uint64_t most = limits::kFieldBytesMax;
  EXPECT_TRUE(DecodeChange(OneInsertion(most, most), HistorySchema()));
  EXPECT_TRUE(DecodeChange(OneInsertion(most / 4, most), HistorySchema()));
  EXPECT_FALSE(DecodeChange(OneInsertion(most + 1, most + 1), HistorySchema()));
  EXPECT_FALSE(DecodeChange(OneInsertion(most, most - 1), HistorySchema()));
  EXPECT_FALSE(DecodeChange(OneInsertion(most / 4 - 1, most), HistorySchema()));
  EXPECT_FALSE(DecodeChange(OneInsertion(UINT64_MAX, UINT64_MAX), HistorySchema()));
  EXPECT_FALSE(DecodeChange(OneInsertion(1, UINT64_MAX), HistorySchema()));
  EXPECT_FALSE(DecodeChange(OneInsertion(0, 0), HistorySchema()));
}

}  // namespace
}  // namespace geflecht::crdt
