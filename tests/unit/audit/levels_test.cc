// Bundles of a part and of one entry; the fast mode; what an earlier audit left behind.
#include <gtest/gtest.h>

#include "fixture.h"
#include "node/audit/known_heads.h"
#include "node/audit/proof_file.h"
#include "node/log/merkle.h"

namespace geflecht::audit {
namespace {

using namespace testing;

std::vector<crypto::Hash256> Leaves(std::size_t count) {
  std::vector<crypto::Hash256> leaves(count);
  for (std::size_t i = 0; i < count; ++i) leaves[i] = crypto::Sha256(AsBytes(std::to_string(i)));
  return leaves;
}

TEST(Proof, LeadsToTheRootFromEachLeafAndNoOther) {
  for (std::size_t size = 1; size <= 40; ++size) {
    const auto leaves = Leaves(size);
    const auto root = log::MerkleRoot(leaves);
    for (std::size_t i = 0; i < size; ++i) {
      auto path = InclusionPath(leaves, i);
      EXPECT_EQ(RootByPath(leaves[i], i, size, path), root) << i << " of " << size;
      for (std::size_t other = 0; other <= size; ++other)
        EXPECT_EQ(RootByPath(leaves[i], other, size, path) == root, other == i);
      EXPECT_NE(RootByPath(leaves[i], i, size + size, path), root);
      path.push_back(leaves[0]);
      EXPECT_NE(RootByPath(leaves[i], i, size, path), root);
      path.pop_back();
      if (path.empty()) continue;
      path.pop_back();
      EXPECT_NE(RootByPath(leaves[i], i, size, path), root);
    }
  }
}

TEST(Proof, OfOneAmongAMillionIsSmall) {
  const log::FeedKey feed{};
  auto leaves = Leaves(1000);
  leaves.resize(1'000'000);
  const auto note = SignCheckpoint(CheckpointOf({}, feed, leaves), Device(1));
  const std::string proof = RenderProof(999'999, InclusionPath(leaves, 999'999), note);
  RecordProperty("bytes", static_cast<int>(proof.size()));
  EXPECT_LE(RenderProof(7, InclusionPath(leaves, 7), note).size(), 2'500u);
  EXPECT_LE(proof.size(), 2'500u);
}

TEST(Proof, TextIsReadStrictly) {
  const auto leaves = Leaves(5);
  const std::string text = RenderProof(3, InclusionPath(leaves, 3), "note\n");
  const auto parsed = ParseProof(text, [](auto, auto detail) { ADD_FAILURE() << detail; });
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->index, 3u);
  EXPECT_EQ(parsed->path, InclusionPath(leaves, 3));
  EXPECT_EQ(parsed->checkpoint, "note\n");
  EXPECT_EQ(parsed->line, 7u);
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"proof@v1", "proof@v2"},
                                                        {"index 3", "index 03"},
                                                        {"index 3", "index -3"},
                                                        {"index 3\n", "extra AAAA\nindex 3\n"},
                                                        {"=\n", "=\r\n"},
                                                        {"\n\nnote\n", "\nnote\n"}}) {
    std::size_t troubles = 0;
    EXPECT_FALSE(
        ParseProof(log::testing::Replace(text, from, to), [&](auto, auto) { ++troubles; }));
    EXPECT_EQ(troubles, 1u) << to;
  }
}

ExportOptions ReceiptOf(const log::EntryId& entry) {
  ExportOptions options = ExportedAt(log::testing::kNoon);
  options.level = Level::kReceipt;
  options.entry = entry;
  return options;
}

class Receipts : public ::testing::Test {
 protected:
  World world_ = MergedWorld();
  const log::EntryId entry_ = world_.At(world_.FeedOf(2)).entries[1].id;
};

TEST_F(Receipts, HoldOneEntryAndClaimNothingElse) {
  ExportOptions options = ReceiptOf(entry_);
  options.open_entries.insert(entry_);
  Bundle bundle = world_.Exported(options);
  const Report report = Verify(bundle, world_.network());
  EXPECT_EQ(report.verdict, Verdict::kIncomplete) << Listed(report);
  EXPECT_EQ(report.counters, (Counters{1, 2, 2, 3, 0, 0}));
  for (const Coverage& space : report.spaces)
    EXPECT_EQ(space.open_points,
              space.root ? (std::vector<std::string>{"not-sealed", "receipt"})
                         : (std::vector<std::string>{"not-covered", "not-sealed", "receipt"}));
  EXPECT_EQ(report.info->entry, entry_);
  EXPECT_EQ(Find(bundle, FeedFileName(world_.FeedOf(1))), nullptr);
  EXPECT_NE(Text(bundle, ReceiptFieldFileName(1)).find("offen"), std::string::npos);
  EXPECT_EQ(Find(bundle, ReceiptLeafFileName(0)), nullptr);
}

TEST_F(Receipts, OfCoveredEntriesBringTheSignatureAlong) {
  World world = WorldOfOne(9);
  const log::EntryId entry = world.At(world.FeedOf(1)).entries[2].id;
  Bundle bundle = world.Exported(ReceiptOf(entry));
  const Report report = Verify(bundle, world.network());
  EXPECT_EQ(report.verdict, Verdict::kIncomplete) << Listed(report);
  EXPECT_EQ(report.counters.withheld, 2u);
  std::string cut = Text(bundle, kReceiptEntryFile);
  cut.resize(cut.find("\n\n") + 2);
  SetText(bundle, kReceiptEntryFile, cut);
  ExpectInvalid(Verify(WithManifest(bundle), world.network()), "signature-missing",
                kReceiptEntryFile, 1);
}

// The exporter signs the manifest anew each time.
TEST_F(Receipts, AreRefusedOnceAnythingInThemIsExchanged) {
  const Bundle whole = world_.Exported(ReceiptOf(entry_));
  const auto expect = [&](std::string_view reason, std::string_view file, const auto& damage) {
    Bundle bundle = whole;
    damage(bundle);
    ExpectInvalid(Verify(WithManifest(bundle), world_.network()), reason, file);
  };
  const auto replace = [](std::string_view file, std::string from, std::string to) {
    return [=](Bundle& bundle) {
      SetText(bundle, file, log::testing::Replace(Text(bundle, file), from, to));
    };
  };
  expect("proof", kReceiptProofFile, replace(kReceiptProofFile, "index 1", "index 0"));
  expect("proof", kReceiptProofFile, replace(kReceiptProofFile, "index 1", "index 2"));
  expect("proof", kReceiptProofFile, replace(kReceiptProofFile, "index 1\n", "index 1\nAAAA\n"));
  expect("checkpoint", kReceiptProofFile, replace(kReceiptProofFile, "\ngeflecht/", "\ngeflechT/"));
  expect("checkpoint-signature", kReceiptProofFile,
         replace(kReceiptProofFile, "device/", "device/0"));
  expect("missing-file", kReceiptProofFile,
         [](Bundle& bundle) { Remove(bundle, kReceiptProofFile); });
  expect("missing-file", kReceiptEntryFile,
         [](Bundle& bundle) { Remove(bundle, kReceiptEntryFile); });
  expect("missing-file", ReceiptFieldFileName(0),
         [](Bundle& bundle) { Remove(bundle, ReceiptLeafFileName(0)); });
  expect("field", ReceiptLeafFileName(0),
         [](Bundle& bundle) { SetText(bundle, ReceiptFieldFileName(0), "x"); });
  expect("field", ReceiptLeafFileName(2), [](Bundle& bundle) {
    SetText(bundle, ReceiptLeafFileName(2), std::string(64, '0') + "\n");
  });
  expect("body", kReceiptEntryFile, [](Bundle& bundle) {
    SetText(bundle, ReceiptLeafFileName(1), std::string(64, '0') + "\n");
  });
  expect("receipt", kReceiptEntryFile, [](Bundle& bundle) {
    std::string text = Text(bundle, kInfoFile);
    text = log::testing::Replace(text, "\"receipt\"", "\"full\"");
    const std::size_t at = text.find(",\"entry\"");
    SetText(bundle, kInfoFile, text.erase(at, text.size() - 2 - at));
  });
  expect("bundle-info", kInfoFile, replace(kInfoFile, entry_.Hex(), std::string(64, '1')));
}

TEST_F(Receipts, AreRefusedForWhatIsNotThere) {
  const auto code = [&](const ExportOptions& options) {
    const auto bundle = Export(world_.Input(), options, Device(1));
    return bundle ? Code::kInternal : bundle.error().code;
  };
  EXPECT_EQ(code(ReceiptOf(Filled<log::EntryId>(1))), Code::kNotFound);
  ExportOptions none = ReceiptOf(entry_);
  none.entry.reset();
  EXPECT_EQ(code(none), Code::kUsage);
  ExportOptions limited = ReceiptOf(entry_);
  limited.to_s = 1;
  EXPECT_EQ(code(limited), Code::kUsage);
  world_.At(world_.FeedOf(2)).bodies[1].reset();
  EXPECT_EQ(code(ReceiptOf(entry_)), Code::kNotFound);
}

TEST(Scopes, HoldAllHeadersAndTheBodiesOfThePeriod) {
  const World world = MergedWorld();
  ExportOptions options;
  options.level = Level::kScope;
  options.spaces = {world.space()};
  options.open_spaces.insert(world.space());
  ASSERT_TRUE(AddPeriod(options, "2026-03-02", "2026-03-02T12:00:00Z"));
  options.nonce = "0123";
  Bundle bundle = world.Exported(options);
  const Report report = Verify(bundle, world.network());
  EXPECT_EQ(report.verdict, Verdict::kIncomplete) << Listed(report);
  EXPECT_EQ(report.counters.entries, 7u);
  EXPECT_EQ(report.counters.opened, 1u + 2 * 2);  // the charter, and the first change of two feeds
  EXPECT_EQ(report.counters.withheld, 0u);
  EXPECT_EQ(report.info->nonce, "0123");
  EXPECT_EQ(report.spaces[0].open_points, (std::vector<std::string>{"not-sealed", "scope"}));
  // Whoever claims a smaller part than he hands over is found out.
  SetText(bundle, kInfoFile,
          log::testing::Replace(Text(bundle, kInfoFile), "\"scope\":{\"from\":\"2026-03-02T00",
                                "\"scope\":{\"from\":\"2026-03-02T11"));
  EXPECT_EQ(Verify(WithManifest(bundle), world.network()).exit_code, 2);
  SetText(bundle, kInfoFile,
          log::testing::Replace(Text(bundle, kInfoFile),
                                "T12:00:00Z\",\"spaces\":[\"" + world.space().Hex() + "\"]}",
                                "T11:59:59Z\",\"spaces\":[\"" + world.space().Hex() + "\"]}"));
  ExpectInvalid(Verify(WithManifest(bundle), world.network()), "body-place");
}

TEST(Scopes, PeriodsAndNoncesThatAreNoneAreRefused) {
  ExportOptions options;
  EXPECT_FALSE(AddPeriod(options, "2026-02-30", ""));
  EXPECT_FALSE(AddPeriod(options, "", "heute"));
  ASSERT_TRUE(AddPeriod(options, "2026-03-02", "2026-03-01"));
  options.level = Level::kScope;
  const World world(1);
  EXPECT_EQ(Export(world.Input(), options, Device(1)).error().code, Code::kUsage);
  for (const std::string& nonce : std::vector<std::string>{"0", "0G", "AB", std::string(66, '0')}) {
    ExportOptions with = ExportedAt(0);
    with.nonce = nonce;
    EXPECT_EQ(Export(world.Input(), with, Device(1)).error().code, Code::kUsage) << nonce;
  }
}

VerifyOptions Fast() {
  VerifyOptions options;
  options.mode = Mode::kFast;
  return options;
}

TEST(FastMode, ChecksTheLastSignatureOfEachFeedAndNeverEndsWithZero) {
  const World world = MergedWorld();
  Bundle bundle = world.Exported();
  const Report report = Verify(bundle, world.network(), Fast());
  EXPECT_EQ(report.exit_code, 2) << Listed(report);
  EXPECT_EQ(report.counters.signatures, 4u);
  for (const Coverage& space : report.spaces)
    EXPECT_EQ(space.open_points, (std::vector<std::string>{"not-sealed", "fast-mode"}));
  // A signature in the middle is not looked at, one at the end is.
  const std::string name = FeedFileName(world.FeedOf(1));
  const std::string text = Text(bundle, name);
  const auto flipped = [&](std::size_t at) {
    std::string other = text;
    other[at + 5] = other[at + 5] == 'A' ? 'B' : 'A';
    SetText(bundle, name, other);
    return Verify(Resealed(bundle, world.network()), world.network(), Fast());
  };
  EXPECT_EQ(flipped(text.find("sig ")).exit_code, 2);
  ExpectInvalid(flipped(text.rfind("sig ")), "signature", name);
}

TEST(FastMode, FindsForksAndExchangedTexts) {
  World world = MergedWorld();
  Bundle bundle = world.Exported();
  const std::string name = FeedFileName(world.FeedOf(1));
  SetText(bundle, name, log::testing::Replace(Text(bundle, name), "T12:00", "T13:00"));
  ExpectInvalid(Verify(Resealed(bundle, world.network()), world.network(), Fast()), "prev", name);
  const log::Entry first = world.At(world.FeedOf(1)).entries[0];
  world.Change(1, {}, [&](log::Header& header) {
    header.prev = first.id;
    header.seq = 1;
  });
  EXPECT_EQ(Verify(world.Exported(), world.network(), Fast()).exit_code, 3);
}

class Heads : public ::testing::Test {
 protected:
  Report VerifyWith(const World& world, const KnownHeads& known) {
    VerifyOptions options;
    options.known = &known;
    return Verify(world.Exported(), world.network(), options);
  }
  World world_ = MergedWorld();
  const KnownHeads known_ = Verify(world_.Exported(), world_.network()).heads;
};

TEST_F(Heads, ComeBackFromTheirText) {
  EXPECT_EQ(known_.heads.size(), 4u);
  const auto back = ParseKnownHeads(RenderKnownHeads(known_));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, known_);
  const std::string text = RenderKnownHeads(known_);
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"heads@v1", "heads@v2"}, {" 1 ", " 0 "}, {" 1 ", " 01 "}, {"head ", "Head "}})
    EXPECT_FALSE(ParseKnownHeads(log::testing::Replace(text, from, to))) << to;
  EXPECT_FALSE(ParseKnownHeads(text + text.substr(text.rfind("head "))));
}

TEST_F(Heads, HoldForTheSameAndForLongerFeeds) {
  EXPECT_EQ(VerifyWith(world_, known_).spaces[0].open_points,
            std::vector<std::string>{"not-sealed"});
  world_.Change(1);
  world_.Change(3);
  const Report report = VerifyWith(world_, known_);
  EXPECT_EQ(report.exit_code, 2);
  for (const Coverage& space : report.spaces)
    EXPECT_EQ(space.open_points, std::vector<std::string>{"not-sealed"});
}

TEST_F(Heads, ShowThatABundleIsOlder) {
  world_.At(world_.FeedOf(2)).entries.pop_back();
  world_.At(world_.FeedOf(2)).bodies.pop_back();
  const Report report = VerifyWith(world_, known_);
  EXPECT_EQ(report.exit_code, 2) << Listed(report);
  std::size_t stale = 0;
  for (const Coverage& space : report.spaces)
    for (const std::string& point : space.open_points) stale += point == "stale";
  EXPECT_EQ(stale, 1u);
}

TEST_F(Heads, ProveThatAHistoryWasExchanged) {
  ExportInput::Feed& feed = world_.At(world_.FeedOf(2));
  feed.entries.pop_back();
  feed.bodies.pop_back();
  world_.Change(2);
  const Report report = VerifyWith(world_, known_);
  EXPECT_EQ(report.exit_code, 3) << Listed(report);
  EXPECT_TRUE(Has(report, "known-head", FeedFileName(world_.FeedOf(2)))) << Listed(report);
}

}  // namespace
}  // namespace geflecht::audit
