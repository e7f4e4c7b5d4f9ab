// The classes of Attack, made by MakeActor. Private to the simulator's actors.
#pragma once

#include <memory>

#include "tests/sim/actor.h"

namespace geflecht::sim {

std::unique_ptr<Actor> MakeReplayer(Site& site, std::uint64_t seed, Trace& trace);
std::unique_ptr<Actor> MakeGarbler(Site& site, std::uint64_t seed, Trace& trace);
std::unique_ptr<Actor> MakeOversizer(Site& site, std::uint64_t seed, Trace& trace);
std::unique_ptr<Actor> MakeLoiterer(Site& site, std::uint64_t seed, Trace& trace);
std::unique_ptr<Actor> MakeLiar(Site& site, std::uint64_t seed, Trace& trace);
std::unique_ptr<Actor> MakeWithholder(Site& site, std::uint64_t seed, Trace& trace);
std::unique_ptr<Actor> MakeFlooder(Site& site, std::uint64_t seed, Trace& trace);
std::unique_ptr<Actor> MakeBomber(Site& site, std::uint64_t seed, Trace& trace);
std::unique_ptr<Actor> MakeEquivocator(Site& site, std::uint64_t seed, Trace& trace);

}  // namespace geflecht::sim
