// The canonical state: what a document shows and what new edits on top of everything need, without
// its past. Same set of changes (with the same content and exclusions), same bytes on every node,
// whatever order they came in (docs/formats/document.md).
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crdt/engine.h"

namespace geflecht::crdt {

struct StateSection {
  // The changes that the body refers to by their place here: by depth, then by agent, then by id.
  std::vector<Node> writers;
  Bytes body;
};

// No change is open.
StateSection WriteState(const Engine& engine);

// Makes the engine, whose graph is complete and which holds nothing else yet, show the state.
class StateReader {
 public:
  StateReader(const std::vector<Node>& writers, ByteView body, Engine& engine);
  // kMalformed, and the engine must not be used any more.
  Result<void> Read();

 private:
  struct Elements {
    Number list = 0;
    std::vector<ListElement> elements;
  };

  bool ReadContainer(Number number);
  bool ReadMap(Number number);
  bool ReadText(Number number);
  bool ReadList(Number number);
  bool ReadCounter(Number number);
  bool ReadTotal(Total& total);
  bool ReadWriter(Node& writer);
  // `creator` made the child, if it is one.
  bool ReadSlot(Number parent, Node creator, std::uint32_t place, std::variant<Value, Number>& slot,
                bool& removed);
  bool ReadChild(Number parent, Node creator, std::uint32_t place, Number& child);
  bool Renumber();

  const std::vector<Node>& writers_;
  ByteReader in_;
  Engine& engine_;
  std::vector<Elements> elements_;
};

}  // namespace geflecht::crdt
