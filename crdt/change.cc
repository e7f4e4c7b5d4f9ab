#include "crdt/change.h"

#include "crdt/utf8.h"

namespace geflecht::crdt {

std::uint64_t EventCount(const Edit& edit) {
  if (const auto* text = std::get_if<InsertText>(&edit)) return CountCodePoints(text->inserted);
  if (const auto* list = std::get_if<InsertItems>(&edit)) return list->items.size();
  if (const auto* remove = std::get_if<Remove>(&edit)) return remove->count;
  return 1;
}

}  // namespace geflecht::crdt
