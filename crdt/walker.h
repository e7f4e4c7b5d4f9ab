// The order of a sequence's elements while concurrent edits are merged. Transient: it begins at a
// critical version and numbers what was there then as unknown elements.
//
// Replay and the two trees: Gentle and Kleppmann, Collaborative Text Editing with Eg-walker,
// EuroSys 2025. Order of concurrent insertions: docs/decisions/0010, found by scanning as in
// YjsMod (Gentle, reference-crdts).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "crdt/counted_tree.h"
#include "crdt/event_graph.h"
#include "crdt/item_index.h"
#include "crdt/sequence_log.h"

namespace geflecht::crdt {

// What an edit does to the sequence that all changes so far have left.
struct Effect {
  bool removal = false;
  std::uint64_t position = 0;
  std::uint64_t count = 0;
  Item item = 0;  // the first that is inserted
};

class Walker {
 public:
  // The log's ops from `first` on are all on top of `version`, a critical version of the graph, or
  // of the empty document for kNoNode. All outlive the walker. `silent` says by number which
  // changes do not count: positions count what they did, what is shown does not. With it, `version`
  // is kNoNode.
  Walker(const EventGraph& graph, const SequenceLog& log, std::size_t first, Node version,
         const std::vector<bool>* silent = nullptr);

  std::size_t first() const { return first_; }
  bool from_begin() const { return from_begin_; }  // nothing was there before its zone
  std::size_t fed() const { return fed_; }         // ops in front of this one have been visited
  std::size_t spans() const { return spans_; }

  // Visits the ops in front of `end` that have not been.
  void Feed(std::size_t end);
  // The sequence has this length with all ops that were visited. Before the first length().
  void SetVisible(std::uint64_t length) { surplus_ = tree_.total().effect - Low(length); }
  // Moves the prepare version.
  void MoveTo(std::span<const Node> version);
  // Of the prepare version.
  std::uint64_t length() const { return tree_.total().prepare - surplus_; }

  // An edit of `node`, whose parents (or itself) are the prepare version, at the end of the log.
  // Appends what it does to `out`.
  void Insert(Node node, std::uint64_t position, std::uint64_t count, Item item,
              std::vector<Effect>& out);
  void Remove(Node node, std::uint64_t position, std::uint64_t count, std::vector<Effect>& out);
  // The last insertion goes on up to `node`, which lies in the run of its node.
  void GoOn(Node node) { version_.assign(1, node); }

  // For texts with marks or block markers; the log was visited from its begin on.
  struct Anchor {
    Item item = 0xFFFFFFFF;  // 0xFFFFFFFF: the begin (`right`) or the end of the text
    bool right = false;
  };
  struct PlacedMark {
    std::size_t op = 0;
    Anchor from, to;
  };
  const std::vector<PlacedMark>& marks() const { return marks_; }
  // The elements whose attributes were set, each with the ops that did.
  const std::map<Item, std::vector<std::size_t>>& settings() const { return settings_; }
  // The element at a position of the prepare version. `position` < length().
  Item ItemAt(std::uint64_t position) const;
  // Where an element that is shown stands in the prepare version; nothing if it was removed there.
  std::optional<std::uint64_t> PreparedPlace(std::uint64_t shown) const;
  // The same, but an item of a list is followed to the slot that it has in the prepare version.
  std::optional<std::uint64_t> PreparedPlaceOfItem(std::uint64_t shown) const;
  // In what all visited ops leave: the number of elements in front of an anchor.
  std::uint64_t PlaceOf(const Anchor& anchor) const;
  bool IsShown(Item item) const;

  // For lists whose items are set or moved; the log was visited from its begin
  // on. A slot is a place that an insertion or a move made. Performs the log's
  // last op, a setting or a move by `node`, like Insert and Remove.
  void PerformItem(Node node, std::vector<Effect>& out);
  struct ItemHistory {
    Item item = 0;                        // the slot that its insertion made
    std::vector<std::uint32_t> writings;  // ops that no other follows, ascending
    std::vector<std::uint32_t> moves;     // the same of its places, the one that counts first
    Item shown = 0xFFFFFFFF;              // with all visited ops: its slot, if it is there
  };
  // Of an item that was set or moved; nothing for any other.
  std::optional<ItemHistory> HistoryOf(Item slot) const;
  // Whether one op of the log wins over another.
  bool LaterOp(std::size_t left, std::size_t right) const;

  // The items of what all visited ops leave, in order; those that were there
  // before the zone are numbered from SequenceLog::kItemsMax on.
  struct Stretch {
    Item item = 0;
    std::uint32_t count = 0;
  };
  std::vector<Stretch> Visible() const;

  // For histories: all elements that visited ops have inserted, in order, whether the prepare
  // version shows them or not.
  struct Element {
    Item item = 0;
    std::uint32_t count = 0;
    bool shown = false;
    bool gone = false;  // not in what all visited ops leave, without those that do not count
  };
  std::vector<Element> Elements() const;
  // What a visited removal removed.
  std::vector<Stretch> RemovedBy(std::size_t op) const;

 private:
  static constexpr Item kNoItem = 0xFFFFFFFF;
  static constexpr Item kBase = SequenceLog::kItemsMax;
  static constexpr std::uint32_t kBaseCount = 0x40000000;
  static constexpr std::uint32_t kNotInserted = 0, kInserted = 1;
  static constexpr std::uint32_t kSpans = 16;

  struct Span {
    Item item = 0;
    std::uint32_t count = 0;
    Item left = kNoItem;              // of the first element: the one in front when it was inserted
    Item right_parent = kNoItem;      // the one behind, if that has the same one in front
    std::uint32_t state = kInserted;  // prepare version; kInserted + number of removals
    std::uint32_t agent = kNoNode;    // of the first element; kNoNode: the log says who
    bool gone = false;                // removed by any visited op
  };
  struct Sum {
    std::uint32_t prepare = 0, effect = 0;
    Sum& operator+=(const Sum& o) { return prepare += o.prepare, effect += o.effect, *this; }
    Sum& operator-=(const Sum& o) { return prepare -= o.prepare, effect -= o.effect, *this; }
  };
  struct Leaf : TreeLeaf<Leaf, Sum> {
    std::uint32_t count = 0;
    Span spans[kSpans];
  };
  // Behind `offset` elements of a span.
  struct Cursor {
    Leaf* leaf = nullptr;
    std::uint32_t index = 0, offset = 0;
  };
  struct Target {
    Item item = 0;
    std::uint32_t count = 0;
  };
  // An item that was set or moved: its writings and places, by whether the
  // prepare version has them.
  struct Tracked {
    struct Writing {
      std::uint32_t op = 0;
      bool sets = false, in = true;
      std::uint32_t followers = 0;         // in the prepare version
      std::vector<std::uint32_t> follows;  // those that stood when it came
    };
    struct Place {
      std::uint32_t op = 0;
      Item slot = 0;
      bool in = true;
    };
    std::vector<Writing> writings;  // by op
    std::set<std::uint32_t> standing,
        all_standing;                       // writings that no other follows
    std::vector<Place> places;              // the later behind
    std::vector<std::uint32_t> all_places;  // ops of those that no other follows
    Item shown = 0xFFFFFFFF, all_shown = 0xFFFFFFFF;
  };

  static std::uint32_t Low(std::uint64_t n) { return static_cast<std::uint32_t>(n); }
  static std::uint32_t Prepared(const Span& s) { return s.state == kInserted ? s.count : 0; }
  static std::uint32_t Shown(const Span& s) { return s.gone ? 0 : s.count; }

  void DoInsert(Node node, std::uint32_t position, std::uint32_t count, Item item,
                std::vector<Effect>* out);
  void DoRemove(std::uint32_t position, std::uint32_t count, std::vector<Effect>* out);
  void BeginOp(std::size_t op);
  void DoMark(std::size_t op);
  // Moves a gap behind the last removed element with an anchor at its right, if there is one.
  bool PassHeld(Cursor& at, bool at_begin) const;
  bool Saw(Node node) const;
  bool Silent(Node node) const {
    return silent_ != nullptr && node < silent_->size() && (*silent_)[node];
  }
  Cursor FindGap(std::uint32_t position) const;
  // To the begin of the next span; false behind the last one.
  static bool Next(Cursor& at) {
    at.offset = 0;
    if (++at.index < at.leaf->count) return true;
    const Cursor last = at;
    do {
      at.leaf = at.leaf->next;
      at.index = 0;
      if (at.leaf == nullptr) {
        at = last;
        return false;
      }
    } while (at.leaf->count == 0);
    return true;
  }
  Cursor Integrate(Cursor gap, bool at_begin, const Span& fresh, Node node) const;
  bool Before(Item left, Item right) const;
  Cursor Locate(Item item) const;
  Cursor LocateBehind(const Cursor& at, Item item) const;
  std::uint32_t PositionOf(const Cursor& at) const;
  // The element that is shown at a position.
  Cursor FindShown(std::uint64_t shown) const;
  std::optional<std::uint64_t> PreparedPlaceAt(const Cursor& at) const;
  void Place(Cursor at, const Span& fresh, std::vector<Effect>* out);
  void MakeRoom(Cursor& at, std::uint32_t spans);
  void Isolate(Cursor& at, std::uint32_t count);
  void Shift(NodeRange nodes, bool forward);
  void ShiftInsert(Item item, std::uint32_t count, bool forward);
  void ShiftRemove(std::size_t op, Item item, std::uint32_t count, bool forward);

  // walker_items.cc
  Tracked& Track(Item slot);
  Tracked& TrackedOf(Item slot) { return tracked_.find(slots_.find(slot)->second)->second; }
  // How many of the `count` slots from `item` on belong to items that are not
  // tracked.
  std::uint32_t Untracked(Item item, std::uint32_t count) const;
  void DoItem(std::size_t op, std::vector<Effect>* out);
  void Write(Tracked& item, std::size_t op, bool sets);
  void SwitchWriting(Tracked& item, std::size_t op, bool on);
  std::vector<Tracked::Place>::iterator PlaceBy(Tracked& item, std::size_t op) const;
  void SwitchPlace(Tracked& item, std::size_t op, bool on);
  void Recount(Tracked& item);
  bool Counts(std::uint32_t op) const { return !Silent(log_->ops()[op].node); }
  void Refresh(Tracked& item);
  void RefreshAll(Tracked& item, std::vector<Effect>* out);
  void SetState(Item slot, std::uint32_t state);
  void SetGone(Item slot, bool gone, std::vector<Effect>* out);
  void IndexRemovals();

  const EventGraph* graph_;
  const SequenceLog* log_;
  const std::vector<bool>* silent_;
  std::size_t first_, fed_;
  bool from_begin_;
  std::vector<Node> version_;
  std::uint32_t surplus_ = 0;
  std::size_t spans_ = 0;
  CountedTree<Leaf, Sum> tree_;
  ItemIndex<Leaf*> index_, base_index_;
  mutable Leaf* near_ = nullptr;  // of the last item that was located
  std::vector<std::uint32_t> targets_of_;  // by op from first_ on: begin in targets_
  std::vector<Target> targets_;            // what removals removed
  EventGraph::Difference difference_;
  std::vector<PlacedMark> marks_;
  std::map<Item, std::vector<Node>> held_;  // elements with anchors at their right: marks' writers
  std::map<Item, std::vector<std::size_t>> settings_;
  std::map<Item, Tracked> tracked_;              // by the slot of the insertion
  std::map<Item, Item> slots_;                   // of tracked items: to the slot of the insertion
  std::multimap<Item, std::uint32_t> removals_;  // by slot: ops
  std::size_t indexed_ = 0;                      // targets in it
};

}  // namespace geflecht::crdt
