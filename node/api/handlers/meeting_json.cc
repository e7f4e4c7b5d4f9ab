#include "node/api/handlers/meeting_json.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/handlers/proposal_json.h"
#include "node/api/handlers/spaces.h"
#include "node/domain/document_types.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

// {org, organisation} of an id as a document holds it.
object NamedOrgJson(const replica::Replica& replica, const std::string& id) {
  if (const auto org = log::OrgId::FromHexText(id)) {
    object json = OrgJson(replica, *org);
    if (!json.at("organisation").as_string().empty()) return json;
  }
  return {{"org", id}, {"organisation", nullptr}};
}

// How the decision or task stands to which a point is linked; null for anything else.
Json LinkStatus(const FoundMeeting& found, const domain::AgendaItem& item) {
  if (const auto proposal = log::EntryId::FromHexText(item.link)) {
    const replica::Council& council = found.replica->council();
    if (council.MeasureOf(*proposal) == nullptr) return nullptr;
    const governance::Decision* decision = council.state().DecisionOn(*proposal);
    return Json(decision == nullptr ? "open" : governance::VerdictName(decision->verdict));
  }
  const auto document = crdt::DocumentId::FromHexText(item.link);
  if (!document) return nullptr;
  const auto open = found.replica->Open(*document);
  if (!open) return nullptr;
  const auto task = domain::ReadTask((*open)->document);
  return task ? Json(task->status) : Json(nullptr);
}

object ItemJson(const FoundMeeting& found, const domain::AgendaItem& item) {
  object json{{"item", item.id},
              {"title", item.title},
              {"kind", item.kind},
              {"link", item.link.empty() ? Json(nullptr) : Json(item.link)},
              {"status", LinkStatus(found, item)},
              {"recorded", nullptr}};
  if (!item.matter.empty() || !item.text.empty())
    json["recorded"] = object{{"matter", item.matter},
                              {"text", item.text},
                              {"yes", item.yes},
                              {"no", item.no},
                              {"abstain", item.abstain}};
  return json;
}

// Calls `visit` with each document of a type that can be read.
template <class Visit>
Result<void> ForEach(replica::Replica& replica, std::string_view type, const Visit& visit) {
  ASSIGN(const auto documents, replica.ListDocuments(type));
  for (const codec::StoredDocument& info : documents) {
    const auto open = replica.Open(info.id);
    if (open && !(*open)->void_reason) visit(info.id, (*open)->document);
  }
  return {};
}

}  // namespace

Result<FoundMeeting> FindMeeting(std::string_view id, Context& context) {
  ASSIGN(const FoundDocument found, FindDocument(id, context));
  ASSIGN(domain::Meeting meeting, domain::ReadMeeting(found.open->document));
  return FoundMeeting{found.replica, found.id, std::move(meeting),
                      IsRestricted(found.open->document)};
}

Result<std::vector<FoundMeeting>> Meetings(replica::Replica& replica) {
  std::vector<FoundMeeting> meetings;
  TRY(ForEach(replica, domain::kMeeting,
              [&](const crdt::DocumentId& id, const crdt::Document& document) {
                if (auto meeting = domain::ReadMeeting(document))
                  meetings.push_back({&replica, id, *std::move(meeting), IsRestricted(document)});
              }));
  return meetings;
}

Result<std::vector<FoundTask>> Tasks(replica::Replica& replica) {
  std::vector<FoundTask> tasks;
  TRY(ForEach(replica, domain::kTask,
              [&](const crdt::DocumentId& id, const crdt::Document& document) {
                if (auto task = domain::ReadTask(document))
                  tasks.push_back({id, *std::move(task), IsRestricted(document)});
              }));
  std::sort(tasks.begin(), tasks.end(), [](const FoundTask& a, const FoundTask& b) {
    return std::tie(a.task.due, a.id) < std::tie(b.task.due, b.id);
  });
  return tasks;
}

object TaskJson(const replica::Replica& replica, const FoundTask& found, std::string_view today) {
  const domain::Task& task = found.task;
  object json{{"id", found.id.Hex()}, {"title", task.title}};
  for (const auto& [key, value] : NamedOrgJson(replica, task.org)) json[key] = value;
  json["person"] = task.person;
  json["due"] = task.due.empty() ? Json(nullptr) : Json(task.due);
  json["status"] = task.status;
  json["meeting"] = task.meeting.empty() ? Json(nullptr) : Json(task.meeting);
  json["item"] = task.item.empty() ? Json(nullptr) : Json(task.item);
  json["past_due"] = task.IsPastDue(today);
  return json;
}

object MeetingSummary(const FoundMeeting& found) {
  const domain::Meeting& meeting = found.meeting;
  const auto text = [](const std::string& value) {
    return value.empty() ? Json(nullptr) : Json(value);
  };
  object json{{"id", found.id.Hex()},
              {"title", meeting.title},
              {"date", text(meeting.date)},
              {"start", text(meeting.start)},
              {"end", text(meeting.end)},
              {"place", text(meeting.place)},
              {"points", meeting.agenda.size()},
              {"restricted", found.restricted}};
  AddSpace(json, *found.replica, found.id);
  return json;
}

Result<std::vector<FoundTask>> ReturningTasks(const FoundMeeting& found) {
  ASSIGN(std::vector<FoundTask> tasks, Tasks(*found.replica));
  // What lies in another space is not for the eyes of those who read this meeting.
  const log::SpaceId space = found.replica->SpaceOf(found.id);
  std::erase_if(tasks, [&](const FoundTask& task) {
    if (task.restricted || found.replica->SpaceOf(task.id) != space) return true;
    const auto& agenda = found.meeting.agenda;
    const bool listed = std::any_of(agenda.begin(), agenda.end(),
                                    [&](const auto& item) { return item.link == task.id.Hex(); });
    return listed || task.task.meeting == found.id.Hex() ||
           !task.task.IsPastDue(found.meeting.date);
  });
  return tasks;
}

Result<object> MeetingJson(const FoundMeeting& found) {
  object json = MeetingSummary(found);
  array agenda;
  for (const domain::AgendaItem& item : found.meeting.agenda)
    agenda.push_back(ItemJson(found, item));
  array proposed;
  ASSIGN(const std::vector<FoundTask> returning, ReturningTasks(found));
  for (const FoundTask& task : returning)
    proposed.push_back(TaskJson(*found.replica, task, found.meeting.date));
  array invited;
  for (const auto& [org, name] : found.meeting.invited)
    invited.push_back(object{{"org", org}, {"organisation", name}});
  array attendance;
  for (const domain::Attendance& one : found.meeting.attendance) {
    object item = NamedOrgJson(*found.replica, one.org);
    item["name"] = one.name;
    item["state"] = one.state;
    attendance.push_back(std::move(item));
  }
  json["agenda"] = std::move(agenda);
  json["proposed"] = std::move(proposed);
  json["invited"] = std::move(invited);
  json["attendance"] = std::move(attendance);
  json["minutes"] = found.meeting.minutes;
  return json;
}

}  // namespace geflecht::api
