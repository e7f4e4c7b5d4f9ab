#include "node/audit/report_agreements.h"

#include <boost/json/object.hpp>

#include "node/audit/html.h"
#include "node/log/header.h"

namespace geflecht::audit {
namespace {

namespace json = boost::json;
using i18n::Lang;
using i18n::Tr;

json::value DayJson(const std::optional<governance::Day>& day) {
  return day ? json::value(governance::RenderDay(*day)) : json::value(nullptr);
}

json::object ActJson(const SignatureFact& act) {
  json::object out = {{"entry", act.entry.Hex()},           {"version", act.version.Hex()},
                      {"organisation", act.organisation},   {"person", act.person},
                      {"mandate_terms", act.mandate_terms}, {"time", log::RenderTime(act.time_s)}};
  out["mandate"] = act.mandate ? json::value(act.mandate->Hex()) : json::value(nullptr);
  out["fault"] = act.fault ? json::value(governance::FaultName(*act.fault)) : json::value(nullptr);
  return out;
}

json::value NameJson(const std::string& name) {
  return name.empty() ? json::value(nullptr) : json::value(name);
}

json::array Names(const std::vector<std::string>& names) {
  return json::array(names.begin(), names.end());
}

std::string Cell(const std::string& text) { return "<td>" + EscapeHtml(text) + "</td>"; }

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// "Signature, 2026-01-01 – …" of "sign 2026-01-01 -".
std::string MandateWords(const std::string& text, Lang lang) {
  const auto terms = governance::ParseMandateTerms(text);
  if (!terms) return {};
  const auto day = [](const std::optional<governance::Day>& at) {
    return at ? governance::RenderDay(*at) : std::string("…");
  };
  const std::string role = Tr(lang, "mandate." + terms->role);
  if (!terms->from && !terms->until) return role + ", " + Tr(lang, "cli.person.unlimited");
  return role + ", " + day(terms->from) + " – " + day(terms->until);
}

std::string ActRow(const SignatureFact& act, const std::string& remark, Lang lang) {
  const std::string person = act.person.empty() ? Tr(lang, "audit.html.not-open") : act.person;
  return "<tr>" + Cell(act.organisation) + Cell(person) +
         Cell(MandateWords(act.mandate_terms, lang)) + Cell(log::RenderTime(act.time_s)) +
         "<td><code>" + EscapeHtml(act.version.Hex().substr(0, 10)) + "</code></td>" +
         Cell(remark) + "</tr>\n";
}

std::string FaultText(const std::optional<governance::StatementFault>& fault, Lang lang) {
  return fault ? Tr(lang, "statement.fault." + std::string(governance::FaultName(*fault)))
               : std::string();
}

std::string NoticeRemark(const NoticeFact& notice, Lang lang) {
  if (notice.act.fault) return FaultText(notice.act.fault, lang);
  if (!notice.counts) return Tr(lang, "cli.agreement.notice-void");
  if (notice.ends)
    return Tr(lang, "cli.agreement.notice-ends",
              {{"received", governance::RenderDay(*notice.received)},
               {"ends", governance::RenderDay(*notice.ends)}});
  return Tr(lang, "cli.agreement.notice-waits", {{"organisations", Joined(notice.waits_for)}});
}

std::string Table(Lang lang, const std::string& rows) {
  std::string head = "<tr>";
  for (const char* key : {"cli.column.organisation", "cli.column.person", "cli.column.mandate",
                          "cli.column.time", "cli.column.version"})
    head += "<th>" + EscapeHtml(Tr(lang, key)) + "</th>";
  return "<table>" + head + "<th></th></tr>\n" + rows + "</table>\n";
}

std::string AgreementHtml(const AgreementFact& agreement, Lang lang) {
  const governance::AgreementState& state = agreement.state;
  std::string line = Tr(lang, "agreement.phase." + std::string(governance::PhaseName(state.phase)));
  if (state.since)
    line += " · " + Tr(lang, "cli.agreement.since") + " " + governance::RenderDay(*state.since);
  if (state.ends)
    line += " · " + Tr(lang, "cli.agreement.ends") + " " + governance::RenderDay(*state.ends);
  std::string html = "<div class=\"decision\"><h3>" + EscapeHtml(agreement.title) + "</h3>\n<p>" +
                     EscapeHtml(Tr(lang, "cli.column.parties")) + ": " +
                     EscapeHtml(Joined(agreement.parties)) + "</p>\n<p><strong>" +
                     EscapeHtml(line) + "</strong></p>\n<p><code>" +
                     EscapeHtml(agreement.id.Hex()) + "</code></p>\n";
  if (!agreement.space_name.empty())
    html += "<p>" + EscapeHtml(Tr(lang, "cli.space.name")) + ": " +
            EscapeHtml(agreement.space_name) + "</p>\n";
  if (!agreement.missing.empty())
    html += "<p>" + EscapeHtml(Tr(lang, "cli.agreement.not-signed")) + ": " +
            EscapeHtml(Joined(agreement.missing)) + "</p>\n";
  std::string rows;
  for (const SignatureFact& act : agreement.signatures)
    rows += ActRow(act, FaultText(act.fault, lang), lang);
  if (!rows.empty())
    html += "<h4>" + EscapeHtml(Tr(lang, "cli.agreement.signatures")) + "</h4>" + Table(lang, rows);
  rows.clear();
  for (const NoticeFact& notice : agreement.notices)
    rows += ActRow(notice.act, NoticeRemark(notice, lang), lang);
  if (!rows.empty())
    html += "<h4>" + EscapeHtml(Tr(lang, "audit.html.notices")) + "</h4>" + Table(lang, rows);
  return html + "</div>\n";
}

}  // namespace

json::array AgreementsJson(const Report& report) {
  json::array list;
  for (const AgreementFact& agreement : report.agreements) {
    json::array signatures;
    for (const SignatureFact& act : agreement.signatures) signatures.push_back(ActJson(act));
    json::array notices;
    for (const NoticeFact& notice : agreement.notices) {
      json::object out = ActJson(notice.act);
      out["counts"] = notice.counts;
      out["waits_for"] = Names(notice.waits_for);
      out["received"] = DayJson(notice.received);
      out["ends"] = DayJson(notice.ends);
      notices.push_back(std::move(out));
    }
    list.push_back(json::object{{"id", agreement.id.Hex()},
                                {"space", agreement.space.Hex()},
                                {"space_name", NameJson(agreement.space_name)},
                                {"title", agreement.title},
                                {"version", agreement.state.version.Hex()},
                                {"phase", governance::PhaseName(agreement.state.phase)},
                                {"parties", Names(agreement.parties)},
                                {"missing", Names(agreement.missing)},
                                {"evidence_missing", agreement.state.evidence_missing},
                                {"since", DayJson(agreement.state.since)},
                                {"ends", DayJson(agreement.state.ends)},
                                {"at", log::RenderTime(report.agreements_at_s)},
                                {"signatures", std::move(signatures)},
                                {"notices", std::move(notices)}});
  }
  return list;
}

std::string AgreementsHtml(const Report& report, Lang lang) {
  if (report.agreements.empty()) return {};
  std::string html = "<h2>" + EscapeHtml(Tr(lang, "audit.html.agreements")) + "</h2>\n<p>" +
                     EscapeHtml(Tr(lang, "audit.html.agreements-at",
                                   {{"time", log::RenderTime(report.agreements_at_s)}})) +
                     " " + EscapeHtml(Tr(lang, "agreement.not-written-form")) + "</p>\n";
  for (const AgreementFact& agreement : report.agreements) html += AgreementHtml(agreement, lang);
  return html;
}

}  // namespace geflecht::audit
