// Minutes as a page to print.
#include "node/api/handlers/meeting_json.h"
#include "node/audit/html.h"

namespace geflecht::api {
namespace {

using audit::EscapeHtml;
using audit::EscapeHtmlLines;
using i18n::Lang;
using i18n::Tr;

constexpr std::string_view kStyle =
    "body { font: 12pt/1.5 serif; color: #000; max-width: 42rem; margin: 2rem auto; "
    "padding: 0 1rem; }\n"
    "h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 1.5rem; }\n"
    "li { margin-bottom: .5rem; } .decision { border-left: 4px solid #000; padding-left: .8rem; }\n"
    "@media print { body { margin: 0; max-width: none; } h2, li { break-inside: avoid; } }\n";

std::string Heading(Lang lang, std::string_view key) {
  return "<h2>" + EscapeHtml(Tr(lang, key)) + "</h2>\n";
}

std::string PointHtml(const domain::AgendaItem& item, Lang lang) {
  std::string out = "<li><bdi>" + EscapeHtml(item.title) + "</bdi>";
  if (!item.text.empty()) {
    const bool decision = item.IsRecordedDecision();
    out += "<div class=\"decision\"><strong>" + EscapeHtml(Tr(lang, "agenda.kind." + item.kind)) +
           (decision ? ":" : "") + "</strong> " + EscapeHtmlLines(item.text);
    if (!item.yes.empty() || !item.no.empty() || !item.abstain.empty())
      out += "<p>" +
             EscapeHtml(Tr(lang, "minutes.counts",
                           {{"yes", item.yes}, {"no", item.no}, {"abstain", item.abstain}})) +
             "</p>";
    out += "</div>";
  }
  return out + "</li>\n";
}

std::string PresenceHtml(const domain::Meeting& meeting, Lang lang) {
  if (meeting.attendance.empty()) return {};
  std::string out = Heading(lang, "minutes.attendance") + "<ul>\n";
  for (const domain::Attendance& one : meeting.attendance) {
    const auto org = meeting.invited.find(one.org);
    std::string who = one.name;
    if (org != meeting.invited.end()) who += (who.empty() ? "" : ", ") + org->second;
    out += "<li><bdi>" + EscapeHtml(who) + "</bdi> (" +
           EscapeHtml(Tr(lang, "attendance." + one.state)) + ")</li>\n";
  }
  return out + "</ul>\n";
}

}  // namespace

Result<std::string> MinutesHtml(const FoundMeeting& found, Lang lang) {
  const domain::Meeting& meeting = found.meeting;
  std::string when = meeting.date;
  for (const std::string* part : {&meeting.start, &meeting.place})
    if (!part->empty()) when += ", " + *part;
  const std::string title = EscapeHtml(Tr(lang, "minutes.title", {{"title", meeting.title}}));
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"" + std::string(lang == Lang::kDe ? "de" : "en") +
      "\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-"
      "Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>" +
      title + "</title>\n<style>\n" + std::string(kStyle) + "</style>\n</head>\n<body>\n<h1>" +
      title + "</h1>\n<p>" + EscapeHtml(when) + "</p>\n";
  out += PresenceHtml(meeting, lang) + Heading(lang, "minutes.agenda") + "<ol>\n";
  for (const domain::AgendaItem& item : meeting.agenda) out += PointHtml(item, lang);
  out += "</ol>\n";
  if (!meeting.minutes.empty())
    out += Heading(lang, "minutes.text") + "<p>" + EscapeHtmlLines(meeting.minutes) + "</p>\n";
  return out + "</body>\n</html>\n";
}

}  // namespace geflecht::api
