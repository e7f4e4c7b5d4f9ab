// Replica's part in what a seal made void (governance.md, Seals): the device that wrote it says the
// same once more, with the seal in its past. A proposal is about the one that it repeats, so that
// votes and comments find it. What the others' nodes repeat arrives by itself.
#include <algorithm>
#include <set>
#include <utility>

#include "node/governance/kinds.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

// At once; the rest follows with the next call.
constexpr std::size_t kReissuedAtOnce = 64;

bool IsReissued(std::string_view kind) {
  return kind == governance::kProposal || kind == governance::kComment || kind == governance::kVote;
}

// Whether both ask for the same. A note may have been erased on one side.
bool SayTheSame(const governance::ProposalBody& a, const governance::ProposalBody& b) {
  return a.matter == b.matter && a.subject == b.subject && a.value == b.value &&
         a.deadline_s == b.deadline_s && a.title == b.title && a.text == b.text;
}

}  // namespace

bool Replica::IsVoid(const log::EntryId& entry) const { return council_.state().IsVoid(entry); }

Result<bool> Replica::Repeats(const log::EntryId& later, const log::EntryId& earlier) const {
  const Council::Record& again = *council_.Find(later);
  const Council::Record& before = *council_.Find(earlier);
  if (again.kind != governance::kProposal || before.kind != governance::kProposal || !again.org ||
      again.org != before.org)
    return false;
  ASSIGN(const auto body_again, RootBodyOf(later));
  ASSIGN(const auto body_before, RootBodyOf(earlier));
  if (!body_again || !body_before) return false;
  const auto says_again = governance::ReadProposal(*body_again);
  const auto said_before = governance::ReadProposal(*body_before);
  return says_again && said_before && SayTheSame(*says_again, *said_before);
}

Result<Replica::Repeated> Replica::Follow(const log::EntryId& proposal) const {
  Repeated found;
  std::set<log::EntryId> seen;
  std::vector<log::EntryId> open{proposal};
  while (!open.empty() && !found.standing) {
    const log::EntryId at = open.back();
    open.pop_back();
    if (!seen.insert(at).second || council_.Find(at) == nullptr) continue;
    if (!IsVoid(at)) {
      found.standing = at;
      break;
    }
    found.voided.push_back(at);
    for (const log::EntryId& later : council_.About(at)) {
      ASSIGN(const bool repeats, Repeats(later, at));
      if (repeats) open.push_back(later);
    }
    // Two devices may have repeated it: everybody takes the lower one.
    std::sort(open.begin(), open.end(), std::greater<>());
  }
  return found;
}

bool Replica::IsOutvotedByOwn(const log::EntryId& vote, const Repeated& on) const {
  const Council::Record& record = *council_.Find(vote);
  std::vector<log::EntryId> proposals = on.voided;
  if (on.standing) proposals.push_back(*on.standing);
  for (const log::EntryId& proposal : proposals)
    for (const log::EntryId& other : council_.About(proposal)) {
      const Council::Record& said = *council_.Find(other);
      if (other == vote || said.kind != governance::kVote || said.org != record.org) continue;
      // A later one holds instead; two that contradict each other were silent and stay so.
      if (!IsVoid(other) || !council_.Covers(vote, other)) return true;
    }
  return false;
}

Result<bool> Replica::HasToRepeat(const log::EntryId& entry, const Council::Record& record) const {
  if (record.kind == governance::kProposal) {
    for (const log::EntryId& later : council_.About(entry)) {
      ASSIGN(const bool repeats, Repeats(later, entry));
      if (repeats) return false;
    }
    return true;
  }
  if (!record.about) return false;
  ASSIGN(const Repeated on, Follow(*record.about));
  if (!on.standing) return false;  // as yet
  if (record.kind == governance::kVote) {
    const governance::Decision* decision = council_.state().DecisionOn(*on.standing);
    return (decision == nullptr || !decision->seal) && !IsOutvotedByOwn(entry, on);
  }
  ASSIGN(const auto body, RootBodyOf(entry));
  const auto text = body ? governance::ReadComment(*body) : Fail(Code::kNotFound, "no body");
  if (!text || text->empty()) return false;
  for (const log::EntryId& other : council_.About(*on.standing)) {
    const Council::Record& said = *council_.Find(other);
    if (said.kind != record.kind || said.device != record.device || IsVoid(other)) continue;
    ASSIGN(const auto other_body, RootBodyOf(other));
    if (!other_body) continue;
    const auto other_text = governance::ReadComment(*other_body);
    if (other_text && *other_text == *text) return false;
  }
  return true;
}

Result<void> Replica::RepeatProposal(const log::EntryId& entry, const log::Body& body, Time now) {
  const auto said = governance::ReadProposal(body);
  // What can never be decided any more is not asked for again.
  if (!said || !CheckElector() || !CheckProposal(*said)) return {};
  ASSIGN(const governance::Said again, governance::SayProposal(*said, random_));
  TRY(WriteRoot(governance::kProposal, entry, again, now));
  return {};
}

Result<void> Replica::Repeat(const log::EntryId& entry, const Council::Record& record, Time now) {
  ASSIGN(const auto body, RootBodyOf(entry));
  if (!body) return {};
  if (record.kind == governance::kProposal) return RepeatProposal(entry, *body, now);
  ASSIGN(const Repeated on, Follow(*record.about));
  Result<log::EntryId> written = Fail(Code::kNotFound, "nothing to say");
  if (record.kind == governance::kComment) {
    const auto text = governance::ReadComment(*body);
    if (text) written = Comment(*on.standing, *text, now);
  } else {
    const auto said = governance::ReadVote(*body);
    if (said) written = Vote(*on.standing, *said, now);
  }
  // No vote there any more, for instance.
  const Code code = written ? Code::kNotFound : written.error().code;
  if (code == Code::kNotPermitted || code == Code::kConflict || code == Code::kNotFound) return {};
  return tl::unexpected(written.error());
}

Result<void> Replica::ReissueVoid(Time now) {
  const std::vector<log::EntryId>& voided = council_.state().voided;
  if (voided.empty() || restored_) return {};
  const governance::Graph& graph = council_.evaluator().graph();
  std::vector<std::pair<governance::Index, log::EntryId>> own;  // causes first, as they were said
  for (const log::EntryId& entry : voided) {
    const Council::Record* record = council_.Find(entry);
    if (record == nullptr) continue;
    // A certificate is written anew by whoever meets the rule first.
    if (record->kind == governance::kEnact && record->about && void_enacts_.insert(entry).second)
      voted_on_.insert(*record->about);
    if (record->device == self() && IsReissued(record->kind))
      own.emplace_back(graph.Find(entry), entry);
  }
  std::sort(own.begin(), own.end());
  std::size_t written = 0;
  for (const auto& [index, entry] : own) {
    const Council::Record record = *council_.Find(entry);
    ASSIGN(const bool has_to, HasToRepeat(entry, record));
    if (!has_to) continue;
    if (++written > kReissuedAtOnce) {
      decisions_changed_ = true;
      break;
    }
    TRY(Repeat(entry, record, now));
  }
  return {};
}

}  // namespace geflecht::replica
