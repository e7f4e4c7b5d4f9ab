// Papers for people outside of the network: letters, registers, agreements. One page of HTML
// without script that prints well, made of a template (de/NAME.html, en/NAME.html) and of the same
// JSON that is handed out beside it. Pure; thread-safe.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/i18n/i18n.h"

namespace geflecht::papers {

// CHECKs that there is a template `name`. Templates are Mustache (mustache(5)), every value is
// escaped (EscapeHtml of node/audit/html.h), partials are other templates. Besides the members of
// `data` a template finds the following. A full stop behind a value that ends in one is left out.
//   KEY_words   of a text: what it means, if the catalogue has value.KEY.TEXT; days and times
//               (2026-11-22, 2026-11-22T10:00:00Z) as people write them; the name of a field under
//               `field` and `key`; other texts as they are
//   KEY_is_X    true for the text X of such a key; of a truth value KEY_is_yes or KEY_is_no
//   KEY_any     of a list: true if it is not empty
//   KEY_count   its length
std::string RenderPage(std::string_view name, i18n::Lang lang, const boost::json::object& data);

}  // namespace geflecht::papers
