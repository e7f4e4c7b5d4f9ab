#include "node/audit/erasures.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "crdt/codec.h"
#include "crdt/container_id.h"
#include "node/audit/body_file.h"
#include "node/audit/examination.h"
#include "node/domain/document_types.h"
#include "node/governance/read_entry.h"
#include "node/log/lines.h"

namespace geflecht::audit {
namespace {

// The first 16 bytes of SHA-256("geflecht-document@v1" || entry id): docs/formats/change.md.
log::RecordId DocumentBegunBy(const log::EntryId& entry) {
  const crypto::Hash256 hash = crypto::Sha256({AsBytes("geflecht-document@v1"), entry.view()});
  return *log::RecordId::From(ByteView(hash.bytes).first(log::RecordId::kSize));
}

std::optional<crdt::ChangeHead> HeadOf(const log::Body& body) {
  const Bytes* structure = log::FindField(body, "structure");
  if (structure == nullptr) return std::nullopt;
  auto head = crdt::DecodeChangeHead(*structure);
  return head ? std::optional(*std::move(head)) : std::nullopt;
}

log::RecordId DocumentOf(const log::EntryId& entry, const crdt::ChangeHead& head) {
  return head.type ? DocumentBegunBy(entry) : log::RecordId{head.document.bytes};
}

std::vector<crdt::EncodedField> FieldsOf(const log::Body& body) {
  std::vector<crdt::EncodedField> fields;
  for (const log::Slot& slot : body.slots) {
    const auto* field = std::get_if<log::Field>(&slot);
    if (field != nullptr) fields.push_back({field->name, field->value});
    if (field == nullptr) fields.push_back({{}, {}, crdt::Gap::kErased});
  }
  return fields;
}

std::vector<log::EntryId> BasisOf(const log::Header& header) {
  return header.basis.empty() ? governance::ParentsOf(header) : header.basis;
}

bool IsDecided(const Examination& exam, const log::Header& header, const log::Erasure& erasure) {
  if (!erasure.decision || !exam.root) return false;
  const governance::ProposalBody* said = exam.root->ProposalOf(*erasure.decision);
  return said != nullptr && said->matter == governance::kContent &&
         said->subject == header.space.Hex() && said->value == log::RenderErasure(erasure) &&
         exam.root->IsEffectiveAt(BasisOf(header), *erasure.decision);
}

}  // namespace

void FoundErasures::Read(const Examination& exam) {
  for (std::size_t i = 0; i < exam.feeds.size(); ++i)
    EachBody(exam, i, log::kErase,
             [&](const log::Header& header, const log::EntryId& entry, const log::Body& body) {
               ReadErasure(exam, header, entry, body);
             });
  if (!decided_.empty()) ReadReceipts(exam);
  if (containers_.empty()) return;
  for (std::size_t i = 0; i < exam.feeds.size(); ++i)
    EachBody(exam, i, "change",
             [&](const log::Header&, const log::EntryId& entry, const log::Body& body) {
               const auto head = HeadOf(body);
               if (!head || !containers_.contains(DocumentOf(entry, *head))) return;
               changes_[entry] = body;
               if (head->type)
                 schemas_[DocumentBegunBy(entry)] =
                     domain::FindSchema(*head->type, head->schema_version);
             });
}

void FoundErasures::EachBody(const Examination& exam, std::size_t feed, std::string_view kind,
                             const Line& line) const {
  constexpr std::string_view kBegin = "{\"entry\":\"";
  const FoundFeed& found = exam.feeds[feed];
  if (std::none_of(found.items.begin(), found.items.end(),
                   [&](const FeedItem& item) { return item.header.kind == kind; }))
    return;
  const auto text = exam.Text(BodiesFileName(found.key));
  log::LineReader lines(text.value_or(std::string_view()));
  while (!lines.AtEnd()) {
    const auto row = lines.Line();
    if (!row) return;
    if (row->size() < kBegin.size() + 2 * log::EntryId::kSize) continue;
    const auto id = log::EntryId::FromHexText(row->substr(kBegin.size(), 2 * log::EntryId::kSize));
    const auto place = id ? exam.entries.Find(*id) : std::nullopt;
    if (!place || place->feed != &found || place->item().header.kind != kind) continue;
    const log::Header& header = place->item().header;
    const auto body = ParseBodyLine(*row);
    if (body && log::CheckBodyOf(header, body->body)) line(header, *id, body->body);
  }
}

void FoundErasures::ReadReceipts(const Examination& exam) {
  const auto take = [&](const log::Header& header, const log::EntryId&, const log::Body& body) {
    const auto erasures = log::ReadEraseReceipt(header, body);
    if (!erasures) return;
    for (const log::EntryId& erasure : *erasures)
      receipts_[erasure].push_back({header.device, BasisOf(header), header.time_s});
  };
  for (std::size_t i = 0; i < exam.feeds.size(); ++i) EachBody(exam, i, log::kEraseReceipt, take);
}

const std::map<log::EntryId, DecidedErasure>& FoundErasures::DecidedBy(
    const log::EntryId& proposal) const {
  static const std::map<log::EntryId, DecidedErasure> kNone;
  const auto it = decided_.find(proposal);
  return it == decided_.end() ? kNone : it->second;
}

const std::vector<DecidedErasure>& FoundErasures::ReceiptsOf(const log::EntryId& erasure) const {
  static const std::vector<DecidedErasure> kNone;
  const auto it = receipts_.find(erasure);
  return it == receipts_.end() ? kNone : it->second;
}

void FoundErasures::ReadErasure(const Examination& exam, const log::Header& header,
                                const log::EntryId& entry, const log::Body& body) {
  const auto erasure = log::ReadErasure(header, body);
  if (!erasure) return;
  const bool decided = IsDecided(exam, header, *erasure);
  const Named named{decided ? *erasure->decision : entry, header.device, BasisOf(header), decided};
  if (decided)
    decided_[*erasure->decision].try_emplace(
        entry, DecidedErasure{named.device, named.basis, header.time_s});
  for (const log::EraseTarget& target : erasure->targets) {
    named_[target.entry].push_back(named);
    named_[target.entry].back().fields = target.fields;
  }
  for (const log::RecordId& document : erasure->documents) documents_[document].push_back(named);
  for (const log::ErasedContainer& container : erasure->containers) {
    containers_[container.document].push_back(named);
    containers_[container.document].back().key = container.key;
  }
}

const log::Header* FoundErasures::BegunWith(const Examination& exam,
                                            const log::RecordId& document) {
  if (began_.empty())
    for (const FoundFeed& feed : exam.feeds)
      if (!exam.IsRoot(feed.key.space))
        for (const FeedItem& item : feed.items)
          began_.emplace(DocumentBegunBy(item.id), &item.header);
  const auto it = began_.find(document);
  return it == began_.end() ? nullptr : it->second;
}

bool FoundErasures::May(const Examination& exam, const Named& named,
                        const log::Header* written) const {
  if (named.decided) return true;
  const auto org = exam.root->OrgAt(named.device, named.basis);
  const auto owns =
      written == nullptr ? std::nullopt : exam.root->OrgAt(written->device, named.basis);
  if (!org || !owns) return false;
  if (owns == org) return true;
  if (!exam.root->IsActiveAt(*org, named.basis) || exam.root->IsMemberAt(*owns, named.basis))
    return false;
  // Gone is who was a member when this was written: not who comes later.
  const std::vector<log::EntryId> then = BasisOf(*written);
  return std::all_of(then.begin(), then.end(), [&](const log::EntryId& past) {
    return exam.root->InPast(named.basis, past);
  });
}

bool FoundErasures::MayEntry(const Examination& exam, const Named& named, const log::Header& header,
                             const std::optional<log::RecordId>& document) {
  const auto org = exam.root->OrgAt(named.device, named.basis);
  if (org && exam.root->OrgAt(header.device, named.basis) == org) return true;
  if (document) return May(exam, named, BegunWith(exam, *document));
  // Whose record it belongs to is not known.
  return header.kind == "change" ? named.decided : May(exam, named, &header);
}

std::optional<crdt::RootKey> FoundErasures::KeyOf(crdt::ContainerId container,
                                                  const crdt::Schema& schema) const {
  while (true) {
    const auto name = crdt::ParseContainerId(container);
    if (!name || name->kind != crdt::ContainerName::Kind::kCreated) return crdt::kNowhereKey;
    const auto maker = changes_.find(log::EntryId{name->change.bytes});
    if (maker == changes_.end()) return std::nullopt;
    const auto decoded = crdt::DecodeChange(FieldsOf(maker->second), schema);
    if (!decoded) return crdt::kNowhereKey;
    crdt::Lies lies = crdt::WhereMade(decoded->edits, schema, name->event);
    if (lies.key) return lies.key;
    container = std::move(lies.in);
  }
}

std::set<std::uint32_t> FoundErasures::FieldsUnder(const log::RecordId& document,
                                                   const log::Body& body,
                                                   const std::set<std::string>& keys) const {
  std::set<std::uint32_t> erased;
  const auto schema = schemas_.find(document);
  if (keys.empty() || schema == schemas_.end() || schema->second == nullptr) return erased;
  const auto decoded = crdt::DecodeChange(FieldsOf(body), *schema->second);
  std::optional<std::vector<std::set<crdt::RootKey>>> fields(
      std::in_place, body.slots.size() - 1, std::set<crdt::RootKey>{crdt::kNowhereKey});
  if (decoded)
    fields = crdt::KeysOfFields(
        decoded->edits, *schema->second,
        [&](const crdt::ContainerId& container) { return KeyOf(container, *schema->second); });
  for (std::uint32_t i = 0; fields && i < fields->size(); ++i)
    for (const crdt::RootKey& key : (*fields)[i])
      if (key == crdt::kNowhereKey || keys.contains(key)) erased.insert(i + 1);
  return erased;
}

std::size_t FoundErasures::CountIn(const Examination& exam, const log::Header& header,
                                   const log::EntryId& entry, const log::Body& body) {
  if (!exam.root || (named_.empty() && documents_.empty() && containers_.empty())) return 0;
  const auto head = header.kind == "change" ? HeadOf(body) : std::nullopt;
  const auto document = head ? std::optional(DocumentOf(entry, *head)) : std::nullopt;
  std::set<std::uint32_t> erased;
  if (const auto it = named_.find(entry); it != named_.end())
    for (const Named& named : it->second)
      if (MayEntry(exam, named, header, document))
        erased.insert(named.fields.begin(), named.fields.end());
  if (const auto it = document ? documents_.find(*document) : documents_.end();
      it != documents_.end())
    for (const Named& named : it->second)
      if (May(exam, named, BegunWith(exam, *document)))
        for (std::uint32_t i = 0; i < header.fields; ++i) erased.insert(i);
  if (const auto it = document ? containers_.find(*document) : containers_.end();
      it != containers_.end()) {
    std::set<std::string> keys;
    for (const Named& named : it->second)
      if (!std::binary_search(head->erasures.begin(), head->erasures.end(),
                              crdt::ErasureId{named.erasure.bytes}) &&
          May(exam, named, BegunWith(exam, *document)))
        keys.insert(named.key);
    erased.merge(FieldsUnder(*document, body, keys));
  }
  return static_cast<std::size_t>(std::count_if(erased.begin(), erased.end(), [&](std::uint32_t i) {
    return i >= log::FirstErasable(header) && i < body.slots.size() &&
           !std::holds_alternative<log::Field>(body.slots[i]);
  }));
}

}  // namespace geflecht::audit
