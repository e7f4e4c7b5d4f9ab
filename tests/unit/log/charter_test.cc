#include "node/log/charter.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "fixture.h"

namespace geflecht::log {
namespace {

using namespace testing;

CharterText Sorted(CharterText text) {
  std::sort(text.founders.begin(), text.founders.end(),
            [](const Card& a, const Card& b) { return a.org() < b.org(); });
  return text;
}

template <class T>
void ExpectCode(const Result<T>& result, Code code, std::string_view detail) {
  ASSERT_FALSE(result) << detail;
  EXPECT_EQ(result.error().code, code) << result.error().detail;
  EXPECT_NE(result.error().detail.find(detail), std::string::npos) << result.error().detail;
}

TEST(CharterText, RoundTrip) {
  const CharterText text = Sorted(ThreeFounders());
  const std::string rendered = RenderCharterText(text);
  EXPECT_TRUE(
      rendered.starts_with("geflecht-rules@v1\nname Hilfenetz Nord\nrules 1\ngeflecht-card"));
  const Result<CharterText> parsed = ParseCharterText(rendered);
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(*parsed, text);
}

CharterText WithTerms() {
  CharterText text = Sorted(ThreeFounders());
  text.purpose = "Frühe Hilfen im Kreis";
  text.review_s = *ParseTime("2028-01-31T00:00:00Z");
  text.offline_days = 365;
  text.rules = {{"*", "majority"}, {"admit", "two-thirds"}, {"body:steuerung", "k 3"}};
  text.points = {"Wir treffen uns vierteljährlich.", "Schweigen ist keine Zustimmung."};
  return text;
}

TEST(CharterText, TermsRoundTrip) {
  const CharterText text = WithTerms();
  const std::string rendered = RenderCharterText(text);
  EXPECT_TRUE(
      rendered.starts_with("geflecht-rules@v1\nname Hilfenetz Nord\nrules 1\n"
                           "purpose Frühe Hilfen im Kreis\nreview 2028-01-31\n"
                           "offline-days 365\nrule * majority\nrule admit two-thirds\n"
                           "rule body:steuerung k 3\npoint Wir treffen"));
  const Result<CharterText> parsed = ParseCharterText(rendered);
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(*parsed, text);
}

TEST(CharterText, BadTermsAreRefused) {
  const std::string good = RenderCharterText(WithTerms());
  const std::pair<std::string, std::string> changes[] = {
      {"purpose Frühe", "purpose  Frühe"},
      {"purpose Frühe Hilfen im Kreis\n", "purpose \n"},
      {"review 2028-01-31", "review 2028-02-30"},
      {"review 2028-01-31", "review 2028-1-31"},
      {"offline-days 365", "offline-days 0"},
      {"offline-days 365", "offline-days 3651"},
      {"offline-days 365", "offline-days 0365"},
      {"rule * majority\n", "rule * majority\nrule * majority\n"},
      {"rule * majority\n", "rule majority\n"},
      {"rule * majority\n", "rule ** majority\n"},
      {"rule * majority\n", "rule *  majority\n"},
      {"rule admit two-thirds", "rule Admit two-thirds"},
      {"rule admit two-thirds", "rule admit two-thirds "},
      {"rule admit", "rule zz"},
      {"point Wir treffen", "point Wir\ttreffen"},
      {"offline-days 365\nrule * majority\n", "rule * majority\noffline-days 365\n"},
  };
  for (const auto& [from, to] : changes) {
    ASSERT_NE(good.find(from), std::string::npos) << from;
    EXPECT_FALSE(ParseCharterText(Replace(good, from, to))) << from << " -> " << to;
  }
}

TEST(CharterText, NumbersOfRulesAndPointsAreLimited) {
  CharterText text = Sorted(ThreeFounders());
  for (std::size_t i = 0; i < kRulesMax; ++i)
    text.rules.push_back({"own" + std::to_string(1000 + i), "majority"});
  text.points.assign(kPointsMax, "Ein Punkt.");
  EXPECT_TRUE(ParseCharterText(RenderCharterText(text)));
  text.rules.push_back({"own9999", "majority"});
  ExpectCode(ParseCharterText(RenderCharterText(text)), Code::kTooLarge, "256 rules");
  text.rules.pop_back();
  text.points.push_back("Einer mehr.");
  ExpectCode(ParseCharterText(RenderCharterText(text)), Code::kTooLarge, "256 points");
  text.points = {std::string(kPointBytesMax, 'x')};
  EXPECT_TRUE(ParseCharterText(RenderCharterText(text)));
  text.points = {std::string(kPointBytesMax + 1, 'x')};
  EXPECT_FALSE(ParseCharterText(RenderCharterText(text)));
}

TEST(CharterText, FoundersAscendByOrganisation) {
  CharterText text = Sorted(ThreeFounders());
  std::swap(text.founders[0], text.founders[2]);
  ExpectCode(ParseCharterText(RenderCharterText(text)), Code::kMalformed, "do not ascend");
  text.founders = {OrgCard(1), OrgCard(1)};
  ExpectCode(ParseCharterText(RenderCharterText(text)), Code::kMalformed, "do not ascend");
}

TEST(CharterText, ACardThatIsWrongIsNamedByItsNumber) {
  CharterText text = Sorted(ThreeFounders());
  std::swap(text.founders[1], text.founders[2]);
  ExpectCode(ParseCharterText(RenderCharterText(text)), Code::kMalformed,
             "card 3: founders do not ascend");
  text.founders[2] = text.founders[1];
  ExpectCode(ParseCharterText(RenderCharterText(text)), Code::kMalformed,
             "card 3: founders do not ascend");
  std::swap(text.founders[0], text.founders[1]);
  ExpectCode(ParseCharterText(RenderCharterText(text)), Code::kMalformed,
             "card 2: founders do not ascend");
}

TEST(CharterText, OneThatFillsAFieldLeavesNoRoomForItsName) {
  CharterText text = Sorted(ThreeFounders());
  const auto size = [&] { return RenderCharterText(text).size(); };
  while (size() + 2 * kPointBytesMax < limits::kFieldBytesMax)
    text.points.push_back(std::string(kPointBytesMax, 'p'));
  text.points.push_back(std::string((limits::kFieldBytesMax - size()) / 2, 'p'));
  text.points.push_back("p");
  text.points.back().append(limits::kFieldBytesMax - size(), 'p');
  ASSERT_EQ(size(), limits::kFieldBytesMax);
  ASSERT_TRUE(ParseCharterText(RenderCharterText(text)));
  SeededRandom random(1);
  const auto draft = DraftFounding(text, Key(101), Filled<LifeId>(1), kNoon, random);
  ASSERT_FALSE(draft);
  EXPECT_EQ(draft.error().code, Code::kTooLarge);
}

TEST(CharterText, NoKeyOccursTwice) {
  CharterText text = ThreeFounders();
  text.founders[2] = SignCard("Doppelt", Key(3), Key(101).public_key(), Key(203).public_key());
  ExpectCode(ParseCharterText(RenderCharterText(Sorted(text))), Code::kMalformed, "occurs again");
  text.founders[2] = SignCard("Doppelt", Key(3), Key(103).public_key(), Key(1).public_key());
  ExpectCode(ParseCharterText(RenderCharterText(Sorted(text))), Code::kMalformed, "occurs again");
}

TEST(CharterText, BadTextIsRefused) {
  const std::string good = RenderCharterText(Sorted(ThreeFounders()));
  const std::pair<std::string, std::string> changes[] = {{"rules 1\n", "rules 0\n"},
                                                         {"rules 1\n", "rules 01\n"},
                                                         {"rules 1\n", "rules 4294967296\n"},
                                                         {"rules 1\n", "rules +1\n"},
                                                         {"rules 1\n", ""},
                                                         {"name Hilfenetz Nord\n", "name \n"},
                                                         {"name Hilfenetz", "name  Hilfenetz"},
                                                         {"Nord\n", "Nord\r\n"},
                                                         {"rules@v1", "rules@v2"},
                                                         {"rules 1\n", "rules 1\n\n"},
                                                         {"geflecht-card@v1\n", ""}};
  for (const auto& [from, to] : changes)
    EXPECT_FALSE(ParseCharterText(Replace(good, from, to))) << from << " -> " << to;
  EXPECT_FALSE(ParseCharterText(good + "\n"));
  EXPECT_FALSE(ParseCharterText(good.substr(0, good.size() - 1)));
  EXPECT_TRUE(ParseCharterText(Replace(good, "rules 1\n", "rules 4294967295\n")));
  ExpectCode(ParseCharterText(good.substr(0, good.find("geflecht-card"))), Code::kMalformed,
             "at least one founder");
  ExpectCode(ParseCharterText(good + std::string(limits::kFieldBytesMax, 'x')), Code::kTooLarge,
             "512 KiB");
}

TEST(CharterText, NumberOfFoundersIsLimited) {
  const auto key = [](std::size_t number) {
    Bytes seed(32, 0xee);
    seed[0] = static_cast<std::uint8_t>(number);
    seed[1] = static_cast<std::uint8_t>(number >> 8);
    return crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(seed));
  };
  CharterText text{"Netz", {}, 1};
  for (std::size_t i = 0; i < limits::kFoundersMax; ++i)
    text.founders.push_back(
        SignCard("Verein", key(3 * i), key(3 * i + 1).public_key(), key(3 * i + 2).public_key()));
  text = Sorted(text);
  EXPECT_TRUE(ParseCharterText(RenderCharterText(text)));
  text.founders.push_back(OrgCard(1));
  ExpectCode(ParseCharterText(RenderCharterText(Sorted(text))), Code::kTooLarge, "256 founders");
}

TEST(Founding, DraftIsACharterThatNobodyHasSigned) {
  const Founding draft = Draft();
  const Header& header = draft.charter.header;
  EXPECT_FALSE(header.net);
  EXPECT_EQ(header.device, Key(102).public_key());
  EXPECT_EQ(header.fields, 1u);
  EXPECT_EQ(header.evidence, 1u);
  EXPECT_EQ(draft.text, Sorted(ThreeFounders()));
  EXPECT_EQ(draft.network().bytes, IdOf(Render(header)).bytes);
  EXPECT_TRUE(CheckBodyOf(header, draft.body));
  EXPECT_EQ(draft.Missing().size(), 3u);
  EXPECT_NE(FindField(draft.body, "rules"), nullptr);
}

TEST(Founding, TwoDraftsOfOneTextAreTwoNetworks) {
  EXPECT_NE(Draft(1).network(), Draft(2).network());
}

TEST(Founding, DraftRefusesBadInput) {
  SeededRandom random(1);
  const auto draft = [&](const CharterText& text, const crypto::SigningKey& key,
                         std::int64_t time_s) {
    return DraftFounding(text, key, LifeId(), time_s, random);
  };
  ExpectCode(draft(ThreeFounders(), Key(104), kNoon), Code::kNotPermitted, "no founder's card");
  ExpectCode(draft(ThreeFounders(), Key(1), kNoon), Code::kNotPermitted, "no founder's card");
  ExpectCode(draft(ThreeFounders(), Key(101), -1), Code::kMalformed, "year outside");
  CharterText text = ThreeFounders();
  text.founders[1].organisation = "Anders";
  ExpectCode(draft(text, Key(101), kNoon), Code::kVerification, "card's signature");
  text = ThreeFounders();
  text.name = "Netz\nrules 1\n" + RenderCard(OrgCard(4)) + "x";
  EXPECT_FALSE(draft(text, Key(101), kNoon));
  text.name = " Netz";
  ExpectCode(draft(text, Key(101), kNoon), Code::kMalformed, "space");
  text = ThreeFounders();
  text.rules_version = 0;
  ExpectCode(draft(text, Key(101), kNoon), Code::kMalformed, "rules version");
  text.founders.clear();
  EXPECT_FALSE(draft(text, Key(101), kNoon));
}

TEST(Founding, CountsOnlyWithEverySignature) {
  Founding founding = Draft();
  for (std::uint8_t org = 3; org >= 1; --org) {
    EXPECT_FALSE(founding.Missing().empty());
    ASSERT_TRUE(AddSignature(founding, SignatureOf(founding, org)));
    for (const crypto::PublicKey& missing : founding.Missing())
      EXPECT_NE(missing, Key(org).public_key());
  }
  EXPECT_TRUE(founding.Missing().empty());
  EXPECT_EQ(founding.network(), Draft().network());
}

TEST(Founding, SignaturesOfOthersAreRefused) {
  Founding founding = Draft();
  const Founding before = founding;
  ExpectCode(AddSignature(founding, SignatureOf(founding, 4)), Code::kNotPermitted, "no founder");
  ExpectCode(AddSignature(founding, SignatureOf(Draft(2), 1)), Code::kConflict, "another founding");
  FounderSignature moved = SignatureOf(Draft(2), 1);
  moved.network = founding.network();
  ExpectCode(AddSignature(founding, moved), Code::kVerification, "does not hold");
  FounderSignature swapped = SignatureOf(founding, 1);
  swapped.root = Key(2).public_key();
  ExpectCode(AddSignature(founding, swapped), Code::kVerification, "does not hold");
  FounderSignature other_namespace = SignatureOf(founding, 1);
  other_namespace.signature =
      Key(1).Sign(kEntryNamespace, AsBytes(Render(founding.charter.header)));
  ExpectCode(AddSignature(founding, other_namespace), Code::kVerification, "does not hold");
  FounderSignature by_device = SignatureOf(founding, 101);
  ExpectCode(AddSignature(founding, by_device), Code::kNotPermitted, "no founder");
  EXPECT_EQ(founding, before);
}

Result<Founding> Reassembled(const Founding& from) {
  return AssembleFounding(from.charter.header, *from.charter.signature, from.body, from.signatures);
}

TEST(Founding, IsAssembledFromItsParts) {
  const Founding full = FullFounding();
  const Result<Founding> again = Reassembled(full);
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(*again, full);
}

TEST(Founding, PartsThatDoNotBelongTogetherAreRefused) {
  Founding changed = FullFounding();
  changed.charter.header.net = Network();
  changed.charter.header.space = RootSpace(Network());
  changed.charter.header.kind = "proposal";
  ExpectCode(Reassembled(changed), Code::kMalformed, "no founding charter");
  changed = FullFounding();
  changed.charter.signature = Draft(2).charter.signature;
  ExpectCode(Reassembled(changed), Code::kVerification, "device's signature");
  changed = FullFounding();
  changed.charter.header.time_s += 1;
  ExpectCode(Reassembled(changed), Code::kVerification, "device's signature");
  changed = FullFounding();
  changed.charter.header.evidence = 0;
  ExpectCode(Reassembled(changed), Code::kMalformed, "one field");
  changed = FullFounding();
  changed.body.slots[0] = FieldLeaf(std::get<Field>(changed.body.slots[0]));
  ExpectCode(Reassembled(changed), Code::kMalformed, "missing");
  changed = FullFounding();
  changed.body = Draft(2).body;
  ExpectCode(Reassembled(changed), Code::kVerification, "root of the fields");
  changed = FullFounding();
  changed.signatures[Key(4).public_key()] = SignCharter(changed, Key(4));
  ExpectCode(Reassembled(changed), Code::kVerification, "no founder");
  changed = FullFounding();
  changed.signatures[Key(1).public_key()] = SignCharter(changed, Key(2));
  ExpectCode(Reassembled(changed), Code::kVerification, "founder's signature");
}

TEST(Founding, DrafterIsAFounder) {
  Founding changed = FullFounding();
  Header header = changed.charter.header;
  header.device = Key(104).public_key();
  changed.charter = Sign(header, Key(104));
  changed.signatures.clear();
  ExpectCode(Reassembled(changed), Code::kVerification, "no founder's card");
}

}  // namespace
}  // namespace geflecht::log
