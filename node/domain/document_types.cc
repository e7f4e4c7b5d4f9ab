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

// The draft of an agreement (docs/formats/agreement.md). `parties` are ids with spaces between.
crdt::Schema MakeAgreement() {
  std::vector<crdt::FieldSpec> fields;
  for (const char* key : {"title", "parties", "start", "end", "notice", "form", "parent"})
    fields.push_back({key, FieldType::kValue, false});
  fields.push_back({"body", FieldType::kText, true});
  return WithEnvelope(kAgreement, std::move(fields));
}

// What may be personal stands in the personal field, so that it can be erased: the address of a
// midwife is, that of a hospital is not (IsPersonal in organisation.h).
crdt::Schema MakeOrganisation() {
  std::vector<crdt::FieldSpec> fields;
  for (const char* key : {"law_profile", "land", "authority", "natural_person", "public_body"})
    fields.push_back({key, FieldType::kValue, false});
  for (const std::string_view key : {kRetentionPause, kRetentionPauseReason})
    fields.push_back({std::string(key), FieldType::kValue, false});
  for (const char* key : {"dpo", "dpo_email", "dpo_phone", "contact_point", "contact_email",
                          "contact_phone", "street", "postal_code", "city", "phone", "email"})
    fields.push_back({key, FieldType::kValue, true});
  return WithEnvelope(kOrganisation, std::move(fields));
}

}  // namespace

const crdt::Schema* FindSchema(std::string_view type, std::uint32_t version) {
  static const crdt::Schema contact = MakeContact();
  static const crdt::Schema note = MakeNote();
  static const crdt::Schema meeting = MakeMeeting();
  static const crdt::Schema task = MakeTask();
  static const crdt::Schema agreement = MakeAgreement();
  static const crdt::Schema organisation = MakeOrganisation();
  for (const crdt::Schema* schema : {&contact, &note, &meeting, &task, &agreement, &organisation})
    if (schema->type == type && schema->version == version) return schema;
  return nullptr;
}

bool IsClosed(const crdt::Schema& schema) { return schema.type != kNote; }

bool RefusesCaseData(const crdt::Schema& schema) { return schema.type != kNote; }

}  // namespace geflecht::domain
