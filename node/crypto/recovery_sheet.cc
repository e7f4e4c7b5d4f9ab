#include "node/crypto/recovery_sheet.h"

#include <array>
#include <cstdint>
#include <optional>

#include "base/check.h"

namespace geflecht::crypto {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kGroupLetters = 7;
constexpr std::size_t kHalves = 2;
constexpr std::size_t kHalfLetters = 28;
constexpr std::size_t kHalfData = 26;
constexpr std::size_t kLetters = kHalves * kHalfLetters;

using Half = std::array<std::uint8_t, kHalfLetters>;  // letters as elements of GF(32)

// GF(32) as powers of the root `a` of x^5 + x^2 + 1, which is primitive: a^31 = 1.
struct Field {
  std::array<std::uint8_t, 31> power{};
  std::array<std::uint8_t, 32> log{};
  constexpr Field() {
    unsigned value = 1;
    for (std::uint8_t i = 0; i < 31; ++i) {
      power[i] = static_cast<std::uint8_t>(value);
      log[value] = i;
      value <<= 1;
      if ((value & 32) != 0) value ^= 0b100101;
    }
  }
  constexpr std::uint8_t Times(std::uint8_t value, std::size_t exponent) const {
    return value == 0 ? value : power[(log[value] + exponent) % 31];
  }
};
constexpr Field kField;

// sum c_i a^i and sum c_i a^(2i). The number of the half counts as letter 28, so that the halves
// cannot be exchanged.
struct Syndromes {
  std::uint8_t first = 0;
  std::uint8_t second = 0;
};
Syndromes SyndromesOf(const Half& half, std::size_t number) {
  Syndromes sum;
  const auto add = [&sum](std::uint8_t letter, std::size_t i) {
    sum.first ^= kField.Times(letter, i);
    sum.second ^= kField.Times(letter, 2 * i);
  };
  for (std::size_t i = 0; i < half.size(); ++i) add(half[i], i);
  add(static_cast<std::uint8_t>(number + 1), kHalfLetters);
  return sum;
}

// Letters 26 and 27 make both syndromes zero. With p = a^26 and q = a^27:
// x p + y q = s and x p^2 + y q^2 = t, hence y q (p + q) = s p + t and x p (p + q) = s q + t.
void FillChecks(Half& half, std::size_t number) {
  half[kHalfData] = half[kHalfData + 1] = 0;
  const auto [s, t] = SyndromesOf(half, number);
  const std::size_t sum_log = kField.log[kField.power[26] ^ kField.power[27]];
  const auto solve = [&, s = s, t = t](std::size_t own, std::size_t other) {
    const auto numerator = static_cast<std::uint8_t>(kField.Times(s, other) ^ t);
    return kField.Times(numerator, 62 - (own + sum_log) % 31);
  };
  half[kHalfData] = solve(26, 27);
  half[kHalfData + 1] = solve(27, 26);
}

// Where a half whose syndromes are not both zero is wrong, if one letter is: the quotient of the
// syndromes is a^position.
std::string WrongPlace(Syndromes sum, std::size_t number) {
  const std::size_t first_group = number * (kHalfLetters / kGroupLetters) + 1;
  if (sum.first != 0 && sum.second != 0) {
    const std::size_t position = (kField.log[sum.second] + 31u - kField.log[sum.first]) % 31u;
    if (position < kHalfLetters)
      return "group " + std::to_string(first_group + position / kGroupLetters);
  }
  return "groups " + std::to_string(first_group) + " to " + std::to_string(first_group + 3);
}

std::optional<std::uint8_t> LetterValue(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  const std::size_t value = kAlphabet.find(c);
  if (value == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint8_t>(value);
}

bool IsFiller(char c) { return c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n'; }

// The letters of `code`, in two halves; wiped with the object.
struct Letters {
  std::array<Half, kHalves> halves{};
  std::uint8_t& at(std::size_t i) { return halves[i / kHalfLetters][i % kHalfLetters]; }
  ~Letters() {
    for (Half& half : halves) Wipe(half);
  }
};

Result<void> ReadLetters(std::string_view code, Letters& letters) {
  std::size_t count = 0;
  for (const char c : code) {
    if (IsFiller(c)) continue;
    const std::optional<std::uint8_t> value = LetterValue(c);
    if (!value)
      return Fail(Code::kMalformed, "recovery code, group " +
                                        std::to_string(count / kGroupLetters + 1) +
                                        ": only the letters A-Z and the digits 2-7 occur");
    if (count < kLetters) letters.at(count) = *value;
    ++count;
  }
  if (count != kLetters)
    return Fail(Code::kMalformed,
                "recovery code with " + std::to_string(count) + " characters instead of 56");
  return {};
}

}  // namespace

std::string RecoveryCode(const SecretBytes& seed) {
  CHECK(seed.size() == kSeedBytes);
  Letters letters;
  for (std::size_t bit = 0; bit < kSeedBytes * 8; ++bit) {
    const unsigned value = seed.view()[bit / 8] >> (7 - bit % 8) & 1u;
    const std::size_t i = bit / 5;
    letters.at(i / kHalfData * kHalfLetters + i % kHalfData) |=
        static_cast<std::uint8_t>(value << (4 - bit % 5));
  }
  std::string code;
  code.reserve(kLetters + kLetters / kGroupLetters);
  for (std::size_t i = 0; i < kHalves; ++i) FillChecks(letters.halves[i], i);
  for (std::size_t i = 0; i < kLetters; ++i) {
    if (i > 0 && i % kGroupLetters == 0) code += '-';
    code += kAlphabet[letters.at(i)];
  }
  return code;
}

Result<SecretBytes> ParseRecoveryCode(std::string_view code) {
  Letters letters;
  TRY(ReadLetters(code, letters));
  for (std::size_t i = 0; i < kHalves; ++i) {
    const Syndromes sum = SyndromesOf(letters.halves[i], i);
    if (sum.first != 0 || sum.second != 0)
      return Fail(Code::kMalformed,
                  "recovery code, " + WrongPlace(sum, i) + ": the check characters do not fit");
  }
  SecretBytes seed(kSeedBytes);
  for (std::size_t bit = 0; bit < kHalves * kHalfData * 5; ++bit) {
    const std::size_t i = bit / 5;
    const unsigned value =
        letters.at(i / kHalfData * kHalfLetters + i % kHalfData) >> (4 - bit % 5) & 1u;
    if (bit < kSeedBytes * 8) {
      seed.mutable_view()[bit / 8] |= static_cast<std::uint8_t>(value << (7 - bit % 8));
    } else if (value != 0) {
      return Fail(Code::kMalformed, "recovery code, group 8: no such code was ever issued");
    }
  }
  return seed;
}

Result<SecretBytes> ParseRecoverySheet(std::string_view sheet) {
  constexpr std::string_view kLabel = "code: ";
  std::optional<std::string_view> code;
  while (!sheet.empty()) {
    const std::size_t end = sheet.find('\n');
    const std::string_view line = sheet.substr(0, end);
    sheet.remove_prefix(end == std::string_view::npos ? sheet.size() : end + 1);
    if (!line.starts_with(kLabel)) continue;
    if (code) return Fail(Code::kMalformed, "recovery sheet with more than one code");
    code = line.substr(kLabel.size());
  }
  if (!code)
    return Fail(Code::kMalformed, "recovery sheet without a line that starts with \"code: \"");
  return ParseRecoveryCode(*code);
}

}  // namespace geflecht::crypto
