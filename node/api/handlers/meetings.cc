// /api/v1/meetings: agenda, invitations, attendance, minutes.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/hex.h"
#include "node/api/handlers/case_check.h"
#include "node/api/handlers/meeting_json.h"
#include "node/api/handlers/minutes_json.h"
#include "node/api/handlers/spaces.h"
#include "node/domain/document_types.h"
#include "node/domain/validate.h"
#include "node/formats/icalendar.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;
using Edits = replica::Replica::Edits;

constexpr std::size_t kItemIdBytes = 4;

// A member that may be missing: "" then.
Result<std::string> TextOrNothing(const object& body, std::string_view key) {
  const Json* value = body.if_contains(key);
  if (value == nullptr || value->is_null()) return std::string();
  return TextMember(body, key);
}

domain::Record MeetingEnvelope(const Context& context) {
  return {{"purpose", std::string("network_coordination")},
          {"legal_basis", std::string("legitimate_interest")},
          {"retention_class", std::string("L3")},
          {"owner_org", context.card.organisation},
          {"visibility", std::string("space")},
          {"source", std::string("data_subject")}};
}

// One edit of the meeting, as a change of its own; then as GET of it.
Answer EditMeeting(const FoundMeeting& found, const Edits& edits, Context& context) {
  TRY(found.replica->Edit(found.id, edits, context.now));
  TRY(found.replica->Cut(found.id, context.now));
  ASSIGN(const FoundMeeting again, FindMeeting(found.id.Hex(), context));
  ASSIGN(object json, MeetingJson(again));
  return json;
}

// POST {title, date, start?, end?, place?}
Answer CreateMeeting(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  const crdt::Schema& schema = *domain::FindSchema(domain::kMeeting, domain::kSchemaVersion);
  domain::Record record = MeetingEnvelope(context);
  for (const char* key : {"title", "date", "start", "end", "place"}) {
    ASSIGN(const std::string text, TextOrNothing(body, key));
    if (text.empty()) continue;
    ASSIGN(record[key], domain::ParseField(schema, key, text));
  }
  if (domain::TextOf(record, "title").empty())
    return Fail(Code::kUsage, "a meeting without a title");
  if (domain::TextOf(record, "date").empty())
    return Fail(Code::kUsage, "a meeting without a date", "hint.meeting-date");
  for (const char* key : {"start", "end"})
    if (const std::string_view time = domain::TextOf(record, key);
        !time.empty() && !domain::IsTimeOfDay(time))
      return Fail(Code::kUsage, "no time of day", "hint.meeting-time");
  TRY(domain::CheckRecord(schema, record));
  if (auto answer = CaseAnswer(request, context,
                               {{domain::TextOf(record, "title"), true, {}},
                                {domain::TextOf(record, "place"), true, {}}}))
    return *std::move(answer);
  ASSIGN(const std::optional<log::SpaceId> space, SpaceMember(body, *replica));
  const auto set = [&](crdt::Transaction& edit) -> Result<void> {
    for (const auto& [key, value] : record) TRY(edit.Set("/" + key, value));
    return {};
  };
  ASSIGN(const crdt::DocumentId id,
         replica->Create(std::string(domain::kMeeting), set, context.now, space));
  ASSIGN(const FoundMeeting found, FindMeeting(id.Hex(), context));
  ASSIGN(object json, MeetingJson(found));
  return json;
}

// The latest first.
Answer ListMeetings(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const std::optional<log::SpaceId> space, SpaceOfQuery(request, *replica));
  ASSIGN(std::vector<FoundMeeting> meetings, Meetings(*replica));
  std::sort(meetings.begin(), meetings.end(), [](const FoundMeeting& a, const FoundMeeting& b) {
    return std::tie(b.meeting.date, b.meeting.start, b.id) <
           std::tie(a.meeting.date, a.meeting.start, a.id);
  });
  array list;
  std::int64_t restricted = 0;
  for (const FoundMeeting& meeting : meetings) {
    if (space && replica->SpaceOf(meeting.id) != *space) continue;
    if (meeting.restricted) {
      ++restricted;
    } else {
      list.push_back(MeetingSummary(meeting));
    }
  }
  return object{{"meetings", std::move(list)}, {"restricted", restricted}};
}

// GET ?lang=de|en: also the frozen minutes.
Answer ShowMeeting(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundMeeting found, FindMeeting(arguments.at(0), context));
  ASSIGN(object json, MeetingJson(found));
  const auto lang = request.query.find("lang");
  const bool english = lang != request.query.end() && lang->second == "en";
  ASSIGN(json["frozen"], MinutesJson(found, english ? i18n::Lang::kEn : i18n::Lang::kDe));
  return json;
}

std::string NewItemId(Context& context) {
  std::array<std::uint8_t, kItemIdBytes> bytes{};
  context.random.Fill(bytes);
  return ToHex(bytes);
}

// POST {title, kind?, link?}, or {tasks: true}: the tasks that come back become points.
Answer AddToAgenda(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundMeeting found, FindMeeting(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  std::vector<domain::AgendaItem> items;
  if (const Json* tasks = body.if_contains("tasks"); tasks != nullptr && tasks->is_bool()) {
    ASSIGN(const std::vector<FoundTask> returning, ReturningTasks(found));
    for (const FoundTask& task : returning) {
      domain::AgendaItem item;
      item.id = NewItemId(context);
      item.title = task.task.title;
      item.kind = "task";
      item.link = task.id.Hex();
      items.push_back(std::move(item));
    }
    if (items.empty()) return Fail(Code::kNotFound, "no task comes back", "hint.no-task-due");
  } else {
    domain::AgendaItem item;
    item.id = NewItemId(context);
    ASSIGN(item.title, TextMember(body, "title"));
    ASSIGN(item.kind, TextOrNothing(body, "kind"));
    ASSIGN(item.link, TextOrNothing(body, "link"));
    if (item.kind.empty()) item.kind = "information";
    if (auto answer = CaseAnswer(request, context, {{item.title, true, {}}}))
      return *std::move(answer);
    items.push_back(std::move(item));
  }
  const auto add = [&](crdt::Transaction& edit) -> Result<void> {
    domain::Meeting meeting = found.meeting;
    for (const domain::AgendaItem& item : items) {
      TRY(domain::AddItem(meeting, item, edit));
      meeting.agenda.push_back(item);
      ++meeting.agenda_length;
    }
    return {};
  };
  return EditMeeting(found, add, context);
}

// POST {item, kind?, link?, matter?, text?, yes?, no?, abstain?}: what became of a point.
Answer RecordItem(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundMeeting found, FindMeeting(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string id, TextMember(body, "item"));
  const domain::AgendaItem* before = found.meeting.Find(id);
  if (before == nullptr) return Fail(Code::kNotFound, "no such point", "hint.agenda-item");
  domain::AgendaItem item = *before;
  const std::pair<const char*, std::string*> members[] = {
      {"kind", &item.kind}, {"link", &item.link}, {"matter", &item.matter},  {"text", &item.text},
      {"yes", &item.yes},   {"no", &item.no},     {"abstain", &item.abstain}};
  for (const auto& [key, value] : members) {
    ASSIGN(const std::string text, TextOrNothing(body, key));
    if (!text.empty()) *value = text;
  }
  if (!item.matter.empty() && !governance::IsMatter(item.matter))
    return Fail(Code::kUsage, "no matter", "hint.matter");
  if (auto answer = CaseAnswer(request, context, {{item.text, true, before->text}}))
    return *std::move(answer);
  return EditMeeting(
      found, [&](crdt::Transaction& edit) { return domain::ChangeItem(found.meeting, item, edit); },
      context);
}

// POST {orgs: [id]}
Answer InviteTo(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundMeeting found, FindMeeting(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  const Json* orgs = body.if_contains("orgs");
  if (orgs == nullptr || !orgs->is_array() || orgs->as_array().empty())
    return Fail(Code::kUsage, "the member \"orgs\" is missing or empty");
  std::map<std::string, std::string> named;
  for (const Json& id : orgs->as_array()) {
    const auto org =
        id.is_string() ? log::OrgId::FromHexText(std::string_view(id.as_string())) : std::nullopt;
    if (!org || found.replica->council().state().Member(*org) == nullptr)
      return Fail(Code::kNotFound, "no such member", "hint.org-unknown");
    named[org->Hex()] = found.replica->council().directory().NameOf(*org);
  }
  const auto invite = [&](crdt::Transaction& edit) -> Result<void> {
    for (const auto& [org, name] : named) TRY(domain::Invite(org, name, edit));
    return {};
  };
  return EditMeeting(found, invite, context);
}

// POST {org, name?, state}
Answer Attend(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundMeeting found, FindMeeting(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  domain::Attendance attendance;
  ASSIGN(attendance.org, TextMember(body, "org"));
  ASSIGN(attendance.name, TextOrNothing(body, "name"));
  ASSIGN(attendance.state, TextMember(body, "state"));
  if (!log::OrgId::FromHexText(attendance.org))
    return Fail(Code::kNotFound, "no id of an organisation", "hint.org-unknown");
  return EditMeeting(
      found,
      [&](crdt::Transaction& edit) {
        return domain::NoteAttendance(found.meeting, attendance, edit);
      },
      context);
}

Result<std::string> CalendarOf(const FoundMeeting& found, i18n::Lang lang, Context& context) {
  const domain::Meeting& meeting = found.meeting;
  formats::CalendarEvent event;
  event.uid = found.id.bytes;
  ASSIGN(const auto history, found.replica->History(found.id));
  event.sequence = history.size();
  for (const char c : TimeText(context.now.wall_ms))
    if (c != '-' && c != ':') event.stamp += c;
  event.date = meeting.date;
  event.start = meeting.start;
  event.end = meeting.end;
  event.summary = meeting.title;
  event.location = meeting.place;
  event.description = i18n::Tr(lang, "minutes.agenda") + ":";
  std::size_t number = 0;
  for (const domain::AgendaItem& item : meeting.agenda)
    event.description += "\n" + std::to_string(++number) + ". " + item.title;
  ASSIGN(const std::vector<FoundTask> returning, ReturningTasks(found));
  for (const FoundTask& task : returning)
    event.description += "\n" + std::to_string(++number) + ". " +
                         i18n::Tr(lang, "agenda.returning", {{"title", task.task.title}});
  return formats::WriteCalendar(event);
}

// GET ?format=ics|html&lang=de|en -> {text, format}
Answer ExportMeeting(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundMeeting found, FindMeeting(arguments.at(0), context));
  if (found.restricted)
    return Fail(Code::kNotPermitted, "the meeting is restricted", "hint.restricted-export");
  const auto value = [&](const char* key) {
    const auto at = request.query.find(key);
    return at == request.query.end() ? std::string() : at->second;
  };
  const i18n::Lang lang = value("lang") == "en" ? i18n::Lang::kEn : i18n::Lang::kDe;
  const std::string format = value("format");
  if (format != "ics" && format != "html")
    return Fail(Code::kUsage, "the formats are ics and html", "hint.meeting-formats");
  if (format == "ics") {
    ASSIGN(std::string text, CalendarOf(found, lang, context));
    return object{{"text", std::move(text)}, {"format", format}};
  }
  ASSIGN(std::string text, MinutesHtml(found, lang));
  return object{{"text", std::move(text)}, {"format", format}};
}

}  // namespace

std::vector<Route> MeetingRoutes() {
  return {{"GET", "/api/v1/meetings", ListMeetings},
          {"POST", "/api/v1/meetings", CreateMeeting},
          {"GET", "/api/v1/meetings/{}", ShowMeeting},
          {"POST", "/api/v1/meetings/{}/agenda", AddToAgenda},
          {"POST", "/api/v1/meetings/{}/record", RecordItem},
          {"POST", "/api/v1/meetings/{}/invite", InviteTo},
          {"POST", "/api/v1/meetings/{}/attend", Attend},
          Noted("export-meeting", {"GET", "/api/v1/meetings/{}/export", ExportMeeting})};
}

}  // namespace geflecht::api
