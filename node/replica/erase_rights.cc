// Replica's part in erasures: who may, judged by what stands in front of the erasure alone
// (docs/formats/erasure.md, Who may).
#include <algorithm>
#include <utility>

#include "node/governance/bodies.h"
#include "node/governance/read_entry.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

std::vector<log::EntryId> PastOf(const log::Header& header) {
  return header.basis.empty() ? governance::ParentsOf(header) : header.basis;
}

}  // namespace

bool Replica::StandsForGone(const log::Entry& erase, const log::Entry& written) const {
  const std::vector<log::EntryId> basis = PastOf(erase.header);
  const auto org = council_.OrgAt(erase.header.device, basis);
  const auto owner = council_.OrgAt(written.header.device, basis);
  if (!org || !owner || !council_.IsActiveAt(*org, basis) || council_.IsMemberAt(*owner, basis))
    return false;
  // Else the owner is not gone: it is not admitted yet, or not again, and a device may rely on a
  // past as old as it likes.
  const std::vector<log::EntryId> then = PastOf(written.header);
  return std::all_of(then.begin(), then.end(), [&](const log::EntryId& past) {
    return std::any_of(basis.begin(), basis.end(),
                       [&](const log::EntryId& later) { return council_.Covers(later, past); });
  });
}

Result<bool> Replica::IsDecided(const log::Entry& erase) const {
  const auto known = decided_.find(erase.id);
  if (known != decided_.end()) return known->second;
  const SpaceLog& log = Log(erase.header.space);
  // It is asked for each line of it: whoever names a proposal that is not here must not cost a look
  // at all lines for each of them.
  const log::Erasure* erasure = nullptr;
  if (announced_.Has(erase.id)) {
    erasure = &announced_.At(erase.id).erasure;
  } else {
    if (!read_erasure_ || read_erasure_->first != erase.id) {
      ASSIGN(const auto stored, log.EntryOf(erase.id));
      if (!stored || !stored->body_here) return false;  // one that is not written yet
      ASSIGN(const auto body, log.BodyOf(*stored));
      auto read = log::ReadErasure(erase.header, *body);
      if (!read) return decided_[erase.id] = false;
      read_erasure_.emplace(erase.id, *std::move(read));
    }
    erasure = &read_erasure_->second;
  }
  if (!erasure->decision) return decided_[erase.id] = false;
  ASSIGN(const auto proposal, EvidenceInRoot(*erasure->decision));
  if (!proposal) return false;
  const auto said = governance::ReadProposal(*proposal);
  if (!said || said->matter != governance::kContent || said->subject != log.space().Hex() ||
      said->value != log::RenderErasure(*erasure))
    return decided_[erase.id] = false;
  const auto state = council_.evaluator().Evaluate(PastOf(erase.header));
  if (!state) return false;  // of the root space, and its past does not count yet
  const auto* decision = state->DecisionOn(*erasure->decision);
  return decided_[erase.id] =
             decision != nullptr && decision->verdict == governance::Verdict::kEffective;
}

Result<std::optional<log::Body>> Replica::EvidenceInRoot(const log::EntryId& entry) const {
  const SpaceLog& root = Log(root_space_);
  ASSIGN(const auto stored, root.EntryOf(entry));
  if (!stored) return std::optional<log::Body>();
  return stored->body_here ? root.BodyOf(*stored) : root.EvidenceOf(*stored);
}

Result<bool> Replica::MayErase(const SpaceLog& log, const log::Entry& erase,
                               const log::Entry& target,
                               const std::optional<crdt::DocumentId>& document) const {
  const std::vector<log::EntryId> basis = PastOf(erase.header);
  const auto org = council_.OrgAt(erase.header.device, basis);
  const auto author = council_.OrgAt(target.header.device, basis);
  if (org && author == org) return true;
  if (document) return MayEraseRecord(log, erase, *document);
  if (target.header.kind != "change" && StandsForGone(erase, target)) return true;
  return IsDecided(erase);
}

Result<bool> Replica::MayEraseRecord(const SpaceLog& log, const log::Entry& erase,
                                     const crdt::DocumentId& document) const {
  const std::vector<log::EntryId> basis = PastOf(erase.header);
  const auto org = council_.OrgAt(erase.header.device, basis);
  ASSIGN(const auto first, log.EntryOf(document));
  if (first && org && council_.OrgAt(first->entry.header.device, basis) == org) return true;
  if (first && StandsForGone(erase, first->entry)) return true;
  return IsDecided(erase);
}

}  // namespace geflecht::replica
