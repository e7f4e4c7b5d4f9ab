// Text from a bundle in HTML: nothing in it is markup, invisible, or turns the writing direction.
#pragma once

#include <string>
#include <string_view>

namespace geflecht::audit {

// For element content and quoted attributes. Controls, bidirectional marks and other invisible
// characters stand as "[U+202E]"; what is no UTF-8 stands byte by byte as "[0xff]".
std::string EscapeHtml(std::string_view text);
// The same for a text of several lines, for element content: "<br>" between them.
std::string EscapeHtmlLines(std::string_view text);

}  // namespace geflecht::audit
