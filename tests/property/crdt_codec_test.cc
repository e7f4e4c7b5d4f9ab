#include <gtest/gtest.h>

#include "crdt/codec.h"
#include "crdt_sites.h"

namespace geflecht::crdt {
namespace {

ChangeHead HeadOf(const Change& change, Random& random) {
  ChangeHead head{.document = random.Make<DocumentId>(),
                  .type = {},
                  .schema_version = 0,
                  .parents = change.parents,
                  .own_distance = random.Below(300)};
  if (change.parents.empty()) {
    head.document = {};
    head.type = "note";
    head.schema_version = 3;
  }
  return head;
}

TEST(ChangeCodec, EveryChangeComesBack) {
  std::size_t fields = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    for (const Change& change : MakeHistory(seed, 4, 25).changes) {
      const ChangeHead head = HeadOf(change, random);
      const auto encoded = EncodeChange(head, change.edits, SiteSchema());
      const auto decoded = DecodeChange(encoded, SiteSchema());
      ASSERT_TRUE(decoded) << decoded.error().detail;
      ASSERT_EQ(decoded->head, head);
      ASSERT_EQ(decoded->edits, change.edits);
      ASSERT_EQ(DecodeChangeHead(encoded[0].value).value(), head);
      fields = std::max(fields, encoded.size());
    }
  }
  EXPECT_GE(fields, 4u);
}

// Whatever a damaged encoding decodes to has that encoding and no other.
void ExpectCanonical(const std::vector<EncodedField>& fields) {
  const auto decoded = DecodeChange(fields, SiteSchema());
  if (!decoded) return;
  ASSERT_EQ(EncodeChange(decoded->head, decoded->edits, SiteSchema()), fields);
}

TEST(ChangeCodec, TruncationsAreRefused) {
  for (std::uint64_t seed = 50; seed < 58; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    for (const Change& change : MakeHistory(seed, 3, 12).changes) {
      const auto encoded = EncodeChange(HeadOf(change, random), change.edits, SiteSchema());
      for (std::size_t field = 0; field < encoded.size(); ++field)
        for (std::size_t size = 0; size < encoded[field].value.size(); ++size) {
          auto cut = encoded;
          cut[field].value.resize(size);
          ASSERT_FALSE(DecodeChange(cut, SiteSchema()));
        }
      for (std::size_t field = 0; field < encoded.size(); ++field) {
        auto cut = encoded;
        cut.erase(cut.begin() + static_cast<std::ptrdiff_t>(field));
        ASSERT_FALSE(DecodeChange(cut, SiteSchema()));
        auto longer = encoded;
        longer[field].value.push_back(0);
        ASSERT_FALSE(DecodeChange(longer, SiteSchema()));
      }
      auto more = encoded;
      more.push_back({"content." + std::to_string(encoded.size() - 1), {}});
      ASSERT_FALSE(DecodeChange(more, SiteSchema()));
    }
  }
}

TEST(ChangeCodec, DamagedBytesAreRefusedOrAnotherChange) {
  std::size_t refused = 0, other = 0;
  for (std::uint64_t seed = 60; seed < 90; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    for (const Change& change : MakeHistory(seed, 3, 12).changes) {
      const auto encoded = EncodeChange(HeadOf(change, random), change.edits, SiteSchema());
      for (int round = 0; round < 200; ++round) {
        auto damaged = encoded;
        for (std::uint64_t n = 1 + random.Below(2); n > 0; --n) {
          Bytes& value = damaged[static_cast<std::size_t>(random.Below(damaged.size()))].value;
          value[static_cast<std::size_t>(random.Below(value.size()))] =
              static_cast<std::uint8_t>(random.Below(256));
        }
        ++(DecodeChange(damaged, SiteSchema()) ? other : refused);
        ExpectCanonical(damaged);
        if (HasFatalFailure()) return;
      }
    }
  }
  EXPECT_GT(refused, 1000u);
  EXPECT_GT(other, 1000u);
}

// Whatever decodes can be applied: it is void or has an effect, the same on every site.
TEST(ChangeCodec, DamagedChangesNeverStopTheDocument) {
  std::size_t voids = 0;
  for (std::uint64_t seed = 100; seed < 140; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed + 5000);
    std::vector<Change> changes = MakeHistory(seed, 3, 15).changes;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      auto damaged = EncodeChange(HeadOf(changes[i], random), changes[i].edits, SiteSchema());
      Bytes& value = damaged[static_cast<std::size_t>(random.Below(damaged.size()))].value;
      value[value.size() - 1 - static_cast<std::size_t>(random.Below(value.size()) / 4)] ^=
          static_cast<std::uint8_t>(1 << random.Below(8));
      auto decoded = DecodeChange(damaged, SiteSchema());
      if (decoded) changes[i].edits = std::move(decoded->edits);
    }
    const std::string state = StateOf(changes);
    voids += state.find("void ") != std::string::npos;
    Shuffle(changes, random);
    ASSERT_EQ(StateOf(changes), state);
  }
  EXPECT_GT(voids, 5u);
}

}  // namespace
}  // namespace geflecht::crdt
