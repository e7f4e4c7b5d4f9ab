// Replica's part in erasures that a decision asks for: somebody writes the entry that carries it
// out (docs/formats/erasure.md, By decision).
#include <algorithm>
#include <set>

#include "node/governance/bodies.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

// Whoever proposed writes at once; the others give it time to arrive, each another.
constexpr std::int64_t kWaitMs = 10'000;
constexpr std::uint64_t kSpreadMs = 50'000;
// What is restricted is kept; whether it still is, is looked at again so much later.
constexpr std::int64_t kHeldMs = 3'600'000;

// Of which something is to be erased, as far as that is here.
Result<std::set<crdt::DocumentId>> DocumentsOf(const SpaceLog& log, const log::Erasure& erasure) {
  std::set<crdt::DocumentId> documents;
  for (const log::EraseTarget& target : erasure.targets) {
    ASSIGN(const auto stored, log.EntryOf(target.entry));
    if (stored && stored->document) documents.insert(*stored->document);
  }
  for (const log::RecordId& record : erasure.documents) documents.insert({record.bytes});
  for (const log::ErasedContainer& container : erasure.containers)
    documents.insert({container.document.bytes});
  return documents;
}

}  // namespace

Result<std::optional<log::Erasure>> Replica::DecidedErasure(const log::EntryId& proposal) const {
  std::optional<log::Erasure> none;
  const governance::Measure* measure = council_.MeasureOf(proposal);
  if (measure == nullptr || !std::holds_alternative<governance::EraseContent>(*measure))
    return none;
  ASSIGN(const auto body, EvidenceInRoot(proposal));
  if (!body) return none;
  const auto said = governance::ReadProposal(*body);
  auto erasure = said ? log::ParseErasure(said->value) : Fail(said.error());
  if (!erasure) return none;
  erasure->decision = proposal;
  return std::optional(*std::move(erasure));
}

Result<bool> Replica::IsCarriedOut(const SpaceLog& log, const log::EntryId& proposal) const {
  ASSIGN(const auto all, erasures_.On(log.space(), DocumentIdOf(proposal)));
  return std::any_of(all.begin(), all.end(), [](const Erasures::Named& named) {
    return named.what == Erasures::What::kDecision;
  });
}

Result<void> Replica::NoteDecidedErasures(Time now) {
  std::vector<log::EntryId> effective;
  for (const governance::Decision& decision : council_.state().decisions)
    if (decision.verdict == governance::Verdict::kEffective) effective.push_back(decision.proposal);
  for (const log::EntryId& proposal : effective) {
    const governance::Measure* measure = council_.MeasureOf(proposal);
    const auto* asked =
        measure == nullptr ? nullptr : std::get_if<governance::EraseContent>(measure);
    if (asked == nullptr || erasure_due_ms_.contains(proposal)) continue;
    const SpaceLog* log = FindLog(asked->space);
    if (log == nullptr || !MayWriteIn(asked->space)) continue;
    ASSIGN(const bool done, IsCarriedOut(*log, proposal));
    if (done) continue;
    const bool own = council_.Find(proposal)->device == self();
    const auto spread = own ? 0 : kWaitMs + static_cast<std::int64_t>(random_.Below(kSpreadMs));
    erasure_due_ms_[proposal] = now.mono_ms + spread;
  }
  return {};
}

Result<void> Replica::CarryOutDecisions(Time now) {
  std::vector<log::EntryId> due;
  for (const auto& [proposal, at_ms] : erasure_due_ms_)
    if (at_ms <= now.mono_ms) due.push_back(proposal);
  for (const log::EntryId& proposal : due) {
    erasure_due_ms_.erase(proposal);
    const governance::Decision* decision = council_.state().DecisionOn(proposal);
    if (decision == nullptr || decision->verdict != governance::Verdict::kEffective) continue;
    ASSIGN(const auto erasure, DecidedErasure(proposal));
    const auto* asked = std::get_if<governance::EraseContent>(council_.MeasureOf(proposal));
    if (!erasure || asked == nullptr || !MayWriteIn(asked->space)) continue;
    ASSIGN(const bool done, IsCarriedOut(Log(asked->space), proposal));
    if (done) continue;
    ASSIGN(const auto documents, DocumentsOf(Log(asked->space), *erasure));
    bool held = false;
    for (const crdt::DocumentId& document : documents) {
      const auto free = CheckNotHeld(document);
      if (!free && free.error().code != Code::kNotPermitted) return free;
      held = held || !free;
    }
    if (held) {
      const auto spread = static_cast<std::int64_t>(random_.Below(kSpreadMs));
      erasure_due_ms_[proposal] = now.mono_ms + kHeldMs + spread;
      continue;
    }
    TRY(KeepBeside(*erasure, now));
    TRY(Erase(asked->space, *erasure, now));
  }
  return {};
}

// Values that go with a decided field are written anew by whoever carries it out: their writer may
// never come again. Of a conflict somebody has to see both sides, so neither is.
Result<void> Replica::KeepBeside(const log::Erasure& erasure, Time now) {
  for (const log::ErasedContainer& container : erasure.containers) {
    const crdt::DocumentId id{container.document.bytes};
    TRY(CutFirst(id, now));
    auto content = ContentUnder(id, container.key);
    if (!content && FailsTheStore(content.error().code)) return Fail(content.error());
    // Not here, or of a type that this program does not know: its writers' nodes look after it.
    if (!content) continue;
    for (const log::ErasedContainer& other : erasure.containers)
      if (other.document == container.document) content->beside.erase(other.key);
    const auto goes = [&](const crdt::ChangeId& change) {
      return std::any_of(content->targets.begin(), content->targets.end(),
                         [&](const auto& target) { return target.entry.bytes == change.bytes; });
    };
    Values values;
    for (const std::string& key : content->beside) {
      const auto found = ValuesOf(id, {key}, goes);
      if (!found && FailsTheStore(found.error().code)) return Fail(found.error());
      if (found) values.insert(values.end(), found->begin(), found->end());
    }
    // What this organisation may not write, or what is too large by now, goes with the field: only
    // a disk that fails is a reason to end.
    const auto renewed = WriteAnew(id, values, now);
    if (!renewed && FailsTheStore(renewed.error().code)) return renewed;
  }
  return {};
}

}  // namespace geflecht::replica
