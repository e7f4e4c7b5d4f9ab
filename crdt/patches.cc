// Patches are made while the state changes: what an edit did, at the place where it is shown.
#include <algorithm>
#include <utility>

#include "crdt/engine.h"
#include "crdt/path.h"

namespace geflecht::crdt {
namespace {

Patch Make(Patch::Kind kind, std::string path) {
  Patch patch;
  patch.kind = kind;
  patch.path = std::move(path);
  return patch;
}

}  // namespace

// Nothing if the container is not shown.
std::optional<std::string> Engine::PathOf(Number number) const {
  std::vector<std::string> steps;
  for (; number != 0; number = containers_[number].parent) {
    const Container& container = containers_[number];
    if (container.creator == kNoNode) {
      steps.push_back(schema_->fields[container.place].key);
      continue;
    }
    const Container& parent = containers_[container.parent];
    if (parent.type == ContainerType::kTree) {
      if (!IsShownNode(number)) return std::nullopt;
      steps.push_back(IdOf(number));
    } else if (parent.type == ContainerType::kMap) {
      if (container.place == kNoPlace) return std::nullopt;
      const Record& record = records_[container.place];
      if (Shown(record.entry->second) != container.place) return std::nullopt;
      steps.push_back(record.key());
    } else {
      const auto index = IndexOf(container.parent, number);
      if (!index) return std::nullopt;
      steps.push_back(std::to_string(*index));
    }
  }
  std::string path;
  for (auto it = steps.rbegin(); it != steps.rend(); ++it) path = JoinPath(path, *it);
  return path;
}

void Engine::PatchSequence(Number number, bool removal, std::uint64_t position, std::uint64_t count,
                           std::string_view text) {
  std::optional<std::string> path = PathOf(number);
  if (!path) return;
  Patch patch = Make(removal ? Patch::Kind::kRemove : Patch::Kind::kInsert, *std::move(path));
  patch.position = position;
  patch.count = count;
  patch.text = text;
  patches_->push_back(std::move(patch));
}

void Engine::PatchFormat(Number number, std::uint64_t from, std::uint64_t to) {
  std::optional<std::string> path = PathOf(number);
  if (!path || from >= to) return;
  Patch patch = Make(Patch::Kind::kFormat, *std::move(path));
  patch.position = from;
  patch.count = to - from;
  patches_->push_back(std::move(patch));
}

void Engine::PatchCounter(Number number) {
  if (std::optional<std::string> path = PathOf(number))
    patches_->push_back(Make(Patch::Kind::kAdd, *std::move(path)));
}

// The same writings by other changes are no difference.
void Engine::PatchKey(Number map, std::string_view key, const std::vector<Writing>& before) {
  const std::vector<Writing> after = Writings(map, key);
  const bool same = std::equal(before.begin(), before.end(), after.begin(), after.end(),
                               [](const Writing& left, const Writing& right) {
                                 return left.slot == right.slot && left.removed == right.removed;
                               });
  if (same) return;
  const std::optional<std::string> path = PathOf(map);
  if (!path) return;
  const std::string at = JoinPath(*path, key);
  patches_->push_back(Make(Patch::Kind::kSet, at));
  const auto found = containers_[map].keys.find(key);
  const std::optional<RecordNumber> shown =
      found == containers_[map].keys.end() ? std::nullopt : Shown(found->second);
  if (!shown || (!before.empty() && !before[0].removed && before[0].slot == after[0].slot)) return;
  if (const auto* child = std::get_if<Number>(&records_[*shown].slot)) PatchContent(*child, at);
}

// What a container that comes into sight brings with it.
void Engine::PatchContent(Number number, const std::string& path) {
  std::vector<std::pair<Number, std::string>> rest{{number, path}};
  while (!rest.empty()) {
    const auto [at, here] = std::move(rest.back());
    rest.pop_back();
    const Container& container = containers_[at];
    if (container.type == ContainerType::kMap) {
      for (auto it = container.keys.rbegin(); it != container.keys.rend(); ++it) {
        const std::optional<RecordNumber> shown = Shown(it->second);
        if (!shown) continue;
        patches_->push_back(Make(Patch::Kind::kSet, JoinPath(here, it->first)));
        if (const auto* child = std::get_if<Number>(&records_[*shown].slot))
          rest.emplace_back(*child, JoinPath(here, it->first));
      }
    } else if (container.sequence && LengthOf(container) > 0) {
      Patch patch = Make(Patch::Kind::kInsert, here);
      patch.count = LengthOf(container);
      if (container.type == ContainerType::kText) patch.text = container.sequence->rope.Text();
      patches_->push_back(std::move(patch));
      std::uint64_t index = 0;
      for (const LiveItems::Stretch& stretch : container.sequence->items.All())
        for (std::uint32_t i = 0; i < stretch.count; ++i, ++index)
          if (const auto* child = std::get_if<Number>(&ElementOf(at, stretch.item + i)))
            rest.emplace_back(*child, JoinPath(here, std::to_string(index)));
    } else if (container.counter && container.counter->sum != 0) {
      patches_->push_back(Make(Patch::Kind::kAdd, here));
    }
  }
}

}  // namespace geflecht::crdt
