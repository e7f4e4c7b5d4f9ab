// The root space of a bundle as evaluate() sees it: members, whose device is whose, decisions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/audit/charter_fact.h"
#include "node/audit/decision_fact.h"
#include "node/governance/ballot.h"
#include "node/governance/evaluate.h"
#include "node/governance/mandates.h"
#include "node/governance/members.h"
#include "node/governance/read_entry.h"
#include "node/log/charter.h"

namespace geflecht::audit {

// Not movable. One thread. Entries that lack a cause count for nothing.
class RootSpace {
 public:
  // CHECKs that governance::RulesOf accepts the charter.
  explicit RootSpace(const log::Founding& founding);
  RootSpace(const RootSpace&) = delete;
  RootSpace& operator=(const RootSpace&) = delete;

  // In any order, each once; the charter is there already. `body` is what is here of it.
  void Add(const log::Header& header, const log::EntryId& id, std::optional<log::Body> body);
  // Once all are there, before anything below is asked.
  void Evaluate();

  // On a card that the charter or an entry holds, ascending.
  const std::set<log::DeviceId>& devices() const { return devices_; }
  const governance::Members& members() const { return *members_; }
  // Whether the device may write in the network space in the state of these entries and their past.
  bool EntitledAt(const std::vector<log::EntryId>& basis, const log::DeviceId& device);
  // The same for a space that a decision has founded: whether its organisation had a member's seat.
  bool HasSeatAt(const std::vector<log::EntryId>& basis, const log::DeviceId& device,
                 const log::SpaceId& space);
  // For which organisation the device signed in the past of these entries.
  std::optional<log::OrgId> OrgAt(const log::DeviceId& device,
                                  const std::vector<log::EntryId>& heads) const;
  // Whether the organisation is a member, and an active one, in that past.
  bool IsMemberAt(const log::OrgId& org, const std::vector<log::EntryId>& heads);
  bool IsActiveAt(const log::OrgId& org, const std::vector<log::EntryId>& heads);
  // Whether the decision on a proposal is effective in that past.
  bool IsEffectiveAt(const std::vector<log::EntryId>& heads, const log::EntryId& proposal);
  const governance::ProposalBody* ProposalOf(const log::EntryId& proposal) const;  // or nullptr
  // Whether an entry is one of these or in their past.
  bool InPast(const std::vector<log::EntryId>& heads, const log::EntryId& entry) const;
  const governance::Mandates& mandates() const { return mandates_; }
  std::string NameOf(const log::OrgId& org) const { return directory_.NameOf(org); }
  bool IsMember(const log::OrgId& org) { return evaluator_.Evaluate().Member(org) != nullptr; }
  struct LastOfSeals {
    log::EntryId id;
    std::int64_t time_s = 0;  // claimed
  };
  // The last content of the chain of effective seals.
  std::optional<LastOfSeals> LastSeal();
  // Whether the joint past of these entries shows this seal to be effective.
  bool IsSealedAt(const std::vector<log::EntryId>& basis, const log::EntryId& seal) const;
  // Devices with an entry that has a request of this nonce in its past, or is one; nothing if
  // there is none.
  std::optional<std::set<log::DeviceId>> AnsweredBy(std::string_view nonce) const;
  // Of each proposal that has a valid certificate, by the time of its first one.
  std::vector<DecisionFact> Decisions();
  // Certificates that hold nothing, by organisation; in the order of their entries' ids.
  std::vector<VoidCertificate> VoidCertificates();
  // Effective seals that name another state than their past gives.
  std::vector<log::EntryId> WrongSeals();
  // Whether an effective decision meets the rule of another matter too.
  bool Certifies(const log::EntryId& decision, const governance::Matter& matter) {
    return governance::MeetsRuleOf(evaluator_, decision, matter);
  }
  // The versions of the rules, and who does not know the latest.
  CharterFact Charter();
  // Organisations that voted for seals which exclude one another, by name.
  std::vector<std::string> DoubleSigners();

 private:
  struct Waiting {
    log::Header header;
    std::optional<log::Body> body;
    std::size_t causes = 0;
  };
  struct Known {
    log::DeviceId device;
    std::int64_t time_s = 0;
    std::optional<governance::ProposalBody> proposal;
    std::optional<crypto::Hash256> state;  // of a seal
    std::string reason;                    // of a vote
  };
  void Count(const log::EntryId& id, const Waiting& waiting);
  DecisionFact FactOf(const governance::Decision& decision);
  bool IsReplaced(const log::EntryId& proposal);
  std::string NumberOf(std::uint64_t number, const std::optional<log::EntryId>& seal) const;
  void AddSettled(const governance::Ballot& ballot, const log::EntryId& proposal,
                  DecisionFact& fact) const;

  log::NetworkId network_;
  std::optional<std::int64_t> review_s_;  // as the charter says
  std::vector<std::pair<log::OrgId, log::EntryId>> acknowledged_;
  governance::Directory directory_;
  governance::Mandates mandates_;
  governance::Evaluator evaluator_;
  std::map<log::EntryId, Waiting> waiting_;
  std::map<log::EntryId, Known> known_;
  std::map<std::string, std::set<log::EntryId>, std::less<>> requests_;  // by nonce
  std::set<log::DeviceId> devices_;
  std::optional<governance::Members> members_;
};

}  // namespace geflecht::audit
