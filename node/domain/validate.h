// What a local write may put into a record. Writes of peers are not judged by it, except for what
// VoidReason (envelope.h) says: two releases may differ here and still agree on every document.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crdt/schema.h"
#include "crdt/value.h"
#include "node/domain/record.h"

namespace geflecht::domain {

inline constexpr std::size_t kLongValueBytesMax =
    1024;  // topics, availability, authority, contact_point
inline constexpr std::size_t kPartiesBytesMax = 64 * 65;  // of an agreement: ids in hex

// Text as typed or imported -> the value of `key`: white space tidied, dates ("2026-03-01",
// "1.3.2026") as YYYY-MM-DD, "true"/"false"/"ja"/"nein" for `restricted`, then checked by
// CheckField.
Result<crdt::Value> ParseField(const crdt::Schema& schema, std::string_view key,
                               std::string_view text);

// kUsage if `key` is not declared in a closed schema, is a text or list rather than a value, or
// `value` does not have its form: an allowed value, an e-mail address, a telephone number, a date,
// clean text. kTooLarge over limits::kNameBytesMax or kLongValueBytesMax. An empty text is allowed
// for every key that is no enumeration.
Result<void> CheckField(const crdt::Schema& schema, std::string_view key, const crdt::Value& value);

// CheckField for every key; purpose, legal basis and retention class are there; a contact has a
// name or an organisation, an organisation what it needs. kUsage, kTooLarge.
Result<void> CheckRecord(const crdt::Schema& schema, const Record& record);

// YYYY-MM-DD of an existing day, from that form or D.M.YYYY.
std::optional<std::string> ParseDate(std::string_view text);

bool IsEmailAddress(std::string_view text);  // the shape only: one @, a domain with a dot
bool IsPhoneNumber(std::string_view text);   // 3 to 20 digits with + - / ( ) . and spaces

}  // namespace geflecht::domain
