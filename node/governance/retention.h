// When records may be kept no longer: classes after DIN 66398, each with one event from which its
// period runs. The periods are defaults for the data-protection officer to confirm
// (docs/formats/retention.md names their sources). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "node/governance/day.h"

namespace geflecht::governance {

// What a period runs from: the record was made; what it is about is over; the relation that it
// serves has ended.
enum class RetentionStart { kCollection, kEvent, kRelation };

struct RetentionClass {
  std::string_view name;  // "L1"
  RetentionStart start = RetentionStart::kCollection;
  std::uint32_t months = 0;
  std::uint32_t days = 0;
  bool year_end = false;  // runs on to the end of the calendar year
};

// Nullptr if there is none of that name. Lives as long as the program.
const RetentionClass* FindRetentionClass(std::string_view name);

// What is known of a record: days as its fields say them, empty where they say nothing.
struct RetentionFacts {
  std::string_view type;      // of the document (domain/document_types.h)
  Day made = 0;               // of its first change, as its header claims
  std::string_view role_end;  // contact: end of the function
  std::string_view date;      // meeting: its day
  std::string_view due;       // task: when it was due
  bool done = false;          // task
  std::string_view end;       // agreement: its last day
};

// The last day on which the record is kept, or nothing while that which its period runs from has
// not happened or is not known. A contact's function and an agreement end on the day that they
// name; a task is over when it is done, on the day on which it was due; what has no day of its own
// runs from the day on which it was made.
std::optional<Day> KeptUntil(const RetentionClass& rule, const RetentionFacts& facts);

}  // namespace geflecht::governance
