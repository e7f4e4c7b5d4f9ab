#include <utility>
#include <vector>

#include "crdt/container_id.h"
#include "crdt/document.h"
#include "crdt/path.h"
#include "crdt/state.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {
namespace {

struct Copy {
  Replay::Number from = 0;
  ContainerId to;
};

std::variant<Value, ContainerType> AsNew(const Slot& slot) {
  if (const auto* child = std::get_if<Child>(&slot)) return child->type;
  return std::get<Value>(slot);
}

}  // namespace

// A child that was superseded cannot be set again, since a container has one place; a copy takes
// it.
Result<void> Document::Resolve(std::string_view path, std::size_t n) {
  return Edit([&](Transaction&) -> Result<void> {
    State& state = *state_;
    const auto place = FindKey(state.Current(), path);
    if (!place) return Fail(place.error());
    const Register found = ReadRegister(state.Current(), place->map, place->key);
    if (found.writings.size() < 2) return Fail(Code::kNotFound, "no conflict at this place");
    if (n >= found.writings.size()) return Fail(Code::kUsage, "no such writing");
    const Writing chosen = found.writings[n];

    std::vector<Copy> rest;
    const auto copy_child = [&](const Slot& slot, std::uint64_t event) {
      if (const auto* child = std::get_if<Child>(&slot))
        rest.push_back({*state.Current().Find(child->id), OwnId(event)});
    };
    SetKey set{.map = state.Current().at(place->map).id, .key = place->key, .slot = {}};
    if (!chosen.removed) set.slot = AsNew(chosen.slot);
    copy_child(chosen.slot, state.open_events);
    TRY(state.Stage(std::move(set)));
    while (!rest.empty()) {
      const Copy copy = rest.back();
      rest.pop_back();
      switch (state.Current().at(copy.from).type) {
        case ContainerType::kMap:
          for (const Register& entry : ReadMap(state.Current(), copy.from)) {
            const Slot& slot = entry.writings[0].slot;
            copy_child(slot, state.open_events);
            TRY(state.Stage(SetKey{.map = copy.to, .key = entry.key, .slot = AsNew(slot)}));
          }
          break;
        case ContainerType::kList: {
          InsertItems insert{.list = copy.to, .position = 0, .items = {}};
          std::uint64_t event = state.open_events;
          for (const Slot& slot : ReadList(state.Current(), copy.from)) {
            copy_child(slot, event++);
            insert.items.push_back(AsNew(slot));
          }
          if (!insert.items.empty()) TRY(state.Stage(std::move(insert)));
          break;
        }
        case ContainerType::kText: {
          std::string text = EncodeUtf8(ReadText(state.Current(), copy.from));
          if (!text.empty())
            TRY(state.Stage(crdt::InsertText{.text = copy.to, .position = 0, .inserted = text}));
          break;
        }
        case ContainerType::kCounter: {
          const std::int64_t sum = ReadCounter(state.Current(), copy.from);
          if (sum != 0) TRY(state.Stage(Add{.counter = copy.to, .delta = sum}));
          break;
        }
        case ContainerType::kTree:
          break;
      }
    }
    return {};
  });
}

}  // namespace geflecht::crdt
