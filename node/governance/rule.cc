#include "node/governance/rule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace geflecht::governance {
namespace {

struct KindName {
  RuleKind kind;
  std::string_view name;
  bool has_number;
};
constexpr std::array<KindName, 6> kKindNames{{{RuleKind::kUnanimity, "unanimity", false},
                                              {RuleKind::kConsent, "consent", true},
                                              {RuleKind::kTwoThirds, "two-thirds", false},
                                              {RuleKind::kMajority, "majority", false},
                                              {RuleKind::kQuorum, "quorum", true},
                                              {RuleKind::kVotesCast, "votes-cast", true}}};
constexpr std::string_view kBoth = " both ";
constexpr std::size_t kCarriersMax = 256;

const KindName& NameOf(RuleKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

// Takes a decimal number without leading zero off the front.
std::optional<std::uint32_t> TakeNumber(std::string_view& text) {
  std::uint32_t number = 0;
  if (text.starts_with('0')) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

const KindName* TakeKind(std::string_view& text) {
  const auto found = std::find_if(kKindNames.begin(), kKindNames.end(), [&](const KindName& known) {
    return text.starts_with(known.name) &&
           (text.size() == known.name.size() || text[known.name.size()] == ' ');
  });
  if (found == kKindNames.end()) return nullptr;
  text.remove_prefix(found->name.size());
  return &*found;
}

}  // namespace

std::string RenderRule(const Rule& rule) {
  std::string out(NameOf(rule.kind).name);
  if (NameOf(rule.kind).has_number) out += " " + std::to_string(rule.k);
  for (const log::OrgId& carrier : rule.carriers) out.append(kBoth).append(carrier.Hex());
  return out;
}

Result<Rule> ParseRule(std::string_view text) {
  const KindName* const kind = TakeKind(text);
  if (kind == nullptr) return Fail(Code::kMalformed, "no kind of rule");
  Rule rule{kind->kind, 0, {}};
  if (kind->has_number) {
    if (!text.starts_with(' ')) return Fail(Code::kMalformed, "the rule lacks its number");
    text.remove_prefix(1);
    const auto number = TakeNumber(text);
    if (!number) return Fail(Code::kMalformed, "the rule's number is none");
    rule.k = *number;
  }
  while (!text.empty()) {
    if (!text.starts_with(kBoth) || rule.carriers.size() == kCarriersMax)
      return Fail(Code::kMalformed, "the rule has a tail");
    text.remove_prefix(kBoth.size());
    const auto carrier = log::OrgId::FromHexText(text.substr(0, 2 * log::OrgId::kSize));
    if (!carrier) return Fail(Code::kMalformed, "a carrier is no organisation's id");
    if (!rule.carriers.empty() && *carrier <= rule.carriers.back())
      return Fail(Code::kMalformed, "carriers do not ascend");
    rule.carriers.push_back(*carrier);
    text.remove_prefix(2 * log::OrgId::kSize);
  }
  return rule;
}

std::weak_ordering CompareStrictness(const Rule& a, const Rule& b) {
  if (a.kind != b.kind) return a.kind <=> b.kind;
  if (a.k != b.k) return b.k <=> a.k;
  return b.carriers.size() <=> a.carriers.size();
}

const Rule& RuleTable::For(std::string_view matter) const {
  const auto own = by_matter.find(std::string(matter));
  return own == by_matter.end() ? every : own->second;
}

}  // namespace geflecht::governance
