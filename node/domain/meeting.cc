#include "node/domain/meeting.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "node/domain/document_types.h"
#include "node/domain/text.h"

namespace geflecht::domain {
namespace {

constexpr std::array<std::string_view, 4> kItemKinds = {"information", "decision", "recommendation",
                                                        "task"};
constexpr std::array<std::string_view, 3> kStates = {"present", "excused", "absent"};
constexpr std::size_t kLongBytesMax = 16 * 1024;  // of the text of a decision

// The text under a key of the map at `path`; empty if there is none or it is no text.
std::string TextAt(const crdt::Document& document, const std::string& path) {
  const auto found = document.Get(path);
  if (!found || found->writings.empty() || found->writings.front().removed) return {};
  const auto* value = std::get_if<crdt::Value>(&found->writings.front().slot);
  const std::string* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return text == nullptr ? std::string() : *text;
}

std::string PathOf(std::string_view list, std::size_t index, std::string_view key) {
  return std::string(list) + "/" + std::to_string(index) + "/" + std::string(key);
}

// The keys of a point and where they stand in it.
using ItemKey = std::pair<std::string_view, std::string AgendaItem::*>;
constexpr std::array<ItemKey, 9> kItemKeys = {{{"id", &AgendaItem::id},
                                               {"title", &AgendaItem::title},
                                               {"kind", &AgendaItem::kind},
                                               {"link", &AgendaItem::link},
                                               {"matter", &AgendaItem::matter},
                                               {"text", &AgendaItem::text},
                                               {"yes", &AgendaItem::yes},
                                               {"no", &AgendaItem::no},
                                               {"abstain", &AgendaItem::abstain}}};
using PresentKey = std::pair<std::string_view, std::string Attendance::*>;
constexpr std::array<PresentKey, 3> kPresentKeys = {
    {{"org", &Attendance::org}, {"name", &Attendance::name}, {"state", &Attendance::state}}};

// Items that are no maps are passed over.
template <class Item, class Keys>
Result<std::vector<Item>> ItemsOf(const crdt::Document& document, std::string_view list,
                                  const Keys& keys, std::size_t& length) {
  ASSIGN(const std::vector<crdt::Slot> slots, document.List(list));
  length = slots.size();
  std::vector<Item> items;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto* child = std::get_if<crdt::Child>(&slots[i]);
    if (child == nullptr || child->type != crdt::ContainerType::kMap) continue;
    Item item;
    for (const auto& [key, member] : keys) item.*member = TextAt(document, PathOf(list, i, key));
    item.place = i;
    items.push_back(std::move(item));
  }
  return items;
}

Result<void> CheckItem(const AgendaItem& item) {
  if (std::find(kItemKinds.begin(), kItemKinds.end(), item.kind) == kItemKinds.end())
    return Fail(Code::kUsage, "no kind of a point", "hint.agenda-kind");
  if (item.title.empty()) return Fail(Code::kUsage, "a point without a title");
  for (const auto& [key, member] : kItemKeys) {
    const bool is_long = key == "text";
    if ((item.*member).size() > (is_long ? kLongBytesMax : limits::kNameBytesMax * 4))
      return Fail(Code::kTooLarge, std::string(key) + " of a point is too long");
    if (!IsCleanText(item.*member, is_long))
      return Fail(Code::kUsage, std::string(key) + " holds control characters or is not UTF-8");
  }
  return {};
}

}  // namespace

const AgendaItem* Meeting::Find(std::string_view item) const {
  const auto it = std::find_if(agenda.begin(), agenda.end(),
                               [&](const AgendaItem& one) { return one.id == item; });
  return it == agenda.end() ? nullptr : &*it;
}

Result<Meeting> ReadMeeting(const crdt::Document& document) {
  if (document.schema().type != kMeeting)
    return Fail(Code::kUsage, "the document is no meeting", "hint.meeting-id");
  Meeting meeting;
  meeting.title = TextAt(document, "/title");
  meeting.date = TextAt(document, "/date");
  meeting.start = TextAt(document, "/start");
  meeting.end = TextAt(document, "/end");
  meeting.place = TextAt(document, "/place");
  ASSIGN(meeting.agenda,
         ItemsOf<AgendaItem>(document, "/agenda", kItemKeys, meeting.agenda_length));
  ASSIGN(const auto invited, document.Map("/invited"));
  for (const crdt::Register& org : invited)
    if (!org.writings.empty() && !org.writings.front().removed)
      meeting.invited[org.key] = TextAt(document, "/invited/" + org.key);
  ASSIGN(meeting.attendance,
         ItemsOf<Attendance>(document, "/attendance", kPresentKeys, meeting.attendance_length));
  ASSIGN(meeting.minutes, document.Text("/minutes"));
  return meeting;
}

Result<Task> ReadTask(const crdt::Document& document) {
  if (document.schema().type != kTask)
    return Fail(Code::kUsage, "the document is no task", "hint.task-id");
  return Task{TextAt(document, "/title"),      TextAt(document, "/assignee_org"),
              TextAt(document, "/assignee"),   TextAt(document, "/due"),
              TextAt(document, "/status"),     TextAt(document, "/meeting"),
              TextAt(document, "/agenda_item")};
}

Result<void> AddItem(const Meeting& meeting, const AgendaItem& item, crdt::Transaction& edit) {
  TRY(CheckItem(item));
  if (meeting.agenda.size() >= kAgendaItemsMax)
    return Fail(Code::kTooLarge, "too many points on the agenda");
  const std::size_t place = meeting.agenda_length;
  TRY(edit.InsertChild("/agenda", place, crdt::ContainerType::kMap));
  for (const auto& [key, member] : kItemKeys)
    if (!(item.*member).empty()) TRY(edit.Set(PathOf("/agenda", place, key), item.*member));
  return {};
}

Result<void> ChangeItem(const Meeting& meeting, const AgendaItem& item, crdt::Transaction& edit) {
  TRY(CheckItem(item));
  const AgendaItem* before = meeting.Find(item.id);
  if (before == nullptr) return Fail(Code::kNotFound, "no such point", "hint.agenda-item");
  for (const auto& [key, member] : kItemKeys)
    if (before->*member != item.*member)
      TRY(edit.Set(PathOf("/agenda", before->place, key), item.*member));
  return {};
}

Result<void> Invite(const std::string& org, const std::string& name, crdt::Transaction& edit) {
  return edit.Set("/invited/" + org, name);
}

Result<void> NoteAttendance(const Meeting& meeting, const Attendance& attendance,
                            crdt::Transaction& edit) {
  if (std::find(kStates.begin(), kStates.end(), attendance.state) == kStates.end())
    return Fail(Code::kUsage, "no state of attendance", "hint.attendance");
  if (attendance.name.size() > limits::kNameBytesMax || !IsCleanText(attendance.name, false))
    return Fail(Code::kUsage, "the name is too long or holds control characters");
  for (const Attendance& one : meeting.attendance)
    if (one.org == attendance.org && one.name == attendance.name)
      return edit.Set(PathOf("/attendance", one.place, "state"), attendance.state);
  const std::size_t place = meeting.attendance_length;
  TRY(edit.InsertChild("/attendance", place, crdt::ContainerType::kMap));
  for (const auto& [key, member] : kPresentKeys)
    TRY(edit.Set(PathOf("/attendance", place, key), attendance.*member));
  return {};
}

bool IsTimeOfDay(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  const auto number = [&](std::size_t at) {
    const char tens = text[at];
    const char ones = text[at + 1];
    if (tens < '0' || tens > '9' || ones < '0' || ones > '9') return 99;
    return (tens - '0') * 10 + (ones - '0');
  };
  return number(0) < 24 && number(3) < 60;
}

}  // namespace geflecht::domain
