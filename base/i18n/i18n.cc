#include "base/i18n/i18n.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/i18n/table.h"

namespace geflecht::i18n {
namespace {

std::optional<std::string_view> Find(Lang lang, std::string_view key) {
  const auto row = std::ranges::lower_bound(kTable, key, {}, &Sentence::key);
  if (row == kTable.end() || row->key != key) return std::nullopt;
  return lang == Lang::kDe ? row->de : row->en;
}

const std::string* ValueOf(std::string_view name, Args args) {
  const auto arg = std::ranges::find(args, name, &Args::value_type::first);
  return arg == args.end() ? nullptr : &arg->second;
}

// One pass from left to right, so that what a value brings in is not looked at again.
std::string Fill(std::string_view text, Args args, std::string_view number) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == text.npos ? text.npos : text.find('}', open);
    if (close == text.npos) break;
    out += text.substr(0, open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (const std::string* value = ValueOf(name, args); value != nullptr) {
      out += *value;
    } else if (name == "n" && !number.empty()) {
      out += number;
    } else {
      out += text.substr(open, close - open + 1);
    }
    text.remove_prefix(close + 1);
  }
  out += text;
  return out;
}

// The number behind "line " in an error's detail.
std::string LineIn(std::string_view detail) {
  constexpr std::string_view kWord = "line ";
  const std::size_t at = detail.find(kWord);
  if (at == detail.npos) return "?";
  detail.remove_prefix(at + kWord.size());
  return std::string(detail.substr(0, detail.find_first_not_of("0123456789")));
}

std::string Grouped(Lang lang, std::int64_t n) {
  std::string digits = std::to_string(n);
  const std::size_t first = n < 0 ? 1 : 0;
  const char separator = lang == Lang::kDe ? '.' : ',';
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, separator);
  return digits;
}

}  // namespace

std::string Tr(Lang lang, std::string_view key, Args args) {
  const std::optional<std::string_view> text = Find(lang, key);
  return text ? Fill(*text, args, {}) : std::string(key);
}

std::string TrCount(Lang lang, std::string_view key, std::int64_t n, Args args) {
  const std::string form = std::string(key) + (n == 1 ? ".one" : ".other");
  const std::optional<std::string_view> text = Find(lang, form);
  return text ? Fill(*text, args, Grouped(lang, n)) : form;
}

std::string Explain(Lang lang, const Error& error) {
  if (!error.hint.empty() && HasKey(error.hint))
    return Tr(lang, error.hint, {{"line", LineIn(error.detail)}});
  return Tr(lang, "error." + std::string(CodeName(error.code)));
}

Lang ParseLang(std::string_view locale_or_code) {
  const std::string_view code = locale_or_code.substr(0, locale_or_code.find_first_of("_-.@"));
  return code == "en" || code == "EN" || code == "En" ? Lang::kEn : Lang::kDe;
}

bool HasKey(std::string_view key) { return Find(Lang::kDe, key).has_value(); }

}  // namespace geflecht::i18n
