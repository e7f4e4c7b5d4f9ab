#include "crdt/change.h"

#include "crdt/utf8.h"

namespace geflecht::crdt {

std::uint64_t EventCount(const Edit& edit) {
  if (const auto* text = std::get_if<InsertText>(&edit))
    return text->absent ? text->absent->points : CountCodePoints(text->inserted);
  if (const auto* list = std::get_if<InsertItems>(&edit)) return list->items.size();
  if (const auto* remove = std::get_if<Remove>(&edit)) return remove->count;
  return 1;
}

const ContainerId& ContainerOf(const Edit& edit) {
  struct Visitor {
    const ContainerId& operator()(const SetKey& e) const { return e.map; }
    const ContainerId& operator()(const InsertText& e) const { return e.text; }
    const ContainerId& operator()(const InsertItems& e) const { return e.list; }
    const ContainerId& operator()(const Remove& e) const { return e.sequence; }
    const ContainerId& operator()(const Add& e) const { return e.counter; }
    const ContainerId& operator()(const SetItem& e) const { return e.list; }
    const ContainerId& operator()(const MoveItem& e) const { return e.list; }
    const ContainerId& operator()(const CreateNode& e) const { return e.tree; }
    const ContainerId& operator()(const MoveNode& e) const { return e.tree; }
    const ContainerId& operator()(const RemoveNode& e) const { return e.tree; }
    const ContainerId& operator()(const Mark& e) const { return e.text; }
    const ContainerId& operator()(const InsertBlock& e) const { return e.text; }
    const ContainerId& operator()(const SetBlock& e) const { return e.text; }
  };
  return std::visit(Visitor{}, edit);
}

}  // namespace geflecht::crdt
