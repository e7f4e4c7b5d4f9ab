#include "cli/meeting_text.h"

#include <boost/json/array.hpp>

#include "cli/display.h"
#include "cli/ids.h"
#include "cli/rule_text.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

std::string NamesOf(const json::array& orgs) {
  std::string names;
  for (const Json& org : orgs)
    names += (names.empty() ? "" : ", ") + TextOf(org.as_object(), "organisation");
  return names;
}

std::string PresentText(const Session& session, const json::array& attendance) {
  std::string text;
  for (const Json& item : attendance) {
    const json::object& one = item.as_object();
    const std::string name = TextOf(one, "name");
    text += (text.empty() ? "" : "\n") + (name.empty() ? "" : name + ", ") +
            TextOf(one, "organisation") + " (" + session.Say("attendance." + TextOf(one, "state")) +
            ")";
  }
  return text;
}

// What the minutes say that was decided at a point.
std::string RecordedText(const Session& session, const json::object& recorded) {
  std::string text;
  if (const std::string words = TextOf(recorded, "text"); !words.empty())
    text += "   " + Shown(words) + '\n';
  if (const std::string matter = TextOf(recorded, "matter"); !matter.empty())
    text += "   " + MatterWords(session.globals().lang, matter) + '\n';
  const std::string yes = TextOf(recorded, "yes");
  const std::string no = TextOf(recorded, "no");
  const std::string abstain = TextOf(recorded, "abstain");
  if (!yes.empty() || !no.empty() || !abstain.empty())
    text += "   " +
            session.Say("minutes.counts", {{"yes", Shown(yes.empty() ? "0" : yes)},
                                           {"no", Shown(no.empty() ? "0" : no)},
                                           {"abstain", Shown(abstain.empty() ? "0" : abstain)}}) +
            '\n';
  return text;
}

std::string AgendaText(const Session& session, const json::object& meeting) {
  const json::array& agenda = meeting.at("agenda").as_array();
  if (agenda.empty()) return '\n' + session.Say("cli.meeting.no-agenda") + '\n';
  std::string text = '\n' + session.Say("minutes.agenda") + ":\n";
  std::size_t number = 0;
  for (const Json& entry : agenda) {
    const json::object& item = entry.as_object();
    text += std::to_string(++number) + ". " + Shown(TextOf(item, "title")) + " [" +
            Shown(TextOf(item, "item")) + "] (" +
            session.Say("agenda.kind." + TextOf(item, "kind"));
    if (const std::string status = TextOf(item, "status"); !status.empty())
      text += ": " +
              session.Say((TextOf(item, "kind") == "task" ? "task.status." : "proposal.status.") +
                          status);
    text += ")\n";
    if (const Json& recorded = item.at("recorded"); recorded.is_object())
      text += RecordedText(session, recorded.as_object());
  }
  return text;
}

std::string FrozenText(const Session& session, const json::array& frozen) {
  std::string text;
  for (const Json& item : frozen) {
    const json::object& minutes = item.as_object();
    text += '\n' +
            session.Say("cli.minutes.of",
                        {{"freeze", ShortId(TextOf(minutes, "freeze"))},
                         {"organisation", Shown(TextOf(minutes, "organisation"))},
                         {"time", ShownTime(session.globals().lang, TextOf(minutes, "time"))}}) +
            ": " + session.Say("minutes.state." + TextOf(minutes, "state")) + '\n';
    if (const std::string earlier = TextOf(minutes, "corrects"); !earlier.empty())
      text += "   " + session.Say("cli.minutes.corrects", {{"freeze", ShortId(earlier)}}) + '\n';
    if (const std::string later = TextOf(minutes, "corrected_by"); !later.empty())
      text += "   " + session.Say("cli.minutes.corrected-by", {{"freeze", ShortId(later)}}) + '\n';
    for (const Json& entry : minutes.at("decisions").as_array()) {
      const json::object& decision = entry.as_object();
      text +=
          "   " +
          session.Say(
              FlagOf(decision, "certified") ? "cli.minutes.certified" : "cli.minutes.not-certified",
              {{"item", TextOf(decision, "item")},
               {"matter", MatterWords(session.globals().lang, TextOf(decision, "matter"))}}) +
          '\n';
    }
  }
  return text;
}

}  // namespace

std::string WhenText(const Session& session, const json::object& meeting) {
  const std::string date = TextOf(meeting, "date");
  if (date.empty()) return {};
  std::string when = DayText(session.globals().lang, date);
  if (const std::string start = TextOf(meeting, "start"); !start.empty()) when += ", " + start;
  if (const std::string end = TextOf(meeting, "end"); !end.empty()) when += "–" + end;
  return when;
}

std::string CircleNote(const Session& session, const json::object& meeting) {
  const std::string space = TextOf(meeting, "space_name");
  return space.empty() ? std::string()
                       : session.Say("cli.minutes.circle", {{"space", Shown(space)}}) + '\n';
}

std::string MeetingText(const Session& session, const json::object& meeting) {
  Listing listing;
  listing.Add(session.Say("cli.column.title"), TextOf(meeting, "title"));
  listing.Add(session.Say("cli.column.id"), TextOf(meeting, "id"));
  listing.Add(session.Say("field.date"), WhenText(session, meeting));
  if (const std::string place = TextOf(meeting, "place"); !place.empty())
    listing.Add(session.Say("field.place"), place);
  if (const json::array& invited = meeting.at("invited").as_array(); !invited.empty())
    listing.Add(session.Say("cli.meeting.invited"), NamesOf(invited));
  if (const json::array& present = meeting.at("attendance").as_array(); !present.empty())
    listing.Add(session.Say("minutes.attendance"), PresentText(session, present));
  std::string text = listing.Text() + AgendaText(session, meeting);
  if (const json::array& proposed = meeting.at("proposed").as_array(); !proposed.empty())
    text += '\n' + session.Say("cli.meeting.proposed", {{"id", ShortId(TextOf(meeting, "id"))}}) +
            '\n' + TasksText(session, proposed);
  if (const std::string minutes = TextOf(meeting, "minutes"); !minutes.empty())
    text += '\n' + session.Say("minutes.text") + ":\n" + ShownLines(minutes);
  if (const Json* frozen = meeting.if_contains("frozen"); frozen != nullptr) {
    text += FrozenText(session, frozen->as_array());
    if (!frozen->as_array().empty()) text += CircleNote(session, meeting);
  }
  return text;
}

std::string TasksText(const Session& session, const json::array& tasks) {
  Table table({session.Say("cli.column.id"), session.Say("field.due"),
               session.Say("cli.column.title"), session.Say("cli.column.organisation"),
               session.Say("field.assignee"), session.Say("cli.column.state")});
  for (const Json& item : tasks) {
    const json::object& task = item.as_object();
    const std::string due = TextOf(task, "due");
    table.Add({ShortId(TextOf(task, "id")), due.empty() ? "" : DayText(session.globals().lang, due),
               TextOf(task, "title"), TextOf(task, "organisation"), TextOf(task, "person"),
               session.Say(FlagOf(task, "past_due") ? "task.status.past-due"
                                                    : "task.status." + TextOf(task, "status"))});
  }
  return table.Text();
}

}  // namespace geflecht::cli
