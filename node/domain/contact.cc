#include "node/domain/contact.h"

#include <string>
#include <string_view>

#include "node/domain/text.h"

namespace geflecht::domain {

std::string ContactKey(const Record& record) {
  const bool with_email = !TextOf(record, "email").empty();
  std::string key = with_email ? "email" : "name";
  // A line break cannot stand in any of these values, so it separates them.
  for (const std::string_view field :
       {std::string_view(with_email ? "email" : "organisation"), std::string_view("family_name"),
        std::string_view("given_name")}) {
    key.push_back('\n');
    key += FoldCase(OneLine(TextOf(record, field)));
  }
  return key;
}

}  // namespace geflecht::domain
