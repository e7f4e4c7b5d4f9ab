#include "tests/sim/year.h"

#include <algorithm>
#include <utility>

#include "node/log/frontier.h"
#include "node/log/header.h"

namespace geflecht::sim {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;

Options OptionsFor(std::size_t machines) {
  Options options;
  options.seed = 2026;
  options.sites = static_cast<int>(machines);
  return options;
}

}  // namespace

Year::Year(const std::vector<std::string>& machines, std::size_t founders, log::CharterText rules)
    : options_(OptionsFor(machines.size())),
      names_(machines),
      random_(options_.seed),
      net_(queue_, options_, trace_) {
  net_.Calm();
  for (std::size_t i = 0; i < machines.size(); ++i)
    sites_.push_back(std::make_unique<Site>(i, Site::Role{}, options_, queue_, net_, trace_,
                                            static_cast<Watcher&>(*this)));
  for (std::size_t i = 0; i < founders; ++i) {
    rules.founders.push_back(site_card(i));
    present_.insert(i);
  }
  std::sort(rules.founders.begin(), rules.founders.end(),
            [](const log::Card& a, const log::Card& b) { return a.org() < b.org(); });
  const Site& first = *sites_.front();
  auto draft = log::DraftFounding(rules, first.device_key(), first.life(),
                                  first.Now().wall_ms / 1000, random_);
  Require(draft.has_value(), "the founding cannot be drafted");
  for (std::size_t i = 0; i < founders; ++i) {
    const crypto::SigningKey& root = sites_[i]->root_key();
    const log::FounderSignature signature{draft->network(), root.public_key(),
                                          log::SignCharter(*draft, root)};
    Require(log::AddSignature(*draft, signature).has_value(), "a founder's signature is refused");
  }
  founding_ = *std::move(draft);
}

std::vector<std::string> Year::PeersOf(std::size_t machine) const {
  // The next three that are there, so that no single machine joins the others.
  std::vector<std::string> peers;
  auto next = present_.upper_bound(machine);
  while (peers.size() < 3 && peers.size() + 1 < present_.size()) {
    if (next == present_.end()) next = present_.begin();
    if (*next != machine) peers.push_back(SimNet::AddressOf(*next));
    ++next;
  }
  return peers;
}

void Year::Open() {
  for (const std::size_t machine : present_)
    if (!sites_[machine]->up()) sites_[machine]->Start(founding_, PeersOf(machine), true);
  queue_.RunUntil(queue_.now_ms() + 10'000);
}

void Year::Leaves(std::size_t machine) {
  present_.erase(machine);
  if (sites_[machine]->up()) sites_[machine]->LosePower(/*keep_some=*/false, /*unnoticed=*/false);
}

void Year::Cut(std::size_t machine) {
  present_.erase(machine);
  net_.Isolate(machine);
}

void Year::ComesBack(std::size_t machine) {
  net_.Heal();
  if (sites_[machine]->up()) sites_[machine]->LosePower(/*keep_some=*/false, /*unnoticed=*/false);
  sites_[machine]->Start(founding_, PeersOf(machine));
}

void Year::SwitchOff() {
  Await("what was written is on the disks", [&] {
    return std::all_of(sites_.begin(), sites_.end(),
                       [](const auto& site) { return !site->up() || site->disk().idle(); });
  });
  for (const auto& site : sites_)
    if (site->up()) site->LosePower(/*keep_some=*/false, /*unnoticed=*/false);
}

void Year::Alone(std::int64_t until_wall_ms) {
  SwitchOff();
  for (const std::size_t machine : present_) {
    sites_[machine]->Start(founding_, {}, true);
    sites_[machine]->Perform(
        [](core::Node& node, Time now, core::Actions& actions) {
          node.EraseDaily(now);
          node.Finish(now, actions);
        },
        [] {});
  }
  queue_.RunUntil(queue_.now_ms() + until_wall_ms - sites_.front()->Now().wall_ms);
  SwitchOff();
  Open();
}

void Year::Sleep(int days) {
  SwitchOff();
  queue_.RunUntil(queue_.now_ms() + days * kDayMs);
  Open();
}

void Year::Await(const std::string& what, const std::function<bool()>& condition) {
  const std::int64_t limit_ms = queue_.now_ms() + kHourMs;
  while (!condition()) {
    Require(queue_.now_ms() < limit_ms, "did not happen by " + Today() + ": " + what);
    queue_.RunUntil(queue_.now_ms() + 1'000);
  }
}

void Year::AwaitEqual() {
  Await("all hold the same", [&] {
    const replica::Replica* first = nullptr;
    for (const std::size_t machine : present_) {
      const replica::Replica& own = replica(machine);
      if (own.NextCutMs() || !site(machine).disk().idle()) return false;
      if (first == nullptr) first = &own;
      for (const log::SpaceId& space :
           {own.members().root_space(), own.members().network_space()}) {
        if (!own.members().Knows(space) || own.Log(space).missing_bodies() != 0) return false;
        if (log::HeadsOf(own.Log(space).Frontier()) != log::HeadsOf(first->Log(space).Frontier()))
          return false;
      }
    }
    return true;
  });
}

log::EntryId Year::Do(std::size_t machine, const Act& act) {
  Result<log::EntryId> id = Fail(Code::kInternal, "nothing was done");
  site(machine).Perform(
      [&](core::Node& node, Time now, core::Actions& actions) {
        id = act(*node.replica(), now);
        node.Finish(now, actions);
      },
      [] {});
  Require(id.has_value(),
          names_[machine] + " is refused: " + (id ? std::string() : id.error().detail));
  return *id;
}

void Year::Change(std::size_t machine, const std::function<void(replica::Replica&, Time)>& change) {
  site(machine).Perform(
      [&](core::Node& node, Time now, core::Actions& actions) {
        change(*node.replica(), now);
        node.Finish(now, actions);
      },
      [] {});
}

void Year::Ask(std::size_t machine, const std::function<void(replica::Replica&, Time)>& ask) {
  site(machine).Perform(
      [&](core::Node& node, Time now, core::Actions&) { ask(*node.replica(), now); }, [] {});
}

bool Year::HasPaper(std::size_t machine, const log::EntryId& paper) {
  const auto entry = replica(machine).EntryOf(paper);
  return entry && *entry && (*entry)->body_here;
}

void Year::Vote(std::size_t machine, const log::EntryId& proposal, governance::Position position,
                const std::string& reason) {
  Await("the proposal is at every machine",
        [&] { return replica(machine).council().Counts(proposal); });
  Do(machine, [&](replica::Replica& replica, Time now) {
    return replica.Vote(proposal, {position, reason}, now);
  });
}

log::EntryId Year::Decide(std::size_t proposer, const governance::ProposalBody& proposal,
                          const std::vector<std::size_t>& yes) {
  const log::EntryId id = Do(proposer, [&](replica::Replica& replica, Time now) {
    return replica.Propose(proposal, now);
  });
  for (const std::size_t machine : yes) Vote(machine, id, governance::Position::kYes);
  Await("a certificate of \"" + proposal.title + "\"", [&] { return VerdictOn(id).has_value(); });
  AwaitEqual();
  return id;
}

std::optional<governance::Verdict> Year::VerdictOn(const log::EntryId& proposal) {
  const governance::Decision* decision = state(*present_.begin()).DecisionOn(proposal);
  if (decision == nullptr) return std::nullopt;
  return decision->verdict;
}

void Year::AwaitSeal() {
  Await("a seal that closes everything", [&] {
    const auto& decisions = state(*present_.begin()).decisions;
    return std::all_of(decisions.begin(), decisions.end(),
                       [](const auto& decision) { return decision.seal.has_value(); });
  });
  AwaitEqual();
}

std::string Year::ProvenCard(std::size_t machine) const {
  return log::RenderProvenCard(log::ProveCard(site_card(machine), sites_[machine]->device_key()));
}

std::string Year::Today() const {
  return log::RenderTime(sites_.front()->Now().wall_ms / 1000).substr(0, 10);
}

}  // namespace geflecht::sim
