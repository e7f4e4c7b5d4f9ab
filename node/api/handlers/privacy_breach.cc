// /api/v1/privacy/breach: what a node held when it was lost (GDPR Art. 33, 34).
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>

#include "node/api/handlers/document_json.h"
#include "node/api/handlers/meeting_json.h"
#include "node/api/handlers/privacy_papers.h"
#include "node/domain/document_types.h"
#include "node/domain/organisation.h"
#include "node/domain/person.h"
#include "node/domain/text.h"
#include "node/domain/validate.h"
#include "node/governance/day.h"
#include "node/governance/kinds.h"
#include "node/log/header.h"

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

class Sheet {
 public:
  Sheet(replica::Replica& replica, std::int64_t until_s, std::uint64_t confirmed)
      : replica_(replica), until_s_(until_s), confirmed_(confirmed) {}

  Result<void> Collect() {
    ASSIGN(const auto organisations, Organisations(replica_));
    for (const OrganisationRecord& one : organisations)
      if (one.IsNaturalPerson()) natural_persons_.insert(domain::FoldHeading(one.name));
    ASSIGN(const auto documents, replica_.ListDocuments());
    for (const codec::StoredDocument& info : documents) TRY(Document(info));
    for (const replica::Paper& paper : replica_.papers().all()) Paper(paper);
    Mandates();
    return {};
  }

  array records;
  std::set<std::pair<std::string, std::string>> persons;  // name, organisation
  std::set<std::string> fields;

 private:
  Result<void> Document(const codec::StoredDocument& info) {
    const auto open = replica_.Open(info.id);
    if (!open || (*open)->void_reason) return {};
    const std::uint64_t arrival = (*open)->first_arrival;
    const auto space = replica_.Log(info.space).Arrival(arrival);
    if (!space || !*space || (*space)->entry.header.time_s >= until_s_) return {};
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
    Add(info.id.Hex(), info.type, NameOf(org),
        std::string(domain::TextOf(record, "retention_class")), arrival <= confirmed_,
        std::move(keys), std::move(names));
    return {};
  }

  void Paper(const replica::Paper& paper) {
    if (paper.time_s >= until_s_) return;
    if (paper.kind != governance::kFreeze && paper.kind != governance::kAmend) return;
    const auto frozen = replica_.FrozenText(paper.id);
    if (!frozen) return;
    array names;
    for (const auto& person : frozen->persons) {
      if (!person) continue;
      names.push_back(object{{"it", *person}});
      persons.emplace(*person, "");
    }
    if (names.empty()) return;
    const bool minutes = frozen->what == governance::kMinutes;
    Add(paper.id.Hex(), minutes ? "minutes-frozen" : "agreement-frozen",
        NameOf(replica_.OrgOf(paper)), minutes ? "L3" : "L5", paper.arrival <= confirmed_,
        {object{{"field", "name"}}}, std::move(names));
    fields.emplace("name");
  }

  void Mandates() {
    const governance::Mandates& mandates = replica_.council().mandates();
    for (const log::EntryId& id : mandates.all()) {
      const governance::Mandate& mandate = *mandates.Find(id);
      if (mandate.time_s >= until_s_ || mandate.name.empty()) continue;
      persons.emplace(mandate.name, NameOf(mandate.org));
      fields.emplace("name");
      Add(id.Hex(), "mandate", NameOf(mandate.org), "L5", false, {object{{"field", "name"}}},
          {object{{"it", mandate.name}}});
    }
  }

  std::string NameOf(const std::optional<log::OrgId>& org) const {
    return org ? replica_.council().directory().NameOf(*org) : std::string();
  }

  void Add(const std::string& id, std::string_view type, const std::string& organisation,
           const std::string& retention, bool confirmed, array keys, array names) {
    records.push_back(object{{"id", id},
                             {"type", type},
                             {"organisation", organisation},
                             {"retention_class", retention},
                             {"confirmed", confirmed},
                             {"fields", std::move(keys)},
                             {"names", std::move(names)}});
  }

  replica::Replica& replica_;
  std::int64_t until_s_;
  std::uint64_t confirmed_;
  std::set<std::string> natural_persons_;  // organisations, by folded name
};

// GET ?node=&from=&to=&lang= -> {node, organisation, records, persons, holders, deadline, files[]}
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
  std::uint64_t confirmed = 0;
  for (const governance::Member* member : nodes) {
    if (member->device == replica->self())
      confirmed = replica->Log(replica->members().network_space()).last_arrival();
    const auto it = context.node.confirmations().find(member->device);
    if (it != context.node.confirmations().end())
      confirmed = std::max(confirmed, it->second.arrival);
  }
  Sheet sheet(*replica, to_s + kDay, confirmed);
  TRY(sheet.Collect());
  ASSIGN(object data, PaperHead(context));
  array devices, persons, fields, holders;
  for (const governance::Member* member : nodes)
    devices.push_back(object{{"it", member->device.Hex()}});
  for (const auto& [name, organisation] : sheet.persons)
    persons.push_back(object{{"name", name}, {"organisation", organisation}});
  for (const std::string& field : sheet.fields) fields.push_back(object{{"field", field}});
  ASSIGN(const array recipients, Recipients(*replica));
  for (const Json& one : recipients)
    if (one.as_object().at("org") != Json(nodes.front()->org.Hex())) holders.push_back(one);
  data["node"] = object{{"organisation", nodes.front()->name}, {"devices", std::move(devices)}};
  data["from"] = from_s == 0 ? std::string() : TimeText(from_s * 1000).substr(0, 10);
  data["to"] = TimeText(to_s * 1000).substr(0, 10);
  data["deadline"] = TimeText(context.now.wall_ms + kNotifyWithinMs);
  data["persons"] = std::move(persons);
  data["fields"] = std::move(fields);
  data["retention"] = Distinct(sheet.records, "retention_class");
  data["records"] = std::move(sheet.records);
  data["recipients"] = std::move(holders);
  data["controllers"] = recipients;
  object answer{{"node", nodes.front()->device.Hex()},
                {"organisation", nodes.front()->name},
                {"records", data.at("records").as_array().size()},
                {"persons", data.at("persons").as_array().size()},
                {"holders", data.at("recipients").as_array().size()},
                {"deadline", data.at("deadline")}};
  std::vector<api::Paper> papers;
  papers.push_back({"datenpanne", "breach", std::move(data)});
  answer["files"] = FilesOf(papers, LangOf(request));
  return answer;
}

}  // namespace

std::vector<Route> PrivacyBreachRoutes() { return {{"GET", "/api/v1/privacy/breach", Breach}}; }

}  // namespace geflecht::api
