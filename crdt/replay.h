// The state that a set of changes leaves, made by visiting every change from the first one on:
// before each one the prepare version is moved to its parents, so that its positions mean what its
// writer saw.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crdt/change.h"
#include "crdt/graph.h"
#include "crdt/schema.h"
#include "crdt/sequence.h"
#include "crdt/value.h"

namespace geflecht::crdt {

// Wide enough for the sum of any number of deltas that fits into memory.
__extension__ typedef __int128 Total;

class Replay {
 public:
  using Number = std::uint32_t;                // of a container, in the order of creation
  static constexpr Node kOpen = 0xFFFFFFFE;    // the writer of the open change's edits
  static constexpr Node kSchema = 0xFFFFFFFF;  // the maker of the root and of declared containers

  // One writing of a map key. A superseded value is dropped at once; a superseded child stays,
  // since a concurrent change inside it brings it back.
  struct Entry {
    Slot slot;
    bool removed = false;
    Node writer = 0;
    std::vector<Node> superseded_by;
  };
  struct Container {
    ContainerId id;
    ContainerType type = ContainerType::kMap;
    std::optional<Number> parent;
    unsigned depth = 0;  // 0 for the root
    Node creator = kSchema;
    std::vector<Node> touched_by;                                 // writers of edits in it or below
    std::map<std::string, std::vector<Entry>, std::less<>> keys;  // kMap
    Sequence sequence;                                            // kText, kList
    std::u32string points;                                        // kText: by item
    std::vector<Slot> slots;                                      // kList: by item
    Total sum = 0;                                                // kCounter: of all changes
    Total prepare_sum = 0;  // kCounter: of the prepare version
  };

  // `schema` and `graph` outlive the replay. `self` is the writer of open edits.
  Replay(const Schema& schema, const Graph& graph, const AgentId& self);

  // Visits what the graph has got since. May start again from the first change.
  void Update();

  // Moves the prepare version to the graph's heads, in front of a first PerformOpen.
  void Open();
  // Performs an edit on top of everything; `event` is the number of its first event in the open
  // change. The reason why it does not fit, or an empty text. No effect if it does not fit.
  std::string_view PerformOpen(const Edit& edit, std::uint64_t event);

  const Container& at(Number number) const { return containers_[number]; }
  std::optional<Number> Find(const ContainerId& id) const;
  // Whether the maker of the container belongs to the prepare version.
  bool Known(const Container& container) const;
  // The writings of a key that nothing supersedes, the shown one first, each value once. Empty if
  // the key was never set; a key that is only removed has one writing.
  std::vector<Writing> Writings(const Container& map, std::string_view key) const;
  const std::map<Node, std::string_view>& voids() const { return voids_; }
  const Schema& schema() const { return *schema_; }

 private:
  // What a change did that has to be undone and redone when the prepare version moves.
  struct Effect {
    enum class Kind : std::uint8_t { kInsert, kRemove, kAdd };
    Kind kind;
    Number container = 0;
    Sequence::Item item = 0;
    std::int64_t delta = 0;
  };
  struct Span {
    std::size_t begin = 0, end = 0;
  };

  void Visit(Node node);
  void MoveTo(const std::vector<Node>& parents);
  void Retreat(Node node);
  void Advance(Node node);
  void Perform(const Edit& edit, Node writer, const ChangeId* change, std::uint64_t event);
  void Touch(Number number, Node writer);
  Slot MakeSlot(const std::variant<Value, ContainerType>& from, Number parent, Node writer,
                const ChangeId* change, std::uint64_t event);
  void Write(Container& map, const std::string& key, Entry entry);
  bool Supersedes(Node writer, const Entry& entry) const;
  bool Stands(const Entry& entry) const;
  bool WriterLess(Node left, Node right) const;
  std::uint64_t DepthOf(Node writer) const;
  Number Create(Container container);

  const Schema* schema_;
  const Graph* graph_;
  AgentId self_;
  std::size_t visited_ = 0;
  std::vector<Container> containers_;
  std::map<ContainerId, Number, std::less<>> numbers_;
  std::vector<Effect> effects_;
  std::vector<Span> spans_;       // by node: its effects
  std::vector<bool> in_version_;  // by node: part of the prepare version
  std::vector<Node> version_;     // heads of the prepare version
  std::map<Node, std::string_view> voids_;
};

}  // namespace geflecht::crdt
