#include "node/core/retention_entries.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "node/governance/agreement.h"
#include "node/governance/bodies.h"
#include "node/governance/kinds.h"
#include "node/governance/minutes.h"
#include "node/log/erase.h"

namespace geflecht::core {
namespace {

using governance::Day;

Day DayOfTime(std::int64_t time_s) { return governance::DayOf(time_s); }

// What of it could be erased; "" for nothing. Of frozen texts: an agreement's, until it is read.
std::string_view WhatOf(std::string_view kind) {
  if (kind == governance::kProposal) return governance::kProposalNote;
  if (kind == governance::kVote) return governance::kVoteReason;
  if (kind == governance::kComment) return governance::kCommentText;
  if (kind == governance::kPersonAdd) return governance::kMandateGiven;
  if (kind == governance::kNotice) return governance::kNoticeGiven;
  if (kind == governance::kFreeze || kind == governance::kAmend)
    return governance::kAgreementFrozen;
  return {};
}

bool HoldsSomething(const log::Header& header, const log::Body& body) {
  for (std::size_t i = log::FirstErasable(header); i < body.slots.size(); ++i) {
    const auto* field = std::get_if<log::Field>(&body.slots[i]);
    if (field != nullptr && !field->value.empty()) return true;
  }
  return false;
}

// The last day of an agreement, or the day from which what never began is kept.
std::optional<Day> EndOf(const governance::Agreement& agreement, Day today) {
  using enum governance::AgreementPhase;
  constexpr std::int64_t kDaySeconds = 86'400;
  const auto state = governance::StateOf(agreement.papers, (today + 1) * kDaySeconds - 1);
  if (state.phase == kEnded || state.phase == kNoticeGiven || state.phase == kInForce)
    return state.ends;
  const governance::AgreementVersion& version = *agreement.papers.Version(state.version);
  if (version.terms.end) return version.terms.end;
  if (state.phase == kSigned) return std::nullopt;
  return DayOfTime(version.time_s);
}

// Of several of which each has to be over.
void KeepLater(std::map<log::EntryId, std::optional<Day>>& ends, const log::EntryId& id,
               std::optional<Day> end) {
  const auto [known, first] = ends.try_emplace(id, end);
  if (first || !known->second) return;
  known->second = end ? std::optional(std::max(*end, *known->second)) : std::nullopt;
}

std::size_t PaperCount(const replica::Replica& replica) {
  std::size_t count = 0;
  for (const log::SpaceId& space : replica.DocumentSpaces())
    count += replica.papers(space).all().size();
  return count;
}

}  // namespace

bool RetentionEntries::MayHold(const log::Header& header) {
  return !WhatOf(header.kind).empty() && header.fields > log::FirstErasable(header);
}

Result<bool> RetentionEntries::Note(const replica::Replica& replica,
                                    const codec::StoredEntry& stored) {
  const log::Header& header = stored.entry.header;
  if (!MayHold(header)) return false;
  const std::string_view what = WhatOf(header.kind);
  ASSIGN(const auto body, replica.Log(header.space).BodyOf(stored));
  if (!body || !HoldsSomething(header, *body)) {
    kept_.erase(stored.entry.id);
    return false;
  }
  Kept kept{header.space, what, header.about, DayOfTime(header.time_s), {}, {}, false};
  if (what == governance::kAgreementFrozen) TRY(NoteFrozen(replica, stored.entry.id, kept));
  kept_[stored.entry.id] = std::move(kept);
  return true;
}

Result<void> RetentionEntries::NoteFrozen(const replica::Replica& replica, const log::EntryId& id,
                                          Kept& kept) {
  const auto frozen = replica.FrozenText(id);
  if (!frozen) return {};  // of another form: kept as an agreement's that never began
  if (frozen->what == governance::kMinutes) {
    kept.what = governance::kMinutesFrozen;
    const auto terms = governance::ParseMinutesTerms(frozen->terms, frozen->blocks.size());
    if (!terms) return {};
    kept.day = governance::ParseDay(terms->date);
    kept.document = crdt::DocumentId{terms->meeting.bytes};
  } else if (const auto terms = governance::ParseAgreementTerms(frozen->terms)) {
    if (terms->document) kept.document = crdt::DocumentId{terms->document->bytes};
  }
  return {};
}

Result<void> RetentionEntries::FindEnds(replica::Replica& replica, Day today) {
  enacted_.clear();
  agreements_.clear();
  signed_.clear();
  for (const governance::Decision& decision : replica.council().state().decisions)
    for (const log::EntryId& enact : decision.enacts)
      if (const auto* const record = replica.council().Find(enact)) {
        const Day day = DayOfTime(record->time_s);
        const auto [known, first] = enacted_.try_emplace(decision.proposal, day);
        if (!first) known->second = std::min(known->second, day);
      }
  ASSIGN(const auto agreements, replica.Agreements());
  for (const governance::Agreement& agreement : agreements) {
    const auto end = EndOf(agreement, today);
    for (const auto& version : agreement.papers.versions) agreements_[version.id] = end;
    for (const auto& notice : agreement.papers.notices) agreements_[notice.id] = end;
    for (const auto* acts : {&agreement.papers.signatures, &agreement.papers.notices})
      for (const governance::PartyAct& act : *acts)
        if (act.mandate) KeepLater(signed_, *act.mandate, end);
  }
  return {};
}

Result<std::vector<log::EntryId>> RetentionEntries::Refresh(replica::Replica& replica,
                                                            const FormerMembers& former,
                                                            Day today) {
  std::vector<log::EntryId> again;
  Stamp stamp{replica.council().OfKind(governance::kEnact).size(),
              replica.council().OfKind(governance::kPersonEnd).size(), PaperCount(replica), today,
              former};
  if (stamp == stamp_) return again;
  const bool everything = stamp.former != stamp_.former;
  stamp_ = std::move(stamp);
  TRY(FindEnds(replica, today));
  for (const auto& [id, kept] : kept_)
    if (everything || !kept.settled) again.push_back(id);
  return again;
}

Result<Day> RetentionEntries::ClosedOn(const replica::Replica& replica,
                                       const log::EntryId& proposal, Day made) {
  if (const auto enacted = enacted_.find(proposal); enacted != enacted_.end())
    return enacted->second;
  auto known = deadlines_.find(proposal);
  if (known == deadlines_.end()) {
    ASSIGN(const auto body, replica.RootBodyOf(proposal));
    if (!body) return made;
    const auto said = governance::ReadProposal(*body);
    std::optional<Day> deadline;
    if (said && said->deadline_s) deadline = DayOfTime(*said->deadline_s);
    known = deadlines_.emplace(proposal, deadline).first;
  }
  return known->second.value_or(made);
}

RetentionEntries::End RetentionEntries::MandateEnd(const replica::Replica& replica,
                                                   const log::EntryId& id, End left) const {
  const governance::Mandate* const mandate = replica.council().mandates().Find(id);
  if (mandate == nullptr) return std::nullopt;
  End end = left;
  const auto earlier = [&end](Day day) { end = std::min(end.value_or(day), day); };
  if (mandate->terms.until) earlier(*mandate->terms.until);
  for (const log::EntryId& ended : mandate->ends)
    if (const auto* const record = replica.council().Find(ended))
      earlier(DayOfTime(record->time_s));
  // Whoever proves a signature has to say whose it is.
  const auto used = signed_.find(id);
  if (!end || used == signed_.end()) return end;
  return used->second ? std::optional(std::max(*end, *used->second)) : std::nullopt;
}

Result<RetentionEntries::End> RetentionEntries::StartOf(const replica::Replica& replica,
                                                        const log::EntryId& id, const Kept& kept,
                                                        End left) {
  if (kept.what == governance::kMinutesFrozen) return End(kept.day.value_or(kept.made));
  if (kept.what == governance::kMandateGiven) return MandateEnd(replica, id, left);
  if (kept.what == governance::kAgreementFrozen || kept.what == governance::kNoticeGiven) {
    // What is no part of an agreement says nothing about one.
    const auto end = agreements_.find(id);
    return end == agreements_.end() ? End(kept.made) : end->second;
  }
  const bool itself = kept.what == governance::kProposalNote;
  if (!itself && !kept.about) return End(kept.made);
  ASSIGN(const Day closed, ClosedOn(replica, itself ? id : *kept.about, kept.made));
  // A day that somebody else claims must not shorten what is kept of this writer.
  return End(std::max(closed, kept.made));
}

Result<std::optional<RetentionRecord>> RetentionEntries::Read(replica::Replica& replica,
                                                              const log::EntryId& id,
                                                              const FormerMembers& former) {
  std::optional<RetentionRecord> none;
  const auto found = kept_.find(id);
  if (found == kept_.end()) return none;
  ASSIGN(const auto stored, replica.EntryOf(id));
  if (!stored) return none;
  // An erasure may count later than it came.
  ASSIGN(const bool left, Note(replica, *stored));
  if (!left) return none;
  Kept& kept = kept_.at(id);
  RetentionRecord record;
  record.id = id;
  record.type = std::string(kept.what);
  record.rule = &governance::RetentionClassOf(kept.what);
  if (kept.space == replica.members().root_space()) {
    const auto* const counted = replica.council().Find(id);
    if (counted == nullptr) return none;
    record.org = counted->org;
  } else if (const replica::Paper* const paper = replica.FindPaper(id)) {
    record.org = replica.OrgOf(*paper);
  }
  const auto gone = record.org ? former.find(*record.org) : former.end();
  record.former = gone != former.end();
  ASSIGN(const End start,
         StartOf(replica, id, kept, record.former ? gone->second : std::nullopt));
  kept.settled = kept.what == governance::kMinutesFrozen ||
                 enacted_.contains(kept.about.value_or(id));
  record.ends = start.has_value();
  if (start) record.until = governance::KeptUntil(*record.rule, *start);
  if (kept.document) {
    ASSIGN(const replica::OpenDocument* const open, OpenIfHere(replica, *kept.document));
    if (open != nullptr && !open->void_reason) ReadRestriction(open->document, record);
  }
  return std::optional(std::move(record));
}

}  // namespace geflecht::core
