// The contacts of a replica, and the handler that imports more of them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "crdt/value.h"
#include "node/api/context.h"
#include "node/domain/record.h"
#include "node/formats/vcard.h"

namespace geflecht::api {

struct Contact {
  crdt::DocumentId id;
  domain::Record record;
  std::size_t conflicts = 0;
  std::string sort_key;
};

// Nothing is left of it but its structure.
bool IsErasedRecord(const domain::Record& record);
bool IsRestricted(const Contact& contact);
// All contacts, restricted ones too, by family name, given name, organisation, id. Loop thread
// only.
Result<std::vector<Contact>> Contacts(replica::Replica& replica);

formats::VcardContact VcardOf(const Contact& contact);

// POST ?from=&limit=&purpose=&legal_basis=&retention= with the file as body, a table or vCards:
// imports a stretch of the planned contacts. Idempotent: a contact is found again by its e-mail
// address or its name.
Answer ImportContacts(const Request& request, const Arguments& arguments, Context& context);

}  // namespace geflecht::api
