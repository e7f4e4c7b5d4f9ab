#include "node/governance/frozen.h"

#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "tests/golden/golden.h"

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
  for (const std::uint32_t evidence : {0u, 2u, 3u, 7u, 8u, 9u, 4'000'000'000u})
    EXPECT_FALSE(ReadFrozen(said.body, evidence)) << evidence;
  EXPECT_FALSE(ReadFrozen({}, 0));
  for (const auto& [slot, name] :
       std::initializer_list<std::pair<std::size_t, const char*>>{{0, "was"},
                                                                  {3, "block.2"},
                                                                  {3, "block.01"},
                                                                  {4, "block.1"},
                                                                  {5, "evidence.2"},
                                                                  {5, "file"}}) {
    log::Body body = said.body;
    Rename(body, slot, name);
    EXPECT_FALSE(ReadFrozen(body, 6)) << name;
  }
  for (const char* name : {"person.3", "block.3"}) {  // erasable: as if it were erased
    log::Body body = said.body;
    Rename(body, 7, name);
    ASSERT_TRUE(ReadFrozen(body, 6)) << name;
    EXPECT_EQ(ReadFrozen(body, 6)->persons[1], std::nullopt);
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

TEST(Frozen, AsMuchAsIsAllowedIsTaken) {
  const auto fits = [](const std::function<void(Frozen&)>& edit) {
    Frozen frozen = Sample();
    edit(frozen);
    SeededRandom random(7);
    const auto said = SayFrozen(frozen, random);
    return said && *ReadFrozen(said->body, said->evidence) == frozen;
  };
  const auto bound = [&](std::size_t most, const auto& set) {
    EXPECT_TRUE(fits([&](Frozen& frozen) { set(frozen, most); })) << most;
    EXPECT_FALSE(fits([&](Frozen& frozen) { set(frozen, most + 1); })) << most;
  };
  bound(kBlocksMax, [](Frozen& f, std::size_t n) { f.blocks.assign(n, "x\n"); });
  bound(kPersonsMax, [](Frozen& f, std::size_t n) {
    f.persons.assign(n, "P");
    f.blocks[0] = "[[" + std::to_string(n) + "]]\n";
  });
  bound(kBlockBytesMax,
        [](Frozen& f, std::size_t n) { f.blocks[0] = std::string(n - 1, 'x') + "\n"; });
  bound(kTermsBytesMax, [](Frozen& f, std::size_t n) { f.terms = std::string(n - 1, 'x') + "\n"; });
  bound(512, [](Frozen& f, std::size_t n) { f.title = std::string(n, 'x'); });
  bound(kPersonBytesMax, [](Frozen& f, std::size_t n) { f.persons[0] = std::string(n, 'x'); });
  bound(kEvidenceNameBytesMax,
        [](Frozen& f, std::size_t n) { f.evidence[0].name = std::string(n, 'x'); });
  bound(kEvidenceFilesMax, [](Frozen& f, std::size_t n) { f.evidence.assign(n, {"a", Bytes{1}}); });
  EXPECT_TRUE(fits([](Frozen& f) { f.terms.clear(); }));
  EXPECT_TRUE(fits([](Frozen& f) { f.evidence.clear(); }));
  EXPECT_TRUE(fits([](Frozen& f) { f.what = kMinutes; }));
  // As many fields as a reader may be told of, of which none is there.
  log::Body body;
  EXPECT_FALSE(ReadEvidence(body, 0, kEvidenceFilesMax + 1));
  EXPECT_TRUE(ReadEvidence(body, 0, 0)->empty());
}

TEST(Frozen, TypedTextsAndTextsWithNamesAreTheOnesThatAreKept) {
  std::string out;
  for (const std::string text :
       {"a", "a\n", "a\n\nb", "a\n \nb\n\n", "\n\na", "[[P]]", "[[P]] [[Q]] [[P]]", "[[P", "P]]",
        "[[ P ]]", "[[[P]]]", "[[P]]]", "a\r\nb\r\n\r\nc", "a\tb", "[[P]]\n[[Q]]\n\n[[Q]]", " a ",
        "[[P]] x [[", "x [[P]] y"}) {
    const auto typed = BlocksOf(text);
    out += "==\n" + text + "\n--\n";
    if (!typed) out += typed.error().detail + "\n";
    for (const std::string& block : typed ? typed->blocks : std::vector<std::string>())
      out += "|" + block;
    for (const auto& person : typed ? typed->persons : std::vector<std::optional<std::string>>())
      out += "> " + *person + "\n";
  }
  for (const std::string block : {"[[1]]", "[[2]]", "[[3]]", "[[1]][[2]]", "a [[1]] b", "[[1",
                                  "[[x]]", "[[0]]", "]][[1]]", "[[1]]]"})
    out += block + " " + WithPersons(block, {"P", std::nullopt}, "-") + "\n";
  ExpectGolden("governance-readers/typed", out);
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
