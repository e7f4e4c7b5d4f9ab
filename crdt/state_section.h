// The canonical state: what a document shows and what new edits on top of everything need, without
// its past. Same set of changes (with the same content and exclusions), same bytes on every node,
// whatever order they came in (docs/formats/document.md).
#pragma once

#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crdt/engine.h"

namespace geflecht::crdt {

// The first byte of a body: whether StateReader takes it. What marks, block markers and trees do
// depends on what was removed long ago, so a document with these is performed from its history.
inline constexpr std::uint8_t kRichState = 0, kPlainState = 1;

struct StateSection {
  // The changes that the body refers to by their place here: by depth, then by agent, then by id.
  std::vector<Node> writers;
  Bytes body;
};

// Whether WriteState gives a plain one; no for some whose rich containers nobody sees any more.
bool IsPlainState(const Engine& engine);
// No change is open.
StateSection WriteState(Engine& engine);

// Makes the engine, whose graph is complete and which holds nothing else yet, show the state.
class StateReader {
 public:
  StateReader(const std::vector<Node>& writers, ByteView body, Engine& engine);
  // kMalformed, and the engine must not be used any more.
  Result<void> Read();

 private:
  struct Elements {
    Number list = 0;
    std::vector<std::pair<Node, ListElement>> elements;  // with their writers
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
