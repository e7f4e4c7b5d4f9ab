// Checkpoints that the exporter, or somebody on the way, made otherwise; the manifest always fits.
#include <gtest/gtest.h>

#include "fixture.h"
#include "node/audit/checkpoint_file.h"
#include "node/crypto/base64.h"

namespace geflecht::audit {
namespace {

using namespace testing;

class Checkpoints : public ::testing::Test {
 protected:
  log::FeedKey feed() const { return world_.FeedOf(1); }
  std::string file() const { return CheckpointFileName(feed()); }

  Report Signed(const std::function<void(Bundle&)>& change) {
    Bundle bundle = world_.Exported();
    change(bundle);
    return Verify(WithManifest(std::move(bundle)), world_.network());
  }
  Report With(std::string_view text) {
    return Signed([&](Bundle& bundle) { SetText(bundle, file(), text); });
  }
  // What the exporter signs holds; only what it says may be wrong.
  Report Said(const std::function<void(Checkpoint&)>& change) {
    Checkpoint checkpoint = Right();
    change(checkpoint);
    return With(SignCheckpoint(checkpoint, Device(1)));
  }
  // With more lines behind the exporter's signature.
  Report WithLine(std::string_view lines) {
    return With(SignCheckpoint(Right(), Device(1)) + std::string(lines));
  }

  Checkpoint Right() { return CheckpointOf(world_.network(), feed(), Leaves()); }
  std::vector<crypto::Hash256> Leaves() { return FirstBranch(world_.At(feed()).entries); }
  std::string RightText() { return RenderCheckpoint(Right()); }

  static std::string Line(std::string_view name, const NoteKeyId& key, ByteView signature) {
    Bytes bytes;
    Append(bytes, key.view());
    Append(bytes, signature);
    return "\xe2\x80\x94 " + std::string(name) + " " + crypto::ToBase64(bytes) + "\n";
  }

  World world_ = MergedWorld();
};

TEST_F(Checkpoints, EachFeedHasOne) {
  Bundle bundle = world_.Exported();
  std::size_t feeds = 0;
  for (const BundleFile& found : bundle) {
    const auto name = ParseFileName(found.name);
    ASSERT_TRUE(name) << found.name;
    if (name->kind != FileKind::kFeed) continue;
    ++feeds;
    EXPECT_NE(Find(bundle, CheckpointFileName(name->feed)), nullptr) << found.name;
  }
  EXPECT_EQ(feeds, 4u);
  EXPECT_EQ(Text(bundle, file()), SignCheckpoint(Right(), Device(1)));
  EXPECT_EQ(Right().size, 2u);
  EXPECT_EQ(With(SignCheckpoint(Right(), Device(1))).exit_code, 2);
}

TEST_F(Checkpoints, OriginIsTheHashOfTheIds) {
  Bytes ids;
  Append(ids, world_.network().view());
  Append(ids, feed().space.view());
  Append(ids, feed().device.view());
  Append(ids, feed().life.view());
  ASSERT_EQ(ids.size(), 88u);
  EXPECT_EQ(Right().origin, "geflecht/" + crypto::Sha256(ids).Hex());
}

TEST_F(Checkpoints, MissingOneIsNoticed) {
  ExpectInvalid(Signed([&](Bundle& bundle) { Remove(bundle, file()); }), "missing-file", file());
  const std::string charter = CheckpointFileName(world_.founding().charter.header.feed());
  ExpectInvalid(Signed([&](Bundle& bundle) { Remove(bundle, charter); }), "missing-file", charter);
}

TEST_F(Checkpoints, OneWithoutAFeedIsNoticed) {
  const std::string orphan = CheckpointFileName(world_.FeedOf(1, 0x33));
  ExpectInvalid(Signed([&](Bundle& bundle) { SetText(bundle, orphan, "x"); }), "checkpoint",
                orphan);
}

TEST_F(Checkpoints, OriginOfAnotherFeedOrNetworkIsNoticed) {
  const auto origin = [&](const log::NetworkId& network, const log::FeedKey& key) {
    return Said([&](Checkpoint& c) { c.origin = CheckpointOrigin(network, key); });
  };
  EXPECT_EQ(origin(world_.network(), feed()).exit_code, 2);
  log::FeedKey other = feed();
  other.space = log::RootSpace(world_.network());
  for (const log::FeedKey& key : {world_.FeedOf(2), world_.FeedOf(1, 0x21), other})
    ExpectInvalid(origin(world_.network(), key), "checkpoint", file(), 1);
  ExpectInvalid(origin(Filled<log::NetworkId>(0x61), feed()), "checkpoint", file(), 1);
  ExpectInvalid(Signed([&](Bundle& bundle) {
                  SetText(bundle, file(), Text(bundle, CheckpointFileName(world_.FeedOf(2))));
                }),
                "checkpoint", file(), 1);
}

TEST_F(Checkpoints, WrongSizeIsNoticed) {
  for (const std::uint64_t size : {0u, 1u, 3u, 1'000'000u})
    ExpectInvalid(Said([&](Checkpoint& c) { c.size = size; }), "checkpoint", file(), 2);
  // The tree of fewer entries, which was right once.
  auto leaves = Leaves();
  leaves.pop_back();
  ExpectInvalid(Said([&](Checkpoint& c) { c = CheckpointOf(world_.network(), feed(), leaves); }),
                "checkpoint", file(), 2);
}

TEST_F(Checkpoints, WrongRootIsNoticed) {
  ExpectInvalid(Said([](Checkpoint& c) { c.root.bytes[31] ^= 1; }), "checkpoint", file(), 3);
  auto leaves = Leaves();
  std::swap(leaves[0], leaves[1]);
  ExpectInvalid(Said([&](Checkpoint& c) { c = CheckpointOf(world_.network(), feed(), leaves); }),
                "checkpoint", file(), 3);
}

TEST_F(Checkpoints, ExtensionLinesAreRefusedEvenIfSigned) {
  const std::string text = RightText() + "extension\n";
  ExpectInvalid(With(text + "\n" + SignNoteLine(text, Device(1))), "checkpoint", file(), 4);
}

TEST_F(Checkpoints, ManySignaturesAreRefused) {
  std::string lines;
  for (std::size_t i = 1; i < kNoteSignaturesMax; ++i)
    lines += SignNoteLine(RightText(), Key(static_cast<std::uint8_t>(10 + i)));
  EXPECT_EQ(WithLine(lines).exit_code, 2);
  ExpectInvalid(WithLine(lines + SignNoteLine(RightText(), Key(30))), "checkpoint", file(), 21);
  std::string thousand;
  for (int i = 0; i < 1'000; ++i) thousand += "\xe2\x80\x94 witness.example AAAAAAA=\n";
  ExpectInvalid(WithLine(thousand), "checkpoint", file(), 21);
}

TEST_F(Checkpoints, SignaturesOfUnknownKeysAreIgnored) {
  const log::DeviceId device = Device(2).public_key();
  const std::string name = NoteKeyName(device);
  const Bytes nonsense(64, 0x11);
  EXPECT_EQ(WithLine(SignNoteLine(RightText(), Key(88))).exit_code, 2);  // no member's
  EXPECT_EQ(WithLine(SignNoteLine("other text\n", Key(88))).exit_code, 2);
  // Name or key id of a member's device, but not both.
  EXPECT_EQ(WithLine(Line(name, Filled<NoteKeyId>(0x12), nonsense)).exit_code, 2);
  EXPECT_EQ(WithLine(Line("witness.example", NoteKeyIdOf(name, device), nonsense)).exit_code, 2);
  EXPECT_EQ(WithLine(Line(name + "x", NoteKeyIdOf(name + "x", device), nonsense)).exit_code, 2);
  // A cosignature (type 0x04) of a member's device is of another key.
  const std::uint8_t type[] = {'\n', 0x04};
  const crypto::Hash256 hash = crypto::Sha256({AsBytes(name), type, device.view()});
  EXPECT_EQ(WithLine(Line(name, *NoteKeyId::From(hash.view().first(4)), Bytes(72))).exit_code, 2);
}

TEST_F(Checkpoints, OtherMembersMaySignAndHaveToSignThis) {
  EXPECT_EQ(WithLine(SignNoteLine(RightText(), Device(2))).exit_code, 2);
  ExpectInvalid(WithLine(SignNoteLine("other text\n", Device(2))), "checkpoint-signature", file(),
                6);
  const std::string name = NoteKeyName(Device(2).public_key());
  const NoteKeyId key = NoteKeyIdOf(name, Device(2).public_key());
  const Bytes right = ToBytes(AsText(Device(2).SignNote(RightText()).view()));
  EXPECT_EQ(WithLine(Line(name, key, right)).exit_code, 2);
  Bytes changed = right;
  changed[20] ^= 1;
  Bytes longer = right;
  longer.push_back(0);
  for (const Bytes& bad : {changed, longer, Bytes(right.begin(), right.end() - 1), Bytes(64)})
    ExpectInvalid(WithLine(Line(name, key, bad)), "checkpoint-signature", file(), 6);
}

TEST_F(Checkpoints, ExporterHasToSignOnce) {
  const std::string text = RightText();
  const auto lines = [&](std::string_view signatures) {
    return With(text + "\n" + std::string(signatures));
  };
  EXPECT_EQ(lines(SignNoteLine(text, Device(1))).exit_code, 2);
  ExpectInvalid(lines(SignNoteLine(text, Device(2))), "checkpoint-signature", file());
  ExpectInvalid(lines(SignNoteLine(text, Key(88))), "checkpoint-signature", file());
  ExpectInvalid(lines(SignNoteLine(text, Device(1)) + SignNoteLine(text, Device(1))),
                "checkpoint-signature", file(), 6);
  ExpectInvalid(lines(SignNoteLine("other text\n", Device(1))), "checkpoint-signature", file(), 5);
  ExpectInvalid(lines(""), "checkpoint", file(), 5);
}

TEST_F(Checkpoints, SignatureInANamespaceIsNone) {
  const std::string name = NoteKeyName(Device(1).public_key());
  const NoteKeyId key = NoteKeyIdOf(name, Device(1).public_key());
  for (const std::string_view name_space : {log::kBundleNamespace, log::kEntryNamespace}) {
    const auto signature = Device(1).Sign(name_space, AsBytes(RightText()));
    ExpectInvalid(With(RightText() + "\n" + Line(name, key, signature.view())),
                  "checkpoint-signature", file(), 5);
  }
}

TEST_F(Checkpoints, AreJudgedWithoutAKnownExporter) {
  Bundle bundle = world_.Exported();
  SetText(bundle, file(),
          SignCheckpoint(Right(), Device(1)) + SignNoteLine("other text\n", Device(2)));
  bundle = WithManifest(std::move(bundle), 9);
  const Report report = Verify(bundle, world_.network());
  ExpectInvalid(report, "manifest-signature");
  EXPECT_TRUE(Has(report, "checkpoint-signature", file(), 6)) << Listed(report);
}

}  // namespace
}  // namespace geflecht::audit
