// The state that a set of changes leaves: every change is performed in the version that its writer
// saw. Nothing is ever dropped, so reading can leave out whatever does not count.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crdt/change.h"
#include "crdt/schema.h"
#include "tests/oracle/history.h"
#include "tests/oracle/sequence.h"

namespace geflecht::crdt::oracle {

__extension__ typedef __int128 Total;

// The edit that did something: a change, and the number of the event in it.
struct Stamp {
  Node writer = 0;
  std::uint64_t event = 0;
};
struct Written {
  Stamp by;
  std::optional<Slot> slot;  // nothing: removed
};
struct Attribute {
  Stamp by;
  std::optional<Value> value;
};
// An element of a text.
struct Point {
  Stamp by;
  char32_t point = U'\n';
  bool is_block = false;
  std::optional<Gap> gap;
  std::vector<Node> removed_by;
  std::vector<Node> held_by;  // writers of marks with an anchor at the right side
  std::map<std::string, std::vector<Attribute>> attributes;
};
struct Anchor {
  Sequence::Item item = Sequence::kNone;  // none: the start or the end of the text
  bool right = false;
};
struct MarkSpan {
  Stamp by;
  Anchor from, to;
  std::string key;
  std::optional<Value> value;
};
struct ListItem {
  Stamp by;
  std::vector<Written> writings;
  std::vector<std::pair<Stamp, Sequence::Item>> places;
};
struct NodeEdit {
  enum class Kind : std::uint8_t { kCreate, kMove, kRemove };
  Stamp by;
  Kind kind = Kind::kCreate;
  ContainerId node, parent;
  std::string order;
};

struct Container {
  ContainerId id;
  ContainerType type = ContainerType::kMap;
  std::optional<std::size_t> parent;
  unsigned depth = 0;
  std::optional<Node> creator;   // nobody made the root and what the schema declares
  std::vector<Node> touched_by;  // writers of edits in it or below
  std::map<std::string, std::vector<Written>> keys;
  Sequence sequence;
  std::vector<Point> points;      // kText: by element of the sequence
  std::vector<MarkSpan> marks;    // kText
  std::vector<ListItem> items;    // kList
  std::vector<std::size_t> item;  // kList: which item a slot of the sequence belongs to
  Total sum = 0;                  // kCounter: of the version at hand
  std::vector<std::pair<Stamp, std::int64_t>> additions;
  std::vector<NodeEdit> edits;  // kTree
};

class State {
 public:
  // Both outlive it.
  State(const Schema& schema, const History& history);

  // Performs a change whose parents have been performed. What is wrong with it, or an empty text;
  // then this state is of no use any more, and a new one has to leave that change out.
  std::string_view Visit(Node node);
  void Skip(Node node);  // a void change
  Node visited() const { return visited_; }

  // The same by single edits, of a change that the history has with no edits yet. An edit that does
  // not fit has no effect.
  void Begin(Node node);
  std::string_view Perform(const Edit& edit);

  const std::vector<Container>& containers() const { return containers_; }
  const Container* Find(const ContainerId& id) const;
  const Schema& schema() const { return schema_; }
  const History& history() const { return history_; }

  // Whether `later` was written with knowledge of `earlier`.
  bool Follows(const Stamp& later, const Stamp& earlier) const;
  bool Later(const Stamp& left, const Stamp& right) const;

 private:
  enum class Thing : std::uint8_t { kPoint, kItem, kAddition };
  struct Effect {
    std::size_t container = 0;
    Thing thing = Thing::kPoint;
    std::size_t number = 0;
  };
  using Reason = std::string_view;

  bool In(Node node) const { return in_version_[node]; }
  void Switch(Node node, bool on);
  void Refresh(const Effect& effect);
  void RefreshPoint(Container& text, std::size_t number);
  void RefreshItem(Container& list, std::size_t number);
  void Touched(std::size_t container, Thing thing, std::size_t number);
  std::size_t Create(Container container);
  Slot MakeSlot(const NewSlot& from, std::size_t parent, std::uint64_t event);
  std::size_t Insert(Container& container, std::uint64_t position);
  std::optional<std::size_t> Known(const ContainerId& id) const;
  bool IsNode(const Container& tree, const ContainerId& node) const;
  Stamp Now(std::uint64_t offset = 0) const { return {node_, event_ + offset}; }

  Reason Check(const NewSlot& slot, const Container& parent) const;
  Reason Check(const Container& at, const SetKey& edit) const;
  Reason Check(const Container& at, const InsertText& edit) const;
  Reason Check(const Container& at, const InsertItems& edit) const;
  Reason Check(const Container& at, const Remove& edit) const;
  Reason Check(const Container& at, const Add& edit) const;
  Reason Check(const Container& at, const SetItem& edit) const;
  Reason Check(const Container& at, const MoveItem& edit) const;
  Reason Check(const Container& at, const CreateNode& edit) const;
  Reason Check(const Container& at, const MoveNode& edit) const;
  Reason Check(const Container& at, const RemoveNode& edit) const;
  Reason Check(const Container& at, const Mark& edit) const;
  Reason Check(const Container& at, const InsertBlock& edit) const;
  Reason Check(const Container& at, const SetBlock& edit) const;

  void Do(std::size_t at, const SetKey& edit);
  void Do(std::size_t at, const InsertText& edit);
  void Do(std::size_t at, const InsertItems& edit);
  void Do(std::size_t at, const Remove& edit);
  void Do(std::size_t at, const Add& edit);
  void Do(std::size_t at, const SetItem& edit);
  void Do(std::size_t at, const MoveItem& edit);
  void Do(std::size_t at, const CreateNode& edit);
  void Do(std::size_t at, const MoveNode& edit);
  void Do(std::size_t at, const RemoveNode& edit);
  void Do(std::size_t at, const Mark& edit);
  void Do(std::size_t at, const InsertBlock& edit);
  void Do(std::size_t at, const SetBlock& edit);

  const Schema& schema_;
  const History& history_;
  Node visited_ = 0;
  Node node_ = 0;            // the change at hand
  std::uint64_t event_ = 0;  // the next one of it
  std::vector<Container> containers_;
  std::map<ContainerId, std::size_t> numbers_;
  std::vector<std::vector<Effect>> effects_;  // by node
  std::vector<bool> in_version_;              // by node
};

}  // namespace geflecht::crdt::oracle
