// From the rows of a contact list to records, with an account of every value. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "node/domain/contact_card.h"
#include "node/domain/record.h"

namespace geflecht::domain {

struct ImportRow {
  std::size_t line = 0;            // in the file, for the report
  std::vector<std::string> cells;  // UTF-8, trimmed; missing ones at the end count as empty
};

// What a contact gets if its row does not say otherwise. docs/formats/contacts.md gives the reasons
// for these values.
struct ImportDefaults {
  std::string purpose = "network_coordination";
  std::string legal_basis = "legitimate_interest";
  std::string retention_class = "L1";
  std::string owner_org;  // as the records name it; empty: not set
  std::string visibility = "space";
  std::string source = "import";
};

struct PlannedContact {
  std::string key;                      // ContactKey of the record
  std::size_t line = 0;                 // of its first row
  std::vector<std::size_t> more_lines;  // of rows of the same contact that were merged into it
  Record record;                        // passes CheckRecord
};

enum class ColumnFate {
  kTaken,
  kUnknown,   // no rule for its heading; not taken
  kPrivate,   // known private data; never taken
  kFreeText,  // remarks; never taken
  kCase,      // case data; empty, otherwise there is no plan
};

struct ColumnReport {
  std::string heading;  // as in the file
  ColumnFate fate = ColumnFate::kUnknown;
  std::size_t values = 0;  // cells that are not empty
  std::size_t taken = 0;   // of them, those that stand in a record
};

// A value that is not in any record although its column is taken and its row is too.
struct ValueReport {
  std::size_t line = 0;
  std::string heading;
  std::string reason;  // stable English identifier: "not-an-e-mail-address"
  bool operator==(const ValueReport&) const = default;
};

// A row that became no contact.
struct RowReport {
  std::size_t line = 0;
  std::string reason;  // "no-name-and-no-organisation"
  bool operator==(const RowReport&) const = default;
};

// For every column that is taken: values = taken + its ValueReports + its values in refused rows.
struct ImportPlan {
  std::vector<PlannedContact> contacts;  // in the order of the file; keys differ
  std::vector<ColumnReport> columns;     // one for each, in the order of the file
  std::vector<ValueReport> values;       // by line
  std::vector<RowReport> rows;           // by line
};

// Plans the import; the same rows give the same plan. Rows with one key become one contact: what
// the later row adds is taken, what it says differently is reported. kCaseData if a column of case
// data holds a value; `detail` names the column and the line of the first one. kMalformed if no
// column can hold a name or an organisation. kTooLarge if more than limits::kImportReportsMax
// values and rows cannot be taken. kUsage if a default is no allowed value.
Result<ImportPlan> MapContacts(const std::vector<std::string>& header,
                               const std::vector<ImportRow>& rows, const ImportDefaults& defaults);

// The same for cards, one of which is one row: `columns` lists each kind of property once, in the
// order in which they were met, and every value that a card holds stands in one of them. A card
// that becomes no contact is always in `rows`. `lost`: what could not be read as a card. kCaseData
// for a property that is named, or labelled, like a column of case data. kTooLarge over
// limits::kVcardHeadingsMax kinds of properties. kUsage as above.
Result<ImportPlan> MapCards(const std::vector<ImportCard>& cards,
                            const std::vector<RowReport>& lost, const ImportDefaults& defaults);

}  // namespace geflecht::domain
