#include "node/audit/report_html.h"

#include <algorithm>

#include "node/audit/html.h"
#include "node/audit/report.h"
#include "node/audit/report_agreements.h"
#include "node/audit/report_charter.h"
#include "node/audit/report_erasures.h"
#include "node/audit/report_svg.h"

namespace geflecht::audit {
namespace {

using i18n::Lang;
using i18n::Tr;
using i18n::TrCount;

constexpr std::string_view kHead = R"html(<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Prüfbericht · Audit report</title>
<style>
body { font: 16px/1.5 sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem;
  border-bottom: 1px solid #bbb; } h3 { font-size: 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left;
  vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #ddd; }
code { font: .85em monospace; overflow-wrap: anywhere; }
.verdict { border: 3px solid; padding: .75rem 1rem; font-weight: bold; }
.v-complete { border-color: #1b6e3c; } .v-incomplete { border-color: #8a6100; }
  .v-invalid, .v-forked, .v-unreadable { border-color: #a3161a; }
.tally text { font: 11px sans-serif; text-anchor: middle; } .tally rect { stroke: #1a1a1a; }
.p-yes { fill: #bfe3c8; } .p-no, .p-objection { fill: #f2c4b3; } .p-abstain { fill: #e6e6e6;
  } .p-silent { fill: #fff; }
.needed { stroke: #1a1a1a; stroke-width: 3; }
.timeline line { stroke: #1a1a1a; } .timeline text { font: 11px sans-serif; }
  .timeline .end { text-anchor: end; }
.s-effective { fill: #1b6e3c; } .s-provisional { fill: #fff; stroke: #1b6e3c;
  stroke-width: 2; } .s-rejected { fill: #a3161a; } .s-superseded { fill: #999; }
svg { max-width: 100%; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; }
  h2, h3, .decision { break-after: avoid; break-inside: avoid; } .en { break-before: page; } }
</style>
</head>
<body>
)html";

std::string Element(std::string_view name, const std::string& escaped) {
  const std::string tag(name.substr(0, name.find(' ')));
  return "<" + std::string(name) + ">" + escaped + "</" + tag + ">\n";
}
std::string Paragraph(const std::string& text) { return Element("p", EscapeHtml(text)); }
std::string Name(const std::string& text) { return "<bdi>" + EscapeHtml(text) + "</bdi>"; }
// A matter of the network's own has the name that the network gave it.
std::string MatterName(const std::string& matter, Lang lang) {
  const std::string key = "matter." + matter;
  return i18n::HasKey(key) ? EscapeHtml(Tr(lang, key)) : Name(matter);
}
std::string Mono(const std::string& text) { return "<code>" + EscapeHtml(text) + "</code>"; }
std::string Number(std::size_t number) { return std::to_string(number); }

std::string Row(const std::vector<std::string>& cells, std::string_view cell = "td") {
  std::string out;
  for (const std::string& text : cells) out += Element(cell, text);
  return Element("tr", out);
}

std::string Heads(Lang lang, const std::vector<std::string_view>& keys) {
  std::vector<std::string> cells;
  for (const std::string_view key : keys)
    cells.push_back(EscapeHtml(Tr(lang, "audit.html." + std::string(key))));
  return Row(cells, "th");
}

std::string Title(Lang lang, std::string_view key) {
  return Element("h2", EscapeHtml(Tr(lang, "audit.html." + std::string(key))));
}

const governance::Member* MemberOf(const Report& report, const log::DeviceId& device) {
  const auto it = std::find_if(report.members.begin(), report.members.end(),
                               [&](const auto& member) { return member.device == device; });
  return it == report.members.end() ? nullptr : &*it;
}

std::string WhoHas(const Report& report, const log::DeviceId& device) {
  const governance::Member* member = MemberOf(report, device);
  return (member == nullptr ? std::string() : Name(member->name) + "<br>") + Mono(device.Hex());
}

std::string Overview(const Report& report, Lang lang) {
  std::string rows = Row({EscapeHtml(Tr(lang, "audit.html.network")), Mono(report.network.Hex())});
  if (!report.network_name.empty())
    rows += Row({EscapeHtml(Tr(lang, "audit.html.name")), Name(report.network_name)});
  if (report.exporter)
    rows += Row({EscapeHtml(Tr(lang, "audit.html.exporter")), WhoHas(report, *report.exporter)});
  if (report.info) {
    const BundleInfo& info = *report.info;
    rows += Row({EscapeHtml(Tr(lang, "audit.html.level")),
                 EscapeHtml(Tr(lang, "audit.level." + std::string(LevelName(info.level))))});
    rows += Row({EscapeHtml(Tr(lang, "audit.html.exported")),
                 EscapeHtml(log::RenderTime(info.exported_s))});
    rows += Row({EscapeHtml(Tr(lang, "audit.html.period")),
                 EscapeHtml(log::RenderTime(info.from_s) + " – " + log::RenderTime(info.to_s))});
    if (info.entry)
      rows += Row({EscapeHtml(Tr(lang, "audit.html.entry")), Mono(info.entry->Hex())});
    if (!info.nonce.empty())
      rows += Row({EscapeHtml(Tr(lang, "audit.html.nonce")), Mono(info.nonce)});
  }
  const Counters& counters = report.counters;
  const auto add = [&](std::string_view key, std::size_t number) {
    rows += Row({EscapeHtml(Tr(lang, "audit.html." + std::string(key))), Number(number)});
  };
  add("entries", counters.entries);
  add("signatures", counters.signatures);
  add("opened", counters.opened);
  add("withheld", counters.withheld);
  if (counters.erased > 0) add("erased", counters.erased);
  add("bodies-missing", counters.bodies_missing);
  return Element("table", rows);
}

std::string Members(const Report& report, Lang lang) {
  if (report.members.empty()) return {};
  std::string rows = Heads(lang, {"organisation", "device"});
  for (const governance::Member& member : report.members)
    rows += Row({Name(member.name), Mono(member.device.Hex())});
  return Title(lang, "members") + Element("table", rows);
}

std::string SpaceName(const Report& report, const log::SpaceId& space, Lang lang) {
  for (const Coverage& coverage : report.spaces)
    if (coverage.space == space || (coverage.root && space.IsZero())) return NameOf(coverage, lang);
  return space.Hex();
}

std::string Spaces(const Report& report, Lang lang) {
  if (report.spaces.empty()) return {};
  std::string rows = Heads(lang, {"space", "feeds", "entries", "open-points"});
  for (const Coverage& space : report.spaces) {
    std::string points;
    for (const std::string& point : space.open_points)
      points += EscapeHtml(Tr(lang, "audit.point." + point)) + "<br>";
    for (const Missing& missing : space.missing)
      points += Name(missing.organisation) + " " + Mono(missing.device.Hex()) + "<br>";
    if (points.empty()) points = EscapeHtml(CompletenessLine(space, lang));
    rows += Row({EscapeHtml(SpaceName(report, space.space, lang)), Number(space.counters.feeds),
                 Number(space.counters.entries), points});
  }
  return Title(lang, "coverage") + Element("table", rows);
}

std::string Feeds(const Report& report, Lang lang) {
  if (report.heads.heads.empty()) return {};
  std::string rows = Heads(lang, {"organisation", "space", "entries", "root"});
  for (const auto& [feed, head] : report.heads.heads)
    rows += Row({WhoHas(report, feed.device), EscapeHtml(SpaceName(report, feed.space, lang)),
                 Number(head.size), Mono(head.root.Hex())});
  return Title(lang, "feeds") + Element("table", rows);
}

std::string Voters(const DecisionFact& decision, Position position, Lang lang) {
  std::string names;
  for (const VoteFact& vote : decision.votes)
    if (vote.position == position)
      names += (names.empty() ? std::string() : std::string(", ")) + Name(vote.organisation);
  if (names.empty()) return {};
  const std::string key = "audit.position." + std::string(NameOf(position));
  return Row({EscapeHtml(Tr(lang, key)), Number(CountOf(decision, position)), names});
}

std::string Times(const DecisionFact& decision, Lang lang) {
  std::string out;
  const auto add = [&](std::string_view key, const std::optional<std::int64_t>& time) {
    if (time)
      out += (out.empty() ? "" : " · ") + Tr(lang, "audit.html." + std::string(key)) + " " +
             log::RenderTime(*time);
  };
  add("proposed", decision.proposed_s);
  add("enacted", decision.enacted_s);
  add("sealed", decision.sealed_s);
  return Paragraph(out);
}

std::string Erases(const Report& report, const DecisionFact& decision, Lang lang) {
  if (!decision.erases) return {};
  std::string items;
  for (const std::string& sentence : ErasureSentences(report, *decision.erases, lang))
    items += Element("li", EscapeHtml(sentence));
  return Element("ul", items);
}

std::string Decision(const Report& report, const DecisionFact& decision, Lang lang) {
  const std::string number = decision.number.empty() ? EscapeHtml(Tr(lang, "audit.html.no-number"))
                                                     : Name(decision.number);
  const std::string kind =
      decision.recommendation ? EscapeHtml(Tr(lang, "audit.html.recommendation")) + " · " : "";
  std::string out = Element("h3", kind + number + " · " + Name(decision.title));
  out += Element(
      "p",
      EscapeHtml(Tr(lang, "audit.html.matter")) + " " + MatterName(decision.matter, lang) + " · " +
          Element("strong",
                  EscapeHtml(Tr(lang, "audit.status." + std::string(NameOf(decision.status))))));
  out += TallySvg(decision, lang) + "\n" + Paragraph(Arithmetic(decision, lang)) +
         Times(decision, lang);
  std::string rows;
  for (const Position position :
       {Position::kYes, Position::kNo, Position::kObjection, Position::kAbstain, Position::kSilent})
    rows += Voters(decision, position, lang);
  rows += DissentHtml(decision, lang);
  out += Erases(report, decision, lang) + MinutesHtml(decision, lang);
  return Element("div class=\"decision\"", out + Element("table", rows));
}

std::string Decisions(const Report& report, Lang lang) {
  if (report.decisions.empty()) return {};
  std::string out = Title(lang, "decisions") + TimelineSvg(report.decisions, lang) + "\n" +
                    Paragraph(Tr(lang, "audit.html.times"));
  for (const DecisionFact& decision : report.decisions) out += Decision(report, decision, lang);
  return out;
}

std::string Problems(const Report& report, Lang lang) {
  std::string out = Title(lang, "problems");
  if (report.problem_count == 0) return out + Paragraph(Tr(lang, "audit.html.no-problems"));
  std::string rows = Heads(lang, {"file", "line", "reason"});
  for (const Problem& problem : report.problems)
    rows += Row({Mono(problem.file), problem.line == 0 ? std::string() : Number(problem.line),
                 EscapeHtml(Tr(lang, "audit.reason." + problem.reason)) + " " +
                     Mono(problem.reason) + " " + EscapeHtml(problem.detail)});
  out +=
      Paragraph(TrCount(lang, "audit.problems", static_cast<std::int64_t>(report.problem_count)));
  out += Element("table", rows);
  if (report.problem_count > report.problems.size())
    out += Paragraph(Tr(lang, "audit.problems-more"));
  return out;
}

std::string Irregularities(const Report& report, Lang lang) {
  std::string items;
  for (const Problem& problem : report.problems)
    if (problem.reason == "fork" || problem.reason == "known-head")
      items += Element("li", EscapeHtml(Tr(lang, "audit.reason." + problem.reason)) + " " +
                                 Mono(problem.file + ":" + std::to_string(problem.line)));
  for (const std::string& name : report.double_signers)
    items += Element("li", EscapeHtml(Tr(lang, "audit.html.double-signers")) + " " + Name(name));
  for (const VoidCertificate& item : report.void_certificates)
    items += Element("li", EscapeHtml(Tr(lang, "audit.html.void-certificate")) + " " +
                               Name(item.organisation) + " " + Mono(item.entry.Hex()));
  return Title(lang, "irregularities") +
         (items.empty() ? Paragraph(Tr(lang, "audit.html.none")) : Element("ul", items));
}

std::string Section(const Report& report, Lang lang) {
  const std::string verdict(VerdictName(report.verdict));
  const std::string code = lang == Lang::kDe ? "de" : "en";
  return Element(
      "section lang=\"" + code + "\" class=\"" + code + "\"",
      "\n" + Element("h1", EscapeHtml(Tr(lang, "audit.html.title"))) +
          Element("p class=\"verdict v-" + verdict + "\"",
                  EscapeHtml(Tr(lang, "audit.verdict." + verdict))) +
          Paragraph(Tr(lang, report.mode == Mode::kFast ? "audit.html.fast" : "audit.html.full")) +
          Overview(report, lang) + CharterHtml(report, lang) + Decisions(report, lang) +
          AgreementsHtml(report, lang) + Problems(report, lang) + Irregularities(report, lang) +
          Members(report, lang) + Spaces(report, lang) + Feeds(report, lang) +
          Title(lang, "meaning") + Paragraph(Tr(lang, "audit.html.made-by")));
}

}  // namespace

std::string RenderHtml(const Report& report) {
  return std::string(kHead) + Section(report, Lang::kDe) + Section(report, Lang::kEn) +
         "</body>\n</html>\n";
}

}  // namespace geflecht::audit
