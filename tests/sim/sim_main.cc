// geflecht_sim FROM TO [-v] [--NAME=NUMBER]...: runs the seeds FROM to TO. Prints how often each
// fault and each mark occurred; exits 1 on a finding, with the line that repeats it, or if 200 or
// more seeds left a count at 0 (unless --part). -v prints options, digest and virtual time of each
// seed.
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "node/crypto/init.h"
#include "tests/sim/large.h"
#include "tests/sim/options.h"
#include "tests/sim/world.h"

namespace geflecht::sim {
namespace {

constexpr std::uint64_t kSeedsForAllMarks = 200;

char current[64] = "";

// A broken CHECK ends the process: say which seed it was.
extern "C" void OnAbort(int) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, current, std::strlen(current));
}

struct Arguments {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  bool verbose = false;
  bool part = false;  // of a larger range: whoever runs it looks at the counts
  std::vector<std::string> settings;
};

bool ParseSeed(std::string_view text, std::uint64_t& seed) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  return error == std::errc() && end == text.data() + text.size();
}

int Large(int argc, char** argv) {
  std::uint64_t nodes = 0;
  std::uint64_t seed = 1;
  if (argc > 4 || !ParseSeed(argv[2], nodes) || nodes < 2 ||
      (argc == 4 && !ParseSeed(argv[3], seed)))
    return 2;
  try {
    const LargeResult result = RunLarge(nodes, seed);
    std::printf(
        "%zu nodes, %llu entries, equal everywhere %lld ms after the last edit; %.2f copies of an "
        "entry per node, %.1f frames and %.1f KiB sent per node; %.1f s CPU, %.1f ms per node\n",
        result.nodes, static_cast<unsigned long long>(result.entries),
        static_cast<long long>(result.virtual_ms), result.CopiesPerNode(),
        static_cast<double>(result.frames) / static_cast<double>(nodes),
        static_cast<double>(result.frame_bytes) / 1'024 / static_cast<double>(nodes), result.cpu_s,
        result.cpu_s * 1e3 / static_cast<double>(nodes));
    return 0;
  } catch (const Finding& finding) {
    std::printf("%s\n  again: geflecht_sim --nodes %llu %llu\n", finding.what(),
                static_cast<unsigned long long>(nodes), static_cast<unsigned long long>(seed));
    return 1;
  }
}

bool ParseArguments(int argc, char** argv, Arguments& arguments) {
  if (argc < 3 || !ParseSeed(argv[1], arguments.from) || !ParseSeed(argv[2], arguments.to))
    return false;
  for (int i = 3; i < argc; ++i) {
    Options any;
    const std::string argument = argv[i];
    if (argument == "-v") {
      arguments.verbose = true;
    } else if (argument == "--part") {
      arguments.part = true;
    } else if (SetOption(any, argument)) {
      arguments.settings.push_back(argument);
    } else {
      return false;
    }
  }
  return arguments.from <= arguments.to;
}

bool RunSeed(std::uint64_t seed, const Arguments& arguments, Counts& counts,
             std::size_t& most_per_attacker) {
  Options options = OptionsOf(seed);
  std::string settings;
  for (const std::string& setting : arguments.settings) {
    SetOption(options, setting);
    settings += " " + setting;
  }
  const auto number = static_cast<unsigned long long>(seed);
  std::snprintf(current, sizeof current, "seed %llu ended the process\n", number);
  World world(options);
  try {
    world.Run();
  } catch (const Finding& finding) {
    std::printf(
        "seed %llu: %s\n  at %lld ms of virtual time;%s\n  again: geflecht_sim %llu %llu -v%s\n",
        number, finding.what(), static_cast<long long>(world.now_ms()), ToText(options).c_str(),
        number, number, settings.c_str());
    return false;
  }
  counts.Add(world.trace().counts);
  most_per_attacker = std::max(most_per_attacker, world.trace().most_per_attacker);
  if (arguments.verbose)
    std::printf("seed %llu digest %016llx time %lld ms%s\n", number,
                static_cast<unsigned long long>(world.trace().digest()),
                static_cast<long long>(world.now_ms()), ToText(options).c_str());
  return true;
}

int Main(int argc, char** argv) {
  if (!crypto::Init()) return 2;
  if (argc > 2 && std::string_view(argv[1]) == "--nodes") return Large(argc, argv);
  Arguments arguments;
  if (!ParseArguments(argc, argv, arguments)) {
    std::fprintf(stderr,
                 "usage: geflecht_sim FROM TO [-v] [--NAME=NUMBER]...\n"
                 "       geflecht_sim --nodes NUMBER [SEED]\n");
    return 2;
  }
  std::signal(SIGABRT, OnAbort);
  Counts counts;
  std::size_t most_per_attacker = 0;
  for (std::uint64_t seed = arguments.from; seed <= arguments.to; ++seed)
    if (!RunSeed(seed, arguments, counts, most_per_attacker)) return 1;
  bool all = true;
  for (std::size_t i = 0; i < kMarks; ++i) {
    std::printf("%10llu  %s\n", static_cast<unsigned long long>(counts.Of(i)),
                std::string(kMarkNames[i]).c_str());
    all = all && counts.Of(i) > 0;
  }
  std::printf("%10zu  KiB of memory, at most, that one attacker made one node hold\n",
              most_per_attacker / 1'024);
  const std::uint64_t seeds = arguments.to - arguments.from + 1;
  std::printf("%llu seeds without a finding\n", static_cast<unsigned long long>(seeds));
  if (seeds < kSeedsForAllMarks || all || arguments.part || !arguments.settings.empty()) return 0;
  std::printf("but a count is 0: the range proves less than it seems to\n");
  return 1;
}

}  // namespace
}  // namespace geflecht::sim

int main(int argc, char** argv) { return geflecht::sim::Main(argc, argv); }
