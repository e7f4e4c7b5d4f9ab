#include "cli/fields.h"

#include <boost/json/serialize.hpp>

#include "cli/display.h"

namespace geflecht::cli {

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
  for (const auto& [key, value] : fields) {
    const std::string name = FieldName(lang, key) + " (" + std::string(key) + ")";
    const std::string text = ValueText(lang, value);
    if (text.find('\n') == std::string::npos) {
      listing.Add(name, text);
    } else {
      texts += '\n' + Shown(name) + ":\n" + ShownLines(text);
      if (!text.ends_with('\n')) texts += '\n';
    }
  }
  return listing.Text() + texts;
}

}  // namespace geflecht::cli
