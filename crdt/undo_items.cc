// Lists: items that were inserted, removed, set or moved.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "crdt/undo_order.h"

namespace geflecht::crdt {
namespace {

using Kind = SequenceLog::Kind;

class ItemsInverse {
 public:
  ItemsInverse(const Engine& now, Number list, Node change, const UndoOrder& order,
               const std::function<bool(Number)>& in_use, Inverse& out)
      : id_(now.IdOf(list)),
        change_(change),
        order_(order),
        log_(order.log()),
        in_use_(in_use),
        now_walker_(log_.is_rich() ? &now.RichWalker(list) : nullptr),
        out_(out) {}

  void Find() {
    const auto [first, end] = order_.OpsOf(change_);
    for (std::size_t op = first; op < end; ++op) {
      const SequenceLog::Op& here = log_.ops()[op];
      if (here.kind == Kind::kInsert)
        for (std::uint32_t i = 0; i < here.count; ++i)
          items_[order_.Root(here.item + i)].held = true;
      if (here.kind != Kind::kInsert)
        for (const Walker::Stretch& target : order_.wanted().RemovedBy(op))
          for (std::uint32_t i = 0; i < target.count; ++i) {
            Decided& item = items_[order_.Root(target.item + i)];
            (here.kind == Kind::kMoveItem ? item.moved : item.held) = true;
          }
    }
    if (items_.empty()) return;
    for (const Item slot : order_.elements()) {
      if (!order_.IsWritten(slot) && !order_.IsShown(slot)) continue;
      const auto found = items_.find(order_.Root(slot));
      if (found == items_.end()) continue;
      if (order_.IsWritten(slot)) found->second.slot = slot;
      found->second.shown = found->second.shown || order_.IsShown(slot);
    }
    for (auto& [root, item] : items_) Decide(root, item);
    Perform();
    Move();
  }

 private:
  // What the change decided about an item: what it holds or whether it is there, and where.
  struct Decided {
    bool held = false, moved = false;
    std::optional<Item> slot;  // now
    bool shown = false;
    Item place = 0;  // that is wanted
  };
  struct Wanted {
    bool there = false;
    std::size_t op = 0;  // that says what it holds
    Item item = 0;       // whose insertion that is
  };

  std::size_t Best(std::vector<std::uint32_t> ops) const {
    return *std::min_element(ops.begin(), ops.end(), [&](std::uint32_t left, std::uint32_t right) {
      const bool removed = log_.ops()[left].kind == Kind::kRemove;
      const bool other = log_.ops()[right].kind == Kind::kRemove;
      return removed != other ? other : order_.wanted().LaterOp(left, right);
    });
  }

  const ListElement& Holds(Item item, std::size_t op) const {
    const SequenceLog::Op& here = log_.ops()[op];
    return here.kind == Kind::kSetItem ? log_.SetElement(here.count) : log_.Element(item);
  }

  Wanted WantedOf(const std::vector<Item>& members) const {
    for (std::size_t i = members.size(); i-- > 0;) {
      const auto history = order_.wanted().HistoryOf(members[i]);
      if (i == 0 && !history)
        return {order_.IsWanted(members[0]), log_.OpOf(members[0]), members[0]};
      if (i == 0 && history->writings.empty()) return {};
      if (!history && order_.CopyRemoved(members[i])) return {};
      if (!history || history->writings.empty()) continue;
      const std::size_t best = Best(history->writings);
      const bool sets = log_.ops()[best].kind != Kind::kRemove;
      return {sets && (i > 0 || history->shown != kNone), best, members[i]};
    }
    return {};
  }

  Item PlaceOf(const std::vector<Item>& members) const {
    for (std::size_t i = members.size(); i-- > 0;)
      if (const auto history = order_.wanted().HistoryOf(members[i]))
        for (const std::uint32_t op : history->moves)
          if (log_.ops()[op].kind == Kind::kMoveItem && !order_.Aside(op))
            return log_.ops()[op].item;
    const auto history = order_.wanted().HistoryOf(members[0]);
    return history && history->shown != kNone ? history->shown : members.back();
  }

  void Decide(Item root, Decided& item) {
    const std::vector<Item> members = order_.Members(root);
    const Wanted wanted = WantedOf(members);
    item.place = PlaceOf(members);
    if (!item.shown) {
      if (!wanted.there || !item.held) return;
      const auto* value = std::get_if<Value>(&Holds(wanted.item, wanted.op));
      if (value != nullptr && IsKnown(*value)) brought_.emplace(item.place, *value);
      return;
    }
    if (!item.slot) return;
    const auto history = now_walker_ ? now_walker_->HistoryOf(*item.slot) : std::nullopt;
    const Item held_by = history ? history->item : *item.slot;
    const std::size_t op = history ? Best(history->writings) : log_.OpOf(*item.slot);
    const ListElement& holds = Holds(held_by, op);
    if (item.held && !wanted.there) {
      const auto* child = std::get_if<Number>(&holds);
      const bool by_others = log_.ops()[op].kind == Kind::kSetItem && !order_.Aside(op);
      if (!by_others && (child == nullptr || !in_use_(*child))) removed_.insert(*item.slot);
    } else if (item.held && order_.Aside(op)) {
      const ListElement& wants = Holds(wanted.item, wanted.op);
      const auto* value = std::get_if<Value>(&wants);
      if (value != nullptr && IsKnown(*value) && wants != holds) set_.emplace(*item.slot, *value);
    }
    if (item.moved && wanted.there && order_.Aside(log_.OpOf(*item.slot)) &&
        !order_.StandsAt(*item.slot, item.place))
      moves_.emplace_back(*item.slot, item.place);
  }

  void Perform() {
    std::map<std::uint32_t, std::vector<Item>> back;
    std::uint32_t gap = 0;
    if (!brought_.empty() || !moves_.empty()) meaning_ = order_.ByMeaning();
    if (!brought_.empty())
      for (const Item slot : meaning_) {
        if (order_.IsWritten(slot)) gap = order_.PlaceOf(slot) + 1;
        if (brought_.contains(slot)) back[gap].push_back(slot);
      }
    const auto bring_back = [&](std::uint32_t at) {
      const auto found = back.find(at);
      if (found == back.end()) return;
      for (const Item slot : found->second) PutInsertion(slot);
    };
    bring_back(0);
    for (const Item slot : order_.elements()) {
      if (order_.IsWritten(slot)) {
        const std::uint64_t position = present_.size();
        if (removed_.contains(slot)) {
          out_.edits.push_back(crdt::Remove{id_, position, 1});
        } else {
          if (const auto set = set_.find(slot); set != set_.end())
            out_.edits.push_back(SetItem{id_, position, NewSlot(set->second)});
          present_.push_back(slot);
        }
      }
      bring_back(order_.PlaceOf(slot) + 1);
    }
  }

  void PutInsertion(Item slot) {
    const std::uint64_t position = present_.size();
    out_.brought[id_].push_back(order_.NameOf(slot));
    present_.push_back(slot);
    const NewSlot value(brought_.at(slot));
    if (!out_.edits.empty())
      if (auto* last = std::get_if<InsertItems>(&out_.edits.back());
          last != nullptr && last->list == id_ && last->position + last->items.size() == position) {
        last->items.push_back(value);
        return;
      }
    out_.edits.push_back(InsertItems{id_, position, {value}});
  }

  // Each behind the last one that is there in front of its place, from the front to the back.
  void Move() {
    if (moves_.empty()) return;
    std::vector<std::uint32_t> ranks(meaning_.size());
    for (std::uint32_t rank = 0; rank < meaning_.size(); ++rank) ranks[meaning_[rank]] = rank;
    std::vector<bool> there(meaning_.size());
    for (const Item slot : present_) there[slot] = true;
    std::sort(moves_.begin(), moves_.end(), [&](const auto& left, const auto& right) {
      return ranks[left.second] < ranks[right.second];
    });
    for (const auto& [slot, place] : moves_) {
      if (!there[slot]) continue;
      std::uint32_t rank = ranks[place];
      while (rank > 0 && (!there[meaning_[rank - 1]] || meaning_[rank - 1] == slot)) --rank;
      const auto at = std::find(present_.begin(), present_.end(), slot);
      const auto to = rank == 0
                          ? present_.begin()
                          : std::find(present_.begin(), present_.end(), meaning_[rank - 1]) + 1;
      const auto from_index = at - present_.begin();
      auto to_index = to - present_.begin();
      out_.edits.push_back(MoveItem{id_, static_cast<std::uint64_t>(from_index),
                                    static_cast<std::uint64_t>(to_index)});
      out_.brought[id_].push_back(order_.NameOf(place));
      present_.erase(at);
      if (to_index > from_index) --to_index;
      present_.insert(present_.begin() + to_index, place);
      there[slot] = false;
      there[place] = true;
    }
  }

  static constexpr Item kNone = 0xFFFFFFFF;

  const ContainerId id_;
  const Node change_;
  const UndoOrder& order_;
  const SequenceLog& log_;
  const std::function<bool(Number)>& in_use_;
  const Walker* const now_walker_;
  Inverse& out_;
  std::map<Item, Decided> items_;  // by root
  std::set<Item> removed_;         // slots
  std::map<Item, Value> set_, brought_;
  std::vector<std::pair<Item, Item>> moves_;  // from a slot to a place
  std::vector<Item> meaning_, present_;       // the latter: slots once the edits are staged
};

}  // namespace

void TakeBackItems(const Engine& now, Number list, Node change, const UndoOrder& order,
                   const std::function<bool(Number)>& in_use, Inverse& out) {
  ItemsInverse(now, list, change, order, in_use, out).Find();
}

}  // namespace geflecht::crdt
