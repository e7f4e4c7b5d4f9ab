#include "node/governance/agreement_state.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace geflecht::governance {
namespace {

constexpr std::array<std::string_view, 6> kPhases = {"frozen",   "partly-signed", "signed",
                                                     "in-force", "notice-given",  "ended"};

// How far a version is signed.
struct Progress {
  std::vector<OrgId> missing;
  bool any = false;
  std::optional<std::int64_t> signed_s;  // all have
  bool evidence_missing = false;
  std::optional<std::int64_t> complete_s;  // signed, and with the evidence that it needs
};

class Judge {
 public:
  Judge(const AgreementPapers& papers, std::int64_t at_s) : papers_(papers), at_s_(at_s) {}

  AgreementState State() {
    const AgreementVersion* version = &papers_.versions.front();
    Progress progress = ProgressOf(*version);
    if (progress.complete_s) {
      while (const AgreementVersion* next = Successor(*version)) {
        state_.replaced.push_back(version->id);
        version = next;
        progress = ProgressOf(*version);
      }
    }
    state_.version = version->id;
    state_.missing = progress.missing;
    state_.evidence_missing = progress.evidence_missing;
    state_.signed_s = progress.signed_s;
    state_.phase = progress.any ? AgreementPhase::kPartlySigned : AgreementPhase::kFrozen;
    if (!progress.signed_s) return state_;
    state_.phase = AgreementPhase::kSigned;
    state_.ends = version->terms.end;
    if (!progress.complete_s) return state_;
    state_.since = Since(*version, *progress.complete_s);
    if (*state_.since <= Today()) state_.phase = AgreementPhase::kInForce;
    AddNotices(*version);
    if (state_.ends && *state_.ends < Today()) state_.phase = AgreementPhase::kEnded;
    return state_;
  }

 private:
  Day Today() const { return DayOf(at_s_); }

  static Day Since(const AgreementVersion& version, std::int64_t complete_s) {
    return std::max(DayOf(complete_s), version.terms.start.value_or(0));
  }

  // Of an amend also those whose agreement it changes.
  std::vector<OrgId> PartiesOf(const AgreementVersion& version) const {
    std::vector<OrgId> parties = version.terms.parties;
    if (const AgreementVersion* before =
            version.amends ? papers_.Version(*version.amends) : nullptr)
      parties.insert(parties.end(), before->terms.parties.begin(), before->terms.parties.end());
    std::sort(parties.begin(), parties.end());
    parties.erase(std::unique(parties.begin(), parties.end()), parties.end());
    return parties;
  }

  bool Counts(const PartyAct& act) const { return !act.fault && act.time_s <= at_s_; }

  // The first signature of each party that has signed.
  std::map<OrgId, std::int64_t> SignedBy(const AgreementVersion& version) const {
    std::map<OrgId, std::int64_t> first;
    for (const PartyAct& act : papers_.signatures) {
      if (act.version != version.id || !Counts(act)) continue;
      const auto [at, fresh] = first.try_emplace(act.org, act.time_s);
      if (!fresh) at->second = std::min(at->second, act.time_s);
    }
    return first;
  }

  std::optional<std::int64_t> EvidenceTime(const AgreementVersion& version) const {
    std::optional<std::int64_t> first;
    if (version.evidence > 0) first = version.time_s;
    for (const PartyAct& act : papers_.signatures)
      if (act.version == version.id && act.evidence > 0 && Counts(act))
        first = std::min(first.value_or(act.time_s), act.time_s);
    return first;
  }

  Progress ProgressOf(const AgreementVersion& version) const {
    Progress progress;
    const std::map<OrgId, std::int64_t> first = SignedBy(version);
    std::int64_t last_s = 0;
    for (const OrgId& party : PartiesOf(version)) {
      const auto at = first.find(party);
      if (at == first.end()) {
        progress.missing.push_back(party);
      } else {
        progress.any = true;
        last_s = std::max(last_s, at->second);
      }
    }
    const auto evidence_s = EvidenceTime(version);
    progress.evidence_missing = version.terms.written && !evidence_s;
    if (!progress.missing.empty()) return progress;
    progress.signed_s = last_s;
    if (!progress.evidence_missing)
      progress.complete_s = version.terms.written ? std::max(last_s, *evidence_s) : last_s;
    return progress;
  }

  // The amend that has replaced the version, or nullptr. Offers and rivals are noted.
  const AgreementVersion* Successor(const AgreementVersion& version) {
    std::vector<std::pair<std::int64_t, const AgreementVersion*>> complete;
    std::vector<AgreementState::Offer> offers;
    for (const AgreementVersion& amend : papers_.versions) {
      if (amend.amends != version.id || amend.time_s > at_s_) continue;
      const Progress progress = ProgressOf(amend);
      if (progress.complete_s) {
        complete.emplace_back(*progress.complete_s, &amend);
      } else {
        offers.push_back({amend.id, progress.missing, progress.evidence_missing, std::nullopt});
      }
    }
    std::sort(complete.begin(), complete.end(), [](const auto& a, const auto& b) {
      return std::pair(a.first, a.second->id) < std::pair(b.first, b.second->id);
    });
    for (std::size_t i = 1; i < complete.size(); ++i)
      state_.rivals.push_back(complete[i].second->id);
    state_.offers = std::move(offers);
    if (complete.empty()) return nullptr;
    const auto& [complete_s, first] = complete.front();
    const Day since = Since(*first, complete_s);
    if (since <= Today()) return first;
    state_.offers.push_back({first->id, {}, false, since});
    return nullptr;
  }

  // Whether whoever gave the notice has signed, in knowledge of it, an amend that all have signed.
  bool IsTakenBack(const PartyAct& notice) const {
    return std::any_of(
        papers_.signatures.begin(), papers_.signatures.end(), [&](const PartyAct& act) {
          if (!Counts(act) || act.org != notice.org || !papers_.knew.contains({notice.id, act.id}))
            return false;
          const AgreementVersion* amend = papers_.Version(act.version);
          return amend != nullptr && amend->amends && ProgressOf(*amend).complete_s;
        });
  }

  void AddNotices(const AgreementVersion& version) {
    for (const PartyAct& act : papers_.notices) {
      const AgreementVersion* noticed = papers_.Version(act.version);
      const bool held = act.version == version.id ||
                        std::find(state_.replaced.begin(), state_.replaced.end(), act.version) !=
                            state_.replaced.end();
      if (!Counts(act) || noticed == nullptr || !held || !noticed->terms.notice ||
          !version.terms.HasParty(act.org) || IsTakenBack(act))
        continue;
      AgreementState::Notice notice{act.id, act.org, {}, {}, {}, {}};
      std::int64_t last_s = act.time_s;
      const auto received = papers_.received.find(act.id);
      for (const OrgId& party : version.terms.parties) {
        if (party == act.org) continue;
        const bool known = received != papers_.received.end() && received->second.contains(party);
        const std::int64_t at_s = known ? received->second.at(party) : 0;
        if (known && at_s <= at_s_) {
          last_s = std::max(last_s, at_s);
        } else if (papers_.gone.contains(party)) {
          notice.unreachable.push_back(party);
        } else {
          notice.waits_for.push_back(party);
        }
      }
      if (notice.waits_for.empty()) {
        notice.received = DayOf(last_s);
        notice.ends = LastDayOf(*noticed->terms.notice, *notice.received);
        state_.ends = state_.ends ? std::min(*state_.ends, *notice.ends) : *notice.ends;
      }
      if (state_.phase == AgreementPhase::kInForce) state_.phase = AgreementPhase::kNoticeGiven;
      state_.notices.push_back(std::move(notice));
    }
  }

  const AgreementPapers& papers_;
  const std::int64_t at_s_;
  AgreementState state_;
};

}  // namespace

const AgreementVersion* AgreementPapers::Version(const EntryId& id) const {
  const auto it = std::find_if(versions.begin(), versions.end(),
                               [&](const AgreementVersion& version) { return version.id == id; });
  return it == versions.end() ? nullptr : &*it;
}

std::string_view PhaseName(AgreementPhase phase) {
  return kPhases[static_cast<std::size_t>(phase)];
}

AgreementState StateOf(const AgreementPapers& papers, std::int64_t at_s) {
  CHECK(!papers.versions.empty());
  return Judge(papers, at_s).State();
}

}  // namespace geflecht::governance
