#include "node/audit/report_charter.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "node/audit/html.h"
#include "node/audit/report_svg.h"
#include "node/log/header.h"

namespace geflecht::audit {
namespace {

namespace json = boost::json;
using i18n::Lang;
using i18n::Tr;

constexpr std::size_t kDayDigits = 10;  // YYYY-MM-DD

std::string TableCell(const std::string& escaped) { return "<td>" + escaped + "</td>"; }
std::string TableRow(const std::string& cells) { return "<tr>" + cells + "</tr>\n"; }
std::string BdiOf(const std::string& text) { return "<bdi>" + EscapeHtml(text) + "</bdi>"; }
std::string CatalogueWord(Lang lang, const std::string& key) {
  return EscapeHtml(Tr(lang, "audit.html." + key));
}
std::string DayOf(std::int64_t time_s) { return log::RenderTime(time_s).substr(0, kDayDigits); }

// Whether the rules were to be looked at again before the bundle says it was made.
bool IsOverdue(const Report& report) {
  return report.charter->review_s && report.info &&
         *report.charter->review_s <= report.info->exported_s;
}

std::string VersionRows(const CharterFact& charter, Lang lang) {
  std::string rows;
  for (const char* key : {"version", "since", "title-of", "decision"})
    rows += "<th>" + CatalogueWord(lang, key) + "</th>";
  rows = TableRow(rows);
  for (std::size_t i = 0; i < charter.versions.size(); ++i) {
    const CharterVersionFact& version = charter.versions[i];
    const std::string number =
        version.decision.empty() ? CatalogueWord(lang, "no-number") : BdiOf(version.decision);
    rows +=
        TableRow(TableCell(std::to_string(i + 1)) + TableCell(log::RenderTime(version.since_s)) +
                 TableCell(i == 0 ? CatalogueWord(lang, "founding") : BdiOf(version.title)) +
                 TableCell(i == 0 ? std::string() : number));
  }
  return rows;
}

}  // namespace

std::string CharterHtml(const Report& report, Lang lang) {
  if (!report.charter) return {};
  const CharterFact& charter = *report.charter;
  std::string out = "<h2>" + CatalogueWord(lang, "charter") + "</h2>\n<table>" +
                    VersionRows(charter, lang) + "</table>\n";
  if (charter.review_s)
    out +=
        "<p>" +
        EscapeHtml(Tr(lang, IsOverdue(report) ? "audit.html.review-overdue" : "audit.html.review",
                      {{"day", DayOf(*charter.review_s)}})) +
        "</p>\n";
  if (charter.outdated.empty()) return out + "<p>" + CatalogueWord(lang, "all-know") + "</p>\n";
  out += "<p>" + CatalogueWord(lang, "outdated") + "</p>\n<ul>";
  for (const KnownVersionFact& known : charter.outdated)
    out += "<li>" + BdiOf(known.organisation) + ": " +
           EscapeHtml(Tr(lang, known.version == 0 ? "audit.html.knows-none" : "audit.html.knows",
                         {{"version", std::to_string(known.version)}})) +
           "</li>\n";
  return out + "</ul>\n";
}

json::value CharterJson(const Report& report) {
  if (!report.charter) return nullptr;
  const CharterFact& charter = *report.charter;
  json::array versions;
  for (std::size_t i = 0; i < charter.versions.size(); ++i)
    versions.push_back(json::object{{"version", i + 1},
                                    {"title", charter.versions[i].title},
                                    {"decision", charter.versions[i].decision},
                                    {"since", log::RenderTime(charter.versions[i].since_s)}});
  json::array outdated;
  for (const KnownVersionFact& known : charter.outdated)
    outdated.push_back(
        json::object{{"organisation", known.organisation}, {"version", known.version}});
  return json::object{
      {"version", charter.versions.size()},
      {"versions", std::move(versions)},
      {"review", charter.review_s ? json::value(DayOf(*charter.review_s)) : json::value(nullptr)},
      {"review_overdue", IsOverdue(report)},
      {"outdated", std::move(outdated)}};
}

std::string DissentHtml(const DecisionFact& decision, Lang lang) {
  std::string rows;
  for (const VoteFact& vote : decision.votes) {
    if (vote.position == Position::kYes || vote.reason.empty()) continue;
    rows += TableRow(
        TableCell(EscapeHtml(
            Tr(lang, "audit.html.reason-of",
               {{"position", Tr(lang, "audit.position." + std::string(NameOf(vote.position)))}}))) +
        TableCell(BdiOf(vote.organisation)) + TableCell(EscapeHtmlLines(vote.reason)));
  }
  for (const SettledObjection& objection : decision.settled)
    rows += TableRow(
        TableCell(EscapeHtml(Tr(
            lang, "audit.html.settled",
            {{"position", Tr(lang, "audit.position." + std::string(NameOf(objection.later)))}}))) +
        TableCell(BdiOf(objection.organisation)) + TableCell(EscapeHtmlLines(objection.reason)));
  return rows;
}

std::string MinutesHtml(const DecisionFact& decision, Lang lang) {
  if (!decision.minutes) return {};
  const MinutesFact& minutes = *decision.minutes;
  const std::string_view state = minutes.open       ? "minutes-open"
                                 : minutes.fits     ? "minutes-withheld"
                                 : !minutes.covered ? "minutes-not-covered"
                                                    : "minutes-missing";
  std::string out = "<p>" + CatalogueWord(lang, std::string(state)) + " <code>" +
                    minutes.entry.Hex() + "</code></p>\n";
  if (!minutes.space_name.empty())
    out += "<p>" + EscapeHtml(Tr(lang, "cli.space.name")) + ": " + BdiOf(minutes.space_name) +
           "</p>\n";
  if (!minutes.corrects.empty())
    out += "<p>" + CatalogueWord(lang, "minutes-corrects") + " <code>" +
           EscapeHtml(minutes.corrects) + "</code></p>\n";
  if (minutes.recorded.empty()) return out;
  out += "<table>";
  for (const RecordedFact& recorded : minutes.recorded)
    out += TableRow(TableCell(BdiOf(recorded.matter)) + TableCell(EscapeHtmlLines(recorded.text)) +
                    TableCell(CatalogueWord(
                        lang, recorded.certified ? "minutes-certified" : "minutes-recorded")));
  return out + "</table>\n";
}

json::value MinutesJson(const DecisionFact& decision) {
  if (!decision.minutes) return nullptr;
  json::array recorded;
  for (const RecordedFact& one : decision.minutes->recorded)
    recorded.push_back(
        json::object{{"matter", one.matter}, {"text", one.text}, {"certified", one.certified}});
  return json::object{
      {"space", decision.minutes->space.Hex()}, {"covered", decision.minutes->covered},
      {"entry", decision.minutes->entry.Hex()}, {"fits", decision.minutes->fits},
      {"open", decision.minutes->open},         {"corrects", decision.minutes->corrects},
      {"recorded", std::move(recorded)}};
}

json::array SettledJson(const DecisionFact& decision) {
  json::array settled;
  for (const SettledObjection& objection : decision.settled)
    settled.push_back(json::object{{"organisation", objection.organisation},
                                   {"reason", objection.reason},
                                   {"later", NameOf(objection.later)}});
  return settled;
}

}  // namespace geflecht::audit
