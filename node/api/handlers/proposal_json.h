// Proposals, rules and organisations as JSON.
#pragma once

#include "node/api/context.h"
#include "node/governance/ballot.h"

namespace geflecht::api {

// {org, organisation}
boost::json::object OrgJson(const replica::Replica& replica, const log::OrgId& org);
// {rule, kind, k, carriers[{org, organisation}]}; `kind` is the first word of `rule`.
boost::json::object RuleJson(const replica::Replica& replica, const governance::Rule& rule);

// "2026-017": the year in which the seal was proposed that gave the number; null without one.
Json DecisionNumber(const replica::Replica& replica, std::uint64_t number,
                    const std::optional<log::EntryId>& seal);

// A proposal of the root space and how it stands.
struct FoundProposal {
  replica::Replica* replica = nullptr;
  log::EntryId id;
  governance::ProposalBody body;
  governance::Ballot ballot;
};
// kNotFound if there is none of this id.
Result<FoundProposal> FindProposal(replica::Replica& replica, const log::EntryId& id);
Result<FoundProposal> FindProposal(std::string_view id, Context& context);

// What a list shows: what, who, when, status, the count.
boost::json::object SummaryJson(const FoundProposal& found, Time now);
// And the whole: text, terms, everybody's position, comments, certificates.
Result<boost::json::object> ProposalJson(const FoundProposal& found, Time now);

}  // namespace geflecht::api
