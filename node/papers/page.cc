#include "node/papers/page.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <kainjow/mustache.hpp>

#include "base/check.h"
#include "node/audit/html.h"
#include "node/papers/table.h"

namespace geflecht::papers {
namespace {

namespace json = boost::json;
using i18n::Lang;
using kainjow::mustache::data;
using kainjow::mustache::mustache;
using kainjow::mustache::partial;

constexpr std::string_view kStyle =
    "@page { size: A4; margin: 22mm 20mm; @bottom-right { content: counter(page); "
    "font: 8pt sans-serif; } }\n"
    "body { font: 10.5pt/1.45 sans-serif; color: #111; background: #fff; max-width: 46rem; "
    "margin: 2rem auto; padding: 0 1rem; }\n"
    "h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .6rem; }\n"
    "h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; break-after: avoid; }\n"
    "h3 { font-size: 1rem; margin: 1rem 0 .3rem; break-after: avoid; }\n"
    "h3::first-letter { text-transform: uppercase; } p:has(+ table) { break-after: avoid; }\n"
    "p, li { orphans: 3; widows: 3; overflow-wrap: anywhere; } p { margin: .4rem 0; }\n"
    "table { border-collapse: collapse; width: 100%; margin: .4rem 0; }\n"
    "th, td { text-align: left; vertical-align: top; padding: .25rem .7rem .25rem 0; "
    "border-bottom: 1px solid #bbb; overflow-wrap: break-word; }\n"
    "th { font-weight: 600; } tr { break-inside: avoid; }\n"
    "blockquote { margin: .3rem 0 .3rem .8rem; padding-left: .6rem; border-left: 2px solid #999; "
    "}\n"
    ".note { font-size: 9pt; } .review { border: 1px solid #555; padding: .5rem .8rem; "
    "font-size: 9pt; margin: .8rem 0; }\n"
    ".bad { color: #a00000; font-weight: 600; } .good { color: #14532d; } .open { color: #6b4500; "
    "}\n"
    ".day { white-space: nowrap; } .id { font: 8pt monospace; overflow-wrap: anywhere; }\n"
    ".letter { break-before: page; }\n"
    ".sign { margin-top: 3rem; border-top: 1px solid #111; width: 60%; padding-top: .2rem; "
    "break-before: avoid; }\n"
    "@media print { body { margin: 0; max-width: none; padding: 0; } }\n";

std::string_view SourceOf(std::string_view name, Lang lang) {
  const auto found = std::find_if(kTable.begin(), kTable.end(),
                                  [&](const Template& one) { return one.name == name; });
  CHECK(found != kTable.end());
  return lang == Lang::kDe ? found->de : found->en;
}

bool IsDay(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t i : {0, 1, 2, 3, 5, 6, 8, 9})
    if (text[i] < '0' || text[i] > '9') return false;
  return text.size() == 10 || (text.size() == 20 && text[10] == 'T' && text.back() == 'Z');
}

std::string Words(std::string_view key, std::string_view text, Lang lang) {
  const std::string word = "value." + std::string(key) + "." + std::string(text);
  if (i18n::HasKey(word)) return i18n::Tr(lang, word);
  const std::string field = "field." + std::string(text);
  if ((key == "field" || key == "key") && i18n::HasKey(field)) return i18n::Tr(lang, field);
  if (!IsDay(text)) return std::string(text);
  std::string day(text.substr(0, 10));
  if (lang == Lang::kDe)
    day = std::string(text.substr(8, 2)) + "." + std::string(text.substr(5, 2)) + "." +
          std::string(text.substr(0, 4));
  return text.size() == 10 ? day : day + ", " + std::string(text.substr(11, 5)) + " UTC";
}

// Depth: that of what the handlers make, never of what somebody sent.
data DataOf(std::string_view key, const json::value& value, Lang lang);

data DataOf(const json::object& object, Lang lang) {
  data out{data::type::object};
  for (const auto& [name, value] : object) {
    const std::string key(name);
    out.set(key, DataOf(key, value, lang));
    if (value.is_string()) {
      const std::string text(value.as_string());
      out.set(key + "_words", data(Words(key, text, lang)));
      if (i18n::HasKey("value." + key + "." + text))
        out.set(key + "_is_" + text, data{data::type::bool_true});
    } else if (value.is_bool()) {
      out.set(key + (value.as_bool() ? "_is_yes" : "_is_no"), data{data::type::bool_true});
    } else if (value.is_array()) {
      const json::array& list = value.as_array();
      out.set(key + "_count", data(std::to_string(list.size())));
      out.set(key + "_any", data{list.empty() ? data::type::bool_false : data::type::bool_true});
    }
  }
  return out;
}

data DataOf(std::string_view key, const json::value& value, Lang lang) {
  if (value.is_object()) return DataOf(value.as_object(), lang);
  if (value.is_array()) {
    data list{data::type::list};
    bool further = false;
    for (const json::value& item : value.as_array()) {
      // Of a list of texts each is an object with "it", so that a template can name it.
      data one = item.is_string() ? data{data::type::object} : DataOf(key, item, lang);
      if (item.is_string()) {
        const std::string text(item.as_string());
        one.set("it", data(text));
        one.set("it_words", data(Words(key, text, lang)));
      }
      // What a template writes between two of them.
      one.set("further", data{further ? data::type::bool_true : data::type::bool_false});
      further = true;
      list.push_back(one);
    }
    return list;
  }
  if (value.is_string()) {
    const std::string text(value.as_string());
    return text.empty() ? data{data::type::bool_false} : data(text);
  }
  if (value.is_bool())
    return data{value.as_bool() ? data::type::bool_true : data::type::bool_false};
  if (value.is_int64()) return data(std::to_string(value.as_int64()));
  if (value.is_uint64()) return data(std::to_string(value.as_uint64()));
  return data{data::type::bool_false};
}

// Behind a value that ends in a full stop; no escaped value holds it.
constexpr char kStop = '\1';

// "Stiftung e. V." in front of a sentence's full stop: one of them is enough.
std::string WithoutSecondStops(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != kStop) {
      out += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '.') {
      ++i;
    }
  }
  return out;
}

std::string Filled(std::string_view source, const data& values) {
  mustache page{std::string(source)};
  CHECK(page.is_valid());
  page.set_custom_escape([](const std::string& text) {
    return audit::EscapeHtmlLines(text) + (text.ends_with('.') ? std::string(1, kStop) : "");
  });
  return WithoutSecondStops(page.render(values));
}

}  // namespace

std::string RenderPage(std::string_view name, Lang lang, const json::object& object) {
  data values = DataOf(object, lang);
  for (const Template& one : kTable) {
    std::string source(lang == Lang::kDe ? one.de : one.en);
    if (source.ends_with('\n')) source.pop_back();  // it may stand within a sentence
    if (one.name.starts_with("part_"))
      values.set(std::string(one.name), data(partial([source] { return source; })));
  }
  // The first line of a template is its title.
  const std::string_view source = SourceOf(name, lang);
  const std::size_t line = source.find('\n');
  const std::string title = Filled(source.substr(0, line), values);
  return "<!DOCTYPE html>\n<html lang=\"" + std::string(lang == Lang::kDe ? "de" : "en") +
         "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
         "content=\"width=device-width\">\n<meta http-equiv=\"Content-Security-Policy\" "
         "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>" +
         title + "</title>\n<style>\n" + std::string(kStyle) + "</style>\n</head>\n<body>\n<h1>" +
         title + "</h1>\n" + Filled(source.substr(line + 1), values) + "</body>\n</html>\n";
}

}  // namespace geflecht::papers
