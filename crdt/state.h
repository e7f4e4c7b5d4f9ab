// What a Document holds.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "crdt/document.h"
#include "crdt/graph.h"
#include "crdt/replay.h"
#include "crdt/view.h"

namespace geflecht::crdt {

struct Document::State {
  State(Schema declared, AgentId writer)
      : schema(std::move(declared)), self(writer), replay(schema, graph, self) {}

  // The state to read: the open change's if there is one, else that of the heads.
  const Replay& Current() {
    if (open) return *open;
    replay.Update();
    return replay;
  }
  // Performs an edit in the open change, which begins with it if there is none. kUsage without
  // effect if it does not fit.
  Result<void> Stage(crdt::Edit edit);
  // Makes `edits` the open change; they fit.
  void Restage(std::vector<crdt::Edit> edits);
  void CloseOpen();
  // Tells the observers what became different since the last time.
  void Notify();

  Schema schema;
  AgentId self;
  Graph graph;
  Replay replay;

  std::optional<Replay> open;  // a copy of `replay` with the open change's edits on top
  std::vector<crdt::Edit> open_edits;
  std::uint64_t open_events = 0;

  std::map<int, Observer> observers;
  int next_observer = 1;
  View shown;                         // what the observers know; kept while there are any
  std::vector<crdt::Edit> cut_edits;  // of the last open change
};

}  // namespace geflecht::crdt
