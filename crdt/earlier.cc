// What a document said once. Read from the order of all elements that a text ever had, which a
// walker over the whole history gives, and from the values that changes wrote.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crdt/container_id.h"
#include "crdt/history.h"
#include "crdt/state.h"
#include "crdt/utf8.h"
#include "crdt/walker.h"

namespace geflecht::crdt {
namespace {

// What a line shows on each side of where it was changed, in code points, and how many elements
// are looked at for that, those included that are not there any more.
constexpr std::size_t kShownAround = 2000, kLookedAround = 16384;

// The key of the root map under which a container lies; nothing where that is not known any more.
std::string FieldUnder(const Engine& engine, Number number) {
  if (number == kNoNumber || number == 0) return {};
  while (engine.at(number).parent != 0) number = engine.at(number).parent;
  const Container& container = engine.at(number);
  if (container.creator == kNoNode) return engine.schema().fields[container.place].key;
  return container.place == kNoPlace ? std::string() : engine.record(container.place).key();
}

// Whether one of the changes took away, replaced or split what stood there.
class Takings {
 public:
  bool Takes(const std::vector<Edit>& edits, const ChangeId& change) {
    return std::any_of(edits.begin(), edits.end(),
                       [&](const Edit& edit) { return Takes(edit, change); });
  }

 private:
  bool Takes(const Edit& edit, const ChangeId& change) {
    if (const auto* set = std::get_if<SetKey>(&edit))
      return !set->slot || !set_.emplace(Globally(set->map, change), set->key).second;
    if (const auto* insert = std::get_if<InsertText>(&edit))
      return typed_.emplace(Globally(insert->text, change), change).first->second != change;
    return std::holds_alternative<Remove>(edit) || std::holds_alternative<RemoveNode>(edit) ||
           std::holds_alternative<SetItem>(edit) || std::holds_alternative<InsertBlock>(edit);
  }

  std::set<std::pair<ContainerId, std::string>> set_;
  std::map<ContainerId, ChangeId> typed_;
};

bool TakesText(const std::vector<Edit>& edits) {
  return std::any_of(edits.begin(), edits.end(),
                     [](const Edit& edit) { return std::holds_alternative<Remove>(edit); });
}

// One text: of each change the lines that it changed, as they stood before it. The changes in front
// of it are those of lower numbers: one of the orders in which they may have come.
class ChangedLines {
 public:
  ChangedLines(const Engine& engine, Number text)
      : engine_(engine), log_(engine.at(text).sequence->log) {}

  template <typename Visit>
  void ForEach(const Visit& visit) {
    if (log_.items() == 0) return;
    Read();
    std::sort(changed_.begin(), changed_.end());
    Node last = kNoNode;
    std::uint32_t behind = 0;
    for (const auto& [node, place] : changed_) {
      if (node != last) behind = 0;
      last = node;
      if (place < behind) continue;
      if (const std::string line = LineAt(place, node, behind); !line.empty()) visit(line);
    }
  }

 private:
  void Read() {
    signs_ = DecodeUtf8(log_.text()).value_or(std::u32string());
    CHECK(signs_.size() == log_.items());
    written_.resize(signs_.size());
    taken_.resize(signs_.size(), kNoNode);
    place_.resize(signs_.size());
    for (const SequenceLog::Op& op : log_.ops())
      if (Inserts(op)) std::fill_n(written_.begin() + op.item, op.count, op.node);
    Walker walker(engine_.graph(), log_, 0, kNoNode);
    walker.Feed(log_.size());
    for (const Walker::Element& run : walker.Elements())
      for (Item item = run.item; item < run.item + run.count; ++item) {
        place_[item] = static_cast<std::uint32_t>(order_.size());
        order_.push_back(item);
      }
    for (std::size_t op = 0; op < log_.size(); ++op) {
      const SequenceLog::Op& here = log_.ops()[op];
      if (!engine_.Counts(here.node)) continue;
      if (Inserts(here)) changed_.emplace_back(here.node, place_[here.item]);
      if (here.kind != SequenceLog::Kind::kRemove) continue;
      for (const Walker::Stretch& gone : walker.RemovedBy(op))
        for (Item item = gone.item; item < gone.item + gone.count; ++item) Take(item, here.node);
    }
  }

  void Take(Item item, Node by) {
    if (taken_[item] != kNoNode) return;
    taken_[item] = by;
    if (written_[item] == by) return;
    changed_.emplace_back(by, place_[item]);
    // The line behind is joined to the one in front.
    if (signs_[item] == U'\n') changed_.emplace_back(by, place_[item] + 1);
  }

  static bool Inserts(const SequenceLog::Op& op) {
    return op.kind == SequenceLog::Kind::kInsert || op.kind == SequenceLog::Kind::kInsertBlock;
  }

  bool Stands(Item item, Node before) const {
    return written_[item] < before && taken_[item] >= before && engine_.Counts(written_[item]);
  }

  // `behind` becomes the first place that was not looked at.
  std::string LineAt(std::uint32_t place, Node before, std::uint32_t& behind) const {
    std::u32string line;
    std::size_t looked = 0;
    for (std::uint32_t at = place; at > 0 && looked < kLookedAround; ++looked) {
      const Item item = order_[--at];
      if (!Stands(item, before)) continue;
      if (signs_[item] == U'\n' || line.size() == kShownAround) break;
      line += signs_[item];
    }
    std::reverse(line.begin(), line.end());
    const std::size_t most = line.size() + kShownAround;
    std::uint32_t at = place;
    for (looked = 0; at < order_.size() && looked < kLookedAround; ++at, ++looked) {
      const Item item = order_[at];
      if (!Stands(item, before)) continue;
      if (signs_[item] == U'\n' || line.size() == most) break;
      line += signs_[item];
    }
    behind = std::max(at, place + 1);
    return EncodeUtf8(line);
  }

  const Engine& engine_;
  const SequenceLog& log_;
  std::u32string signs_;                                 // by item
  std::vector<Node> written_, taken_;                    // by item; taken by the first that did
  std::vector<std::uint32_t> place_;                     // by item, in order_
  std::vector<Item> order_;                              // all elements that the text ever had
  std::vector<std::pair<Node, std::uint32_t>> changed_;  // where
};

// What changes left of texts: lines that they changed, and whole texts that are not shown any more
// or that the open change may have taken from.
void ForEachText(const Engine& engine, bool all, const SaidBefore& said) {
  std::vector<bool> shown(engine.container_count());
  engine.ForEachShown([&](const std::string&, Number number) { shown[number] = true; });
  for (Number number = 0; number < engine.container_count(); ++number) {
    if (engine.at(number).type != ContainerType::kText) continue;
    const std::string field = FieldUnder(engine, number);
    ChangedLines(engine, number).ForEach([&](const std::string& line) { said(field, line); });
    if (all || !shown[number]) said(field, engine.at(number).sequence->rope.Text());
  }
}

}  // namespace

void ForEachWritten(const std::vector<Edit>& edits, bool with_texts,
                    const std::function<std::string(const ContainerId&)>& field_of,
                    const SaidBefore& said) {
  const auto say = [&](const ContainerId& container, std::string_view key, const NewSlot& slot) {
    const auto* value = std::get_if<Value>(&slot);
    const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
    if (text == nullptr || text->empty()) return;
    said(container.empty() ? std::string(key) : field_of(container), *text);
  };
  std::string typed;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (const auto* set = std::get_if<SetKey>(&edits[i])) {
      if (set->slot) say(set->map, set->key, *set->slot);
    } else if (const auto* item = std::get_if<SetItem>(&edits[i])) {
      say(item->list, {}, item->slot);
    } else if (const auto* items = std::get_if<InsertItems>(&edits[i])) {
      for (const NewSlot& slot : items->items) say(items->list, {}, slot);
    } else if (const auto* insert = std::get_if<InsertText>(&edits[i]); insert && with_texts) {
      typed += insert->inserted;
      const auto* next = i + 1 < edits.size() ? std::get_if<InsertText>(&edits[i + 1]) : nullptr;
      if (next != nullptr && next->text == insert->text) continue;
      if (!typed.empty()) said(field_of(insert->text), typed);
      typed.clear();
    }
  }
}

Result<void> ForEachEarlier(const Document& document, const SaidBefore& said) {
  const Engine& stored = DocumentAccess::State(document).Current();
  bool takes = stored.HasOpen() || !stored.excluded().empty() || !stored.voids().empty();
  if (!takes) {
    Takings takings;
    TRY(stored.history().ForEach(stored.graph(), [&](Node node, std::vector<Edit>& edits) {
      takes = takings.Takes(edits, stored.graph().id(node));
      return !takes;
    }));
  }
  if (!takes) return {};
  ASSIGN(const Performed whole, Performed::Of(document));
  const Engine& engine = whole.engine();
  TRY(engine.history().ForEach(engine.graph(), [&](Node node, std::vector<Edit>& edits) {
    const bool counts = engine.Counts(node) && !engine.voids().contains(node);
    const auto field_of = [&](const ContainerId& id) {
      return FieldUnder(engine, engine.Resolve(id, node));
    };
    ForEachWritten(edits, !counts || TakesText(edits), field_of, said);
    return true;
  }));
  ForEachText(engine, stored.HasOpen(), said);
  return {};
}

}  // namespace geflecht::crdt
