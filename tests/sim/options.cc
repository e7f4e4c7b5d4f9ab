#include "tests/sim/options.h"

#include <array>
#include <charconv>
#include <numeric>
#include <utility>

#include "base/rng.h"

namespace geflecht::sim {
namespace {

constexpr std::array<std::pair<std::string_view, int Options::*>, 21> kFields = {{
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
    {"full_disk", &Options::full_disk},
    {"rot", &Options::rot},
    {"backups", &Options::backups},
    {"two_writers", &Options::two_writers},
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
  options.full_disk = one_in(4);
  options.rot = one_in(4);
  options.backups = one_in(4);
  options.two_writers = one_in(6);
  if (one_in(4) != 0) {
    for (std::uint64_t left = one_in(3) != 0 ? 2 : 1; left != 0; --left)
      ++options.attackers[random.Below(kAttacks)];
  }
  return options;
}

int Options::hostile_sites() const {
  return std::accumulate(attackers.begin(), attackers.end(), 0);
}

bool SetOption(Options& options, std::string_view argument) {
  const std::size_t equals = argument.find('=');
  if (!argument.starts_with("--") || equals == std::string_view::npos) return false;
  const std::string_view wanted = argument.substr(2, equals - 2);
  const std::string_view number = argument.substr(equals + 1);
  const auto set = [&](int& value) {
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    return error == std::errc() && end == number.data() + number.size();
  };
  for (const auto& [name, field] : kFields)
    if (name == wanted) return set(options.*field);
  for (std::size_t i = 0; i < kAttacks; ++i)
    if (kAttackNames[i] == wanted) return set(options.attackers[i]);
  return false;
}

std::string ToText(const Options& options) {
  std::string text;
  for (const auto& [name, field] : kFields)
    text += " " + std::string(name) + "=" + std::to_string(options.*field);
  for (std::size_t i = 0; i < kAttacks; ++i)
    if (options.attackers[i] != 0)
      text += " " + std::string(kAttackNames[i]) + "=" + std::to_string(options.attackers[i]);
  return text;
}

}  // namespace geflecht::sim
