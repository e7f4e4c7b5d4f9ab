#include "cli/rule_text.h"

#include <algorithm>

#include "cli/ids.h"

namespace geflecht::cli {
namespace {

constexpr std::string_view kBoth = " both ";

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with(',')) text.remove_suffix(1);
  return text;
}

std::string NameIn(const std::vector<NamedOrg>& orgs, const log::OrgId& org) {
  const std::string id = org.Hex();
  for (const NamedOrg& one : orgs)
    if (one.id == id) return one.name;
  return ShortId(id);
}

std::string_view KindKey(governance::RuleKind kind) {
  switch (kind) {
    case governance::RuleKind::kUnanimity:
      return "rule.words.unanimity";
    case governance::RuleKind::kConsent:
      return "rule.words.consent";
    case governance::RuleKind::kTwoThirds:
      return "rule.words.two-thirds";
    case governance::RuleKind::kMajority:
      return "rule.words.majority";
    case governance::RuleKind::kQuorum:
      return "rule.words.quorum";
    case governance::RuleKind::kVotesCast:
      return "rule.words.votes-cast";
  }
  return "rule.words.majority";
}

}  // namespace

Result<governance::Rule> RuleFrom(std::string_view typed, const std::vector<NamedOrg>& orgs) {
  const std::size_t carriers = typed.find(kBoth);
  auto rule = governance::ParseRule(Trimmed(typed.substr(0, carriers)));
  if (!rule) return Fail(Code::kUsage, rule.error().detail, "hint.rule-form");
  std::string_view rest = carriers == typed.npos ? std::string_view() : typed.substr(carriers);
  while (!rest.empty()) {
    rest.remove_prefix(kBoth.size());
    const std::size_t end = std::min(rest.find(kBoth), rest.size());
    ASSIGN(const NamedOrg org, MatchOrg(Trimmed(rest.substr(0, end)), orgs));
    const auto id = log::OrgId::FromHexText(org.id);
    if (!id) return Fail(Code::kMalformed, "the id of an organisation is none");
    rule->carriers.push_back(*id);
    rest.remove_prefix(end);
  }
  std::sort(rule->carriers.begin(), rule->carriers.end());
  return rule;
}

std::string MatterWords(i18n::Lang lang, std::string_view matter) {
  if (matter == governance::kEveryMatter) return i18n::Tr(lang, "matter.others");
  if (matter.starts_with(governance::kBodyPrefix))
    return i18n::Tr(lang, "matter.body",
                    {{"body", std::string(matter.substr(governance::kBodyPrefix.size()))}});
  const std::string key = std::string("matter.") + std::string(matter);
  const bool own = matter == "others" || matter == "body" || !i18n::HasKey(key);
  return own ? std::string(matter) : i18n::Tr(lang, key);
}

std::string RuleWords(i18n::Lang lang, const governance::Rule& rule,
                      const std::vector<NamedOrg>& orgs) {
  std::string text = i18n::Tr(lang, KindKey(rule.kind), {{"k", std::to_string(rule.k)}});
  std::string names;
  for (std::size_t i = 0; i < rule.carriers.size(); ++i) {
    if (i > 0)
      names += i + 1 == rule.carriers.size() ? ' ' + i18n::Tr(lang, "word.and") + ' '
                                             : std::string(", ");
    names += NameIn(orgs, rule.carriers[i]);
  }
  if (!names.empty()) text += i18n::Tr(lang, "rule.words.both", {{"names", names}});
  return text;
}

std::string RuleWords(i18n::Lang lang, std::string_view rule, const std::vector<NamedOrg>& orgs) {
  const auto parsed = governance::ParseRule(rule);
  return parsed ? RuleWords(lang, *parsed, orgs) : std::string(rule);
}

}  // namespace geflecht::cli
