#include <algorithm>
#include <set>

#include "base/limits.h"
#include "node/log/charter.h"
#include "node/log/lines.h"
#include "node/log/name.h"

namespace geflecht::log {
namespace {

constexpr std::string_view kRulesFormat = "geflecht-rules@v1";
constexpr int kCardLines = 6;
constexpr std::size_t kDateBytes = 10;

Result<Card> ReadCard(LineReader& lines, std::size_t number) {
  const std::string_view from = lines.rest();
  for (int i = 0; i < kCardLines; ++i) TRY(lines.Line());
  Result<Card> card = ParseCard(from.substr(0, from.size() - lines.rest().size()));
  if (!card)
    return Fail(card.error().code, "card " + std::to_string(number) + ": " + card.error().detail);
  return card;
}

Result<void> CheckFounders(const std::vector<Card>& founders) {
  if (founders.empty()) return Fail(Code::kMalformed, "a charter names at least one founder");
  std::set<crypto::PublicKey> keys;
  for (std::size_t i = 0; i < founders.size(); ++i) {
    const std::string card = "card " + std::to_string(i + 1);
    if (i > 0 && founders[i].org() <= founders[i - 1].org())
      return Fail(Code::kMalformed, card + ": founders do not ascend by organisation id");
    for (const auto& key : {founders[i].root_key, founders[i].device, founders[i].tls_key})
      if (!keys.insert(key).second)
        return Fail(Code::kMalformed, card + ": a key of another founder occurs again");
  }
  return {};
}

Result<RuleLine> ReadRule(LineReader& lines) {
  ASSIGN(const std::string_view value, lines.Value("rule"));
  const std::size_t space = value.find(' ');
  if (space == std::string_view::npos) return lines.Bad("a rule is a matter and a rule");
  RuleLine line{std::string(value.substr(0, space)), std::string(value.substr(space + 1))};
  if (!IsRuleLine(line)) return lines.Bad("no matter, or no rule");
  return line;
}

Result<std::string> ReadText(LineReader& lines, std::string_view keyword) {
  ASSIGN(const std::string_view value, lines.Value(keyword));
  if (const auto checked = CheckLine(value, kPointBytesMax); !checked)
    return lines.Bad(checked.error().detail);
  return std::string(value);
}

// The lines between the rules' version and the cards; each may be missing.
Result<void> ReadTerms(LineReader& lines, CharterText& charter) {
  if (lines.NextIs("purpose")) {
    ASSIGN(charter.purpose, ReadText(lines, "purpose"));
  }
  if (lines.NextIs("review")) {
    ASSIGN(const std::string_view value, lines.Value("review"));
    charter.review_s = ParseTime(std::string(value) + "T00:00:00Z");
    if (value.size() != kDateBytes || !charter.review_s) return lines.Bad("no date");
  }
  if (lines.NextIs("offline-days")) {
    ASSIGN(const std::string_view value, lines.Value("offline-days"));
    const auto days = ParseDecimal(value, kOfflineDaysMax);
    if (!days || *days == 0) return lines.Bad("no number of days from 1 to 3650");
    charter.offline_days = static_cast<std::uint32_t>(*days);
  }
  while (lines.NextIs("rule")) {
    if (charter.rules.size() == kRulesMax) return Fail(Code::kTooLarge, "more than 256 rules");
    ASSIGN(RuleLine line, ReadRule(lines));
    if (!charter.rules.empty() && line.matter <= charter.rules.back().matter)
      return lines.Bad("rules do not ascend by matter");
    charter.rules.push_back(std::move(line));
  }
  while (lines.NextIs("point")) {
    if (charter.points.size() == kPointsMax) return Fail(Code::kTooLarge, "more than 256 points");
    ASSIGN(std::string point, ReadText(lines, "point"));
    charter.points.push_back(std::move(point));
  }
  return {};
}

}  // namespace

bool IsRuleLine(const RuleLine& line) {
  const auto in_matter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == ':' || c == '-';
  };
  const bool matter =
      line.matter == "*" ||
      (!line.matter.empty() && line.matter.size() <= kMatterBytesMax && line.matter[0] >= 'a' &&
       line.matter[0] <= 'z' && std::all_of(line.matter.begin(), line.matter.end(), in_matter));
  const std::string_view rule = line.rule;
  return matter && !rule.empty() && rule.size() <= kRuleBytesMax && rule.front() != ' ' &&
         rule.back() != ' ' && rule.find("  ") == std::string_view::npos &&
         std::all_of(rule.begin(), rule.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string RenderCharterText(const CharterText& text) {
  std::string out;
  out.append(kRulesFormat).append("\n");
  out.append("name ").append(text.name).append("\n");
  out.append("rules ").append(std::to_string(text.rules_version)).append("\n");
  if (!text.purpose.empty()) out.append("purpose ").append(text.purpose).append("\n");
  if (text.review_s)
    out.append("review ").append(RenderTime(*text.review_s), 0, kDateBytes).append("\n");
  if (text.offline_days)
    out.append("offline-days ").append(std::to_string(*text.offline_days)).append("\n");
  for (const RuleLine& line : text.rules)
    out.append("rule ").append(line.matter).append(" ").append(line.rule).append("\n");
  for (const std::string& point : text.points) out.append("point ").append(point).append("\n");
  for (const Card& card : text.founders) out.append(RenderCard(card));
  return out;
}

Result<CharterText> ParseCharterText(std::string_view text) {
  if (text.size() > limits::kFieldBytesMax)
    return Fail(Code::kTooLarge, "the rules have more than 512 KiB");
  LineReader lines(text);
  CharterText charter;
  TRY(lines.Literal(kRulesFormat));
  ASSIGN(const std::string_view name, lines.Value("name"));
  if (const auto checked = CheckName(name); !checked) return lines.Bad(checked.error().detail);
  charter.name = std::string(name);
  ASSIGN(const std::string_view rules, lines.Value("rules"));
  const auto version = ParseDecimal(rules, UINT32_MAX);
  if (!version || *version == 0) return lines.Bad("no rules version from 1 to 4294967295");
  charter.rules_version = static_cast<std::uint32_t>(*version);
  TRY(ReadTerms(lines, charter));
  while (!lines.AtEnd()) {
    if (charter.founders.size() == limits::kFoundersMax)
      return Fail(Code::kTooLarge, "more than 256 founders");
    ASSIGN(Card card, ReadCard(lines, charter.founders.size() + 1));
    charter.founders.push_back(std::move(card));
  }
  TRY(CheckFounders(charter.founders));
  return charter;
}

}  // namespace geflecht::log
