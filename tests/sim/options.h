// What a seed decides before anything happens: size of the world and which faults there are. Each
// can be set by hand on the command line.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/sim/actor.h"

namespace geflecht::sim {

struct Options {
  std::uint64_t seed = 0;
  int sites = 3;        // 2 to 5 founders
  int commands = 60;    // of people, in the phase with faults
  int topology = 0;     // who is told whose address: 0 all of each other, 1 a chain, 2 a star
  int both_dial = 0;    // addresses are known in both directions
  int crashes = 0;      // power is lost; unsynced batches are gone
  int kept_prefix = 0;  // ... or some of them reached the disk, in order
  int half_open = 0;    // the others do not notice a crash
  int cuts = 0;
  int refusals = 0;
  int partitions = 0;
  int stalls = 0;
  int clock_jumps = 0;
  int slow_disk = 0;
  int full_disk = 0;
  int rot = 0;                            // a record cannot be read any more
  int backups = 0;                        // a disk is put back to an earlier state
  int two_writers = 0;                    // a machine is copied, and both go on; one more site
  int hostile = 0;                        // truncated, oversized, flipped and foreign frames
  int replays = 0;                        // frames of earlier connections
  int bulk = 0;                           // large values, more than a window holds
  std::array<int, kAttacks> attackers{};  // hostile members of each class, beside the sites
  int nudge = 1;  // after healing, people connect by hand; otherwise back-off has to do it

  // Not chosen by seeds: nothing is kept for a loss of power, for networks of many nodes.
  int light_disk = 0;

  int hostile_sites() const;
};

Options OptionsOf(std::uint64_t seed);
// "--name=NUMBER"; false if there is no such option.
bool SetOption(Options& options, std::string_view argument);
std::string ToText(const Options& options);

}  // namespace geflecht::sim
