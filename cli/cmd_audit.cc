// geflecht audit export, verify
#include <boost/json/array.hpp>

#include "cli/bundle_folder.h"
#include "cli/display.h"
#include "cli/session.h"
#include "node/audit/report.h"
#include "node/audit/verify.h"
#include "node/crypto/base64.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

Result<Outcome> Export(Session& session) {
  const std::string folder = session.arguments().Text("o");
  json::array open;
  for (const std::string& hex : session.arguments().List("open")) open.emplace_back(hex);
  ASSIGN(const json::object answer,
         session.Post("/api/v1/audit/export", {{"open", std::move(open)}}));
  audit::Bundle bundle;
  for (const Json& entry : answer.at("files").as_array()) {
    const json::object& file = entry.as_object();
    auto content = crypto::FromBase64(TextOf(file, "base64"));
    if (!content) return Fail(Code::kInternal, "a file of the answer is no base64");
    bundle.push_back({TextOf(file, "name"), *std::move(content)});
  }
  TRY(WriteBundleFolder(folder, bundle));
  const std::string network = TextOf(answer, "network");
  Outcome outcome;
  outcome.keys = {{"dir", folder},
                  {"files", bundle.size()},
                  {"network", network},
                  {"network_space", TextOf(answer, "network_space")}};
  outcome.text = session.Say("cli.audit.exported",
                             {{"dir", Shown(folder)}, {"files", std::to_string(bundle.size())}}) +
                 "\n  geflecht audit verify " + Shown(folder) + " --net " + network + '\n';
  return outcome;
}

json::object CountersJson(const audit::Counters& counters) {
  return {{"feeds", counters.feeds},           {"entries", counters.entries},
          {"signatures", counters.signatures}, {"opened", counters.opened},
          {"withheld", counters.withheld},     {"bodies_missing", counters.bodies_missing}};
}

json::object ReportJson(const audit::Report& report) {
  json::object keys = CountersJson(report.counters);
  keys["verdict"] = audit::VerdictName(report.verdict);
  keys["network"] = report.network.Hex();
  keys["name"] = report.network_name;
  keys["exporter"] = report.exporter ? Json(report.exporter->Hex()) : Json(nullptr);
  json::array members;
  for (const governance::Member& member : report.members)
    members.push_back(json::object{{"organisation", member.name}, {"org", member.org.Hex()}});
  keys["members"] = std::move(members);
  json::array spaces;
  for (const audit::Coverage& coverage : report.spaces) {
    json::object space = CountersJson(coverage.counters);
    space["space"] = coverage.space.Hex();
    space["root"] = coverage.root;
    space["open_points"] = json::array(coverage.open_points.begin(), coverage.open_points.end());
    spaces.push_back(std::move(space));
  }
  keys["spaces"] = std::move(spaces);
  json::array problems;
  for (const audit::Problem& problem : report.problems)
    problems.push_back(json::object{{"file", problem.file},
                                    {"line", problem.line},
                                    {"reason", problem.reason},
                                    {"detail", problem.detail}});
  keys["problems"] = std::move(problems);
  keys["problem_count"] = report.problem_count;
  return keys;
}

Result<Outcome> Verify(Session& session) {
  const auto network = log::NetworkId::FromHexText(session.arguments().Text("net"));
  if (!network)
    return Fail(Code::kUsage, "--net takes the network's 64 hexadecimal digits", "hint.network-id");
  ASSIGN(const audit::Bundle bundle, ReadBundleFolder(session.arguments().Text("BUNDLE")));
  const audit::Report report = audit::Verify(bundle, *network);
  Outcome outcome;
  outcome.keys = ReportJson(report);
  outcome.text = audit::RenderText(report, session.globals().lang);
  outcome.exit = report.exit_code;
  return outcome;
}

}  // namespace

std::vector<Command> AuditCommands() {
  constexpr int kUnreadable = 4;
  return {
      {{"audit", "export"},
       {{"-o", "DIR", true}, {"--open", "SPACE|ENTRY", false, Takes::kMany}},
       Export},
      {{"audit", "verify"}, {{"BUNDLE", "", true}, {"--net", "HEX", true}}, Verify, kUnreadable}};
}

}  // namespace geflecht::cli
