// Meetings and tasks as JSON and as papers.
#pragma once

#include "base/i18n/i18n.h"
#include "node/api/handlers/document_json.h"
#include "node/domain/meeting.h"

namespace geflecht::api {

struct FoundMeeting {
  replica::Replica* replica = nullptr;
  crdt::DocumentId id;
  domain::Meeting meeting;
  bool restricted = false;  // in no list and no export
};
// kNotFound, kUsage if the document is no meeting.
Result<FoundMeeting> FindMeeting(std::string_view id, Context& context);

struct FoundTask {
  crdt::DocumentId id;
  domain::Task task;
  bool restricted = false;  // in no list, and comes back in no meeting
};
// All that can be read, restricted ones too, in the order of ListDocuments.
Result<std::vector<FoundMeeting>> Meetings(replica::Replica& replica);
Result<std::vector<FoundTask>> Tasks(replica::Replica& replica);
// {id, title, org, organisation, person, due, status, meeting, item, past_due}
boost::json::object TaskJson(const replica::Replica& replica, const FoundTask& task,
                             std::string_view today);

// {id, title, date, start, end, place, points, restricted, space, space_name}
boost::json::object MeetingSummary(const FoundMeeting& found);
// And {agenda[{item, title, kind, link, status, recorded}], proposed[], invited[], attendance[],
// minutes}. `proposed` are tasks that are past due on the day of the meeting and on no point of it.
Result<boost::json::object> MeetingJson(const FoundMeeting& found);
// Tasks that come back: open ones, due before the meeting, on no point of its agenda.
Result<std::vector<FoundTask>> ReturningTasks(const FoundMeeting& found);

// A page to print: agenda, who was there, what was decided, the text.
Result<std::string> MinutesHtml(const FoundMeeting& found, i18n::Lang lang);

}  // namespace geflecht::api
