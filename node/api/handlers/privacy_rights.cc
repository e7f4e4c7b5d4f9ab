// /api/v1/privacy/rectify, restrict, export: GDPR Art. 16, 18, 20.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "node/api/handlers/case_check.h"
#include "node/api/handlers/contact_list.h"
#include "node/api/handlers/document_json.h"
#include "node/api/handlers/organisation_list.h"
#include "node/api/handlers/person_subject.h"
#include "node/api/handlers/restrictions.h"
#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/domain/validate.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

// POST {document, field, value} -> {id, path, erasures}. What stood there is erased first: the
// erasure names what was written so far, and not the correction.
Answer Rectify(const Request& request, const Arguments&, Context& context) {
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string typed, TextMember(body, "document"));
  ASSIGN(const std::string field, TextMember(body, "field"));
  ASSIGN(const std::string text, TextMember(body, "value"));
  ASSIGN(const FoundDocument found, FindDocument(typed, context));
  const crdt::Schema& schema = found.open->document.schema();
  const crdt::FieldSpec* const spec = schema.Find(field);
  if (spec == nullptr || spec->type != crdt::FieldType::kValue || text.empty())
    return Fail(Code::kUsage, "no value of a field", "hint.rectify-field");
  ASSIGN(const crdt::Value value, domain::ParseField(schema, field, text));
  const bool strict = domain::RefusesCaseData(schema);
  if (auto answer = CaseAnswer(request, context, {{text, strict, {}}})) return *std::move(answer);
  array ids;
  const auto erased = found.replica->EraseDocument(found.id, field, "mistake", context.now);
  if (erased) {
    for (const log::EntryId& id : *erased) ids.emplace_back(id.Hex());
  } else if (erased.error().code != Code::kNotFound) {
    return Fail(erased.error());
  }
  const auto set = [&](crdt::Transaction& edit) { return edit.Set("/" + field, value); };
  TRY(found.replica->Edit(found.id, set, context.now));
  TRY(found.replica->Cut(found.id, context.now));
  return object{{"id", found.id.Hex()}, {"path", "/" + field}, {"erasures", std::move(ids)}};
}

// POST {document, reason} or {document} to lift it -> {id, restricted, history[]}. One that another
// organisation has set is lifted or replaced with ?of-others=1 only.
Answer Restrict(const Request& request, const Arguments&, Context& context) {
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string typed, TextMember(body, "document"));
  ASSIGN(const FoundDocument found, FindDocument(typed, context));
  crdt::Value value = false;
  if (body.contains("reason")) {
    ASSIGN(const std::string reason, TextMember(body, "reason"));
    const auto reasons = domain::RestrictionReasons();
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
      return Fail(Code::kUsage, "no reason of a restriction", "hint.restrict-reason");
    value = reason;
  }
  if (!request.query.contains("of-others")) TRY(CheckNotRestrictedByOthers(found));
  const auto set = [&](crdt::Transaction& edit) { return edit.Set("/restricted", value); };
  TRY(found.replica->Edit(found.id, set, context.now));
  TRY(found.replica->Cut(found.id, context.now));
  ASSIGN(array history, RestrictionHistory(*found.replica, found.id));
  return object{{"id", found.id.Hex()},
                {"restricted", RestrictionJson(value)},
                {"history", std::move(history)}};
}

// GET ?document= -> {id, of_others[names], history[]}
Answer ShowRestriction(const Request& request, const Arguments&, Context& context) {
  const auto typed = request.query.find("document");
  if (typed == request.query.end()) return Fail(Code::kUsage, "no document is named");
  ASSIGN(const FoundDocument found, FindDocument(typed->second, context));
  ASSIGN(array names, RestrictedByOthers(found));
  ASSIGN(array history, RestrictionHistory(*found.replica, found.id));
  return object{
      {"id", found.id.Hex()}, {"of_others", std::move(names)}, {"history", std::move(history)}};
}

// GET ?person= -> {person, records, left_out, files[{name, text}]}: what the person provided.
Answer ExportPerson(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const auto typed = request.query.find("person");
  if (typed == request.query.end() || typed->second.empty())
    return Fail(Code::kUsage, "no person is named", "hint.person-unknown");
  ASSIGN(const Subject subject, SubjectOf(*replica, typed->second));
  ASSIGN(const auto contacts, Contacts(*replica));
  array records;
  std::vector<formats::VcardContact> cards;
  std::size_t left_out = 0;
  for (const Contact& contact : contacts) {
    if (std::find(subject.contacts.begin(), subject.contacts.end(), contact.id) ==
        subject.contacts.end())
      continue;
    if (domain::TextOf(contact.record, "source") != "data_subject") {
      ++left_out;
      continue;
    }
    Contact own = contact;
    own.record.erase("deputy");  // somebody else's name
    object record;
    for (const auto& [key, value] : own.record) record[key] = ValueJson(value);
    record["id"] = own.id.Hex();
    records.push_back(std::move(record));
    cards.push_back(VcardOf(own));
  }
  const std::size_t count = records.size();
  const object data{{"network", replica->founding().text.name},
                    {"made_at", TimeText(context.now.wall_ms)},
                    {"person", domain::NameOf(subject.person)},
                    {"records", std::move(records)}};
  return object{
      {"person", data.at("person")},
      {"records", count},
      {"left_out", left_out},
      {"files",
       array{object{{"name", "person.json"}, {"text", boost::json::serialize(data) + "\n"}},
             object{{"name", "person.vcf"}, {"text", formats::WriteVcard4(cards)}}}}};
}

}  // namespace

std::vector<Route> PrivacyRightsRoutes() {
  return {Noted("rectify", {"POST", "/api/v1/privacy/rectify", Rectify}),
          {"GET", "/api/v1/privacy/restrict", ShowRestriction},
          Noted("restrict", {"POST", "/api/v1/privacy/restrict", Restrict}),
          Noted("export-person", {"GET", "/api/v1/privacy/export", ExportPerson})};
}

}  // namespace geflecht::api
