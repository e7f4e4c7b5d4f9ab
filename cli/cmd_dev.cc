// geflecht dev evaluate|trace
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <optional>
#include <string>

#include "cli/dev_evaluate.h"
#include "cli/dev_trace.h"
#include "cli/display.h"
#include "cli/files.h"
#include "cli/number.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

constexpr std::int64_t kRepeatMax = 1000;
constexpr std::size_t kGraphBytesMax = std::size_t{1} << 30;

std::string Rounded(double value) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.3f", value);
  return text;
}

template <class T>
Json Or(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Result<Outcome> Trace(Session& session) {
  const Arguments& arguments = session.arguments();
  TraceMode mode = TraceMode::kLocal;
  if (arguments.Has("mode")) {
    const auto parsed = ParseTraceMode(arguments.Text("mode"));
    if (!parsed)
      return Fail(Code::kUsage, "--mode is local, live, merge, load or checkout",
                  "hint.trace-modes");
    mode = *parsed;
  }
  std::int64_t repeat = 1;
  if (arguments.Has("repeat")) {
    ASSIGN(repeat, ParseNumber("--repeat", arguments.Text("repeat"), 1, kRepeatMax));
  }
  ASSIGN(const TraceReport report,
         RunTrace(arguments.Text("FILE"), mode, static_cast<int>(repeat)));
  Outcome outcome;
  outcome.keys = {{"edits", report.edits},
                  {"cpu_ms", report.cpu_ms},
                  {"us_per_edit", report.us_per_edit},
                  {"bytes", report.bytes},
                  {"load_ms", Or(report.load_ms)},
                  {"live_bytes", report.live_bytes},
                  {"hot_bytes", Or(report.hot_bytes)},
                  {"rss_kb", Or(report.rss_kb)},
                  {"hot_rss_kb", Or(report.hot_rss_kb)},
                  {"peak_rss_kb", report.peak_rss_kb},
                  {"final_ok", report.final_ok}};
  Listing listing;
  for (const auto& [key, value] : outcome.keys)
    listing.Add(std::string(key), value.is_double()   ? Rounded(value.as_double())
                                  : value.is_uint64() ? std::to_string(value.as_uint64())
                                  : value.is_bool()   ? (value.as_bool() ? "true" : "false")
                                                      : "-");
  outcome.text = listing.Text();
  if (!report.final_ok)
    outcome.shortfall =
        Error{Code::kVerification, "the final text is not the recorded one", "hint.trace-text"};
  return outcome;
}

Result<Outcome> Evaluate(Session& session) {
  ASSIGN(const Bytes file, ReadInput(session.arguments().Text("FILE"), kGraphBytesMax));
  ASSIGN(const std::vector<GraphCase> graphs,
         ParseGraphs({reinterpret_cast<const char*>(file.data()), file.size()}));
  Outcome outcome;
  boost::json::array cases;
  for (const GraphCase& graph : graphs) {
    ASSIGN(const governance::State state, EvaluateGraph(graph));
    const boost::json::object result = DescribeState(graph, state);
    Listing listing;
    for (const auto& [key, value] : result)
      listing.Add(std::string(key), boost::json::serialize(value));
    outcome.text += (outcome.text.empty() ? "" : "\n") + Shown(graph.name) + "\n" + listing.Text();
    cases.push_back(boost::json::object{{"name", graph.name}, {"result", result}});
  }
  outcome.keys = {{"cases", std::move(cases)}};
  return outcome;
}

}  // namespace

std::vector<Command> DevCommands() {
  return {{{"dev", "evaluate"}, {{"FILE", "", true}}, Evaluate},
          {{"dev", "trace"},
           {{"FILE", "", true}, {"--mode", "local|live|merge|load|checkout"}, {"--repeat", "N"}},
           Trace}};
}

}  // namespace geflecht::cli
