// A network of twelve organisations over a year of virtual time. Nobody is connected at night: the
// nodes run for hours and are off for weeks.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "node/governance/bodies.h"
#include "tests/sim/site.h"

namespace geflecht::sim {

class Year final : private Watcher {
 public:
  // A machine of each of these organisations; those in front of `founders` found the network. An
  // organisation may stand there twice: another machine, with keys of its own.
  Year(const std::vector<std::string>& machines, std::size_t founders, log::CharterText rules);

  // From now on the machine takes part, or does so no more. At first the founders do.
  void Joins(std::size_t machine) { present_.insert(machine); }
  void Leaves(std::size_t machine);
  // It goes on without a line to the others, and takes part no more.
  void Cut(std::size_t machine);
  // It calls the others, who have gone on without it.
  void ComesBack(std::size_t machine);
  // Whoever takes part is up and connected; for as long as nothing is said.
  void Open();
  // All are off for so many days, then up again.
  void Sleep(int days);
  // Each for itself, without a line to the others, erasing once a day, until a time of the wall
  // clock; then up and connected again.
  void Alone(std::int64_t until_wall_ms);
  // Lets time pass until `condition` holds, an hour at most; a Finding otherwise.
  void Await(const std::string& what, const std::function<bool()>& condition);
  // Until all that take part hold the same.
  void AwaitEqual();
  void Wait(int seconds) { queue_.RunUntil(queue_.now_ms() + seconds * 1000); }

  using Act = std::function<Result<log::EntryId>(replica::Replica&, Time)>;
  // What somebody does at a machine that is up. A Finding if it is refused.
  log::EntryId Do(std::size_t machine, const Act& act);
  // The same without an entry, and with what is decided on its disk.
  void Change(std::size_t machine, const std::function<void(replica::Replica&, Time)>& change);
  // Reads only.
  void Ask(std::size_t machine, const std::function<void(replica::Replica&, Time)>& ask);
  bool HasPaper(std::size_t machine, const log::EntryId& paper);
  // Proposes, votes for it everywhere in `yes`, waits until it is decided. Returns the proposal.
  log::EntryId Decide(std::size_t proposer, const governance::ProposalBody& proposal,
                      const std::vector<std::size_t>& yes);
  void Vote(std::size_t machine, const log::EntryId& proposal, governance::Position position,
            const std::string& reason = "");
  // Waits until everything that was decided is sealed: the nodes see to that.
  void AwaitSeal();

  Site& site(std::size_t machine) { return *sites_[machine]; }
  const replica::Replica& replica(std::size_t machine) { return *site(machine).node().replica(); }
  const governance::State& state(std::size_t machine) { return replica(machine).council().state(); }
  // As the others see it; nothing if there is no such decision.
  std::optional<governance::Verdict> VerdictOn(const log::EntryId& proposal);
  log::OrgId OrgOf(std::size_t machine) const { return site_card(machine).org(); }
  // Its card with the device's proof, as a decision names it.
  std::string ProvenCard(std::size_t machine) const;
  const log::Founding& founding() const { return founding_; }
  std::string Today() const;

 private:
  void Sends(const Site&, core::ConnId, const Bytes&) override {}
  void Receives(const Site&, core::ConnId, const Bytes&) override {}
  void Stepped(Site&) override {}
  log::Card site_card(std::size_t machine) const { return sites_[machine]->Card(names_[machine]); }
  void SwitchOff();
  std::vector<std::string> PeersOf(std::size_t machine) const;

  Options options_;
  std::vector<std::string> names_;
  SeededRandom random_;
  Trace trace_;
  EventQueue queue_;
  SimNet net_;
  std::vector<std::unique_ptr<Site>> sites_;
  std::set<std::size_t> present_;
  log::Founding founding_;
};

}  // namespace geflecht::sim
