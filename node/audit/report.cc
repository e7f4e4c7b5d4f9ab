#include "node/audit/report.h"

#include <cstdint>

#include "node/audit/report_erasures.h"
#include "node/audit/report_svg.h"
#include "node/log/header.h"

namespace geflecht::audit {
namespace {

using i18n::Tr;
using i18n::TrCount;

std::int64_t Signed(std::size_t n) { return static_cast<std::int64_t>(n); }

std::string CountsLine(const Counters& counters, i18n::Lang lang) {
  std::string out = TrCount(lang, "audit.feeds", Signed(counters.feeds));
  out += ", " + TrCount(lang, "audit.entries", Signed(counters.entries));
  out += ", " + TrCount(lang, "audit.signatures", Signed(counters.signatures));
  out += ", " + TrCount(lang, "audit.opened", Signed(counters.opened));
  out += ", " + TrCount(lang, "audit.withheld", Signed(counters.withheld));
  if (counters.erased > 0) out += ", " + TrCount(lang, "audit.erased", Signed(counters.erased));
  if (counters.bodies_missing > 0)
    out += ", " + TrCount(lang, "audit.bodies-missing", Signed(counters.bodies_missing));
  return out + "\n";
}

std::string MemberLines(const Report& report, i18n::Lang lang) {
  if (report.members.empty()) return {};
  std::string out = TrCount(lang, "audit.members", Signed(report.members.size())) + "\n";
  for (const governance::Member& member : report.members)
    out += "  " +
           Tr(lang, "audit.member", {{"name", member.name}, {"device", member.device.Hex()}}) +
           "\n";
  if (report.exporter)
    out += Tr(lang, "audit.exporter", {{"device", report.exporter->Hex()}}) + "\n";
  return out;
}

}  // namespace

std::string CompletenessLine(const Coverage& space, i18n::Lang lang) {
  const std::string_view key = space.root           ? "audit.complete-root"
                               : space.name.empty() ? "audit.complete-network"
                                                    : "audit.complete-circle";
  return Tr(lang, key, {{"time", log::RenderTime(space.sealed_s.value_or(0))}});
}

std::string NameOf(const Coverage& space, i18n::Lang lang) {
  if (!space.name.empty())
    return Tr(lang, "audit.space-circle", {{"name", space.name}, {"space", space.space.Hex()}});
  return Tr(lang, space.root ? "audit.space-root" : "audit.space-network",
            {{"space", space.space.Hex()}});
}

namespace {

std::string SpaceLines(const Coverage& space, i18n::Lang lang) {
  std::string out = NameOf(space, lang);
  out += "\n  " + CountsLine(space.counters, lang);
  for (const std::string& point : space.open_points)
    out += "  " + Tr(lang, "audit.point." + point) + "\n";
  for (const Missing& missing : space.missing)
    out += "    " +
           Tr(lang, "audit.member",
              {{"name", missing.organisation}, {"device", missing.device.Hex()}}) +
           "\n";
  if (space.open_points.empty()) out += "  " + CompletenessLine(space, lang) + "\n";
  return out;
}

// Of each decision that erases.
std::string ErasureLines(const Report& report, i18n::Lang lang) {
  std::string out;
  for (const DecisionFact& decision : report.decisions) {
    if (!decision.erases) continue;
    out += Tr(lang, "audit.decision-erases",
              {{"number", decision.number.empty() ? decision.proposal.Hex() : decision.number},
               {"status", Tr(lang, "audit.status." + std::string(NameOf(decision.status)))}}) +
           "\n";
    for (const std::string& sentence : ErasureSentences(report, *decision.erases, lang))
      out += "  " + sentence + "\n";
  }
  return out;
}

std::string ProblemLine(const Problem& problem, i18n::Lang lang) {
  std::string out = "  ";
  if (!problem.file.empty()) out += problem.file + ":";
  if (problem.line > 0) out += std::to_string(problem.line) + ":";
  if (out.size() > 2) out += " ";
  out += Tr(lang, "audit.reason." + problem.reason) + " [" + problem.reason + "]";
  if (!problem.detail.empty()) out += " (" + problem.detail + ")";
  return out + "\n";
}

}  // namespace

std::string RenderText(const Report& report, i18n::Lang lang) {
  std::string out = Tr(lang, "audit.verdict." + std::string(VerdictName(report.verdict))) + "\n";
  out += Tr(lang, "audit.network", {{"network", report.network.Hex()}}) + "\n";
  if (!report.network_name.empty())
    out += Tr(lang, "audit.network-name", {{"name", report.network_name}}) + "\n";
  out += CountsLine(report.counters, lang);
  out += MemberLines(report, lang);
  for (const Coverage& space : report.spaces) out += SpaceLines(space, lang);
  out += ErasureLines(report, lang);
  if (report.problem_count == 0) return out;
  out += TrCount(lang, "audit.problems", Signed(report.problem_count)) + "\n";
  for (const Problem& problem : report.problems) out += ProblemLine(problem, lang);
  if (report.problem_count > report.problems.size())
    out += "  " + Tr(lang, "audit.problems-more") + "\n";
  return out;
}

}  // namespace geflecht::audit
