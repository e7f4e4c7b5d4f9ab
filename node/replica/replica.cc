#include "node/replica/replica.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/domain/organisation.h"
#include "node/governance/kinds.h"
#include "node/replica/records.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::replica {

Replica::Replica(const log::Founding& founding, Self self, const store::View& durable,
                 Random& random)
    : founding_(founding),
      root_space_(log::RootSpace(founding.network())),
      network_space_(log::NetworkSpace(founding.network())),
      council_(founding,
               [this](const log::EntryId& entry) {
                 auto body = EvidenceInRoot(entry);
                 // Nothing that a node offers may rest on a guess: a store that fails ends it.
                 CHECK(body.has_value() && body->has_value());
                 return **std::move(body);
               }),
      self_(self),
      random_(random),
      view_(durable),
      documents_(view_, {self.key->public_key().bytes},
                 [this](const log::Header& header) {
                   return council_.OrgAt(header.device, header.basis);
                 }),
      erasures_(view_),
      announced_(view_),
      erase_receipts_(view_),
      expunging_(view_) {}

Result<std::unique_ptr<Replica>> Replica::Load(const log::Founding& founding, Self self,
                                               const store::View& durable, Random& random) {
  if (!founding.Missing().empty())
    return Fail(Code::kNotPermitted, "not every founder has signed the charter");
  std::unique_ptr<Replica> replica(new Replica(founding, self, durable, random));
  for (const log::SpaceId& space : {replica->root_space_, replica->network_space_}) {
    ASSIGN(SpaceLog log, SpaceLog::Load(space, replica->view_));
    replica->logs_.emplace(space, std::move(log));
    TRY(replica->erase_receipts_.Load(space));
  }
  TRY(replica->documents_.index().Load(replica->network_space_));
  TRY(replica->expunging_.Load());
  TRY(replica->LoadPapers(replica->logs_.at(replica->network_space_)));
  SpaceLog& root = replica->logs_.at(replica->root_space_);
  if (root.last_arrival() == 0) {
    const log::Header& header = founding.charter.header;
    const Admitted admitted = replica->AdmitVerified(
        root, {founding.charter}, {header.feed(), 0, 0, {}, false}, Writer::kSelf);
    if (admitted.outcome != Outcome::kNew)
      return Fail(Code::kVerification, "the founding charter: " + admitted.reason);
    replica->AdmitBodyAt(root, {header.feed(), header.seq}, founding.body, {});
  }
  TRY(replica->LoadCouncil(root));
  for (const auto& [space, log] : replica->logs_)
    TRY(replica->announced_.Load(space, replica->members()));
  TRY(replica->LoadCircles());
  for (const auto& [space, log] : replica->logs_)
    if (!log.circle()) TRY(replica->FindForks(log));
  ASSIGN(const auto ended, replica->view_.Get(MetaKey("life-ended")));
  if (ended) replica->self_.life_ended = true;
  ASSIGN(const auto restored, replica->view_.Get(MetaKey("restored")));
  replica->restored_ = restored.has_value() || replica->self_.life_ended;
  std::optional<Error> error;
  for (const log::SpaceId& space : replica->DocumentSpaces()) {
    if (!replica->MayWriteIn(space) && space != replica->network_space_) continue;
    const store::Key drafts = DraftKey(space, 0);
    TRY(replica->view_.Scan(drafts.table, drafts.group, 0, [&](const store::Record& record) {
      auto document = DraftDocument(record.value);
      if (!document) {
        error = document.error();
        return false;
      }
      replica->drafts_.Found(*document);
      return true;
    }));
    if (error) return Fail(*error);
  }
  return replica;
}

Result<void> Replica::LoadCouncil(const SpaceLog& root) {
  constexpr std::size_t kAtOnce = 256;
  for (std::uint64_t from = 1; from <= root.last_arrival();) {
    ASSIGN(const auto stored, root.Arrivals(from, kAtOnce));
    if (stored.empty()) return Fail(Code::kCorruption, "an entry of the root space is gone");
    for (const codec::StoredEntry& item : stored) {
      council_.Append(item.entry);
      if (item.entry.header.fields == 0) continue;
      ASSIGN(const auto body, item.body_here ? root.BodyOf(item) : root.EvidenceOf(item));
      if (item.body_here && !body)
        return Fail(Code::kCorruption, "a body of the root space is gone");
      if (body) council_.AddBody(item.entry.id, *body);
    }
    from = stored.back().arrival + 1;
  }
  council_.TakeCounted();
  TRY(LoadAnswers());
  seen_members_ = members();
  // Its votes may have come before the process ended.
  constexpr std::size_t kLookedAtAgain = 256;
  const auto& proposals = council_.OfKind(governance::kProposal);
  const std::size_t from = proposals.size() - std::min(proposals.size(), kLookedAtAgain);
  voted_on_.insert(proposals.begin() + static_cast<std::ptrdiff_t>(from), proposals.end());
  return {};
}

SpaceLog* Replica::FindLog(const log::SpaceId& space) {
  const auto it = logs_.find(space);
  return it == logs_.end() ? nullptr : &it->second;
}

void Replica::NotePartnerIsEqual() {
  if (!std::exchange(restored_, false)) return;
  view_.Delete(MetaKey("restored"));
  decisions_changed_ = true;
}

const SpaceLog& Replica::Log(const log::SpaceId& space) const { return logs_.at(space); }

Result<std::optional<codec::StoredEntry>> Replica::EntryOf(const log::EntryId& id) const {
  for (const auto& [space, log] : logs_) {
    ASSIGN(auto stored, log.EntryOf(id));
    if (stored) return stored;
  }
  return std::optional<codec::StoredEntry>();
}

// ---- documents

Result<crdt::DocumentId> Replica::Create(std::string_view type, const Edits& edits, Time now,
                                         const std::optional<log::SpaceId>& space) {
  const crdt::Schema* schema = domain::FindSchema(type, domain::kSchemaVersion);
  if (schema == nullptr) return Fail(Code::kUsage, "no document type of this name");
  TRY(CheckMayWriteIn(space.value_or(network_space_)));
  SpaceLog& log = *FindLog(space.value_or(network_space_));
  crdt::Document document(*schema, {self().bytes});
  TRY(document.Edit(edits));
  if (!document.HasOpen()) return Fail(Code::kUsage, "a document needs a first edit");
  const crdt::Document::Cut cut = document.TakeOpen();
  auto reason = domain::WhyNotMade(/*first_change=*/true, cut.edits);
  if (!reason && type == domain::kOrganisation)
    reason = domain::OrganisationVoidReason(/*first_change=*/true, /*own=*/true, cut.edits);
  if (reason) return Fail(Code::kUsage, "the record is not complete: " + *reason);

  log::Body body;
  const crdt::ChangeHead head{{}, std::string(type), schema->version, {}, 0, {}};
  for (crdt::EncodedField& field : crdt::EncodeChange(head, cut.edits, *schema))
    body.slots.emplace_back(log::MakeField(std::move(field.name), std::move(field.value), random_));
  TRY(log::CheckBody(body));
  ASSIGN(const log::EntryId entry, WriteOwn(log, {"change", std::nullopt, &body}, now));
  return DocumentIdOf(entry);
}

Result<std::optional<log::OrgId>> Replica::OrgOfDocument(const crdt::DocumentId& id) {
  return documents_.OrgOf(LogOf(id), id);
}

Result<const OpenDocument*> Replica::Open(const crdt::DocumentId& id) {
  ASSIGN(OpenDocument * open, documents_.Open(LogOf(id), id));
  if (drafts_.Has(id) && !open->document.HasOpen()) TRY(RestoreDraft(*open));
  return static_cast<const OpenDocument*>(open);
}

Result<void> Replica::Edit(const crdt::DocumentId& id, const Edits& edits, Time now) {
  TRY(CheckMayWrite());
  TRY(CheckNotErased(id));
  TRY(Open(id));
  TRY(CheckMayWriteIn(documents_.FindOpen(id)->info.space));
  TRY(CutConcurrentDraft(id, now));
  TRY(JoinHeads(id, now));
  OpenDocument& open = *documents_.FindOpen(id);
  const std::uint64_t before = open.document.OpenEvents();
  TRY(open.document.Edit(edits));
  if (open.document.OpenEvents() == before) return {};
  return KeepDraft(open, now);
}

Result<void> Replica::CheckDraft(const OpenDocument& open) {
  log::Header header;
  header.device = self();
  header.basis = council_.tips();
  ASSIGN(auto reason, documents_.WhyVoid(*FindLog(open.info.space), open, header, /*first=*/false,
                                         open.document.OpenEdits()));
  if (!reason) reason = domain::WhyNotMade(/*first_change=*/false, open.document.OpenEdits());
  if (!reason) return {};
  return Fail(
      Code::kUsage, "the change would have no effect: " + *reason,
      *reason == "another-organisation" ? "hint.organisation-of-another" : "hint.envelope-stays");
}

Result<void> Replica::KeepDraft(OpenDocument& open, Time now) {
  if (auto fits = CheckDraft(open); !fits) {
    documents_.Forget(open.info.id);
    return Fail(fits.error());
  }
  ASSIGN(const auto bytes, SaveDraft(open));
  if (!bytes) {
    ASSIGN(const auto known, ErasuresKnownTo(Log(open.info.space), open.info.id));
    const bool crowded = known.size() * crdt::ChangeId::kSize > limits::kFieldBytesMax / 2;
    // Back to the state in front of this call, which the store still has.
    documents_.Forget(open.info.id);
    return Fail(Code::kTooLarge, "one edit holds more than a change may",
                crowded ? "hint.document-crowded" : "");
  }
  drafts_.Touch(open.info.id, now.mono_ms);
  if (open.document.OpenEdits().size() >= limits::kEditsPerChangeMax ||
      *bytes > limits::kDraftBytesMax)
    return CutOpen(open, now);
  return {};
}

Result<void> Replica::Resolve(const crdt::DocumentId& id, std::string_view path, std::size_t n,
                              Time now) {
  TRY(CheckMayWrite());
  TRY(CheckNotErased(id));
  TRY(Open(id));
  TRY(CheckMayWriteIn(documents_.FindOpen(id)->info.space));
  TRY(CutConcurrentDraft(id, now));
  TRY(JoinHeads(id, now));
  OpenDocument& open = *documents_.FindOpen(id);
  TRY(open.document.Resolve(path, n));
  return KeepDraft(open, now);
}

Result<std::optional<std::size_t>> Replica::SaveDraft(const OpenDocument& open) {
  ASSIGN(auto erasures, ErasuresKnownTo(Log(open.info.space), open.info.id));
  const DraftRecord draft{open.info.id, open.document.heads(), open.document.OpenEdits(),
                          std::move(erasures)};
  const log::Body body = DraftBody(draft, open.document.schema());
  Bytes bytes = codec::EncodeBody(body);
  const std::size_t size = bytes.size();
  if (size > limits::kFieldBytesMax || body.slots.size() > limits::kFieldsMax ||
      draft.edits.size() > limits::kEditsPerChangeHardMax)
    return std::optional<std::size_t>();
  view_.Put(DraftKey(open.info.space, open.first_arrival), std::move(bytes));
  return std::optional(size);
}

Result<DraftRecord> Replica::ReadDraft(const OpenDocument& open) const {
  ASSIGN(const auto bytes, view_.Get(DraftKey(open.info.space, open.first_arrival)));
  if (!bytes) return Fail(Code::kCorruption, "the draft of a document is gone");
  return DecodeDraft(*bytes, open.document.schema());
}

Result<void> Replica::RestoreDraft(OpenDocument& open) {
  ASSIGN(DraftRecord draft, ReadDraft(open));
  // A draft that could not be cut when others wrote stays concurrent to what they wrote.
  ASSIGN(const auto erasures, ErasuresKnownTo(Log(open.info.space), open.info.id));
  if (draft.heads != open.document.heads() || draft.erasures != erasures) return {};
  // So does one that does not fit any more, for what has been erased since.
  const auto restored = open.document.RestoreOpen(std::move(draft.edits));
  return restored || !FailsTheStore(restored.error().code) ? Result<void>() : restored;
}

Result<void> Replica::CutConcurrentDraft(const crdt::DocumentId& id, Time now) {
  OpenDocument& open = *documents_.FindOpen(id);
  if (!drafts_.Has(id) || open.document.HasOpen()) return {};
  TRY(CutOpen(open, now));
  TRY(Open(id));
  return {};
}

Result<void> Replica::CutOpen(OpenDocument& open, Time now) {
  SpaceLog& log = *FindLog(open.info.space);
  const crdt::DocumentId id = open.info.id;
  TRY(PrepareToWrite(log, now));
  crdt::Document::Cut cut;
  std::vector<crdt::ErasureId> known;
  if (open.document.HasOpen()) {
    cut = open.document.TakeOpen();
    ASSIGN(known, ErasuresKnownTo(log, id));
  } else {
    ASSIGN(DraftRecord draft, ReadDraft(open));
    cut = {std::move(draft.heads), std::move(draft.edits)};
    known = std::move(draft.erasures);
  }
  ASSIGN(const log::Body body, ChangeBody(log, open, cut, known));
  view_.Delete(DraftKey(open.info.space, open.first_arrival));
  drafts_.Done(id);
  TRY(WriteOwn(log, {"change", std::nullopt, &body}, now));
  return {};
}

Result<void> Replica::Cut(const crdt::DocumentId& id, Time now) {
  if (!drafts_.Has(id) || !CheckMayWrite()) return {};
  TRY(Open(id));
  OpenDocument& open = *documents_.FindOpen(id);
  if (MayWriteIn(open.info.space)) {
    auto cut = CutOpen(open, now);
    if (cut) return cut;
    // It is as it was stored, and tried again as if it had been typed now.
    documents_.Forget(id);
    if (drafts_.Has(id)) drafts_.Postpone(id, now.mono_ms);
    return cut;
  }
  // The organisation has lost its seat: what was typed since is shown no more.
  drafts_.Done(id);
  documents_.Forget(id);
  return {};
}

Result<void> Replica::CutFirst(const crdt::DocumentId& id, Time now) {
  auto cut = Cut(id, now);
  if (!cut && FailsTheStore(cut.error().code)) return cut;
  if (drafts_.Has(id)) documents_.Forget(id);
  return {};
}

Result<void> Replica::CutAll(Time now) {
  for (const crdt::DocumentId& id : drafts_.All()) TRY(Cut(id, now));
  return {};
}

Result<void> Replica::CutDue(Time now) {
  Result<void> all;
  for (const crdt::DocumentId& id : drafts_.Due(now.mono_ms)) {
    auto cut = Cut(id, now);
    if (!cut && FailsTheStore(cut.error().code)) return cut;
    if (!cut) all = std::move(cut);  // the others are cut all the same
  }
  return all;
}

std::optional<std::int64_t> Replica::NextCutMs() const {
  return CheckMayWrite() ? drafts_.NextDueMs() : std::nullopt;
}

Result<std::uint64_t> Replica::CountConflicts() {
  std::uint64_t conflicts = 0;
  ASSIGN(const auto documents, ListBranched());
  for (const codec::StoredDocument& info : documents) {
    const auto known = conflict_counts_.find(info.id);
    if (known != conflict_counts_.end() && !drafts_.Has(info.id)) {
      conflicts += known->second;
      continue;
    }
    const auto open = Open(info.id);
    if (!open && open.error().code != Code::kFormatVersion) return Fail(open.error());
    const bool counts = open && !(*open)->void_reason;
    const std::uint64_t found = counts ? (*open)->document.Contests().size() : 0;
    conflict_counts_[info.id] = found;
    conflicts += found;
  }
  return conflicts;
}

Result<std::vector<ChangeInfo>> Replica::History(const crdt::DocumentId& id) {
  TRY(Open(id));
  const OpenDocument& open = *documents_.FindOpen(id);
  std::map<crdt::ChangeId, std::string> voids = open.voids;
  for (const crdt::Document::Void& item : open.document.Voids())
    voids.try_emplace(item.change, item.reason);
  const SpaceLog& log = LogOf(id);
  ASSIGN(const auto changes, documents_.Changes(log, id));
  std::vector<ChangeInfo> history;
  for (const codec::StoredEntry& stored : changes) {
    ChangeInfo info{stored.entry.id, stored.entry.header.device, {}, stored.entry.header.time_s, {},
                    std::nullopt};
    if (const auto* member = members().EverByDevice(info.device)) info.organisation = member->name;
    ASSIGN(const auto body, log.BodyOf(stored));
    if (auto decoded = DecodeBody(log, stored, *body, open.document.schema()))
      info.edits = std::move(decoded->change.edits);
    if (const auto it = voids.find({info.id.bytes}); it != voids.end())
      info.void_reason = it->second;
    history.push_back(std::move(info));
  }
  return history;
}

// ---- batches

store::SharedBatch Replica::TakeBatch(std::uint64_t ticket) {
  documents_.index().Save();
  for (auto& [space, log] : logs_) log.BatchTaken(ticket);
  return view_.TakeBatch(ticket);
}

std::vector<log::SpaceId> Replica::Persisted(std::uint64_t ticket) {
  view_.Persisted(ticket);
  if (expunging_.Persisted(ticket)) erase_receipts_.PassEnded();
  std::vector<log::SpaceId> changed;
  for (auto& [space, log] : logs_)
    if (log.Persisted(ticket)) changed.push_back(space);
  return changed;
}

}  // namespace geflecht::replica
