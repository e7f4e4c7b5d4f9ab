#include "node/replica/documents.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/replica/records.h"

namespace geflecht::replica {
namespace {

// Documents that stay open between reads; a network's busiest meetings, not its contact list.
constexpr std::size_t kOpenMax = 64;

crdt::AgentId AgentOf(const log::DeviceId& device) { return {device.bytes}; }
crdt::ChangeId ChangeIdOf(const log::EntryId& entry) { return {entry.bytes}; }

std::vector<crdt::EncodedField> FieldsOf(const log::Body& body) {
  std::vector<crdt::EncodedField> fields;
  for (const log::Slot& slot : body.slots)
    if (const auto* field = std::get_if<log::Field>(&slot))
      fields.push_back({field->name, field->value});
  return fields;
}

}  // namespace

crdt::DocumentId DocumentIdOf(const log::EntryId& entry) {
  const crypto::Hash256 hash = crypto::Sha256({AsBytes("geflecht-document@v1"), entry.view()});
  crdt::DocumentId id;
  std::copy_n(hash.bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

Result<DecodedBody> DecodeBody(const SpaceLog& log, const codec::StoredEntry& stored,
                               const log::Body& body, const crdt::Schema& schema) {
  ASSIGN(crdt::DecodedChange decoded, crdt::DecodeChange(FieldsOf(body), schema));
  const log::Header& header = stored.entry.header;
  DecodedBody result{std::move(decoded.head), {}};
  result.change.id = ChangeIdOf(stored.entry.id);
  result.change.agent = AgentOf(header.device);
  result.change.parents = result.head.parents;
  result.change.edits = std::move(decoded.edits);
  const std::uint64_t distance = result.head.own_distance;
  if (distance > header.seq)
    return Fail(Code::kMalformed, "the own previous change lies in front of the feed");
  if (distance > 0) {
    ASSIGN(const auto previous, log.EntryAt(stored.feed(), header.seq - distance));
    if (!previous) return Fail(Code::kNotFound, "the own previous change is not in the log");
    const crdt::ChangeId own = ChangeIdOf(previous->entry.id);
    auto& parents = result.change.parents;
    const auto at = std::lower_bound(parents.begin(), parents.end(), own);
    if (at != parents.end() && *at == own)
      return Fail(Code::kMalformed, "the own previous change is listed twice");
    parents.insert(at, own);
  }
  return result;
}

Result<std::vector<codec::StoredDocument>> Documents::List() const {
  std::vector<codec::StoredDocument> documents;
  std::optional<Error> error;
  const store::Key first = DocumentKey(0);
  TRY(view_.Scan(first.table, first.group, 0, [&](const store::Record& record) {
    auto document = codec::DecodeStoredDocument(record.value);
    if (!document) {
      error = document.error();
      return false;
    }
    documents.push_back(*std::move(document));
    return true;
  }));
  if (error) return Fail(*error);
  return documents;
}

Result<std::optional<std::uint64_t>> Documents::NumberOf(const crdt::DocumentId& id) const {
  ASSIGN(const auto bytes, view_.Get(DocumentNumberKey(id)));
  if (!bytes) return std::optional<std::uint64_t>();
  if (bytes->size() != 8) return Fail(Code::kCorruption, "the number of a document is damaged");
  return std::optional(ReadBe64(*bytes));
}

Result<codec::StoredDocument> Documents::InfoOf(std::uint64_t number) const {
  ASSIGN(const auto bytes, view_.Get(DocumentKey(number)));
  if (!bytes) return Fail(Code::kCorruption, "a document without its record");
  return codec::DecodeStoredDocument(*bytes);
}

Result<void> Documents::Add(const SpaceLog& log, const codec::StoredEntry& stored,
                            const crdt::ChangeHead& head, const log::Body& body) {
  ASSIGN(auto number, NumberOf(head.document));
  codec::StoredDocument info{head.document, {}, 0, log.space()};
  bool save = false;
  if (number) {
    ASSIGN(info, InfoOf(*number));
  } else {
    const store::Key documents = DocumentKey(0);
    ASSIGN(const auto last, view_.Last(documents.table, documents.group));
    number = last ? last->order + 1 : 0;
    Bytes bytes;
    AppendBe64(bytes, *number);
    view_.Put(DocumentNumberKey(head.document), std::move(bytes));
    save = true;
  }
  if (head.type) {
    info.type = *head.type;
    info.schema_version = head.schema_version;
    save = true;
  }
  if (save) view_.Put(DocumentKey(*number), codec::EncodeStoredDocument(info));
  view_.Put(DocumentChangeKey(head.document, stored.arrival),
            codec::EncodePosition({stored.feed(), stored.entry.header.seq}));
  if (OpenDocument* open = FindOpen(head.document)) {
    open->info = info;
    TRY(ApplyStored(log, *open, stored, body));
  }
  return {};
}

Result<void> Documents::ApplyStored(const SpaceLog& log, OpenDocument& open,
                                    const codec::StoredEntry& stored, const log::Body& body) {
  const log::Header& header = stored.entry.header;
  const crdt::ChangeId id = ChangeIdOf(stored.entry.id);
  auto decoded = DecodeBody(log, stored, body, open.document.schema());
  const bool first = DocumentIdOf(stored.entry.id) == open.info.id;
  std::optional<std::string> reason;
  if (!decoded) {
    if (decoded.error().code == Code::kCorruption || decoded.error().code == Code::kIo)
      return Fail(decoded.error());
    reason = "malformed";
  } else {
    if (first != decoded->change.parents.empty()) {
      reason = "not-a-first-change";
    } else {
      reason = domain::VoidReason(first, decoded->change.edits);
    }
  }
  if (reason) {
    if (first) open.void_reason = reason;
    // Without edits it is void, but later changes that name it as a parent are not held up.
    open.voids[id] = *reason;
    std::vector<crdt::ChangeId> parents;
    if (decoded) parents = decoded->change.parents;
    open.document.Apply({id, AgentOf(header.device), std::move(parents), {}});
    return {};
  }
  open.document.Apply(decoded->change);
  return {};
}

OpenDocument* Documents::FindOpen(const crdt::DocumentId& id) {
  const auto it = std::find_if(open_.begin(), open_.end(),
                               [&](const OpenDocument& open) { return open.info.id == id; });
  if (it == open_.end()) return nullptr;
  open_.splice(open_.begin(), open_, it);
  return &open_.front();
}

OpenDocument& Documents::Remember(OpenDocument open) {
  open_.push_front(std::move(open));
  // Documents with open edits stay: their state is more than the log holds.
  for (auto it = open_.end(); open_.size() > kOpenMax && it != open_.begin();) {
    --it;
    if (!it->document.HasOpen() && it != open_.begin()) it = open_.erase(it);
  }
  return open_.front();
}

OpenDocument& Documents::Begin(codec::StoredDocument info, const crdt::Schema& schema) {
  return Remember({0, std::move(info), crdt::Document(schema, self_), std::nullopt, {}});
}

void Documents::Forget(const crdt::DocumentId& id) {
  open_.remove_if([&](const OpenDocument& open) { return open.info.id == id; });
}

Result<std::vector<codec::StoredEntry>> Documents::Changes(const SpaceLog& log,
                                                           const crdt::DocumentId& id) const {
  std::vector<codec::Position> positions;
  std::optional<Error> error;
  const store::Key first = DocumentChangeKey(id, 0);
  TRY(view_.Scan(first.table, first.group, 0, [&](const store::Record& record) {
    auto position = codec::DecodePosition(record.value);
    if (!position) {
      error = position.error();
      return false;
    }
    positions.push_back(*std::move(position));
    return true;
  }));
  if (error) return Fail(*error);
  std::vector<codec::StoredEntry> changes;
  for (const codec::Position& position : positions) {
    ASSIGN(auto stored, log.EntryAt(position.feed, position.seq));
    if (!stored) return Fail(Code::kCorruption, "a change of a document is not in the log");
    changes.push_back(*std::move(stored));
  }
  return changes;
}

Result<OpenDocument*> Documents::Open(const SpaceLog& log, const crdt::DocumentId& id) {
  if (OpenDocument* open = FindOpen(id)) return open;
  ASSIGN(const auto number, NumberOf(id));
  if (!number) return Fail(Code::kNotFound, "no document " + id.Hex());
  ASSIGN(codec::StoredDocument info, InfoOf(*number));
  if (info.type.empty())
    return Fail(Code::kNotFound, "the first change of document " + id.Hex() + " has not arrived");
  const crdt::Schema* schema = domain::FindSchema(info.type, info.schema_version);
  if (schema == nullptr)
    return Fail(Code::kFormatVersion, "document " + id.Hex() +
                                          " is of a type or version that this "
                                          "program does not know");
  OpenDocument open{*number, std::move(info), crdt::Document(*schema, self_), std::nullopt, {}};
  ASSIGN(const auto changes, Changes(log, id));
  for (const codec::StoredEntry& stored : changes) {
    ASSIGN(const auto body, log.BodyOf(stored));
    CHECK(body.has_value());
    TRY(ApplyStored(log, open, stored, *body));
  }
  return &Remember(std::move(open));
}

}  // namespace geflecht::replica
