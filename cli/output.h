// Standard output and standard error, in the form that --json and --quiet ask for.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/globals.h"
#include "cli/outcome.h"

namespace geflecht::cli {

class Output {
 public:
  explicit Output(const Globals& globals);

  // `done` of `total` steps, 0 if their number is not known; `what` is a sentence. A line on
  // standard error if it is a terminal; with --json a line {"type":"progress", ...}.
  void Progress(std::string_view what, std::int64_t done, std::int64_t total);
  // A remark on standard error; nothing with --json or --quiet.
  void Remark(std::string_view sentence);

  // The last thing a command shows. Returns the exit code; a full disk behind standard output makes
  // a success a failure, a reader that has gone does not.
  int Finish(const Outcome& outcome);
  // `text` comes before the error's sentences, `keys` into the result line.
  int Finish(const Error& error, std::string_view text = {}, const boost::json::object& keys = {});

 private:
  void ClearProgress();
  int Write(std::string text, int exit);
  std::string Sentences(const Error& error) const;

  const Globals& globals_;
  bool shows_progress_;
  bool progress_shown_ = false;
};

}  // namespace geflecht::cli
