// geflecht dev trace
#include <cstdio>
#include <optional>
#include <string>

#include "cli/dev_trace.h"
#include "cli/display.h"
#include "cli/number.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

constexpr std::int64_t kRepeatMax = 1000;

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

}  // namespace

std::vector<Command> DevCommands() {
  return {{{"dev", "trace"},
           {{"FILE", "", true}, {"--mode", "local|live|merge|load|checkout"}, {"--repeat", "N"}},
           Trace}};
}

}  // namespace geflecht::cli
