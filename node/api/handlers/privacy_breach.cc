// /api/v1/privacy/breach: what a node held when it was lost (GDPR Art. 33, 34).
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>

#include "node/api/handlers/document_json.h"
#include "node/api/handlers/meeting_json.h"
#include "node/api/handlers/privacy_papers.h"
#include "node/api/handlers/spaces.h"
#include "node/domain/document_types.h"
#include "node/domain/organisation.h"
#include "node/domain/person.h"
#include "node/domain/text.h"
#include "node/domain/validate.h"
#include "node/governance/day.h"
#include "node/governance/kinds.h"
#include "node/log/header.h"
#include "node/replica/holders.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::int64_t kDay = 24 * 3600;
constexpr std::int64_t kNotifyWithinMs = 72 * 3600 * 1000;
constexpr std::size_t kDeviceDigitsMin = 6;

// The devices that `node` means: one by the beginning of its id, or all of an organisation.
Result<std::vector<const governance::Member*>> NodesOf(const replica::Replica& replica,
                                                       const std::string& node) {
  std::vector<const governance::Member*> found;
  const std::string wanted = domain::FoldHeading(node);
  for (const governance::Member& member : replica.members().all()) {
    const bool by_id = node.size() >= kDeviceDigitsMin && member.device.Hex().starts_with(node);
    const bool by_name = !wanted.empty() && domain::FoldHeading(member.name).starts_with(wanted);
    if (by_id || by_name) found.push_back(&member);
  }
  if (found.empty()) return Fail(Code::kNotFound, "no such node", "hint.breach-node");
  for (const governance::Member* member : found)
    if (member->org != found.front()->org)
      return Fail(Code::kConflict, "nodes of several organisations", "hint.org-ambiguous");
  return found;
}

// 00:00 UTC of a day of the query, or `otherwise`.
Result<std::int64_t> DayOfQuery(const Request& request, std::string_view key,
                                std::int64_t otherwise) {
  const auto given = request.query.find(std::string(key));
  if (given == request.query.end()) return otherwise;
  const auto day = domain::ParseDate(given->second);
  const auto time = day ? log::ParseTime(*day + "T00:00:00Z") : std::nullopt;
  if (!time) return Fail(Code::kUsage, "no day", "hint.breach-day");
  return *time;
}

// Who has lost what: an organisation, and how much of the network space is known to be stored there
// for certain.
struct Lost {
  log::OrgId org;
  bool self = false;  // among the devices
  std::uint64_t confirmed = 0;
};

class Sheet {
 public:
  Sheet(replica::Replica& replica, const Lost& lost, std::int64_t until_s, Time now)
      : replica_(replica),
        lost_(lost),
        until_s_(until_s),
        holders_(replica.council(), now.wall_ms / 1000) {}

  Result<void> Collect() {
    ASSIGN(const auto organisations, Organisations(replica_));
    for (const OrganisationRecord& one : organisations)
      if (one.IsNaturalPerson()) natural_persons_.insert(domain::FoldHeading(one.name));
    ASSIGN(const auto documents, replica_.ListDocuments());
    for (const codec::StoredDocument& info : documents) TRY(Document(info));
    for (const replica::Paper* const paper : replica_.AllPapers()) TRY(Paper(*paper));
    Mandates();
    return {};
  }

  // Of the records; null: what all members read.
  std::set<std::optional<log::SpaceId>> spaces;
  array records;
  std::set<std::pair<std::string, std::string>> persons;  // name, organisation
  std::set<std::string> fields;

 private:
  Result<void> Document(const codec::StoredDocument& info) {
    const auto open = replica_.Open(info.id);
    if (!open || (*open)->void_reason) return {};
    const std::uint64_t arrival = (*open)->first_arrival;
    const auto first = replica_.Log(info.space).Arrival(arrival);
    if (!first || !*first || (*first)->entry.header.time_s >= until_s_) return {};
    const bool open_to_all = info.space == replica_.members().network_space();
    if (!open_to_all && !holders_.MayHold(lost_.org, (*first)->entry.header, until_s_)) return {};
    ASSIGN(const auto org, replica_.OrgOfDocument(info.id));
    ASSIGN(const domain::Record record, RecordOf((*open)->document));
    ASSIGN(const object all, DocumentJson((*open)->document));
    // Of a contact that of the organisation it names, else the one whose record it is.
    const std::string whose = info.type == domain::kContact
                                  ? std::string(domain::TextOf(record, "organisation"))
                                  : NameOf(org);
    const bool natural = natural_persons_.contains(domain::FoldHeading(whose));
    array keys;
    for (const auto& [key, value] : all) {
      const bool empty = (value.is_string() && value.as_string().empty()) ||
                         (value.is_array() && value.as_array().empty()) || value.is_null();
      if (empty || !domain::IsPersonal(info.type, key, natural)) continue;
      keys.push_back(object{{"field", key}});
      fields.emplace(key);
    }
    if (keys.empty()) return {};
    array names;
    const auto name = [&](const std::string& text, const std::string& organisation) {
      if (text.empty()) return;
      names.push_back(object{{"it", text}});
      persons.emplace(text, organisation);
    };
    if (info.type == domain::kContact)
      name(domain::NameOf(domain::PersonOf(record)),
           std::string(domain::TextOf(record, "organisation")));
    if (info.type == domain::kTask) name(std::string(domain::TextOf(record, "assignee")), "");
    if (info.type == domain::kOrganisation)
      name(std::string(domain::TextOf(record, "dpo")), NameOf(org));
    if (info.type == domain::kMeeting)
      if (const auto meeting = domain::ReadMeeting((*open)->document))
        for (const domain::Attendance& one : meeting->attendance)
          name(one.name, NameOf(log::OrgId::FromHexText(one.org)));
    // What has been confirmed is known of the network space only.
    const bool confirmed = lost_.self || (open_to_all && arrival <= lost_.confirmed);
    Add(info.id.Hex(), info.type, NameOf(org),
        std::string(domain::TextOf(record, "retention_class")), confirmed, std::move(keys),
        std::move(names));
    AddSpace(records.back().as_object(), replica_, info.id);
    spaces.insert(open_to_all ? std::nullopt : std::optional(info.space));
    return {};
  }

  Result<void> Paper(const replica::Paper& paper) {
    if (paper.time_s >= until_s_) return {};
    if (paper.kind != governance::kFreeze && paper.kind != governance::kAmend) return {};
    const bool open_to_all = paper.space == replica_.members().network_space();
    if (!open_to_all) {
      ASSIGN(const auto stored, replica_.EntryOf(paper.id));
      if (!stored || !holders_.MayHold(lost_.org, stored->entry.header, until_s_)) return {};
    }
    const auto frozen = replica_.FrozenText(paper.id);
    if (!frozen) return {};
    array names;
    for (const auto& person : frozen->persons) {
      if (!person) continue;
      names.push_back(object{{"it", *person}});
      persons.emplace(*person, "");
    }
    if (names.empty()) return {};
    const bool minutes = frozen->what == governance::kMinutes;
    spaces.insert(open_to_all ? std::nullopt : std::optional(paper.space));
    Add(paper.id.Hex(), minutes ? "minutes-frozen" : "agreement-frozen",
        NameOf(replica_.OrgOf(paper)), minutes ? "L3" : "L5",
        lost_.self || (open_to_all && paper.arrival <= lost_.confirmed),
        {object{{"field", "name"}}}, std::move(names));
    AddSpace(records.back().as_object(), replica_, paper.space);
    fields.emplace("name");
    return {};
  }

  void Mandates() {
    const governance::Mandates& mandates = replica_.council().mandates();
    for (const log::EntryId& id : mandates.all()) {
      const governance::Mandate& mandate = *mandates.Find(id);
      if (mandate.time_s >= until_s_ || mandate.name.empty()) continue;
      persons.emplace(mandate.name, NameOf(mandate.org));
      fields.emplace("name");
      spaces.insert(std::nullopt);
      Add(id.Hex(), "mandate", NameOf(mandate.org), "L5", false, {object{{"field", "name"}}},
          {object{{"it", mandate.name}}});
    }
  }

  std::string NameOf(const std::optional<log::OrgId>& org) const {
    return org ? replica_.council().directory().NameOf(*org) : std::string();
  }

  // Of a record that all members read, unless AddSpace follows.
  void Add(const std::string& id, std::string_view type, const std::string& organisation,
           const std::string& retention, bool confirmed, array keys, array names) {
    records.push_back(object{{"id", id},
                             {"type", type},
                             {"space", nullptr},
                             {"space_name", nullptr},
                             {"organisation", organisation},
                             {"retention_class", retention},
                             {"confirmed", confirmed},
                             {"fields", std::move(keys)},
                             {"names", std::move(names)}});
  }

  replica::Replica& replica_;
  Lost lost_;
  std::int64_t until_s_;
  replica::Holders holders_;
  std::set<std::string> natural_persons_;  // organisations, by folded name
};

array SpaceNames(const Json& circles) {
  array names;
  for (const Json& circle : circles.as_array())
    names.push_back(circle.as_object().at("space_name"));
  return names;
}

// The same list of recipients without one organisation.
array Without(const Json& recipients, const std::string& org) {
  array rest;
  for (const Json& one : recipients.as_array())
    if (one.as_object().at("org") != Json(org)) rest.push_back(one);
  return rest;
}

// recipients[], circles[], controllers[], not_listed[]: who else holds the records, who has to
// notify, and the spaces of which this node does not know all that was lost.
Result<void> AddHolders(object& data, const Sheet& sheet, const log::OrgId& lost,
                        replica::Replica& replica, Time now) {
  ASSIGN(const array everybody, Recipients(replica));
  ASSIGN(const array all, CircleRecipients(replica, now));
  const std::string org = lost.Hex();
  const bool open_to_all = sheet.records.empty() || sheet.spaces.contains(std::nullopt);
  array controllers = open_to_all ? everybody : array();
  array circles, not_listed;
  for (const Json& one : all) {
    object circle = one.as_object();
    const array holders = circle.at("recipients").as_array();
    const array others = Without(circle.at("recipients"), org);
    circle["recipients"] = others;
    const auto seat = circle.at("seat").as_string();
    const bool seen = seat == "member" || seat == "observer";
    if (!seen && others.size() < holders.size()) not_listed.push_back(circle);
    if (!sheet.spaces.contains(log::SpaceId::FromHexText(circle.at("space").as_string()))) continue;
    for (const Json& holder : holders)
      if (std::find(controllers.begin(), controllers.end(), holder) == controllers.end() &&
          !open_to_all)
        controllers.push_back(holder);
    circles.push_back(std::move(circle));
  }
  data["recipients"] = open_to_all ? Without(everybody, org) : array();
  data["circles"] = std::move(circles);
  data["controllers"] = std::move(controllers);
  data["not_listed"] = std::move(not_listed);
  return {};
}

// GET ?node=&from=&to=&lang= -> {node, organisation, records, persons, holders, not_listed,
// deadline, files[]}
Answer Breach(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const auto node = request.query.find("node");
  if (node == request.query.end() || node->second.empty())
    return Fail(Code::kUsage, "no node is named", "hint.breach-node");
  ASSIGN(const auto nodes, NodesOf(*replica, node->second));
  const std::int64_t now_s = context.now.wall_ms / 1000;
  ASSIGN(const std::int64_t from_s, DayOfQuery(request, "from", 0));
  ASSIGN(const std::int64_t to_s, DayOfQuery(request, "to", now_s - now_s % kDay));
  if (to_s < from_s) return Fail(Code::kUsage, "the end lies before the start", "hint.breach-day");
  // What the node has confirmed is there for certain; of what it may read the rest may be.
  Lost lost{nodes.front()->org};
  for (const governance::Member* member : nodes) {
    lost.self = lost.self || member->device == replica->self();
    const auto it = context.node.confirmations().find(member->device);
    if (it != context.node.confirmations().end())
      lost.confirmed = std::max(lost.confirmed, it->second.arrival);
  }
  Sheet sheet(*replica, lost, to_s + kDay, context.now);
  TRY(sheet.Collect());
  ASSIGN(object data, PaperHead(context));
  array devices, persons, fields;
  for (const governance::Member* member : nodes)
    devices.push_back(object{{"it", member->device.Hex()}});
  for (const auto& [name, organisation] : sheet.persons)
    persons.push_back(object{{"name", name}, {"organisation", organisation}});
  for (const std::string& field : sheet.fields) fields.push_back(object{{"field", field}});
  TRY(AddHolders(data, sheet, lost.org, *replica, context.now));
  data["node"] = object{{"organisation", nodes.front()->name}, {"devices", std::move(devices)}};
  data["from"] = from_s == 0 ? std::string() : TimeText(from_s * 1000).substr(0, 10);
  data["to"] = TimeText(to_s * 1000).substr(0, 10);
  data["deadline"] = TimeText(context.now.wall_ms + kNotifyWithinMs);
  data["persons"] = std::move(persons);
  data["fields"] = std::move(fields);
  data["retention"] = Distinct(sheet.records, "retention_class");
  data["records"] = std::move(sheet.records);
  object answer{{"node", nodes.front()->device.Hex()},
                {"organisation", nodes.front()->name},
                {"records", data.at("records").as_array().size()},
                {"persons", data.at("persons").as_array().size()},
                {"holders", CountHolders(data)},
                {"not_listed", SpaceNames(data.at("not_listed"))},
                {"deadline", data.at("deadline")}};
  std::vector<api::Paper> papers;
  papers.push_back({"datenpanne", "breach", std::move(data)});
  answer["files"] = FilesOf(papers, LangOf(request));
  return answer;
}

}  // namespace

std::vector<Route> PrivacyBreachRoutes() {
  return {Noted("breach", {"GET", "/api/v1/privacy/breach", Breach})};
}

}  // namespace geflecht::api
