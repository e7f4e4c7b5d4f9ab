#include <map>
#include <string>
#include <utility>
#include <vector>

#include "crdt/container_id.h"
#include "crdt/document.h"
#include "crdt/path.h"
#include "crdt/state.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {
namespace {

// A container to copy, and the event that made the copy.
struct Copy {
  Number from = 0;
  std::uint64_t to = 0;
};

NewSlot AsNew(const Slot& slot) {
  if (const auto* child = std::get_if<Child>(&slot)) return child->type;
  return std::get<Value>(slot);
}

bool IsHere(const Slot& slot) {
  const auto* value = std::get_if<Value>(&slot);
  return value == nullptr || !std::holds_alternative<Absent>(*value);
}

class Copier {
 public:
  explicit Copier(Engine& engine) : engine_(engine) {}

  // kUsage for a value that is not here.
  Result<void> Set(Number map, std::string_view key, const Slot& slot) {
    if (!IsHere(slot)) return Fail(Code::kUsage, "content-not-here");
    Remember(slot, engine_.open_events());
    return Staged(engine_.StageSet(map, key, AsNew(slot)));
  }

  Result<void> SetItem(Number list, std::uint64_t position, const Slot& slot) {
    if (!IsHere(slot)) return Fail(Code::kUsage, "content-not-here");
    Remember(slot, engine_.open_events());
    return Staged(engine_.StageSetItem(list, position, AsNew(slot)));
  }

  // Copies what the children that were set hold.
  Result<void> CopyContents() {
    while (!rest_.empty()) {
      const Copy copy = rest_.back();
      rest_.pop_back();
      TRY(CopyContent(copy.from, engine_.Resolve(OwnId(copy.to), NextNode())));
    }
    return {};
  }

 private:
  Node NextNode() const { return static_cast<Node>(engine_.graph().size()); }

  void Remember(const Slot& slot, std::uint64_t event) {
    if (const auto* child = std::get_if<Child>(&slot))
      rest_.push_back({engine_.Resolve(child->id, NextNode()), event});
  }

  Result<void> CopyContent(Number from, Number to) {
    switch (engine_.at(from).type) {
      case ContainerType::kMap:
        for (const Register& entry : ReadMap(engine_, from))
          if (IsHere(entry.writings[0].slot)) TRY(Set(to, entry.key, entry.writings[0].slot));
        break;
      case ContainerType::kList: {
        std::vector<NewSlot> items;
        for (const Slot& slot : ReadList(engine_, from)) {
          if (!IsHere(slot)) continue;
          Remember(slot, engine_.open_events() + items.size());
          items.push_back(AsNew(slot));
        }
        if (!items.empty()) TRY(Staged(engine_.StageInsertItems(to, 0, items)));
        break;
      }
      case ContainerType::kText: {
        TRY(CopyText(engine_.ReadSpans(from), to));
        break;
      }
      case ContainerType::kCounter:
        if (const std::int64_t sum = ReadCounter(engine_, from); sum != 0)
          TRY(Staged(engine_.StageAdd(to, sum)));
        break;
      case ContainerType::kTree:
        TRY(CopyTree(engine_.ReadTree(from), to));
        break;
    }
    return {};
  }

  // What is not here is not copied, and its marks do not know any more whether they grow.
  Result<void> CopyText(const std::vector<Span>& spans, Number to) {
    std::uint64_t at = 0;
    for (const Span& span : spans) {
      if (span.gap) continue;
      const std::uint64_t points = CountCodePoints(span.text);
      TRY(Staged(span.block ? engine_.StageInsertBlock(to, at, KnownOf(*span.block))
                            : engine_.StageInsertText(to, at, span.text)));
      for (const auto& [key, value] : span.marks)
        if (IsHere(value))
          TRY(Staged(engine_.StageMark(to, {{}, at, at + points, key, value, Expand::kNone})));
      at += points;
    }
    return {};
  }

  static std::map<std::string, Value> KnownOf(std::map<std::string, Value> attributes) {
    std::erase_if(attributes, [](const auto& attribute) { return !IsHere(attribute.second); });
    return attributes;
  }

  Result<void> CopyTree(const Tree& tree, Number to) {
    std::map<ContainerId, ContainerId> copies{{{}, {}}};
    for (const TreeNode& node : tree.nodes) {
      const std::uint64_t event = engine_.open_events();
      rest_.push_back({engine_.Resolve(node.id, NextNode()), event});
      copies[node.id] = OwnId(event);
      TRY(Staged(
          engine_.StageNode(CreateNode{engine_.IdOf(to), copies.at(node.parent), node.order})));
    }
    return {};
  }

  Engine& engine_;
  std::vector<Copy> rest_;
};

// What a path leads to: a key of a map, an item of a list, a node of a tree.
struct Place {
  Number in = 0;
  std::string step;
};

Result<Place> PlaceOf(const Engine& engine, std::string_view path) {
  const auto steps = SplitPath(path);
  if (!steps || steps->empty()) return Fail(Code::kUsage, "the path names no key");
  const std::size_t last = path.rfind('/');
  ASSIGN(const Number in, FindContainer(engine, path.substr(0, last)));
  return Place{in, steps->back()};
}

Result<void> CheckChoice(std::size_t choices, std::size_t n) {
  if (choices < 2) return Fail(Code::kNotFound, "no conflict at this place");
  if (n >= choices) return Fail(Code::kUsage, "no such writing");
  return {};
}

class Settlement {
 public:
  explicit Settlement(Engine& engine) : engine_(engine), copier_(engine) {}

  Result<void> SettleKey(const Place& place, std::size_t n) {
    const Register found = ReadRegister(engine_, place.in, place.step);
    TRY(CheckChoice(found.writings.size(), n));
    const Writing& chosen = found.writings[n];
    if (chosen.removed) return Staged(engine_.StageSet(place.in, place.step, std::nullopt));
    TRY(copier_.Set(place.in, place.step, chosen.slot));
    return copier_.CopyContents();
  }

  // What an item holds is settled before where it stands.
  Result<void> SettleItem(const Place& place, std::size_t n) {
    const std::vector<ListItem> items = engine_.ReadItems(place.in);
    std::size_t index = 0;
    while (index < items.size() && std::to_string(index) != place.step) ++index;
    if (index == items.size()) return Fail(Code::kNotFound, "no such place in the document");
    const std::vector<Writing>& writings = items[index].writings;
    if (writings.size() < 2) return SettleMoves(place.in, index, items[index].moves.size(), n);
    TRY(CheckChoice(writings.size(), n));
    ASSIGN(const std::uint64_t at, Named(place.in, index));
    if (writings[n].removed) return Staged(engine_.StageRemove(place.in, at, 1));
    TRY(copier_.SetItem(place.in, at, writings[n].slot));
    return copier_.CopyContents();
  }

  Result<void> SettleNode(const Place& place, std::size_t n) {
    for (const Engine::NodeContest& contest : engine_.NodeContests(place.in)) {
      const ContainerId id = engine_.IdOf(contest.node), tree = engine_.IdOf(place.in);
      if (id != place.step) continue;
      TRY(CheckChoice(contest.edits.size(), n));
      const NodeEdit& chosen = contest.edits[n];
      if (chosen.kind == NodeEdit::Kind::kRemove)
        return Staged(engine_.StageNode(RemoveNode{tree, id}));
      if (engine_.IsNodeBelow(chosen.parent, contest.node))
        return Fail(Code::kUsage, "below-itself");
      return Staged(engine_.StageNode(MoveNode{
          tree, id, chosen.parent == place.in ? ContainerId() : engine_.IdOf(chosen.parent),
          chosen.order}));
    }
    return Fail(Code::kNotFound, "no conflict at this place");
  }

 private:
  // The position of a shown item in changes.
  Result<std::uint64_t> Named(Number list, std::uint64_t index) const {
    const auto stretches = engine_.Written(list, index, 1);
    if (!stretches) return Fail(Code::kUsage, "removed-by-excluded");
    return stretches->front().first;
  }

  Result<void> SettleMoves(Number list, std::uint64_t index, std::size_t moves, std::size_t n) {
    TRY(CheckChoice(moves, n));
    ASSIGN(const std::uint64_t from, Named(list, index));
    const std::uint64_t to = engine_.MovedTo(list, index, n);
    return Staged(engine_.StageMoveItem(list, from, engine_.WrittenGap(list, to)));
  }

  Engine& engine_;
  Copier copier_;
};

}  // namespace

// A child that was superseded cannot be set again, since a container has one place; a copy takes
// it.
Result<void> Document::Resolve(std::string_view path, std::size_t n) {
  return Edit([&](Transaction&) -> Result<void> {
    Engine& engine = state_->engine;
    ASSIGN(const Place place, PlaceOf(engine, path));
    Settlement settlement(engine);
    switch (engine.at(place.in).type) {
      case ContainerType::kMap:
        return settlement.SettleKey(place, n);
      case ContainerType::kList:
        return settlement.SettleItem(place, n);
      case ContainerType::kTree:
        return settlement.SettleNode(place, n);
      default:
        return Fail(Code::kUsage, "another type stands there");
    }
  });
}

}  // namespace geflecht::crdt
