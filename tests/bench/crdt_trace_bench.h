// Part of crdt_bench: recorded editing histories.
#pragma once

namespace geflecht::crdt {

// Before benchmark::RunSpecifiedBenchmarks.
void RegisterTraces();

}  // namespace geflecht::crdt
