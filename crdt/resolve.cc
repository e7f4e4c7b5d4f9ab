#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "crdt/container_id.h"
#include "crdt/document.h"
#include "crdt/path.h"
#include "crdt/state.h"

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

class Copier {
 public:
  explicit Copier(Engine& engine) : engine_(engine) {}

  Result<void> Set(Number map, std::string_view key, const Slot& slot) {
    Remember(slot, engine_.open_events());
    return Staged(engine_.StageSet(map, key, AsNew(slot)));
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
          TRY(Set(to, entry.key, entry.writings[0].slot));
        break;
      case ContainerType::kList: {
        std::vector<NewSlot> items;
        for (const Slot& slot : ReadList(engine_, from)) {
          Remember(slot, engine_.open_events() + items.size());
          items.push_back(AsNew(slot));
        }
        if (!items.empty()) TRY(Staged(engine_.StageInsertItems(to, 0, items)));
        break;
      }
      case ContainerType::kText: {
        const std::string text = engine_.at(from).sequence->rope.Text();
        if (!text.empty()) TRY(Staged(engine_.StageInsertText(to, 0, text)));
        break;
      }
      case ContainerType::kCounter:
        if (const std::int64_t sum = ReadCounter(engine_, from); sum != 0)
          TRY(Staged(engine_.StageAdd(to, sum)));
        break;
      case ContainerType::kTree:
        break;
    }
    return {};
  }

  Engine& engine_;
  std::vector<Copy> rest_;
};

}  // namespace

// A child that was superseded cannot be set again, since a container has one place; a copy takes
// it.
Result<void> Document::Resolve(std::string_view path, std::size_t n) {
  return Edit([&](Transaction&) -> Result<void> {
    Engine& engine = state_->engine;
    const auto place = FindKey(engine, path);
    if (!place) return Fail(place.error());
    const Register found = ReadRegister(engine, place->map, place->key);
    if (found.writings.size() < 2) return Fail(Code::kNotFound, "no conflict at this place");
    if (n >= found.writings.size()) return Fail(Code::kUsage, "no such writing");
    const Writing& chosen = found.writings[n];
    if (chosen.removed) {
      const std::string_view reason = engine.StageSet(place->map, place->key, std::nullopt);
      CHECK(reason.empty());
      return {};
    }
    Copier copier(engine);
    TRY(copier.Set(place->map, place->key, chosen.slot));
    return copier.CopyContents();
  });
}

}  // namespace geflecht::crdt
