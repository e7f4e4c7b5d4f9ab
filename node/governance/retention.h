// When records may be kept no longer: classes after DIN 66398, each with one event from which its
// period runs. The periods are defaults for the data-protection officer to confirm
// (docs/formats/retention.md names their sources). Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "node/governance/day.h"

namespace geflecht::governance {

// What a period runs from: the record was made; what it is about is over; the relation that it
// serves has ended; the network has.
enum class RetentionStart { kCollection, kEvent, kRelation, kNetwork };

struct RetentionClass {
  std::string_view name;  // "L1"
  RetentionStart start = RetentionStart::kCollection;
  std::uint32_t months = 0;
  std::uint32_t days = 0;
  bool year_end = false;  // runs on to the end of the calendar year
  bool archived = false;  // of a public body: offered to its archive before it is erased
};

// Nullptr if there is none of that name. Lives as long as the program.
const RetentionClass* FindRetentionClass(std::string_view name);

// What can be erased of entries that are no documents, by what it is: names in frozen texts, the
// name in a mandate, reasons of notices and votes, comments, the note of a proposal.
inline constexpr std::string_view kMinutesFrozen = "minutes-frozen";
inline constexpr std::string_view kAgreementFrozen = "agreement-frozen";
inline constexpr std::string_view kNoticeGiven = "notice";
inline constexpr std::string_view kMandateGiven = "mandate";
inline constexpr std::string_view kProposalNote = "proposal-note";
inline constexpr std::string_view kVoteReason = "vote-reason";
inline constexpr std::string_view kCommentText = "comment";
// CHECKs that it is one of these.
const RetentionClass& RetentionClassOf(std::string_view what);

// What is known of a record: days as its fields say them, empty where they say nothing.
struct RetentionFacts {
  std::string_view type;      // of the document (domain/document_types.h)
  Day made = 0;               // of its first change, as its header claims
  std::string_view role_end;  // contact: end of the function
  std::string_view date;      // meeting: its day
  std::string_view due;       // task: when it was due
  bool done = false;          // task
  std::string_view end;       // agreement: its last day
  std::optional<Day> left;    // the day on which the record's organisation left the network
};

// The last day on which the record is kept, or nothing while that which its period runs from has
// not happened or is not known. A contact's function and an agreement end on the day that they
// name; a task is over when it is done, on the day on which it was due; what has no day of its own
// runs from the day on which it was made. When its organisation has left,
// a function ends at the latest, and so do a relation that names no end and a task that is not
// done. The network goes on.
std::optional<Day> KeptUntil(const RetentionClass& rule, const RetentionFacts& facts);
// The same when the day is known from which the period runs.
Day KeptUntil(const RetentionClass& rule, Day start);

// Nothing is erased by itself that was not announced for so many days (decision 0040).
inline constexpr Day kNoticeDays = 14;
// Of days on which a node did not look, so many in a row count as announced.
inline constexpr Day kGapDays = 7;
// How long a record waits for the archive, once its period is over.
inline constexpr std::uint32_t kOfferMonths = 6;

// Why an organisation erases nothing for a while: never a text, which could hold what is to be
// erased.
inline constexpr std::array<std::string_view, 4> kPauseReasons = {"audit", "claims", "legal_hold",
                                                                  "technical"};

// What the archive of a public body said about a record.
enum class ArchiveAnswer {
  kNotAsked,  // there is nobody to ask
  kOpen,
  kTaken,     // it has a copy
  kDeclined,  // the record is not worth keeping
};

enum class RetentionState {
  kRunning,     // kept for more than kNoticeDays
  kAnnounced,   // shown, not yet for long enough, or the period is not over
  kRestricted,  // stays whatever the period says
  kPaused,      // the organisation erases nothing at present
  kOffered,     // waits for the archive
  kDue,         // to be erased
};

struct RetentionCase {
  Day until = 0;                 // KeptUntil
  std::optional<Day> announced;  // since when it is shown as being erased soon
  bool restricted = false;
  bool paused = false;
  ArchiveAnswer archive = ArchiveAnswer::kNotAsked;
};
RetentionState StateOf(const RetentionCase& record, Day today);

// The last day on which a record waits for the archive.
Day OfferEnds(Day until, Day announced);

// Since when a record counts as announced at a node that looked on `last_run` and looks again
// `today`: of a longer stretch without a look kGapDays count, and a day that lies ahead, as a wrong
// clock writes it, counts from today on.
Day NoticeAfterGap(Day announced, Day last_run, Day today);

}  // namespace geflecht::governance
