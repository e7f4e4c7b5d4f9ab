// /api/v1/organisations: the record that each member keeps about itself.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <tuple>
#include <utility>

#include "node/api/handlers/case_check.h"
#include "node/api/handlers/document_json.h"
#include "node/api/handlers/organisation_list.h"
#include "node/domain/document_types.h"
#include "node/domain/organisation.h"
#include "node/domain/validate.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

object OrganisationJson(const OrganisationRecord& found) {
  object fields;
  for (const auto& [key, value] : found.record) fields[key] = ValueJson(value);
  array others;
  for (const crdt::DocumentId& id : found.others) others.emplace_back(id.Hex());
  return {{"org", found.org.Hex()},      {"organisation", found.name},
          {"self", found.own},           {"id", found.id ? Json(found.id->Hex()) : Json(nullptr)},
          {"others", std::move(others)}, {"conflicts", found.conflicts},
          {"void_changes", found.voids}, {"fields", std::move(fields)}};
}

Answer List(const Request&, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const auto organisations, Organisations(*replica));
  array list;
  for (const OrganisationRecord& found : organisations) list.push_back(OrganisationJson(found));
  return object{{"organisations", std::move(list)}};
}

domain::Record NewEnvelope(const Context& context) {
  return {{"purpose", std::string("network_coordination")},
          {"legal_basis", std::string("legal_obligation")},
          {"retention_class", std::string("L5")},
          {"owner_org", context.card.organisation},
          {"visibility", std::string("space")},
          {"source", std::string("data_subject")}};
}

// POST {fields: {key: text}} -> the own organisation as one of the list. An empty text removes.
Answer Set(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  const Json* const fields = body.if_contains("fields");
  if (fields == nullptr || !fields->is_object() || fields->as_object().empty())
    return Fail(Code::kUsage, "the member \"fields\" is missing or empty", "hint.organisation-set");
  ASSIGN(const OrganisationRecord own, OwnOrganisation(*replica));
  const crdt::Schema& schema = *domain::FindSchema(domain::kOrganisation, domain::kSchemaVersion);
  domain::Record record = own.id ? own.record : NewEnvelope(context);
  std::map<std::string, std::optional<crdt::Value>> edits;
  if (!own.id) edits.insert(record.begin(), record.end());
  for (const auto& [key, json] : fields->as_object()) {
    if (!json.is_string()) return Fail(Code::kUsage, "the value of a field is no text");
    const std::string name(key);
    const std::string_view text(json.as_string());
    if (text.empty()) {
      if (schema.Find(name) == nullptr)
        return Fail(Code::kUsage, "no such field", "hint.organisation-set");
      record.erase(name);
      if (own.id) edits[name] = std::nullopt;
      continue;
    }
    auto value = domain::ParseField(schema, name, text);
    if (!value) return Fail(value.error().code, value.error().detail, "hint.organisation-set");
    edits[name] = *value;
    record[name] = *std::move(value);
  }
  if (const auto fits = domain::CheckRecord(schema, record); !fits)
    return Fail(fits.error().code, fits.error().detail, "hint.organisation-needs");
  std::vector<GuardedText> texts;
  for (const auto& [key, value] : edits)
    if (value)
      if (const auto* text = std::get_if<std::string>(&*value)) texts.push_back({*text, true, {}});
  if (auto answer = CaseAnswer(request, context, texts)) return *std::move(answer);
  const auto write = [&](crdt::Transaction& edit) -> Result<void> {
    for (const auto& [key, value] : edits) {
      if (value) {
        TRY(edit.Set("/" + key, *value));
      } else if (own.record.contains(key)) {
        TRY(edit.RemoveKey("/" + key));
      }
    }
    return {};
  };
  if (own.id) {
    TRY(replica->Edit(*own.id, write, context.now));
    TRY(replica->Cut(*own.id, context.now));
  } else {
    TRY(replica->Create(domain::kOrganisation, write, context.now));
  }
  ASSIGN(const OrganisationRecord now, OwnOrganisation(*replica));
  return OrganisationJson(now);
}

}  // namespace

bool OrganisationRecord::IsNaturalPerson() const { return domain::IsNaturalPerson(record); }

Result<std::vector<OrganisationRecord>> Organisations(replica::Replica& replica) {
  std::map<log::OrgId, OrganisationRecord> found;
  const governance::Member* const self = replica.members().ByDevice(replica.self());
  for (const governance::Member& member : replica.members().all()) {
    OrganisationRecord& one = found[member.org];
    one.org = member.org;
    one.name = member.name;
    one.own = self != nullptr && self->org == member.org;
  }
  ASSIGN(const auto documents, replica.ListDocuments(domain::kOrganisation));
  for (const codec::StoredDocument& info : documents) {
    ASSIGN(const auto org, replica.OrgOfDocument(info.id));
    const auto one = org ? found.find(*org) : found.end();
    if (one == found.end()) continue;
    const auto open = replica.Open(info.id);
    if (!open || (*open)->void_reason) continue;
    OrganisationRecord& kept = one->second;
    if (kept.id) {
      kept.others.push_back(std::max(*kept.id, info.id));
      if (*kept.id < info.id) continue;
    }
    kept.id = info.id;
    ASSIGN(kept.record, RecordOf((*open)->document));
    kept.conflicts = (*open)->document.Contests().size();
    kept.voids = (*open)->document.Voids().size() + (*open)->voids.size();
  }
  std::vector<OrganisationRecord> list;
  for (auto& [org, one] : found) list.push_back(std::move(one));
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    return std::tie(a.name, a.org) < std::tie(b.name, b.org);
  });
  return list;
}

Result<OrganisationRecord> OwnOrganisation(replica::Replica& replica) {
  ASSIGN(auto list, Organisations(replica));
  for (OrganisationRecord& one : list)
    if (one.own) return std::move(one);
  return Fail(Code::kNotPermitted, "this device belongs to no member", "hint.no-member");
}

std::vector<Route> OrganisationRoutes() {
  return {{"GET", "/api/v1/organisations", List},
          Noted("organisation-set", {"POST", "/api/v1/organisations/own", Set})};
}

}  // namespace geflecht::api
