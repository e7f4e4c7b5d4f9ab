#include "node/formats/vcard.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>

#include "base/hex.h"
#include "node/formats/content_line.h"

namespace geflecht::formats {
namespace {

void AppendText(std::string& out, std::string_view property, std::string_view value) {
  if (const std::string escaped = EscapeContent(value); !escaped.empty())
    AppendContentLine(out, std::string(property) + ":" + escaped);
}

// A structured value; left out if all components are empty.
void AppendStructured(std::string& out, std::string_view property,
                      std::initializer_list<std::string_view> components) {
  std::string line(property);
  bool any = false;
  char separator = ':';
  for (const std::string_view component : components) {
    line.push_back(separator);
    separator = ';';
    line += EscapeContent(component);
    any = any || !component.empty();
  }
  if (any) AppendContentLine(out, line);
}

// The parts that are not empty, joined by spaces.
std::string Joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out.push_back(' ');
    out += part;
  }
  return out;
}

std::string DisplayName(const VcardContact& contact) {
  const std::string name =
      Joined({contact.prefix, contact.given_name, contact.family_name, contact.suffix});
  if (!EscapeContent(name).empty()) return name;
  if (!EscapeContent(contact.organisation).empty()) return contact.organisation;
  return contact.emails.empty() || contact.emails.front().empty() ? "-" : contact.emails.front();
}

// A global number becomes a tel: URI (RFC 3966); a local one has no meaning as a URI without
// context.
void AppendPhone(std::string& out, std::string_view number, std::string_view type, bool preferred) {
  if (number.empty()) return;
  const bool global = number.starts_with('+');
  std::string property = global ? "TEL;VALUE=uri;" : "TEL;VALUE=text;";
  if (preferred) property += "PREF=1;";
  property += "TYPE=";
  property += type;
  if (!global) {
    AppendText(out, property, number);
    return;
  }
  std::string uri = "tel:+";
  std::copy_if(number.begin(), number.end(), std::back_inserter(uri),
               [](char c) { return c >= '0' && c <= '9'; });
  AppendContentLine(out, property + ":" + uri);
}

std::string Uuid(const std::array<std::uint8_t, 16>& bytes) {
  std::string text = ToHex(bytes);
  for (const std::size_t at : {20u, 16u, 12u, 8u}) text.insert(at, "-");
  return text;
}

// REV takes a timestamp only (RFC 6350 §4.3.5), so the day's beginning stands for the day.
void AppendRevision(std::string& out, std::string_view date) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (date.size() != kForm.size()) return;
  std::string digits;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = date[i] >= '0' && date[i] <= '9';
    if (kForm[i] == 'd' ? !digit : date[i] != '-') return;
    if (digit) digits.push_back(date[i]);
  }
  AppendContentLine(out, "REV:" + digits + "T000000Z");
}

void AppendCategories(std::string& out, const std::vector<std::string>& categories) {
  std::string line;
  for (const std::string& category : categories) {
    const std::string escaped = EscapeContent(category);
    if (escaped.empty()) continue;
    line += line.empty() ? "CATEGORIES:" : ",";
    line += escaped;
  }
  if (!line.empty()) AppendContentLine(out, line);
}

void AppendCard(std::string& out, const VcardContact& contact) {
  AppendContentLine(out, "BEGIN:VCARD");
  AppendContentLine(out, "VERSION:4.0");
  AppendContentLine(out, "KIND:individual");
  AppendContentLine(out, "UID:urn:uuid:" + Uuid(contact.uid));
  AppendText(out, "FN", DisplayName(contact));
  AppendStructured(out, "N",
                   {contact.family_name, contact.given_name, "", contact.prefix, contact.suffix});
  if (contact.department.empty()) {
    AppendText(out, "ORG", contact.organisation);
  } else {
    AppendStructured(out, "ORG", {contact.organisation, contact.department});
  }
  AppendText(out, "TITLE", contact.title);
  AppendText(out, "ROLE", contact.role);
  for (std::size_t i = 0; i < contact.phones.size(); ++i)
    AppendPhone(out, contact.phones[i], "work", i == 0);
  for (const std::string& mobile : contact.mobiles) AppendPhone(out, mobile, "cell", false);
  for (std::size_t i = 0; i < contact.emails.size(); ++i)
    AppendText(out, i == 0 ? "EMAIL;PREF=1;TYPE=work" : "EMAIL;TYPE=work", contact.emails[i]);
  AppendStructured(out, "ADR;TYPE=work",
                   {"", "", contact.street, contact.city, "", contact.postal_code, ""});
  AppendText(out, "NOTE", contact.note);
  AppendText(out, "X-SALUTATION", contact.salutation);
  AppendText(out, "X-AVAILABILITY", contact.availability);
  AppendText(out, "X-DEPUTY", contact.deputy);
  AppendCategories(out, contact.categories);
  AppendRevision(out, contact.confirmed_on);
  AppendContentLine(out, "END:VCARD");
}

}  // namespace

std::string WriteVcard4(const std::vector<VcardContact>& contacts) {
  std::string out;
  for (const VcardContact& contact : contacts) AppendCard(out, contact);
  return out;
}

}  // namespace geflecht::formats
