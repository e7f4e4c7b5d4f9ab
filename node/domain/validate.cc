#include "node/domain/validate.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/limits.h"
#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/domain/organisation.h"
#include "node/domain/text.h"

namespace geflecht::domain {
namespace {

constexpr std::size_t kEmailBytesMax = 254;  // RFC 5321 §4.5.3.1, as RFC 3696 erratum 1690 reads it
constexpr std::size_t kEmailLocalBytesMax = 64;  // RFC 5321 §4.5.3.1.1
constexpr std::ptrdiff_t kPhoneDigitsMin = 3;
constexpr std::ptrdiff_t kPhoneDigitsMax = 20;  // E.164 has 15; a direct-dial extension may follow

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsPhoneKey(std::string_view key) {
  return key == "phone" || key == "phone_2" || key == "mobile" || key == "dpo_phone" ||
         key == "contact_phone";
}
bool IsEmailKey(std::string_view key) {
  return key == "email" || key == "email_2" || key == "dpo_email" || key == "contact_email";
}
bool IsDateKey(std::string_view key) {
  return key == "verified_at" || key == "role_end" || key == "date" || key == "due";
}
bool IsLongKey(std::string_view key) {
  return key == "topics" || key == "availability" || key == "authority" || key == "contact_point";
}

tl::unexpected<Error> FailKey(Code code, std::string_view key, std::string_view reason) {
  return Fail(code, std::string(key) + ": " + std::string(reason));
}

std::optional<int> ParseNumber(std::string_view text, std::size_t digits_max) {
  int number = 0;
  if (text.empty() || text.size() > digits_max || !std::all_of(text.begin(), text.end(), IsDigit))
    return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Result<void> CheckText(std::string_view key, const std::string& text, bool declared) {
  const std::size_t bytes_max = key == "parties" ? kPartiesBytesMax
                                : IsLongKey(key) ? kLongValueBytesMax
                                                 : limits::kNameBytesMax;
  if (text.size() > bytes_max)
    return FailKey(Code::kTooLarge, key, "longer than " + std::to_string(bytes_max) + " bytes");
  if (!IsCleanText(text, key == "availability"))
    return FailKey(Code::kUsage, key, "holds control characters or is not UTF-8");
  if (text.empty()) return {};
  if (IsEmailKey(key) && !IsEmailAddress(text))
    return FailKey(Code::kUsage, key, "not an e-mail address");
  if (IsPhoneKey(key) && !IsPhoneNumber(text))
    return FailKey(Code::kUsage, key, "not a telephone number");
  if (declared && IsDateKey(key) && ParseDate(text) != text)
    return FailKey(Code::kUsage, key, "not a date (YYYY-MM-DD)");
  return {};
}

}  // namespace

std::optional<std::string> ParseDate(std::string_view text) {
  std::optional<int> year;
  std::optional<int> month;
  std::optional<int> day;
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    year = ParseNumber(text.substr(0, 4), 4);
    month = ParseNumber(text.substr(5, 2), 2);
    day = ParseNumber(text.substr(8, 2), 2);
  } else {
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos || text.size() - second != 5) return std::nullopt;
    day = ParseNumber(text.substr(0, first), 2);
    month = ParseNumber(text.substr(first + 1, second - first - 1), 2);
    year = ParseNumber(text.substr(second + 1), 4);
  }
  if (!year || !month || !day || *year < 1900) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const auto two_digits = [](int number) {
    return (number < 10 ? "-0" : "-") + std::to_string(number);
  };
  return std::to_string(*year) + two_digits(*month) + two_digits(*day);
}

bool IsEmailAddress(std::string_view text) {
  if (text.size() > kEmailBytesMax || text.find_first_of(" \t\n\r,;:<>()[]\"\\") != text.npos)
    return false;
  const std::size_t at = text.find('@');
  if (at == 0 || at == text.npos || at > kEmailLocalBytesMax) return false;
  const std::string_view domain = text.substr(at + 1);
  return domain.find('@') == domain.npos && domain.find('.') != domain.npos &&
         domain.find("..") == domain.npos && domain.front() != '.' && domain.back() != '.';
}

bool IsPhoneNumber(std::string_view text) {
  const auto digits = std::count_if(text.begin(), text.end(), IsDigit);
  return digits >= kPhoneDigitsMin && digits <= kPhoneDigitsMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsDigit(c) || std::string_view(" +-/().").find(c) != std::string_view::npos;
         });
}

Result<crdt::Value> ParseField(const crdt::Schema& schema, std::string_view key,
                               std::string_view text) {
  crdt::Value value;
  if (key == kRestricted) {
    const std::string folded = FoldCase(OneLine(text));
    const auto reasons = RestrictionReasons();
    if (std::find(reasons.begin(), reasons.end(), folded) != reasons.end())
      return crdt::Value(folded);
    const bool yes = folded == "true" || folded == "ja" || folded == "yes";
    if (!yes && folded != "false" && folded != "nein" && folded != "no")
      return FailKey(Code::kUsage, key, "neither true nor false");
    value = yes;
  } else if (IsDateKey(key)) {
    const std::string line = OneLine(text);
    value = ParseDate(line).value_or(line);
  } else if (key == "availability") {
    value = std::string(text);
  } else {
    value = OneLine(text);
  }
  TRY(CheckField(schema, key, value));
  return value;
}

Result<void> CheckField(const crdt::Schema& schema, std::string_view key,
                        const crdt::Value& value) {
  const crdt::FieldSpec* field = schema.Find(key);
  if (!field && IsClosed(schema)) return Fail(Code::kUsage, "no such field of a " + schema.type);
  if (field && field->type != crdt::FieldType::kValue)
    return FailKey(Code::kUsage, key, "not a plain value");
  const std::string* text = std::get_if<std::string>(&value);
  if (key == kRestricted) {
    const auto reasons = RestrictionReasons();
    if (std::holds_alternative<bool>(value) ||
        (text && std::find(reasons.begin(), reasons.end(), *text) != reasons.end()))
      return {};
    return FailKey(Code::kUsage, key, "neither true nor false nor a reason");
  }
  if (const auto allowed = AllowedValues(key); !allowed.empty()) {
    if (!text || std::find(allowed.begin(), allowed.end(), *text) == allowed.end())
      return FailKey(Code::kUsage, key, "not one of the allowed values");
    return {};
  }
  if (!text) return field ? Result<void>(FailKey(Code::kUsage, key, "not a text")) : Result<void>();
  return CheckText(key, *text, field != nullptr);
}

Result<void> CheckRecord(const crdt::Schema& schema, const Record& record) {
  for (const std::string_view key : {kPurpose, kLegalBasis, kRetentionClass})
    if (!record.contains(key)) return FailKey(Code::kUsage, key, "missing");
  if (schema.type == kOrganisation) {
    for (const std::string& key : OrganisationKeysNeeded())
      if (!record.contains(key)) return FailKey(Code::kUsage, key, "missing");
    if (TextOf(record, "law_profile") == "dsgvo_landesrecht" && TextOf(record, "land").empty())
      return FailKey(Code::kUsage, "land", "missing");
  }
  for (const auto& [key, value] : record) TRY(CheckField(schema, key, value));
  if (schema.type == kContact && TextOf(record, "family_name").empty() &&
      TextOf(record, "given_name").empty() && TextOf(record, "organisation").empty())
    return Fail(Code::kUsage, "a contact needs a name or an organisation");
  return {};
}

}  // namespace geflecht::domain
