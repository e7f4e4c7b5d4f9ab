// Texts: characters, block markers and their attributes. Marks are left to undo_marks.cc.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "crdt/rope.h"
#include "crdt/undo_marks.h"
#include "crdt/undo_order.h"

namespace geflecht::crdt {
namespace {

using Kind = SequenceLog::Kind;

class TextInverse {
 public:
  TextInverse(const Engine& now, Number text, Node change, const UndoOrder& order, Inverse& out)
      : now_(now),
        id_(now.IdOf(text)),
        change_(change),
        order_(order),
        log_(order.log()),
        marks_(order, change),
        out_(out) {}

  void Find() {
    const auto [first, end] = order_.OpsOf(change_);
    for (std::size_t op = first; op < end; ++op) {
      const SequenceLog::Op& here = log_.ops()[op];
      if (here.kind == Kind::kInsert || here.kind == Kind::kInsertBlock)
        for (std::uint32_t i = 0; i < here.count; ++i) Decide(order_.Root(here.item + i));
      if (here.kind == Kind::kRemove)
        for (const Walker::Stretch& gone : order_.wanted().RemovedBy(op))
          for (std::uint32_t i = 0; i < gone.count; ++i) Decide(order_.Root(gone.item + i));
    }
    for (const auto& [item, ops] : order_.wanted().settings())
      for (const std::size_t op : ops)
        if (log_.ops()[op].node == change_)
          settings_[order_.Root(item)].insert(log_.setting(log_.ops()[op]).key);
    Place();
    Perform();
  }

 private:
  void Decide(Item root) {
    if (!decided_.insert(root).second) return;
    const std::vector<Item> members = order_.Members(root);
    const bool wanted =
        order_.IsWanted(root) && std::none_of(members.begin(), members.end(),
                                              [&](Item item) { return order_.CopyRemoved(item); });
    const std::optional<Item> present = order_.Present(members);
    if (present && !wanted) removed_.insert(*present);
    if (!wanted || std::any_of(members.begin(), members.end(), [&](Item item) {
          return order_.IsShown(item) || log_.GapOf(item).has_value();
        }))
      return;
    brought_.emplace(members.back(), root);
  }

  // Behind which number of elements, counted with those that are not there, something comes back.
  void Place() {
    if (brought_.empty()) return;
    std::uint32_t gap = 0;
    for (const Item item : order_.ByMeaning()) {
      if (order_.IsWritten(item)) {
        gap = order_.PlaceOf(item) + 1;
      } else if (brought_.contains(item)) {
        back_[gap].push_back(item);
      }
    }
  }

  void Perform() {
    if (decided_.empty() && settings_.empty() && !marks_.any()) return;
    BringBack(0);
    for (const Item item : order_.elements()) {
      if (order_.IsWritten(item) && order_.IsShown(item)) {
        if (removed_.contains(item)) {
          PutRemoval();
        } else {
          PutSettings(item);
          if (marks_.any()) Wish(order_.Root(item), false);
          ++written_;
          ++shown_;
        }
      } else {
        if (order_.IsWritten(item)) ++written_;
        if (order_.IsShown(item)) ++shown_;
      }
      BringBack(order_.PlaceOf(item) + 1);
    }
    if (!wishes_.empty()) out_.wishes[id_] = std::move(wishes_);
  }

  void PutRemoval() {
    if (!out_.edits.empty())
      if (auto* last = std::get_if<crdt::Remove>(&out_.edits.back());
          last != nullptr && last->sequence == id_ && last->position == written_) {
        ++last->count;
        return;
      }
    out_.edits.push_back(crdt::Remove{id_, written_, 1});
  }

  void BringBack(std::uint32_t gap) {
    const auto found = back_.find(gap);
    if (found == back_.end()) return;
    for (const Item item : found->second) {
      PutInsertion(item);
      Name(item);
      Wish(brought_.at(item), true);
      ++written_;
      ++shown_;
    }
  }

  void PutInsertion(Item item) {
    const std::size_t op = log_.OpOf(item);
    if (log_.ops()[op].kind == Kind::kInsertBlock) {
      PutBlock(brought_.at(item));
      return;
    }
    const std::string_view text = log_.TextOf(op);
    if (item != item_ + 1 || op != op_) offset_ = BytesOfPoints(text, item - log_.ops()[op].item);
    op_ = op;
    item_ = item;
    const std::size_t size = BytesOfPoints(text.substr(offset_), 1);
    const std::string_view point = text.substr(offset_, size);
    offset_ += size;
    if (!out_.edits.empty())
      if (auto* last = std::get_if<InsertText>(&out_.edits.back());
          last != nullptr && last->text == id_ && last->position + points_ == written_) {
        last->inserted += point;
        ++points_;
        return;
      }
    out_.edits.push_back(InsertText{id_, written_, std::string(point)});
    points_ = 1;
  }

  void PutBlock(Item root) {
    InsertBlock block{id_, written_, {}};
    std::vector<SetBlock> more;
    for (auto& [key, value] : Attributes(order_.Members(root), true)) {
      if (!IsKnown(value.first)) continue;
      if (block.attributes.size() < limits::kBlockAttributesMax) {
        block.attributes.emplace(key, value.first);
      } else {
        more.push_back({id_, written_, key, value.first});
      }
    }
    out_.edits.push_back(std::move(block));
    out_.edits.insert(out_.edits.end(), more.begin(), more.end());
  }

  // What a block marker has, and the op that decided it; as it is wanted or, of one member, now.
  using Attribute = std::pair<Value, std::optional<std::size_t>>;
  std::map<std::string, Attribute> Attributes(const std::vector<Item>& members, bool wanted) const {
    std::map<std::string, Attribute> out;
    const std::map<std::string, Value>& block = *log_.Block(members[0]);
    for (const auto& [key, value] : block) out[key] = {value, std::nullopt};
    std::vector<std::size_t> ops;
    for (const Item item : members)
      if (const auto found = order_.wanted().settings().find(item);
          found != order_.wanted().settings().end())
        ops.insert(ops.end(), found->second.begin(), found->second.end());
    std::sort(ops.begin(), ops.end(), [&](std::size_t left, std::size_t right) {
      return order_.wanted().LaterOp(right, left);
    });
    for (const std::size_t op : ops) {
      if (wanted ? order_.Aside(op) : !now_.Counts(log_.ops()[op].node)) continue;
      const SetBlock& setting = log_.setting(log_.ops()[op]);
      if (setting.value) {
        out[setting.key] = {*setting.value, op};
      } else {
        out.erase(setting.key);
      }
    }
    return out;
  }

  void PutSettings(Item item) {
    if (settings_.empty()) return;
    const auto found = settings_.find(order_.Root(item));
    if (found == settings_.end()) return;
    const auto wanted = Attributes(order_.Members(found->first), true);
    const auto now = Attributes({item}, false);
    for (const std::string& key : found->second) {
      const auto there = now.find(key), then = wanted.find(key);
      const bool decided =
          there != now.end() && there->second.second && !order_.Aside(*there->second.second);
      if (decided) continue;
      std::optional<Value> value;
      if (then != wanted.end()) value = then->second.first;
      if (there == now.end() ? !value.has_value() : value == there->second.first) continue;
      if (!value || IsKnown(*value)) out_.edits.push_back(SetBlock{id_, written_, key, value});
    }
  }

  void Name(Item item) {
    std::vector<ElementName>& names = out_.brought[id_];
    if (!names.empty() && item == named_ + 1 && log_.OpOf(item) == log_.OpOf(named_)) {
      names.push_back({names.back().change, names.back().number + 1});
    } else {
      names.push_back(order_.NameOf(item));
    }
    named_ = item;
  }

  void Wish(Item root, bool all) {
    const auto [number, cover] = marks_.At(root);
    std::map<std::string, MarkWish::Format> formats = all ? cover->wanted : cover->undone;
    if (!all && formats.empty()) return;
    if (!wishes_.empty()) {
      MarkWish& last = wishes_.back();
      if (number == number_ && last.all == all && last.shown + last.count == shown_ &&
          last.written + last.count == written_) {
        ++last.count;
        return;
      }
    }
    number_ = number;
    wishes_.push_back({shown_, written_, 1, all, std::move(formats)});
  }

  const Engine& now_;
  const ContainerId id_;
  const Node change_;
  const UndoOrder& order_;
  const SequenceLog& log_;
  UndoMarks marks_;
  Inverse& out_;
  std::set<Item> decided_;                           // elements that the change decided about
  std::set<Item> removed_;                           // members that have to go
  std::map<Item, Item> brought_;                     // by place: the element
  std::map<std::uint32_t, std::vector<Item>> back_;  // by gap: places
  std::map<Item, std::set<std::string>> settings_;   // by element: attributes that it set
  std::vector<MarkWish> wishes_;
  std::size_t number_ = 0;                 // of the last wish's marks
  std::uint64_t written_ = 0, shown_ = 0;  // in front of here, once the edits are staged
  std::uint64_t points_ = 0;               // of the last insertion
  std::size_t op_ = 0, offset_ = 0;        // behind the last point that was copied
  Item item_ = 0xFFFFFFFE, named_ = 0xFFFFFFFE;
};

}  // namespace

void TakeBackText(const Engine& now, Number text, Node change, const UndoOrder& order,
                  Inverse& out) {
  TextInverse(now, text, change, order, out).Find();
}

}  // namespace geflecht::crdt
