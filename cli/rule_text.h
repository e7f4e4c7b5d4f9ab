// Rules of decision as people write and read them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/i18n/i18n.h"
#include "base/result.h"
#include "cli/orgs.h"
#include "node/governance/rule.h"

namespace geflecht::cli {

// "two-thirds both Klinikum A both Jugendamt B": the form of governance::ParseRule with names, or
// beginnings of ids, in place of ids, in any order. kUsage with "hint.rule-form", and as MatchOrg.
Result<governance::Rule> RuleFrom(std::string_view typed, const std::vector<NamedOrg>& orgs);

// "Aufnahme einer Organisation" for "admit"; the name itself for the network's own matters.
std::string MatterWords(i18n::Lang lang, std::string_view matter);

// "zwei Drittel aller, darunter A und B". Carriers that are not among `orgs` by the beginnings of
// their ids. Not yet escaped for a terminal.
std::string RuleWords(i18n::Lang lang, const governance::Rule& rule,
                      const std::vector<NamedOrg>& orgs);
// The same for the text form; what is no rule comes back as it is.
std::string RuleWords(i18n::Lang lang, std::string_view rule, const std::vector<NamedOrg>& orgs);

}  // namespace geflecht::cli
