#include "node/log/erase.h"

#include <cstdlib>
#include <iostream>

#include "tests/unit/log/fixture.h"

namespace geflecht::log {
namespace {

using testing::Filled;

Header EraseHeader() {
  Header header = testing::ChangeHeader();
  header.kind = std::string(kErase);
  header.about.reset();
  header.fields = header.evidence = kEraseEvidence;
  return header;
}

Erasure Sample() {
  return {"request", {{Filled<EntryId>(0x01), {1, 2, 4095}}, {Filled<EntryId>(0x02), {7}}}};
}

Body FieldsOf(std::string_view reason, std::string_view targets) {
  SeededRandom random(1);
  Body body;
  body.slots.emplace_back(MakeField("reason", ToBytes(reason), random));
  body.slots.emplace_back(MakeField("targets", ToBytes(targets), random));
  return body;
}

bool Reads(std::string_view reason, std::string_view targets) {
  return ReadErasure(EraseHeader(), FieldsOf(reason, targets)).has_value();
}

TEST(Erasure, IsReadAsItWasSaid) {
  SeededRandom random(1);
  const auto body = SayErasure(Sample(), random);
  ASSERT_TRUE(body.has_value());
  const auto read = ReadErasure(EraseHeader(), *body);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, Sample());
  EXPECT_EQ(AsText(*FindField(*body, "targets")),
            Filled<EntryId>(0x01).Hex() + " 1,2,4095\n" + Filled<EntryId>(0x02).Hex() + " 7\n");
}

TEST(Erasure, HasOneSpelling) {
  const std::string one = Filled<EntryId>(0x01).Hex(), two = Filled<EntryId>(0x02).Hex();
  EXPECT_TRUE(Reads("request", one + " 1\n"));
  for (const std::string& text : {std::string(),
                                  std::string("\n"),
                                  one,
                                  one + "\n",
                                  one + " \n",
                                  one + " 1",
                                  one + "  1\n",
                                  one + " 01\n",
                                  one + " 1,\n",
                                  one + " ,1\n",
                                  one + " 1,1\n",
                                  one + " 2,1\n",
                                  one + " -1\n",
                                  one + " 4096\n",
                                  one + " 18446744073709551617\n",
                                  one + " 1\r\n",
                                  one + " 1\n\n",
                                  one + " 1\n" + one + " 2\n",
                                  two + " 1\n" + one + " 1\n",
                                  "A" + one.substr(1) + " 1\n",
                                  one.substr(1) + " 1\n",
                                  "0" + one + " 1\n"})
    EXPECT_FALSE(Reads("request", text)) << text;
  EXPECT_FALSE(Reads("", one + " 1\n"));
  EXPECT_FALSE(Reads("because of her", one + " 1\n"));
}

TEST(Erasure, NamesWholeDocumentsBehindEntries) {
  SeededRandom random(1);
  Erasure erasure = Sample();
  erasure.documents = {Filled<RecordId>(0x03), Filled<RecordId>(0x04)};
  const auto body = SayErasure(erasure, random);
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(*ReadErasure(EraseHeader(), *body), erasure);
  const std::string entry = Filled<EntryId>(0x01).Hex() + " 1\n";
  const std::string one = "document " + Filled<RecordId>(0x03).Hex() + "\n";
  const std::string two = "document " + Filled<RecordId>(0x04).Hex() + "\n";
  EXPECT_TRUE(Reads("request", one));
  EXPECT_TRUE(Reads("request", entry + one + two));
  for (const std::string& text :
       {one + entry, one + one, two + one, one.substr(0, one.size() - 1), "document \n" + one,
        "document " + Filled<EntryId>(0x03).Hex() + "\n", "documents" + one.substr(8),
        one.substr(0, one.size() - 1) + " 1\n"})
    EXPECT_FALSE(Reads("request", text)) << text;
}

TEST(Erasure, ReceiptsAreAscendingIds) {
  SeededRandom random(1);
  Header header = EraseHeader();
  header.kind = std::string(kEraseReceipt);
  header.fields = header.evidence = kEraseReceiptEvidence;
  const std::vector<EntryId> ids = {Filled<EntryId>(0x01), Filled<EntryId>(0x02)};
  const auto body = SayEraseReceipt(ids, random);
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(*ReadEraseReceipt(header, *body), ids);
  EXPECT_FALSE(SayEraseReceipt({}, random));
  EXPECT_FALSE(SayEraseReceipt({ids[1], ids[0]}, random));
  EXPECT_FALSE(SayEraseReceipt(std::vector<EntryId>(kEraseTargetsMax + 1, ids[0]), random));
  std::vector<EntryId> most(kEraseTargetsMax);
  for (std::size_t i = 0; i < most.size(); ++i) {
    most[i].bytes[0] = static_cast<std::uint8_t>(i >> 8);
    most[i].bytes[1] = static_cast<std::uint8_t>(i);
  }
  EXPECT_EQ(*ReadEraseReceipt(header, *SayEraseReceipt(most, random)), most);
  std::string beyond;
  most.push_back(Filled<EntryId>(0xff));
  for (const EntryId& id : most) beyond += id.Hex() + "\n";
  Body more;
  more.slots.emplace_back(MakeField("erasures", ToBytes(beyond), random));
  EXPECT_FALSE(ReadEraseReceipt(header, more));
  const std::string one = ids[0].Hex() + "\n";
  const auto reads = [&](const std::string& name, const std::string& text) {
    Body said;
    said.slots.emplace_back(MakeField(name, ToBytes(text), random));
    return ReadEraseReceipt(header, said).has_value();
  };
  EXPECT_TRUE(reads("erasures", one));
  EXPECT_FALSE(reads("others", one));
  for (const std::string& text :
       {std::string(), std::string("\n"), one + one, one + "\n", ids[0].Hex(), one.substr(1),
        " " + one, ids[1].Hex() + "\n" + one})
    EXPECT_FALSE(reads("erasures", text)) << text;
  Header other = header;
  other.evidence = 0;
  EXPECT_FALSE(ReadEraseReceipt(other, *body)) << "it could be erased";
  other = header;
  other.about = ids[0];
  EXPECT_FALSE(ReadEraseReceipt(other, *body));
}

TEST(Erasure, CannotBeErasedItself) {
  EXPECT_EQ(FirstErasable(EraseHeader()), kEraseEvidence);
  Header header = EraseHeader();
  header.evidence = 1;
  EXPECT_FALSE(ReadErasure(header, FieldsOf("request", Filled<EntryId>(1).Hex() + " 1\n")));
  Body body = FieldsOf("request", Filled<EntryId>(1).Hex() + " 1\n");
  body.slots[1] = FieldLeaf(std::get<Field>(body.slots[1]));
  EXPECT_FALSE(ReadErasure(EraseHeader(), body));
}

TEST(Erasure, HasAtMost4096Entries) {
  Erasure erasure{"retention", {}};
  for (std::size_t i = 0; i <= kEraseTargetsMax; ++i) {
    EntryId id;
    id.bytes[0] = static_cast<std::uint8_t>(i >> 8);
    id.bytes[1] = static_cast<std::uint8_t>(i);
    erasure.targets.push_back({id, {1}});
  }
  SeededRandom random(1);
  EXPECT_EQ(SayErasure(erasure, random).error().code, Code::kTooLarge);
  erasure.targets.pop_back();
  EXPECT_TRUE(SayErasure(erasure, random).has_value());
}

TEST(Erasure, LeavesEvidenceAndStructure) {
  Header header = testing::ChangeHeader();
  header.fields = 9;
  for (const auto& [kind, first] : {std::pair("change", 1u),
                                    {"comment", 0u},
                                    {"notice", 1u},
                                    {"person.add", 2u},
                                    {"freeze", 0u},
                                    {"amend", 0u},
                                    {"sign", 9u},
                                    {"vote", 1u},
                                    {"proposal", 8u},
                                    {"enact", 9u},
                                    {"fork.evidence", 9u}}) {
    header.kind = kind;
    header.evidence = 0;
    EXPECT_EQ(FirstErasable(header), first) << kind;
    header.evidence = 8;
    EXPECT_GE(FirstErasable(header), 8u) << kind;
  }
}

TEST(Erasure, OfAFieldLeavesItsLeafAndTheRoot) {
  Body body = FieldsOf("one", "two");
  const crypto::Hash256 root = BodyRoot(body), leaf = FieldLeaf(std::get<Field>(body.slots[1]));
  EXPECT_TRUE(TakeOut(body, {1, 5}));
  EXPECT_EQ(BodyRoot(body), root);
  EXPECT_EQ(std::get<crypto::Hash256>(body.slots[1]), leaf);
  EXPECT_TRUE(std::holds_alternative<Field>(body.slots[0]));
  EXPECT_FALSE(TakeOut(body, {1}));
}

Erasure WithContainers() {
  Erasure erasure = Sample();
  erasure.documents = {Filled<RecordId>(0x05)};
  erasure.containers = {{Filled<RecordId>(0x03), "body"}, {Filled<RecordId>(0x03), "phone_2"}};
  return erasure;
}

TEST(Erasure, NamesContainersAndADecision) {
  SeededRandom random(1);
  Erasure erasure = WithContainers();
  Header header = EraseHeader();
  EXPECT_EQ(*ReadErasure(header, *SayErasure(erasure, random)), erasure);
  EXPECT_EQ(*ParseErasure(RenderErasure(erasure)), erasure);
  erasure.decision = Filled<EntryId>(0x07);
  const Body body = *SayErasure(erasure, random);
  EXPECT_FALSE(ReadErasure(header, body)) << "its decision would be no evidence";
  header.fields = header.evidence = kEraseEvidence + 1;
  EXPECT_EQ(*ReadErasure(header, body), erasure);
  EXPECT_FALSE(ReadErasure(header, *SayErasure(WithContainers(), random)));
}

TEST(Erasure, ContainersStandLastAndHaveKeysOfASchema) {
  const std::string one = Filled<EntryId>(0x01).Hex() + " 1\n";
  const std::string document = "document " + Filled<RecordId>(0x05).Hex() + "\n";
  const auto container = [](const std::string& key) {
    return "container " + Filled<RecordId>(0x03).Hex() + " " + key + "\n";
  };
  EXPECT_TRUE(Reads("request", one + document + container("body") + container("phone_2")));
  EXPECT_TRUE(Reads("request", container(std::string(64, 'a'))));
  for (const std::string& text :
       {container(""), container("Body"), container("2b"), container("a b"), container("a/b"),
        container(std::string(65, 'a')), container("body") + container("body"),
        container("body") + container("a"), container("body") + document, container("body") + one,
        "container " + Filled<RecordId>(0x03).Hex() + "\n", std::string("container body\n")})
    EXPECT_FALSE(Reads("request", text)) << text;
  EXPECT_FALSE(ParseErasure(container("body")));
  EXPECT_FALSE(ParseErasure("reason why\n" + container("body")));
  EXPECT_FALSE(ParseErasure("reason request\n"));
}

// domain.md, T7: a million names (GEFLECHT_GUESSES; fewer by default) against the leaf of an erased
// one, with every salt that is left. With its own salt the name would be found.
TEST(Erasure, T7GuessingANameFromItsLeafFindsNothing) {
  const char* const asked = std::getenv("GEFLECHT_GUESSES");
  const std::size_t guesses = asked == nullptr ? 20'000 : std::strtoull(asked, nullptr, 10);
  const auto name = [](std::size_t i) { return "Vorname" + std::to_string(i) + " Nachname"; };
  const std::size_t right = guesses / 2;
  SeededRandom random(7);
  Body body = FieldsOf("request", "x");
  body.slots.emplace_back(MakeField("content.1.personal", ToBytes(name(right)), random));
  const Field erased = std::get<Field>(body.slots[2]);
  ASSERT_TRUE(TakeOut(body, {2}));
  const auto leaf = std::get<crypto::Hash256>(body.slots[2]);
  std::size_t found = 0, control = 0;
  for (std::size_t i = 0; i < guesses; ++i) {
    Field guess{erased.salt, erased.name, ToBytes(name(i))};
    if (FieldLeaf(guess) == leaf) ++control;
    for (const Salt& salt :
         {Salt{}, std::get<Field>(body.slots[0]).salt, std::get<Field>(body.slots[1]).salt}) {
      guess.salt = salt;
      if (FieldLeaf(guess) == leaf) ++found;
    }
  }
  std::cout << guesses << " names\n";
  EXPECT_EQ(found, 0u);
  EXPECT_EQ(control, 1u);
}

}  // namespace
}  // namespace geflecht::log
