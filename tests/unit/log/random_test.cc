// Random headers, bodies and runs. GEFLECHT_SEED repeats a run.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/limits.h"
#include "fixture.h"
#include "node/crypto/system_random.h"

namespace geflecht::log {
namespace {

using namespace testing;

std::uint64_t Seed() {
  const char* given = std::getenv("GEFLECHT_SEED");
  crypto::SystemRandom random;
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : random.Below(UINT64_MAX);
  std::printf("GEFLECHT_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

std::vector<EntryId> AscendingIds(Random& random, std::size_t count) {
  std::set<EntryId> ids;
  while (ids.size() < count) ids.insert(random.Make<EntryId>());
  return {ids.begin(), ids.end()};
}

std::string RandomToken(Random& random, std::size_t max) {
  constexpr std::string_view kChars = "abcdefghijklmnopqrstuvwxyz0123456789.-";
  std::string token(1, kChars[random.Below(26)]);
  for (std::size_t more = random.Below(max); more > 0; --more)
    token += kChars[random.Below(kChars.size())];
  return token;
}

Header RandomHeader(Random& random) {
  Header header;
  header.net = random.Make<NetworkId>();
  header.device = random.Make<DeviceId>();
  header.life = random.Make<LifeId>();
  header.seq = random.Below(2) == 0 ? random.Below(3) : random.Below(limits::kSeqMax);
  if (header.seq > 0) header.prev = random.Make<EntryId>();
  header.seen = AscendingIds(random, random.Below(8) == 0 ? limits::kSeenMax : random.Below(5));
  const bool root = random.Below(2) == 0;
  header.space = root ? RootSpace(*header.net) : random.Make<SpaceId>();
  if (!root) header.basis = AscendingIds(random, 1 + random.Below(limits::kBasisMax));
  header.kind = random.Below(2) == 0 ? "change" : "x" + RandomToken(random, 31);
  header.time_s = static_cast<std::int64_t>(random.Below(kTimeMax + 1));
  if (header.kind == "change") header.time_s -= header.time_s % 3600;
  if (header.kind != "change" && random.Below(2) == 0) header.about = random.Make<EntryId>();
  header.fields = static_cast<std::uint32_t>(random.Below(limits::kFieldsMax + 1));
  header.evidence = static_cast<std::uint32_t>(random.Below(header.fields + 1));
  header.root = header.fields == 0 ? MerkleRoot({}) : random.Make<crypto::Hash256>();
  return header;
}

TEST(RandomHeaders, RoundTripAndDamage) {
  SeededRandom random(Seed());
  for (int i = 0; i < 3000; ++i) {
    const Header header = RandomHeader(random);
    const Result<void> checked = CheckHeader(header);
    ASSERT_TRUE(checked) << checked.error().detail;
    const std::string text = Render(header);
    const Result<Header> parsed = ParseHeader(text);
    ASSERT_TRUE(parsed) << parsed.error().detail << "\n" << text;
    ASSERT_EQ(*parsed, header) << text;

    std::string damaged = text;
    switch (random.Below(4)) {
      case 0:
        damaged = FlipBit(damaged, random.Below(8 * damaged.size()));
        break;
      case 1:
        damaged.erase(random.Below(damaged.size()), 1 + random.Below(80));
        break;
      case 2:
        damaged.insert(random.Below(damaged.size()), 1, "\n -0a"[random.Below(5)]);
        break;
      default: {
        const std::size_t at = random.Below(damaged.size());
        damaged.insert(random.Below(damaged.size()), damaged.substr(at, random.Below(80)));
      }
    }
    const Result<Header> reread = ParseHeader(damaged);
    if (reread) {
      ASSERT_EQ(Render(*reread), damaged);
    }
  }
}

TEST(RandomBodies, WithholdingKeepsTheRoot) {
  SeededRandom random(Seed());
  for (int i = 0; i < 300; ++i) {
    Body body;
    const std::size_t count = random.Below(40);
    for (std::size_t n = 0; n < count; ++n) {
      Bytes value(random.Below(100));
      random.Fill(value);
      body.slots.push_back(MakeField("f" + std::to_string(n), value, random));
    }
    Header header = ChangeHeader();
    header.fields = static_cast<std::uint32_t>(count);
    header.evidence = 0;
    header.root = BodyRoot(body);
    ASSERT_TRUE(CheckBodyOf(header, body));
    for (Slot& slot : body.slots)
      if (random.Below(2) == 0) slot = FieldLeaf(std::get<Field>(slot));
    ASSERT_TRUE(CheckBodyOf(header, body));
    if (count == 0) continue;
    Slot& slot = body.slots[random.Below(count)];
    if (Field* field = std::get_if<Field>(&slot)) {
      field->value.push_back(0);
    } else {
      std::get<crypto::Hash256>(slot).bytes[random.Below(32)] ^= 0x10;
    }
    ASSERT_FALSE(CheckBodyOf(header, body));
  }
}

TEST(RandomRuns, AnySplitVerifiesInOrderAndOnlyInOrder) {
  SeededRandom random(Seed());
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> kinds;
    for (std::size_t i = 0; i < 12; ++i) kinds.push_back(random.Below(3) == 0 ? "vote" : "change");
    const log::Run all = SignedRun(kinds);
    FeedHead head;
    for (std::size_t from = 0; from < all.size();) {
      const std::size_t to = std::min<std::size_t>(all.size(), from + 1 + random.Below(5));
      log::Run piece(all.begin() + static_cast<std::ptrdiff_t>(from),
                     all.begin() + static_cast<std::ptrdiff_t>(to));
      if (to < all.size()) {
        log::Run later(all.begin() + static_cast<std::ptrdiff_t>(to), all.end());
        ASSERT_FALSE(VerifyRun(Network(), head, later));
      }
      ASSERT_TRUE(VerifyRun(Network(), head, piece));
      head = HeadAfter(piece);
      from = to;
    }
    EXPECT_EQ(head.head, all.back().id);
  }
}

}  // namespace
}  // namespace geflecht::log
