#include <gtest/gtest.h>

#include "fixture.h"
#include "node/log/charter.h"

namespace geflecht::log {
namespace {

using namespace testing;

TEST(FoundingFile, RoundTripOfDraftAndFounding) {
  Founding half = Draft();
  ASSERT_TRUE(AddSignature(half, SignatureOf(half, 2)));
  for (const Founding& founding : {Draft(), half, FullFounding()}) {
    const std::string text = RenderFounding(founding);
    const Result<Founding> parsed = ParseFounding(text);
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_EQ(*parsed, founding);
    EXPECT_EQ(RenderFounding(*parsed), text);
  }
}

TEST(FoundingFile, HoldsTheHeaderToTheByte) {
  const Founding founding = FullFounding();
  const std::string text = RenderFounding(founding);
  const std::size_t from = text.find("[header]\n") + 9;
  const std::string header = text.substr(from, text.find("[device signature]\n") - from);
  EXPECT_EQ(IdOf(header).bytes, founding.network().bytes);
}

TEST(FoundingFile, EverySingleBitFlipIsRefused) {
  const std::string text = RenderFounding(FullFounding());
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit)
    EXPECT_FALSE(ParseFounding(FlipBit(text, bit))) << "bit " << bit;
}

TEST(FoundingFile, EveryTruncationInFrontOfTheFoundersIsRefused) {
  const std::string text = RenderFounding(FullFounding());
  const std::size_t founders = text.find("[founders]\n") + 11;
  for (std::size_t size = 0; size < text.size(); ++size) {
    const Result<Founding> parsed = ParseFounding(text.substr(0, size));
    const bool whole_line = size >= founders && text[size - 1] == '\n';
    EXPECT_EQ(parsed.has_value(), whole_line) << size;
    if (parsed) {
      EXPECT_FALSE(parsed->Missing().empty()) << size;
    }
  }
}

TEST(FoundingFile, LinesOutOfPlaceAreRefused) {
  const std::string good = RenderFounding(FullFounding());
  const std::size_t first = good.find("founder ");
  const std::size_t second = good.find("founder ", first + 1);
  const std::string line = good.substr(first, second - first);
  const std::string texts[] = {"",
                               good + "\n",
                               good + line,
                               good.substr(0, first) + good.substr(second) + line,
                               "\n" + good,
                               Replace(good, "founding@v1", "founding@v2"),
                               Replace(good, "[salt]\n", ""),
                               Replace(good, "[header]\n", "[header]\n\n"),
                               Replace(good, "[rules]\n", "[rules]\n\n"),
                               Replace(good, "[rules]\n", "[salt]\n"),
                               Replace(good, "[founders]\n", "[founders]\n[founders]\n"),
                               Replace(good, "founder ", "founder  "),
                               Replace(good, "==\n", "==\r\n"),
                               good + std::string(kFoundingBytesMax, 'x')};
  for (const std::string& text : texts) EXPECT_FALSE(ParseFounding(text));
}

TEST(FounderSignatureFile, RoundTrip) {
  const FounderSignature signature = SignatureOf(Draft(), 1);
  const std::string text =
      RenderFounderSignature(signature.network, signature.root, signature.signature);
  const Result<FounderSignature> parsed = ParseFounderSignature(text);
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(parsed->network, signature.network);
  EXPECT_EQ(parsed->root, signature.root);
  EXPECT_EQ(parsed->signature, signature.signature);
}

TEST(FounderSignatureFile, EverySingleBitFlipIsRefusedByTheFounding) {
  Founding draft = Draft();
  const FounderSignature signature = SignatureOf(draft, 1);
  const std::string text =
      RenderFounderSignature(signature.network, signature.root, signature.signature);
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    const Result<FounderSignature> parsed = ParseFounderSignature(FlipBit(text, bit));
    EXPECT_FALSE(parsed && AddSignature(draft, *parsed)) << "bit " << bit;
  }
  EXPECT_TRUE(draft.signatures.empty());
}

TEST(FounderSignatureFile, BadTextsAreRefused) {
  const FounderSignature signature = SignatureOf(Draft(), 1);
  const std::string good =
      RenderFounderSignature(signature.network, signature.root, signature.signature);
  const std::string texts[] = {"",
                               good + "\n",
                               good + good,
                               good.substr(0, good.size() - 1),
                               Replace(good, "@v1", "@v2"),
                               Replace(good, "root ", "key "),
                               Replace(good, "==\n", "\n"),
                               good + std::string(2000, 'x')};
  for (const std::string& text : texts) EXPECT_FALSE(ParseFounderSignature(text));
}

TEST(FounderSignatureFile, HasAtMost1024Bytes) {
  EXPECT_EQ(ParseFounderSignature(std::string(1024, 'x')).error().code, Code::kMalformed);
  EXPECT_EQ(ParseFounderSignature(std::string(1025, 'x')).error().code, Code::kTooLarge);
}

}  // namespace
}  // namespace geflecht::log
