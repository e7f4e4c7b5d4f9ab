// The merged state of a document: takes changes whose parents it has, in any order that keeps
// parents first, and keeps what they leave. The state depends on the set of changes only.
//
// A change on all heads is performed on the state as it stands. So are its edits of a container
// that no change outside of its past has edited. Anything else goes through a walker, which begins
// at the last critical version (Gentle and Kleppmann, Eg-walker, EuroSys 2025).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crdt/change.h"
#include "crdt/containers.h"
#include "crdt/document.h"
#include "crdt/edit_history.h"
#include "crdt/event_graph.h"
#include "crdt/open_change.h"
#include "crdt/schema.h"

namespace geflecht::crdt {

// What the writer of a change had seen: everything, or the past of its parents; and itself.
struct Past {
  bool all = true;
  Node self = 0;
  std::span<const Node> parents;  // ascending
};

class Engine {
 public:
  // `schema` outlives the engine. `self` is the writer of the open change.
  Engine(const Schema& schema, const AgentId& self);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  const Schema& schema() const { return *schema_; }
  const AgentId& self() const { return self_; }
  const EventGraph& graph() const { return graph_; }
  const std::map<Node, std::string_view>& voids() const { return voids_; }

  // Merges a change that is not here and whose parents are: `parents` are their numbers, ascending,
  // none twice. No change is open.
  void Merge(const Change& change, std::span<const Node> parents);
  // The same for changes of one agent, each but the first on the one in front of it alone. All hold
  // nothing but an insertion into one text, behind what the one in front inserted.
  void MergeTyped(std::span<const Change* const> changes, std::span<const Node> parents);

  // Whether MergeTyped is of use.
  bool JoinsTyped() const { return patches_ == nullptr && excluded_.empty() && silent_.empty(); }
  // So many changes will be merged now.
  void Expect(std::size_t changes) { graph_.Reserve(changes); }

  // The edits of all merged changes.
  const EditHistory& history() const { return history_; }
  // Performs the history from the first change on.
  void Rebuild();
  // Adds what `edits` know to a merged change (crdt/content.h, MergeContent). Warm has to follow if
  // that makes a difference.
  Result<bool> MergeContent(Node node, const std::vector<Edit>& edits);
  // Whether a change counts (docs/formats/change.md, Excluded changes). Says whether it is merged
  // already; then Warm has to follow.
  bool SetCounts(const ChangeId& change, bool counts);
  bool Counts(Node node) const { return node >= silent_.size() || !silent_[node]; }
  const std::set<ChangeId>& excluded() const { return excluded_; }
  const std::vector<bool>& silent() const { return silent_; }
  // For files: takes over what a document's history is; then either StateReader or Rebuild gives it
  // a state. The engine holds nothing yet.
  void Restore(EventGraph graph, EditHistory history, const std::map<Node, std::string>& voids);
  // Whether only the state came from a file: what is not on top of everything needs Rebuild first.
  bool cold() const { return cold_; }
  // An edit was refused because of that since the engine began.
  bool wants_history() const { return cold_ && wants_history_; }
  // Rebuild, below the open change.
  void Warm();

  // Collects what becomes different from now on; nullptr ends that.
  void CollectPatches(std::vector<Patch>* patches) { patches_ = patches; }

  // The open change: edits on top of everything, by a change whose number will be graph().size().
  // The Stage functions say why an edit does not fit, or nothing; it has no effect then.
  // Positions are those of changes: in a sequence that a change which does not count has edited,
  // others than those of what is shown. For these: the place in front of a shown element or of the
  // end, and the stretches of shown elements, from the last to the first. Nothing if that change
  // removed one of them, which no later change can name.
  std::uint64_t WrittenGap(Number sequence, std::uint64_t shown) const {
    return containers_[sequence].sequence->silent ? SilentGap(sequence, shown) : shown;
  }
  std::optional<std::vector<std::pair<std::uint64_t, std::uint64_t>>> Written(
      Number sequence, std::uint64_t shown, std::uint64_t count) const;
  bool HasOpen() const { return open_.active; }
  std::uint64_t open_events() const { return open_.events; }
  std::size_t open_size() const { return open_.edits.size(); }
  std::string_view StageInsertText(Number text, std::uint64_t position, std::string_view inserted);
  std::string_view StageInsertItems(Number list, std::uint64_t position,
                                    const std::vector<NewSlot>& items);
  std::string_view StageRemove(Number sequence, std::uint64_t position, std::uint64_t count);
  std::string_view StageSet(Number map, std::string_view key, std::optional<NewSlot>&& slot);
  std::string_view StageMark(Number text, const crdt::Mark& mark);
  std::string_view StageInsertBlock(Number text, std::uint64_t position,
                                    const std::map<std::string, Value>& attributes);
  std::string_view StageSetBlock(Number text, const crdt::SetBlock& setting);
  std::string_view StageSetItem(Number list, std::uint64_t position, const NewSlot& slot);
  std::string_view StageMoveItem(Number list, std::uint64_t from, std::uint64_t to);
  std::string_view StageAdd(Number counter, std::int64_t delta);
  std::string_view StageNode(const Edit& edit);  // of a tree
  std::string_view Stage(const Edit& edit);
  OpenMark MarkOpen();
  // Takes back what was staged behind `mark`.
  void RollBack(const OpenMark& mark);
  std::vector<Edit> OpenEdits() const;
  bool OpenEquals(const std::vector<Edit>& edits) const;
  // Makes the open change, whose edits are `edits`, a part of the history.
  void CommitOpen(const ChangeId& id, const std::vector<Edit>& edits);

  // Reading.
  const Container& at(Number number) const { return containers_[number]; }
  std::size_t container_count() const { return containers_.size(); }
  const Record& record(RecordNumber number) const { return records_[number]; }
  ContainerId IdOf(Number number) const;
  // The container that an edit of `node` calls `id`; kNoNumber if there is none.
  Number Resolve(std::string_view id, Node node) const;
  Number Declared(std::string_view key) const;
  // The writings of a key that nothing supersedes, the shown one first, each value once. Empty if
  // the key was never set; a key that is only removed has one writing.
  std::vector<Writing> Writings(Number map, std::string_view key) const;
  // In the order in which Writings gives them.
  std::vector<RecordNumber> Sorted(const Standing& entries) const;
  // The record that is shown, or nothing.
  std::optional<RecordNumber> Shown(const Standing& entries) const;
  Slot SlotOf(const std::variant<Value, Number>& from) const;
  std::uint64_t LengthOf(const Container& container) const {
    if (container.type == ContainerType::kText) return container.sequence->rope.length();
    if (container.type == ContainerType::kList) return container.sequence->items.length();
    return 0;
  }
  std::vector<Span> ReadSpans(Number text);
  std::vector<ListItem> ReadItems(Number list) const;
  // How many items are shown in front of the place where move `n` of the item at `index` has put
  // it, in the order of ReadItems.
  std::uint64_t MovedTo(Number list, std::uint64_t index, std::size_t n) const;
  // What an item that a list shows in a slot holds.
  const ListElement& ElementOf(Number list, Item slot) const;
  // The walker that knows all elements of a text or list, on top of everything. Not when cold.
  Walker& RichWalker(Number sequence) const;
  Tree ReadTree(Number tree) const;
  // The edits of nodes that nobody has settled: of each node the one that holds, then the others
  // that nothing follows, the later first.
  struct NodeContest {
    Number node = 0;
    std::vector<NodeEdit> edits;
  };
  std::vector<NodeContest> NodeContests(Number tree) const;
  // Who made a change; the zero id is the open one.
  const AgentId& AgentOf(const ChangeId& change) const;
  // The map of a tree's node, the tree for an empty name, kNoNumber for no node of it.
  Number NodeOf(Number tree, std::string_view id, Node node) const;
  bool IsShownNode(Number node) const;
  // What holds of a node, whether it is shown or stands below one that is removed; nothing if it is
  // removed itself or its creation does not count.
  const NodeEdit* PlacedBy(Number node) const;
  // Whether a path of map keys leads to it. It is the same path as long as `made` is the same.
  bool IsReached(Number number) const;
  // Counts how often containers were forgotten, so that numbers may mean others.
  std::uint64_t made() const { return made_; }
  // Whether it is `top` or stands below it.
  bool IsNodeBelow(Number node, Number top) const;
  // Every container that the paths reach, each in front of its children.
  void ForEachShown(const std::function<void(const std::string&, Number)>& visit) const;

 private:
  friend class Checker;
  friend class StateReader;

  // rebuild.cc
  std::string_view WantHistory();
  bool NeedsHistory(const Change& change, std::span<const Node> parents) const;

  // merge.cc
  void Include(const Change& change, Node node, std::span<const Node> parents, bool all);
  bool IsHidden(Number number) const;
  void Perform(const Edit& edit, Number number, const Past& past, std::uint64_t event);
  std::size_t Join(std::span<const Change* const> changes);
  void PerformInsert(Number number, const Past& past, std::uint64_t position, std::uint64_t count,
                     Item item, std::string_view text);
  void PerformRemove(Number number, const Past& past, std::uint64_t position, std::uint64_t count);
  bool Knows(const Past& past, Node node) const;
  bool KnowsBySearch(const Past& past, Node node) const;
  // Whether everything that edited the sequence lies in `past`.
  bool Current(const Sequence& sequence, const Past& past) const;
  // The sequence's length in the eyes of a writer; makes its walker ready if that is needed.
  // `rich`: marks or block markers are among its edits.
  std::uint64_t Prepare(Number number, const Past& past, bool rich);
  void EnsureWalker(Number number, const Past& past, bool rich) const;

  // tree.cc
  const TreeState& TreeAt(Number tree) const;
  // By node: the edits that no other edit of it follows.
  std::map<Number, std::vector<std::size_t>> StandingEdits(const TreeState& tree) const;
  bool LaterEdit(const NodeEdit& left, const NodeEdit& right) const;
  bool FollowsEdit(const NodeEdit& later, const NodeEdit& earlier) const;
  void AddNodeEdit(Number tree, NodeEdit edit);
  void PerformNode(const Edit& edit, Number tree, Node node, std::uint64_t event);
  Edit NodeEditOf(const OpenEdit& from) const;

  // items.cc
  void PerformSetItem(Number list, const Past& past, std::uint64_t position, ListElement element);
  void PerformMoveItem(Number list, const Past& past, std::uint64_t from, std::uint64_t to);
  void Apply(Number list, const std::vector<Effect>& effects);
  // The ops that wrote what the item in a slot holds, the one that is shown
  // first.
  std::vector<std::size_t> ItemOps(const Sequence& list, const Walker::ItemHistory& item,
                                   const Walker& walker) const;
  Writing ItemWriting(const Sequence& list, Item item, std::size_t op) const;
  // The place of the item that holds a child, if that is shown.
  std::optional<std::uint64_t> IndexOf(Number list, Number child) const;

  // rich.cc
  void PerformMark(Number text, const Past& past, crdt::Mark mark);
  void PerformSetBlock(Number text, const Past& past, crdt::SetBlock setting);
  std::map<std::string, Value> BlockAttributes(const Sequence& text, Item item) const;
  bool LaterOp(const SequenceLog::Op& left, const SequenceLog::Op& right) const;
  Total SumAt(const CounterState& counter, const Past& past) const;
  void MoveFrontier(std::vector<Node>& frontier, const Past& past) const;

  // registers.cc
  // The entry of a key, made if there is none.
  Keys::value_type& EntryOf(Number map, std::string_view key);
  RecordNumber Write(Number map, Keys::value_type& entry, std::variant<Value, Number>&& slot,
                     bool removed, const Past& past);
  bool StaysBeside(RecordNumber record, const Past& past);
  bool Stands(const Container& child) const;
  bool Sees(Node writer, Node other) const;
  void Touch(Number number, const Past& past);
  void Revive(Number number, const Past& past);

  // engine.cc
  void CreateDeclared();
  Number Create(ContainerType type, Number parent, Node creator, std::uint64_t event,
                std::uint32_t place);
  ListElement MakeElement(const NewSlot& slot, Number list, Node node, std::uint64_t event);
  void ApplyInsert(Number number, std::uint64_t position, std::uint64_t count, Item item,
                   std::string_view text);
  void ApplyRemove(Number number, std::uint64_t position, std::uint64_t count);

  // open.cc
  void BeginEdit(Number number);
  // The length of a sequence as positions in changes count it.
  std::uint64_t WrittenLength(Number number) const;
  std::uint64_t SilentGap(Number sequence, std::uint64_t shown) const;
  // Shows what the walker of a silent sequence shows.
  void Reshow(Number number);
  void SaveMark(Number number);
  // The step that brings back a container's changes, and its undoing.
  void SaveNodes(UndoStep::Kind kind, Number number, const std::vector<Node>& nodes);
  void RestoreNodes(const UndoStep& step, std::vector<Node>& nodes) const;
  void Undo(const UndoStep& step);
  void UndoRegister(const UndoStep& step);
  void UndoRemoval(const UndoStep& step);
  Edit EditOf(const OpenEdit& from) const;
  bool Is(const Edit& edit, const OpenEdit& open) const;
  bool IsIdOf(std::string_view id, Number number) const;

  // patches.cc
  std::optional<std::string> PathOf(Number number) const;
  void PatchSequence(Number number, bool removal, std::uint64_t position, std::uint64_t count,
                     std::string_view text);
  void PatchFormat(Number number, std::uint64_t from, std::uint64_t to);
  void PatchKey(Number map, std::string_view key, const std::vector<Writing>& before);
  void PatchCounter(Number number);
  void PatchContent(Number number, const std::string& path);

  const Schema* schema_;
  AgentId self_;
  EventGraph graph_;
  std::vector<Container> containers_;  // the root, declared ones, then those that edits made
  Number declared_ = 0;                // number of the first that an edit made
  std::uint64_t made_ = 0;
  std::vector<Record> records_;
  std::map<Node, std::string_view> voids_;
  OpenChange open_;
  std::vector<Patch>* patches_ = nullptr;
  EditHistory history_;
  bool cold_ = false, wants_history_ = false;
  std::set<ChangeId> excluded_;
  std::vector<bool> silent_;                    // by number: does not count
  std::set<std::string, std::less<>> reasons_;  // of voids that came from a file
  // Used anew for each change.
  std::vector<Effect> effects_;
  std::vector<Number> numbers_;
  std::vector<std::uint32_t> measured_;
  std::vector<Measure> measures_;
  std::string joined_;
  std::vector<Node> parents_;
  mutable std::size_t searches_ = 0;     // for the past of the change at hand
  mutable EventGraph::Difference past_;  // the whole of it, once that is worth it
};

}  // namespace geflecht::crdt
