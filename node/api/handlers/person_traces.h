// Everything that a node holds about one person (GDPR Art. 15), in whatever document or entry.
#pragma once

#include <string_view>
#include <vector>

#include "node/api/context.h"
#include "node/domain/person.h"

namespace geflecht::api {

// Whom a request means, and everybody else who is known here.
struct Subject {
  domain::Person person;
  std::vector<crdt::DocumentId> contacts;  // their own records
  std::vector<domain::Person> others;      // of contacts, mandates, attendance
};
// By the id of a contact, by e-mail address or by name. Somebody without a record is found by
// name. kConflict with "hint.person-ambiguous" if several persons are meant.
Result<Subject> SubjectOf(replica::Replica& replica, std::string_view typed);

// {traces[], unclear[], log[]}. A trace is {kind, id, type, title, space, space_name, space_former,
// field, organisation, purpose, legal_basis, retention_class, source, restricted,
// values[{key,value}], earlier[{key, value, time, organisation}], passages[]}. `space` is null for
// what all members read; `space_former` says that the own organisation has no seat there `now`.
// `unclear` are those of which nobody can tell here whether they mean this person or a namesake.
// `log`: [{id, type, time, organisation}] of entries that wrote what was found, their times rounded
// down to the hour. Names of others are `mark`.
Result<boost::json::object> TracesOf(replica::Replica& replica, const Subject& subject,
                                     std::string_view mark, Time now);

}  // namespace geflecht::api
