#include "node/replica/drafts.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "proto/codec/record_codec.h"

namespace geflecht::replica {

std::int64_t Drafts::Times::DueMs() const {
  if (at_once) return 0;
  return std::min(last_ms + limits::kCutIdleMs, first_ms + limits::kCutAgeMs);
}

void Drafts::Touch(const crdt::DocumentId& id, std::int64_t now_ms) {
  const auto [it, added] = times_.try_emplace(id);
  if (added) it->second.first_ms = now_ms;
  it->second.last_ms = now_ms;
}

void Drafts::Postpone(const crdt::DocumentId& id, std::int64_t now_ms) {
  times_[id] = {now_ms, now_ms, false};
}

void Drafts::Found(const crdt::DocumentId& id) { times_[id].at_once = true; }

std::vector<crdt::DocumentId> Drafts::All() const {
  std::vector<crdt::DocumentId> all;
  for (const auto& [id, times] : times_) all.push_back(id);
  return all;
}

std::vector<crdt::DocumentId> Drafts::Due(std::int64_t now_ms) const {
  std::vector<crdt::DocumentId> due;
  for (const auto& [id, times] : times_)
    if (times.DueMs() <= now_ms) due.push_back(id);
  return due;
}

std::optional<std::int64_t> Drafts::NextDueMs() const {
  std::optional<std::int64_t> next;
  for (const auto& [id, times] : times_)
    if (!next || times.DueMs() < *next) next = times.DueMs();
  return next;
}

log::Body DraftBody(const DraftRecord& draft, const crdt::Schema& schema) {
  const crdt::ChangeHead head{draft.document, std::nullopt, 0, draft.heads, 0, draft.erasures};
  log::Body body;
  for (crdt::EncodedField& field : crdt::EncodeChange(head, draft.edits, schema))
    body.slots.emplace_back(log::Field{{}, std::move(field.name), std::move(field.value)});
  return body;
}

namespace {

Result<std::vector<crdt::EncodedField>> FieldsOf(ByteView bytes) {
  ASSIGN(log::Body body, codec::DecodeBody(bytes));
  std::vector<crdt::EncodedField> fields;
  for (log::Slot& slot : body.slots) {
    auto* field = std::get_if<log::Field>(&slot);
    if (field == nullptr) return Fail(Code::kCorruption, "a draft without its content");
    fields.push_back({std::move(field->name), std::move(field->value)});
  }
  if (fields.empty()) return Fail(Code::kCorruption, "an empty draft");
  return fields;
}

}  // namespace

Result<crdt::DocumentId> DraftDocument(ByteView bytes) {
  ASSIGN(const auto fields, FieldsOf(bytes));
  ASSIGN(const crdt::ChangeHead head, crdt::DecodeChangeHead(fields.front().value));
  return head.document;
}

Result<DraftRecord> DecodeDraft(ByteView bytes, const crdt::Schema& schema) {
  ASSIGN(const auto fields, FieldsOf(bytes));
  ASSIGN(crdt::DecodedChange change, crdt::DecodeChange(fields, schema));
  return DraftRecord{change.head.document, std::move(change.head.parents), std::move(change.edits),
                     std::move(change.head.erasures)};
}

}  // namespace geflecht::replica
