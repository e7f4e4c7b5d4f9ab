#include "node/log/card.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "fixture.h"

namespace geflecht::log {
namespace {

using namespace testing;

TEST(Card, RoundTrip) {
  const Card card = OrgCard(1);
  const std::string text = RenderCard(card);
  const Result<Card> parsed = ParseCard(text);
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(*parsed, card);
  EXPECT_EQ(RenderCard(*parsed), text);
  EXPECT_EQ(parsed->org(), OrgOf(Key(1).public_key()));
}

TEST(Card, BodyIsExactToTheByte) {
  EXPECT_EQ(RenderCardBody(OrgCard(1)), "geflecht-card@v1\norganisation Verein 1 e. V.\nroot " +
                                            Key(1).public_key().Hex() + "\ndevice " +
                                            Key(101).public_key().Hex() + "\ntls " +
                                            Key(201).public_key().Hex() + "\n");
}

TEST(Card, LongestNameFits) {
  const Card card = SignCard(std::string(limits::kNameBytesMax, 'n'), Key(1), Key(2).public_key(),
                             Key(3).public_key());
  EXPECT_TRUE(ParseCard(RenderCard(card)));
}

TEST(Card, WhatIsLongerThanTheLimitIsNotRead) {
  const std::string most(limits::kCardBytesMax, 'x');
  EXPECT_EQ(ParseCard(most).error().code, Code::kMalformed);
  EXPECT_EQ(ParseCard(most + "x").error().code, Code::kTooLarge);
  EXPECT_EQ(ParseProvenCard(most).error().code, Code::kMalformed);
  EXPECT_EQ(ParseProvenCard(most + "x").error().code, Code::kTooLarge);
}

TEST(Card, EverySingleBitFlipIsRefused) {
  const std::string text = RenderCard(OrgCard(1));
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit)
    EXPECT_FALSE(ParseCard(FlipBit(text, bit))) << "bit " << bit;
}

// A card whose signature is right for whatever the changed text says.
std::string Signed(std::string body) {
  const crypto::Signature signature = Key(1).Sign(kCardNamespace, AsBytes(body));
  Card card;
  card.signature = signature;
  const std::string whole = RenderCard(card);
  return body + whole.substr(whole.find("signature "));
}

TEST(Card, StrictEvenWhereTheSignatureHolds) {
  const std::string body = RenderCardBody(OrgCard(1));
  ASSERT_TRUE(ParseCard(Signed(body)));
  const std::string root = Key(1).public_key().Hex();
  const std::string device = Key(101).public_key().Hex();
  const std::string tls = Key(201).public_key().Hex();
  const std::string small_order =
      "0100000000000000000000000000000000000000000000000000000000000000";
  const std::string not_canonical =
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
  const std::pair<std::string, std::string> changes[] = {
      {"organisation Verein", "organisation  Verein"},
      {"e. V.\n", "e. V. \n"},
      {"e. V.\n", "e. V.\r\n"},
      {"Verein", "Ver\u202eein"},
      {"Verein 1 e. V.", "Mu\u0308ller"},
      {"organisation Verein 1 e. V.", "organisation "},
      {"organisation Verein 1 e. V.", "organisation"},
      {"root ", "Root "},
      {"device " + device, "device " + root},
      {"tls " + tls, "tls " + device},
      {"tls " + tls, "tls " + root},
      {"device " + device, "device " + small_order},
      {"device " + device, "device " + std::string(64, '0')},
      {"device " + device, "device " + not_canonical},
      {"device " + device + "\n", ""},
      {"device " + device + "\n", "device " + device + "\ndevice " + device + "\n"},
      {"tls ", "note x\ntls "},
      {"@v1", "@v2"}};
  for (const auto& [from, to] : changes)
    EXPECT_FALSE(ParseCard(Signed(Replace(body, from, to)))) << from << " -> " << to;
}

TEST(Card, SignatureLineIsStrict) {
  const std::string text = RenderCard(OrgCard(1));
  EXPECT_FALSE(ParseCard(text + "\n"));
  EXPECT_FALSE(ParseCard(text + text));
  EXPECT_FALSE(ParseCard(text.substr(0, text.size() - 1)));
  EXPECT_FALSE(ParseCard(Replace(text, "==\n", "\n")));
  EXPECT_FALSE(ParseCard("\xef\xbb\xbf" + text));
  EXPECT_FALSE(ParseCard(""));
  std::size_t slashes = 0;
  for (std::size_t i = text.find("signature "); i < text.size(); ++i) {
    if (text[i] != '/') continue;
    ++slashes;
    std::string changed = text;
    changed[i] = '\xaf';
    EXPECT_FALSE(ParseCard(changed)) << i;
  }
  EXPECT_GT(slashes, 0u);
  const Result<Card> huge = ParseCard(text + std::string(limits::kCardBytesMax, 'x'));
  ASSERT_FALSE(huge);
  EXPECT_EQ(huge.error().code, Code::kTooLarge);
}

TEST(Card, SignatureInAnotherNamespaceOrOfAnotherKeyIsRefused) {
  Card card = OrgCard(1);
  card.signature = Key(1).Sign(kEntryNamespace, AsBytes(RenderCardBody(card)));
  Result<Card> parsed = ParseCard(RenderCard(card));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, Code::kVerification);
  card.signature = Key(101).Sign(kCardNamespace, AsBytes(RenderCardBody(card)));
  EXPECT_FALSE(ParseCard(RenderCard(card)));
}

TEST(Card, ErrorsNameTheLineAndNotTheContent) {
  const std::string text = RenderCard(OrgCard(1));
  const Result<Card> parsed = ParseCard(Replace(text, "Verein 1 e. V.", "Verein\u202e"));
  ASSERT_FALSE(parsed);
  EXPECT_TRUE(parsed.error().detail.starts_with("line 2: ")) << parsed.error().detail;
  EXPECT_EQ(parsed.error().detail.find("Verein"), std::string::npos);
}

}  // namespace
}  // namespace geflecht::log
