#include "node/domain/meeting.h"

#include <gtest/gtest.h>

#include "node/domain/document_types.h"

namespace geflecht::domain {
namespace {

crdt::Document Empty(std::string_view type, std::uint8_t agent) {
  crdt::AgentId self;
  self.bytes.fill(agent);
  return {*FindSchema(type, kSchemaVersion), self};
}

// Cuts what is open as change `id` and gives it to both.
void Exchange(crdt::Document& from, crdt::Document& to, std::uint8_t id, std::uint8_t agent) {
  crdt::Document::Cut cut = from.TakeOpen();
  crdt::Change change;
  change.id.bytes.fill(id);
  change.agent.bytes.fill(agent);
  change.parents = cut.parents;
  change.edits = cut.edits;
  from.Apply(change);
  to.Apply(change);
}

AgendaItem Item(std::string id, std::string title, std::string kind = "information") {
  AgendaItem item;
  item.id = std::move(id);
  item.title = std::move(title);
  item.kind = std::move(kind);
  return item;
}

Meeting Read(const crdt::Document& document) { return ReadMeeting(document).value(); }

TEST(MeetingTest, PointsThatTwoAddAtOnceAreAllThereOnBothSides) {
  crdt::Document one = Empty(kMeeting, 1);
  crdt::Document two = Empty(kMeeting, 2);
  ASSERT_TRUE(
      one.Edit([&](auto& edit) { return AddItem(Read(one), Item("00000001", "Bericht"), edit); }));
  ASSERT_TRUE(
      two.Edit([&](auto& edit) { return AddItem(Read(two), Item("00000002", "Kasse"), edit); }));
  crdt::Document::Cut cut = two.TakeOpen();
  crdt::Change change;
  change.id.bytes.fill(9);
  change.agent.bytes.fill(2);
  change.edits = cut.edits;
  Exchange(one, two, 8, 1);
  two.Apply(change);
  one.Apply(change);
  EXPECT_EQ(Read(one).agenda.size(), 2u);
  EXPECT_EQ(Read(one).agenda, Read(two).agenda);
}

TEST(MeetingTest, APointIsChangedWhereItStandsNow) {
  crdt::Document document = Empty(kMeeting, 1);
  for (const char* id : {"00000001", "00000002"})
    ASSERT_TRUE(document.Edit(
        [&](auto& edit) { return AddItem(Read(document), Item(id, "Thema"), edit); }));
  // A plain value in the list, as another program might write one, is passed over.
  ASSERT_TRUE(document.Edit(
      [](auto& edit) { return edit.InsertItem("/agenda", 0, std::string("kein Punkt")); }));
  AgendaItem item = *Read(document).Find("00000002");
  EXPECT_FALSE(item.IsRecordedDecision());
  item.kind = "decision";
  item.matter = "money";
  item.yes = "3";
  ASSERT_TRUE(document.Edit([&](auto& edit) { return ChangeItem(Read(document), item, edit); }));
  EXPECT_EQ(Read(document).Find("00000001")->kind, "information");
  EXPECT_TRUE(Read(document).Find("00000002")->IsRecordedDecision());
  item.id = "00000003";
  EXPECT_EQ(document.Edit([&](auto& edit) { return ChangeItem(Read(document), item, edit); })
                .error()
                .hint,
            "hint.agenda-item");
}

TEST(MeetingTest, BadPointsAreRefused) {
  crdt::Document document = Empty(kMeeting, 1);
  Meeting full;
  full.agenda.resize(kAgendaItemsMax);
  AgendaItem turned = Item("00000001", "\u202eThema");
  AgendaItem lines = Item("00000001", "Thema");
  lines.yes = "a\nb";
  for (const AgendaItem& item : {Item("00000001", ""), Item("00000001", "Thema", "other"), turned,
                                 lines, Item("00000001", std::string(5000, 'x'))})
    EXPECT_FALSE(document.Edit([&](auto& edit) { return AddItem(Meeting(), item, edit); }));
  EXPECT_FALSE(
      document.Edit([&](auto& edit) { return AddItem(full, Item("00000001", "T"), edit); }));
  EXPECT_TRUE(Read(document).agenda.empty());
}

TEST(MeetingTest, AttendanceIsSaidOncePerPerson) {
  crdt::Document document = Empty(kMeeting, 1);
  const auto note = [&](const Attendance& one) {
    return document.Edit([&](auto& edit) { return NoteAttendance(Read(document), one, edit); });
  };
  ASSERT_TRUE(note({"aa", "E. Muster", "excused"}));
  ASSERT_TRUE(note({"bb", "", "present"}));
  ASSERT_TRUE(note({"aa", "E. Muster", "present"}));
  EXPECT_FALSE(note({"aa", "E. Muster", "late"}));
  const Meeting meeting = Read(document);
  ASSERT_EQ(meeting.attendance.size(), 2u);
  EXPECT_EQ(meeting.attendance[0].state, "present");
}

TEST(MeetingTest, NamesAndTheTextArePersonal) {
  const crdt::Schema& meeting = *FindSchema(kMeeting, kSchemaVersion);
  const crdt::Schema& task = *FindSchema(kTask, kSchemaVersion);
  EXPECT_TRUE(meeting.Find("attendance")->personal);
  EXPECT_TRUE(meeting.Find("minutes")->personal);
  EXPECT_TRUE(task.Find("assignee")->personal);
  EXPECT_TRUE(IsClosed(meeting) && IsClosed(task));
  EXPECT_EQ(ReadMeeting(Empty(kTask, 1)).error().hint, "hint.meeting-id");
  EXPECT_EQ(ReadTask(Empty(kMeeting, 1)).error().hint, "hint.task-id");
}

TEST(MeetingTest, TasksArePastDueTheDayAfter) {
  Task task;
  task.status = "open";
  EXPECT_FALSE(task.IsPastDue("2026-11-22")) << "no day";
  task.due = "2026-11-22";
  EXPECT_FALSE(task.IsPastDue("2026-11-22"));
  EXPECT_TRUE(task.IsPastDue("2026-11-23"));
  task.status = "done";
  EXPECT_FALSE(task.IsPastDue("2026-11-23"));
}

TEST(MeetingTest, TimesOfDay) {
  for (const char* good : {"00:00", "23:59", "09:30"}) EXPECT_TRUE(IsTimeOfDay(good)) << good;
  for (const char* bad : {"24:00", "9:30", "09:60", "09-30", "ab:cd", ""})
    EXPECT_FALSE(IsTimeOfDay(bad)) << bad;
}

}  // namespace
}  // namespace geflecht::domain
