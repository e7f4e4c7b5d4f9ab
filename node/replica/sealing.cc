// Replica's part in seals: when this node proposes one, and for which it votes (governance.md,
// Seals). What a seal does is judged by evaluate() alone; a vote too many or too few costs time.
#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "node/governance/kinds.h"
#include "node/governance/state_text.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

constexpr std::int64_t kDayS = 24 * 3600;
constexpr std::int64_t kSealAfterS = 7 * kDayS;
// Of nodes that see the same, one goes first.
constexpr std::uint64_t kSealSpreadMs = 60'000;
constexpr std::int64_t kSealWaitMs = 5'000;
// Nobody votes before the seals that were proposed at the same time have arrived.
constexpr std::int64_t kVoteAfterS = 30;
// A seal that claims to be of a later time is passed over.
constexpr std::int64_t kClocksApartS = 3600;
// Nobody waits longer for votes: a deadline beyond delays no seal.
constexpr std::int64_t kDeadlineAheadS = 368 * kDayS;
// Each costs an evaluation of its past; nobody who means well proposes so many.
constexpr std::size_t kSealChecksADay = 16;
constexpr std::int64_t kDayMs = kDayS * 1000;
constexpr std::int64_t kHeldEveryMs = 3600 * 1000;
// For each of some times: milliseconds since 1970 (8 bytes), size (4), ids of heads.
constexpr std::string_view kHeldRecord = "held";

}  // namespace

bool Replica::HasUnsealed() const {
  const std::vector<governance::Decision>& decisions = council_.state().decisions;
  return std::any_of(decisions.begin(), decisions.end(),
                     [](const governance::Decision& decision) { return !decision.seal; });
}

bool Replica::HoldsAll(const log::EntryId& seal) const {
  const std::vector<governance::Decision>& decisions = council_.state().decisions;
  return std::all_of(decisions.begin(), decisions.end(), [&](const governance::Decision& decision) {
    // One is enough: who writes certificates of it again and again delays nothing.
    return decision.seal ||
           std::any_of(decision.enacts.begin(), decision.enacts.end(),
                       [&](const log::EntryId& enact) { return council_.Covers(seal, enact); });
  });
}

Result<std::optional<std::int64_t>> Replica::LastDeadline(std::int64_t now_s) const {
  std::optional<std::int64_t> last;
  for (const log::EntryId& proposal : council_.state().With(governance::Verdict::kProvisional)) {
    ASSIGN(const auto body, RootBodyOf(proposal));
    if (!body) continue;
    const auto said = governance::ReadProposal(*body);
    if (!said || !said->deadline_s || *said->deadline_s > now_s + kDeadlineAheadS) continue;
    if (!last || *last < *said->deadline_s) last = said->deadline_s;
  }
  return last;
}

Result<std::optional<std::int64_t>> Replica::SealDueS(std::int64_t now_s) const {
  const governance::State& state = council_.state();
  std::optional<std::int64_t> due;
  for (const governance::Decision& decision : state.decisions) {
    const bool open = decision.verdict == governance::Verdict::kEffective ||
                      decision.verdict == governance::Verdict::kProvisional;
    if (decision.seal || !open) continue;
    const governance::Measure* measure = council_.MeasureOf(decision.proposal);
    const bool removal = measure != nullptr && std::holds_alternative<governance::Remove>(*measure);
    for (const log::EntryId& enact : decision.enacts) {
      const std::int64_t at = council_.Find(enact)->time_s + (removal ? 0 : kSealAfterS);
      if (!due || at < *due) due = at;
    }
  }
  if (!due) return due;
  ASSIGN(const auto deadline, LastDeadline(now_s));
  return std::optional(std::max(*due, deadline.value_or(*due)));
}

bool Replica::IsSeal(const log::EntryId& entry) const {
  const governance::Graph& graph = council_.evaluator().graph();
  return graph[graph.Find(entry)].As<governance::Seal>() != nullptr;
}

bool Replica::SealIsUnderWay(std::int64_t now_s) const {
  for (const log::EntryId& seal : council_.OfKind(governance::kSeal)) {
    if (!IsSeal(seal)) continue;
    const std::int64_t at_s = council_.Find(seal)->time_s;
    const auto named = seal_states_.find(seal);
    const bool wrong = named != seal_states_.end() && !named->second;
    if (at_s + kDayS > now_s && at_s <= now_s + kClocksApartS && !wrong && HoldsAll(seal))
      return true;
  }
  return false;
}

Result<log::EntryId> Replica::ProposeSeal(Time now) {
  TRY(CheckElector());
  if (!HasUnsealed()) return Fail(Code::kNotFound, "nothing to seal", "hint.nothing-to-seal");
  ASSIGN(const auto deadline, LastDeadline(now.wall_ms / 1000));
  if (deadline && *deadline > now.wall_ms / 1000)
    return Fail(Code::kConflict, "a provisional decision waits for its deadline",
                "hint.deadline-open");
  // The state of exactly what the seal will have in its past.
  TRY(PrepareToWrite(*FindLog(root_space_), now));
  ASSIGN(const governance::State past, council_.evaluator().Evaluate(council_.tips()));
  return WriteRoot(governance::kSeal, std::nullopt,
                   governance::SaySeal(governance::HashOf(past), random_), now);
}

bool Replica::SignsForOrganisation() const {
  const governance::Member* own = members().ByDevice(self());
  return own != nullptr && own->active &&
         std::none_of(members().all().begin(), members().all().end(),
                      [&](const governance::Member& member) {
                        return member.org == own->org && member.device < own->device;
                      });
}

bool Replica::HasOtherMembers() const {
  const std::vector<governance::Member>& all = members().all();
  return std::any_of(all.begin(), all.end(),
                     [&](const governance::Member& member) { return member.device != self(); });
}

Result<void> Replica::NoteHeld(Time now) {
  TRY(LoadHeld(now));
  if (!held_.empty() && now.mono_ms < held_.back().first + kHeldEveryMs) return {};
  const bool changed = held_.empty() || held_.back().second != council_.tips();
  held_.emplace_back(now.mono_ms, council_.tips());
  // Of those that are a day old the newest says everything.
  while (held_.size() > 1 && held_[1].first + kDayMs <= now.mono_ms) held_.erase(held_.begin());
  if (!changed) return {};  // the record says since when
  Bytes record;
  const std::vector<log::EntryId>* last = nullptr;
  for (const auto& [mono_ms, heads] : held_) {
    if (last != nullptr && *last == heads) continue;
    last = &heads;
    const Bytes ids = codec::EncodeIds(heads);
    AppendBe64(record, static_cast<std::uint64_t>(now.wall_ms - (now.mono_ms - mono_ms)));
    AppendBe32(record, static_cast<std::uint32_t>(ids.size()));
    Append(record, ids);
  }
  view_.Put(MetaKey(kHeldRecord), std::move(record));
  return {};
}

Result<void> Replica::LoadHeld(Time now) {
  if (std::exchange(held_loaded_, true)) return {};
  ASSIGN(const auto record, view_.Get(MetaKey(kHeldRecord)));
  if (!record) return {};
  constexpr std::size_t kFixed = 8 + 4;
  for (ByteView rest(*record); !rest.empty();) {
    const std::size_t size = rest.size() < kFixed ? rest.size() : ReadBe32(rest.subspan(8));
    if (size > rest.size() - std::min(rest.size(), kFixed))
      return Fail(Code::kCorruption, "what was held is damaged");
    const auto wall_ms = static_cast<std::int64_t>(ReadBe64(rest));
    ASSIGN(std::vector<log::EntryId> heads, codec::DecodeIds(rest.subspan(kFixed, size)));
    rest = rest.subspan(kFixed + size);
    // A clock that was set back, or entries that the directory has lost since.
    if (wall_ms > now.wall_ms ||
        !std::all_of(heads.begin(), heads.end(),
                     [&](const log::EntryId& head) { return council_.Counts(head); }))
      continue;
    held_.emplace_back(now.mono_ms - (now.wall_ms - wall_ms), std::move(heads));
  }
  return {};
}

bool Replica::CoversWhatIsHeld(const log::EntryId& seal, Time now) const {
  if (held_.empty() || held_.front().first + kDayMs > now.mono_ms) return true;
  const std::vector<log::EntryId>& tips = held_.front().second;
  return std::all_of(tips.begin(), tips.end(),
                     [&](const log::EntryId& tip) { return council_.Covers(seal, tip); });
}

Result<bool> Replica::NamesItsState(const log::EntryId& seal, Time now) {
  const auto known = seal_states_.find(seal);
  if (known != seal_states_.end()) return known->second;
  auto& [day, checks] = seal_checks_[council_.Find(seal)->org];
  if (day != now.mono_ms / kDayMs) checks = 0;
  day = now.mono_ms / kDayMs;
  if (++checks > kSealChecksADay) return false;
  ASSIGN(const auto body, RootBodyOf(seal));
  const auto claimed = body ? governance::ReadSeal(*body) : Fail(Code::kNotFound, "no body");
  ASSIGN(const governance::State past, council_.evaluator().Evaluate(council_.ParentsOf(seal)));
  const bool names = claimed && governance::HashOf(past) == *claimed;
  seal_states_.emplace(seal, names);
  return names;
}

Result<bool> Replica::MayVoteFor(const log::EntryId& seal, Time now) {
  const log::OrgId org = members().ByDevice(self())->org;
  const governance::State& state = council_.state();
  // The newest predecessor that is known here, and everything that was decided.
  for (const log::EntryId& content : state.seals)
    if (content == seal || !council_.Covers(seal, content)) return false;
  if (!HoldsAll(seal)) return false;
  for (const log::EntryId& vote : council_.OfKind(governance::kSealVote)) {
    const Council::Record& record = *council_.Find(vote);
    if (record.org == org && record.about != seal && !council_.Covers(seal, vote)) return false;
  }
  ASSIGN(const auto deadline, LastDeadline(now.wall_ms / 1000));
  return (!deadline || *deadline <= now.wall_ms / 1000) && CoversWhatIsHeld(seal, now);
}

std::size_t Replica::OwnVotesFor(const log::EntryId& seal) const {
  const std::vector<log::EntryId>& about = council_.About(seal);
  return static_cast<std::size_t>(
      std::count_if(about.begin(), about.end(), [&](const log::EntryId& id) {
        const Council::Record& record = *council_.Find(id);
        return record.kind == governance::kSealVote && record.device == self();
      }));
}

Result<void> Replica::VoteForSeals(Time now) {
  if (!SignsForOrganisation() || (restored_ && HasOtherMembers())) return {};
  using Weight = governance::Seals::Weight;
  const log::OrgId org = members().ByDevice(self())->org;
  const governance::State& state = council_.state();
  const std::int64_t now_s = now.wall_ms / 1000;
  std::map<std::optional<log::OrgId>, log::EntryId> choices;  // one of each organisation
  for (const log::EntryId& seal : council_.OfKind(governance::kSeal)) {
    if (!IsSeal(seal)) continue;  // its body is none
    if (!state.seals.empty() && council_.Covers(state.seals.back(), seal)) continue;  // decided
    ASSIGN(const Weight weight, council_.evaluator().WeightOfVote(seal, org));
    // Of one device two votes are enough, whatever they are worth.
    if (weight == Weight::kNothing || OwnVotesFor(seal) > 1) continue;
    const std::int64_t from_s = council_.Find(seal)->time_s + kVoteAfterS;
    if (from_s > now_s + kVoteAfterS + kClocksApartS) continue;
    ASSIGN(const bool may, MayVoteFor(seal, now));
    if (!may) continue;
    if (weight == Weight::kFirst && from_s > now_s) {
      const std::int64_t due_ms = now.mono_ms + (from_s - now_s) * 1000;
      vote_due_ms_ = std::min(vote_due_ms_.value_or(due_ms), due_ms);
      continue;
    }
    const auto [own, first] = choices.try_emplace(council_.Find(seal)->org, seal);
    if (!first) own->second = std::min(own->second, seal);
  }
  std::vector<log::EntryId> in_order;
  for (const auto& [by, seal] : choices) in_order.push_back(seal);
  // Everybody who knows the same rivals takes the same one. To compute a state costs much more than
  // all above.
  std::sort(in_order.begin(), in_order.end());
  for (const log::EntryId& seal : in_order) {
    ASSIGN(const bool names, NamesItsState(seal, now));
    if (!names) continue;
    TRY(WriteRoot(governance::kSealVote, seal, {}, now));
    return {};
  }
  return {};
}

Result<void> Replica::SealWhatIsDue(Time now) {
  vote_due_ms_.reset();
  TRY(VoteForSeals(now));
  const std::int64_t now_s = now.wall_ms / 1000;
  ASSIGN(const auto due_s, SealDueS(now_s));
  seal_due_ms_.reset();
  if (!due_s || !SignsForOrganisation()) return {};
  if (*due_s > now_s) {
    seal_due_ms_ = now.mono_ms + (*due_s - now_s) * 1000;
    return {};
  }
  if (SealIsUnderWay(now_s)) {
    seal_due_ms_ = now.mono_ms + kDayS * 1000;
    return {};
  }
  if (!seal_turn_ms_)
    seal_turn_ms_ =
        now.mono_ms + kSealWaitMs + static_cast<std::int64_t>(random_.Below(kSealSpreadMs));
  seal_due_ms_ = seal_turn_ms_;
  if (*seal_turn_ms_ > now.mono_ms) return {};
  seal_turn_ms_.reset();
  seal_due_ms_ = now.mono_ms + kDayS * 1000;
  TRY(ProposeSeal(now));
  return {};
}

}  // namespace geflecht::replica
