// What a document shows, as a value, and what became different between two of them.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "crdt/document.h"
#include "crdt/replay.h"

namespace geflecht::crdt {

// A container that the paths reach, with its content.
struct Shown {
  std::string path;
  ContainerId id;
  ContainerType type = ContainerType::kMap;
  std::vector<Register> map;
  std::vector<Slot> list;
  std::u32string text;
  std::int64_t counter = 0;
};
// Every container in front of its children.
using View = std::vector<Shown>;

View MakeView(const Replay& replay);

// Gives the containers and writings of the open change the names that they have as parts of
// `change`.
void Rename(View& view, const ChangeId& change);

// Patches in the order in which they lead from `before` to `after`.
std::vector<Patch> ComparedTo(const View& before, const View& after);

}  // namespace geflecht::crdt
