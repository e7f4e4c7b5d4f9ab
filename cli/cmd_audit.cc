// geflecht audit request, export, verify
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "cli/bundle_zip.h"
#include "cli/display.h"
#include "cli/files.h"
#include "cli/session.h"
#include "cli/spaces.h"
#include "node/audit/report.h"
#include "node/audit/report_html.h"
#include "node/audit/report_json.h"
#include "node/audit/verify.h"
#include "node/crypto/base64.h"
#include "node/governance/audit_request.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

// The ids of those that --space names; "network" and "all", all that this organisation reads.
Result<json::array> SpacesToExport(Session& session) {
  json::array ids;
  for (const std::string& typed : session.arguments().List("space")) {
    if (typed != "all" && typed != "network") {
      ASSIGN(const std::string id, SpaceIdOf(session, typed));
      ids.emplace_back(id);
      continue;
    }
    ASSIGN(const json::object answer, session.Get("/api/v1/spaces"));
    for (const Json& item : answer.at("spaces").as_array()) {
      const json::object& space = item.as_object();
      const std::string seat = TextOf(space, "seat");
      const bool reads = seat == "member" || seat == "observer";
      if (typed == "all" ? reads : TextOf(space, "kind") == "network")
        ids.emplace_back(TextOf(space, "id"));
    }
  }
  return ids;
}

Result<Outcome> Export(Session& session) {
  const std::string folder = session.arguments().Text("o");
  json::array open;
  for (const std::string& hex : session.arguments().List("open")) open.emplace_back(hex);
  json::object request = {{"open", std::move(open)}};
  ASSIGN(json::array spaces, SpacesToExport(session));
  if (!spaces.empty()) request["spaces"] = std::move(spaces);
  for (const std::string name : {"level", "from", "to", "entry", "nonce"})
    if (session.arguments().Has(name)) request[name] = session.arguments().Text(name);
  ASSIGN(const json::object answer, session.Post("/api/v1/audit/export", request));
  audit::Bundle bundle;
  for (const Json& entry : answer.at("files").as_array()) {
    const json::object& file = entry.as_object();
    auto content = crypto::FromBase64(TextOf(file, "base64"));
    if (!content) return Fail(Code::kInternal, "a file of the answer is no base64");
    bundle.push_back({TextOf(file, "name"), *std::move(content)});
  }
  TRY(WriteBundle(folder, bundle));
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

Result<Outcome> Ask(Session& session) {
  json::object request = {{"nonce", session.arguments().Text("nonce")}};
  json::array spaces;
  for (const std::string& typed : session.arguments().List("space")) {
    ASSIGN(const std::string id, SpaceIdOf(session, typed));
    spaces.emplace_back(id);
  }
  if (!spaces.empty()) request["spaces"] = std::move(spaces);
  ASSIGN(json::object answer, session.Post("/api/v1/audit/requests", request));
  Outcome outcome;
  outcome.text = session.Say("cli.audit.requested") +
                 "\n  geflecht audit export -o audit\n  geflecht audit verify audit --net " +
                 TextOf(answer, "network") + " --nonce " + TextOf(answer, "nonce") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

// What the auditor keeps: for people, for programs, for the next audit.
Result<void> WriteReport(const std::string& folder, const audit::Report& report) {
  audit::Bundle files = {
      {"bericht.html", ToBytes(audit::RenderHtml(report))},
      {"bericht.json", ToBytes(json::serialize(audit::ReportJson(report)) + "\n")}};
  if (report.problem_count == 0)
    files.push_back({"heads.txt", ToBytes(audit::RenderKnownHeads(report.heads))});
  return WriteBundleFolder(folder, files);
}

// What an earlier audit left behind, if it was named.
Result<std::optional<audit::KnownHeads>> Known(Session& session, const log::NetworkId& network) {
  if (!session.arguments().Has("known-heads")) return std::optional<audit::KnownHeads>();
  constexpr std::size_t kHeadsBytesMax = audit::kBundleFilesMax * 256;
  ASSIGN(const Bytes text, ReadInput(session.arguments().Text("known-heads"), kHeadsBytesMax));
  ASSIGN(audit::KnownHeads known, audit::ParseKnownHeads(AsText(text)));
  if (known.network != network)
    return Fail(Code::kUsage, "--known-heads: the file is of another network");
  return std::optional(std::move(known));
}

Result<Outcome> Verify(Session& session) {
  const auto network = log::NetworkId::FromHexText(session.arguments().Text("net"));
  if (!network)
    return Fail(Code::kUsage, "--net takes the network's 64 hexadecimal digits", "hint.network-id");
  audit::VerifyOptions options;
  const std::string mode = session.arguments().Text("mode");
  if (mode == "fast") {
    options.mode = audit::Mode::kFast;
  } else if (!mode.empty() && mode != "full") {
    return Fail(Code::kUsage, "--mode takes full or fast");
  }
  options.nonce = session.arguments().Text("nonce");
  if (!options.nonce.empty() && !governance::IsAuditNonce(options.nonce))
    return Fail(Code::kUsage, "no text of an audit", "hint.audit-nonce");
  ASSIGN(const std::optional<audit::KnownHeads> known, Known(session, *network));
  if (known) options.known = &*known;
  ASSIGN(const audit::Bundle bundle, ReadBundle(session.arguments().Text("BUNDLE")));
  const audit::Report report = audit::Verify(bundle, *network, options);
  Outcome outcome;
  outcome.keys = audit::ReportJson(report);
  outcome.text = audit::RenderText(report, session.globals().lang);
  outcome.exit = report.exit_code;
  const std::string folder = session.arguments().Text("report");
  if (folder.empty()) return outcome;
  TRY(WriteReport(folder, report));
  outcome.keys["report"] = folder;
  outcome.text += session.Say("cli.audit.reported", {{"dir", Shown(folder)}}) + "\n";
  return outcome;
}

}  // namespace

std::vector<Command> AuditCommands() {
  constexpr int kUnreadable = 4;
  return {{{"audit", "request"},
           {{"--nonce", "HEX", true}, {"--space", "SPACE", false, Takes::kMany}},
           Ask},
          {{"audit", "export"},
           {{"-o", "DIR|FILE.zip", true},
            {"--level", "full|scope|receipt"},
            {"--space", "SPACE|all|network", false, Takes::kMany},
            {"--from", "DATE"},
            {"--to", "DATE"},
            {"--entry", "ENTRY"},
            {"--nonce", "HEX"},
            {"--open", "SPACE|ENTRY", false, Takes::kMany}},
           Export},
          {{"audit", "verify"},
           {{"BUNDLE", "", true},
            {"--net", "HEX", true},
            {"--nonce", "HEX"},
            {"--mode", "full|fast"},
            {"--known-heads", "FILE"},
            {"--report", "DIR"}},
           Verify,
           kUnreadable}};
}

}  // namespace geflecht::cli
