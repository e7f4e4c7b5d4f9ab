#include "node/audit/report_json.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "node/audit/report_agreements.h"
#include "node/audit/report_charter.h"
#include "node/audit/report_erasures.h"
#include "node/audit/report_svg.h"

namespace geflecht::audit {
namespace {

namespace json = boost::json;

json::object CountersJson(const Counters& counters) {
  return {{"feeds", counters.feeds},
          {"entries", counters.entries},
          {"signatures", counters.signatures},
          {"opened", counters.opened},
          {"withheld", counters.withheld},
          {"erased", counters.erased},
          {"bodies_missing", counters.bodies_missing}};
}

json::value TimeJson(const std::optional<std::int64_t>& time_s) {
  return time_s ? json::value(log::RenderTime(*time_s)) : json::value(nullptr);
}

json::object DecisionJson(const DecisionFact& decision) {
  json::array votes;
  for (const VoteFact& vote : decision.votes)
    votes.push_back(json::object{{"organisation", vote.organisation},
                                 {"position", NameOf(vote.position)},
                                 {"reason", vote.reason}});
  return {{"number", decision.number},
          {"title", decision.title},
          {"matter", decision.matter},
          {"rule", NameOf(decision.rule)},
          {"electorate", decision.electorate},
          {"needed", decision.needed},
          {"carriers", json::array(decision.carriers.begin(), decision.carriers.end())},
          {"votes", std::move(votes)},
          {"proposed", TimeJson(decision.proposed_s)},
          {"enacted", TimeJson(decision.enacted_s)},
          {"sealed", TimeJson(decision.sealed_s)},
          {"status", NameOf(decision.status)},
          {"recommendation", decision.recommendation},
          {"settled", SettledJson(decision)},
          {"minutes", MinutesJson(decision)},
          {"erases", ErasureJson(decision)}};
}

json::array SpacesJson(const Report& report) {
  json::array spaces;
  for (const Coverage& coverage : report.spaces) {
    json::object space = CountersJson(coverage.counters);
    space["space"] = coverage.space.Hex();
    space["name"] = coverage.name.empty() ? json::value(nullptr) : json::value(coverage.name);
    space["root"] = coverage.root;
    space["open_points"] = json::array(coverage.open_points.begin(), coverage.open_points.end());
    space["sealed"] = TimeJson(coverage.sealed_s);
    json::array missing;
    for (const Missing& device : coverage.missing)
      missing.push_back(
          json::object{{"organisation", device.organisation}, {"device", device.device.Hex()}});
    space["missing"] = std::move(missing);
    spaces.push_back(std::move(space));
  }
  return spaces;
}

json::object ExportJson(const BundleInfo& info) {
  json::object out = {{"level", LevelName(info.level)},
                      {"exported", log::RenderTime(info.exported_s)},
                      {"from", log::RenderTime(info.from_s)},
                      {"to", log::RenderTime(info.to_s)},
                      {"nonce", info.nonce}};
  if (info.entry) out["entry"] = info.entry->Hex();
  return out;
}

json::array FeedsJson(const Report& report) {
  json::array feeds;
  for (const auto& [feed, head] : report.heads.heads)
    feeds.push_back(json::object{{"space", feed.space.Hex()},
                                 {"device", feed.device.Hex()},
                                 {"life", feed.life.Hex()},
                                 {"entries", head.size},
                                 {"root", head.root.Hex()}});
  return feeds;
}

}  // namespace

json::object ReportJson(const Report& report) {
  json::object keys = {{"schema", "geflecht-report@v1"},
                       {"verdict", VerdictName(report.verdict)},
                       {"mode", report.mode == Mode::kFast ? "fast" : "full"},
                       {"network", report.network.Hex()},
                       {"name", report.network_name}};
  keys["exporter"] = report.exporter ? json::value(report.exporter->Hex()) : json::value(nullptr);
  keys["export"] = report.info ? json::value(ExportJson(*report.info)) : json::value(nullptr);
  for (auto& [key, value] : CountersJson(report.counters)) keys[key] = value;
  json::array members;
  for (const governance::Member& member : report.members)
    members.push_back(json::object{
        {"organisation", member.name}, {"org", member.org.Hex()}, {"device", member.device.Hex()}});
  keys["members"] = std::move(members);
  keys["spaces"] = SpacesJson(report);
  keys["charter"] = CharterJson(report);
  json::array decisions;
  for (const DecisionFact& decision : report.decisions) decisions.push_back(DecisionJson(decision));
  keys["decisions"] = std::move(decisions);
  keys["agreements"] = AgreementsJson(report);
  keys["double_signers"] = json::array(report.double_signers.begin(), report.double_signers.end());
  json::array void_certificates;
  for (const VoidCertificate& item : report.void_certificates)
    void_certificates.push_back(
        json::object{{"entry", item.entry.Hex()}, {"organisation", item.organisation}});
  keys["void_certificates"] = std::move(void_certificates);
  keys["heads"] = FeedsJson(report);
  json::array problems;
  for (const Problem& problem : report.problems)
    problems.push_back(json::object{{"file", problem.file},
                                    {"line", problem.line},
                                    {"reason", problem.reason},
                                    {"detail", problem.detail}});
  keys["problems"] = std::move(problems);
  keys["problem_count"] = report.problem_count;
  return keys;
}

}  // namespace geflecht::audit
