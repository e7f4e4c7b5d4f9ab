#include "node/governance/retention.h"

#include <gtest/gtest.h>

#include <string>

namespace geflecht::governance {
namespace {

std::string Until(std::string_view name, const RetentionFacts& facts) {
  const RetentionClass* rule = FindRetentionClass(name);
  if (rule == nullptr) return "no class";
  return RenderDayOrDash(KeptUntil(*rule, facts));
}

RetentionFacts Made(std::string_view type) {
  RetentionFacts facts;
  facts.type = type;
  facts.made = *ParseDay("2026-01-31");
  return facts;
}

// Expected values: domain research, table of classes.
TEST(Retention, EachClassRunsFromItsStart) {
  RetentionFacts contact = Made("contact");
  contact.role_end = "2026-11-30";
  RetentionFacts meeting = Made("meeting");
  meeting.date = "2026-06-15";
  RetentionFacts agreement = Made("agreement");
  agreement.end = "2027-03-31";
  EXPECT_EQ(Until("L1", contact), "2027-02-28");
  EXPECT_EQ(Until("L2", meeting), "2026-12-15");
  EXPECT_EQ(Until("L3", meeting), "2031-12-31");
  EXPECT_EQ(Until("L4", agreement), "2037-03-31");
  EXPECT_EQ(Until("L5", agreement), "2030-12-31");
  EXPECT_EQ(Until("L6", Made("contact")), "2027-01-31");
  EXPECT_EQ(Until("L7", meeting), "2027-06-15");
  EXPECT_EQ(Until("L8", Made("note")), "2026-03-02");
  EXPECT_EQ(Until("L9", Made("note")), "2029-12-31");
  EXPECT_EQ(Until("L10", Made("note")), "2027-01-31");
  EXPECT_EQ(Until("L11", Made("note")), "2027-07-30");
}

TEST(Retention, WhatHasNotHappenedStartsNothing) {
  EXPECT_EQ(Until("L1", Made("contact")), "-");
  EXPECT_EQ(Until("L5", Made("agreement")), "-");
  EXPECT_EQ(Until("L3", Made("meeting")), "-");
  EXPECT_EQ(Until("L4", Made("note")), "-") << "the network has not ended";
  RetentionFacts task = Made("task");
  task.due = "2026-05-01";
  EXPECT_EQ(Until("L2", task), "-") << "not done";
  task.done = true;
  EXPECT_EQ(Until("L2", task), "2026-11-01");
  task.due = "";
  EXPECT_EQ(Until("L2", task), "2026-07-31");
}

TEST(Retention, LeavingEndsWhatNamesNoEnd) {
  const auto left = [](std::string_view type) {
    RetentionFacts facts = Made(type);
    facts.left = ParseDay("2028-04-30");
    return facts;
  };
  RetentionFacts contact = left("contact"), agreement = left("agreement"), task = left("task");
  EXPECT_EQ(Until("L1", contact), "2028-07-30");
  contact.role_end = "2030-01-01";
  EXPECT_EQ(Until("L1", contact), "2028-07-30");
  contact.role_end = "2027-01-01";
  EXPECT_EQ(Until("L1", contact), "2027-04-01");
  EXPECT_EQ(Until("L5", agreement), "2031-12-31");
  agreement.end = "2040-01-01";
  EXPECT_EQ(Until("L5", agreement), "2043-12-31") << "it binds the other parties";
  EXPECT_EQ(Until("L3", task), "2033-12-31");
  task.due = "2027-01-01";
  task.done = true;
  EXPECT_EQ(Until("L3", task), "2032-12-31");
  EXPECT_EQ(Until("L1", left("note")), "2028-07-30");
  EXPECT_EQ(Until("L4", left("note")), "-") << "the network goes on";
  EXPECT_EQ(Until("L6", left("contact")), "2027-01-31");
}

TEST(Retention, ADayThatIsNoneStartsNothing) {
  RetentionFacts contact = Made("contact");
  for (const char* day : {"2026-02-30", "bald", "2026-1-1", ""}) {
    contact.role_end = day;
    EXPECT_EQ(Until("L1", contact), "-") << day;
  }
}

TEST(Retention, YearsEndWhereTheyEnd) {
  RetentionFacts agreement = Made("agreement");
  for (const auto& [end, until] :
       {std::pair("2026-12-31", "2029-12-31"), std::pair("2027-01-01", "2030-12-31"),
        std::pair("2028-02-29", "2031-12-31")}) {
    agreement.end = end;
    EXPECT_EQ(Until("L5", agreement), until) << end;
  }
}

// A record of which the last day of its period is day 1000.
RetentionState On(Day today, std::optional<Day> announced, RetentionCase record = {}) {
  record.until = 1000;
  record.announced = announced;
  return StateOf(record, today);
}

TEST(Retention, IsAnnouncedForFourteenDaysFirst) {
  using enum RetentionState;
  EXPECT_EQ(On(986, std::nullopt), kRunning);
  EXPECT_EQ(On(987, std::nullopt), kAnnounced) << "14 days before it may be erased";
  EXPECT_EQ(On(1000, 987), kAnnounced) << "the last day of the period";
  EXPECT_EQ(On(1001, 987), kDue);
  EXPECT_EQ(On(1013, 1000), kAnnounced);
  EXPECT_EQ(On(1014, 1000), kDue);
  EXPECT_EQ(On(5000, std::nullopt), kAnnounced) << "however long it is over";
  EXPECT_EQ(On(5013, 5000), kAnnounced);
}

TEST(Retention, WhatStopsIt) {
  using enum RetentionState;
  RetentionCase record;
  record.paused = true;
  EXPECT_EQ(On(1001, 987, record), kPaused);
  record.restricted = true;
  EXPECT_EQ(On(1001, 987, record), kRestricted);
  EXPECT_EQ(On(100, std::nullopt, record), kRestricted);
  record = {};
  record.archive = ArchiveAnswer::kOpen;
  EXPECT_EQ(On(1001, 987, record), kOffered);
  EXPECT_EQ(On(OfferEnds(1000, 987), 987, record), kOffered);
  EXPECT_EQ(On(OfferEnds(1000, 987) + 1, 987, record), kDue) << "nobody answered";
  for (const ArchiveAnswer answer : {ArchiveAnswer::kTaken, ArchiveAnswer::kDeclined}) {
    record.archive = answer;
    EXPECT_EQ(On(1001, 987, record), kDue);
  }
}

TEST(Retention, AnOfferEndsAfterSixMonths) {
  const auto ends = [](const char* until, const char* announced) {
    return RenderDay(OfferEnds(*ParseDay(until), *ParseDay(announced)));
  };
  EXPECT_EQ(ends("2031-12-31", "2031-12-18"), "2032-06-30");
  EXPECT_EQ(ends("2031-12-31", "2033-08-31"), "2034-02-28") << "announced late";
}

TEST(Retention, OnlyThreeClassesGoToAnArchive) {
  std::string offered;
  for (int i = 1; i <= 11; ++i) {
    const std::string name = "L" + std::to_string(i);
    if (FindRetentionClass(name)->archived) offered += name;
  }
  EXPECT_EQ(offered, "L3L4L5");
}

TEST(Retention, DaysOnWhichNobodyLookedCountOnlyInPart) {
  EXPECT_EQ(NoticeAfterGap(1000, 1003, 1004), 1000);
  EXPECT_EQ(NoticeAfterGap(1000, 1003, 1010), 1000) << "a week";
  EXPECT_EQ(NoticeAfterGap(1000, 1003, 1011), 1001);
  EXPECT_EQ(NoticeAfterGap(1000, 1003, 1203), 1193) << "ten days of announcing in 203";
  EXPECT_EQ(NoticeAfterGap(1000, 1014, 1300), 1000) << "it was announced for long enough";
  EXPECT_EQ(NoticeAfterGap(1000, 1000, 1000), 1000);
  EXPECT_EQ(NoticeAfterGap(9000, 9000, 1000), 1000) << "a clock that was ahead";
}

TEST(Retention, OtherNamesAreNoClasses) {
  for (const char* name : {"", "L0", "L12", "l1", "L1 "})
    EXPECT_EQ(FindRetentionClass(name), nullptr) << name;
}

}  // namespace
}  // namespace geflecht::governance
