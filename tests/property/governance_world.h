// A network in which some organisations keep the rules and the others, who share all they know,
// write whatever a device can sign: stashed, back-dated, contradictory, in invented names.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "node/governance/evaluate.h"

namespace geflecht::governance {

// Entries of a world, by their number; it has no more.
using Set = std::bitset<1024>;

struct WorldSetup {
  std::size_t honest = 3;
  std::size_t colluding = 2;
  RuleTable rules;
  bool leaves = false;    // honest organisations may leave
  bool split = false;     // two halves of the honest ones that hear nothing of one another
  bool newcomers = true;  // honest ones admit somebody who never says anything
  bool spaces = false;    // honest ones open and change spaces, one with the first colluding one
};

class World {
 public:
  World(const WorldSetup& setup, std::uint64_t seed);

  void Run(std::size_t steps);
  // Everybody honest learns everything.
  void Heal();
  // An honest organisation proposes a seal, all honest ones sign twice, nobody else does anything.
  void SealTogether(std::size_t proposer);

  // Where a colluding one is alone in a space that an honest one founded, as far as a snapshot
  // tells, it lets in somebody to whom nobody has offered a seat: proposal, vote, certificate. Each
  // of them is one more snapshot; returns how many there are.
  std::size_t OpenWhereAlone();

  const std::vector<Entry>& entries() const { return entries_; }
  // The same entries in another order in which each comes after its past and basis.
  std::vector<Entry> Shuffled();
  const State& Final() { return evaluator_.Evaluate(); }
  State At(const std::vector<EntryId>& heads) { return *evaluator_.Evaluate(heads); }
  bool IsHonest(const OrgId& org) const;
  bool IsFounder(const OrgId& org) const;
  // Whether an honest one has ever proposed that it gets a seat there.
  bool IsOffered(const log::SpaceId& space, const OrgId& org) const {
    return offered_.contains({space, org});
  }
  crypto::PublicKey KeyOf(const OrgId& org) const;  // its only device, until others certify more
  const Entry& EntryOf(const EntryId& id) const;

  // A closed set that somebody once held, or could have held.
  struct Snapshot {
    std::vector<EntryId> heads;
    State state;
  };
  const std::vector<Snapshot>& snapshots() const { return snapshots_; }
  std::vector<OrgId> honest() const;
  // Lines that a person can read, for a failure.
  std::string Story() const;

 private:
  struct Party {
    OrgId org;
    crypto::PublicKey key;
    bool honest = true;
    bool founder = true;
    Set knows;
    Set voted;                            // proposals
    std::vector<std::size_t> seal_votes;  // entries
    std::vector<std::size_t> contents;    // own, the last one
  };

  std::size_t Add(Party& party, const Set& past, Act act, bool root = false);
  Set PastOf(std::size_t entry) const;
  std::vector<std::size_t> HeadsOf(const Set& set) const;
  std::size_t Latest() const;  // entry of the root space
  template <class Kind>
  std::vector<std::size_t> Of(const Set& set) const;
  template <class Kind>
  std::size_t OneOf(const Set& set);  // npos if there is none
  Party& AnyHonest();
  void Learn(Party& party, std::size_t entry);

  void TakeSnapshot(const Set& set);
  std::size_t AnyEntry();  // one of the latest, of the root space
  void HonestStep(Party& party);
  std::size_t HonestProposal(Party& party);
  void HonestVote(Party& party, std::size_t proposal);
  void HonestEnact(Party& party, std::size_t proposal);
  void HonestSealVote(Party& party, std::size_t seal);
  // Several steps: a proposal, votes, a certificate; a seal and its two rounds.
  std::vector<bool> Side();
  Party& OneOfSide(const std::vector<bool>& side);
  void Decide();
  void SealInRounds();
  void Plot();
  bool SignsSeal(const Party& party, std::size_t seal) const;
  void HonestContent(Party& party);
  void ColludingStep();
  Act HostileAct(Party& party, const Set& past, bool& root);
  Measure HostileMeasure();
  Measure HonestSpace();
  Measure HostileSpace();
  OrgId Anybody();

  WorldSetup setup_;
  SeededRandom random_;
  std::vector<Party> parties_;
  std::vector<Entry> entries_;
  std::vector<Set> pasts_;
  std::vector<std::vector<std::size_t>> parents_;
  Evaluator evaluator_;
  std::vector<Snapshot> snapshots_;
  bool newcomer_ = false;
  std::vector<log::SpaceId> spaces_;
  std::set<std::pair<log::SpaceId, OrgId>> offered_;
};

}  // namespace geflecht::governance
