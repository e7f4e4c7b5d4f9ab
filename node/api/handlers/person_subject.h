// Whom a request means, and everybody else who is known here.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/api/context.h"
#include "node/domain/person.h"

namespace geflecht::api {

// Of a newer version, or without its first change: such a document does not hide the others.
bool IsUnreadable(const Error& error);

struct KnownPerson {
  explicit KnownPerson(domain::Person known);
  domain::Person person;
  domain::PersonFinder finder;
  std::string name;                 // folded: equal where domain::HaveSameName
  std::vector<std::string> emails;  // without regard to case
};
using KnownPersonPtr = std::shared_ptr<const KnownPerson>;

// Who is named in a record of those by which persons are known: a contact, who stands in for them,
// attendance at a meeting.
struct NamedPersons {
  KnownPersonPtr contact;  // nullptr for any other record
  std::vector<KnownPersonPtr> named;
};
bool NameTheSame(const NamedPersons& one, const NamedPersons& two);
// The types of such records.
inline constexpr std::string_view kPersonTypes[] = {"contact", "meeting"};
// Nobody if the record has another type, is void or erased.
Result<NamedPersons> PersonsIn(const replica::OpenDocument& open);
using People = std::map<crdt::DocumentId, NamedPersons>;

struct Subject {
  domain::Person person;
  std::vector<crdt::DocumentId> contacts;  // their own records
  std::vector<KnownPersonPtr> others;      // of contacts, mandates, attendance
};
// By the id of a contact, by e-mail address or by name. Somebody without a record is found by
// name. kConflict with "hint.person-ambiguous" if several persons are meant, kNotFound with
// "hint.person-unknown" if nobody is.
Result<Subject> SubjectOf(const replica::Replica& replica, const People& people,
                          std::string_view typed);
// The same, of all records at once.
Result<Subject> SubjectOf(replica::Replica& replica, std::string_view typed);

}  // namespace geflecht::api
