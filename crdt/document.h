// A document: maps, lists, texts, trees and counters, merged from changes in any order (design of
// the event graph: Gentle and Kleppmann, Collaborative Text Editing with Eg-walker, EuroSys 2025;
// order of concurrent insertions: docs/decisions/0010).
//
// Same set of changes, same state and same conflicts on every node. Not thread-safe. No I/O, no
// clock.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crdt/change.h"
#include "crdt/schema.h"
#include "crdt/value.h"

namespace geflecht::crdt {

// One value of a register and the change that wrote it.
struct Writing {
  Slot slot;  // what it says; for a removed key a null value with `removed`
  bool removed = false;
  ChangeId change;
  AgentId agent;
  bool operator==(const Writing&) const = default;
};
// A map entry: the shown writing first, then those that are concurrent to it, in an order that is
// the same on every node. More than one writing is a conflict until somebody sets the key again.
struct Register {
  std::string key;
  std::vector<Writing> writings;
};

// What one author did to a passage that several edited at once.
struct ConcurrentSide {
  AgentId agent;
  std::vector<ChangeId> changes;  // ascending
  std::string inserted, removed;  // what these did to the passage, in the order of the text
  bool operator==(const ConcurrentSide&) const = default;
};

// What several did without seeing each other, until somebody settles it.
struct Conflict {
  enum class Kind {
    kKey,   // a map key: what was set and removed
    kItem,  // an item of a list: the same
    kMove,  // an item of a list: where it was put; the slots say what it holds
    kNode,  // a node of a tree: where it was put, or that it was removed; and, behind what holds,
            // moves and removals of it that have no effect
    kPassage,  // of a text
  };
  std::string path;               // "/phone", of an item or a node; of the text for kPassage
  std::vector<Writing> writings;  // the one that holds first, then the later first; not of kPassage
  Kind kind = Kind::kKey;
  // kPassage: what is shown of it, in code points and block markers, and who did what, by agent.
  std::uint64_t position = 0, count = 0;
  std::vector<ConcurrentSide> sides = {};
  bool operator==(const Conflict&) const = default;
};

// What a transaction or a merge did to one container, for screens that update in place.
struct Patch {
  // kFormat: marks or attributes of the elements became different. kReset: anything may be
  // different (content came late or was erased, a change was excluded or included).
  enum class Kind { kSet, kInsert, kRemove, kAdd, kFormat, kReset };
  Kind kind = Kind::kSet;
  std::string path;            // of the container; for kSet with the key
  std::uint64_t position = 0;  // kInsert, kRemove, kFormat: index in code points or items
  std::uint64_t count = 0;
  std::string text;  // kInsert into a text
  bool operator==(const Patch&) const = default;
};

// A stretch of a text with the same marks, or a block marker, whose text is "\n".
struct Span {
  std::string text;  // with a gap: one sign for each code point (crdt/content.h)
  std::map<std::string, Value> marks;
  std::optional<std::map<std::string, Value>> block;  // its attributes
  std::optional<Gap> gap = std::nullopt;              // what was typed is not here
  bool operator==(const Span&) const = default;
};

// An item of a list: its writings as in a Register, and where more than one move of it stand, the
// changes that made these, the one that counts first.
struct ListItem {
  std::vector<Writing> writings;
  std::vector<ChangeId> moves;
};

// A node of a tree that is shown, and its map's name.
struct TreeNode {
  ContainerId id, parent;  // no parent: the top
  std::string order;
};
struct TreeContest {
  ContainerId node;
  std::vector<ChangeId> changes;  // the one that counts first
};
struct Tree {
  std::vector<TreeNode> nodes;        // parents first, siblings in order
  std::vector<ChangeId> cycles;       // moves without effect, the earlier first
  std::vector<ChangeId> kept;         // removals without effect, the earlier first
  std::vector<TreeContest> contests;  // nodes that several have put somewhere, by name
};

class Document;

// Staged edits of one call of Document::Edit. Paths are JSON Pointers (RFC 6901), resolved against
// the state in front of the edit: "" is the root map, "/title" a key, "/items/0/name" a key of the
// first item. A method returns kUsage (no such place, wrong type, position out of range, over a
// limit) without effect.
class Transaction {
 public:
  Result<void> Set(std::string_view path, Value value);
  Result<void> SetChild(std::string_view path, ContainerType type);  // a new, empty container
  Result<void> RemoveKey(std::string_view path);
  Result<void> InsertText(std::string_view path, std::uint64_t position, std::string_view text);
  Result<void> RemoveText(std::string_view path, std::uint64_t position, std::uint64_t count);
  // Makes the text equal to `text` by the smallest set of insertions and removals (Myers 1986).
  Result<void> ReplaceText(std::string_view path, std::string_view text);
  // Gives code points a format, or takes it away (crdt/change.h, Mark).
  Result<void> Mark(std::string_view path, std::uint64_t from, std::uint64_t to,
                    std::string_view key, std::optional<Value> value, Expand expand);
  Result<void> InsertBlock(std::string_view path, std::uint64_t position,
                           std::map<std::string, Value> attributes);
  Result<void> SetBlock(std::string_view path, std::uint64_t position, std::string_view key,
                        std::optional<Value> value);
  Result<void> InsertItem(std::string_view path, std::uint64_t position, Value value);
  Result<void> InsertChild(std::string_view path, std::uint64_t position, ContainerType type);
  Result<void> RemoveItems(std::string_view path, std::uint64_t position, std::uint64_t count);
  // The item keeps its identity: who edits or moves it elsewhere edits or moves the same one.
  Result<void> SetItem(std::string_view path, std::uint64_t position, Value value);
  Result<void> SetItemChild(std::string_view path, std::uint64_t position, ContainerType type);
  // In front of the item that stands at `to` now, or behind the last one.
  Result<void> MoveItem(std::string_view path, std::uint64_t from, std::uint64_t to);
  // Nodes of a tree. `parent` is a node that is shown, "" the top. The node becomes number `index`
  // of its children, counted without the node itself. CreateNode returns the node's name, which
  // holds until the open change is cut; its map is at the path of the tree, "/", and the name.
  Result<ContainerId> CreateNode(std::string_view path, const ContainerId& parent,
                                 std::uint64_t index);
  // Brings back a removed node. kUsage below itself.
  Result<void> MoveNode(std::string_view path, const ContainerId& node, const ContainerId& parent,
                        std::uint64_t index);
  Result<void> RemoveNode(std::string_view path, const ContainerId& node);
  Result<void> Increment(std::string_view path, std::int64_t delta);
  // Any edit, as it stands in a change.
  Result<void> Stage(const Edit& edit);

 private:
  friend class Document;
  explicit Transaction(Document& document) : document_(document) {}
  Document& document_;
};

enum class Applied { kNew, kKnown, kWaiting };

class Document {
 public:
  // `schema` is copied. `self` is the agent of local edits.
  Document(Schema schema, AgentId self);
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  // Takes a change of anybody. kWaiting: a parent is not here yet; it is kept and applied when the
  // last one comes. A change whose edits do not fit the state of its parents is void as a whole: it
  // counts as a parent, has no effect and is listed in Voids().
  Applied Apply(Change change);
  struct Void {
    ChangeId change;
    std::string reason;  // stable English identifier, e.g. "position-out-of-range"
  };
  std::vector<Void> Voids() const;
  std::vector<ChangeId> Waiting() const;

  // Content of a change that came without, or that is erased: joins what `edits`, the same edits
  // with other gaps, know (crdt/content.h). Says whether anything is different now. The history is
  // performed again before the next reading. kNotFound if the change is neither merged nor waiting,
  // kUsage if they are other edits.
  Result<bool> MergeContent(const ChangeId& change, const std::vector<crdt::Edit>& edits);
  // The change no longer counts, or counts again; it need not be here yet (docs/formats/change.md,
  // Excluded changes). The history is performed again before the next reading.
  void Exclude(const ChangeId& change);
  void Include(const ChangeId& change);

  // Local edits. `edits` may be called twice, with the same effect. All edits of one call or none.
  // They are visible at once and lie in the *open change* until TakeOpen. Apply of a foreign change
  // is a programming error while a change is open.
  Result<void> Edit(const std::function<Result<void>(Transaction&)>& edits);
  bool HasOpen() const;
  // What continues the edit in front of it is joined with it.
  const std::vector<crdt::Edit>& OpenEdits() const;
  // The events of the open change so far; every edit adds at least one.
  std::uint64_t OpenEvents() const;
  // Puts back edits that OpenEdits returned earlier on the same heads. kMalformed if they do not
  // fit.
  Result<void> RestoreOpen(std::vector<crdt::Edit> edits);
  // Ends the open change: its edits and the heads it was made on. They are no longer visible until
  // the caller gives the change an id and Applies it. No edits if no change is open.
  struct Cut {
    Heads parents;
    std::vector<crdt::Edit> edits;
  };
  Cut TakeOpen();

  const Heads& heads() const;
  const Schema& schema() const;
  // Whether `change` lies in the causal past of `other` or is it. Both have been applied.
  bool Contains(const ChangeId& other, const ChangeId& change) const;

  // Reading, with the open change. kNotFound where the path leads nowhere, kUsage for another type.
  // A declared container is always there; its register has one writing of no change. Writings of
  // the open change have a zero change id.
  Result<Register> Get(std::string_view path) const;
  Result<std::vector<Register>> Map(std::string_view path) const;  // by key, ascending
  Result<std::vector<Slot>> List(std::string_view path) const;
  Result<std::vector<ListItem>> Items(std::string_view path) const;
  Result<Tree> ReadTree(std::string_view path) const;
  Result<std::string> Text(std::string_view path) const;
  // The text with its marks and block markers, in order; neighbours differ.
  Result<std::vector<Span>> Spans(std::string_view path) const;
  Result<std::int64_t> Counter(std::string_view path) const;
  // By path, kind and place, the same on every node. Contests() leaves the passages out, for which
  // the history has to be performed.
  std::vector<Conflict> Conflicts() const;
  std::vector<Conflict> Contests() const;

  // Settles the first of Contests() with this path for its writing `n`, 0 being the one that holds:
  // the key or item is set or removed anew, the item or node put there anew. A child is copied with
  // its content. kNotFound if there is no conflict, kUsage for no such n, for a value that is not
  // here, and for a node that would stand below itself.
  Result<void> Resolve(std::string_view path, std::size_t n);

  // Calls `observer` after each Edit and Apply that changed the state. The returned number ends it.
  using Observer = std::function<void(const std::vector<Patch>&)>;
  int Observe(Observer observer);
  void StopObserving(int number);

 private:
  friend class Transaction;
  friend struct DocumentAccess;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace geflecht::crdt
