// Lines of vCards and calendars: the same folding and the same escapes in both (RFC 6350 §3.2 and
// §3.4, RFC 5545 §3.1 and §3.3.11). Pure.
#pragma once

#include <string>
#include <string_view>

namespace geflecht::formats {

// A value as text: backslash, comma, semicolon and line breaks escaped, other controls left out.
std::string EscapeContent(std::string_view value);
// "NAME:value" folded at 75 octets, never within a character, ended with CRLF.
void AppendContentLine(std::string& out, std::string_view line);

}  // namespace geflecht::formats
