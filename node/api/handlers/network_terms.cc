#include "node/api/handlers/network_terms.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>

#include "node/api/handlers/charter_json.h"
#include "node/api/handlers/proposal_json.h"
#include "node/governance/charter_rules.h"
#include "node/governance/tally.h"
#include "node/log/header.h"
#include "node/log/name.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t kDayText = 10;  // YYYY-MM-DD

// A list that may be missing.
Result<array> ListMember(const object& body, std::string_view key) {
  const Json* value = body.if_contains(key);
  if (value == nullptr || value->is_null()) return array();
  if (!value->is_array())
    return Fail(Code::kUsage, "the member \"" + std::string(key) + "\" is no list");
  return value->as_array();
}

Result<std::string> TypedLine(const Json& value) {
  if (!value.is_string()) return Fail(Code::kUsage, "a line is no text", "hint.rules-text");
  auto line = log::ToLine(std::string_view(value.as_string()), log::kPointBytesMax);
  if (!line) return Fail(Code::kUsage, line.error().detail, "hint.rules-text");
  return line;
}

Result<void> ReadRules(const object& body, log::CharterText& text) {
  std::map<std::string, std::string> rules;
  ASSIGN(const array given, ListMember(body, "rules"));
  for (const Json& item : given) {
    if (!item.is_object()) return Fail(Code::kUsage, "a rule is no object");
    ASSIGN(const std::string matter, TextMember(item.as_object(), "matter"));
    ASSIGN(const std::string rule, TextMember(item.as_object(), "rule"));
    if (!log::IsRuleLine({matter, rule}))
      return Fail(Code::kUsage, "no rule for a matter", "hint.rule-form");
    if (!rules.emplace(matter, rule).second)
      return Fail(Code::kUsage, "two rules for " + matter, "hint.rule-twice");
  }
  if (rules.empty())
    rules = {{"*", "majority"},
             {"admit", "two-thirds"},
             {"rekey", "two-thirds"},
             {"remove", "two-thirds"},
             {"rule", "two-thirds"}};
  for (const auto& [matter, rule] : rules) text.rules.push_back({matter, rule});
  const auto table = governance::RulesOf(text);
  if (table) return {};
  if (table.error().code == Code::kMalformed)
    return Fail(Code::kUsage, table.error().detail, "hint.rule-form");
  return tl::unexpected(table.error());
}

object InForce(const replica::Replica& replica, std::string_view matter,
               const governance::Rule& rule) {
  const governance::State& state = replica.council().state();
  const bool body = matter.starts_with(governance::kBodyPrefix);
  std::size_t n = 0;
  for (const governance::MemberState& member : state.members)
    if (member.active && (!body || state.HasRole(member.org, std::string(matter)))) ++n;
  const std::size_t electors =
      governance::ExcludesSubject(matter) ? std::max<std::size_t>(n, 1) - 1 : n;
  object json{{"matter", matter}};
  for (const auto& [key, value] : RuleJson(replica, rule)) json[key] = value;
  json["n"] = n;
  json["need"] = governance::VotesNeeded(rule, matter, n, electors);
  json["contested"] =
      std::any_of(state.alarms.begin(), state.alarms.end(), [&](const governance::Alarm& alarm) {
        const auto* rivals = std::get_if<governance::RivalRules>(&alarm);
        return rivals != nullptr && rivals->matter == matter;
      });
  return json;
}

}  // namespace

Result<void> ReadTerms(const object& body, log::CharterText& text) {
  if (const Json* purpose = body.if_contains("purpose");
      purpose != nullptr && !purpose->is_null()) {
    ASSIGN(text.purpose, TypedLine(*purpose));
  }
  if (const Json* review = body.if_contains("review"); review != nullptr && !review->is_null()) {
    ASSIGN(const std::string day, TextMember(body, "review"));
    text.review_s = log::ParseTime(day + "T00:00:00Z");
    if (day.size() != kDayText || !text.review_s)
      return Fail(Code::kUsage, "no date of a review", "hint.review-date");
  }
  if (const Json* days = body.if_contains("offline_days"); days != nullptr && !days->is_null()) {
    const bool number =
        days->is_int64() && days->as_int64() >= 1 && days->as_int64() <= log::kOfflineDaysMax;
    if (!number) return Fail(Code::kUsage, "no number of days", "hint.offline-days");
    text.offline_days = static_cast<std::uint32_t>(days->as_int64());
  }
  ASSIGN(const array points, ListMember(body, "points"));
  for (const Json& point : points) {
    ASSIGN(std::string line, TypedLine(point));
    text.points.push_back(std::move(line));
  }
  return ReadRules(body, text);
}

array RuleLinesJson(const log::CharterText& text) {
  array rules;
  for (const log::RuleLine& line : text.rules)
    rules.push_back(object{{"matter", line.matter}, {"rule", line.rule}});
  return rules;
}

Result<object> TermsInForce(const replica::Replica& replica, Time now) {
  const log::CharterText& text = replica.founding().text;
  const governance::State& state = replica.council().state();
  array rules;
  for (const auto& [matter, rule] : state.rules.by_matter)
    rules.push_back(InForce(replica, matter, rule));
  rules.push_back(InForce(replica, governance::kEveryMatter, state.rules.every));
  array points;
  const CharterStand stand = CharterOf(replica);
  ASSIGN(const std::vector<std::string> in_force, PointsOf(replica, stand));
  for (const std::string& point : in_force) points.push_back(Json(point));
  ASSIGN(object charter, VersionsJson(replica, stand));
  const auto active = std::count_if(state.members.begin(), state.members.end(),
                                    [](const auto& member) { return member.active; });
  return object{
      {"network", replica.founding().network().Hex()},
      {"name", text.name},
      {"version", text.rules_version},
      {"purpose", text.purpose.empty() ? Json(nullptr) : Json(text.purpose)},
      {"points", std::move(points)},
      {"review",
       stand.review_s ? Json(log::RenderTime(*stand.review_s).substr(0, kDayText)) : Json(nullptr)},
      {"review_overdue", stand.IsOverdue(now)},
      {"offline_days", text.offline_days ? Json(*text.offline_days) : Json(nullptr)},
      {"members", state.members.size()},
      {"active", active},
      {"rules", std::move(rules)},
      {"charter", std::move(charter)}};
}

}  // namespace geflecht::api
