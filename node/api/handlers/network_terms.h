// What a network has agreed on: purpose, rules, points, review date.
#pragma once

#include "node/api/context.h"

namespace geflecht::api {

// Fills purpose, review, offline days, rules and points of a draft whose founders stand in `text`.
// Without rules: the majority of all for everything, two thirds of all for who belongs to the
// network and for the rules themselves. kUsage for what is no rule, kNotPermitted with a hint for
// rules that are not safe.
Result<void> ReadTerms(const boost::json::object& body, log::CharterText& text);

// [{matter, rule}]
boost::json::array RuleLinesJson(const log::CharterText& text);

// {network, name, version, purpose, points[], review, review_overdue, offline_days, members,
// active, rules[{matter, rule, kind, k, carriers[], n, need, contested}], charter{VersionsJson}}:
// the rules as they are now.
Result<boost::json::object> TermsInForce(const replica::Replica& replica, Time now);

}  // namespace geflecht::api
