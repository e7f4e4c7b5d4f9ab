#include "cli/trace_file.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>
#include <memory>
#include <system_error>

namespace geflecht::cli {
namespace {

namespace json = boost::json;
constexpr std::size_t kBytesMax = std::size_t{1} << 30;
constexpr const char* kHint = "hint.trace-file";

Result<std::string> Unzip(const std::filesystem::path& file) {
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown))
    return Fail(Code::kUsage, "the trace is a folder", "hint.file-is-folder");
  if (!std::filesystem::exists(file, unknown) && !unknown)
    return Fail(Code::kNotFound, "there is no such trace", "hint.file-missing");
  std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(file.c_str(), "rb"), gzclose);
  if (!in) return Fail(Code::kIo, "cannot open the trace");
  std::string out;
  std::array<char, 65536> block;
  for (;;) {
    const int got = gzread(in.get(), block.data(), static_cast<unsigned>(block.size()));
    if (got < 0) return Fail(Code::kMalformed, "the trace is damaged", kHint);
    if (got == 0) break;
    out.append(block.data(), static_cast<std::size_t>(got));
    if (out.size() > kBytesMax) return Fail(Code::kTooLarge, "the trace is larger than 1 GiB");
  }
  // A file that ends too early reads as a shorter one.
  if (gzclose_r(in.release()) != Z_OK)
    return Fail(Code::kMalformed, "the trace ends too early", kHint);
  return out;
}

// The members below throw on a wrong type; ReadTraceFile turns that into kMalformed.
std::string Text(const json::value& from) { return std::string(from.as_string()); }
std::uint64_t Number(const json::value& from) { return from.to_number<std::uint64_t>(); }

std::vector<TracePatch> Patches(const json::value& from) {
  std::vector<TracePatch> out;
  for (const json::value& patch : from.as_array()) {
    const json::array& parts = patch.as_array();
    out.push_back({Number(parts.at(0)), Number(parts.at(1)), Text(parts.at(2))});
  }
  return out;
}

TraceHistory Conformance(const json::object& from) {
  TraceHistory history{
      .concurrent = true, .ordered_agents = false, .steps = {}, .end = Text(from.at("endContent"))};
  std::map<std::uint64_t, std::size_t> last_events;
  for (const json::value& txn : from.at("txns").as_array()) {
    TraceStep step{
        .parents = {}, .agent = Text(txn.at("agent")), .patches = Patches(txn.at("ops"))};
    for (const json::value& parent : txn.at("parents").as_array())
      step.parents.push_back(last_events.at(Number(parent)));
    last_events.emplace(Number(txn.at("span").as_array().at(1)) - 1, history.steps.size());
    history.steps.push_back(std::move(step));
  }
  return history;
}

TraceHistory Editing(const json::object& from) {
  const json::value* const kind = from.if_contains("kind");
  TraceHistory history{.concurrent = kind != nullptr && *kind == "concurrent",
                       .steps = {},
                       .end = Text(from.at("endContent"))};
  for (const json::value& txn : from.at("txns").as_array()) {
    TraceStep step{.parents = {}, .agent = "0", .patches = Patches(txn.at("patches"))};
    const std::size_t number = history.steps.size();
    if (history.concurrent) {
      step.agent = std::to_string(Number(txn.at("agent")));
      for (const json::value& parent : txn.at("parents").as_array())
        step.parents.push_back(Number(parent));
    } else if (number > 0) {
      step.parents.push_back(number - 1);
    }
    history.steps.push_back(std::move(step));
  }
  return history;
}

bool IsUsable(const TraceHistory& history) {
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    const TraceStep& step = history.steps[i];
    const bool ordered = std::all_of(step.parents.begin(), step.parents.end(),
                                     [&](std::size_t parent) { return parent < i; });
    if (!ordered || step.agent.size() > 32) return false;
  }
  return true;
}

}  // namespace

Result<std::vector<TraceHistory>> ReadTraceFile(const std::filesystem::path& file) {
  ASSIGN(const std::string text, Unzip(file));
  std::vector<TraceHistory> out;
  try {
    const json::value root = json::parse(text);
    if (root.is_array() && !root.as_array().empty()) {
      for (const json::value& history : root.as_array())
        out.push_back(Conformance(history.as_object()));
    } else {
      out.push_back(Editing(root.as_object()));
    }
  } catch (const std::exception&) {
    return Fail(Code::kMalformed, "not one of the known trace formats", kHint);
  }
  if (!std::all_of(out.begin(), out.end(), IsUsable))
    return Fail(Code::kMalformed, "the trace names a later step as a parent", kHint);
  return out;
}

}  // namespace geflecht::cli
