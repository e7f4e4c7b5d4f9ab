#include "cli/rules_file.h"

#include <boost/json/array.hpp>
#include <charconv>
#include <string>

#include "cli/rule_text.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r";

std::string_view WithoutBlanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// "word rest" -> word; `line` keeps the rest.
std::string_view TakeWord(std::string_view& line) {
  const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
  const std::string_view word = line.substr(0, end);
  line = WithoutBlanks(line.substr(end));
  return word;
}

class RulesFile {
 public:
  explicit RulesFile(const std::vector<NamedOrg>& founders) : founders_(founders) {}

  Result<void> Take(std::string_view line) {
    const std::string_view word = TakeWord(line);
    if (line.empty()) return Fail(Code::kUsage, "nothing behind the word", "hint.rules-file");
    if (word == "rule") return TakeRule(line);
    if (word == "point") {
      points_.push_back(json::string(line));
      return {};
    }
    if (word == "purpose") return TakeOnce("purpose", json::string(line));
    if (word == "review") return TakeOnce("review", json::string(line));
    if (word != "offline-days") return Fail(Code::kUsage, "an unknown word", "hint.rules-file");
    std::int64_t days = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), days);
    if (error != std::errc() || end != line.data() + line.size())
      return Fail(Code::kUsage, "no number of days", "hint.rules-file");
    return TakeOnce("offline_days", days);
  }

  json::object Done() {
    if (!rules_.empty()) terms_["rules"] = std::move(rules_);
    if (!points_.empty()) terms_["points"] = std::move(points_);
    return std::move(terms_);
  }

 private:
  Result<void> TakeRule(std::string_view line) {
    const std::string_view matter = TakeWord(line);
    ASSIGN(const governance::Rule rule, RuleFrom(line, founders_));
    for (const Json& other : rules_)
      if (other.at("matter").as_string() == matter)
        return Fail(Code::kUsage, "a second rule for the matter", "hint.rule-twice");
    rules_.push_back(json::object{{"matter", matter}, {"rule", governance::RenderRule(rule)}});
    return {};
  }

  Result<void> TakeOnce(std::string_view key, Json value) {
    if (terms_.contains(key)) return Fail(Code::kUsage, "said twice", "hint.rules-file");
    terms_[key] = std::move(value);
    return {};
  }

  const std::vector<NamedOrg>& founders_;
  json::object terms_;
  json::array rules_, points_;
};

}  // namespace

Result<json::object> ReadRulesFile(std::string_view text, const std::vector<NamedOrg>& founders) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  RulesFile file(founders);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = WithoutBlanks(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (const auto taken = file.Take(line); !taken)
      return Fail(taken.error().code,
                  "line " + std::to_string(number) + ": " + taken.error().detail,
                  taken.error().hint);
  }
  return file.Done();
}

}  // namespace geflecht::cli
