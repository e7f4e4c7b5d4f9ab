#include "cli/sheet.h"

#include <gtest/gtest.h>

#include "node/crypto/init.h"
#include "node/crypto/recovery_sheet.h"

namespace geflecht::cli {
namespace {

class SheetTest : public testing::Test {
 protected:
  SheetTest() {
    EXPECT_TRUE(crypto::Init());
    SeededRandom random(7);
    seed_ = crypto::SecretBytes::Generate(32, random);
    const crypto::SigningKey root = crypto::SigningKey::FromSeed(seed_);
    const crypto::SigningKey device = crypto::SigningKey::Generate(random);
    const crypto::SigningKey tls = crypto::SigningKey::Generate(random);
    card_ =
        log::SignCard("Gesundheitsamt Musterstadt", root, device.public_key(), tls.public_key());
    code_ = crypto::RecoveryCode(seed_);
  }
  bool Opens(std::string text) const {
    const auto read = ReadSheet(text);
    EXPECT_TRUE(text.empty()) << "the text was not wiped";
    return read && crypto::ConstantTimeEqual(read->view(), seed_.view());
  }
  crypto::SecretBytes seed_;
  log::Card card_;
  std::string code_;
};

TEST_F(SheetTest, ASheetCanBeReadAgainInBothLanguages) {
  for (const i18n::Lang lang : {i18n::Lang::kDe, i18n::Lang::kEn}) {
    const std::string sheet = SheetText(lang, card_, code_);
    EXPECT_NE(sheet.find("\ncode: " + code_ + "\n"), std::string::npos);
    EXPECT_NE(sheet.find(card_.organisation), std::string::npos);
    EXPECT_TRUE(Opens(sheet));
  }
}

TEST_F(SheetTest, ACodeAloneIsEnough) {
  EXPECT_TRUE(Opens(code_));
  EXPECT_TRUE(Opens(code_ + "\n"));
  EXPECT_TRUE(Opens("code: " + code_ + "\r\n"));
}

TEST_F(SheetTest, AWrongCharacterIsFound) {
  std::string wrong = code_;
  wrong[9] = wrong[9] == 'A' ? 'B' : 'A';
  const auto read = ReadSheet(wrong);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().hint, "hint.sheet-damaged");
  std::string empty;
  EXPECT_FALSE(ReadSheet(empty));
}

}  // namespace
}  // namespace geflecht::cli
