// Taking back one's own changes: what a change did is undone on top of everything that came since,
// at the places where its elements are now.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "crdt/document.h"
#include "crdt/engine.h"

namespace geflecht::crdt {

// One user's changes of one document in this run of the program. Undo and Redo stage edits; the
// caller cuts them, applies the change, and tells its id.
//
// What others have changed since stays: a key that somebody set, an element that somebody removed
// too. Content that is missing or was erased is never brought back, nor is a child container.
// Insertions, removals, settings of keys and additions are undone; other edits stay.
class UndoStack {
 public:
  // The user's change was applied. What could be redone no longer can.
  void Done(const ChangeId& change);

  bool CanUndo() const { return !done_.empty(); }
  bool CanRedo() const { return !undone_.empty(); }

  // Whether there was something to stage; if not, the change is passed over. kNotFound if there is
  // no change to take back, kUsage while a change is open.
  Result<bool> Undo(Document& document);
  void Undone(const ChangeId& change);
  Result<bool> Redo(Document& document);
  void Redone(const ChangeId& change);

 private:
  using Place = std::pair<ContainerId, std::string>;  // a map and a key
  // What the staged edits bring back, and as what.
  struct Staged {
    std::vector<std::tuple<ContainerId, Item, Item>> elements;
    std::vector<std::pair<Place, ChangeId>> writings;
  };
  class Inverse;

  Result<bool> Stage(Document& document, const ChangeId& change);
  void Remember(const ChangeId& change);

  std::vector<ChangeId> done_, undone_;
  Staged staged_;
  // An element that was brought back is another one. So is a writing, of which this keeps whose
  // value it says.
  std::map<std::pair<ContainerId, Item>, Item> again_;
  std::map<std::pair<ChangeId, Place>, ChangeId> said_by_;
};

}  // namespace geflecht::crdt
