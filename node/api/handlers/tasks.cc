// /api/v1/tasks: what somebody has taken on.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/handlers/case_check.h"
#include "node/api/handlers/meeting_json.h"
#include "node/api/handlers/spaces.h"
#include "node/domain/document_types.h"
#include "node/domain/validate.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t kDayLength = 10;  // YYYY-MM-DD

std::string Today(const Context& context) {
  return TimeText(context.now.wall_ms).substr(0, kDayLength);
}

// POST {title, org?, person?, due?, meeting?, item?, space?} -> {id, ...}; where the meeting lies,
// unless a space is named.
Answer AddTask(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  const crdt::Schema& schema = *domain::FindSchema(domain::kTask, domain::kSchemaVersion);
  domain::Record record{{"purpose", std::string("network_coordination")},
                        {"legal_basis", std::string("legitimate_interest")},
                        {"retention_class", std::string("L3")},
                        {"owner_org", context.card.organisation},
                        {"visibility", std::string("space")},
                        {"source", std::string("data_subject")},
                        {"status", std::string("open")}};
  constexpr std::pair<const char*, const char*> kMembers[] = {
      {"title", "title"}, {"org", "assignee_org"}, {"person", "assignee"},
      {"due", "due"},     {"meeting", "meeting"},  {"item", "agenda_item"}};
  for (const auto& [member, key] : kMembers) {
    const Json* value = body.if_contains(member);
    if (value == nullptr || value->is_null()) continue;
    ASSIGN(const std::string text, TextMember(body, member));
    ASSIGN(record[key], domain::ParseField(schema, key, text));
  }
  if (domain::TextOf(record, "title").empty()) return Fail(Code::kUsage, "a task without a title");
  TRY(domain::CheckRecord(schema, record));
  const std::string_view title = domain::TextOf(record, "title");
  const std::string_view assignee = domain::TextOf(record, "assignee");
  if (auto answer = CaseAnswer(request, context, {{title, true, {}}, {assignee, true, {}}}))
    return *std::move(answer);
  const auto set = [&](crdt::Transaction& edit) -> Result<void> {
    for (const auto& [key, value] : record) TRY(edit.Set("/" + key, value));
    return {};
  };
  ASSIGN(std::optional<log::SpaceId> space, SpaceMember(body, *replica));
  const auto meeting = crdt::DocumentId::FromHexText(domain::TextOf(record, "meeting"));
  if (!space && meeting) space = replica->SpaceOf(*meeting);
  ASSIGN(const crdt::DocumentId id,
         replica->Create(std::string(domain::kTask), set, context.now, space));
  ASSIGN(const FoundDocument found, FindDocument(id.Hex(), context));
  ASSIGN(domain::Task task, domain::ReadTask(found.open->document));
  object json = TaskJson(*replica, {id, std::move(task)}, Today(context));
  AddSpace(json, *replica, id);
  return json;
}

// GET ?status=open&space=: by the day on which they are due.
Answer ListTasks(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const bool open_only = request.query.contains("status");
  ASSIGN(const std::optional<log::SpaceId> space, SpaceOfQuery(request, *replica));
  ASSIGN(const std::vector<FoundTask> tasks, Tasks(*replica));
  array list;
  std::int64_t restricted = 0;
  for (const FoundTask& task : tasks) {
    if ((open_only && !task.task.IsOpen()) || (space && replica->SpaceOf(task.id) != *space))
      continue;
    if (task.restricted) {
      ++restricted;
      continue;
    }
    object json = TaskJson(*replica, task, Today(context));
    AddSpace(json, *replica, task.id);
    list.push_back(std::move(json));
  }
  return object{{"tasks", std::move(list)}, {"restricted", restricted}};
}

// POST {}
Answer FinishTask(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundDocument found, FindDocument(arguments.at(0), context));
  ASSIGN(domain::Task task, domain::ReadTask(found.open->document));
  if (!task.IsOpen()) return Fail(Code::kConflict, "the task is done", "hint.task-done");
  const auto set = [](crdt::Transaction& edit) { return edit.Set("/status", std::string("done")); };
  TRY(found.replica->Edit(found.id, set, context.now));
  TRY(found.replica->Cut(found.id, context.now));
  task.status = "done";
  return TaskJson(*found.replica, {found.id, std::move(task)}, Today(context));
}

}  // namespace

std::vector<Route> TaskRoutes() {
  return {{"GET", "/api/v1/tasks", ListTasks},
          {"POST", "/api/v1/tasks", AddTask},
          {"POST", "/api/v1/tasks/{}/done", FinishTask}};
}

}  // namespace geflecht::api
