#include "cli/output.h"

#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/check.h"
#include "cli/display.h"
#include "cli/exit_code.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

int ExitOf(const Outcome& outcome) {
  if (outcome.exit) return *outcome.exit;
  return outcome.shortfall ? ExitCodeOf(outcome.shortfall->code) : kExitOk;
}

void AddError(json::object& line, const Error& error, i18n::Lang lang) {
  line["code"] = CodeName(error.code);
  line["detail"] = error.detail;
  line["hint"] = error.hint;
  line["message"] = i18n::Explain(lang, error);
}

std::string LineOf(const json::object& object) { return ShownJson(json::serialize(object)) + '\n'; }

}  // namespace

Output::Output(const Globals& globals)
    : globals_(globals),
      shows_progress_(!globals.json && !globals.quiet && ::isatty(STDERR_FILENO) == 1) {}

void Output::Progress(std::string_view what, std::int64_t done, std::int64_t total) {
  if (globals_.json) {
    const std::string line =
        LineOf({{"type", "progress"}, {"what", what}, {"done", done}, {"total", total}});
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
    return;
  }
  if (!shows_progress_) return;
  std::string line = "\r" + std::string(what);
  if (total > 0) {
    constexpr std::int64_t kCells = 24;
    const auto filled = static_cast<std::size_t>(kCells * done / total);
    line += " [" + std::string(filled, '#') + std::string(kCells - filled, '.') + "] " +
            std::to_string(done) + "/" + std::to_string(total);
  }
  std::fprintf(stderr, "%s\033[K", line.c_str());
  std::fflush(stderr);
  progress_shown_ = true;
}

void Output::ClearProgress() {
  if (progress_shown_) std::fputs("\r\033[K", stderr);
  progress_shown_ = false;
}

void Output::Remark(std::string_view sentence) {
  if (globals_.json || globals_.quiet) return;
  ClearProgress();
  std::fprintf(stderr, "%.*s\n", static_cast<int>(sentence.size()), sentence.data());
}

std::string Output::Sentences(const Error& error) const {
  const auto word = [&](std::string_view key) { return i18n::Tr(globals_.lang, key); };
  std::string out = word("word.error") + ": " + i18n::Explain(globals_.lang, error) + '\n';
  if (!error.detail.empty()) out += word("word.detail") + ": " + Shown(error.detail) + '\n';
  return out;
}

int Output::Finish(const Outcome& outcome) {
  ClearProgress();
  const int exit = ExitOf(outcome);
  if (globals_.json) {
    json::object line{{"type", "result"}, {"ok", exit == kExitOk}};
    CHECK(!outcome.keys.contains("type") && !outcome.keys.contains("ok"));
    for (const auto& [key, value] : outcome.keys) line[key] = value;
    if (outcome.shortfall) AddError(line, *outcome.shortfall, globals_.lang);
    return Write(LineOf(line), exit);
  }
  const int written = Write(outcome.text, exit);
  if (outcome.shortfall) std::fputs(Sentences(*outcome.shortfall).c_str(), stderr);
  return written;
}

int Output::Finish(const Error& error, std::string_view text, const json::object& keys) {
  ClearProgress();
  const int exit = ExitCodeOf(error.code);
  if (globals_.json) {
    json::object line{{"type", "result"}, {"ok", false}};
    for (const auto& [key, value] : keys) line[key] = value;
    AddError(line, error, globals_.lang);
    return Write(LineOf(line), exit);
  }
  std::fputs((std::string(text) + Sentences(error)).c_str(), stderr);
  return exit;
}

int Output::Write(std::string text, int exit) {
  errno = 0;
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  const int reason = errno;
  if (written || reason == EPIPE) return exit;
  const Error error{reason == ENOSPC ? Code::kNoSpace : Code::kIo, "standard output", {}};
  std::fputs(Sentences(error).c_str(), stderr);
  return exit == kExitOk ? kExitFailure : exit;
}

}  // namespace geflecht::cli
