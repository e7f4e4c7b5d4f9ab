#include "node/governance/frozen.h"

#include <gtest/gtest.h>

#include <utility>

namespace geflecht::governance {
namespace {

Frozen Sample() {
  return {std::string(kAgreement),
          "Kooperationsvereinbarung",
          "terms\n",
          {"1 Ziel\nWir lotsen Familien.\n", "Es zeichnen [[1]] und [[2]].\n"},
          {{"Anlage.pdf", ToBytes("%PDF\n\xff")}},
          {"Dr. Erika Muster", "Max Beispiel"}};
}

Said Spoken(const Frozen& frozen) {
  SeededRandom random(7);
  auto said = SayFrozen(frozen, random);
  EXPECT_TRUE(said.has_value()) << (said ? "" : said.error().detail);
  return *std::move(said);
}

Code WhyNot(const Frozen& frozen) {
  SeededRandom random(7);
  const auto said = SayFrozen(frozen, random);
  return said ? Code::kInternal : said.error().code;
}

void Rename(log::Body& body, std::size_t slot, std::string name) {
  std::get<log::Field>(body.slots[slot]).name = std::move(name);
}

TEST(Frozen, IsReadAsItWasSaidAndOnlyPersonsCanBeErased) {
  const Said said = Spoken(Sample());
  EXPECT_EQ(said.evidence, 6u);
  ASSERT_EQ(said.body.slots.size(), 8u);
  EXPECT_EQ(*ReadFrozen(said.body, 6), Sample());
  log::Body erased = said.body;
  erased.slots[7] = log::FieldLeaf(std::get<log::Field>(erased.slots[7]));
  EXPECT_EQ(log::BodyRoot(erased), log::BodyRoot(said.body));
  Frozen expected = Sample();
  expected.persons[1].reset();
  EXPECT_EQ(*ReadFrozen(erased, 6), expected);
  EXPECT_EQ(WithPersons(expected.blocks[1], expected.persons, "(gelöscht)"),
            "Es zeichnen Dr. Erika Muster und (gelöscht).\n");
  for (std::size_t i = 0; i < 6; ++i) {
    log::Body withheld = said.body;
    withheld.slots[i] = log::FieldLeaf(std::get<log::Field>(withheld.slots[i]));
    EXPECT_FALSE(ReadFrozen(withheld, 6)) << i;
  }
}

TEST(Frozen, FieldsThatAreNotThereOrAreErasableAreRefused) {
  const Said said = Spoken(Sample());
  for (const std::uint32_t evidence : {0u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 4'000'000'000u})
    EXPECT_FALSE(ReadFrozen(said.body, evidence)) << evidence;
  EXPECT_FALSE(ReadFrozen({}, 0));
  for (const auto& [slot, name] :
       std::initializer_list<std::pair<std::size_t, const char*>>{{0, "was"},
                                                                  {3, "block.2"},
                                                                  {3, "block.01"},
                                                                  {4, "block.1"},
                                                                  {5, "evidence.2"},
                                                                  {5, "file"},
                                                                  {6, "person.2"},
                                                                  {7, "person.3"},
                                                                  {7, "block.3"}}) {
    log::Body body = said.body;
    Rename(body, slot, name);
    EXPECT_FALSE(ReadFrozen(body, 6)) << name;
  }
  log::Body nameless = said.body;
  std::get<log::Field>(nameless.slots[5]).value = ToBytes(std::string(300, 'x') + "\n");
  EXPECT_FALSE(ReadFrozen(nameless, 6));
  std::get<log::Field>(nameless.slots[5]).value = ToBytes("no end of line");
  EXPECT_FALSE(ReadFrozen(nameless, 6));
}

TEST(Frozen, PlaceholdersStandForPersonsThatAreThere) {
  for (const char* block :
       {"[[3]]\n", "[[0]]\n", "[[01]]\n", "[[]]\n", "[[1]\n", "[[x]]\n", "[[[1]]\n",
        "[[99999999999999999999]]\n", "[[1\n]]\n", "no end", "", "\x1b[2J\n", "\xff\n"}) {
    Frozen frozen = Sample();
    frozen.blocks[0] = block;
    EXPECT_EQ(WhyNot(frozen), Code::kMalformed) << block;
  }
  Frozen brackets = Sample();
  brackets.blocks[0] = "a[1] ]] [ [1]\n";
  EXPECT_EQ(WhyNot(brackets), Code::kInternal);
}

TEST(Frozen, EveryLimitHasAnError) {
  Frozen frozen = Sample();
  frozen.evidence[0].content.assign(kEvidenceBytesMax, 0);
  EXPECT_EQ(*ReadFrozen(Spoken(frozen).body, 6), frozen);
  frozen.evidence[0].content.push_back(0);
  SeededRandom random(7);
  EXPECT_EQ(SayFrozen(frozen, random).error(),
            (Error{Code::kTooLarge, "a file has more than 511 KiB", "hint.evidence-too-large"}));
  frozen.evidence.assign(2, {"Scan.pdf", Bytes(kEvidenceBytesMax, 1)});
  EXPECT_EQ(SayFrozen(frozen, random).error().hint, "hint.freeze-too-large");
  frozen.evidence.assign(kEvidenceFilesMax + 1, {"Scan.pdf", {}});
  EXPECT_EQ(SayFrozen(frozen, random).error().hint, "hint.evidence-too-many");
  frozen.evidence.assign(1, {"a\nb", {}});
  EXPECT_EQ(WhyNot(frozen), Code::kMalformed);

  frozen = Sample();
  frozen.blocks.assign(kBlocksMax + 1, "x\n");
  EXPECT_EQ(WhyNot(frozen), Code::kTooLarge);
  frozen = Sample();
  frozen.persons.assign(kPersonsMax + 1, "P");
  EXPECT_EQ(WhyNot(frozen), Code::kTooLarge);
  frozen = Sample();
  frozen.blocks.clear();
  EXPECT_EQ(WhyNot(frozen), Code::kMalformed);
  for (const char* what : {"", "proposal", "Agreement"}) {
    frozen = Sample();
    frozen.what = what;
    EXPECT_EQ(WhyNot(frozen), Code::kMalformed) << what;
  }
  frozen = Sample();
  frozen.persons[0] = "two\nlines";
  EXPECT_EQ(WhyNot(frozen), Code::kMalformed);
}

TEST(Frozen, ATypedTextFallsIntoBlocksAndNames) {
  const auto typed = BlocksOf(
      "\n  \n1 Ziel\r\nWir lotsen.\n\n\nEs zeichnen [[ Dr. Erika Muster ]], [[Max Beispiel]]\n"
      "und noch einmal [[Dr. Erika Muster]].");
  ASSERT_TRUE(typed) << typed.error().detail;
  EXPECT_EQ(typed->blocks,
            (std::vector<std::string>{"1 Ziel\nWir lotsen.\n",
                                      "Es zeichnen [[1]], [[2]]\nund noch einmal [[1]].\n"}));
  EXPECT_EQ(typed->persons,
            (std::vector<std::optional<std::string>>{"Dr. Erika Muster", "Max Beispiel"}));
  EXPECT_EQ(BlocksOf(" \n\n").error().hint, "hint.freeze-empty");
  EXPECT_EQ(BlocksOf("[[Erika\n]]").error().hint, "hint.freeze-brackets");
  EXPECT_EQ(BlocksOf("[[ ]]").error().hint, "hint.freeze-brackets");
  EXPECT_EQ(BlocksOf("\xff").error().hint, "hint.text-encoding");
}

}  // namespace
}  // namespace geflecht::governance
