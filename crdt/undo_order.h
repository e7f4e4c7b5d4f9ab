// The elements of one text or list while a change is taken back: which are there, which are wanted,
// and which stand for others.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "crdt/engine.h"
#include "crdt/undo_inverse.h"
#include "crdt/walker.h"

namespace geflecht::crdt {

class UndoOrder {
 public:
  // `aside` says by number which changes do not count in what is wanted.
  UndoOrder(const Engine& now, Number sequence, const std::vector<bool>& aside,
            const std::map<ChangeId, std::vector<ElementName>>* copies);

  const SequenceLog& log() const { return log_; }
  const EventGraph& graph() const { return graph_; }
  const Walker& wanted() const { return walker_; }
  bool Aside(std::size_t op) const { return aside_[log_.ops()[op].node]; }
  // The ops of one change: from the first to behind the last.
  std::pair<std::size_t, std::size_t> OpsOf(Node node) const;

  // All elements, in their order.
  const std::vector<Item>& elements() const { return elements_; }
  std::uint32_t PlaceOf(Item item) const { return places_[item]; }
  bool IsShown(Item item) const { return shown_[item]; }      // now
  bool IsWritten(Item item) const { return written_[item]; }  // now: positions count it
  bool IsWanted(Item item) const { return wanted_[item]; }
  // The same, ordered so that what stands for others is behind them. Where copies lie in the
  // sequence is directly behind what was shown then, so in front of what is still removed.
  std::vector<Item> ByMeaning() const;

  // An element, by way of what stands for it, up to the latest.
  std::vector<Item> Members(Item item) const;
  Item Root(Item item) const;
  // The member that positions of changes count now.
  std::optional<Item> Present(const std::vector<Item>& members) const;
  // Whether a slot is the other one, or was made to stand where that is.
  bool StandsAt(Item slot, Item place) const;
  // Whether a change that counts has removed one of the copies.
  bool CopyRemoved(Item item) const { return copies_removed_.contains(item); }

  ElementName NameOf(Item item) const;

 private:
  std::vector<Item> MadeBy(Node node) const;
  void FindCopies(const std::map<ChangeId, std::vector<ElementName>>& copies);
  // In lists: the slot that the item's insertion made.
  Item ItemOf(Item slot) const;

  const EventGraph& graph_;
  const SequenceLog& log_;
  std::vector<bool> aside_;
  Walker walker_;
  std::vector<Item> elements_;
  std::vector<std::uint32_t> places_;           // by item
  std::vector<bool> shown_, written_, wanted_;  // by item
  std::map<Item, Item> beside_;                 // copies and slots of moves: to the place they took
  std::map<Item, Item> stands_for_;             // copies: to the element whose place they took
  std::map<Item, Item> replaced_by_;            // the other way round, by item
  std::set<Item> copies_removed_;
};

// Of one container. What is found is added to `out`.
void TakeBackText(const Engine& now, Number text, Node change, const UndoOrder& order,
                  Inverse& out);
void TakeBackItems(const Engine& now, Number list, Node change, const UndoOrder& order,
                   const std::function<bool(Number)>& in_use, Inverse& out);

}  // namespace geflecht::crdt
