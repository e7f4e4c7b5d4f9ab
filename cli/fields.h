// Fields of documents as people see them.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/i18n/i18n.h"
#include "cli/outcome.h"

namespace geflecht::cli {

// "Telefon" for "phone"; the key itself where there is no word for it.
std::string FieldName(i18n::Lang lang, std::string_view key);

// A value on one line: text as it is, "ja" and "nein", numbers; nested containers as JSON. The
// caller passes it through Shown.
std::string ValueText(i18n::Lang lang, const Json& value);

// "Telefon (phone):  0221 ..." for every field; a text of several lines stands below its name.
std::string FieldsText(i18n::Lang lang, const boost::json::object& fields);

// The line above a record that may only be stored (GDPR Art. 18), and an empty one; else nothing.
std::string RestrictedNote(i18n::Lang lang, bool restricted);
// What names a record whose period ends, of its keys `document document_type label`.
std::string RetentionLabel(i18n::Lang lang, const boost::json::object& record);
// The line below a list whose answer counts what it leaves out in `restricted`; else nothing.
std::string LeftOutNote(i18n::Lang lang, const boost::json::object& answer);

}  // namespace geflecht::cli
