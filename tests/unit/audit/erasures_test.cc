// Fields that are not in a bundle because they are erased: which erasures explain them.
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "erased.h"
#include "erasing.h"
#include "node/audit/report.h"
#include "node/audit/report_erasures.h"
#include "node/audit/report_html.h"
#include "node/domain/document_types.h"

namespace geflecht::audit {
namespace {

using namespace testing;

Counters Counted(const World& world) {
  Bundle bundle = OpenBundle(world);
  const Report report = Verify(bundle, world.network());
  EXPECT_NE(report.verdict, Verdict::kInvalid) << Listed(report);
  return report.counters;
}

struct Erased : ::testing::Test, ErasingWorld {
  void Expect(std::size_t erased, std::size_t withheld) {
    const Counters counters = Counted(world);
    EXPECT_EQ(counters.erased, erased);
    EXPECT_EQ(counters.withheld, withheld);
  }
};

TEST_F(Erased, FieldsThatTheirWriterNamed) {
  const log::EntryId mine = Change(1);
  TakeOut(1, mine, {1});
  Expect(0, 1);
  Erase(1, {{mine, {1}}}, {});
  Expect(1, 0);
  TakeOut(1, mine, {1, 2});
  Expect(1, 1);  // the other one is only withheld
  Erase(1, {{mine, {1, 2, 9}}}, {});
  Expect(2, 0);
}

TEST_F(Erased, StructureIsNeverErased) {
  const log::EntryId mine = Change(1);
  Erase(1, {{mine, {0, 1}}}, {});
  TakeOut(1, mine, {0, 1});
  Expect(1, 1);
}

TEST_F(Erased, WhatIsHereIsNotCounted) {
  const log::EntryId mine = Change(1);
  Erase(1, {{mine, {1, 2}}}, {});
  Expect(0, 0);
}

TEST_F(Erased, ByTheOrganisationThatBeganTheRecord) {
  const log::EntryId first = Change(1), theirs = Change(2, first), alone = Change(2);
  for (const log::EntryId& entry : {theirs, alone}) TakeOut(2, entry, {1});
  Expect(0, 2);
  std::vector<log::EraseTarget> both = {{theirs, {1}}, {alone, {1}}};
  std::sort(both.begin(), both.end(), [](auto& a, auto& b) { return a.entry < b.entry; });
  Erase(3, both, {});
  Expect(0, 2);
  Erase(1, both, {});
  Expect(1, 1);
}

TEST_F(Erased, WholeRecordsByTheirOrganisationAlone) {
  const log::EntryId first = Change(1), theirs = Change(2, first);
  TakeOut(1, first, {1, 2});
  TakeOut(2, theirs, {1, 2});
  Erase(2, {}, {DocumentOf(first)});
  Expect(0, 4);  // also what they wrote themselves
  Erase(1, {}, {DocumentOf(theirs)});
  Expect(0, 4);
  Erase(1, {}, {DocumentOf(first)});
  Expect(4, 0);
}

TEST_F(Erased, ByWhoIsAMemberWhereItWasWritten) {
  const log::EntryId mine = Change(1);
  TakeOut(1, mine, {1});
  Erase(1, {{mine, {1}}}, {}, [](log::Header& header) {
    header.basis = {Filled<log::EntryId>(0x77)};  // nobody knows what that was
  });
  EXPECT_EQ(Verify(OpenBundle(world), world.network()).counters.erased, 0u);
}

TEST_F(Erased, LinesThatAreNoErasureHideNone) {
  const log::EntryId mine = Change(1);
  TakeOut(1, mine, {1});
  Erase(1, {{mine, {1}}}, {});
  Bundle bundle = OpenBundle(world);
  const std::string name = BodiesFileName(world.FeedOf(1));
  const std::string text = Text(bundle, name);
  for (const std::string& front : {std::string("{}\n"), std::string("{\"entry\":\"\n"),
                                   "{\"entry\":\"" + std::string(64, 'x') + "\"}\n",
                                   "{\"entry\":\"" + std::string(64, '0') + "\"}\n"}) {
    SetText(bundle, name, front + text);
    const Report report = Verify(WithManifest(bundle), world.network());
    EXPECT_EQ(report.verdict, Verdict::kInvalid);
    EXPECT_EQ(report.counters.erased, 1u) << front;
  }
}

TEST_F(Erased, AFileThatEndsWithoutALineFeedIsReadSoFar) {
  const log::EntryId mine = Change(1);
  TakeOut(1, mine, {1, 2});
  Erase(1, {{mine, {1}}}, {});
  Erase(1, {{mine, {2}}}, {});
  Bundle bundle = OpenBundle(world);
  const std::string name = BodiesFileName(world.FeedOf(1));
  std::string text = Text(bundle, name);
  text.pop_back();
  SetText(bundle, name, text);
  const Report report = Verify(WithManifest(bundle), world.network());
  EXPECT_EQ(report.verdict, Verdict::kInvalid);
  EXPECT_EQ(report.counters.erased, 1u);
}

// In the root space the past of the erasure itself says who wrote it.
TEST_F(Erased, WhatWasSaidAboutAProposal) {
  Council council(world);
  const log::EntryId proposal = council.Propose(Council::Admission(4));
  const log::EntryId vote = council.Vote(2, proposal, governance::Position::kNo);
  const auto body = log::SayErasure({"mistake", {{vote, {1}}}, {}}, random);
  ASSERT_TRUE(body);
  council.WriteAll(3, log::kErase, {*body, log::kEraseEvidence});
  ExportInput::Feed& feed = world.At(council.FeedOf(2));
  log::TakeOut(feed.bodies.back().value(), {1});
  Expect(0, 2);  // and the note of the proposal
  council.WriteAll(2, log::kErase, {*body, log::kEraseEvidence});
  Expect(1, 1);
}

// Not what the fourth organisation wrote after its admission or its return, by who relies on the
// time before alone.
TEST(ErasedOfTheGone, IsOnlyWhatWasWrittenBeforeTheyWent) {
  Departures of;
  const std::size_t closed = Counted(of.world).withheld;
  of.EraseTooEarly();
  EXPECT_EQ(Counted(of.world).erased, 0u);
  of.EraseInTime();
  EXPECT_EQ(Counted(of.world).erased, 3u);
  EXPECT_EQ(Counted(of.world).withheld, closed - 3);
}

// 0043: a change that names the erasure was written after it.
TEST_F(Erased, ContainersInChangesThatDoNotNameTheErasure) {
  const crdt::Schema& schema = *domain::FindSchema("note", 1);
  const auto write = [&](const crdt::ChangeHead& head) {
    const std::vector<crdt::Edit> edits = {
        crdt::SetKey{"", "title", crdt::NewSlot(crdt::Value(std::string("Treffen")))},
        crdt::InsertText{"/body", 0, "Seekuh"}};
    governance::Said said;
    for (crdt::EncodedField& field : crdt::EncodeChange(head, edits, schema))
      said.body.slots.emplace_back(log::MakeField(field.name, field.value, random));
    return world.Write(1, "change", said);
  };
  crdt::ChangeHead first;
  first.type = "note";
  first.schema_version = 1;
  const log::EntryId begun = write(first);
  const log::RecordId record = DocumentOf(begun);
  const auto body = log::SayErasure({"request", {}, {}, {{record, "body"}}}, random);
  const log::EntryId erasure = world.Write(1, log::kErase, {*body, log::kEraseEvidence});
  crdt::ChangeHead beside{{record.bytes}, std::nullopt, 0, {{begun.bytes}}, 0, {}};
  crdt::ChangeHead behind = beside;
  behind.erasures = {{erasure.bytes}};
  const log::EntryId concurrent = write(beside);
  const log::EntryId later = write(behind);
  TakeOut(1, begun, {2});
  TakeOut(1, concurrent, {2});
  Expect(2, 0);
  TakeOut(1, later, {2});
  Expect(2, 1);
  TakeOut(1, concurrent, {1});  // the title
  Expect(2, 2);
}

const ErasureFact* ErasesOf(const Report& report) {
  for (const DecisionFact& decision : report.decisions)
    if (decision.erases) return &*decision.erases;
  return nullptr;
}

TEST(DecisionThatErases, SaysWhatWhyAndWhoCarriedItOut) {
  const DecidedErasing erasing;
  const Report report = Verify(OpenBundle(erasing.world), erasing.world.network());
  EXPECT_NE(report.verdict, Verdict::kInvalid) << Listed(report);
  EXPECT_EQ(report.counters.erased, 1u);
  const ErasureFact* const erases = ErasesOf(report);
  ASSERT_NE(erases, nullptr);
  EXPECT_EQ(erases->space, erasing.world.space());
  EXPECT_EQ(erases->asked.reason, "unlawful");
  EXPECT_EQ(erases->asked.documents, std::vector{erasing.document});
  ASSERT_EQ(erases->carried.size(), 1u);
  EXPECT_EQ(erases->carried[0].entry, erasing.erase);
  EXPECT_EQ(erases->carried[0].organisation, OrgCard(3).organisation);
  EXPECT_EQ(erases->carried[0].confirmed,
            (std::vector<std::string>{OrgCard(1).organisation, OrgCard(3).organisation}));
  const std::string json = boost::json::serialize(ErasureJson(report.decisions.front()));
  EXPECT_NE(json.find(R"("reason":"unlawful","entries":1,"fields":1)"), std::string::npos) << json;
  using Words = std::vector<std::string>;
  const Words german = {"unzulässig erhoben", "1 Feld in 1 Eintrag", "Ausgeführt von"};
  const Words english = {"collected unlawfully", "1 field in 1 entry", "Carried out by"};
  for (const i18n::Lang lang : {i18n::Lang::kDe, i18n::Lang::kEn})
    for (const std::string& word : lang == i18n::Lang::kDe ? german : english) {
      EXPECT_NE(RenderText(report, lang).find(word), std::string::npos) << word;
      EXPECT_NE(RenderHtml(report).find(word), std::string::npos) << word;
    }
  EXPECT_NE(RenderHtml(report).find(erasing.document.Hex()), std::string::npos);
}

TEST(DecisionThatErases, SaysThatNobodyCarriedItOut) {
  DecidedErasing erasing(/*carried=*/false);
  const auto open = [&](const Report& report) {
    ASSERT_NE(ErasesOf(report), nullptr);
    EXPECT_TRUE(ErasesOf(report)->carried.empty());
    EXPECT_NE(RenderText(report, i18n::Lang::kDe).find("Nicht ausgeführt"), std::string::npos);
  };
  open(Verify(OpenBundle(erasing.world), erasing.world.network()));
  // Another text than the decided one counts for nothing, whatever it names.
  log::Erasure other{"unlawful", {}, {erasing.document}, {}, erasing.proposal};
  erasing.Write(3, log::kErase, {log::SayErasure(other, erasing.random).value(), 3});
  open(Verify(OpenBundle(erasing.world), erasing.world.network()));
}

TEST(DecisionThatErases, CountsInForceAndForItsSpaceOnly) {
  DecidedErasing erasing(/*carried=*/false);
  erasing.TakeNoteOut();
  const auto erased = [&] {
    const Report report = Verify(OpenBundle(erasing.world), erasing.world.network());
    EXPECT_NE(report.verdict, Verdict::kInvalid) << Listed(report);
    std::size_t carried = 0;
    for (const DecisionFact& decision : report.decisions)
      if (decision.erases) carried += decision.erases->carried.size();
    EXPECT_EQ(report.counters.erased, carried);
    return report.counters.erased;
  };
  erasing.CarryOut(erasing.proposal, erasing.before);
  EXPECT_EQ(erased(), 0u) << "it was not in force there";
  const log::EntryId refused = erasing.Decide(erasing.world.space(), governance::Position::kNo);
  erasing.CarryOut(refused, erasing.council.Heads());
  EXPECT_EQ(erased(), 0u) << "it was refused";
  const log::EntryId other =
      erasing.Decide(Filled<log::SpaceId>(0x55), governance::Position::kYes);
  erasing.CarryOut(other, erasing.council.Heads());
  EXPECT_EQ(erased(), 0u) << "it was about another space";
  erasing.CarryOut(erasing.proposal, erasing.council.Heads());
  EXPECT_EQ(erased(), 1u);
}

TEST(DecisionThatErases, OthersSayNothingOfIt) {
  const GovernedWorld governed = Admitted();
  EXPECT_EQ(ErasesOf(Verify(OpenBundle(governed.world), governed.world.network())), nullptr);
}

}  // namespace
}  // namespace geflecht::audit
