// Spaces as JSON, and which one a request names.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "node/api/context.h"

namespace geflecht::api {

// The own organisation's: "member", "observer", "former" (what was received is still here), "none".
std::string_view SeatOf(const replica::Replica& replica, const log::SpaceId& space, Time now);

// {space, space_name}: where a document lies; null in the network space.
void AddSpace(boost::json::object& json, replica::Replica& replica, const crdt::DocumentId& id);
// The same of what lies in `space`, as a paper.
void AddSpace(boost::json::object& json, const replica::Replica& replica,
              const log::SpaceId& space);

// What the member "space" of a body names, or "space" of the query: a space that this organisation
// knows of. Nothing if it is missing. kNotFound with a hint.
Result<std::optional<log::SpaceId>> SpaceMember(const boost::json::object& body,
                                                const replica::Replica& replica);
Result<std::optional<log::SpaceId>> SpaceOfQuery(const Request& request,
                                                 const replica::Replica& replica);

}  // namespace geflecht::api
