// Entries, chains, signatures and what entries say about one another; always under a manifest that
// the exporter signed anew.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "fixture.h"

namespace geflecht::audit {
namespace {

using namespace testing;

Report VerifyWorld(const World& world) { return Verify(world.Exported(), world.network()); }

// The blocks of a feed file: header, signature, empty line.
std::vector<std::string> Blocks(const std::string& text) {
  std::vector<std::string> blocks;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find("\n\n", at) + 2;
    blocks.push_back(text.substr(at, end - at));
    at = end;
  }
  return blocks;
}

std::string Joined(const std::vector<std::string>& blocks) {
  std::string text;
  for (const std::string& block : blocks) text += block;
  return text;
}

class Tampered : public ::testing::Test {
 protected:
  // The report on the bundle after `edit` changed the blocks of the feed of `org`.
  Report Edited(std::uint8_t org, const std::function<void(std::vector<std::string>&)>& edit) {
    Bundle bundle = world_.Exported();
    const std::string name = FeedFileName(world_.FeedOf(org));
    std::vector<std::string> blocks = Blocks(Text(bundle, name));
    edit(blocks);
    SetText(bundle, name, Joined(blocks));
    return Verify(Resealed(bundle, world_.network()), world_.network());
  }
  std::string FileOf(std::uint8_t org) const { return FeedFileName(world_.FeedOf(org)); }

  World world_ = MergedWorld();
};

TEST_F(Tampered, UnchangedIsValid) {
  EXPECT_EQ(Edited(1, [](auto&) {}).exit_code, 2);
}

TEST_F(Tampered, DroppedFeedThatOthersNameIsNoticed) {
  for (std::uint8_t org = 1; org <= 3; ++org) {
    Bundle bundle = world_.Exported();
    Remove(bundle, FileOf(org));
    Remove(bundle, BodiesFileName(world_.FeedOf(org)));
    ExpectInvalid(Verify(Resealed(bundle, world_.network()), world_.network()), "seen-missing");
  }
}

TEST_F(Tampered, DroppedLastEntryThatOthersNameIsNoticed) {
  ExpectInvalid(Edited(1, [](auto& blocks) { blocks.pop_back(); }), "seen-missing", FileOf(3), 1);
}

TEST_F(Tampered, DroppedLastEntryThatNobodyNamesIsNotAndNotClaimed) {
  const Report report = Edited(3, [](auto& blocks) { blocks.pop_back(); });
  EXPECT_TRUE(Has(report, "body-place")) << Listed(report);  // its body is still there
  Bundle bundle = world_.Exported();
  std::vector<std::string> blocks = Blocks(Text(bundle, FileOf(3)));
  blocks.pop_back();
  SetText(bundle, FileOf(3), Joined(blocks));
  Remove(bundle, BodiesFileName(world_.FeedOf(3)));
  const Report dropped = Verify(Resealed(bundle, world_.network()), world_.network());
  EXPECT_EQ(dropped.exit_code, 2) << Listed(dropped);
  EXPECT_EQ(dropped.spaces[0].open_points, std::vector<std::string>{"not-sealed"});
}

TEST_F(Tampered, DroppedFirstOrMiddleEntryIsNoticed) {
  const Report first = Edited(2, [](auto& blocks) { blocks.erase(blocks.begin()); });
  ExpectInvalid(first, "gap", FileOf(2), 1);
  world_.Change(2);
  ExpectInvalid(Edited(2, [](auto& blocks) { blocks.erase(blocks.begin() + 1); }), "gap",
                FileOf(2));
}

TEST_F(Tampered, ReorderedEntriesAreNoticed) {
  const Report report = Edited(1, [](auto& blocks) { std::swap(blocks[0], blocks[1]); });
  ExpectInvalid(report, "gap", FileOf(1), 1);
}

TEST_F(Tampered, DuplicatedEntryIsNoticedAndNoFork) {
  ExpectInvalid(Edited(1, [](auto& blocks) { blocks.push_back(blocks[1]); }), "duplicate-entry");
  ExpectInvalid(Edited(1, [](auto& blocks) { blocks.insert(blocks.begin(), blocks[0]); }),
                "duplicate-entry");
}

TEST_F(Tampered, EntryOfAnotherFeedIsNoticed) {
  Bundle bundle = world_.Exported();
  const std::string foreign = Text(bundle, FileOf(2));
  const Report report = Edited(1, [&](auto& blocks) { blocks.push_back(Blocks(foreign)[0]); });
  ExpectInvalid(report, "feed", FileOf(1));
}

TEST_F(Tampered, UnsignedTailIsNoticed) {
  const Report report = Edited(1, [](auto& blocks) {
    blocks[1].erase(blocks[1].find("sig "));
    blocks[1] += "\n";
  });
  ExpectInvalid(report, "unsigned-tail", FileOf(1), 15);
}

TEST_F(Tampered, WrongSignatureIsNoticedEvenWhereItIsNotNeeded) {
  const Report report = Edited(1, [](auto& blocks) {
    const std::string other = blocks[1].substr(blocks[1].find("sig "));
    blocks[0].replace(blocks[0].find("sig "), std::string::npos, other);
  });
  ExpectInvalid(report, "signature", FileOf(1), 13);
  EXPECT_FALSE(Has(report, "unsigned-tail"));
}

TEST_F(Tampered, EmptyFeedFileIsNoticed) {
  ExpectInvalid(Edited(3, [](auto& blocks) { blocks.clear(); }), "empty-feed", FileOf(3));
}

TEST_F(Tampered, OtherSpellingOfAHeaderIsNoticed) {
  const auto changed = [&](std::string_view from, std::string_view to) {
    return Edited(1, [&](auto& blocks) { blocks[0] = log::testing::Replace(blocks[0], from, to); });
  };
  ExpectInvalid(changed("\nseq 0", "\r\nseq 0"), "header", FileOf(1), 5);
  ExpectInvalid(changed("geflecht-entry@v1", "\xef\xbb\xbfgeflecht-entry@v1"), "header", FileOf(1),
                1);
  ExpectInvalid(changed("\nspace ", "\nspace A"), "header", FileOf(1), 3);
  ExpectInvalid(changed("\nbody 2 0", "\nbody 18446744073709551618 0"), "header", FileOf(1));
}

TEST(Feeds, EntryOfAnotherNetworkIsNoticed) {
  World world;
  world.Change(1, {}, [](log::Header& header) { header.net = Filled<log::NetworkId>(0xee); });
  ExpectInvalid(VerifyWorld(world), "network", FeedFileName(world.FeedOf(1)), 1);
}

TEST(Feeds, SignatureInAnotherNamespaceIsNoticed) {
  World world;
  world.Change(1);
  log::Entry& entry = world.At(world.FeedOf(1)).entries[0];
  entry.signature = Device(1).Sign(log::kBundleNamespace, AsBytes(log::Render(entry.header)));
  ExpectInvalid(VerifyWorld(world), "signature");
}

TEST(Feeds, DeviceOfNobodyIsNoticedAndItsSignaturesDoNotCount) {
  World world;
  world.Change(9);
  const Report report = VerifyWorld(world);
  ExpectInvalid(report, "device", FeedFileName(world.FeedOf(9)));
  EXPECT_EQ(report.counters.signatures, 1u);
}

TEST(Feeds, KindsWithoutARowAreNoticed) {
  World world;
  world.Change(1, {}, [](log::Header& header) { header.kind = "vote"; });
  ExpectInvalid(VerifyWorld(world), "kind", FeedFileName(world.FeedOf(1)), 1);
}

TEST(Feeds, KindThatNeedsItsOwnSignatureIsNotCovered) {
  World world;
  world.Change(1, {}, [](log::Header& header) { header.kind = "vote"; });
  world.Change(1);
  world.At(world.FeedOf(1)).entries[0].signature.reset();
  ExpectInvalid(VerifyWorld(world), "signature-missing", FeedFileName(world.FeedOf(1)), 1);
}

TEST(Feeds, SpaceThatIsNotInForceIsNoticed) {
  World world;
  world.Change(1);
  ExportInput input = world.Input();
  ExportInput::Feed& feed = input.feeds[0];
  log::Header header = feed.entries[0].header;
  header.space = Filled<log::SpaceId>(0x31);
  feed.entries[0] = log::Sign(header, Device(1));
  feed.key = header.feed();
  const auto bundle = Export(input, {}, Device(1));
  ASSERT_TRUE(bundle);
  ExpectInvalid(Verify(*bundle, world.network()), "space");
}

TEST(Feeds, EntryInTheRootSpaceIsNoticed) {
  World world;
  world.Change(1);
  ExportInput input = world.Input();
  ExportInput::Feed& feed = input.feeds[0];
  log::Header header = feed.entries[0].header;
  header.space = log::RootSpace(world.network());
  header.basis.clear();
  feed.entries[0] = log::Sign(header, Device(1));
  feed.key = header.feed();
  const auto bundle = Export(input, {}, Device(1));
  ASSERT_TRUE(bundle);
  ExpectInvalid(Verify(*bundle, world.network()), "kind");
}

TEST(Feeds, PrevOfAnotherBranchIsNoticed) {
  World world;
  world.Change(1);
  world.Change(1, {}, [](log::Header& header) { header.prev = Filled<log::EntryId>(0x44); });
  EXPECT_FALSE(Export(world.Input(), {}, Device(1)));
  Bundle bundle = World(3).Exported();
  SetText(bundle, FeedFileName(world.FeedOf(1)), RenderFeed(world.At(world.FeedOf(1)).entries));
  ExpectInvalid(Verify(Resealed(bundle, world.network()), world.network()), "prev",
                FeedFileName(world.FeedOf(1)));
}

TEST(Feeds, WhatWasLeftOutIsNoticedByWhatNamesIt) {
  const auto id = Filled<log::EntryId>(0x51);
  World seen;
  seen.Change(1, {id});
  ExpectInvalid(VerifyWorld(seen), "seen-missing", FeedFileName(seen.FeedOf(1)), 1);
  World basis;
  basis.Change(1, {}, [&](log::Header& header) { header.basis = {id}; });
  ExpectInvalid(VerifyWorld(basis), "basis-missing");
  World about;
  about.Gather(1, {}, [&](log::Header& header) { header.about = id; });
  ExpectInvalid(VerifyWorld(about), "about-missing");
}

TEST(Feeds, SeenInAnotherSpaceIsNoticed) {
  World world;
  world.Change(1, {world.founding().charter.id});
  ExpectInvalid(VerifyWorld(world), "seen-missing");
}

TEST(Feeds, SeenOfTheOwnFeedIsNoticed) {
  World world;
  const auto first = world.Change(1);
  world.Change(1);
  world.Change(1, {first});
  ExpectInvalid(VerifyWorld(world), "seen-own");
}

TEST(Feeds, SeventeenthLifeIsNoticed) {
  World world(1);
  for (std::uint8_t life = 0; life < limits::kLivesMax; ++life) world.Change(1, {}, nullptr, life);
  EXPECT_EQ(VerifyWorld(world).exit_code, 2);
  world.Change(1, {}, nullptr, limits::kLivesMax);
  ExpectInvalid(VerifyWorld(world), "too-many-lives");
}

// Two branches of one device from `seq` on, as one file holds them.
Bundle Forked(World& world, World& twin, std::size_t seq, bool signed_branch = true) {
  for (std::size_t i = 0; i < seq; ++i) {
    world.Change(1);
    twin.Change(1);
  }
  world.Change(1);
  twin.Gather(1, {});
  const auto& ours = world.At(world.FeedOf(1)).entries;
  auto branch = twin.At(twin.FeedOf(1)).entries;
  branch.erase(branch.begin(), branch.begin() + static_cast<std::ptrdiff_t>(seq));
  if (!signed_branch) branch.back().signature.reset();
  Bundle bundle = world.Exported();
  SetText(bundle, FeedFileName(world.FeedOf(1)), RenderFeed(ours) + RenderFeed(branch));
  return Resealed(bundle, world.network());
}

TEST(Fork, TwoSignedEntriesForOnePositionAreProven) {
  for (const std::size_t seq : {0u, 1u, 3u}) {
    World world;
    World twin;
    const Report report = Verify(Forked(world, twin, seq), world.network());
    EXPECT_EQ(report.verdict, Verdict::kForked) << Listed(report);
    EXPECT_EQ(report.exit_code, 3);
    EXPECT_EQ(Reasons(report), std::vector<std::string>{"fork"}) << Listed(report);
  }
}

TEST(Fork, UnsignedBranchProvesNothing) {
  World world;
  World twin;
  const Report report = Verify(Forked(world, twin, 1, false), world.network());
  ExpectInvalid(report, "unsigned-tail");
}

TEST(Fork, BranchOfAStrangerProvesNothing) {
  World world;
  World twin;
  Bundle bundle = Forked(world, twin, 1);
  // The network does not know the device any more: another charter was asked for.
  const Report report = Verify(bundle, Filled<log::NetworkId>(0x61));
  EXPECT_EQ(report.verdict, Verdict::kInvalid) << Listed(report);
}

TEST(Fork, AnEntryOfAnotherNetworkProvesNothing) {
  World world;
  const log::EntryId first = world.Change(1);
  world.Change(1);
  world.Change(1, {}, [&](log::Header& header) {
    header.net = Filled<log::NetworkId>(0x61);
    header.seq = 1;
    header.prev = first;
  });
  const Report report = VerifyWorld(world);
  EXPECT_EQ(report.verdict, Verdict::kInvalid) << Listed(report);
  EXPECT_FALSE(Has(report, "fork")) << Listed(report);
}

}  // namespace
}  // namespace geflecht::audit
