// Places in texts and lists that stay where they are while the document changes: carets of people
// at work, and what comments and citations refer to.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "crdt/document.h"

namespace geflecht::crdt {

// Beside an element, whatever happens to it or around it. Means the same on every node.
struct Cursor {
  // By the change that inserted it: the element's number among those that the change inserted into
  // this container, from 0. A zero change id: the open change, until it is cut.
  struct Element {
    ChangeId change;
    std::uint64_t number = 0;
    bool operator==(const Element&) const = default;
  };
  ContainerId container;
  std::optional<Element> element;  // nothing: the begin (`behind`) or the end
  bool behind = false;             // the element, else in front of it
  bool operator==(const Cursor&) const = default;
};

enum class Stick : std::uint8_t { kFront, kBack };  // to the element in front or at the back of it

// At `position` of a text or list. O(log n) once the elements are known; they are made known from
// the history when this is first asked for. kNotFound and kUsage as Document::Text; kUsage behind
// the end.
Result<Cursor> CursorAt(const Document& document, std::string_view path, std::uint64_t position,
                        Stick stick);
// The number of elements that are shown in front of it. An element that is not shown counts as the
// place where it was. kNotFound if the element, or its container, is not here.
Result<std::uint64_t> PositionOf(const Document& document, const Cursor& cursor);

}  // namespace geflecht::crdt
