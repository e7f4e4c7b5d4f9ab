#include "tests/sim/options.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/rng.h"

namespace geflecht::sim {
namespace {

constexpr std::array<std::pair<std::string_view, int Options::*>, 17> kFields = {{
    {"sites", &Options::sites},
    {"commands", &Options::commands},
    {"topology", &Options::topology},
    {"both_dial", &Options::both_dial},
    {"crashes", &Options::crashes},
    {"kept_prefix", &Options::kept_prefix},
    {"half_open", &Options::half_open},
    {"cuts", &Options::cuts},
    {"refusals", &Options::refusals},
    {"partitions", &Options::partitions},
    {"stalls", &Options::stalls},
    {"clock_jumps", &Options::clock_jumps},
    {"slow_disk", &Options::slow_disk},
    {"hostile", &Options::hostile},
    {"replays", &Options::replays},
    {"bulk", &Options::bulk},
    {"nudge", &Options::nudge},
}};

}  // namespace

Options OptionsOf(std::uint64_t seed) {
  SeededRandom random(seed ^ 0x6F7074696F6E73ull);
  const auto one_in = [&](std::uint64_t n) { return random.Below(n) == 0 ? 1 : 0; };
  Options options;
  options.seed = seed;
  options.sites = 2 + static_cast<int>(random.Below(4));
  options.commands = 30 + static_cast<int>(random.Below(51));
  options.topology = static_cast<int>(random.Below(3));
  options.both_dial = one_in(2);
  options.crashes = 1 - one_in(3);
  options.kept_prefix = one_in(3);
  options.half_open = one_in(3);
  options.cuts = 1 - one_in(3);
  options.refusals = one_in(2);
  options.partitions = one_in(2);
  options.stalls = one_in(2);
  options.clock_jumps = one_in(2);
  options.slow_disk = one_in(4);
  options.hostile = one_in(4);
  options.replays = one_in(3);
  options.bulk = one_in(20);
  options.nudge = 1 - one_in(4);
  return options;
}

bool SetOption(Options& options, std::string_view argument) {
  for (const auto& [name, field] : kFields) {
    const std::string start = "--" + std::string(name) + "=";
    if (!argument.starts_with(start)) continue;
    const std::string_view number = argument.substr(start.size());
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), options.*field);
    return error == std::errc() && end == number.data() + number.size();
  }
  return false;
}

std::string ToText(const Options& options) {
  std::string text;
  for (const auto& [name, field] : kFields)
    text += " " + std::string(name) + "=" + std::to_string(options.*field);
  return text;
}

}  // namespace geflecht::sim
