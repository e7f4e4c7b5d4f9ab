#include "cli/network_terms.h"

#include <boost/json/array.hpp>
#include <string_view>

#include "cli/display.h"
#include "cli/rule_text.h"
#include "node/log/header.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kMidday = "T12:00:00Z";  // the same day in every time zone of Europe
constexpr std::size_t kTimeOfDayShown = 6;          // " 14:00"

std::string DayText(i18n::Lang lang, const std::string& day) {
  std::string shown = ShownTime(lang, day + std::string(kMidday));
  if (shown.size() > kTimeOfDayShown) shown.resize(shown.size() - kTimeOfDayShown);
  return shown;
}

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
  outcome.text = listing.Text() + '\n' + table.Text() + PointsText(session, points);
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace geflecht::cli
