// Contacts as vCard 4.0 (RFC 6350), for address books. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace geflecht::formats {

// All texts are UTF-8; empty ones are left out.
struct VcardContact {
  std::array<std::uint8_t, 16> uid{};  // the document's id, written as urn:uuid
  std::string family_name;
  std::string given_name;
  std::string prefix;
  std::string suffix;
  std::string salutation;  // becomes X-SALUTATION
  std::string organisation;
  std::string department;
  std::string title;                // the function
  std::string role;                 // in the network
  std::vector<std::string> phones;  // at work; the first is preferred
  std::vector<std::string> mobiles;
  std::vector<std::string> emails;  // at work; the first is preferred
  std::string street;
  std::string postal_code;
  std::string city;
  std::string note;
  std::string availability;  // becomes X-AVAILABILITY
  std::string deputy;        // becomes X-DEPUTY
  std::vector<std::string> categories;
  std::string confirmed_on;  // YYYY-MM-DD, becomes REV; another form is left out
};

// One card after the other: CRLF, lines folded at 75 octets between characters (RFC 6350 §3.2). FN
// is the name, or without one the organisation, or the first e-mail address, or "-". Control
// characters other than line breaks, which RFC 6350 does not allow, are left out.
std::string WriteVcard4(const std::vector<VcardContact>& contacts);

}  // namespace geflecht::formats
