#include "crdt/document.h"
#include "crdt/state.h"

namespace geflecht::crdt {

void Document::State::Notify() {
  if (observers.empty()) return;
  View now = MakeView(Current());
  const std::vector<Patch> patches = ComparedTo(shown, now);
  shown = std::move(now);
  if (patches.empty()) return;
  const std::map<int, Observer> called = observers;  // an observer may end itself
  for (const auto& [number, observer] : called) observer(patches);
}

int Document::Observe(Observer observer) {
  if (state_->observers.empty()) state_->shown = MakeView(state_->Current());
  const int number = state_->next_observer++;
  state_->observers.emplace(number, std::move(observer));
  return number;
}

void Document::StopObserving(int number) { state_->observers.erase(number); }

}  // namespace geflecht::crdt
