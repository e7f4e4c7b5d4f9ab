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

TEST(Retention, OtherNamesAreNoClasses) {
  for (const char* name : {"", "L0", "L12", "l1", "L1 "})
    EXPECT_EQ(FindRetentionClass(name), nullptr) << name;
}

}  // namespace
}  // namespace geflecht::governance
