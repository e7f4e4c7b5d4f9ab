#include "node/governance/retention.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace geflecht::governance {
namespace {

using enum RetentionStart;

// L11 are lists of erasures: ids only, kept for the offline limit, the age of the oldest backup and
// a year.
constexpr std::array<RetentionClass, 11> kClasses = {{{"L1", kRelation, 3, 0, false},
                                                      {"L2", kEvent, 6, 0, false},
                                                      {"L3", kEvent, 60, 0, true},
                                                      {"L4", kRelation, 120, 0, false},
                                                      {"L5", kRelation, 36, 0, true},
                                                      {"L6", kCollection, 12, 0, false},
                                                      {"L7", kEvent, 12, 0, false},
                                                      {"L8", kCollection, 0, 30, false},
                                                      {"L9", kEvent, 36, 0, true},
                                                      {"L10", kCollection, 12, 0, false},
                                                      {"L11", kCollection, 12, 180, false}}};

std::optional<Day> EventDay(const RetentionFacts& facts) {
  if (facts.type == "meeting") return ParseDay(facts.date);
  if (facts.type != "task") return facts.made;
  if (!facts.done) return std::nullopt;
  return facts.due.empty() ? facts.made : ParseDay(facts.due);
}

std::optional<Day> RelationDay(const RetentionFacts& facts) {
  if (facts.type == "contact") return ParseDay(facts.role_end);
  if (facts.type == "agreement") return ParseDay(facts.end);
  return std::nullopt;
}

std::optional<Day> StartDay(RetentionStart start, const RetentionFacts& facts) {
  switch (start) {
    case kCollection:
      return facts.made;
    case kEvent:
      return EventDay(facts);
    case kRelation:
      return RelationDay(facts);
  }
  return std::nullopt;
}

Day YearEnd(Day day) {
  using std::chrono::days, std::chrono::sys_days;
  const std::chrono::year_month_day date{sys_days(days(day))};
  return sys_days(date.year() / std::chrono::December / 31).time_since_epoch().count();
}

}  // namespace

const RetentionClass* FindRetentionClass(std::string_view name) {
  const auto found = std::find_if(kClasses.begin(), kClasses.end(),
                                  [&](const RetentionClass& rule) { return rule.name == name; });
  return found == kClasses.end() ? nullptr : &*found;
}

std::optional<Day> KeptUntil(const RetentionClass& rule, const RetentionFacts& facts) {
  const std::optional<Day> start = StartDay(rule.start, facts);
  if (!start) return std::nullopt;
  const Day end = AddMonths(*start, rule.months) + rule.days;
  return rule.year_end ? YearEnd(end) : end;
}

}  // namespace geflecht::governance
