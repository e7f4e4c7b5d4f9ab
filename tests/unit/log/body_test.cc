#include "node/log/body.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "fixture.h"

namespace geflecht::log {
namespace {

using namespace testing;

Body ThreeFields() {
  SeededRandom random(5);
  Body body;
  for (const char* name : {"structure", "content.0", "content.1.personal"})
    body.slots.push_back(MakeField(name, ToBytes(std::string("value of ") + name), random));
  return body;
}

Header HeaderFor(const Body& body) {
  Header header = ChangeHeader();
  header.fields = static_cast<std::uint32_t>(body.slots.size());
  header.evidence = 1;
  header.root = BodyRoot(body);
  return header;
}

Code CodeOf(const Result<void>& result) { return result ? Code::kInternal : result.error().code; }

TEST(Body, LeafIsTheHashOfTheFieldText) {
  const Field field{Filled<Salt>(0xab), "title", ToBytes("Tagesordnung")};
  const std::string text =
      std::string(1, '\0') + "abababababababababababababababab\ntitle\nTagesordnung";
  EXPECT_EQ(FieldLeaf(field), crypto::Sha256(AsBytes(text)));
}

TEST(Body, WithoutFieldsHasTheHashOfNothing) {
  EXPECT_EQ(BodyRoot(Body()), crypto::Sha256(ByteView()));
}

TEST(Body, WithheldLeafKeepsTheRoot) {
  const Body body = ThreeFields();
  const Header header = HeaderFor(body);
  ASSERT_TRUE(CheckBodyOf(header, body));
  ASSERT_TRUE(body.Complete());
  for (std::size_t i = 0; i < body.slots.size(); ++i) {
    Body withheld = body;
    withheld.slots[i] = FieldLeaf(std::get<Field>(body.slots[i]));
    EXPECT_TRUE(CheckBodyOf(header, withheld)) << i;
    EXPECT_FALSE(withheld.Complete());
    EXPECT_EQ(FindField(withheld, std::get<Field>(body.slots[i]).name), nullptr);
    EXPECT_LT(withheld.ByteSize(), body.ByteSize());
  }
}

TEST(Body, EveryChangeOfAFieldIsFound) {
  const Body body = ThreeFields();
  const Header header = HeaderFor(body);
  const auto expect_refused = [&](const Body& changed, const char* what) {
    EXPECT_EQ(CodeOf(CheckBodyOf(header, changed)), Code::kVerification) << what;
  };
  Body changed = body;
  std::get<Field>(changed.slots[1]).salt.bytes[15] ^= 1;
  expect_refused(changed, "salt");
  changed = body;
  std::get<Field>(changed.slots[1]).name = "content.2";
  expect_refused(changed, "name");
  changed = body;
  std::get<Field>(changed.slots[1]).value.back() ^= 1;
  expect_refused(changed, "value");
  changed = body;
  std::swap(changed.slots[0], changed.slots[1]);
  expect_refused(changed, "order");
  changed = body;
  changed.slots.pop_back();
  expect_refused(changed, "count");
  changed = body;
  changed.slots[2] = crypto::Hash256();
  expect_refused(changed, "leaf");
}

TEST(Body, FieldOfTwoHashesIsNoInnerNode) {
  const Body two{{Filled<crypto::Hash256>(1), Filled<crypto::Hash256>(2)}};
  Bytes hashes(32, 1);
  hashes.insert(hashes.end(), 32, 2);
  const Body one{{Field{Salt(), "x", hashes}}};
  EXPECT_NE(BodyRoot(one), BodyRoot(two));
  Header header = HeaderFor(two);
  header.fields = 1;
  EXPECT_EQ(CodeOf(CheckBodyOf(header, Body{{MerkleLeaf(hashes)}})), Code::kVerification);
  EXPECT_EQ(CodeOf(CheckBodyOf(header, one)), Code::kVerification);
}

TEST(Body, WhatIsNoBodyFitsNoHeader) {
  Body twice = ThreeFields();
  twice.slots[1] = twice.slots[0];
  EXPECT_EQ(CodeOf(CheckBodyOf(HeaderFor(twice), twice)), Code::kMalformed);
}

TEST(Body, NumberOfFieldsIsTheHeaders) {
  const Body body = ThreeFields();
  Header header = HeaderFor(body);
  for (const std::uint32_t fields : {2u, 4u}) {
    header.fields = fields;
    EXPECT_EQ(CodeOf(CheckBodyOf(header, body)), Code::kVerification) << fields;
  }
}

TEST(Body, NamesAreCheckedAndOccurOnce) {
  for (const std::string& name :
       std::vector<std::string>{"", "A", "1", "a b", "a\nb", "a_b", std::string(65, 'a')}) {
    const Result<void> checked = CheckBody(Body{{Filled<crypto::Hash256>(1), Field{{}, name, {}}}});
    EXPECT_EQ(CodeOf(checked), Code::kMalformed) << name;
    EXPECT_TRUE(checked.error().detail.starts_with("field 1: ")) << checked.error().detail;
  }
  EXPECT_TRUE(CheckBody(Body{{Field{{}, std::string(64, 'a'), {}}}}));
  const Body twice{{Field{{}, "a", {}}, Field{{}, "b", {}}, Field{{}, "a", {}}}};
  const Result<void> checked = CheckBody(twice);
  EXPECT_EQ(CodeOf(checked), Code::kMalformed);
  EXPECT_TRUE(checked.error().detail.starts_with("field 2: ")) << checked.error().detail;
}

TEST(Body, LimitOfOneField) {
  Body body{{Field{{}, "a", Bytes(limits::kFieldBytesMax - 1)}}};
  EXPECT_TRUE(CheckBody(body));
  std::get<Field>(body.slots[0]).value.push_back(0);
  EXPECT_EQ(CodeOf(CheckBody(body)), Code::kTooLarge);
}

TEST(Body, LimitOfTheBody) {
  Body body{{Field{{}, "a", Bytes(limits::kBodyBytesMax / 2 - 17)},
             Field{{}, "b", Bytes(limits::kBodyBytesMax / 2 - 17)}}};
  EXPECT_EQ(body.ByteSize(), limits::kBodyBytesMax);
  EXPECT_TRUE(CheckBody(body));
  std::get<Field>(body.slots[1]).value.push_back(0);
  EXPECT_EQ(CodeOf(CheckBody(body)), Code::kTooLarge);
}

TEST(Body, LimitOfTheNumberOfFields) {
  Body body;
  body.slots.assign(limits::kFieldsMax, crypto::Hash256());
  EXPECT_TRUE(CheckBody(body));
  body.slots.emplace_back(crypto::Hash256());
  EXPECT_EQ(CodeOf(CheckBody(body)), Code::kTooLarge);
}

TEST(Body, SaltsOfTwoFieldsDiffer) {
  const Body body = ThreeFields();
  EXPECT_NE(std::get<Field>(body.slots[0]).salt, std::get<Field>(body.slots[1]).salt);
}

}  // namespace
}  // namespace geflecht::log
