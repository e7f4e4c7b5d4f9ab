// Documents as JSON.
#pragma once

#include "node/api/context.h"

namespace geflecht::api {

// Whether a key of the root map is kept from screens: closed types have no undeclared keys,
// whatever a program of a peer may have written.
bool IsHidden(const crdt::Schema& schema, std::string_view key);

Json ValueJson(const crdt::Value& value);
// A plain value from JSON; kUsage for lists, objects and fractions.
Result<crdt::Value> ValueOf(const Json& json);

// Everything in the document, by key; texts as texts, containers nested.
Result<boost::json::object> DocumentJson(const replica::OpenDocument& open);
// [{path, values: [{n, value, removed, org, organisation, time}]}] of one document.
Result<boost::json::array> ConflictsJson(const replica::Replica& replica,
                                         const replica::OpenDocument& open);
// What an edit did, in a form for people: {path, kind, count?, value?}.
boost::json::object EditJson(const crdt::Edit& edit);

}  // namespace geflecht::api
