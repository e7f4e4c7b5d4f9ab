#include "node/api/handlers/person_subject.h"

#include <algorithm>
#include <utility>

#include "node/api/handlers/contact_list.h"
#include "node/api/handlers/document_json.h"
#include "node/domain/document_types.h"
#include "node/domain/meeting.h"
#include "node/domain/person_name.h"
#include "node/domain/text.h"

namespace geflecht::api {
namespace {

using domain::Person;

Person PersonCalled(std::string_view name) {
  const domain::PersonName parts = domain::SplitName(domain::OneLine(name));
  return {parts.family, parts.given, {}, {}, {}};
}

KnownPersonPtr KnownAs(std::string_view name) {
  return std::make_shared<const KnownPerson>(PersonCalled(name));
}

using Record = std::pair<crdt::DocumentId, KnownPersonPtr>;

// The same order wherever the same records are.
void SortRecords(std::vector<Record>& records) {
  const auto key = [](const Record& one) {
    std::string text = one.second->name;
    for (const std::string& name : one.second->person.organisations)
      text += '\n' + domain::FoldHeading(name);
    return text;
  };
  std::sort(records.begin(), records.end(), [&](const Record& a, const Record& b) {
    return std::pair(key(a), a.first) < std::pair(key(b), b.first);
  });
}

std::vector<Record> MeantBy(std::string_view typed, const KnownPerson& named,
                            const People& people) {
  const auto id = crdt::DocumentId::FromHexText(typed);
  const std::string email = domain::FoldCase(typed), bare = domain::BareName(typed);
  std::vector<Record> meant;
  for (const auto& [document, told] : people) {
    if (!told.contact) continue;
    const auto& emails = told.contact->emails;
    const bool by_name =
        !id && ((!told.contact->person.family_name.empty() && told.contact->name == named.name) ||
                told.contact->finder.IsBareName(bare));
    if (document == id || by_name || std::find(emails.begin(), emails.end(), email) != emails.end())
      meant.emplace_back(document, told.contact);
  }
  SortRecords(meant);
  return meant;
}

// Further records of the same person: joined until nothing is added.
void JoinRecords(Subject& subject, const Record& first, const People& people) {
  std::vector<Record> alike;
  for (const auto& [document, told] : people)
    if (told.contact && (document == first.first || told.contact->name == first.second->name))
      alike.emplace_back(document, told.contact);
  SortRecords(alike);
  for (bool added = true; added;) {
    added = false;
    for (const auto& [document, known] : alike) {
      const auto& own = subject.contacts;
      if (std::find(own.begin(), own.end(), document) != own.end() ||
          (document != first.first && !domain::IsSamePerson(subject.person, known->person)))
        continue;
      domain::Join(subject.person, known->person);
      subject.contacts.push_back(document);
      added = true;
    }
  }
}

}  // namespace

bool IsUnreadable(const Error& error) {
  return error.code == Code::kFormatVersion || error.code == Code::kNotFound;
}

KnownPerson::KnownPerson(Person known)
    : person(std::move(known)),
      finder(person),
      name(domain::FoldHeading(person.family_name) + '\n' +
           domain::FoldHeading(person.given_name)) {
  for (const std::string& email : person.emails) emails.push_back(domain::FoldCase(email));
}

bool NameTheSame(const NamedPersons& one, const NamedPersons& two) {
  const auto same = [](const KnownPersonPtr& left, const KnownPersonPtr& right) {
    return left && right ? left->person == right->person : left == right;
  };
  return same(one.contact, two.contact) &&
         std::equal(one.named.begin(), one.named.end(), two.named.begin(), two.named.end(), same);
}

Result<NamedPersons> PersonsIn(const replica::OpenDocument& open) {
  NamedPersons told;
  if (open.void_reason) return told;
  if (open.info.type == domain::kMeeting) {
    if (const auto meeting = domain::ReadMeeting(open.document))
      for (const domain::Attendance& one : meeting->attendance)
        told.named.push_back(KnownAs(one.name));
  } else if (open.info.type == domain::kContact) {
    ASSIGN(const domain::Record record, RecordOf(open.document));
    if (IsErasedRecord(record)) return told;
    told.contact = std::make_shared<const KnownPerson>(domain::PersonOf(record));
    if (const auto deputy = domain::TextOf(record, "deputy"); !deputy.empty())
      told.named.push_back(KnownAs(deputy));
  }
  return told;
}

Result<Subject> SubjectOf(const replica::Replica& replica, const People& people,
                          std::string_view typed) {
  const KnownPersonPtr named = KnownAs(typed);
  const std::vector<Record> meant = MeantBy(typed, *named, people);
  Subject subject;
  if (meant.empty()) {
    if (crdt::DocumentId::FromHexText(typed) || typed.find('@') != typed.npos ||
        named->person.given_name.empty())
      return Fail(Code::kNotFound, "no such person", "hint.person-unknown");
    subject.person = named->person;
  } else {
    subject.person = meant.front().second->person;
    for (const auto& [document, known] : meant)
      if (document != meant.front().first && !domain::IsSamePerson(subject.person, known->person))
        return Fail(Code::kConflict, "several persons", "hint.person-ambiguous");
    JoinRecords(subject, meant.front(), people);
  }
  const std::string self = KnownPerson(subject.person).name;
  const auto add_named = [&](KnownPersonPtr other) {
    if (!other->person.family_name.empty() && other->name != self)
      subject.others.push_back(std::move(other));
  };
  for (const auto& [document, told] : people) {
    const bool own = std::find(subject.contacts.begin(), subject.contacts.end(), document) !=
                     subject.contacts.end();
    if (own) continue;
    if (told.contact) subject.others.push_back(told.contact);
    for (const KnownPersonPtr& other : told.named) add_named(other);
  }
  const governance::Mandates& mandates = replica.council().mandates();
  for (const log::EntryId& mandate : mandates.all())
    add_named(KnownAs(mandates.Find(mandate)->name));
  return subject;
}

Result<Subject> SubjectOf(replica::Replica& replica, std::string_view typed) {
  People people;
  for (const std::string_view type : kPersonTypes) {
    ASSIGN(const auto documents, replica.ListDocuments(type));
    for (const codec::StoredDocument& info : documents) {
      const auto open = replica.Open(info.id);
      if (!open && !IsUnreadable(open.error())) return Fail(open.error());
      if (!open) continue;
      ASSIGN(people[info.id], PersonsIn(**open));
    }
  }
  return SubjectOf(replica, people, typed);
}

}  // namespace geflecht::api
