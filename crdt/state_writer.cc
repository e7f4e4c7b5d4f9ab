#include <algorithm>
#include <utility>

#include "crdt/edit_columns.h"
#include "crdt/state_section.h"
#include "crdt/varint.h"

namespace geflecht::crdt {
namespace {

using namespace columns;  // NOLINT(google-build-using-namespace): tags of values

bool IsPlain(const Container& container) {
  if (container.type == ContainerType::kTree) return container.tree->edits.empty();
  if (!container.sequence) return true;
  return !container.sequence->log.is_rich() && container.sequence->log.gaps().empty();
}

class StateWriter {
 public:
  explicit StateWriter(Engine& engine) : engine_(engine) {}

  StateSection Write() {
    FindContainers();
    SortWriters();
    out_.body.push_back(
        engine_.silent().empty() &&
                std::all_of(order_.begin(), order_.end(),
                            [this](Number number) { return IsPlain(engine_.at(number)); })
            ? kPlainState
            : kRichState);
    for (const Number number : order_) Put(number);
    return std::move(out_);
  }

 private:
  // What is shown or in conflict, each container behind the one that holds it.
  void FindContainers() {
    order_.push_back(0);
    for (Number number = 1; number < engine_.container_count(); ++number) {
      if (engine_.at(number).creator != kNoNode) break;
      order_.push_back(number);
    }
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const Container& container = engine_.at(order_[i]);
      ForEachWriting(container, [this](const Record& record) {
        out_.writers.push_back(record.node);
        if (const auto* child = std::get_if<Number>(&record.slot)) order_.push_back(*child);
      });
      ForEachElement(container, [this](Node writer, const ListElement& element) {
        out_.writers.push_back(writer);
        if (const auto* child = std::get_if<Number>(&element)) order_.push_back(*child);
      });
      if (container.type == ContainerType::kList && !IsPlain(container))
        for (const ListItem& item : engine_.ReadItems(order_[i]))
          for (const Writing& one : item.writings)
            if (const auto* child = std::get_if<Child>(&one.slot))
              order_.push_back(engine_.Resolve(child->id, kNoNode));
      if (container.type != ContainerType::kTree) continue;
      for (const TreeNode& node : engine_.ReadTree(order_[i]).nodes)
        order_.push_back(engine_.NodeOf(order_[i], node.id, kNoNode));
    }
  }

  void SortWriters() {
    std::vector<Node>& writers = out_.writers;
    std::sort(writers.begin(), writers.end());
    writers.erase(std::unique(writers.begin(), writers.end()), writers.end());
    const EventGraph& graph = engine_.graph();
    std::sort(writers.begin(), writers.end(), [&graph](Node left, Node right) {
      const std::uint64_t a = graph.depth(left), b = graph.depth(right);
      return a != b ? a < b : graph.WriterLess(left, right);
    });
    for (std::size_t i = 0; i < writers.size(); ++i) places_.emplace_back(writers[i], i);
    std::sort(places_.begin(), places_.end());
  }

  template <class Visit>
  void ForEachWriting(const Container& map, const Visit& visit) const {
    for (const auto& [key, standing] : map.keys)
      for (const RecordNumber number : engine_.Sorted(standing)) visit(engine_.record(number));
  }

  template <class Visit>
  void ForEachElement(const Container& list, const Visit& visit) const {
    if (list.type != ContainerType::kList || list.sequence->log.is_rich()) return;
    for (const LiveItems::Stretch& stretch : list.sequence->items.All())
      for (std::uint32_t i = 0; i < stretch.count; ++i)
        visit(list.sequence->log.NodeOf(stretch.item + i),
              list.sequence->log.Element(stretch.item + i));
  }

  void Put(Number number) {
    const Container& container = engine_.at(number);
    switch (container.type) {
      case ContainerType::kMap:
        return PutMap(container);
      case ContainerType::kText:
        if (!IsPlain(container)) return PutSpans(number);
        return PutText(container.sequence->rope.Text());
      case ContainerType::kList:
        if (!IsPlain(container)) return PutItems(number);
        PutNumber(container.sequence->items.length());
        return ForEachElement(container, [this](Node writer, const ListElement& element) {
          PutWriter(writer);
          PutSlot(element);
        });
      case ContainerType::kCounter:
        PutTotal(container.counter->sum - container.counter->silent);
        return PutTotal(container.counter->magnitude);
      case ContainerType::kTree:
        return PutTree(number);
    }
  }

  // A list with settings or moves is read from the history; this tells whether
  // it came out the same.
  void PutItems(Number list) {
    const std::vector<ListItem> items = engine_.ReadItems(list);
    PutNumber(items.size());
    for (const ListItem& item : items) {
      PutNumber(item.writings.size());
      for (const Writing& one : item.writings) {
        Append(out_.body, one.change.bytes);
        out_.body.push_back(one.removed ? 1 : 0);
        if (const auto* child = std::get_if<Child>(&one.slot)) {
          PutText(child->id);
        } else {
          PutValue(std::get<Value>(one.slot));
        }
      }
      PutNumber(item.moves.size());
      for (const ChangeId& move : item.moves) Append(out_.body, move.bytes);
    }
  }

  void PutSpans(Number text) {
    const std::vector<Span> spans = engine_.ReadSpans(text);
    PutNumber(spans.size());
    for (const Span& span : spans) {
      PutText(span.text);
      PutAttributes(span.marks);
      out_.body.push_back(span.block ? 1 : 0);
      if (span.block) PutAttributes(*span.block);
      out_.body.push_back(span.gap ? static_cast<std::uint8_t>(*span.gap) : 0);
    }
  }
  void PutAttributes(const std::map<std::string, Value>& attributes) {
    PutNumber(attributes.size());
    for (const auto& [key, value] : attributes) {
      PutText(key);
      PutValue(value);
    }
  }

  void PutTree(Number number) {
    if (IsPlain(engine_.at(number))) return;
    const Tree tree = engine_.ReadTree(number);
    PutNumber(tree.nodes.size());
    for (const TreeNode& node : tree.nodes) {
      PutText(node.id);
      PutText(node.parent);
      PutText(node.order);
    }
  }

  void PutMap(const Container& map) {
    PutNumber(map.keys.size());
    for (const auto& [key, standing] : map.keys) {
      PutText(key);
      PutNumber(standing.size());
      for (const RecordNumber number : engine_.Sorted(standing)) {
        const Record& record = engine_.record(number);
        PutWriter(record.node);
        if (record.removed) {
          out_.body.push_back(kNothing);
        } else {
          PutSlot(record.slot);
        }
      }
    }
  }

  // A child is made by the edit that holds it.
  void PutSlot(const std::variant<Value, Number>& slot) {
    if (const auto* value = std::get_if<Value>(&slot)) return PutValue(*value);
    const Container& child = engine_.at(std::get<Number>(slot));
    out_.body.push_back(kChild);
    out_.body.push_back(static_cast<std::uint8_t>(child.type));
    PutNumber(child.event);
  }

  void PutValue(const Value& value) {
    Bytes& body = out_.body;
    if (const auto* flag = std::get_if<bool>(&value)) {
      body.push_back(*flag ? kTrue : kFalse);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
      body.push_back(kInt);
      PutNumber(ZigZag(*number));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      body.push_back(kString);
      PutText(*text);
    } else if (const auto* absent = std::get_if<Absent>(&value)) {
      body.push_back(absent->gap == Gap::kErased ? kErasedValue : kMissingValue);
      body.push_back(static_cast<std::uint8_t>(absent->kind));
      PutNumber(absent->bytes);
    } else {
      body.push_back(kNull);
    }
  }

  void PutWriter(Node node) {
    const auto at =
        std::lower_bound(places_.begin(), places_.end(), std::pair(node, std::size_t{}));
    PutNumber(at->second);
  }
  void PutTotal(Total total) {
    const auto bits = static_cast<unsigned __int128>(total);
    PutNumber(static_cast<std::uint64_t>(bits));
    PutNumber(static_cast<std::uint64_t>(bits >> 64));
  }
  void PutText(std::string_view text) {
    PutNumber(text.size());
    Append(out_.body, text);
  }
  void PutNumber(std::uint64_t value) { AppendVarint(out_.body, value); }

  Engine& engine_;
  std::vector<Number> order_;
  std::vector<std::pair<Node, std::size_t>> places_;  // of writers, by number
  StateSection out_;
};

}  // namespace

bool IsPlainState(const Engine& engine) {
  if (!engine.silent().empty()) return false;
  for (Number number = 0; number < engine.container_count(); ++number)
    if (!IsPlain(engine.at(number))) return false;
  return true;
}

StateSection WriteState(Engine& engine) { return StateWriter(engine).Write(); }

}  // namespace geflecht::crdt
