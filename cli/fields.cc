#include "cli/fields.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <vector>

#include "cli/display.h"
#include "cli/ids.h"

namespace geflecht::cli {
namespace {

// As a person reads a contact or a document: who, how to reach, what for; the envelope last. Keys
// that are not here follow by name.
constexpr std::array<std::string_view, 56> kOrder = {"law_profile",
                                                     "land",
                                                     "authority",
                                                     "natural_person",
                                                     "public_body",
                                                     "dpo",
                                                     "dpo_email",
                                                     "dpo_phone",
                                                     "contact_point",
                                                     "contact_email",
                                                     "contact_phone",
                                                     "title",
                                                     "date",
                                                     "start",
                                                     "end",
                                                     "place",
                                                     "assignee_org",
                                                     "assignee",
                                                     "due",
                                                     "status",
                                                     "meeting",
                                                     "agenda_item",
                                                     "agenda",
                                                     "invited",
                                                     "attendance",
                                                     "salutation",
                                                     "prefix",
                                                     "given_name",
                                                     "family_name",
                                                     "suffix",
                                                     "function",
                                                     "network_role",
                                                     "organisation",
                                                     "department",
                                                     "phone",
                                                     "phone_2",
                                                     "mobile",
                                                     "email",
                                                     "email_2",
                                                     "street",
                                                     "postal_code",
                                                     "city",
                                                     "topics",
                                                     "availability",
                                                     "deputy",
                                                     "verified_at",
                                                     "role_end",
                                                     "body",
                                                     "purpose",
                                                     "legal_basis",
                                                     "retention_class",
                                                     "owner_org",
                                                     "visibility",
                                                     "restricted",
                                                     "source",
                                                     "info_status"};

std::size_t PlaceOf(std::string_view key) {
  return static_cast<std::size_t>(std::find(kOrder.begin(), kOrder.end(), key) - kOrder.begin());
}

// "berechtigtes Interesse" for "legitimate_interest"; other values as they are.
std::string FieldValueText(i18n::Lang lang, std::string_view key, const Json& value) {
  const std::string text = ValueText(lang, value);
  const std::string word = "value." + std::string(key) + '.' + text;
  return i18n::HasKey(word) ? i18n::Tr(lang, word) + " (" + text + ")" : text;
}

}  // namespace

std::string FieldName(i18n::Lang lang, std::string_view key) {
  const std::string word = "field." + std::string(key);
  return i18n::HasKey(word) ? i18n::Tr(lang, word) : std::string(key);
}

std::string ValueText(i18n::Lang lang, const Json& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool()) return i18n::Tr(lang, value.as_bool() ? "word.yes" : "word.no");
  if (value.is_null()) return "-";
  return boost::json::serialize(value);
}

std::string FieldsText(i18n::Lang lang, const boost::json::object& fields) {
  Listing listing;
  std::string texts;
  std::vector<std::string_view> keys;
  for (const auto& field : fields) keys.push_back(field.key());
  std::sort(keys.begin(), keys.end(), [](std::string_view a, std::string_view b) {
    return std::pair(PlaceOf(a), a) < std::pair(PlaceOf(b), b);
  });
  for (const std::string_view key : keys) {
    const std::string name = FieldName(lang, key) + " (" + std::string(key) + ")";
    const std::string text = FieldValueText(lang, key, fields.at(key));
    if (text.find('\n') == std::string::npos) {
      listing.Add(name, text);
    } else {
      texts += '\n' + Shown(name) + ":\n" + ShownLines(text);
      if (!text.ends_with('\n')) texts += '\n';
    }
  }
  return listing.Text() + texts;
}

std::string RestrictedNote(i18n::Lang lang, bool restricted) {
  return restricted ? i18n::Tr(lang, "cli.show.restricted") + "\n\n" : std::string();
}

std::string LeftOutNote(i18n::Lang lang, const boost::json::object& answer) {
  const std::int64_t count = NumberOf(answer, "restricted");
  return count == 0 ? std::string() : i18n::TrCount(lang, "cli.list.restricted", count) + '\n';
}

std::string RetentionLabel(i18n::Lang lang, const boost::json::object& record) {
  const std::string label = TextOf(record, "label");
  if (TextOf(record, "document").size() != kIdOfEntry) return label;
  // What is erased of an entry has no title of its own.
  const std::string what =
      i18n::Tr(lang, "value.document_type." + TextOf(record, "document_type"));
  return label.empty() ? what : what + ": " + label;
}

}  // namespace geflecht::cli
