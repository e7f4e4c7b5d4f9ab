#include "crdt/inbox.h"

#include <algorithm>
#include <utility>

namespace geflecht::crdt {

bool Inbox::IsHere(const ChangeId& id, const EventGraph& graph) const {
  if (graph.Find(id)) return true;
  return !ready_.empty() && ready_table_.Find(id, [this](std::uint32_t number) -> const ChangeId& {
    return ready_[number].id;
  }) != IdTable::kNone;
}

const ChangeId* Inbox::MissingParent(const Change& change, const EventGraph& graph) const {
  for (const ChangeId& parent : change.parents)
    if (!IsHere(parent, graph)) return &parent;
  return nullptr;
}

void Inbox::Put(Change change) {
  ready_.push_back(std::move(change));
  ready_table_.Insert(static_cast<std::uint32_t>(ready_.size() - 1), ready_.back().id);
}

Inbox::Taken Inbox::Add(Change change, const EventGraph& graph) {
  if (IsHere(change.id, graph)) return Taken::kKnown;
  if (!waiting_.empty() && waiting_.contains(change.id)) return Taken::kWaiting;
  if (const ChangeId* missing = MissingParent(change, graph)) {
    waits_for_.emplace(*missing, change.id);
    const ChangeId id = change.id;
    waiting_.emplace(id, std::move(change));
    return Taken::kWaiting;
  }
  const ChangeId id = change.id;
  Put(std::move(change));
  Release(id, graph);
  return Taken::kReady;
}

void Inbox::Release(const ChangeId& id, const EventGraph& graph) {
  if (waiting_.empty()) return;
  std::vector<ChangeId> arrived{id};
  while (!arrived.empty()) {
    const auto [begin, end] = waits_for_.equal_range(arrived.back());
    arrived.pop_back();
    std::vector<ChangeId> children;
    for (auto it = begin; it != end; ++it) children.push_back(it->second);
    waits_for_.erase(begin, end);
    for (const ChangeId& child : children) {
      const auto at = waiting_.find(child);
      if (const ChangeId* missing = MissingParent(at->second, graph)) {
        waits_for_.emplace(*missing, child);
        continue;
      }
      Put(std::move(at->second));
      waiting_.erase(at);
      arrived.push_back(child);
    }
  }
}

std::vector<Edit>* Inbox::FindEdits(const ChangeId& id) {
  if (const auto found = waiting_.find(id); found != waiting_.end()) return &found->second.edits;
  if (ready_.empty()) return nullptr;
  const std::uint32_t number =
      ready_table_.Find(id, [this](std::uint32_t at) -> const ChangeId& { return ready_[at].id; });
  return number == IdTable::kNone ? nullptr : &ready_[number].edits;
}

std::vector<ChangeId> Inbox::Waiting() const {
  std::vector<ChangeId> out;
  for (const auto& [id, change] : waiting_) out.push_back(id);
  return out;
}

// Parents first, and each branch as far as it goes without the others.
std::vector<std::uint32_t> Inbox::Order() const {
  const std::size_t count = ready_.size();
  std::vector<std::uint32_t> missing(count, 0), first(count + 1, 0), parents, children, out, stack;
  const auto id_of = [this](std::uint32_t number) -> const ChangeId& { return ready_[number].id; };
  for (std::size_t i = 0; i < count; ++i) {
    for (const ChangeId& parent : ready_[i].parents) {
      const std::uint32_t found = i > 0 && ready_[i - 1].id == parent
                                      ? static_cast<std::uint32_t>(i - 1)
                                      : ready_table_.Find(parent, id_of);
      parents.push_back(found);
      if (found == IdTable::kNone) continue;
      ++missing[i];
      ++first[found + 1];
    }
  }
  for (std::size_t i = 0; i < count; ++i) first[i + 1] += first[i];
  children.resize(first[count]);
  std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
  for (std::size_t i = 0, at = 0; i < count; ++i)
    for (std::size_t n = 0; n < ready_[i].parents.size(); ++n, ++at)
      if (parents[at] != IdTable::kNone)
        children[next[parents[at]]++] = static_cast<std::uint32_t>(i);
  for (std::size_t i = count; i-- > 0;)
    if (missing[i] == 0) stack.push_back(static_cast<std::uint32_t>(i));
  out.reserve(count);
  while (!stack.empty()) {
    const std::uint32_t at = stack.back();
    stack.pop_back();
    out.push_back(at);
    for (std::uint32_t i = first[at + 1]; i-- > first[at];)
      if (--missing[children[i]] == 0) stack.push_back(children[i]);
  }
  return out;
}

void Inbox::Flush(Engine& engine) {
  if (ready_.empty()) return;
  const EventGraph& graph = engine.graph();
  std::vector<std::uint32_t> order{0};
  if (ready_.size() > 1) order = Order();
  std::vector<Node> parents;
  for (const std::uint32_t number : order) {
    const Change& change = ready_[number];
    parents.clear();
    for (const ChangeId& parent : change.parents) parents.push_back(*graph.Find(parent));
    if (parents.size() > 1) {
      std::sort(parents.begin(), parents.end());
      parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
    }
    engine.Merge(change, parents);
  }
  ready_.clear();
  ready_table_ = IdTable();
}

}  // namespace geflecht::crdt
