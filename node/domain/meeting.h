// Meetings and tasks as plain values, and the edits that make them (docs/formats/meetings.md).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crdt/document.h"

namespace geflecht::domain {

inline constexpr std::size_t kAgendaItemsMax = 200;

// A point of the agenda. What the meeting decided or reported stands in it too.
struct AgendaItem {
  std::string id;  // 8 hexadecimal digits; stays when points are moved
  std::string title;
  std::string kind;  // "information", "decision", "recommendation", "task"
  std::string link;  // of a proposal, a task or a document; "" if there is none
  // What was decided: its matter and text; "" if nothing is recorded.
  std::string matter, text;
  std::string yes, no, abstain;  // numbers, or names
  std::size_t place = 0;         // in the document's list
  bool IsRecordedDecision() const { return kind == "decision" && !matter.empty(); }
  bool operator==(const AgendaItem&) const = default;
};

struct Attendance {
  std::string org;    // id
  std::string name;   // of a person; may be erased
  std::string state;  // "present", "excused", "absent"
  std::size_t place = 0;
  bool operator==(const Attendance&) const = default;
};

struct Meeting {
  std::string title, date, start, end, place;
  std::vector<AgendaItem> agenda;
  std::map<std::string, std::string> invited;  // organisations: id, name when invited
  std::vector<Attendance> attendance;
  std::string minutes;
  std::size_t agenda_length = 0, attendance_length = 0;  // of the document's lists
  const AgendaItem* Find(std::string_view item) const;   // nullptr if there is none
};

struct Task {
  std::string title, org, person, due, status, meeting, item;
  bool IsOpen() const { return status != "done"; }
  // Whether it was to be done before `day`, as YYYY-MM-DD.
  bool IsPastDue(std::string_view day) const { return IsOpen() && !due.empty() && due < day; }
};

// kUsage if the document is of another type.
Result<Meeting> ReadMeeting(const crdt::Document& document);
Result<Task> ReadTask(const crdt::Document& document);

// Behind the last point; kUsage for an unknown kind, kTooLarge beyond kAgendaItemsMax.
Result<void> AddItem(const Meeting& meeting, const AgendaItem& item, crdt::Transaction& edit);
// Sets what differs of the point with the same id; kNotFound if there is none.
Result<void> ChangeItem(const Meeting& meeting, const AgendaItem& item, crdt::Transaction& edit);
Result<void> Invite(const std::string& org, const std::string& name, crdt::Transaction& edit);
// An earlier entry of the same organisation and person is replaced.
Result<void> NoteAttendance(const Meeting& meeting, const Attendance& attendance,
                            crdt::Transaction& edit);

// HH:MM of a day.
bool IsTimeOfDay(std::string_view text);

}  // namespace geflecht::domain
