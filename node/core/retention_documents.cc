#include "node/core/retention_documents.h"

#include <utility>
#include <variant>

#include "node/domain/document_types.h"
#include "node/domain/envelope.h"

namespace geflecht::core {
namespace {

using governance::Day;

// The values under a key of the root map, the shown one first; more than one are a conflict.
std::vector<crdt::Value> ValuesOf(const crdt::Document& document, std::string_view key) {
  std::vector<crdt::Value> values;
  const auto found = document.Get("/" + std::string(key));
  if (!found) return values;
  for (const crdt::Writing& writing : found->writings)
    if (const auto* value = std::get_if<crdt::Value>(&writing.slot); value && !writing.removed)
      values.push_back(*value);
  return values;
}

std::string TextIn(const crdt::Document& document, std::string_view key) {
  const std::vector<crdt::Value> values = ValuesOf(document, key);
  const auto* text = values.empty() ? nullptr : std::get_if<std::string>(&values.front());
  return text == nullptr ? std::string() : *text;
}

std::optional<Day> UntilOf(const governance::RetentionClass& rule, std::string_view type,
                           const crdt::Document& document, std::int64_t made_s,
                           std::optional<Day> left) {
  const std::string role_end = TextIn(document, "role_end"), date = TextIn(document, "date"),
                    due = TextIn(document, "due"), end = TextIn(document, "end");
  const bool done = TextIn(document, "status") == "done";
  return governance::KeptUntil(
      rule, {type, governance::DayOf(made_s), role_end, date, due, done, end, left});
}

}  // namespace

Result<const replica::OpenDocument*> OpenIfHere(replica::Replica& replica,
                                                const crdt::DocumentId& id) {
  const auto opened = replica.Open(id);
  if (opened) return *opened;
  const Code code = opened.error().code;
  if (code != Code::kFormatVersion && code != Code::kNotFound) return Fail(opened.error());
  return static_cast<const replica::OpenDocument*>(nullptr);
}

namespace {

// Of several that the organisation's devices have begun the lowest id counts (organisation.md).
Result<std::optional<crdt::DocumentId>> OwnOrganisationRecord(replica::Replica& replica) {
  std::optional<crdt::DocumentId> lowest;
  const governance::Member* const self = replica.members().EverByDevice(replica.self());
  if (self == nullptr) return lowest;
  const log::OrgId own = self->org;
  ASSIGN(const auto documents, replica.ListDocuments(domain::kOrganisation));
  for (const codec::StoredDocument& info : documents) {
    ASSIGN(const auto org, replica.OrgOfDocument(info.id));
    if (org != own || (lowest && *lowest < info.id)) continue;
    ASSIGN(const replica::OpenDocument* const open, OpenIfHere(replica, info.id));
    if (open != nullptr && !open->void_reason) lowest = info.id;
  }
  return lowest;
}

}  // namespace

void ReadRestriction(const crdt::Document& document, RetentionRecord& record) {
  // Of several values that contradict each other one that restricts is enough.
  for (const crdt::Value& value : ValuesOf(document, domain::kRestricted)) {
    if (!domain::IsRestricted(value)) continue;
    record.restricted = true;
    if (const auto* reason = std::get_if<std::string>(&value)) record.restriction = *reason;
  }
}

Result<std::optional<RetentionRecord>> ReadRetention(replica::Replica& replica,
                                                     const crdt::DocumentId& id,
                                                     const FormerMembers& former) {
  std::optional<RetentionRecord> none;
  ASSIGN(const replica::OpenDocument* const opened, OpenIfHere(replica, id));
  if (opened == nullptr || opened->void_reason) return none;
  const replica::OpenDocument& open = *opened;
  RetentionRecord record;
  record.rule = governance::FindRetentionClass(TextIn(open.document, domain::kRetentionClass));
  ASSIGN(const auto first, replica.Log(open.info.space).Arrival(open.first_arrival));
  if (record.rule == nullptr || !first) return none;
  ASSIGN(record.org, replica.OrgOfDocument(id));
  const auto gone = record.org ? former.find(*record.org) : former.end();
  record.former = gone != former.end();
  const auto until =
      UntilOf(*record.rule, open.info.type, open.document, first->entry.header.time_s,
              record.former ? gone->second : std::nullopt);
  record.id = id;
  record.type = open.info.type;
  record.ends = until.has_value();
  record.until = until.value_or(0);
  ReadRestriction(open.document, record);
  return std::optional(std::move(record));
}

Result<RetentionPolicy> ReadRetentionPolicy(replica::Replica& replica, Day today) {
  RetentionPolicy policy;
  ASSIGN(const auto id, OwnOrganisationRecord(replica));
  if (!id) return policy;
  ASSIGN(const replica::OpenDocument* const open, replica.Open(*id));
  policy.public_body = TextIn(open->document, "public_body") == "yes";
  for (const crdt::Value& value : ValuesOf(open->document, domain::kRetentionPause)) {
    const auto* text = std::get_if<std::string>(&value);
    const auto until = text == nullptr ? std::nullopt : governance::ParseDay(*text);
    if (text == nullptr || (until && *until < today)) continue;
    // The longest of several; what is no day has no end.
    const bool longer =
        !policy.paused || (policy.paused_until && (!until || *until > *policy.paused_until));
    if (longer) policy.paused_until = until;
    policy.paused = true;
  }
  if (policy.paused) policy.pause_reason = TextIn(open->document, domain::kRetentionPauseReason);
  return policy;
}

}  // namespace geflecht::core
