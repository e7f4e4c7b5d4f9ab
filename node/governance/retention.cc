#include "node/governance/retention.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/check.h"
#include "node/domain/document_types.h"

namespace geflecht::governance {
namespace {

using enum RetentionStart;

// L11 are lists of erasures: ids only, kept for the offline limit, the age of the oldest backup and
// a year.
constexpr std::array<RetentionClass, 11> kClasses = {{{"L1", kRelation, 3, 0, false, false},
                                                      {"L2", kEvent, 6, 0, false, false},
                                                      {"L3", kEvent, 60, 0, true, true},
                                                      {"L4", kNetwork, 120, 0, false, true},
                                                      {"L5", kRelation, 36, 0, true, true},
                                                      {"L6", kCollection, 12, 0, false, false},
                                                      {"L7", kEvent, 12, 0, false, false},
                                                      {"L8", kCollection, 0, 30, false, false},
                                                      {"L9", kEvent, 36, 0, true, false},
                                                      {"L10", kCollection, 12, 0, false, false},
                                                      {"L11", kCollection, 12, 180, false, false}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kOfEntries = {
    {{kMinutesFrozen, "L3"},
     {kAgreementFrozen, "L5"},
     {kNoticeGiven, "L5"},
     {kMandateGiven, "L5"},
     {kProposalNote, "L3"},
     {kVoteReason, "L3"},
     {kCommentText, "L3"}}};

std::optional<Day> EventDay(const RetentionFacts& facts) {
  if (facts.type == domain::kMeeting) return ParseDay(facts.date);
  if (facts.type != domain::kTask) return facts.made;
  if (!facts.done) return facts.left;
  return facts.due.empty() ? facts.made : ParseDay(facts.due);
}

// As the record itself names it.
std::optional<Day> NamedEnd(const RetentionFacts& facts) {
  if (facts.type == domain::kContact) return ParseDay(facts.role_end);
  if (facts.type == domain::kAgreement) return ParseDay(facts.end);
  return std::nullopt;
}

std::optional<Day> RelationDay(const RetentionFacts& facts) {
  const std::optional<Day> named = NamedEnd(facts);
  if (!named || !facts.left) return named ? named : facts.left;
  // An agreement binds its other parties on.
  return facts.type == domain::kContact ? std::min(*named, *facts.left) : *named;
}

std::optional<Day> StartDay(RetentionStart start, const RetentionFacts& facts) {
  switch (start) {
    case kCollection:
      return facts.made;
    case kEvent:
      return EventDay(facts);
    case kRelation:
      return RelationDay(facts);
    case kNetwork:
      return NamedEnd(facts);
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

const RetentionClass& RetentionClassOf(std::string_view what) {
  const auto found = std::find_if(kOfEntries.begin(), kOfEntries.end(),
                                  [&](const auto& one) { return one.first == what; });
  CHECK(found != kOfEntries.end());
  return *FindRetentionClass(found->second);
}

Day KeptUntil(const RetentionClass& rule, Day start) {
  const Day end = AddMonths(start, rule.months) + rule.days;
  return rule.year_end ? YearEnd(end) : end;
}

std::optional<Day> KeptUntil(const RetentionClass& rule, const RetentionFacts& facts) {
  const std::optional<Day> start = StartDay(rule.start, facts);
  return start ? std::optional(KeptUntil(rule, *start)) : std::nullopt;
}

RetentionState StateOf(const RetentionCase& record, Day today) {
  if (record.restricted) return RetentionState::kRestricted;
  if (record.until >= today + kNoticeDays) return RetentionState::kRunning;
  if (record.until >= today || !record.announced || today < *record.announced + kNoticeDays)
    return RetentionState::kAnnounced;
  if (record.paused) return RetentionState::kPaused;
  const bool waits =
      record.archive == ArchiveAnswer::kOpen && today <= OfferEnds(record.until, *record.announced);
  return waits ? RetentionState::kOffered : RetentionState::kDue;
}

Day OfferEnds(Day until, Day announced) {
  return AddMonths(std::max(until, announced), kOfferMonths);
}

Day NoticeAfterGap(Day announced, Day last_run, Day today) {
  if (announced > today) return today;
  if (today - last_run <= kGapDays || announced + kNoticeDays <= last_run) return announced;
  return std::min(today, announced + (today - last_run - kGapDays));
}

}  // namespace geflecht::governance
