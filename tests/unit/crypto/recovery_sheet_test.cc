#include "node/crypto/recovery_sheet.h"

#include <gtest/gtest.h>

#include "tests/unit/crypto/support.h"

namespace geflecht::crypto {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

bool Gives(std::string_view code, const SecretBytes& seed) {
  const auto parsed = ParseRecoveryCode(code);
  return parsed && ConstantTimeEqual(parsed->view(), seed.view());
}

// The message names group `index` / 8 + 1 of a code with hyphens.
void ExpectRefusedAt(const std::string& code, std::size_t index) {
  const auto parsed = ParseRecoveryCode(code);
  ASSERT_FALSE(parsed) << code;
  EXPECT_EQ(parsed.error().code, Code::kMalformed);
  EXPECT_NE(parsed.error().detail.find("group " + std::to_string(index / 8 + 1) + ":"),
            std::string::npos)
      << parsed.error().detail << " at " << index;
}

class Recovery : public ::testing::Test {
 protected:
  SeededRandom random_{40};
  SecretBytes seed_ = SecretBytes::Generate(32, random_);
  std::string code_ = RecoveryCode(seed_);
};

TEST_F(Recovery, HasEightGroupsOfSeven) {
  ASSERT_EQ(code_.size(), 63u);
  for (std::size_t i = 0; i < code_.size(); ++i) {
    if (i % 8 == 7) {
      EXPECT_EQ(code_[i], '-');
    } else {
      EXPECT_NE(kAlphabet.find(code_[i]), std::string_view::npos);
    }
  }
}

// Data characters by `base32` of GNU coreutils; check characters by a program of its own in Python
// (docs/formats/recovery_sheet.md has it).
TEST(RecoveryCodeFormat, StaysAsItIs) {
  Bytes counting(32);
  for (std::size_t i = 0; i < counting.size(); ++i) counting[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(RecoveryCode(SecretBytes::Copy(counting)),
            "AAAQEAY-EAUDAOC-AJBIFQY-DIOB4JD-IBCEQTC-QKRMFYY-DENBWHA-5DYPQLM");
  EXPECT_EQ(RecoveryCode(SecretBytes(32)),
            "AAAAAAA-AAAAAAA-AAAAAAA-AAAAAIG-AAAAAAA-AAAAAAA-AAAAAAA-AAAAAQM");
}

TEST(RecoveryCodeFormat, RoundTripsManySeeds) {
  SeededRandom random(41);
  for (int i = 0; i < 500; ++i) {
    const SecretBytes seed = SecretBytes::Generate(32, random);
    ASSERT_TRUE(Gives(RecoveryCode(seed), seed)) << i;
  }
}

TEST_F(Recovery, ToleratesCaseBlanksHyphensAndLineEnds) {
  std::string lower = code_;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  EXPECT_TRUE(Gives(lower, seed_));
  std::string packed = code_;
  std::erase(packed, '-');
  EXPECT_TRUE(Gives(packed, seed_));
  std::string spread;
  for (const char c : code_) spread += std::string(1, c) + " \t";
  EXPECT_TRUE(Gives("  " + spread + "\r\n", seed_));
  EXPECT_TRUE(Gives(code_.substr(0, 32) + "\r\n" + code_.substr(32) + "\n", seed_));
}

TEST_F(Recovery, FindsEveryWrongCharacterAndNamesItsGroup) {
  for (std::size_t i = 0; i < code_.size(); ++i) {
    if (code_[i] == '-') continue;
    for (const char c : kAlphabet) {
      if (c == code_[i]) continue;
      std::string wrong = code_;
      wrong[i] = c;
      ExpectRefusedAt(wrong, i);
    }
  }
}

TEST_F(Recovery, FindsEveryPairOfSwappedCharacters) {
  std::string packed = code_;
  std::erase(packed, '-');
  std::size_t neighbours = 0;
  for (std::size_t i = 0; i < packed.size(); ++i) {
    for (std::size_t j = i + 1; j < packed.size(); ++j) {
      if (packed[i] == packed[j]) continue;
      neighbours += j == i + 1;
      std::string swapped = packed;
      std::swap(swapped[i], swapped[j]);
      EXPECT_FALSE(ParseRecoveryCode(swapped)) << i << ' ' << j;
    }
  }
  EXPECT_GT(neighbours, 40u);
}

TEST_F(Recovery, FindsEveryPairOfWrongCharactersInOneGroup) {
  SeededRandom random(42);
  for (int round = 0; round < 20'000; ++round) {
    const std::size_t start = random.Below(8) * 8;
    const std::size_t i = start + random.Below(7);
    const std::size_t j = start + random.Below(7);
    std::string wrong = code_;
    wrong[i] = kAlphabet[random.Below(32)];
    wrong[j] = kAlphabet[random.Below(32)];
    if (wrong == code_) continue;
    ASSERT_FALSE(ParseRecoveryCode(wrong)) << wrong;
  }
}

// Many seeds, because the four zero bits at the end betray most exchanges by chance.
TEST(RecoveryCodeFormat, FindsExchangedHalves) {
  SeededRandom random(43);
  for (int i = 0; i < 500; ++i) {
    const std::string code = RecoveryCode(SecretBytes::Generate(32, random));
    EXPECT_FALSE(ParseRecoveryCode(code.substr(32) + "-" + code.substr(0, 31))) << code;
  }
}

// As StaysAsItIs, with the last of the 260 bits set.
TEST(RecoveryCodeFormat, RefusesACodeWhoseSpareBitsAreSet) {
  const auto parsed =
      ParseRecoveryCode("AAAQEAY-EAUDAOC-AJBIFQY-DIOB4JD-IBCEQTC-QKRMFYY-DENBWHA-5DYPRQ2");
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().detail.find("group 8"), std::string::npos);
}

TEST_F(Recovery, RefusesCharactersThatDoNotOccurAndNamesTheirGroup) {
  for (const char c : {'0', '1', '8', '9', '!', '\0', '_'}) {
    std::string wrong = code_;
    wrong[17] = c;
    ExpectRefusedAt(wrong, 17);
  }
  EXPECT_FALSE(ParseRecoveryCode(code_ + "\xc3\xa4"));
}

TEST_F(Recovery, RefusesOtherLengths) {
  for (std::size_t size = 0; size + 1 < code_.size(); ++size)
    EXPECT_FALSE(ParseRecoveryCode(code_.substr(0, size))) << size;
  EXPECT_FALSE(ParseRecoveryCode(code_ + "A"));
  EXPECT_FALSE(ParseRecoveryCode(code_ + code_));
}

TEST_F(Recovery, FindsTheCodeOnTheSheet) {
  const auto read = [&](const std::string& sheet) {
    const auto parsed = ParseRecoverySheet(sheet);
    return parsed && ConstantTimeEqual(parsed->view(), seed_.view());
  };
  EXPECT_TRUE(read("Recovery sheet\nkeep it in a safe\ncode: " + code_ + "\nend\n"));
  EXPECT_TRUE(read("code: " + code_));
  EXPECT_TRUE(read("a\r\ncode: " + code_ + "\r\nb\r\n"));
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(read(code_));
  EXPECT_FALSE(read("the code: " + code_));
  EXPECT_FALSE(read("code: " + code_ + "\ncode: " + code_ + "\n"));
}

}  // namespace
}  // namespace geflecht::crypto
