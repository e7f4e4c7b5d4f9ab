#include "node/replica/documents.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "crdt/document_file.h"
#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/domain/organisation.h"
#include "node/pack/pack.h"
#include "node/replica/records.h"

namespace geflecht::replica {
namespace {

// Documents that stay open between reads; a network's busiest meetings, not its contact list.
constexpr std::size_t kOpenMax = 64;
// A file is written when opening has cost so many changes, and when so many have been made since
// while the document was open: few enough that performing them again is not felt.
constexpr std::uint64_t kFileAfterOpening = 16, kFileWhileOpen = 256;

const crdt::Compressor& Compressor() {
  constexpr int kLevel = 3;  // above it a file takes longer to write than to be worth it
  static const crdt::Compressor zstd = pack::Zstd(kLevel);
  return zstd;
}

crdt::AgentId AgentOf(const log::DeviceId& device) { return {device.bytes}; }
crdt::ChangeId ChangeIdOf(const log::EntryId& entry) { return {entry.bytes}; }

// Of this node's disk, not of what somebody wrote.
bool IsDamage(const Error& error) {
  return error.code == Code::kCorruption || error.code == Code::kIo;
}

// All parents of the change: those that it names, and its author's previous one.
Result<std::vector<crdt::ChangeId>> ParentsOf(const SpaceLog& log, const codec::StoredEntry& stored,
                                              const crdt::ChangeHead& head) {
  std::vector<crdt::ChangeId> parents = head.parents;
  const log::Header& header = stored.entry.header;
  const std::uint64_t distance = head.own_distance;
  if (distance > header.seq)
    return Fail(Code::kMalformed, "the own previous change lies in front of the feed");
  if (distance == 0) return parents;
  ASSIGN(const auto previous, log.EntryAt(stored.feed(), header.seq - distance));
  if (!previous) return Fail(Code::kNotFound, "the own previous change is not in the log");
  const crdt::ChangeId own = ChangeIdOf(previous->entry.id);
  const auto at = std::lower_bound(parents.begin(), parents.end(), own);
  if (at != parents.end() && *at == own)
    return Fail(Code::kMalformed, "the own previous change is listed twice");
  parents.insert(at, own);
  return parents;
}

}  // namespace

std::vector<crdt::EncodedField> EncodedFieldsOf(const log::Body& body) {
  std::vector<crdt::EncodedField> fields;
  for (const log::Slot& slot : body.slots) {
    if (const auto* field = std::get_if<log::Field>(&slot)) {
      fields.push_back({field->name, field->value});
    } else {
      fields.push_back({{}, {}, crdt::Gap::kErased});  // a body is stored when nothing else lacks
    }
  }
  return fields;
}

Result<DecodedBody> DecodeBody(const SpaceLog& log, const codec::StoredEntry& stored,
                               const log::Body& body, const crdt::Schema& schema) {
  ASSIGN(crdt::DecodedChange decoded, crdt::DecodeChange(EncodedFieldsOf(body), schema));
  const log::Header& header = stored.entry.header;
  DecodedBody result{std::move(decoded.head), {}};
  result.change.id = ChangeIdOf(stored.entry.id);
  result.change.agent = AgentOf(header.device);
  ASSIGN(result.change.parents, ParentsOf(log, stored, result.head));
  result.change.edits = std::move(decoded.edits);
  return result;
}

Result<void> Documents::Add(const SpaceLog& log, const codec::StoredEntry& stored,
                            const crdt::ChangeHead& head, const log::Body& body) {
  auto parents = ParentsOf(log, stored, head);
  if (!parents) {
    if (IsDamage(parents.error())) return Fail(parents.error());
    parents = std::vector<crdt::ChangeId>();
  }
  TRY(index_.Add(log, stored, head, *parents));
  OpenDocument* const open = FindOpen(head.document);
  if (open != nullptr && open->info.space == log.space()) {
    TRY(ApplyStored(log, *open, stored, body));
    if (open->unsaved >= kFileWhileOpen) due_.insert(head.document);
  }
  return {};
}

Result<void> Documents::ApplyStored(const SpaceLog& log, OpenDocument& open,
                                    const codec::StoredEntry& stored, const log::Body& body) {
  open.last_arrival = std::max(open.last_arrival, stored.arrival);
  ++open.unsaved;
  const log::Header& header = stored.entry.header;
  const crdt::ChangeId id = ChangeIdOf(stored.entry.id);
  auto decoded = DecodeBody(log, stored, body, open.document.schema());
  const bool first = DocumentIdOf(stored.entry.id) == open.info.id;
  std::optional<std::string> reason;
  if (!decoded) {
    if (IsDamage(decoded.error())) return Fail(decoded.error());
    reason = "malformed";
  } else {
    if (first != decoded->change.parents.empty()) {
      reason = "not-a-first-change";
    } else {
      ASSIGN(reason, WhyVoid(log, open, header, first, decoded->change.edits));
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

Result<std::optional<std::string>> Documents::WhyVoid(const SpaceLog& log, const OpenDocument& open,
                                                      const log::Header& header, bool first,
                                                      const std::vector<crdt::Edit>& edits) const {
  if (auto reason = domain::VoidReason(first, edits)) return reason;
  if (open.info.type != domain::kOrganisation) return std::optional<std::string>();
  ASSIGN(const auto owner, OrgOf(log, open.info.id));
  const bool own = owner && org_of_(header) == owner;
  return domain::OrganisationVoidReason(first, own, edits);
}

Result<std::optional<log::OrgId>> Documents::OrgOf(const SpaceLog& log,
                                                   const crdt::DocumentId& id) const {
  ASSIGN(const auto first, log.EntryOf(id));
  return first ? org_of_(first->entry.header) : std::nullopt;
}

Result<const crdt::Schema*> Documents::SchemaOf(const SpaceLog& log,
                                                const crdt::DocumentId& id) const {
  const crdt::Schema* none = nullptr;
  ASSIGN(const auto first, log.EntryOf(id));
  if (!first) return none;
  ASSIGN(const auto record, view_.Get(DocumentKey(log.space(), first->arrival)));
  if (!record) return none;
  ASSIGN(const codec::StoredDocument info, codec::DecodeStoredDocument(*record));
  return domain::FindSchema(info.type, info.schema_version);
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

void Documents::Forget(const crdt::DocumentId& id) {
  open_.remove_if([&](const OpenDocument& open) { return open.info.id == id; });
}

Result<std::vector<codec::StoredEntry>> Documents::Changes(const SpaceLog& log,
                                                           const crdt::DocumentId& id) const {
  ASSIGN(const auto arrivals, OrdersFrom(view_, DocumentBodyKey(id, 1, log.circle())));
  std::vector<codec::StoredEntry> changes;
  for (const std::uint64_t arrival : arrivals) {
    ASSIGN(auto stored, log.Arrival(arrival));
    if (!stored) return Fail(Code::kCorruption, "a change of a document is not in the log");
    changes.push_back(*std::move(stored));
  }
  return changes;
}

Result<void> Documents::ApplyArrival(const SpaceLog& log, OpenDocument& open,
                                     std::uint64_t arrival) {
  ASSIGN(const auto stored, log.Arrival(arrival));
  if (!stored) return Fail(Code::kCorruption, "a change of a document is not in the log");
  ASSIGN(const auto body, log.BodyOf(*stored));
  CHECK(body.has_value());
  return ApplyStored(log, open, *stored, *body);
}

Result<OpenDocument*> Documents::Open(const SpaceLog& log, const crdt::DocumentId& id) {
  if (OpenDocument* open = FindOpen(id)) return open;
  ASSIGN(const auto entry, log.EntryOf(id));
  if (!entry) return Fail(Code::kNotFound, "no document " + id.Hex());
  ASSIGN(const auto record, view_.Get(DocumentKey(log.space(), entry->arrival)));
  if (!record)
    return Fail(Code::kNotFound, "the first change of document " + id.Hex() + " has not arrived");
  ASSIGN(codec::StoredDocument info, codec::DecodeStoredDocument(*record));
  const crdt::Schema* schema = domain::FindSchema(info.type, info.schema_version);
  if (schema == nullptr)
    return Fail(Code::kFormatVersion, "document " + id.Hex() +
                                          " is of a type or version that this "
                                          "program does not know");
  ASSIGN(auto saved, LoadFile(log, info, *schema));
  OpenDocument open = saved ? *std::move(saved)
                            : OpenDocument{.info = std::move(info),
                                           .document = crdt::Document(*schema, self_),
                                           .void_reason = std::nullopt,
                                           .voids = {}};
  open.first_arrival = entry->arrival;
  ASSIGN(const auto arrivals,
         OrdersFrom(view_, DocumentBodyKey(id, open.last_arrival + 1, log.circle())));
  for (const std::uint64_t arrival : arrivals) TRY(ApplyArrival(log, open, arrival));
  if (open.unsaved >= kFileAfterOpening) due_.insert(id);
  return &Remember(std::move(open));
}

Result<std::optional<OpenDocument>> Documents::LoadFile(const SpaceLog& log,
                                                        const codec::StoredDocument& info,
                                                        const crdt::Schema& schema) {
  std::optional<OpenDocument> none;
  ASSIGN(const std::uint64_t covered, index_.CoveredByFile(log, info.id));
  if (covered == 0) return none;
  // The log has everything that a file has: one that is damaged, or of another schema, is not used.
  const auto record = view_.Get(DocumentFileKey(info.id, log.circle()));
  if (!record && record.error().code != Code::kCorruption) return Fail(record.error());
  if (!record || !*record) return none;
  auto file = codec::DecodeDocumentFile(**record);
  if (!file) return none;
  auto document = crdt::LoadDocument(file->file, Compressor(), pack::Sha256(), schema, self_,
                                     crdt::Origin::kOwn);
  if (!document) return none;
  OpenDocument open{.info = info,
                    .document = *std::move(document),
                    .void_reason = std::nullopt,
                    .voids = std::move(file->voids),
                    .last_arrival = covered};
  for (const std::uint64_t arrival : file->waiting) TRY(ApplyArrival(log, open, arrival));
  open.unsaved = 0;
  return std::optional(std::move(open));
}

Result<void> Documents::StageFiles(const LogOf& log_of) {
  for (auto it = due_.begin(); it != due_.end();) {
    OpenDocument* open = FindOpen(*it);
    if (open != nullptr && open->document.HasOpen()) {
      ++it;
      continue;
    }
    if (open != nullptr && !open->void_reason && crdt::OpensFromState(open->document)) {
      const SpaceLog& log = log_of(open->info.space);
      codec::DocumentFile file{
          crdt::SaveDocument(open->document, Compressor(), pack::Sha256()), open->voids, {}};
      for (const crdt::ChangeId& waiting : open->document.Waiting()) {
        ASSIGN(const auto stored, log.EntryOf({waiting.bytes}));
        CHECK(stored.has_value());
        file.waiting.push_back(stored->arrival);
      }
      TRY(index_.PutFile(log, *it, open->last_arrival, file));
      open->unsaved = 0;
    }
    it = due_.erase(it);
  }
  return {};
}

}  // namespace geflecht::replica
