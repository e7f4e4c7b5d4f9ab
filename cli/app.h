// The program: words in, exit code out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "cli/globals.h"

namespace geflecht::cli {

// A command line that was understood.
struct Parsed {
  const Command* command = nullptr;  // nullptr: show `text` and end with 0
  Arguments arguments;
  Globals globals;
  std::string text;  // of --help and --version
};

// kUsage if a word is unknown, an option lacks its value or a command one of its options.
// `globals` holds the language and what the environment says.
Result<Parsed> Parse(const std::vector<std::string>& words, Globals globals);

// `words` without the program's name.
int Run(const std::vector<std::string>& words, const Environment& environment);

}  // namespace geflecht::cli
