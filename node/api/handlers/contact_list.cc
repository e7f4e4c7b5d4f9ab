#include "node/api/handlers/contact_list.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include "node/api/handlers/document_json.h"
#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/domain/text.h"

namespace geflecht::api {

bool IsErasedRecord(const domain::Record& record) {
  return !record.empty() && std::all_of(record.begin(), record.end(), [](const auto& item) {
    return std::holds_alternative<crdt::Absent>(item.second);
  });
}

bool IsRestricted(const Contact& contact) {
  const auto restricted = contact.record.find(domain::kRestricted);
  return restricted != contact.record.end() && domain::IsRestricted(restricted->second);
}

Result<std::vector<Contact>> Contacts(replica::Replica& replica) {
  ASSIGN(const auto documents, replica.ListDocuments(domain::kContact));
  std::vector<Contact> contacts;
  for (const codec::StoredDocument& info : documents) {
    auto open = replica.Open(info.id);
    if (!open) {
      // Of a newer version, or without its first change: one document does not hide the others.
      const Code code = open.error().code;
      if (code == Code::kFormatVersion || code == Code::kNotFound) continue;
      return Fail(open.error());
    }
    if ((*open)->void_reason) continue;
    ASSIGN(domain::Record record, RecordOf((*open)->document));
    if (IsErasedRecord(record)) continue;
    std::string sort_key;
    for (const std::string_view key : {"family_name", "given_name", "organisation"})
      sort_key += domain::FoldHeading(domain::TextOf(record, key)) + '\n';
    contacts.push_back(
        {info.id, std::move(record), (*open)->document.Contests().size(), std::move(sort_key)});
  }
  std::sort(contacts.begin(), contacts.end(), [](const Contact& a, const Contact& b) {
    return std::tie(a.sort_key, a.id) < std::tie(b.sort_key, b.id);
  });
  return contacts;
}

}  // namespace geflecht::api
