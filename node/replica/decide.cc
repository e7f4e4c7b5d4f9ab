// Replica's part in decisions: what it writes into the root space, when asked and by itself.
#include <algorithm>
#include <utility>

#include "node/governance/ballot.h"
#include "node/governance/charter_versions.h"
#include "node/governance/kinds.h"
#include "node/governance/minutes.h"
#include "node/governance/read_entry.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

// Whoever proposed writes the certificate at once; the others give it time to arrive, each another,
// so that there are few certificates of one decision.
constexpr std::int64_t kEnactWaitMs = 10'000;
constexpr std::uint64_t kEnactSpreadMs = 50'000;

// All members read the root space, and vote on what stands there: what a circle has frozen is cited
// by its members alone, for an approval on which they alone vote.
Result<void> CheckCited(const governance::ProposalBody& proposal,
                        const governance::SpaceState* circle) {
  constexpr std::size_t kFewest = 2;
  if (circle == nullptr) return Fail(Code::kNotFound, "no such space", "hint.no-space");
  if (proposal.matter != governance::kMinutesMatter)
    return Fail(Code::kNotPermitted, "what is cited lies in a circle", "hint.space-cited");
  if (circle->members.size() < kFewest)
    return Fail(Code::kNotPermitted, "fewer than two members", "hint.space-alone");
  return {};
}

}  // namespace

Result<log::EntryId> Replica::WriteRoot(std::string_view kind, std::optional<log::EntryId> about,
                                        const governance::Said& said, Time now) {
  return WriteOwn(*FindLog(root_space_), {kind, about, &said.body, said.evidence}, now);
}

Result<void> Replica::CheckElector() const {
  TRY(CheckMayWrite());
  const governance::Member* own = members().ByDevice(self());
  if (own != nullptr && own->active) return {};
  return Fail(Code::kNotPermitted, "an inactive member decides nothing", "hint.inactive");
}

Result<void> Replica::CheckProposal(const governance::ProposalBody& proposal) {
  ASSIGN(const governance::Measure measure, governance::MeasureOf(proposal));
  const governance::State& state = council_.state();
  const auto is_member = [&](const log::OrgId& org) { return state.Member(org) != nullptr; };
  const auto no_member = [] {
    return Fail(Code::kNotFound, "the subject is no member", "hint.subject-no-member");
  };
  constexpr std::size_t kFewest = 3;
  if (const auto* remove = std::get_if<governance::Remove>(&measure)) {
    if (!is_member(remove->org)) return no_member();
    if (state.members.size() < kFewest)
      return Fail(Code::kNotPermitted, "fewer than three members", "hint.too-few-to-remove");
  } else if (const auto* inactive = std::get_if<governance::SetInactive>(&measure)) {
    if (!is_member(inactive->org)) return no_member();
  } else if (const auto* rekey = std::get_if<governance::Rekey>(&measure)) {
    if (!is_member(rekey->card.org)) return no_member();
  } else if (const auto* role = std::get_if<governance::ChangeRole>(&measure)) {
    if (!is_member(role->org)) return no_member();
  } else if (const auto* admit = std::get_if<governance::Admit>(&measure)) {
    const governance::MemberState* member = state.Member(admit->card.org);
    if (member != nullptr && member->root != admit->card.root)
      return Fail(Code::kNotPermitted, "another root key than the member's", "hint.other-root-key");
    if (member != nullptr && member->active)
      return Fail(Code::kConflict, "it is an active member", "hint.is-member");
  } else if (const auto* space = std::get_if<governance::ChangeSpace>(&measure)) {
    return CheckSpace(*space);
  } else if (const auto* erase = std::get_if<governance::EraseContent>(&measure)) {
    const SpaceLog* log = FindLog(erase->space);
    if (log == nullptr) return Fail(Code::kNotFound, "no such space");
    ASSIGN(const log::Erasure erasure, log::ParseErasure(proposal.value));
    return CheckTargets(*log, erasure);
  } else if (const auto* rule = std::get_if<governance::ChangeRule>(&measure)) {
    std::vector<log::OrgId> orgs;
    for (const governance::MemberState& member : state.members) orgs.push_back(member.org);
    if (const auto why = governance::CheckRule(rule->matter, rule->rule, orgs))
      return Fail(Code::kNotPermitted, "the rule is not safe",
                  std::string(governance::MessageKey(*why)));
  }
  return {};
}

Result<void> Replica::CheckSuperseded(const governance::ProposalBody& proposal) const {
  if (!proposal.terms.supersedes) return {};
  ASSIGN(const auto body, RootBodyOf(*proposal.terms.supersedes));
  if (!body || council_.MeasureOf(*proposal.terms.supersedes) == nullptr)
    return Fail(Code::kNotFound, "no proposal to supersede", "hint.proposal-id");
  ASSIGN(const governance::ProposalBody earlier, governance::ReadProposal(*body));
  if (earlier.matter != proposal.matter || earlier.subject != proposal.subject)
    return Fail(Code::kUsage, "it is about something else", "hint.superseded-other");
  return {};
}

Result<log::EntryId> Replica::Propose(const governance::ProposalBody& proposal, Time now) {
  TRY(CheckElector());
  if (const auto& cited = proposal.terms.freeze; cited && cited->space != network_space_) {
    TRY(CheckCited(proposal, members().FindSpace(cited->space)));
    TRY(CheckMayWriteIn(cited->space));
  }
  TRY(CheckProposal(proposal));
  TRY(CheckSuperseded(proposal));
  ASSIGN(const governance::Said said, governance::SayProposal(proposal, random_));
  return WriteRoot(governance::kProposal, std::nullopt, said, now);
}

Result<log::EntryId> Replica::Vote(const log::EntryId& proposal, const governance::VoteBody& vote,
                                   Time now) {
  TRY(CheckElector());
  ASSIGN(const governance::Ballot ballot, governance::BallotOn(council_.evaluator(), proposal));
  const governance::Member* own = members().ByDevice(self());
  if (!std::binary_search(ballot.electors.begin(), ballot.electors.end(), own->org))
    return Fail(Code::kNotPermitted, "no vote on this proposal", "hint.no-elector");
  if (const auto* decision = council_.state().DecisionOn(proposal);
      decision != nullptr && decision->seal)
    return Fail(Code::kConflict, "the decision is sealed", "hint.decision-closed");
  if (ballot.voided) return Fail(Code::kConflict, "the proposal is void", "hint.proposal-void");
  ASSIGN(const governance::Said said, governance::SayVote(vote, random_));
  return WriteRoot(governance::kVote, proposal, said, now);
}

Result<log::EntryId> Replica::Comment(const log::EntryId& proposal, std::string_view text,
                                      Time now) {
  TRY(CheckMayWrite());
  const Council::Record* record = council_.Find(proposal);
  if (record == nullptr || record->kind != governance::kProposal)
    return Fail(Code::kNotFound, "no such proposal");
  ASSIGN(const governance::Said said, governance::SayComment(text, random_));
  return WriteRoot(governance::kComment, proposal, said, now);
}

Result<log::EntryId> Replica::Acknowledge(const log::EntryId& about, Time now) {
  TRY(CheckMayWrite());
  const auto versions = governance::CharterVersions(council_.evaluator());
  if (std::none_of(versions.begin(), versions.end(),
                   [&](const auto& version) { return version.about == about; }))
    return Fail(Code::kNotFound, "no version of the rules");
  return WriteRoot(governance::kAcknowledge, about, {}, now);
}

Result<log::EntryId> Replica::Enact(const log::EntryId& proposal, Time now) {
  TRY(CheckMayWrite());
  ASSIGN(const governance::Ballot ballot, governance::BallotOn(council_.evaluator(), proposal));
  if (!ballot.holds) return Fail(Code::kNotPermitted, "the rule is not met", "hint.rule-not-met");
  ASSIGN(const governance::Said said, governance::SayEnact(ballot.listed, random_));
  return WriteRoot(governance::kEnact, proposal, said, now);
}

Result<log::EntryId> Replica::Leave(Time now) {
  return WriteRoot(governance::kOrgLeave, std::nullopt, {}, now);
}

Result<log::EntryId> Replica::AddDevice(const governance::DeviceAddBody& add, Time now) {
  const governance::MemberState* member = council_.state().Member(add.org);
  if (member == nullptr) return Fail(Code::kNotFound, "no such member", "hint.subject-no-member");
  if (member->root != add.card.card.root_key)
    return Fail(Code::kNotPermitted, "another root key than the member's", "hint.other-root-key");
  return WriteRoot(governance::kDeviceAdd, std::nullopt, governance::SayDeviceAdd(add, random_),
                   now);
}

Result<log::EntryId> Replica::RevokeDevice(const log::DeviceId& device, Time now) {
  const governance::Member* own = members().ByDevice(self());
  const governance::Member* other = members().ByDevice(device);
  if (own == nullptr || other == nullptr || other->org != own->org)
    return Fail(Code::kNotFound, "no device of this organisation", "hint.no-own-device");
  if (device == self()) return Fail(Code::kUsage, "the device that asks", "hint.not-this-device");
  return WriteRoot(governance::kDeviceRevoke, std::nullopt,
                   governance::SayDeviceRevoke(device, random_), now);
}

Result<std::optional<log::Body>> Replica::RootBodyOf(const log::EntryId& entry) const {
  const SpaceLog& root = logs_.at(root_space_);
  ASSIGN(const auto stored, root.EntryOf(entry));
  if (!stored || !stored->body_here) return std::optional<log::Body>();
  return root.BodyOf(*stored);
}

Result<bool> Replica::HoldsDeprivedTips(const SpaceLog& log) const {
  for (const log::EntryId& tip : log.tips()) {
    ASSIGN(const auto stored, log.EntryOf(tip));
    if (!stored) return Fail(Code::kCorruption, "a head of a space is gone");
    if (!members().MayWrite(stored->entry.header.device, log.space())) return true;
  }
  return false;
}

Result<void> Replica::GatherDeprived(Time now) {
  // What they wrote before anybody knew stands if a member refers to it.
  for (const log::SpaceId& space : DocumentSpaces()) {
    if (!MayWriteIn(space)) continue;
    ASSIGN(const bool deprived, HoldsDeprivedTips(Log(space)));
    if (deprived) TRY(WriteOwn(*FindLog(space), {governance::kGather, std::nullopt, nullptr}, now));
  }
  return {};
}

bool Replica::HasOwnEnact(const log::EntryId& proposal) const {
  const std::vector<log::EntryId>& about = council_.About(proposal);
  return std::any_of(about.begin(), about.end(), [&](const log::EntryId& id) {
    const Council::Record& record = *council_.Find(id);
    return record.kind == governance::kEnact && record.device == self() && !IsVoid(id);
  });
}

Result<void> Replica::ReferToDeprived(Time now) {
  // Once for much that comes in one behind the other.
  constexpr std::int64_t kReferAfterMs = 10'000;
  if (std::exchange(refers_due_, false) && !refers_due_ms_)
    refers_due_ms_ = now.mono_ms + kReferAfterMs;
  if (!refers_due_ms_ || *refers_due_ms_ > now.mono_ms) return {};
  refers_due_ms_.reset();
  decisions_changed_ = true;
  return {};
}

Result<void> Replica::WriteDueEnacts(Time now) {
  std::vector<log::EntryId> due;
  for (const auto& [proposal, at_ms] : enact_due_ms_)
    if (at_ms <= now.mono_ms) due.push_back(proposal);
  for (const log::EntryId& proposal : due) {
    enact_due_ms_.erase(proposal);
    if (council_.state().DecisionOn(proposal) != nullptr) continue;
    ASSIGN(const governance::Ballot ballot, governance::BallotOn(council_.evaluator(), proposal));
    if (ballot.holds) TRY(Enact(proposal, now));
  }
  return {};
}

Result<void> Replica::Govern(Time now) {
  TRY(LockWhatIsKnownNow(now));
  if (salvaging_ || !CheckMayWrite()) return {};
  TRY(NoteHeld(now));
  TRY(ConfirmErasures(now));
  TRY(ReferToDeprived(now));
  TRY(AnswerAudits(now));
  const bool seals_due = (seal_due_ms_ && *seal_due_ms_ <= now.mono_ms) ||
                         (vote_due_ms_ && *vote_due_ms_ <= now.mono_ms);
  // Whatever fails below is tried again when something else has happened, not at once.
  bool changed = std::exchange(decisions_changed_, false);
  if (changed || seals_due) TRY(SealWhatIsDue(now));
  changed = std::exchange(decisions_changed_, false) || changed;
  if (changed) {
    TRY(GatherBehindSeal(now));
    TRY(ReissueVoid(now));
    TRY(GatherDeprived(now));
    TRY(NoteDecidedErasures(now));
    for (const log::EntryId& proposal : std::exchange(voted_on_, {})) {
      if (enact_due_ms_.contains(proposal)) continue;
      if (council_.state().DecisionOn(proposal) != nullptr || HasOwnEnact(proposal)) continue;
      const auto ballot = governance::BallotOn(council_.evaluator(), proposal);
      if (!ballot || !ballot->holds) continue;
      const bool own = council_.Find(proposal)->device == self();
      enact_due_ms_[proposal] =
          now.mono_ms +
          (own ? 0 : kEnactWaitMs + static_cast<std::int64_t>(random_.Below(kEnactSpreadMs)));
    }
  }
  TRY(CarryOutDecisions(now));
  return WriteDueEnacts(now);
}

std::optional<std::int64_t> Replica::NextGovernMs() const {
  if (salvaging_ || !CheckMayWrite()) return std::nullopt;
  if (decisions_changed_) return 0;  // by what was just written
  std::optional<std::int64_t> next = seal_due_ms_;
  for (const auto& due : {vote_due_ms_, refers_due_ms_, answers_.NextDueMs()})
    if (due && (!next || *due < *next)) next = due;
  for (const auto* due : {&enact_due_ms_, &erasure_due_ms_})
    for (const auto& [proposal, at_ms] : *due)
      if (!next || at_ms < *next) next = at_ms;
  return next;
}

}  // namespace geflecht::replica
