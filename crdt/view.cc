#include "crdt/view.h"

#include <algorithm>
#include <map>

#include "crdt/container_id.h"
#include "crdt/path.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {
namespace {

void RenameSlot(Slot& slot, const ChangeId& change) {
  if (auto* child = std::get_if<Child>(&slot)) child->id = Globally(child->id, change);
}

// Only what is shown counts: the same value written by another change is no difference.
bool SameWritings(const std::vector<Writing>& left, const std::vector<Writing>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Writing& a, const Writing& b) {
                      return a.slot == b.slot && a.removed == b.removed;
                    });
}

void CompareMaps(const Shown& before, const Shown& after, std::vector<Patch>& out) {
  std::map<std::string, std::pair<const Register*, const Register*>> keys;
  for (const Register& entry : before.map) keys[entry.key].first = &entry;
  for (const Register& entry : after.map) keys[entry.key].second = &entry;
  for (const auto& [key, sides] : keys) {
    if (sides.first && sides.second && SameWritings(sides.first->writings, sides.second->writings))
      continue;
    Patch patch;
    patch.kind = Patch::Kind::kSet;
    patch.path = JoinPath(after.path, key);
    out.push_back(std::move(patch));
  }
}

// The smallest single splice: common ends stay.
template <class Elements>
void CompareSequences(const Elements& before, const Elements& after, const std::string& path,
                      std::vector<Patch>& out) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t front = 0, back = 0;
  while (front < shorter && before[front] == after[front]) ++front;
  while (back < shorter - front &&
         before[before.size() - 1 - back] == after[after.size() - 1 - back])
    ++back;
  Patch patch;
  patch.path = path;
  patch.position = front;
  if (const std::size_t removed = before.size() - front - back; removed > 0) {
    patch.kind = Patch::Kind::kRemove;
    patch.count = removed;
    out.push_back(patch);
  }
  if (const std::size_t inserted = after.size() - front - back; inserted > 0) {
    patch.kind = Patch::Kind::kInsert;
    patch.count = inserted;
    if constexpr (std::is_same_v<Elements, std::u32string>)
      patch.text = EncodeUtf8(std::u32string_view(after).substr(front, inserted));
    out.push_back(patch);
  }
}

}  // namespace

View MakeView(const Replay& replay) {
  View out;
  std::vector<std::pair<std::string, Replay::Number>> rest{{"", 0}};
  const auto enter = [&](const std::string& path, const Slot& slot) {
    if (const auto* child = std::get_if<Child>(&slot))
      rest.emplace_back(path, *replay.Find(child->id));
  };
  while (!rest.empty()) {
    const auto [path, number] = rest.back();
    rest.pop_back();
    Shown shown;
    shown.path = path;
    shown.id = replay.at(number).id;
    shown.type = replay.at(number).type;
    switch (shown.type) {
      case ContainerType::kMap:
        shown.map = ReadMap(replay, number);
        for (auto it = shown.map.rbegin(); it != shown.map.rend(); ++it)
          enter(JoinPath(path, it->key), it->writings[0].slot);
        break;
      case ContainerType::kList:
        shown.list = ReadList(replay, number);
        for (std::size_t i = shown.list.size(); i-- > 0;)
          enter(JoinPath(path, std::to_string(i)), shown.list[i]);
        break;
      case ContainerType::kText:
        shown.text = ReadText(replay, number);
        break;
      case ContainerType::kCounter:
        shown.counter = ReadCounter(replay, number);
        break;
      case ContainerType::kTree:
        break;
    }
    out.push_back(std::move(shown));
  }
  return out;
}

void Rename(View& view, const ChangeId& change) {
  for (Shown& shown : view) {
    shown.id = Globally(shown.id, change);
    for (Slot& slot : shown.list) RenameSlot(slot, change);
    for (Register& entry : shown.map)
      for (Writing& writing : entry.writings) RenameSlot(writing.slot, change);
  }
}

std::vector<Patch> ComparedTo(const View& before, const View& after) {
  std::map<ContainerId, const Shown*> earlier;
  for (const Shown& shown : before) earlier.emplace(shown.id, &shown);
  static const Shown kNothing;
  std::vector<Patch> out;
  for (const Shown& now : after) {
    const auto found = earlier.find(now.id);
    const Shown& was = found == earlier.end() ? kNothing : *found->second;
    CompareMaps(was, now, out);
    CompareSequences(was.list, now.list, now.path, out);
    CompareSequences(was.text, now.text, now.path, out);
    if (was.counter != now.counter) {
      Patch patch;
      patch.kind = Patch::Kind::kAdd;
      patch.path = now.path;
      out.push_back(std::move(patch));
    }
  }
  return out;
}

}  // namespace geflecht::crdt
