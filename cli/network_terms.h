// What a network has agreed on, in words.
#pragma once

#include <string>

#include "cli/session.h"
#include "node/log/charter.h"

namespace geflecht::cli {

// Purpose, rules, points, review date of a draft: complete lines for people. What the founders
// sign.
std::string TermsText(const Session& session, const log::CharterText& text);

// geflecht network rules
Result<Outcome> RulesInForce(Session& session);

}  // namespace geflecht::cli
