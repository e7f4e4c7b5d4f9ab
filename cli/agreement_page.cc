// An agreement as a page for paper and as plain text.
#include <boost/json/array.hpp>

#include "cli/agreement_text.h"
#include "cli/display.h"
#include "node/audit/html.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;
using audit::EscapeHtml;

constexpr std::string_view kStyle = R"html(<style>
@page { size: A4; margin: 25mm 20mm; }
body { font: 11pt/1.5 serif; color: #111; background: #fff; max-width: 42rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin-top: 2rem; }
p { white-space: pre-line; orphans: 3; widows: 3; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; page-break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0;
  border-bottom: 1px solid #999; }
code { font: 8pt monospace; overflow-wrap: anywhere; } .note { font-size: 9pt; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
</style>)html";

std::string Row(std::string_view name, std::string_view value) {
  return "<tr><th scope=\"row\">" + EscapeHtml(name) + "</th><td>" + EscapeHtml(value) +
         "</td></tr>\n";
}

std::string Cell(std::string_view text) { return "<td>" + EscapeHtml(text) + "</td>"; }

std::string Head(const Session& session, std::initializer_list<std::string_view> keys) {
  std::string row = "<tr>";
  for (const std::string_view key : keys)
    row += "<th scope=\"col\">" + EscapeHtml(session.Say(key)) + "</th>";
  return row + "</tr>\n";
}

// Signatures of the version that count, one behind the other.
template <class Each>
void ForSignatures(const json::object& agreement, std::string_view version, Each each) {
  for (const Json& item : agreement.at("signatures").as_array()) {
    const json::object& act = item.as_object();
    if (TextOf(act, "version") == version && TextOf(act, "fault").empty()) each(act);
  }
}

std::string Paragraphs(const std::string& text) {
  std::string html;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find("\n\n"), rest.size());
    html += "<p>";
    // EscapeHtml shows the ends of lines; here they break them.
    for (std::string_view lines = rest.substr(0, end); !lines.empty();) {
      const std::size_t line = std::min(lines.find('\n'), lines.size());
      html += EscapeHtml(lines.substr(0, line)) + "\n";
      lines.remove_prefix(std::min(line + 1, lines.size()));
    }
    html += "</p>\n";
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return html;
}

}  // namespace

std::string AgreementHtml(const Session& session, const json::object& agreement) {
  const std::string id = TextOf(agreement, "version");
  const json::object* version = VersionOf(agreement, id);
  const std::string lang = session.globals().lang == i18n::Lang::kDe ? "de" : "en";
  const std::string title = EscapeHtml(TextOf(agreement, "title"));
  std::string html = "<!DOCTYPE html>\n<html lang=\"" + lang +
                     "\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" "
                     "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>" +
                     title + "</title>\n" + std::string(kStyle) + "\n</head>\n<body>\n<h1>" +
                     title + "</h1>\n<table>\n";
  std::string parties;
  for (const Json& party : agreement.at("parties").as_array())
    parties += (parties.empty() ? "" : ", ") + TextOf(party.as_object(), "organisation");
  html += Row(session.Say("cli.column.parties"), parties);
  html += Row(session.Say("cli.column.state"), PhaseWords(session, TextOf(agreement, "phase")));
  const auto day = [&](std::string_view key, std::string_view name) {
    if (const std::string value = TextOf(agreement, key); !value.empty())
      html += Row(session.Say(name), DayWords(session, value));
  };
  day("since", "cli.agreement.since");
  day("ends", "cli.agreement.ends");
  html += Row(session.Say("cli.agreement.notice-period"),
              NoticeWords(session, TextOf(agreement, "notice")));
  html += Row(session.Say("cli.agreement.form"),
              session.Say("agreement.form." + TextOf(agreement, "form")));
  html += "</table>\n<main>\n";
  if (version != nullptr) html += Paragraphs(VersionText(session, *version));
  html += "</main>\n<h2>" + EscapeHtml(session.Say("cli.agreement.signatures")) +
          "</h2>\n<table>\n" +
          Head(session, {"cli.column.organisation", "cli.column.person", "cli.column.time"});
  ForSignatures(agreement, id, [&](const json::object& act) {
    html += "<tr>" + Cell(TextOf(act, "organisation")) + Cell(SignerWords(session, act)) +
            Cell(ShownTime(session.globals().lang, TextOf(act, "time"))) + "</tr>\n";
  });
  html += "</table>\n";
  if (const std::string notices = NoticesText(session, agreement); !notices.empty())
    html += "<h2>" + EscapeHtml(session.Say("audit.html.notices")) + "</h2>\n" +
            Paragraphs(notices.substr(1));
  html += "<p class=\"note\">" + EscapeHtml(session.Say("agreement.not-written-form")) +
          "</p>\n<p class=\"note\">" + EscapeHtml(session.Say("cli.agreement.frozen-id")) +
          " <code>" + EscapeHtml(id) + "</code></p>\n";
  return html + "</body>\n</html>\n";
}

std::string AgreementPlain(const Session& session, const json::object& agreement) {
  const std::string id = TextOf(agreement, "version");
  std::string text = TextOf(agreement, "title") + "\n\n";
  if (const json::object* version = VersionOf(agreement, id))
    text += VersionText(session, *version);
  text += "\n" + session.Say("cli.agreement.signatures") + "\n";
  ForSignatures(agreement, id, [&](const json::object& act) {
    text += TextOf(act, "organisation") + ", " + SignerWords(session, act) + ", " +
            ShownTime(session.globals().lang, TextOf(act, "time")) + "\n" +
            TextOf(act, "statement");
  });
  if (const std::string notices = NoticesText(session, agreement); !notices.empty())
    text += "\n" + session.Say("audit.html.notices") + "\n" + notices.substr(1);
  return text + "\n" + session.Say("agreement.not-written-form") + "\n" +
         session.Say("cli.agreement.frozen-id") + " " + id + "\n";
}

}  // namespace geflecht::cli
