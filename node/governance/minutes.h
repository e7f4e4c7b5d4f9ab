// What frozen minutes say beside their text: field `terms` of a frozen text of kind "minutes"
// (docs/formats/minutes.md). Pure; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/governance/proposal_terms.h"
#include "node/governance/rule.h"

namespace geflecht::governance {

inline constexpr std::string_view kMinutesMatter = "minutes";  // of the proposal that approves them
inline constexpr std::size_t kRecordedMax = 200;

// A decision of the meeting: what it says is a block of the text.
struct RecordedDecision {
  std::string item;         // point of the agenda, 8 hexadecimal digits
  Matter matter;            // one without an effect of its own
  std::uint32_t block = 1;  // counted from 1
  bool operator==(const RecordedDecision&) const = default;
};

struct MinutesTerms {
  MeetingId meeting;
  std::string date;                      // YYYY-MM-DD
  std::optional<log::EntryId> corrects;  // earlier frozen minutes of the meeting
  std::vector<RecordedDecision> decisions;
  bool operator==(const MinutesTerms&) const = default;
};

// Whether a meeting can decide on it: nothing that changes members, keys, roles or rules.
bool CanBeRecorded(std::string_view matter);

std::string RenderMinutesTerms(const MinutesTerms& terms);
// Strict to the byte. kMalformed, kTooLarge. `blocks`: how many the text has.
Result<MinutesTerms> ParseMinutesTerms(std::string_view text, std::size_t blocks);

}  // namespace geflecht::governance
