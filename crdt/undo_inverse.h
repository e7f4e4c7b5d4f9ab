// What takes one change back on top of everything that came since. The state that is wanted is the
// one in which this change, those that are taken back already, and whatever taking back has made do
// not count (docs/formats/change.md, Excluded changes).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "crdt/document.h"
#include "crdt/engine.h"

namespace geflecht::crdt {

inline bool IsKnown(const Value& value) { return !std::holds_alternative<Absent>(value); }

// An element of a text or a slot of a list: the n-th that a change has made in that container.
struct ElementName {
  ChangeId change;
  std::uint32_t number = 0;
};

// By container and change: in whose place the elements and slots are that the change has made there
// to bring others back, in order. An element has at most one that stands for it.
using Copies = std::map<ContainerId, std::map<ChangeId, std::vector<ElementName>>>;

// Marks that a stretch of a text has to have once the edits are staged.
struct MarkWish {
  struct Format {
    std::optional<Value> value;
    Expand expand = Expand::kNone;
    bool operator==(const Format&) const = default;
  };
  std::uint64_t shown = 0;    // its place in what is shown,
  std::uint64_t written = 0;  // and in positions of changes
  std::uint64_t count = 0;
  bool all = false;  // marks of no key in `formats` are to go
  std::map<std::string, Format> formats;
};

struct Inverse {
  std::vector<Edit> edits;
  std::map<ContainerId, std::vector<MarkWish>> wishes;      // by text; not empty
  std::map<ContainerId, std::vector<ElementName>> brought;  // the same of the edits
};

// `aside` are the changes that do not count in the state that is wanted, of which `change` may be
// one; `now` is the document's engine, not cold and without an open change. Nothing is found where
// somebody else has decided since. kCorruption if the history cannot be read.
Result<Inverse> FindInverse(const Document& document, const Engine& now, Node change,
                            const std::set<ChangeId>& aside, const Copies& copies);

// Stages the marks that a text lacks. The reason why one does not fit, or nothing.
std::string_view StageWishes(Engine& engine, const ContainerId& text,
                             const std::vector<MarkWish>& wishes);

}  // namespace geflecht::crdt
