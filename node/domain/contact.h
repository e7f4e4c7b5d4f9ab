// What makes two contacts the same one, and a contact as a row of a table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crdt/value.h"
#include "node/domain/record.h"

namespace geflecht::domain {

// The natural key by which an import recognises a contact: equal for equal persons however their
// names and addresses are cased. With an e-mail address it is the address and the name, because a
// practice's or an office's mailbox is shared; without one it is name and organisation. Holds
// personal data: hash it before it leaves the record.
std::string ContactKey(const Record& record);

// Whether two values of a field mean the same: equal ones, and telephone numbers with the same
// digits, because each program puts the spaces elsewhere.
bool SaysTheSame(std::string_view field, const crdt::Value& one, const crdt::Value& two);

// The columns of `contact export` and a record's cells under them. MapContacts takes every column
// back into the field that it came from.
std::vector<std::string> ContactRowHeader();
std::vector<std::string> ContactRow(const Record& record);

}  // namespace geflecht::domain
