// Files, manifest, keys, bodies, and bundles that are none.
#include <gtest/gtest.h>

#include "fixture.h"
#include "node/audit/body_file.h"
#include "node/crypto/base64.h"

namespace geflecht::audit {
namespace {

using namespace testing;

class Files : public ::testing::Test {
 protected:
  Report Plain(const std::function<void(Bundle&)>& change) {
    Bundle bundle = world_.Exported(options_);
    change(bundle);
    return Verify(bundle, world_.network());
  }
  Report Signed(const std::function<void(Bundle&)>& change) {
    Bundle bundle = world_.Exported(options_);
    change(bundle);
    return Verify(Resealed(std::move(bundle), world_.network()), world_.network());
  }
  Report Replaced(std::string_view file, std::string_view from, std::string_view to) {
    return Signed([&](Bundle& bundle) {
      SetText(bundle, file, log::testing::Replace(Text(bundle, file), from, to));
    });
  }
  World world_ = MergedWorld();
  ExportOptions options_ = ExportedAt(log::testing::kNoon);
};

TEST_F(Files, EmptyBundleIsUnreadable) {
  const Report report = Verify({}, world_.network());
  EXPECT_EQ(report.verdict, Verdict::kUnreadable);
  EXPECT_EQ(report.exit_code, 4);
  EXPECT_EQ(Reasons(report), std::vector<std::string>{"empty"});
  KeptProblems::Keep(Listed(report));
}

TEST_F(Files, TooManyFilesAreUnreadable) {
  const Report report = Verify(Bundle(kBundleFilesMax + 1), world_.network());
  EXPECT_EQ(report.exit_code, 4);
  EXPECT_EQ(Reasons(report), std::vector<std::string>{"too-large"});
  KeptProblems::Keep(Listed(report));
  EXPECT_EQ(Verify(Bundle(kBundleFilesMax), world_.network()).exit_code, 1);
}

TEST_F(Files, EachMissingFileIsNoticed) {
  const Bundle whole = world_.Exported();
  for (const BundleFile& file : whole) {
    const Report report = Plain([&](Bundle& bundle) { Remove(bundle, file.name); });
    EXPECT_EQ(report.exit_code, 1) << file.name;
  }
  for (const std::string_view name : {kReadmeFile, kInfoFile, kFoundersFile, kAllowedSignersFile})
    ExpectInvalid(Signed([&](Bundle& bundle) { Remove(bundle, name); }), "missing-file", name);
  const std::string key = KeyFileName(Device(2).public_key());
  ExpectInvalid(Signed([&](Bundle& bundle) { Remove(bundle, key); }), "missing-file", key);
}

TEST_F(Files, NamesOfNoBundleAreNoticed) {
  for (const std::string name :
       {"../README.txt", "/README.txt", "feeds/../README.txt", "readme.txt", "README.TXT", "x", "",
        "feeds/x.log", "feeds//a", "keys/ALLOWED_SIGNERS", "forks/x", "C:\\x", "a\x1b[31m"}) {
    const Report report = Signed([&](Bundle& bundle) { SetText(bundle, name, "x"); });
    ExpectInvalid(report, "unknown-file");
    for (const Problem& problem : report.problems)
      for (const char c : problem.file) EXPECT_TRUE(c > 0x20 && c < 0x7f) << problem.file;
  }
  std::string feed = FeedFileName(world_.FeedOf(1));
  feed.replace(6, 32, "ABCDEFABCDEFABCDEFABCDEFABCDEFAB");
  ExpectInvalid(Signed([&](Bundle& b) { SetText(b, feed, ""); }), "unknown-file");
}

TEST_F(Files, DuplicateNameIsNoticed) {
  for (const BundleFile& file : world_.Exported())
    ExpectInvalid(Plain([&](Bundle& bundle) { bundle.push_back(file); }), "duplicate-file",
                  file.name);
}

TEST_F(Files, OnlyTheExportersKeySignsTheBundle) {
  const log::DeviceId mine = Device(1).public_key(), other = Device(2).public_key();
  const std::string text = RenderAllowedSigners({mine, other}, world_.founding(), mine);
  std::size_t bundle = 0;
  for (const std::string_view line : LinesOf(text))
    if (line.find(log::kBundleNamespace) != std::string_view::npos) {
      ++bundle;
      EXPECT_TRUE(line.starts_with(mine.Hex())) << line;
    }
  EXPECT_EQ(bundle, 1u) << text;
}

TEST_F(Files, BodiesThatEndWithoutALineFeedAreNoticed) {
  for (const BundleFile& file : world_.Exported()) {
    const auto name = ParseFileName(file.name);
    if (!name || name->kind != FileKind::kBodies || file.content.empty()) continue;
    ExpectInvalid(Signed([&](Bundle& bundle) {
                    std::string text = Text(bundle, file.name);
                    text.pop_back();
                    SetText(bundle, file.name, text);
                  }),
                  "body-line", file.name);
  }
}

TEST_F(Files, FileThatIsNotListedIsNoticed) {
  const std::string name = BodiesFileName(world_.FeedOf(1, 0x33));
  ExpectInvalid(Plain([&](Bundle& bundle) { SetText(bundle, name, ""); }), "unlisted-file", name);
}

TEST_F(Files, ManifestIsStrict) {
  const auto changed = [&](const std::function<std::string(std::string)>& edit) {
    return Plain([&](Bundle& bundle) {
      const std::string manifest = edit(Text(bundle, kManifestFile));
      SetText(bundle, kManifestFile, manifest);
      const crypto::SigningKey key = Device(1);
      SetText(bundle, kManifestSignatureFile,
              crypto::SshsigArmor(key.public_key(), log::kBundleNamespace,
                                  key.Sign(log::kBundleNamespace, AsBytes(manifest))));
    });
  };
  EXPECT_EQ(changed([](std::string text) { return text; }).exit_code, 2);
  const auto line = [](const std::string& text) { return text.substr(0, text.find('\n') + 1); };
  ExpectInvalid(changed([&](std::string text) { return line(text) + text; }), "manifest-line",
                kManifestFile, 2);
  ExpectInvalid(changed([&](std::string text) { return text.substr(line(text).size()); }),
                "unlisted-file", kReadmeFile);
  ExpectInvalid(
      changed([&](std::string text) { return text.substr(line(text).size()) + line(text); }),
      "manifest-line", kManifestFile);
  ExpectInvalid(changed([](std::string text) { return text.substr(0, text.size() - 1); }),
                "manifest-line", kManifestFile);
  ExpectInvalid(changed([](std::string text) { return log::testing::Replace(text, "  ", " *"); }),
                "manifest-line", kManifestFile, 1);
  ExpectInvalid(changed([](std::string text) { return log::testing::Replace(text, "\n", "\r\n"); }),
                "manifest-line", kManifestFile, 1);
  ExpectInvalid(changed([](std::string text) { return text + text.substr(0, 66) + "zzz\n"; }),
                "manifest-line", kManifestFile);
  ExpectInvalid(changed([](std::string text) { return "\xef\xbb\xbf" + text; }), "manifest-line",
                kManifestFile, 1);
}

TEST_F(Files, ManifestHashIsChecked) {
  ExpectInvalid(Plain([](Bundle& bundle) { Find(bundle, kReadmeFile)->content[0] ^= 1; }),
                "manifest-hash", kReadmeFile);
}

TEST_F(Files, ManifestSignatureIsOfAMemberAndInItsNamespace) {
  Bundle bundle = world_.Exported(options_);
  ExpectInvalid(Verify(Resealed(bundle, world_.network(), 9), world_.network()),
                "manifest-signature", kManifestSignatureFile);
  const std::string manifest = Text(bundle, kManifestFile);
  const crypto::SigningKey key = Device(1);
  const auto with = [&](std::string_view name_space, std::string_view text) {
    return Plain([&](Bundle& b) {
      SetText(
          b, kManifestSignatureFile,
          crypto::SshsigArmor(key.public_key(), name_space, key.Sign(name_space, AsBytes(text))));
    });
  };
  EXPECT_EQ(with(log::kBundleNamespace, manifest).exit_code, 2);
  ExpectInvalid(with(log::kEntryNamespace, manifest), "manifest-signature");
  ExpectInvalid(with(log::kBundleNamespace, manifest + "x"), "manifest-signature");
  ExpectInvalid(Plain([&](Bundle& b) {
                  const std::string text = Text(b, kManifestSignatureFile);
                  SetText(b, kManifestSignatureFile, text.substr(0, text.size() - 1));
                }),
                "manifest-signature");
}

TEST_F(Files, OtherMemberThanClaimedAsExporterIsNoticed) {
  const Report report = Verify(Resealed(world_.Exported(), world_.network(), 2), world_.network());
  ExpectInvalid(report, "bundle-info", kInfoFile);
  EXPECT_TRUE(Has(report, "allowed-signers", kAllowedSignersFile));
  EXPECT_EQ(report.exporter, Device(2).public_key());
}

TEST_F(Files, ClaimsThatContradictTheEntriesAreNoticed) {
  ExpectInvalid(Replaced(kInfoFile, "\"full\"", "\"receipt\""), "bundle-info", kInfoFile);
  ExpectInvalid(Replaced(kInfoFile, "\"to\":\"2026", "\"to\":\"2027"), "bundle-info", kInfoFile);
  ExpectInvalid(Replaced(kInfoFile, "{", "{ "), "bundle-info", kInfoFile);
  ExpectInvalid(
      Replaced(kInfoFile, "\"spaces\":[\"", "\"spaces\":[\"" + std::string(32, '0') + "\",\""),
      "bundle-info", kInfoFile);
  ExpectInvalid(Replaced(kInfoFile, world_.network().Hex(), std::string(64, 'a')), "bundle-info");
  EXPECT_EQ(Replaced(kInfoFile, "\"exported\":\"2026", "\"exported\":\"2027").exit_code, 2);
}

TEST_F(Files, KeysAreThoseOfTheMembers) {
  const std::string mine = KeyFileName(Device(1).public_key());
  ExpectInvalid(Signed([&](Bundle& bundle) {
                  SetText(bundle, mine, crypto::PublicKeyPem(Device(2).public_key()));
                }),
                "key", mine);
  const std::string strange = KeyFileName(Key(88).public_key());
  ExpectInvalid(Signed([&](Bundle& bundle) {
                  SetText(bundle, strange, crypto::PublicKeyPem(Key(88).public_key()));
                }),
                "key", strange);
  ExpectInvalid(Replaced(mine, "\n", "\r\n"), "key", mine);
  ExpectInvalid(Replaced(kAllowedSignersFile, "geflecht-entry@v1", "*"), "allowed-signers",
                kAllowedSignersFile);
}

TEST_F(Files, SwappedBodiesAreNoticed) {
  options_.open_spaces.insert(world_.space());
  const std::string name = BodiesFileName(world_.FeedOf(1));
  const auto edited = [&](const std::function<std::string(std::string, std::string)>& edit) {
    return Signed([&](Bundle& bundle) {
      const std::string text = Text(bundle, name);
      const std::size_t end = text.find('\n') + 1;
      SetText(bundle, name, edit(text.substr(0, end), text.substr(end)));
    });
  };
  EXPECT_EQ(edited([](auto a, auto b) { return a + b; }).exit_code, 2);
  ExpectInvalid(edited([](auto a, auto b) { return b + a; }), "body-place", name, 2);
  ExpectInvalid(edited([](auto a, auto b) { return a + a + b; }), "body-place", name, 2);
  ExpectInvalid(edited([](auto a, auto b) { return a + b.substr(0, b.size() - 1); }), "body-line",
                name, 2);
  ExpectInvalid(edited([](auto a, auto b) { return a + "\n" + b; }), "body-line", name, 2);
  ExpectInvalid(edited([](auto, auto) { return ""; }), "body-line", name);
  // The contents change places under ids that stay.
  ExpectInvalid(edited([](auto a, auto b) {
                  return a.substr(0, 74) + b.substr(74) + b.substr(0, 74) + a.substr(74);
                }),
                "body", name, 1);
  ExpectInvalid(edited([&](auto a, auto b) {
                  return a + b +
                         RenderBodyLine(world_.At(world_.FeedOf(2)).entries[0].id, log::Body{});
                }),
                "body-place", name, 3);
}

TEST_F(Files, ChangedValueSaltNameOrCountIsNoticed) {
  options_.open_spaces.insert(world_.space());
  const std::string name = BodiesFileName(world_.FeedOf(1));
  ExpectInvalid(Replaced(name, " offen", " zu"), "body", name, 1);
  ExpectInvalid(Replaced(name, "\"name\":\"content\"", "\"name\":\"contend\""), "body", name, 1);
  ExpectInvalid(
      Replaced(name, "\"slots\":[", "\"slots\":[{\"leaf\":\"" + std::string(64, '0') + "\"},"),
      "body", name, 1);
}

TEST_F(Files, LeafInPlaceOfAFieldIsValid) {
  options_.open_spaces.insert(world_.space());
  const ExportInput::Feed& feed = world_.At(world_.FeedOf(1));
  log::Body body = *feed.bodies[0];
  body.slots[1] = log::FieldLeaf(std::get<log::Field>(body.slots[1]));
  const std::string name = BodiesFileName(feed.key);
  const Report report = Signed([&](Bundle& bundle) {
    SetText(bundle, name,
            RenderBodyLine(feed.entries[0].id, body) +
                RenderBodyLine(feed.entries[1].id, *feed.bodies[1]));
  });
  EXPECT_EQ(report.exit_code, 2) << Listed(report);
  EXPECT_EQ(report.counters.withheld, 1u);
}

TEST_F(Files, WithheldEvidenceIsNamed) {
  World world;
  world.Change(1, {}, [](log::Header& header) { header.evidence = 1; });
  const Report report = Verify(world.Exported(), world.network());
  EXPECT_EQ(report.exit_code, 2) << Listed(report);
  for (const Coverage& space : report.spaces)
    EXPECT_EQ(space.open_points.size(), space.root ? 1u : 2u);
}

TEST_F(Files, BodiesWithoutAFeedOrOfAnEntryWithoutFieldsAreNoticed) {
  const std::string orphan = BodiesFileName(world_.FeedOf(1, 0x33));
  ExpectInvalid(Signed([&](Bundle& bundle) { SetText(bundle, orphan, "x\n"); }), "body-place",
                orphan);
  const std::string gatherers = BodiesFileName(world_.FeedOf(3));
  const log::EntryId gather = world_.At(world_.FeedOf(3)).entries[0].id;
  ExpectInvalid(Signed([&](Bundle& bundle) {
                  SetText(bundle, gatherers,
                          RenderBodyLine(gather, log::Body{}) + Text(bundle, gatherers));
                }),
                "body", gatherers, 1);
}

TEST_F(Files, ProblemsAreCountedWithoutEnd) {
  std::string text;
  for (std::size_t i = 0; i < kProblemsMax + 500; ++i) text += "x\n\n";
  const Report report =
      Signed([&](Bundle& bundle) { SetText(bundle, FeedFileName(world_.FeedOf(1)), text); });
  EXPECT_EQ(report.problems.size(), kProblemsMax);
  EXPECT_GE(report.problem_count, kProblemsMax + 500);
}

TEST_F(Files, RandomDamageNeverEndsTheProcess) {
  SeededRandom random(8);
  const Bundle whole = world_.Exported();
  for (int i = 0; i < 1'000; ++i) {
    Bundle bundle = whole;
    for (std::uint64_t n = random.Below(3) + 1; n > 0; --n) {
      BundleFile& file = bundle[random.Below(bundle.size())];
      if (file.content.empty()) continue;
      switch (random.Below(4)) {
        case 0:
          file.content[random.Below(file.content.size())] ^= 0x15;
          break;
        case 1:
          file.content.resize(random.Below(file.content.size()));
          break;
        case 2:
          random.Fill(file.content);
          break;
        default:
          std::swap(file.content, bundle[random.Below(bundle.size())].content);
      }
    }
    const bool reseal = random.Below(2) == 0;
    const Report report =
        Verify(reseal ? Resealed(bundle, world_.network()) : bundle, world_.network());
    if (bundle != whole && !reseal) {
      EXPECT_EQ(report.exit_code, 1);
    }
  }
}

}  // namespace
}  // namespace geflecht::audit
