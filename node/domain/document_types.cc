#include "node/domain/document_types.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/domain/envelope.h"

namespace geflecht::domain {
namespace {

using crdt::FieldType;

crdt::Schema WithEnvelope(std::string_view type, std::vector<crdt::FieldSpec> fields) {
  crdt::Schema schema{std::string(type), 1, std::move(fields)};
  schema.fields.insert(schema.fields.end(), EnvelopeFields().begin(), EnvelopeFields().end());
  return schema;
}

crdt::Schema MakeContact() {
  std::vector<crdt::FieldSpec> fields;
  for (const char* key : {"family_name", "given_name", "prefix", "suffix", "salutation", "function",
                          "network_role", "phone", "phone_2", "mobile", "email", "email_2",
                          "street", "postal_code", "city", "availability", "deputy", "role_end"})
    fields.push_back({key, FieldType::kValue, true});
  for (const char* key : {"organisation", "department", "topics", "verified_at", "info_status"})
    fields.push_back({key, FieldType::kValue, false});
  return WithEnvelope(kContact, std::move(fields));
}

// The body counts as personal: minutes and notes name people.
crdt::Schema MakeNote() {
  return WithEnvelope(kNote,
                      {{"title", FieldType::kValue, false}, {"body", FieldType::kText, true}});
}

// Whoever came and what is said names people; what is on the agenda does not.
crdt::Schema MakeMeeting() {
  std::vector<crdt::FieldSpec> fields;
  for (const char* key : {"title", "date", "start", "end", "place"})
    fields.push_back({key, FieldType::kValue, false});
  fields.push_back({"agenda", FieldType::kList, false});
  fields.push_back({"invited", FieldType::kMap, false});
  fields.push_back({"attendance", FieldType::kList, true});
  fields.push_back({"minutes", FieldType::kText, true});
  return WithEnvelope(kMeeting, std::move(fields));
}

crdt::Schema MakeTask() {
  std::vector<crdt::FieldSpec> fields;
  for (const char* key : {"title", "assignee_org", "due", "status", "meeting", "agenda_item"})
    fields.push_back({key, FieldType::kValue, false});
  fields.push_back({"assignee", FieldType::kValue, true});
  return WithEnvelope(kTask, std::move(fields));
}

}  // namespace

const crdt::Schema* FindSchema(std::string_view type, std::uint32_t version) {
  static const crdt::Schema contact = MakeContact();
  static const crdt::Schema note = MakeNote();
  static const crdt::Schema meeting = MakeMeeting();
  static const crdt::Schema task = MakeTask();
  for (const crdt::Schema* schema : {&contact, &note, &meeting, &task})
    if (schema->type == type && schema->version == version) return schema;
  return nullptr;
}

bool IsClosed(const crdt::Schema& schema) { return schema.type != kNote; }

}  // namespace geflecht::domain
