// The write path: one function admits entries, whether made here or received. Everything decided
// lies in an open batch until TakeBatch; what others are offered is durable.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "node/governance/audit_request.h"
#include "node/governance/bodies.h"
#include "node/governance/frozen.h"
#include "node/governance/members.h"
#include "node/log/erase.h"
#include "node/replica/anchor.h"
#include "node/replica/announced.h"
#include "node/replica/answers.h"
#include "node/replica/council.h"
#include "node/replica/documents.h"
#include "node/replica/drafts.h"
#include "node/replica/erase_receipts.h"
#include "node/replica/erasures.h"
#include "node/replica/expunging.h"
#include "node/replica/forks.h"
#include "node/replica/pending.h"
#include "node/replica/quarantine.h"
#include "node/replica/results.h"
#include "node/replica/self.h"
#include "node/replica/space_papers.h"

namespace geflecht::replica {

// Not thread-safe. Functions that return an error from the store leave the open batch unusable: the
// caller must end the node.
class Replica {
 public:
  // `founding` is complete. On an empty store the charter is put into the open batch. Open edits
  // that an earlier process left are cut at the next CutDue. `durable` and `random` outlive the
  // replica.
  static Result<std::unique_ptr<Replica>> Load(const log::Founding& founding, Self self,
                                               const store::View& durable, Random& random);

  // As decided by what the root space holds. A reference is valid until something is admitted.
  const governance::Members& members() const { return council_.members(); }
  const Council& council() const { return council_; }
  // Whether other devices are members since the last call, or may read other spaces.
  bool TakeMembersChanged() { return std::exchange(members_changed_, false); }
  const log::DeviceId& self() const { return self_.key->public_key(); }
  const log::LifeId& life() const { return self_.life; }
  // The next own entry begins a new life.
  bool life_ended() const { return self_.life_ended; }
  // This device's newest entry, in the open batch or before; nothing if it wrote none in this life.
  const std::optional<Anchor::Last>& last_own() const { return last_own_; }
  const log::Founding& founding() const { return founding_; }

  // ---- entries of others
  // `from` is the peer that sent the run: what waits takes its share of the room.
  Admitted Admit(const log::SpaceId& space, const codec::Run& run, const log::DeviceId& from = {});
  // The same for what this device once held: it stood.
  Admitted AdmitSalvaged(const log::SpaceId& space, const codec::Run& run);
  // Govern writes nothing while a store is being put together.
  void SetSalvaging(bool salvaging) { salvaging_ = salvaging; }
  // Bodies that do not give their entries' roots are refused; those of unknown entries are dropped.
  Admitted AdmitBodies(const log::SpaceId& space, const codec::Bodies& bodies, Time now);
  // ---- erasures that are announced (locking.cc)
  // Locks what the erasures name which are not in the log: it is neither shown nor served until
  // they are, and then erased or, if they count for nothing, as before. kRejected for what does not
  // verify, kWaiting if there was no room for some. `from` has sent them.
  Admitted Lock(const log::SpaceId& space, const codec::Erasures& erasures,
                const log::DeviceId& from, Time now);
  std::size_t announced_erasures() const { return announced_.size(); }
  std::size_t announced_bytes() const { return announced_.bytes(); }
  // Erasures of the log from an arrival number on, ascending, at most `max`.
  Result<std::vector<codec::StoredEntry>> ErasuresIn(const log::SpaceId& space, std::uint64_t from,
                                                     std::size_t max) const;
  std::size_t pending_entries() const { return pending_.entries(); }
  std::size_t quarantined_entries() const { return quarantine_.entries(); }

  // ---- own edits
  using Edits = std::function<Result<void>(crdt::Transaction&)>;
  // A new document of `type`, whose first change is cut at once; in the network space or another
  // one that this organisation writes in.
  Result<crdt::DocumentId> Create(std::string_view type, const Edits& edits, Time now,
                                  const std::optional<log::SpaceId>& space = std::nullopt);
  // Edits a document; durable with the batch, sent when the change is cut.
  Result<void> Edit(const crdt::DocumentId& id, const Edits& edits, Time now);
  Result<void> Resolve(const crdt::DocumentId& id, std::string_view path, std::size_t n, Time now);
  Result<void> Cut(const crdt::DocumentId& id, Time now);
  Result<void> CutAll(Time now);
  Result<void> CutDue(Time now);
  std::optional<std::int64_t> NextCutMs() const;  // mono
  // ---- erasures (own_erasures.cc). kNotPermitted with a hint for evidence, for a record that is
  // restricted, and for whoever may not (docs/formats/erasure.md). CheckErase writes nothing.
  Result<log::EntryId> Erase(const log::SpaceId& space, const log::Erasure& erasure, Time now);
  Result<void> CheckErase(const log::SpaceId& space, const log::Erasure& erasure);
  // All fields of an entry that can be erased.
  Result<log::EraseTarget> AllOf(const log::EntryId& entry) const;
  // A document with all that was and will be written in it, or what is written under one key of its
  // root map without knowing of this. Values of other keys that go with it are written anew before.
  // Returns the erase entries; kNotFound if there is nothing left, kConflict if such a value is in
  // conflict.
  Result<std::vector<log::EntryId>> EraseDocument(const crdt::DocumentId& id,
                                                  const std::optional<std::string>& field,
                                                  std::string_view reason, Time now);
  // What a proposal would name that asks for the same: a document, or one field of it. kUsage with
  // a hint for a field that its type does not declare.
  Result<log::Erasure> ErasureOf(const crdt::DocumentId& id, const std::optional<std::string>& key,
                                 std::string_view reason);
  // Whether it is erased as a whole: nothing that is written into it is kept.
  Result<bool> IsErased(const crdt::DocumentId& id);
  // ---- receipts of erasures (erase_status.cc). kNotFound if there is no such erasure here.
  Result<ErasureStanding> StandingOf(const log::EntryId& erasure) const;
  // Those that name the document or changes of it, in the order in which they came.
  Result<std::vector<log::EntryId>> ErasuresOf(const crdt::DocumentId& document);
  // Writes fork.evidence for forks that nobody has proven after a while.
  Result<void> GiveEvidence(Time now);
  std::optional<std::int64_t> NextEvidenceMs() const;  // mono
  // ---- decisions (decide.cc). kNotFound if there is no such proposal.
  // kUsage, kNotPermitted with a hint if it could never be decided.
  Result<log::EntryId> Propose(const governance::ProposalBody& proposal, Time now);
  Result<log::EntryId> Vote(const log::EntryId& proposal, const governance::VoteBody& vote,
                            Time now);
  Result<log::EntryId> Comment(const log::EntryId& proposal, std::string_view text, Time now);
  // This organisation knows a version of the rules: what it is about is the charter or a proposal
  // that changed them. kNotFound for anything else.
  Result<log::EntryId> Acknowledge(const log::EntryId& about, Time now);
  // Writes the certificate; kNotPermitted with a hint while the rule is not met.
  Result<log::EntryId> Enact(const log::EntryId& proposal, Time now);
  // This organisation leaves, at once and for good.
  Result<log::EntryId> Leave(Time now);
  // A further device of any organisation, certified by its present root key.
  Result<log::EntryId> AddDevice(const governance::DeviceAddBody& add, Time now);
  // A device of this organisation.
  Result<log::EntryId> RevokeDevice(const log::DeviceId& device, Time now);
  // Proposes to close what has been decided. kNotFound, kConflict with a hint if there is nothing
  // to seal, or a provisional decision whose deadline has not passed.
  Result<log::EntryId> ProposeSeal(Time now);
  // Asks every member for an entry that shows what it knows (answering.cc). kNotFound: a space.
  Result<log::EntryId> RequestAudit(const governance::AuditRequestBody& request, Time now);
  // What a proposal, vote or comment says; nothing while its body is not here.
  Result<std::optional<log::Body>> RootBodyOf(const log::EntryId& entry) const;
  // Writes what is due without anybody's asking: references to what deprived devices have written,
  // certificates of decisions that are made, seals and votes for them.
  Result<void> Govern(Time now);
  std::optional<std::int64_t> NextGovernMs() const;  // mono

  // ---- persons and papers (sign_papers.cc)
  // Somebody who may sign for this organisation. kUsage, kVerification.
  Result<log::EntryId> AddPerson(const governance::PersonAddBody& person, Time now);
  Result<log::EntryId> EndPerson(const log::EntryId& mandate, Time now);  // a person.add
  // Of a space of documents that is held; of all of them, the network space first. Papers are valid
  // until something is admitted.
  const Papers& papers(const log::SpaceId& space) const { return papers_.at(space).papers; }
  std::vector<const Paper*> AllPapers() const;
  const Paper* FindPaper(const log::EntryId& id) const;  // nullptr
  // Nothing while it is not here.
  Result<std::optional<log::Body>> BodyOf(const Paper& paper) const;
  // For which its device signed; nothing if there is none.
  std::optional<log::OrgId> OrgOf(const Paper& paper) const;
  Result<log::EntryId> Freeze(const governance::Frozen& frozen, const log::SpaceId& space,
                              Time now);
  Result<governance::Frozen> FrozenText(const log::EntryId& freeze) const;  // or an amend
  // ---- agreements (agreements.cc). kNotFound if there is no such version.
  // Reads the papers that came since the last call; by id of the freeze.
  Result<std::vector<governance::Agreement>> Agreements();
  Result<governance::Agreement> AgreementOf(const log::EntryId& version);
  // kUsage, kNotPermitted, kConflict with a hint if it would count for nothing.
  Result<void> CheckAgreement(const governance::Frozen& frozen, const log::SpaceId& space);
  Result<log::EntryId> Amend(const log::EntryId& version, const governance::Frozen& frozen,
                             Time now);
  Result<log::EntryId> Sign(const log::EntryId& version, const governance::SignBody& sign,
                            Time now);
  Result<log::EntryId> GiveNotice(const log::EntryId& version, const governance::NoticeBody& notice,
                                  Time now);

  // A partner has the same entries of the root space, none of this device that are newer: what a
  // restored directory had forgotten is here again.
  void NotePartnerIsEqual();

  // The device was restored or copied more often than its key allows: it can read and pass on, and
  // what it has open stays open. Edits are refused with kNotPermitted.
  bool LivesUsedUp() const;

  // ---- spaces that decisions have founded (circles.cc)
  // What the clock says: observers read until a day. True if one ceased to read since the last
  // call.
  bool NoteTime(Time now);
  // To which `peer` is entitled now, as far as they are held here and this device is entitled too;
  // the root space first.
  std::vector<log::SpaceId> SpacesFor(const log::DeviceId& peer) const;
  // Where documents lie that are held here, the network space first; also spaces in which this
  // organisation has no seat any more.
  std::vector<log::SpaceId> DocumentSpaces() const;
  bool MayWriteIn(const log::SpaceId& space) const;
  // In which a document lies; the network space if there is none of this id.
  const log::SpaceId& SpaceOf(const crdt::DocumentId& id) { return LogOf(id).space(); }
  // Keeps what comes of a space that a decision has founded, whether or not this organisation has a
  // seat in it. For what this device once held.
  Result<void> Hold(const log::SpaceId& space);

  // ---- reading, with what lies in batches under way
  // Of all spaces that are held here, the network space first.
  Result<std::vector<codec::StoredDocument>> ListDocuments() const;
  DocumentIndex::Counts DocumentCounts() const;
  DocumentIndex::Counts DocumentCounts(const log::SpaceId& space) const {  // that is held
    return documents_.index().counts(space);
  }
  Result<std::vector<codec::StoredDocument>> ListDocuments(std::string_view type) const;
  // All documents that hold conflicts, and some that do not.
  Result<std::vector<codec::StoredDocument>> ListBranched() const;
  // In all documents that this program can read. Opens only what has changed since the last call.
  Result<std::uint64_t> CountConflicts();
  Result<const OpenDocument*> Open(const crdt::DocumentId& id);
  // The organisation whose device wrote the document's first change; nothing if that is not here.
  Result<std::optional<log::OrgId>> OrgOfDocument(const crdt::DocumentId& id);
  // In causal order: a change never stands in front of its parents.
  Result<std::vector<ChangeInfo>> History(const crdt::DocumentId& id);
  Result<std::optional<codec::StoredEntry>> EntryOf(const log::EntryId& id) const;
  const SpaceLog& Log(const log::SpaceId& space) const;  // a space that members() knows
  bool Knows(const log::SpaceId& space) const { return logs_.contains(space); }
  bool HasDraft(const crdt::DocumentId& id) const { return drafts_.Has(id); }

  // ---- the open batch
  // Adds files of documents whose next opening would cost many changes. Not when the disk is full.
  Result<void> StageFiles() {
    return documents_.StageFiles(
        [&](const log::SpaceId& space) -> const SpaceLog& { return Log(space); });
  }
  // Groups of the store to be expunged when the batch with `ticket` is on the disk; now, if
  // HastenExpunging was called.
  std::vector<store::GroupName> TakeExpunge(Time now, std::uint64_t ticket) {
    auto groups = expunging_.TakeDue(now.mono_ms, ticket);
    if (!groups.empty()) erase_receipts_.PassBegins();
    return groups;
  }
  std::optional<std::int64_t> NextExpungeMs() const { return expunging_.NextDueMs(); }  // mono
  void HastenExpunging() { expunging_.Hasten(); }
  bool HasBatch() const { return view_.HasOpenBatch(); }
  store::SharedBatch TakeBatch(std::uint64_t ticket);
  // The spaces in which something new is durable now, ascending.
  std::vector<log::SpaceId> Persisted(std::uint64_t ticket);

 private:
  Replica(const log::Founding& founding, Self self, const store::View& durable, Random& random);

  Result<void> LoadCouncil(const SpaceLog& root);
  Result<void> LoadPapers(const SpaceLog& log);
  SpaceLog* FindLog(const log::SpaceId& space);
  // ---- circles.cc
  Result<void> LoadCircles();
  // Those in which this organisation has a seat now.
  Result<void> OpenCircles();
  bool HasSeatIn(const governance::SpaceState& space) const;
  Result<void> CheckMayWriteIn(const log::SpaceId& space) const;
  Result<void> CheckSpace(const governance::ChangeSpace& change) const;
  SpaceLog& LogOf(const crdt::DocumentId& document);  // the network space's if there is none
  // kStanding: an entry that stands refers to the run, whether or not its device is entitled now.
  enum class Writer { kSelf, kOther, kStanding };
  Admitted AdmitOnce(const log::SpaceId& space, const codec::Run& run, Writer writer);
  // A run that may begin with entries that are here.
  Admitted AdmitRest(SpaceLog& log, log::Run run, SpaceLog::Front front, Writer writer);
  // The one way into the log.
  Admitted AdmitVerified(SpaceLog& log, log::Run run, const SpaceLog::Front& front, Writer writer);
  Admitted AdmitPart(SpaceLog& log, log::Run run, const SpaceLog::Front& front, Writer writer);
  void Wait(Pending::Item item, const Admitted& admitted);
  // Admits what waited for entries that are here now.
  void ReleasePending();
  // The entries that the run refers to and that are not here, ascending.
  Result<std::vector<codec::ShortId>> MissingCauses(const SpaceLog& log, const log::Run& run) const;
  // A body of whichever entry stands at the position; of `stored`, whose root it gives.
  Admitted AdmitBodyAt(SpaceLog& log, const codec::Position& at, const log::Body& body, Time now);
  Admitted AdmitBody(SpaceLog& log, codec::StoredEntry stored, const log::Body& offered, Time now);

  // ---- erasures: who may (erase_rights.cc)
  // Whether `erase` counts for an entry, of a document if one is given: its organisation has
  // written the entry or the document's first change, stands for one that is gone, or a decision
  // asks for it. Judged by the basis of `erase`.
  Result<bool> MayErase(const SpaceLog& log, const log::Entry& erase, const log::Entry& target,
                        const std::optional<crdt::DocumentId>& document) const;
  // The same for a document as a whole: who wrote a single entry of it has no say.
  Result<bool> MayEraseRecord(const SpaceLog& log, const log::Entry& erase,
                              const crdt::DocumentId& document) const;
  // Its writer is no member any more since then, and the eraser's organisation an active one.
  bool StandsForGone(const log::Entry& erase, const log::Entry& written) const;
  // A decision asks for exactly this, and is effective in front of it.
  Result<bool> IsDecided(const log::Entry& erase) const;
  Result<std::optional<log::Body>> EvidenceInRoot(const log::EntryId& entry) const;

  // ---- erasures: what becomes of them (erasing.cc)
  Result<log::Entry> ErasureAt(const SpaceLog& log, std::uint64_t arrival) const;
  Result<bool> IsErasedIn(const SpaceLog& log, const crdt::DocumentId& document) const;
  Result<void> CheckNotErased(const crdt::DocumentId& id);
  // The fields of the body that lie in one of `containers` and do not name its erasure.
  Result<ErasedFields> FieldsIn(const ErasedContainers& containers, const SpaceLog& log,
                                const crdt::DocumentId& document, const log::Body& body) const;
  // The fields that erasures which count name; `body` is whatever there is of the entry's.
  Result<ErasedFields> ErasedFieldsOf(const SpaceLog& log, const log::Entry& target,
                                      const std::optional<crdt::DocumentId>& document,
                                      const ErasedDocument& of_document,
                                      const log::Body& body) const;
  // Takes them out of the stored body and what was made of it. False if more may follow when other
  // changes are here.
  Result<bool> EraseFrom(SpaceLog& log, const codec::StoredEntry& target,
                         const ErasedDocument& of_document, Time now);
  Result<bool> EraseFrom(SpaceLog& log, const codec::StoredEntry& target, Time now);
  // ---- judging.cc. Whether it counts for an entry; nothing while that depends on what lacks.
  Result<std::optional<bool>> JudgeEntry(const SpaceLog& log, const log::Entry& erase,
                                         const log::Entry* target,
                                         const std::optional<crdt::DocumentId>& document) const;
  // What was named of an entry that is here now, or of its document, before it could be judged.
  Result<void> JudgeNoted(const SpaceLog& log, const log::Entry& target,
                          const std::optional<crdt::DocumentId>& document);
  Result<void> JudgeNotedOf(const SpaceLog& log, const crdt::DocumentId& id,
                            const std::optional<crdt::DocumentId>& document);
  // What cannot be judged yet of one that comes, in a space of documents; whether it has room.
  Result<std::vector<Erasures::Named>> NotJudgedOf(const SpaceLog& log, const log::Entry& erase,
                                                   const log::Erasure& erasure) const;
  Result<bool> HasRoomToNote(const SpaceLog& log, const log::Entry& erase,
                             const log::Body& body) const;
  Result<void> EraseInDocument(SpaceLog& log, const crdt::DocumentId& document, Time now);
  Result<void> EraseEntry(SpaceLog& log, const log::EntryId& entry, Time now);
  Result<void> EraseWhatCountsNow(Time now);  // by erasures of the root space that count now
  Result<void> EraseDocuments(SpaceLog& log, const codec::StoredEntry& erase,
                              const log::Erasure& erasure, bool decided, Time now);
  // What an erasure that counts names of it, containers last.
  Result<void> EraseDocument(SpaceLog& log, const crdt::DocumentId& document,
                             std::vector<Erasures::Named> named, Time now);
  // A change is here that others may have waited for: the document's first, or one that made a
  // container.
  Result<void> EraseAgain(SpaceLog& log, const crdt::ChangeHead& head, const log::Body& body,
                          Time now);
  Result<void> DropDraft(const SpaceLog& log, const crdt::DocumentId& document, Time now);
  // Bodies of its changes whose leaves an erasure may explain now.
  Result<void> RetryAside(SpaceLog& log, const crdt::DocumentId& document, Time now);
  Result<void> ConfirmErasures(Time now);  // own receipts of what is expunged
  void NoteEraseReceipt(const SpaceLog& log, const codec::StoredEntry& receipt,
                        const log::Body& body);
  Result<void> ApplyErasure(SpaceLog& log, const codec::StoredEntry& erase, const log::Body& body,
                            Time now);
  Result<void> ForgetContent(SpaceLog& log, const codec::StoredEntry& target, Time now);
  // ---- announced ones (locking.cc)
  std::optional<log::OrgId> OrgNow(const log::DeviceId& device) const;  // whose it is or was
  Result<bool> MayLockRecord(const SpaceLog& log, const Announced::Item& item,
                             const crdt::DocumentId& document) const;
  Result<bool> MayLock(const SpaceLog& log, const Announced::Item& item, const log::Entry& target,
                       const std::optional<crdt::DocumentId>& document) const;
  Result<std::set<std::uint32_t>> LockedFieldsOf(
      const SpaceLog& log, const std::vector<const Announced::Item*>& items,
      const log::Entry& target, const std::optional<crdt::DocumentId>& document,
      const log::Body& body) const;
  Result<bool> IsLocked(const crdt::DocumentId& id);  // as a whole
  Result<bool> IsLockedBut(const SpaceLog& log, const crdt::DocumentId& id,
                           const log::EntryId& but) const;
  Result<void> LockNamed(const log::EntryId& erasure, Time now);
  Result<void> LockFrom(SpaceLog& log, const codec::StoredEntry& target, Time now);
  Result<void> LockFrom(SpaceLog& log, const codec::StoredEntry& target,
                        const std::vector<const Announced::Item*>& items, Time now);
  // What it has locked before it could be judged, if it counts for nothing.
  Result<void> GiveBack(const Announced::Item& item, Time now);
  // Of an entry something of which is locked: what is erased goes, what is locked no more comes
  // back. False if nothing is.
  Result<bool> SettleLock(SpaceLog& log, const codec::StoredEntry& target,
                          const std::set<std::uint32_t>& erased, Time now);
  Result<void> LockWhatIsKnownNow(Time now);  // as Announced::TakeKnown says
  // A body with leaves that no erasure explains, or of an erasure that has no room.
  Admitted KeepWithheld(SpaceLog& log, const codec::StoredEntry& stored,
                        const std::optional<crdt::DocumentId>& document, const log::Body& body);

  // ---- erasures: own ones (own_erasures.cc)
  log::Entry OwnErasure(const SpaceLog& log) const;  // as it would be judged, without a body
  Result<void> CheckMayErase(const SpaceLog& log, const log::EraseTarget& target) const;
  Result<void> CheckMayEraseRecord(const SpaceLog& log, const crdt::DocumentId& document) const;
  // Nothing of it is erased while its use is restricted.
  Result<void> CheckNotHeld(const crdt::DocumentId& document);
  // What erasures name that is not there, is evidence, or is under restriction; whoever asks.
  Result<void> CheckTargets(const SpaceLog& log, const log::Erasure& erasure);
  Result<ContentOfKey> ContentUnder(const crdt::DocumentId& id, const std::string& key);
  Result<std::vector<log::EntryId>> EraseWhole(const crdt::DocumentId& id, std::string_view reason,
                                               Time now);
  using Values = std::vector<std::pair<std::string, crdt::Value>>;  // by key of the root map
  // Values of these keys that stand in changes for which `goes` holds. kConflict.
  Result<Values> ValuesOf(const crdt::DocumentId& id, const std::set<std::string>& keys,
                          const std::function<bool(const crdt::ChangeId&)>& goes);
  // Values that this device wrote without knowing of an erasure, and which that takes with it.
  Result<Values> OwnValuesBeside(SpaceLog& log, const crdt::DocumentId& document);
  Result<void> WriteAnew(const crdt::DocumentId& id, const Values& values, Time now);
  // Erasures of containers of the document, ascending; of these, those that a change has to name.
  Result<std::vector<crdt::ErasureId>> ErasuresKnownTo(const SpaceLog& log,
                                                       const crdt::DocumentId& document);
  Result<std::vector<crdt::ErasureId>> ErasuresToName(const OpenDocument& open,
                                                      const std::vector<crdt::Edit>& edits,
                                                      const std::vector<crdt::ErasureId>& known);

  // ---- erasures that were decided (erase_decisions.cc)
  // What a proposal asks to erase, as an erasure that names it.
  Result<std::optional<log::Erasure>> DecidedErasure(const log::EntryId& proposal) const;
  Result<bool> IsCarriedOut(const SpaceLog& log, const log::EntryId& proposal) const;
  Result<void> NoteDecidedErasures(Time now);
  Result<void> CarryOutDecisions(Time now);
  Result<void> KeepBeside(const log::Erasure& erasure, Time now);

  // ---- who may write, and what stands (standing.cc)
  // What becomes of a run, whose causes are here, because of its writer; nothing: it may come in.
  // `before`: the basis in front of it.
  std::optional<Admitted> WhyNotEntitled(const SpaceLog& log, const log::Run& run,
                                         const std::vector<log::EntryId>& before) const;
  std::optional<Admitted> WhyNotEntitledInRoot(const log::Run& run) const;
  // The run's device is a member's no more, and nobody who is has referred to it.
  bool IsToBeQuarantined(const SpaceLog& log, const log::Run& run, Writer writer) const;
  // The same for a run that continues one which is in quarantine already.
  std::optional<Admitted> AdmitBehindQuarantine(const log::SpaceId& space, const codec::Run& run);
  Admitted KeepInQuarantine(const log::SpaceId& space, const codec::Run& run,
                            const log::Run& entries);
  // Admits what is in quarantine of `ids` and their past: something that stands refers to them.
  void ReleaseFromQuarantine(std::vector<codec::ShortId> ids);
  // Admits everything of a device that is in quarantine.
  void ReleaseDevice(const log::DeviceId& device, Writer writer);
  // Entries of the root space count now: what waited for them can be admitted.
  void NoteCounted();

  // ---- decisions (decide.cc)
  Result<log::EntryId> WriteRoot(std::string_view kind, std::optional<log::EntryId> about,
                                 const governance::Said& said, Time now);
  Result<void> CheckProposal(const governance::ProposalBody& proposal);
  Result<void> CheckSuperseded(const governance::ProposalBody& proposal) const;
  Result<void> CheckElector() const;
  // Some head of the space is a device's that has no right to write there any more.
  Result<bool> HoldsDeprivedTips(const SpaceLog& log) const;
  Result<void> GatherDeprived(Time now);
  Result<void> WriteDueEnacts(Time now);
  bool HasOwnEnact(const log::EntryId& proposal) const;
  Result<void> ReferToDeprived(Time now);

  // ---- audits (answering.cc)
  Result<void> LoadAnswers();
  // Which gathers of the last day may have been answers: the share of a day holds over restarts.
  Result<void> RecallAnswers(Time now);
  void NoteRequest(const log::EntryId& request);  // which counts
  Result<void> AnswerAudits(Time now);
  // Once behind each seal that is effective: all that is held of each space of documents.
  Result<void> GatherBehindSeal(Time now);
  // ---- agreements (agreements.cc)
  governance::AgreementBook::InPast BasisOf(const Paper& paper) const;
  Result<void> ReadPapers();
  bool MayBeParty(const log::OrgId& org, const log::SpaceId& space) const;
  Result<void> Complete(governance::Agreement& agreement) const;
  Result<void> CheckStatement(std::string_view kind, const log::SpaceId& space,
                              const log::EntryId& version, const governance::SignedStatement& said,
                              std::string_view act);
  // ---- what a seal made void (reissue.cc)
  bool IsVoid(const log::EntryId& entry) const;
  // Whether the proposal `later` is `earlier` once more, of the same organisation.
  Result<bool> Repeats(const log::EntryId& later, const log::EntryId& earlier) const;
  struct Repeated {
    std::vector<log::EntryId> voided;    // the proposal and those that repeat it, all void
    std::vector<log::EntryId> standing;  // those that are not, ascending
  };
  Result<std::vector<log::EntryId>> RepeatsOf(const log::EntryId& proposal) const;
  Result<Repeated> Follow(const log::EntryId& proposal) const;
  // A later vote of the organisation holds, or one that contradicts.
  bool IsOutvotedByOwn(const log::EntryId& vote, const Repeated& on) const;
  // Whether this void entry's content has to be written again, and can be.
  Result<bool> HasToRepeat(const log::EntryId& entry, const Council::Record& record) const;
  // Each whether it wrote something.
  Result<bool> Repeat(const log::EntryId& entry, const Council::Record& record, Time now);
  Result<bool> RepeatProposal(const log::EntryId& entry, const log::Body& body, Time now);
  Result<void> ReissueVoid(Time now);

  // ---- seals (sealing.cc)
  bool HasUnsealed() const;  // decisions
  // Whether the seal has a certificate of each decision in its past that no seal has closed.
  bool HoldsAll(const log::EntryId& seal) const;
  // Of provisional decisions; seconds since 1970.
  Result<std::optional<std::int64_t>> LastDeadline(std::int64_t now_s) const;
  // When what was decided is to be sealed; nothing if there is nothing. Seconds since 1970.
  Result<std::optional<std::int64_t>> SealDueS(std::int64_t now_s) const;
  bool SealIsUnderWay(std::int64_t now_s) const;
  bool SignsForOrganisation() const;  // one device of it does
  // Whether it is one, beyond what its header says.
  bool IsSeal(const log::EntryId& entry) const;
  // Whether nothing but the state that it names can stand against a vote.
  Result<bool> MayVoteFor(const log::EntryId& seal, Time now);
  Result<bool> NamesItsState(const log::EntryId& seal, Time now);
  // Whether the seal has everything in its past that this node has held for a day.
  bool CoversWhatIsHeld(const log::EntryId& seal, Time now) const;
  Result<void> NoteHeld(Time now);
  Result<void> LoadHeld(Time now);
  bool HasOtherMembers() const;
  std::size_t OwnVotesFor(const log::EntryId& seal) const;
  Result<void> VoteForSeals(Time now);
  Result<void> SealWhatIsDue(Time now);

  // ---- forks (fork_evidence.cc)
  Result<void> FindForks(const SpaceLog& log);  // at the start
  void NoteEvidence(const codec::StoredEntry& stored, const log::Body& body);
  Result<void> WriteEvidence(SpaceLog& log, const log::FeedKey& feed, Time now);

  // ---- own entries (own_entries.cc)
  struct Own {
    std::string_view kind;
    std::optional<log::EntryId> about;
    const log::Body* body = nullptr;  // null: none
    std::uint32_t evidence = 0;       // so many of its fields, the first ones
  };
  // Writes an own entry that has seen every head of the space, with as many gathers in front of it
  // as that needs, and its body.
  Result<log::EntryId> WriteOwn(SpaceLog& log, const Own& own, Time now);
  // Call before anything that depends on the position of the next own entry.
  Result<void> PrepareToWrite(SpaceLog& log, Time now);
  Result<void> CheckMayWrite() const;
  // The next own entry begins a new life, also after a restart.
  void EndLife();
  Result<void> BeginLife(SpaceLog& log, Time now);
  std::vector<log::EntryId> OtherTips(const SpaceLog& log) const;
  Result<log::EntryId> WriteOne(SpaceLog& log, const Own& own, std::vector<log::EntryId> seen,
                                Time now);
  // Before an edit of the open document, if more changes stand beside each other than its change
  // should name: writes changes that only join them (docs/formats/change.md, Joining changes).
  Result<void> JoinHeads(const crdt::DocumentId& id, Time now);
  Result<void> CutOpen(OpenDocument& open, Time now);
  // The body of the next own entry; `known`: erasures that the writer of the edits knew.
  Result<log::Body> ChangeBody(const SpaceLog& log, const OpenDocument& open,
                               const crdt::Document::Cut& cut,
                               const std::vector<crdt::ErasureId>& known);
  // Before content of the document comes or goes. What cannot be cut stays as it is stored, and is
  // not shown.
  Result<void> CutFirst(const crdt::DocumentId& id, Time now);
  // The size of the record; nothing if it is more than a change may hold: it was not written.
  Result<std::optional<std::size_t>> SaveDraft(const OpenDocument& open);
  // Makes the open edits durable; takes them back if they are more than a change may hold.
  // kUsage with a hint if the open edits would be void at every node.
  Result<void> CheckDraft(const OpenDocument& open);
  Result<void> KeepDraft(OpenDocument& open, Time now);
  Result<DraftRecord> ReadDraft(const OpenDocument& open) const;
  // Shows the draft, unless others have changed the document since without its having been cut.
  Result<void> RestoreDraft(OpenDocument& open);
  // Such a draft becomes a change made on the state that its writer saw.
  Result<void> CutConcurrentDraft(const crdt::DocumentId& id, Time now);

  log::Founding founding_;
  const log::SpaceId root_space_, network_space_;
  Council council_;
  governance::Members seen_members_;  // when members_changed_ was set last
  bool members_changed_ = false;
  bool salvaging_ = false;
  std::int64_t clock_s_ = 0;                   // as NoteTime was told last
  std::optional<std::int64_t> next_end_s_;     // when an observer ceases to read
  bool refers_due_ = false;                    // something of a deprived device came in
  std::optional<std::int64_t> refers_due_ms_;  // mono
  std::map<log::EntryId, bool> seal_states_;   // whether a seal names the state that its past gives
  bool decisions_changed_ = true;              // since Govern was called last
  std::set<log::EntryId> voted_on_;            // proposals, since then
  std::set<log::EntryId> void_enacts_;         // whose proposals were looked at again
  // The directory may be older than what the device has written: it votes for seals and repeats
  // nothing by itself before NotePartnerIsEqual.
  bool restored_ = false;
  // What counted at some times: mono, heads. Ascending, an hour apart. Kept over restarts by what
  // the clock says.
  std::vector<std::pair<std::int64_t, std::vector<log::EntryId>>> held_;
  bool held_loaded_ = false;
  // Seals whose state was computed, by who proposed them: the day (mono) and how many.
  std::map<std::optional<log::OrgId>, std::pair<std::int64_t, std::size_t>> seal_checks_;
  std::map<log::EntryId, std::int64_t> enact_due_ms_;    // mono; decided, without a certificate
  std::map<log::EntryId, std::int64_t> erasure_due_ms_;  // mono; decided, without an erasure
  std::optional<std::int64_t> seal_due_ms_;              // mono; when seals are looked at again
  std::optional<std::int64_t> vote_due_ms_;              // the same for votes
  std::optional<std::int64_t> seal_turn_ms_;             // mono; when this node proposes one
  Answers answers_;
  bool answers_recalled_ = false;
  std::optional<log::EntryId> gathered_;  // the seal for which GatherBehindSeal wrote last
  Self self_;
  std::optional<Anchor::Last> last_own_;
  Random& random_;
  store::StagedView view_;
  std::map<log::SpaceId, SpaceLog> logs_;
  Documents documents_;
  std::map<log::SpaceId, SpacePapers> papers_;
  Drafts drafts_;
  Erasures erasures_;
  Announced announced_;
  std::set<crdt::DocumentId> settled_;  // it is known what is erased of each stored change
  EraseReceipts erase_receipts_;
  Expunging expunging_;
  // Whether the decision that an erasure names is effective in front of it.
  mutable std::map<log::EntryId, bool> decided_;
  mutable std::optional<std::pair<log::EntryId, log::Erasure>> read_erasure_;  // the last one
  std::map<crdt::DocumentId, std::uint64_t> conflict_counts_;  // of documents as they are now
  Forks forks_;
  Pending pending_;
  Quarantine quarantine_;
  std::vector<codec::ShortId> arrived_;  // awaited by something; since the last ReleasePending
};

}  // namespace geflecht::replica
