#include "node/domain/contact.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>

#include "node/domain/text.h"

namespace geflecht::domain {

namespace {

std::string Dialled(std::string_view number) {
  std::string out;
  std::copy_if(number.begin(), number.end(), std::back_inserter(out),
               [](char c) { return c == '+' || (c >= '0' && c <= '9'); });
  return out;
}

}  // namespace

bool SaysTheSame(std::string_view field, const crdt::Value& one, const crdt::Value& two) {
  if (one == two) return true;
  if (field != "phone" && field != "phone_2" && field != "mobile") return false;
  const std::string* first = std::get_if<std::string>(&one);
  const std::string* second = std::get_if<std::string>(&two);
  return first && second && Dialled(*first) == Dialled(*second);
}

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
