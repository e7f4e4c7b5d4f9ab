// Frozen minutes of a meeting: made of the live document, approved by decisions.
#pragma once

#include "node/api/handlers/meeting_json.h"
#include "node/governance/frozen.h"
#include "node/governance/minutes.h"

namespace geflecht::api {

struct FoundMinutes {
  log::SpaceId space;  // in which they lie, and the meeting
  log::EntryId freeze;
  crypto::Hash256 root;
  governance::Frozen text;
  governance::MinutesTerms terms;
};
// Those of a meeting, in its space, whose bodies are here, in the order of arrival.
Result<std::vector<FoundMinutes>> MinutesOf(replica::Replica& replica,
                                            const crdt::DocumentId& meeting);

// Proposals to approve these minutes, causes first.
std::vector<log::EntryId> ApprovalsOf(const replica::Replica& replica, const FoundMinutes& minutes);

// [{freeze, root, time, org, organisation, state, corrects, corrected_by, approvals[{proposal,
// status, sealed, number}], decisions[{item, matter, text, certified}], text}]. `state`: "frozen",
// "proposed", "approved", "sealed".
Result<boost::json::array> MinutesJson(const FoundMeeting& found, i18n::Lang lang);

// What a meeting's minutes would say if they were frozen now. kUsage with a hint.
Result<governance::Frozen> FreezeOf(const FoundMeeting& found,
                                    const std::optional<log::EntryId>& corrects, i18n::Lang lang);

}  // namespace geflecht::api
