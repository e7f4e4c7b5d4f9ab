#include <utility>

#include "crdt/document.h"
#include "crdt/state.h"

namespace geflecht::crdt {

void Document::State::Notify() {
  Current();
  Tell();
}

void Document::State::Tell() {
  if (patches.empty()) return;
  const std::vector<Patch> told = std::exchange(patches, {});
  const std::map<int, Observer> called = observers;  // an observer may end itself
  for (const auto& [number, observer] : called) observer(told);
}

int Document::Observe(Observer observer) {
  state_->Current().CollectPatches(&state_->patches);
  const int number = state_->next_observer++;
  state_->observers.emplace(number, std::move(observer));
  return number;
}

void Document::StopObserving(int number) {
  state_->observers.erase(number);
  if (!state_->observers.empty()) return;
  state_->engine.CollectPatches(nullptr);
  state_->patches.clear();
}

}  // namespace geflecht::crdt
