#include "node/governance/bodies.h"

#include <gtest/gtest.h>

#include <string>

#include "node/governance/read_entry.h"
#include "node/log/charter.h"

namespace geflecht::governance {
namespace {

crypto::SigningKey Key(std::uint8_t number) {
  return crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(Bytes(32, number)));
}

ProposalBody Full() {
  return {"admit",
          std::string(64, 'a'),
          "two\nlines\n",
          1'772'452'800,
          "Aufnahme",
          "Erste Zeile.\n\n  Zweite.\n",
          "Frau Muster war dabei.\n"};
}

log::EntryId Id(std::uint8_t byte) {
  log::EntryId id;
  id.bytes.fill(byte);
  return id;
}

// The value of a field as somebody else might have written it.
void Set(log::Body& body, std::size_t slot, std::string_view value) {
  std::get<log::Field>(body.slots[slot]).value = ToBytes(value);
}

TEST(GovernanceBodies, AProposalIsReadAsItWasSaid) {
  SeededRandom random(1);
  const auto said = SayProposal(Full(), random);
  ASSERT_TRUE(said) << said.error().detail;
  EXPECT_EQ(said->evidence, 6u);
  EXPECT_EQ(said->body.slots.size(), 7u);
  EXPECT_EQ(*ReadProposal(said->body), Full());
  ProposalBody least{"money", "", "", std::nullopt, "Ein Titel", "", ""};
  EXPECT_EQ(*ReadProposal(SayProposal(least, random)->body), least);
}

TEST(GovernanceBodies, AProposalIsReadWithoutItsNote) {
  SeededRandom random(1);
  log::Body body = SayProposal(Full(), random)->body;
  body.slots[6] = log::FieldLeaf(std::get<log::Field>(body.slots[6]));
  ProposalBody expected = Full();
  expected.note.clear();
  EXPECT_EQ(*ReadProposal(body), expected);
  body.slots[5] = log::FieldLeaf(std::get<log::Field>(body.slots[5]));
  EXPECT_FALSE(ReadProposal(body));
}

TEST(GovernanceBodies, BadFieldsOfAProposalAreRefused) {
  SeededRandom random(1);
  const std::pair<std::size_t, std::string> bad[] = {{0, ""},
                                                     {0, "Admit"},
                                                     {0, "**"},
                                                     {1, std::string(65, 'a')},
                                                     {1, "ä"},
                                                     {3, ""},
                                                     {3, "2026"},
                                                     {3, "2026-02-30T00:00:00Z"},
                                                     {4, ""},
                                                     {4, "a\nb"},
                                                     {4, "\u202eTitel"},
                                                     {5, "ohne Ende"},
                                                     {5, "a\x01\n"},
                                                     {5, std::string(kTextBytesMax, 'x') + "\n"}};
  for (const auto& [slot, value] : bad) {
    log::Body body = SayProposal(Full(), random)->body;
    Set(body, slot, value);
    EXPECT_FALSE(ReadProposal(body)) << slot << ": " << value.substr(0, 20);
  }
  log::Body body = SayProposal(Full(), random)->body;
  std::swap(body.slots[0], body.slots[1]);
  EXPECT_FALSE(ReadProposal(body));
  body = SayProposal(Full(), random)->body;
  body.slots.pop_back();
  EXPECT_FALSE(ReadProposal(body));
}

// Otherwise erasing it would change what was decided.
TEST(GovernanceBodies, WhatAnErasableFieldHoldsVoidsNothing) {
  SeededRandom random(1);
  log::Body body = SayProposal(Full(), random)->body;
  Set(body, 6, "\xff\n");
  ASSERT_TRUE(ReadProposal(body));
  EXPECT_EQ(ReadProposal(body)->note, "");
  std::get<log::Field>(body.slots[6]).name = "notiz";
  EXPECT_TRUE(ReadProposal(body));
  body = SayVote({Position::kObjection, "Zu teuer.\n"}, random)->body;
  Set(body, 1, "no end of line");
  ASSERT_TRUE(ReadVote(body));
  EXPECT_EQ(ReadVote(body)->position, Position::kObjection);
  ProposalBody proposal = Full();
  proposal.note = "\xff\n";
  EXPECT_FALSE(SayProposal(proposal, random));
  proposal = Full();
  proposal.title = "two\nlines";
  EXPECT_FALSE(SayProposal(proposal, random)) << "nobody could read it";
  EXPECT_FALSE(SayVote({Position::kNo, "no end of line"}, random));
  EXPECT_FALSE(SayComment("no end of line", random));
}

TEST(GovernanceBodies, TermsAreAFieldOfTheirOwnOnlyIfThereAreSome) {
  SeededRandom random(1);
  ProposalBody proposal{"rule", "", "", std::nullopt, "Ein Titel", "Erstens.\n", "Notiz.\n"};
  proposal.terms.points = true;
  proposal.terms.review_s = 1'772'409'600;  // a midnight
  proposal.terms.supersedes = Id(3);
  const auto said = SayProposal(proposal, random);
  ASSERT_TRUE(said) << said.error().detail;
  EXPECT_EQ(said->evidence, 7u);
  EXPECT_EQ(*ReadProposal(said->body), proposal);
  EXPECT_EQ(SayProposal(Full(), random)->evidence, 6u);
  ProposalBody all = Full();
  all.terms = {FreezeRef{{}, Id(1), {}}, MeetingId(), true, true, 0, Id(2)};
  EXPECT_EQ(*ReadProposal(SayProposal(all, random)->body), all);
  log::Body body = said->body;
  body.slots[6] = log::FieldLeaf(std::get<log::Field>(body.slots[6]));
  EXPECT_FALSE(ReadProposal(body)) << "terms are evidence";
}

TEST(GovernanceBodies, BadTermsAreRefused) {
  SeededRandom random(1);
  ProposalBody proposal = Full();
  proposal.terms.recommendation = true;
  const std::string id = Id(1).Hex();
  const std::string space(32, '0');
  for (const std::string& bad :
       {std::string(), std::string("points"), std::string("points\npoints\n"),
        std::string("recommendation\npoints\n"), std::string("points \n"),
        std::string("review 2026-2-1\n"), std::string("review 2026-02-30\n"),
        std::string("other\n"), "supersedes " + id, "supersedes " + id + " \n",
        "supersedes " + std::string(64, 'A') + "\n", "meeting " + id + "\n",
        "freeze " + space + " " + id + "\n", "freeze " + space + " " + id + "  " + id + "\n",
        "freeze " + space + " " + id + " " + id + " \n",
        "supersedes " + id + "\nsupersedes " + id + "\n"}) {
    log::Body body = SayProposal(proposal, random)->body;
    Set(body, 6, bad);
    EXPECT_FALSE(ReadProposal(body)) << bad;
  }
}

TEST(GovernanceBodies, TermsFitTheMatter) {
  const auto measure = [](std::string matter, std::string text, ProposalTerms terms) {
    return MeasureOf({std::move(matter), "", "", std::nullopt, "T", std::move(text), "", terms});
  };
  ProposalTerms points, review, recommendation, freeze;
  points.points = true;
  review.review_s = 0;
  recommendation.recommendation = true;
  freeze.freeze = FreezeRef();
  EXPECT_TRUE(measure("rule", "Erstens.\n", points));
  EXPECT_TRUE(measure("rule", "", review));
  EXPECT_TRUE(measure("money", "", recommendation));
  EXPECT_TRUE(measure("body:rat", "", freeze));
  EXPECT_FALSE(measure("rule", "", {}));
  EXPECT_FALSE(measure("rule", "", points)) << "no point";
  EXPECT_FALSE(measure("rule", "Erstens.\n\nDrittens.\n", points)) << "an empty one";
  EXPECT_FALSE(measure("rule", std::string(log::kPointBytesMax + 1, 'x') + "\n", points));
  EXPECT_FALSE(measure("rule", "", recommendation));
  EXPECT_FALSE(measure("rule", "", freeze));
  EXPECT_FALSE(measure("money", "Erstens.\n", points));
  EXPECT_FALSE(measure("money", "", review));
  ProposalBody removal{"remove", std::string(64, 'a'), "", std::nullopt, "T", "", ""};
  EXPECT_TRUE(MeasureOf(removal));
  removal.terms.recommendation = true;
  EXPECT_FALSE(MeasureOf(removal));
}

TEST(GovernanceBodies, WhoIsRemovedOrInactiveHasNoValue) {
  for (const std::string matter : {"remove", "inactive"}) {
    ProposalBody body{matter, std::string(64, 'a'), "", std::nullopt, "Abschied", "", ""};
    EXPECT_TRUE(MeasureOf(body)) << matter;
    body.value = "x";
    EXPECT_FALSE(MeasureOf(body)) << matter;
    body = {matter, std::string(63, 'a'), "", std::nullopt, "Abschied", "", ""};
    EXPECT_FALSE(MeasureOf(body)) << matter;
  }
}

TEST(GovernanceBodies, RolesAreGivenAndTaken) {
  ProposalBody body{"role", std::string(64, 'a'), "+body:rat", std::nullopt, "Rolle", "", ""};
  const auto given = MeasureOf(body);
  ASSERT_TRUE(given);
  EXPECT_EQ(std::get<ChangeRole>(*given).role, "body:rat");
  EXPECT_TRUE(std::get<ChangeRole>(*given).give);
  body.value = "-space:w";
  EXPECT_FALSE(std::get<ChangeRole>(*MeasureOf(body)).give);
  for (const std::string bad :
       {"", "+", "body:rat", "*body:rat", "+rat", "+body:R", "+ body:rat"}) {
    body.value = bad;
    EXPECT_FALSE(MeasureOf(body)) << bad;
  }
}

TEST(GovernanceBodies, VotesAndTheirReasons) {
  SeededRandom random(1);
  for (const VoteBody& vote :
       {VoteBody{Position::kYes, ""}, VoteBody{Position::kObjection, "Zu teuer.\n"}}) {
    const auto said = SayVote(vote, random);
    ASSERT_TRUE(said);
    EXPECT_EQ(said->evidence, 1u);
    EXPECT_EQ(*ReadVote(said->body), vote);
  }
  EXPECT_EQ(SayVote({Position::kObjection, ""}, random).error().hint, "hint.objection-reason");
  log::Body body = SayVote({Position::kNo, "Geheim.\n"}, random)->body;
  body.slots[1] = log::FieldLeaf(std::get<log::Field>(body.slots[1]));
  EXPECT_EQ(*ReadVote(body), (VoteBody{Position::kNo, ""}));
  Set(body, 0, "YES");
  EXPECT_FALSE(ReadVote(body));
}

// Where it is erased already, nobody can tell what was wrong with it.
TEST(GovernanceBodies, WhatCanBeErasedDecidesNothing) {
  SeededRandom random(1);
  const auto with = [&](const log::Body& good, std::size_t slot, const std::string& name,
                        const std::string& value) {
    log::Body body = good;
    body.slots[slot] = log::MakeField(name, ToBytes(value), random);
    return body;
  };
  const log::Body proposal = SayProposal(Full(), random)->body;
  const log::Body vote = SayVote({Position::kNo, "Geheim.\n"}, random)->body;
  const log::Body comment = SayComment("Gern.\n", random)->body;
  ProposalBody expected = Full();
  expected.note.clear();
  for (const char* value : {"\xff\n", "ohne Ende", "a\x01\n"}) {
    EXPECT_EQ(*ReadProposal(with(proposal, 6, "note", value)), expected);
    EXPECT_EQ(*ReadVote(with(vote, 1, "reason", value)), (VoteBody{Position::kNo, ""}));
    EXPECT_EQ(*ReadComment(with(comment, 0, "text", value)), "");
  }
  EXPECT_TRUE(ReadProposal(with(proposal, 6, "other", "Text\n")));
  EXPECT_EQ(ReadVote(with(vote, 1, "other", "Text\n"))->position, Position::kNo);
  for (const char* typed : {"\xff\n", "ohne Ende"}) {
    EXPECT_FALSE(SayVote({Position::kNo, typed}, random));
    ProposalBody noted = Full();
    noted.note = typed;
    EXPECT_FALSE(SayProposal(noted, random));
  }
}

TEST(GovernanceBodies, ListsOfVotesAscend) {
  SeededRandom random(1);
  const auto said = SayEnact({Id(9), Id(1), Id(5)}, random);
  EXPECT_EQ(*ReadEnact(said->body), (std::vector{Id(1), Id(5), Id(9)}));
  EXPECT_EQ(ReadEnact(SayEnact({}, random)->body)->size(), 0u);
  EXPECT_FALSE(SayEnact({Id(1), Id(1)}, random));
  const std::string line = Id(1).Hex() + "\n";
  for (const std::string& bad : {Id(1).Hex(), line + line, Id(5).Hex() + "\n" + line, line + "\n",
                                 line.substr(0, 64) + " ", std::string(64, 'A') + "\n"}) {
    log::Body body = said->body;
    Set(body, 0, bad);
    EXPECT_FALSE(ReadEnact(body)) << bad;
  }
  EXPECT_TRUE(SayEnact(std::vector<log::EntryId>(1, Id(3)), random));
}

TEST(GovernanceBodies, TheRest) {
  SeededRandom random(1);
  const log::Card card =
      log::SignCard("Jugendamt", Key(1), Key(2).public_key(), Key(3).public_key());
  const DeviceAddBody add{card.org(), log::ProveCard(card, Key(2))};
  EXPECT_EQ(*ReadDeviceAdd(SayDeviceAdd(add, random).body), add);
  EXPECT_EQ(*ReadDeviceRevoke(SayDeviceRevoke(card.device, random).body), card.device);
  const crypto::Hash256 state = log::FieldLeaf(log::MakeField("a", {}, random));
  EXPECT_EQ(*ReadSeal(SaySeal(state, random).body), state);
  EXPECT_EQ(*ReadComment(SayComment("Gern.\n", random)->body), "Gern.\n");
  EXPECT_FALSE(SayComment("", random));
  EXPECT_FALSE(SayComment("ohne Ende", random));
  log::Body body = SayDeviceAdd(add, random).body;
  std::get<log::Field>(body.slots[1]).value[40] ^= 1;
  EXPECT_FALSE(ReadDeviceAdd(body));
}

}  // namespace
}  // namespace geflecht::governance
