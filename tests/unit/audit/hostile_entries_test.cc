// Entries that a member's device signs although they are not as they should be, in a feed and as a
// receipt: which reasons the verifier names, kept as tables.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "samples.h"
#include "tests/golden/golden.h"
#include "tests/unit/edits.h"

namespace geflecht::audit {
namespace {

using namespace testing;

struct HostileHeader {
  std::string what;
  World::Edit edit;
  std::uint8_t signer = 1;
};

// Of places and kinds, and whose they are.
std::vector<HostileHeader> HostilePlaces(const log::SpaceId& root) {
  return {
      {"network", [](log::Header& h) { h.net = Filled<log::NetworkId>(1); }},
      {"space", [](log::Header& h) { h.space = Filled<log::SpaceId>(1); }},
      {"root space",
       [root](log::Header& h) {
         h.space = root;
         h.basis.clear();
       }},
      {"root space, a vote",
       [root](log::Header& h) {
         h.space = root;
         h.basis.clear();
         h.kind = "vote";
       }},
      {"kind", [](log::Header& h) { h.kind = "vote"; }},
      {"kind that nobody knows", [](log::Header& h) { h.kind = "x"; }},
      {"kind that covers", [](log::Header& h) { h.kind = "fork.evidence"; }},
  };
}

std::vector<HostileHeader> HostileHeaders(World& world) {
  const log::EntryId own = world.At(world.FeedOf(1)).entries[0].id;
  const log::EntryId other = world.At(world.FeedOf(2)).entries[0].id;
  const log::EntryId charter = world.founding().charter.id;
  const log::EntryId strange = Filled<log::EntryId>(0x99);
  std::vector<HostileHeader> headers = HostilePlaces(log::RootSpace(world.network()));
  const std::vector<HostileHeader> others = {
      {"as it should be", [](log::Header&) {}},
      {"life", [](log::Header& h) { h.life = Filled<log::LifeId>(0x77); }},
      {"seq", [](log::Header& h) { ++h.seq; }},
      {"seq, far", [](log::Header& h) { h.seq += 2; }},
      {"seq, back", [](log::Header& h) { h.seq = 1; }},
      {"prev", [strange](log::Header& h) { h.prev = strange; }},
      {"prev of another feed", [other](log::Header& h) { h.prev = other; }},
      {"prev, an earlier one",
       [own](log::Header& h) {
         h.prev = own;
         h.seq = 1;
       }},
      {"first again",
       [](log::Header& h) {
         h.prev.reset();
         h.seq = 0;
       }},
      {"seen", [strange](log::Header& h) { h.seen = {strange}; }},
      {"seen, own", [own](log::Header& h) { h.seen = {own}; }},
      {"seen of the root space", [charter](log::Header& h) { h.seen = {charter}; }},
      {"basis", [strange](log::Header& h) { h.basis = {strange}; }},
      {"basis of this space", [other](log::Header& h) { h.basis = {other}; }},
      {"basis, one of two",
       [strange, charter](log::Header& h) {
         h.basis = {strange, charter};
         std::sort(h.basis.begin(), h.basis.end());
       }},
      {"about",
       [strange](log::Header& h) {
         h.kind = "sign";
         h.about = strange;
       }},
      {"about another",
       [other](log::Header& h) {
         h.kind = "sign";
         h.about = other;
       }},
      {"about the charter",
       [charter](log::Header& h) {
         h.kind = "sign";
         h.about = charter;
       }},
      {"time, earlier", [](log::Header& h) { h.time_s = 0; }},
      {"evidence", [](log::Header& h) { h.evidence = 2; }},
      {"more fields", [](log::Header& h) { ++h.fields; }},
      {"root of the body", [](log::Header& h) { h.root = Filled<crypto::Hash256>(1); }},
      {"no member's device", [](log::Header& h) { h.device = Key(88).public_key(); }, 88},
  };
  headers.insert(headers.begin(), others.front());
  headers.insert(headers.end(), others.begin() + 1, others.end());
  return headers;
}

log::Entry Written(World world, const HostileHeader& hostile) {
  world.Change(1);
  log::Header header = world.At(world.FeedOf(1)).entries.back().header;
  hostile.edit(header);
  return log::Sign(std::move(header), hostile.signer == 1 ? Device(1) : Key(hostile.signer));
}

TEST(HostileEntries, InAFeedHaveTheseReasons) {
  World world = MergedWorld();
  const Bundle bundle = world.Exported();
  std::string out;
  for (const HostileHeader& hostile : HostileHeaders(world)) {
    Bundle changed = bundle;
    const std::string name = FeedFileName(world.FeedOf(1));
    const log::Entry entry = Written(world, hostile);
    SetText(changed, name, Text(changed, name) + RenderFeed({&entry, 1}));
    out += "== " + hostile.what + "\n" +
           Listed(Verify(Resealed(changed, world.network()), world.network()));
    out += "-- fast\n" + Listed(Verify(Resealed(changed, world.network()), world.network(),
                                       {Mode::kFast, {}, nullptr}));
  }
  ExpectGolden("audit-readers/hostile-feed", out);
}

TEST(HostileEntries, AsReceiptsHaveTheseReasons) {
  World world = MergedWorld();
  const Bundle bundle = world.Exported(ReceiptOf(world.At(world.FeedOf(1)).entries[1].id, true));
  std::string out;
  const auto verified = [&](const std::string& what, const std::string& entries) {
    Bundle changed = bundle;
    SetText(changed, kReceiptEntryFile, entries);
    out += "== " + what + "\n" + Listed(Verify(WithManifest(changed), world.network()));
  };
  for (const HostileHeader& hostile : HostileHeaders(world)) {
    const log::Entry entry = Written(world, hostile);
    verified(hostile.what, RenderFeed({&entry, 1}));
  }
  World longer = WorldOfOne(300);
  auto& entries = longer.At(longer.FeedOf(1)).entries;
  const Bundle whole = longer.Exported(ReceiptOf(entries[250].id, false));
  const auto covered = [&](const std::string& what, std::size_t begin, std::size_t end,
                           const std::function<void(std::vector<log::Entry>&)>& edit) {
    std::vector<log::Entry> run(entries.begin() + static_cast<std::ptrdiff_t>(begin),
                                entries.begin() + static_cast<std::ptrdiff_t>(end));
    edit(run);
    Bundle changed = whole;
    SetText(changed, kReceiptEntryFile, RenderFeed(run));
    out += "== " + what + "\n" + Listed(Verify(WithManifest(changed), longer.network()));
  };
  covered("run of 50", 250, 300, [](auto&) {});
  covered("run of 256", 44, 300, [](auto&) {});
  covered("run of 257", 43, 300, [](auto&) {});
  covered("run without its end", 250, 299, [](auto&) {});
  covered("run with a gap", 250, 300, [](auto& run) { run.erase(run.begin() + 3); });
  covered("run with a signature inside", 250, 300,
          [](auto& run) { run[3].signature = run.back().signature; });
  covered("run with a wrong signature", 250, 300,
          [](auto& run) { run.back().signature->bytes[0] ^= 1; });
  covered("run of another life", 250, 300,
          [](auto& run) { run[5].header.life = Filled<log::LifeId>(1); });
  covered("run of one", 299, 300, [](auto&) {});
  covered("run of two", 298, 300, [](auto&) {});
  covered("run of two, the first of a kind that needs its own signature", 298, 300,
          [](auto& run) { run[0].header.kind = "fork.evidence"; });
  covered("nothing", 250, 250, [](auto&) {});
  ExpectGolden("audit-readers/hostile-receipt", out);
}

// A run of a feed is covered by the signature at its end, as far as 256 entries.
TEST(HostileEntries, RunsOfAFeedHaveTheseReasons) {
  std::string out;
  for (const int size : {255, 256, 257}) {
    const World world = WorldOfOne(size);
    out += std::to_string(size) + ": " + Listed(Verify(world.Exported(), world.network()));
    out += "fast: " + Listed(Verify(world.Exported(), world.network(), {Mode::kFast, {}, nullptr}));
  }
  World world = MergedWorld();
  Bundle bundle = world.Exported();
  const std::string name = FeedFileName(world.FeedOf(2));
  const auto entries = world.At(world.FeedOf(2)).entries;
  const auto verified = [&](const std::string& what, std::vector<log::Entry> changed) {
    Bundle copy = bundle;
    SetText(copy, name, RenderFeed(changed));
    for (const Mode mode : {Mode::kFull, Mode::kFast})
      out += what + ": " +
             Listed(Verify(Resealed(copy, world.network()), world.network(), {mode, {}, nullptr}));
  };
  std::vector<log::Entry> changed = entries;
  changed[0].signature.reset();
  verified("first not signed", changed);
  changed[0].signature = changed[1].signature;
  verified("first signed otherwise", changed);
  changed = entries;
  changed[1].signature.reset();
  verified("last not signed", changed);
  changed[1].signature = changed[0].signature;
  verified("last signed otherwise", changed);
  ExpectGolden("audit-readers/runs", out);
}

TEST(HostileEntries, ManyLivesOfADeviceAreTooMany) {
  for (const std::size_t lives : {8u, 16u, 17u, 40u}) {
    World world(1);
    for (std::size_t life = 1; life <= lives; ++life)
      world.Change(1, {}, nullptr, static_cast<std::uint8_t>(life));
    const Report report = Verify(world.Exported(), world.network());
    EXPECT_EQ(Has(report, "too-many-lives"), lives > limits::kLivesMax) << lives;
  }
}

}  // namespace
}  // namespace geflecht::audit
