// Items of lists that are set or moved. The walker of such a list begins with
// the list and stays.
#include <algorithm>
#include <utility>

#include "crdt/engine.h"
#include "crdt/validity.h"

namespace geflecht::crdt {
namespace {

const ListElement& ElementBy(const SequenceLog& log, Item item, std::size_t op) {
  const SequenceLog::Op& here = log.ops()[op];
  return here.kind == SequenceLog::Kind::kSetItem ? log.SetElement(here.count) : log.Element(item);
}

bool Removes(const SequenceLog& log, std::size_t op) {
  return log.ops()[op].kind == SequenceLog::Kind::kRemove;
}

}  // namespace

void Engine::Apply(Number list, const std::vector<Effect>& effects) {
  for (const Effect& effect : effects) {
    if (effect.removal) {
      ApplyRemove(list, effect.position, effect.count);
    } else {
      ApplyInsert(list, effect.position, effect.count, effect.item, {});
    }
  }
}

void Engine::PerformSetItem(Number list, const Past& past, std::uint64_t position,
                            ListElement element) {
  Sequence& sequence = *containers_[list].sequence;
  sequence.log.SetItem(past.self, position, std::move(element));
  MoveFrontier(sequence.frontier, past);
  std::optional<std::uint64_t> shown = position;
  if (sequence.walked_by == past.self) {
    const Item slot = sequence.walker->ItemAt(position);
    effects_.clear();
    sequence.walker->PerformItem(past.self, effects_);
    Apply(list, effects_);
    if (patches_ == nullptr || !effects_.empty()) return;
    shown = sequence.items.IndexOf(sequence.walker->HistoryOf(slot)->shown);
  }
  if (patches_ == nullptr || !shown) return;
  PatchSequence(list, true, *shown, 1, {});
  PatchSequence(list, false, *shown, 1, {});
}

void Engine::PerformMoveItem(Number list, const Past& past, std::uint64_t from, std::uint64_t to) {
  Sequence& sequence = *containers_[list].sequence;
  const Item slot = sequence.log.items();
  sequence.log.MoveItem(past.self, from, to);
  MoveFrontier(sequence.frontier, past);
  if (sequence.walked_by == past.self) {
    effects_.clear();
    sequence.walker->PerformItem(past.self, effects_);
    return Apply(list, effects_);
  }
  ApplyRemove(list, from, 1);
  ApplyInsert(list, to > from ? to - 1 : to, 1, slot, {});
}

std::string_view Engine::StageSetItem(Number list, std::uint64_t position, const NewSlot& slot) {
  if (cold_) return WantHistory();
  if (containers_[list].type != ContainerType::kList) return "wrong-type";
  if (position >= WrittenLength(list)) return "position-out-of-range";
  if (const auto reason = CheckValue(slot, containers_[list].depth); !reason.empty()) return reason;
  BeginEdit(list);
  const Past past{.all = true, .self = static_cast<Node>(graph_.size()), .parents = {}};
  const std::size_t number = containers_[list].sequence->log.set_elements();
  PerformSetItem(list, past, position, MakeElement(slot, list, past.self, open_.events));
  if (containers_[list].sequence->silent) Reshow(list);
  open_.edits.push_back({OpenEdit::Kind::kSetItem, list, position, 0, number, 0});
  ++open_.events;
  return {};
}

std::string_view Engine::StageMoveItem(Number list, std::uint64_t from, std::uint64_t to) {
  if (cold_) return WantHistory();
  if (containers_[list].type != ContainerType::kList) return "wrong-type";
  const std::uint64_t length = WrittenLength(list);
  if (from >= length || to > length) return "position-out-of-range";
  if (const auto reason = CheckRoom(containers_[list].sequence->log.items(), 1); !reason.empty())
    return reason;
  BeginEdit(list);
  const Past past{.all = true, .self = static_cast<Node>(graph_.size()), .parents = {}};
  if (containers_[list].sequence->silent) {
    containers_[list].sequence->log.MoveItem(past.self, from, to);
    Reshow(list);
  } else {
    open_.steps.push_back(
        {UndoStep::Kind::kRemoveItems, list, from, 1, open_.removed_items.size()});
    open_.removed_items.push_back({containers_[list].sequence->items.At(from), 1});
    PerformMoveItem(list, past, from, to);
    open_.steps.push_back({UndoStep::Kind::kInsert, list, to > from ? to - 1 : to, 1, 0});
  }
  open_.edits.push_back({OpenEdit::Kind::kMoveItem, list, from, to, 0, 0});
  ++open_.events;
  return {};
}

std::vector<std::size_t> Engine::ItemOps(const Sequence& list, const Walker::ItemHistory& item,
                                         const Walker& walker) const {
  std::vector<std::size_t> out(item.writings.begin(), item.writings.end());
  std::sort(out.begin(), out.end(), [&](std::size_t left, std::size_t right) {
    const bool removed = Removes(list.log, left), other = Removes(list.log, right);
    return removed != other ? other : walker.LaterOp(left, right);
  });
  return out;
}

const ListElement& Engine::ElementOf(Number list, Item slot) const {
  const Sequence& sequence = *containers_[list].sequence;
  if (!sequence.log.is_rich()) return sequence.log.Element(slot);
  const Walker& walker = RichWalker(list);
  const auto item = walker.HistoryOf(slot);
  if (!item) return sequence.log.Element(slot);
  return ElementBy(sequence.log, item->item, ItemOps(sequence, *item, walker)[0]);
}

Writing Engine::ItemWriting(const Sequence& list, Item item, std::size_t op) const {
  const Node node = list.log.ops()[op].node;
  const bool open = node >= graph_.size(), removed = Removes(list.log, op);
  return {.slot = removed ? Slot(Value()) : SlotOf(ElementBy(list.log, item, op)),
          .removed = removed,
          .change = open ? ChangeId{} : graph_.id(node),
          .agent = open ? self_ : graph_.agent(node)};
}

std::vector<ListItem> Engine::ReadItems(Number list) const {
  std::vector<ListItem> out;
  const Sequence& sequence = *containers_[list].sequence;
  const Walker* const walker = sequence.log.is_rich() ? &RichWalker(list) : nullptr;
  for (const LiveItems::Stretch& stretch : sequence.items.All()) {
    for (std::uint32_t i = 0; i < stretch.count; ++i) {
      const Item slot = stretch.item + i;
      const auto item = walker != nullptr ? walker->HistoryOf(slot) : std::nullopt;
      if (!item) {
        out.push_back({{ItemWriting(sequence, slot, sequence.log.OpOf(slot))}, {}});
        continue;
      }
      ListItem read;
      for (const std::size_t op : ItemOps(sequence, *item, *walker)) {
        Writing one = ItemWriting(sequence, item->item, op);
        const auto* value = std::get_if<Value>(&one.slot);
        const bool absent = value != nullptr && std::holds_alternative<Absent>(*value);
        const bool known =
            !absent && std::any_of(read.writings.begin(), read.writings.end(), [&](const auto& w) {
              return w.removed == one.removed && w.slot == one.slot;
            });
        if (!known) read.writings.push_back(std::move(one));
      }
      if (item->moves.size() > 1)
        for (const std::uint32_t op : item->moves) {
          const Node node = sequence.log.ops()[op].node;
          read.moves.push_back(node >= graph_.size() ? ChangeId{} : graph_.id(node));
        }
      out.push_back(std::move(read));
    }
  }
  return out;
}

std::uint64_t Engine::MovedTo(Number list, std::uint64_t index, std::size_t n) const {
  const Sequence& sequence = *containers_[list].sequence;
  const Walker& walker = RichWalker(list);
  const auto item = walker.HistoryOf(sequence.items.At(index));
  const SequenceLog::Op& op = sequence.log.ops()[item->moves[n]];
  const bool moves = op.kind == SequenceLog::Kind::kMoveItem;
  return walker.PlaceOf({moves ? op.item : item->item, false});
}

std::optional<std::uint64_t> Engine::IndexOf(Number list, Number child) const {
  const Sequence& sequence = *containers_[list].sequence;
  if (!sequence.log.is_rich()) return sequence.items.IndexOf(containers_[child].place);
  std::uint64_t index = 0;
  for (const LiveItems::Stretch& stretch : sequence.items.All())
    for (std::uint32_t i = 0; i < stretch.count; ++i, ++index)
      if (const auto* held = std::get_if<Number>(&ElementOf(list, stretch.item + i)))
        if (*held == child) return index;
  return std::nullopt;
}

}  // namespace geflecht::crdt
