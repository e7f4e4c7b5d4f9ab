// What else a proposal's page says: what it belongs to, what replaced it, who was against it, which
// objections were settled, what is missing.
#pragma once

#include "node/api/handlers/proposal_json.h"

namespace geflecht::api {

// Effective decisions that take its place.
std::vector<log::EntryId> SupersededBy(const replica::Replica& replica, const log::EntryId& id);

// {recommendation, circular, charter, review, meeting, supersedes, superseded_by[]}
boost::json::object LinksJson(const FoundProposal& found);

// {still_needed, still_needed_of, unanswered[{org, organisation}]}: what an open one lacks.
// `still_needed_of` is "yes" or "votes".
boost::json::object MissingJson(const FoundProposal& found);

// {minority[{org, organisation, position, reason, time}], objections[{org, organisation, entry,
// reason, time, resolved, later, later_time}]}. The minority are those whose vote that counts is
// not a yes to what was decided; an objection is resolved by a later vote of its organisation.
Result<boost::json::object> DissentJson(const FoundProposal& found);

}  // namespace geflecht::api
