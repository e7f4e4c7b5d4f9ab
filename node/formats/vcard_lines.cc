#include "node/formats/vcard_lines.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "node/formats/ascii.h"

namespace geflecht::formats {
namespace {

constexpr std::string_view kBlank(" \t\0", 3);  // some devices fill up with NUL
constexpr std::string_view kMark = "\xEF\xBB\xBF";

std::string_view Trimmed(std::string_view line) {
  while (line.starts_with(kMark)) line.remove_prefix(kMark.size());
  const std::size_t first = line.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlank) - first + 1);
}

// "NAME : value" with a name in upper case; the value without white space around it.
std::optional<std::string_view> ValueOf(std::string_view line, std::string_view name) {
  line = Trimmed(line);
  if (!StartsWithNoCase(line, name)) return std::nullopt;
  line = Trimmed(line.substr(name.size()));
  if (!line.starts_with(':')) return std::nullopt;
  return Trimmed(line.substr(1));
}

bool IsMarker(std::string_view line, std::string_view name) {
  const auto value = ValueOf(line, name);
  return value && EqualNoCase(*value, "VCARD");
}

bool IsBase64(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) {
    return IsAsciiAlnum(c) || c == '+' || c == '/' || c == '=' || c == ' ' || c == '\t';
  });
}

// Finds the colon that ends the name and the parameters of a line that grows.
class Head {
 public:
  void Look(std::string_view text) {
    for (; !found_ && at_ < text.size(); ++at_) {
      if (text[at_] == '"') quoted_ = !quoted_;
      if (text[at_] != ':' || quoted_) continue;
      found_ = true;
      const std::string head = ToUpperAscii(text.substr(0, at_));
      quoted_printable_ = head.find("QUOTED-PRINTABLE") != std::string::npos;
      base64_ =
          head.find("BASE64") != std::string::npos || head.find("ENCODING=B") != std::string::npos;
    }
  }
  bool quoted_printable() const { return quoted_printable_; }
  bool base64() const { return base64_; }

 private:
  std::size_t at_ = 0;
  bool quoted_ = false;
  bool found_ = false;
  bool quoted_printable_ = false;
  bool base64_ = false;
};

// Takes the soft line break off the end of `text`, and the padding that RFC 2045 allows behind it.
bool TakeSoftBreak(std::string& text) {
  constexpr std::size_t kPaddingMax = 76;  // bounds the look back at every line
  const std::size_t from = text.size() - std::min(text.size(), kPaddingMax);
  const std::size_t last = std::string_view(text).substr(from).find_last_not_of(" \t");
  if (last == std::string_view::npos || text[from + last] != '=') return false;
  text.resize(from + last);
  return true;
}

}  // namespace

bool IsVcardBegin(std::string_view line) { return IsMarker(line, "BEGIN"); }
bool IsVcardEnd(std::string_view line) { return IsMarker(line, "END"); }

VcardLines::Physical VcardLines::Split(std::string_view text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  for (const std::string_view ending : {"\r\r\n", "\r\n", "\r", "\n"}) {
    if (!text.starts_with(ending)) continue;
    text.remove_prefix(ending.size());
    break;
  }
  return {line, text};
}

void VcardLines::Take(const Physical& line) {
  rest_ = line.rest;
  ++line_;
}

std::optional<VcardLine> VcardLines::Next(Folding folding) {
  Physical physical;
  VcardLine out;
  do {
    if (rest_.empty()) return std::nullopt;
    physical = Split(rest_);
    out.line = line_;
    Take(physical);
  } while (Trimmed(physical.text).empty());
  out.text = physical.text;
  if (IsVcardBegin(out.text) || IsVcardEnd(out.text)) return out;
  Head head;
  while (true) {
    head.Look(out.text);
    const bool soft = head.quoted_printable() && TakeSoftBreak(out.text);
    if (rest_.empty()) return out;
    physical = Split(rest_);
    const std::string_view next = physical.text;
    // A fold may come in front of any character, so a blank in front of a marker is no marker.
    const bool folded = next.starts_with(' ') || next.starts_with('\t');
    if (!folded && (IsVcardBegin(next) || IsVcardEnd(next))) return out;
    if (soft) {
      out.text += next;
    } else if (folded) {
      out.text += next.substr(folding == Folding::kDropSpace ? 1 : 0);
    } else if (head.base64() && !next.empty() && IsBase64(next)) {
      out.text += next;
    } else {
      return out;
    }
    Take(physical);
  }
}

std::string_view VcardLines::PeekVersion() const {
  std::string_view rest = rest_;
  while (!rest.empty()) {
    const Physical physical = Split(rest);
    rest = physical.rest;
    if (const auto version = ValueOf(physical.text, "VERSION")) return *version;
    if (IsVcardBegin(physical.text) || IsVcardEnd(physical.text)) break;
  }
  return {};
}

}  // namespace geflecht::formats
