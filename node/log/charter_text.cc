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

}  // namespace

std::string RenderCharterText(const CharterText& text) {
  std::string out;
  out.append(kRulesFormat).append("\n");
  out.append("name ").append(text.name).append("\n");
  out.append("rules ").append(std::to_string(text.rules_version)).append("\n");
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
