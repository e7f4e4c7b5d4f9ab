#include <gtest/gtest.h>

#include "fixture.h"
#include "node/audit/body_file.h"

namespace geflecht::audit {
namespace {

using namespace testing;

class CharterOf : public ::testing::Test {
 protected:
  Report Changed(const std::function<void(Bundle&)>& change) {
    Bundle bundle = world_.Exported();
    change(bundle);
    return Verify(Resealed(std::move(bundle), world_.network()), world_.network());
  }
  World world_ = MergedWorld();
  log::FeedKey key_ = world_.founding().charter.header.feed();
};

TEST_F(CharterOf, OtherNetworkIsNoticed) {
  const Report report = Verify(world_.Exported(), Filled<log::NetworkId>(0x61));
  ExpectInvalid(report, "charter-missing");
  EXPECT_TRUE(Has(report, "foreign-charter", FeedFileName(key_), 1));
  EXPECT_TRUE(report.members.empty());
  EXPECT_TRUE(report.spaces.empty());
  EXPECT_TRUE(report.network_name.empty());
  EXPECT_FALSE(report.exporter.has_value());
}

TEST_F(CharterOf, NoFoundingIsNoticed) {
  ExpectInvalid(Changed([&](Bundle& bundle) { Remove(bundle, FeedFileName(key_)); }),
                "charter-missing");
}

TEST_F(CharterOf, SecondFoundingIsNoticed) {
  SeededRandom random(99);
  auto other = log::DraftFounding(world_.founding().text, Device(1), Filled<log::LifeId>(0x77),
                                  log::testing::kNoon, random);
  ASSERT_TRUE(other);
  const log::FeedKey key = other->charter.header.feed();
  const Report report = Changed([&](Bundle& bundle) {
    SetText(bundle, FeedFileName(key), RenderFeed({&other->charter, 1}));
  });
  ExpectInvalid(report, "foreign-charter", FeedFileName(key), 1);
}

TEST_F(CharterOf, CharterTwiceInItsFileIsNoticed) {
  const Report report = Changed([&](Bundle& bundle) {
    const std::string text = Text(bundle, FeedFileName(key_));
    SetText(bundle, FeedFileName(key_), text + text);
  });
  ExpectInvalid(report, "duplicate-entry", FeedFileName(key_), 15);
}

TEST_F(CharterOf, MissingFounderSignatureIsNoticed) {
  const Report report = Changed([&](Bundle& bundle) {
    const std::string text = Text(bundle, kFoundersFile);
    SetText(bundle, kFoundersFile, text.substr(text.find('\n') + 1));
  });
  ExpectInvalid(report, "founder-missing", kFoundersFile);
  EXPECT_TRUE(report.members.empty());
}

TEST_F(CharterOf, FounderLinesAreStrict) {
  const auto changed = [&](const std::function<std::string(std::string)>& edit) {
    return Changed(
        [&](Bundle& bundle) { SetText(bundle, kFoundersFile, edit(Text(bundle, kFoundersFile))); });
  };
  const auto line = [](const std::string& text) { return text.substr(0, text.find('\n') + 1); };
  ExpectInvalid(changed([&](std::string text) { return line(text) + text; }), "founder-signature",
                kFoundersFile, 2);
  ExpectInvalid(changed([](std::string text) { return text + "founder\n"; }), "founder-signature",
                kFoundersFile, 4);
  ExpectInvalid(changed([](std::string text) { return text.substr(0, text.size() - 1); }),
                "founder-signature", kFoundersFile, 3);
  ExpectInvalid(changed([](std::string text) {
                  return log::testing::Replace(std::move(text), "\n", "\r\n");
                }),
                "founder-signature", kFoundersFile, 1);
  ExpectInvalid(changed([&](std::string text) {
                  const crypto::SigningKey key = Key(88);
                  return text + RenderFounders(
                                    {{key.public_key(), log::SignCharter(world_.founding(), key)}});
                }),
                "founder-signature", kFoundersFile);
  // Signatures of two founders swapped.
  ExpectInvalid(changed([](std::string text) {
                  const std::size_t second = text.find('\n') + 1;
                  const std::size_t size = second - 1 - 73;
                  const std::string first = text.substr(73, size);
                  text.replace(73, size, text.substr(second + 73, size));
                  return text.replace(second + 73, size, first);
                }),
                "founder-signature", kFoundersFile, 1);
}

TEST_F(CharterOf, CharterWithoutItsSignatureIsNoticed) {
  const Report report = Changed([&](Bundle& bundle) {
    std::string text = Text(bundle, FeedFileName(key_));
    SetText(bundle, FeedFileName(key_), text.substr(0, text.find("sig ")) + "\n");
  });
  ExpectInvalid(report, "signature-missing", FeedFileName(key_), 1);
}

TEST_F(CharterOf, WithheldRulesAreNoticed) {
  const Report report = Changed([&](Bundle& bundle) {
    SetText(bundle, BodiesFileName(key_),
            RenderBodyLine(world_.founding().charter.id, Withheld(world_.founding().body)));
  });
  ExpectInvalid(report, "charter-evidence", BodiesFileName(key_), 1);
  ExpectInvalid(Changed([&](Bundle& bundle) { Remove(bundle, BodiesFileName(key_)); }),
                "missing-file", BodiesFileName(key_));
}

TEST_F(CharterOf, OtherRulesAreNoticed) {
  const Report report = Changed([&](Bundle& bundle) {
    log::Body body = world_.founding().body;
    Bytes& rules = std::get<log::Field>(body.slots[0]).value;
    rules[30] ^= 1;
    SetText(bundle, BodiesFileName(key_), RenderBodyLine(world_.founding().charter.id, body));
  });
  ExpectInvalid(report, "charter", FeedFileName(key_), 1);
}

TEST(Charter, DraftThatOneFounderDidNotSignIsNotFounded) {
  const World world;
  ExportInput input = world.Input();
  input.founding.signatures.erase(input.founding.signatures.begin());
  EXPECT_FALSE(Export(input, {}, Device(1)));
}

}  // namespace
}  // namespace geflecht::audit
