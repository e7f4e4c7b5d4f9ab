// Records that a node erases by itself once a day, under a clock that the test moves.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "node/domain/document_types.h"
#include "tests/unit/core/retained.h"

namespace geflecht::core {
namespace {

using governance::ArchiveAnswer, governance::Day, governance::RetentionState;

struct Retained : RetentionHosts {
  Retained() : net(2), a(net[0], net.founding), b(net[1], net.founding) {
    for (Host* host : {&a, &b}) EXPECT_TRUE(host->Join().has_value());
    SetDay(a, "2030-01-01");
    SetDay(b, "2030-01-01");
  }

  replica::Network net;
  Host a, b;
};

TEST_F(Retained, IsAnnouncedThenErasedOnTime) {
  const auto id = Contact(a, "2029-10-20");  // kept until 2030-01-20
  LookFor(a, 6);
  EXPECT_EQ(AnnouncedOf(a, id), "-") << Today(a);
  Look(a);
  EXPECT_EQ(AnnouncedOf(a, id), "2030-01-07");
  LookFor(a, 14);
  EXPECT_FALSE(Erased(a, id)) << Today(a);
  Look(a);  // 2030-01-21
  EXPECT_TRUE(Erased(a, id)) << Today(a);
  const auto protocol = a.node->retention()->Protocol();
  ASSERT_EQ(protocol.size(), 1u);
  EXPECT_EQ(protocol[0].day, *governance::ParseDay("2030-01-21"));
  EXPECT_FALSE(protocol[0].by_hand);
  EXPECT_EQ(protocol[0].record.retention_class, "L1");
  EXPECT_EQ(protocol[0].erasures.size(), 1u);
  EXPECT_TRUE(a.node->retention()->notices().empty());
}

TEST_F(Retained, WhatIsLongOverdueIsAnnouncedForFourteenDaysToo) {
  const auto id = Contact(a, "2020-01-01");
  LookFor(a, 14);
  EXPECT_FALSE(Erased(a, id));
  Look(a);
  EXPECT_TRUE(Erased(a, id));
}

TEST_F(Retained, ANodeThatWasOffForMonthsShowsItAgainBeforeItErases) {
  const auto id = Contact(a, "2020-01-01");
  LookFor(a, 3);
  EXPECT_EQ(AnnouncedOf(a, id), "2030-01-01");
  SetDay(a, "2030-07-01");
  a.Load();
  Look(a);
  EXPECT_FALSE(Erased(a, id)) << "nobody saw it for half a year";
  EXPECT_EQ(AnnouncedOf(a, id), "2030-06-22") << "two days, and a week of the time off";
  SetDay(a, "2030-07-02");
  LookFor(a, 4);
  EXPECT_FALSE(Erased(a, id)) << Today(a);
  Look(a);
  EXPECT_TRUE(Erased(a, id)) << Today(a);
}

TEST_F(Retained, AWrongClockErasesNothingThatWasNotAnnounced) {
  const auto soon = Contact(a, "2029-10-10"), late = Contact(a, "2035-01-01");
  Look(a);
  SetDay(a, "2045-01-01");
  Look(a);
  SetDay(a, "2045-01-02");
  Look(a);
  EXPECT_EQ(AnnouncedOf(a, late), "2045-01-01");
  SetDay(a, "2030-01-02");
  Look(a);
  EXPECT_EQ(AnnouncedOf(a, late), "-") << "its period runs";
  EXPECT_EQ(AnnouncedOf(a, soon), "2030-01-02") << "counts from the right day on";
  EXPECT_FALSE(Erased(a, soon) || Erased(a, late));
}

TEST_F(Retained, KeepsWhatItHasAnnouncedOverARestart) {
  const auto id = Contact(a, "2020-01-01");
  LookFor(a, 8);
  a.Load();
  EXPECT_EQ(AnnouncedOf(a, id), "2030-01-01");
  LookFor(a, 7);
  EXPECT_TRUE(Erased(a, id));
  const auto protocol = a.node->retention()->Protocol();
  a.Load();
  EXPECT_EQ(a.node->retention()->Protocol(), protocol);
  EXPECT_TRUE(a.node->retention()->notices().empty());
}

TEST_F(Retained, RecordsOfOthersStay) {
  const auto id = Contact(a, "2020-01-01");
  Join(a, b, 1, true);
  Settle(a, b);
  LookFor(b, 20);
  EXPECT_FALSE(Erased(b, id));
  EXPECT_TRUE(b.node->retention()->notices().empty());
  const auto listed = List(b);
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_FALSE(listed->front().own);
  EXPECT_EQ(ByHand(b)->of_others, 1u);
}

TEST_F(Retained, WithoutTheFieldThatEndsItsPeriodNothingIsOver) {
  const auto id = Write(a, "contact", {{"family_name", "Vormals"}});
  Set(a, id, "role_end", std::string("2020-01-01"));
  Join(a, b, 1, true);
  Settle(a, b);
  EXPECT_EQ(ByHand(b)->of_others, 1u);
  a.Do([&](Actions& out) {
    replica::Replica& replica = *a.node->replica();
    EXPECT_TRUE(replica.EraseDocument(id, "role_end", "request", a.now).has_value());
    a.node->Finish(a.now, out);
  });
  Settle(a, b);
  EXPECT_EQ(ByHand(b)->of_others, 0u);
}

TEST_F(Retained, ARestrictedRecordStaysAndIsAnnouncedAnewWhenThatEnds) {
  const auto id = Contact(a, "2020-01-01");
  LookFor(a, 10);
  Set(a, id, "restricted", std::string("legal_hold"));
  LookFor(a, 30);
  EXPECT_FALSE(Erased(a, id));
  EXPECT_EQ(AnnouncedOf(a, id), "-");
  const auto listed = List(a);
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().state, RetentionState::kRestricted);
  EXPECT_EQ(listed->front().record.restriction, "legal_hold");
  EXPECT_EQ(ByHand(a)->restricted, 1u);
  Set(a, id, "restricted", false);
  LookFor(a, 14);
  EXPECT_FALSE(Erased(a, id));
  Look(a);
  EXPECT_TRUE(Erased(a, id));
}

TEST_F(Retained, APauseHoldsAtEveryDeviceAndEndsOnItsDay) {
  const auto record = Organisation(a, "no");
  const auto id = Contact(a, "2020-01-01");
  Look(a);
  Set(a, record, "retention_pause", std::string("2030-02-15"));
  a.Load();
  LookFor(a, 46);
  EXPECT_EQ(Today(a), "2030-02-16");
  EXPECT_FALSE(Erased(a, id));
  SetDay(a, "2030-02-15");
  EXPECT_EQ(ByHand(a).error().hint, "hint.retention-paused");
  SetDay(a, "2030-02-16");
  Look(a);
  EXPECT_TRUE(Erased(a, id));
}

TEST_F(Retained, APauseWithoutAnEndLastsAndOthersHaveTheirOwn) {
  const auto record = Organisation(a, "no");
  Set(a, record, "retention_pause", std::string("open"));
  Join(a, b, 1, true);
  Settle(a, b);
  const auto of_a = Contact(a, "2020-01-01"), of_b = Contact(b, "2020-01-01");
  LookFor(a, 80);
  LookFor(b, 15);
  EXPECT_FALSE(Erased(a, of_a));
  EXPECT_TRUE(Erased(b, of_b));
}

TEST_F(Retained, APublicBodyOffersToItsArchive) {
  Organisation(a, "yes");
  Organisation(b, "no");
  const Fields minutes{{"title", "Plenum"}, {"date", "2024-03-01"}, {"retention_class", "L3"}};
  const auto offered = Write(a, "meeting", minutes), other = Write(a, "meeting", minutes),
             given = Write(a, "meeting", minutes), not_public = Write(b, "meeting", minutes),
             contact = Contact(a, "2020-01-01");
  LookFor(a, 15);
  LookFor(b, 15);
  EXPECT_TRUE(Erased(b, not_public));
  EXPECT_TRUE(Erased(a, contact)) << "contacts are not offered";
  EXPECT_FALSE(Erased(a, offered));
  EXPECT_EQ(ByHand(a)->offered, 3u);
  Retention& retention = *a.node->retention();
  EXPECT_EQ(retention.AnswerOffer(contact, ArchiveAnswer::kTaken).error().code, Code::kNotFound);
  EXPECT_TRUE(retention.AnswerOffer(given, ArchiveAnswer::kTaken).has_value());
  EXPECT_TRUE(retention.AnswerOffer(other, ArchiveAnswer::kDeclined).has_value());
  Look(a);
  EXPECT_TRUE(Erased(a, given) && Erased(a, other));
  EXPECT_FALSE(Erased(a, offered));
  SetDay(a, "2030-07-01");  // six months after 2030-01-01, when it was announced
  Look(a);
  EXPECT_FALSE(Erased(a, offered));
  SetDay(a, "2030-07-02");
  Look(a);
  EXPECT_TRUE(Erased(a, offered)) << "not longer";
  std::vector<ArchiveAnswer> answers;
  for (const RetentionLine& line : retention.Protocol()) answers.push_back(line.record.archive);
  std::sort(answers.begin(), answers.end());
  EXPECT_EQ(answers, (std::vector{ArchiveAnswer::kNotAsked, ArchiveAnswer::kOpen,
                                  ArchiveAnswer::kTaken, ArchiveAnswer::kDeclined}));
}

TEST_F(Retained, ByHandAtOnceInPartsAndAgain) {
  for (int i = 0; i < 5; ++i) Contact(a, "2020-01-01");
  const auto later = Contact(a, "2029-12-01");
  const auto first = ByHand(a, 2);
  EXPECT_EQ(first->erased.size(), 2u);
  EXPECT_EQ(first->open, 3u);
  EXPECT_TRUE(first->erased[0].by_hand);
  EXPECT_EQ(ByHand(a)->erased.size(), 3u);
  const auto nothing = ByHand(a);
  EXPECT_TRUE(nothing->erased.empty());
  EXPECT_EQ(nothing->open, 0u);
  EXPECT_FALSE(Erased(a, later));
  EXPECT_EQ(a.node->retention()->Protocol().size(), 5u);
}

TEST_F(Retained, TheProtocolForgetsAfterItsPeriod) {
  Contact(a, "2020-01-01");
  EXPECT_EQ(ByHand(a)->erased.size(), 1u);  // 2030-01-01: 12 months and 180 days
  SetDay(a, "2031-06-30");
  Look(a);
  EXPECT_EQ(a.node->retention()->Protocol().size(), 1u);
  SetDay(a, "2031-07-01");
  Look(a);
  EXPECT_TRUE(a.node->retention()->Protocol().empty());
  a.Load();
  EXPECT_TRUE(a.node->retention()->Protocol().empty());
}

TEST_F(Retained, WorksInSlices) {
  std::vector<crdt::DocumentId> ids;
  for (int i = 0; i < 150; ++i) ids.push_back(Contact(a, "2020-01-01"));
  LookFor(a, 14);
  a.node->EraseDaily(a.now);
  std::size_t before = 0, steps = 0;
  while (before < ids.size() && ++steps < 100) {
    a.now.mono_ms = std::max(a.now.mono_ms, *a.node->retention()->NextDueMs());
    a.Step(TimerFired{});
    const std::size_t now = a.node->retention()->Protocol().size();
    EXPECT_LE(now - before, 32u) << "in one step";
    before = now;
  }
  EXPECT_EQ(before, ids.size());
}

TEST_F(Retained, ListsInSlicesAndParts) {
  std::map<RetentionId, int> times;
  for (int i = 0; i < 150; ++i) times[Contact(a, i % 2 == 0 ? "2020-01-01" : "2019-05-05")] = 0;
  int calls = 0;
  RetentionQuery query;
  query.max = 1000;
  const auto part = [&] { return a.node->retention()->List(*a.node->replica(), query, a.now); };
  while (part()->reading) query.goes_on = ++calls > 0;
  EXPECT_GE(calls, 150 / 32) << "of so many documents each";
  const auto listed = List(a, 7);
  ASSERT_TRUE(listed.has_value());
  for (std::size_t i = 0; i < listed->size(); ++i) {
    ++times[listed->at(i).record.id];
    if (i == 0) continue;
    EXPECT_LE(listed->at(i - 1).record.until, listed->at(i).record.until);
  }
  EXPECT_EQ(times.size(), 150u);
  for (const auto& [id, n] : times) EXPECT_EQ(n, 1);
}

TEST_F(Retained, AListKnowsOfOpenEditsAndOfWhatChangedBetweenItsParts) {
  std::vector<crdt::DocumentId> ids;
  for (int i = 0; i < 40; ++i) ids.push_back(Contact(a, "2020-01-01"));
  EXPECT_EQ(List(a)->size(), 40u);
  const auto type = [&](const crdt::DocumentId& id, const std::string& end) {
    const auto set = [&](crdt::Transaction& edit) { return edit.Set("/role_end", end); };
    EXPECT_TRUE(a.node->replica()->Edit(id, set, a.now).has_value());
  };
  for (const auto& id : ids) type(id, "2035-01-01");
  EXPECT_TRUE(List(a)->empty()) << "nothing of it is in the log yet";
  EXPECT_TRUE(ByHand(a)->erased.empty());
  for (const auto& id : ids) type(id, "2020-01-01");
  EXPECT_EQ(List(a)->size(), 40u);
  Set(a, ids[0], "restricted", std::string("legal_hold"));
  EXPECT_EQ(ByHand(a)->restricted, 1u);
  EXPECT_EQ(List(a)->size(), 1u);
}

TEST_F(Retained, LooksOnceADay) {
  const auto id = Contact(a, "2020-01-01");
  Look(a);
  Set(a, id, "role_end", std::string("2035-01-01"));
  for (int hour = 0; hour < 22; ++hour) {
    a.now.wall_ms += 3'600'000;
    a.now.mono_ms = std::max(a.now.mono_ms + 3'600'000, *a.node->retention()->NextDueMs());
    a.Step(TimerFired{});
    EXPECT_NE(AnnouncedOf(a, id), "-") << hour;
  }
  for (int step = 0; step < 6; ++step) {
    a.now.wall_ms += 3'600'000;
    a.now.mono_ms += 3'600'000;
    a.Step(TimerFired{});
  }
  EXPECT_EQ(AnnouncedOf(a, id), "-") << Today(a);
}

TEST_F(Retained, FollowsWhatIsWrittenAndErasedMeanwhile) {
  const auto id = Contact(a, "");
  Look(a);
  Set(a, id, "role_end", std::string("2020-01-01"));
  LookFor(a, 5);
  EXPECT_NE(AnnouncedOf(a, id), "-");
  Set(a, id, "role_end", std::string("2031-01-01"));
  Look(a);
  EXPECT_EQ(AnnouncedOf(a, id), "-");
  const auto other = Contact(a, "2020-01-01");
  Look(a);
  a.Do([&](Actions& out) {
    EXPECT_TRUE(a.node->replica()->EraseDocument(other, std::nullopt, "request", a.now));
    a.node->Finish(a.now, out);
  });
  LookFor(a, 20);
  EXPECT_TRUE(a.node->retention()->Protocol().empty()) << "somebody else erased it";
  EXPECT_TRUE(a.node->retention()->notices().empty());
}

TEST_F(Retained, DamagedRecordsAreFoundOut) {
  const RetentionNotice notice{crdt::DocumentId{}, "contact", "L1", 10, 20, ArchiveAnswer::kOpen};
  EXPECT_EQ(*DecodeNotice(EncodeNotice(notice)), notice);
  const RetentionLine line{30, true, notice, {log::EntryId{}, log::EntryId{}}};
  EXPECT_EQ(*DecodeLine(EncodeLine(line)), line);
  const std::string text(AsText(EncodeLine(line)));
  for (const std::string& bad : {std::string(), text.substr(1), text + " ", text + " 00",
                                 text.substr(0, text.size() - 130), "x" + text})
    EXPECT_EQ(DecodeLine(AsBytes(bad)).error().code, Code::kCorruption) << bad;
  EXPECT_EQ(DecodeNotice(AsBytes("- - - - - -")).error().code, Code::kCorruption);
}

}  // namespace
}  // namespace geflecht::core
