// Who has restricted a record (GDPR Art. 18), and who may end that.
#pragma once

#include "node/api/handlers/document_json.h"

namespace geflecht::api {

// [{time, organisation, restricted}], the oldest first: who restricted the record when, and who
// lifted it. `restricted` is the reason, "" without one, null for none.
Result<boost::json::array> RestrictionHistory(replica::Replica& replica,
                                              const crdt::DocumentId& id);
Json RestrictionJson(const crdt::Value& value);
// The names of the other organisations whose restriction stands in the record, at most one for each
// value that stands there.
Result<boost::json::array> RestrictedByOthers(const FoundDocument& found);
// kNotPermitted, "hint.restricted-by-other", if there is one: whoever ends or replaces it decides
// about a claim that somebody raised with another organisation.
Result<void> CheckNotRestrictedByOthers(const FoundDocument& found);

}  // namespace geflecht::api
