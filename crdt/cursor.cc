#include "crdt/cursor.h"

#include <algorithm>

#include "crdt/path.h"
#include "crdt/state.h"
#include "crdt/walker.h"

namespace geflecht::crdt {
namespace {

bool Inserts(const SequenceLog::Op& op) {
  return op.kind == SequenceLog::Kind::kInsert || op.kind == SequenceLog::Kind::kInsertBlock;
}

// Of all insertions of a change the first op.
std::size_t FirstOf(const SequenceLog& log, Node node) {
  return log.FirstBehind(node == 0 ? kNoNode : node - 1);
}

std::uint64_t NumberOf(const SequenceLog& log, Item item) {
  const std::size_t last = log.OpOf(item);
  std::uint64_t number = item - log.ops()[last].item;
  for (std::size_t op = FirstOf(log, log.ops()[last].node); op < last; ++op)
    if (Inserts(log.ops()[op])) number += log.ops()[op].count;
  return number;
}

std::optional<Item> ItemOf(const SequenceLog& log, Node node, std::uint64_t number) {
  for (std::size_t op = FirstOf(log, node); op < log.size(); ++op) {
    const SequenceLog::Op& here = log.ops()[op];
    if (here.node != node) break;
    if (!Inserts(here)) continue;
    if (number < here.count) return here.item + static_cast<Item>(number);
    number -= here.count;
  }
  return std::nullopt;
}

Item ShownAt(const Walker& walker, std::uint64_t position) {
  if (const auto place = walker.PreparedPlace(position)) return walker.ItemAt(*place);
  for (const Walker::Stretch& stretch : walker.Visible()) {
    if (position < stretch.count) return stretch.item + static_cast<Item>(position);
    position -= stretch.count;
  }
  return 0;
}

Engine& Known(const Document& document) {
  Engine& engine = DocumentAccess::State(document).Current();
  if (engine.cold()) engine.Warm();
  return engine;
}

}  // namespace

Result<Cursor> CursorAt(const Document& document, std::string_view path, std::uint64_t position,
                        Stick stick) {
  const Engine& engine = Known(document);
  ASSIGN(const Number number, FindContainer(engine, path));
  if (!engine.at(number).sequence) return Fail(Code::kUsage, "another type stands there");
  const std::uint64_t length = engine.LengthOf(engine.at(number));
  if (position > length) return Fail(Code::kUsage, "position-out-of-range");
  Cursor cursor{.container = engine.IdOf(number), .element = {}, .behind = stick == Stick::kFront};
  if (cursor.behind ? position == 0 : position == length) return cursor;
  const SequenceLog& log = engine.at(number).sequence->log;
  const Walker& walker = engine.RichWalker(number);
  Item item = ShownAt(walker, cursor.behind ? position - 1 : position);
  if (const auto moved = walker.HistoryOf(item)) item = moved->item;
  const Node node = log.NodeOf(item);
  cursor.element = Cursor::Element{
      node < engine.graph().size() ? engine.graph().id(node) : ChangeId{}, NumberOf(log, item)};
  return cursor;
}

Result<std::uint64_t> PositionOf(const Document& document, const Cursor& cursor) {
  const auto missing = [] { return Fail(Code::kNotFound, "no such place in the document"); };
  const Engine& engine = Known(document);
  const Node open = static_cast<Node>(engine.graph().size());
  const Number number = engine.Resolve(cursor.container, open);
  if (number == kNoNumber || !engine.at(number).sequence) return missing();
  if (!cursor.element) return cursor.behind ? 0 : engine.LengthOf(engine.at(number));
  const std::optional<Node> node = cursor.element->change == ChangeId{}
                                       ? std::optional(open)
                                       : engine.graph().Find(cursor.element->change);
  if (!node) return missing();
  std::optional<Item> item = ItemOf(engine.at(number).sequence->log, *node, cursor.element->number);
  if (!item) return missing();
  const Walker& walker = engine.RichWalker(number);
  if (const auto moved = walker.HistoryOf(*item); moved && moved->shown != 0xFFFFFFFF)
    item = moved->shown;
  return walker.PlaceOf({*item, cursor.behind});
}

}  // namespace geflecht::crdt
