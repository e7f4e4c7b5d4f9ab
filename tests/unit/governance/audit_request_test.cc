#include "node/governance/audit_request.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace geflecht::governance {
namespace {

const std::string kNonce(32, 'a');

log::Body With(std::string_view first, std::string_view nonce, std::string_view second,
               std::string_view spaces) {
  SeededRandom random(1);
  log::Body body;
  body.slots.emplace_back(log::MakeField(std::string(first), ToBytes(nonce), random));
  body.slots.emplace_back(log::MakeField(std::string(second), ToBytes(spaces), random));
  return body;
}

TEST(AuditRequest, ComesBackAsItWasWritten) {
  SeededRandom random(2);
  AuditRequestBody request{kNonce, {log::SpaceId{{1}}, log::SpaceId{{2}}}};
  const Said said = SayAuditRequest(request, random);
  EXPECT_EQ(said.evidence, 2u);
  const auto read = ReadAuditRequest(said.body);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, request);
  EXPECT_TRUE(ReadAuditRequest(SayAuditRequest({kNonce, {}}, random).body));
}

TEST(AuditRequest, NoncesHaveALengthAndOneSpelling) {
  EXPECT_TRUE(IsAuditNonce(std::string(16, '0')));
  EXPECT_TRUE(IsAuditNonce(std::string(64, 'f')));
  for (const std::string& bad : {std::string(), std::string(14, '0'), std::string(66, '0'),
                                 std::string(17, '0'), std::string(16, 'F'), std::string(16, 'g')})
    EXPECT_FALSE(IsAuditNonce(bad)) << bad;
}

TEST(AuditRequest, RefusesEverythingElse) {
  const std::string a = log::SpaceId{{1}}.Hex() + "\n";
  const std::string b = log::SpaceId{{2}}.Hex() + "\n";
  EXPECT_TRUE(ReadAuditRequest(With("nonce", kNonce, "spaces", a + b)));
  EXPECT_FALSE(ReadAuditRequest({}));
  EXPECT_FALSE(ReadAuditRequest(With("once", kNonce, "spaces", a)));
  EXPECT_FALSE(ReadAuditRequest(With("nonce", kNonce, "space", a)));
  EXPECT_FALSE(ReadAuditRequest(With("nonce", kNonce + "a", "spaces", a)));
  for (const std::string& spaces : {b + a, a + a, a.substr(1), a.substr(0, a.size() - 1), a + "\n",
                                    std::string("\n"), a.substr(0, 32) + "x"})
    EXPECT_FALSE(ReadAuditRequest(With("nonce", kNonce, "spaces", spaces))) << spaces;
  std::string many;
  for (std::size_t i = 0; i <= kAuditSpacesMax; ++i) {
    log::SpaceId space;
    space.bytes[0] = static_cast<std::uint8_t>(i >> 8);
    space.bytes[1] = static_cast<std::uint8_t>(i);
    many += space.Hex() + "\n";
  }
  EXPECT_EQ(ReadAuditRequest(With("nonce", kNonce, "spaces", many)).error().code, Code::kTooLarge);
  EXPECT_TRUE(ReadAuditRequest(With("nonce", kNonce, "spaces", many.substr(33))));
  log::Body withheld = With("nonce", kNonce, "spaces", a);
  withheld.slots[1] = crypto::Hash256();
  EXPECT_FALSE(ReadAuditRequest(withheld));
  withheld.slots.pop_back();
  EXPECT_FALSE(ReadAuditRequest(withheld));
}

}  // namespace
}  // namespace geflecht::governance
