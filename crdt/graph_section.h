// The event graph in a file: runs, agents, ids, void changes.
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crdt/engine.h"

namespace geflecht::crdt {

// Agents; runs with their parents, as distances; void changes with their reasons.
Bytes WriteGraph(const Engine& engine);
// 32 bytes for each change.
Bytes WriteIds(const EventGraph& graph);

struct GraphSection {
  EventGraph graph;
  std::map<Node, std::string> voids;
};
// kMalformed if it is not what the two functions above write.
Result<GraphSection> ReadGraph(ByteView graph, ByteView ids);

}  // namespace geflecht::crdt
