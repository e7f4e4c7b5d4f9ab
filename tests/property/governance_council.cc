#include "tests/property/governance_council.h"

#include <algorithm>
#include <map>
#include <string>

#include "base/check.h"
#include "node/governance/ballot.h"

namespace geflecht::governance {
namespace {

constexpr std::size_t kMost = 512;
using Known = std::bitset<kMost>;

template <class Id>
Id MadeId(std::uint64_t number, std::uint8_t kind) {
  Id id;
  id.bytes[0] = kind;
  id.bytes[1] = static_cast<std::uint8_t>(number * 37);  // no order of making
  id.bytes[31] = static_cast<std::uint8_t>(number);
  return id;
}
OrgId Org(std::uint64_t number) { return MadeId<OrgId>(number, 1); }
crypto::PublicKey Root(std::uint64_t number) { return MadeId<crypto::PublicKey>(number, 2); }
crypto::PublicKey Device(std::uint64_t number) { return MadeId<crypto::PublicKey>(number, 3); }

class Council {
 public:
  explicit Council(std::uint64_t seed) : random_(seed * 7919 + 1) {
    founders_ = 3 + random_.Below(4);
    Charter charter;
    for (std::uint64_t i = 0; i < founders_; ++i)
      charter.founders.push_back({Org(i), Root(i), Device(i)});
    charter.rules.every = AnyRule();
    for (const char* const matter : {"admit", "content", "body:rat", "remove"})
      if (random_.Below(3) == 0) charter.rules.by_matter[matter] = AnyRule();
    knows_.resize(founders_ + 2);
    Put(0, charter, false);
    for (Known& known : knows_) known.set(0);
    for (int step = 0; step < 18; ++step) Step();
  }
  std::vector<Entry> entries;

 private:
  std::uint64_t Any() { return random_.Below(Once(5) ? knows_.size() : founders_); }
  bool Once(std::uint64_t in) { return random_.Below(in) == 0; }

  Rule AnyRule() {
    constexpr RuleKind kKinds[] = {RuleKind::kMajority,  RuleKind::kMajority, RuleKind::kUnanimity,
                                   RuleKind::kTwoThirds, RuleKind::kConsent,  RuleKind::kQuorum,
                                   RuleKind::kVotesCast};
    Rule rule{kKinds[random_.Below(std::size(kKinds))], 0, {}};
    if (rule.kind == RuleKind::kConsent || rule.kind == RuleKind::kQuorum ||
        rule.kind == RuleKind::kVotesCast)
      rule.k = static_cast<std::uint32_t>(1 + random_.Below(founders_));
    if (Once(4)) {
      rule.carriers = {Org(random_.Below(2)), Org(2)};
      std::sort(rule.carriers.begin(), rule.carriers.end());
    }
    return rule;
  }
  Measure AnyMeasure() {
    const std::uint64_t who = Any();
    const CardKeys card{Org(who), Root(who + (Once(4) ? 50 : 0)),
                        Device(who + 20 * random_.Below(3))};
    switch (random_.Below(12)) {
      case 0:
      case 1:
        return Admit{card};
      case 2:
        return Remove{Org(who)};
      case 3:
        return SetInactive{Org(who)};
      case 4:
        return Rekey{card};
      case 5:
      case 6:
        return ChangeRole{Org(who), Once(2) ? "body:rat" : "space:x", !Once(3)};
      case 7:
        return ChangeRule{Once(2) ? "content" : Once(2) ? "body:rat" : "*", AnyRule()};
      case 8:
        return Resolve{"body:rat"};
      case 9:
        return Resolve{"rule"};
      default:
        return Resolve{"content"};
    }
  }

  std::size_t Put(std::uint64_t by, Act act, bool root) {
    Known past = entries.empty() ? Known() : knows_[by];
    Entry entry{random_.Make<EntryId>(), {}, {Org(by), Device(by), root}, std::move(act)};
    if (root) entry.author.key = Root(by);
    if (!root && Once(40)) entry.author.key = Device(by + 20);
    const bool content = std::holds_alternative<Content>(entry.act);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const bool other = std::holds_alternative<Content>(entries[i].act) != content;
      bool head = past.test(i) && !other;
      for (std::size_t j = i + 1; j < entries.size() && head; ++j)
        head = !(past.test(j) && pasts_[j].test(i)) ||
               std::holds_alternative<Content>(entries[j].act) != content;
      if (!head) continue;
      entry.parents.push_back(entries[i].id);
    }
    if (entries.size() + 1 >= kMost) return entries.size() - 1;
    CHECK(evaluator_.Add(entry).has_value());
    entries.push_back(std::move(entry));
    pasts_.push_back(past);
    pasts_.back().set(entries.size() - 1);
    knows_[by].set(entries.size() - 1);
    return entries.size() - 1;
  }
  void Tell(std::uint64_t whom, std::size_t entry) { knows_[whom] |= pasts_[entry]; }

  void Decide() {
    const std::uint64_t first = Any();
    Proposal proposed{AnyMeasure()};
    if (last_proposal_ != 0 && Once(3)) proposed.terms.supersedes = entries[last_proposal_].id;
    const std::size_t proposal = Put(first, proposed, false);
    last_proposal_ = proposal;
    std::vector<std::size_t> votes;
    for (std::uint64_t who = 0; who < knows_.size(); ++who) {
      if (Once(8)) continue;
      Tell(who, proposal);
      const auto position = static_cast<Position>(Once(4) ? random_.Below(4) : 0);
      for (std::uint64_t times = Once(6) ? 2 : 1; times > 0; --times)
        votes.push_back(Put(who, Vote{entries[proposal].id, position}, false));
    }
    for (std::uint64_t times = Once(4) ? 2 : 1; times > 0; --times) {
      const std::uint64_t last = Any();
      Enact enact{entries[proposal].id, {}};
      for (const std::size_t vote : votes) Tell(last, vote);
      if (const auto ballot = BallotOn(evaluator_, enact.about)) enact.votes = ballot->listed;
      if (Once(8) && !votes.empty()) enact.votes.push_back(entries[votes[0]].id);
      Put(last, enact, false);
    }
  }
  void Seal() {
    const std::uint64_t first = Any();
    const std::size_t seal = Put(first, governance::Seal{}, false);
    std::vector<std::size_t> round{seal};
    for (int i = 0; i < 2; ++i) {
      std::vector<std::size_t> next;
      for (std::uint64_t who = 0; who < knows_.size(); ++who) {
        if (Once(7)) continue;
        for (const std::size_t entry : round) Tell(who, entry);
        next.push_back(Put(who, SealVote{entries[seal].id}, false));
      }
      round = next;
    }
  }
  void Step() {
    const std::uint64_t who = Any();
    if (!Once(3))
      for (Known& known : knows_)
        if (!Once(4)) known |= knows_[who];
    switch (random_.Below(16)) {
      case 0:
        Put(who, AddDevice{Device(who + 20)}, true);
        break;
      case 1:
        Put(who, RevokeDevice{Device(who + 20 * random_.Below(2))}, Once(2));
        break;
      case 2:
        if (Once(3)) Put(who, Leave{}, Once(2));
        break;
      case 3:
        Put(who, ForkEvidence{{Org(0), Device(0)}, MadeId<ForkPosition>(random_.Below(2), 4)},
            false);
        break;
      case 4:
      case 5:
        Put(who, Content{{entries[last_basis_].id}, Once(2) ? "x" : ""}, false);
        break;
      case 6:
      case 7:
      case 8:
        Seal();
        break;
      case 9:
        Put(who, Other{}, false);
        break;
      default:
        Decide();
        last_basis_ = entries.size() - 1;
        break;
    }
  }

  SeededRandom random_;
  Evaluator evaluator_;
  std::uint64_t founders_ = 0;
  std::vector<Known> knows_, pasts_;
  std::size_t last_proposal_ = 0, last_basis_ = 0;
};

}  // namespace

std::vector<Entry> CouncilEntries(std::uint64_t seed) { return Council(seed).entries; }

}  // namespace geflecht::governance
