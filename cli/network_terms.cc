#include "cli/network_terms.h"

#include <boost/json/array.hpp>
#include <string_view>

#include "cli/display.h"
#include "cli/rule_text.h"
#include "node/log/header.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

std::string PointsText(const Session& session, const std::vector<std::string>& points) {
  if (points.empty()) return {};
  std::string text = '\n' + session.Say("cli.rules.points") + '\n';
  for (std::size_t i = 0; i < points.size(); ++i)
    text += "  " + std::to_string(i + 1) + ". " + Shown(points[i]) + '\n';
  return text;
}

std::vector<NamedOrg> CarriersOf(const json::object& rule) {
  std::vector<NamedOrg> orgs;
  for (const Json& carrier : rule.at("carriers").as_array())
    orgs.push_back(
        {TextOf(carrier.as_object(), "org"), TextOf(carrier.as_object(), "organisation")});
  return orgs;
}

// Which version of the rules is in force, and who does not know it yet.
void AddVersion(const Session& session, const json::object& charter, Listing& listing) {
  const i18n::Lang lang = session.globals().lang;
  listing.Add(session.Say("cli.rules.version"),
              session.Say(FlagOf(charter, "sealed") ? "cli.rules.version-since"
                                                    : "cli.rules.version-unsealed",
                          {{"version", std::to_string(NumberOf(charter, "version"))},
                           {"time", ShownTime(lang, TextOf(charter, "since"))}}));
  std::string names;
  for (const Json& item : charter.at("outdated").as_array()) {
    const json::object& member = item.as_object();
    const std::int64_t version = NumberOf(member, "version");
    names += (names.empty() ? "" : "\n") +
             session.Say(version == 0 ? "cli.rules.outdated-none" : "cli.rules.outdated-of",
                         {{"organisation", TextOf(member, "organisation")},
                          {"version", std::to_string(version)}});
  }
  listing.Add(session.Say("cli.rules.outdated"),
              names.empty() ? session.Say("cli.rules.outdated-nobody") : names);
}

std::string VersionsText(const Session& session, const json::object& charter) {
  const json::array& versions = charter.at("versions").as_array();
  if (versions.size() < 2) return {};
  Table table({session.Say("cli.rules.version"), session.Say("cli.rules.since"),
               session.Say("cli.column.title"), session.Say("cli.rules.decision")});
  for (const Json& item : versions) {
    const json::object& version = item.as_object();
    const bool first = NumberOf(version, "version") == 1;
    const std::string decision = TextOf(version, "decision");
    table.Add({std::to_string(NumberOf(version, "version")),
               ShownTime(session.globals().lang, TextOf(version, "since")),
               first ? session.Say("cli.rules.founding") : TextOf(version, "title"),
               first || !decision.empty() ? decision : session.Say("cli.rules.no-number")});
  }
  return '\n' + table.Text();
}

}  // namespace

std::string TermsText(const Session& session, const log::CharterText& text) {
  const i18n::Lang lang = session.globals().lang;
  std::vector<NamedOrg> orgs;
  for (const log::Card& card : text.founders) orgs.push_back({card.org().Hex(), card.organisation});
  Listing listing;
  if (!text.purpose.empty()) listing.Add(session.Say("cli.rules.purpose"), text.purpose);
  if (text.review_s) {
    constexpr std::size_t kDay = 10;
    listing.Add(session.Say("cli.rules.review"),
                DayText(lang, log::RenderTime(*text.review_s).substr(0, kDay)));
  }
  if (text.offline_days)
    listing.Add(session.Say("cli.rules.offline"),
                i18n::TrCount(lang, "cli.days", *text.offline_days));
  Table table({session.Say("cli.column.matter"), session.Say("cli.column.rule")});
  for (const log::RuleLine& line : text.rules)
    table.Add({MatterWords(lang, line.matter), RuleWords(lang, line.rule, orgs)});
  const std::string terms = listing.Text();
  return terms + (terms.empty() ? "" : "\n") + table.Text() + PointsText(session, text.points);
}

Result<Outcome> RulesInForce(Session& session) {
  ASSIGN(json::object answer, session.Get("/api/v1/network/rules"));
  const i18n::Lang lang = session.globals().lang;
  Listing listing;
  listing.Add(session.Say("cli.column.network"), TextOf(answer, "name"));
  if (!TextOf(answer, "purpose").empty())
    listing.Add(session.Say("cli.rules.purpose"), TextOf(answer, "purpose"));
  const json::object& charter = answer.at("charter").as_object();
  AddVersion(session, charter, listing);
  listing.Add(session.Say("cli.rules.voters"),
              session.Say("cli.rules.voters-of",
                          {{"active", std::to_string(NumberOf(answer, "active"))},
                           {"members", std::to_string(NumberOf(answer, "members"))}}));
  if (const std::string review = TextOf(answer, "review"); !review.empty())
    listing.Add(session.Say("cli.rules.review"),
                FlagOf(answer, "review_overdue")
                    ? session.Say("cli.rules.overdue", {{"day", DayText(lang, review)}})
                    : DayText(lang, review));
  if (const std::int64_t days = NumberOf(answer, "offline_days"); days > 0)
    listing.Add(session.Say("cli.rules.offline"), i18n::TrCount(lang, "cli.days", days));
  Table table({session.Say("cli.column.matter"), session.Say("cli.column.rule"),
               session.Say("cli.column.today"), session.Say("cli.column.word")});
  for (const Json& item : answer.at("rules").as_array()) {
    const json::object& rule = item.as_object();
    std::string words = RuleWords(lang, TextOf(rule, "rule"), CarriersOf(rule));
    if (FlagOf(rule, "contested")) words += ' ' + session.Say("cli.rules.contested");
    const std::string matter = TextOf(rule, "matter");
    table.Add({MatterWords(lang, matter), words,
               session.Say("cli.rules.today", {{"need", std::to_string(NumberOf(rule, "need"))},
                                               {"n", std::to_string(NumberOf(rule, "n"))}}),
               matter});
  }
  std::vector<std::string> points;
  for (const Json& point : answer.at("points").as_array()) points.emplace_back(point.as_string());
  Outcome outcome;
  outcome.text = listing.Text() + '\n' + table.Text() + PointsText(session, points) +
                 VersionsText(session, charter);
  if (NumberOf(charter, "own") < NumberOf(charter, "version"))
    outcome.text += '\n' + session.Say("cli.rules.acknowledge") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace geflecht::cli
