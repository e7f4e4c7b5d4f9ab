#include "node/governance/charter_rules.h"

#include <algorithm>
#include <string>
#include <utility>

namespace geflecht::governance {

Result<RuleTable> RulesOf(const log::CharterText& charter) {
  std::vector<log::OrgId> members;
  for (const log::Card& card : charter.founders) members.push_back(card.org());
  std::sort(members.begin(), members.end());
  RuleTable table;
  for (const log::RuleLine& line : charter.rules) {
    auto rule = ParseRule(line.rule);
    if (!rule)
      return Fail(rule.error().code, "rule for " + line.matter + ": " + rule.error().detail);
    if (const auto why = CheckRule(line.matter, *rule, members))
      return Fail(Code::kNotPermitted, "the rule for " + line.matter + " is not safe",
                  std::string(MessageKey(*why)));
    if (line.matter == kEveryMatter) {
      table.every = *std::move(rule);
    } else {
      table.by_matter.emplace(line.matter, *std::move(rule));
    }
  }
  return table;
}

}  // namespace geflecht::governance
