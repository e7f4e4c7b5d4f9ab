// Taking back one's own changes: what a change did is undone on top of everything that came since,
// at the places where its elements are now.
#pragma once

#include <set>
#include <vector>

#include "base/result.h"
#include "crdt/document.h"
#include "crdt/undo_inverse.h"

namespace geflecht::crdt {

// One user's changes of one document in this run of the program. Undo and Redo stage edits; the
// caller cuts them, applies the change, and tells its id.
//
// Undone is what the change decides at present: what is shown becomes what it would be if that
// change, and whatever this stack has taken back already, did not count. What others have decided
// since stays: a key, an item, a mark or an attribute that somebody set, an element that somebody
// removed too, a node that somebody moved, and a node or child that somebody has put something
// into. Content that is missing or was erased is never brought back, nor is a child container of a
// map or list; a tree's node comes back with what is in it. A node stays away from a place that is
// no longer there or stands below it.
class UndoStack {
 public:
  // The user's change was applied. What could be redone no longer can.
  void Done(const ChangeId& change);

  bool CanUndo() const { return !done_.empty(); }
  bool CanRedo() const { return !undone_.empty(); }

  // Whether there was something to stage; if not, the change is passed over. O(history) at most;
  // changes of texts and lists alone O(what was done to these). kNotFound if there is no change to
  // take back; kUsage while a change is open, and if it would take more than one change to take it
  // back, which is then passed over too.
  Result<bool> Undo(Document& document);
  void Undone(const ChangeId& change);
  Result<bool> Redo(Document& document);
  void Redone(const ChangeId& change);

 private:
  Result<bool> Stage(Document& document, std::vector<ChangeId>& from, bool back);
  void Remember(const ChangeId& change);

  std::vector<ChangeId> done_, undone_;
  // What taking back has made, and what was taken back and cannot be done again.
  std::set<ChangeId> aside_;
  std::map<ContainerId, std::vector<ElementName>> staged_;  // what the staged edits bring back
  Copies copies_;
};

}  // namespace geflecht::crdt
