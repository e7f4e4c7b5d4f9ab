#include "crdt/inbox.h"

#include <algorithm>
#include <utility>

#include "crdt/utf8.h"

namespace geflecht::crdt {
std::uint32_t Inbox::FindReady(const ChangeId& id) const {
  if (ready_.empty()) return IdTable::kNone;
  if (ready_.back().id == id) return static_cast<std::uint32_t>(ready_.size() - 1);
  return ready_table_.Find(
      id, [this](std::uint32_t number) -> const ChangeId& { return ready_[number].id; });
}

const ChangeId* Inbox::MissingParent(const Change& change, const EventGraph& graph) {
  found_.clear();
  for (const ChangeId& parent : change.parents) {
    found_.push_back(FindReady(parent));
    if (found_.back() == IdTable::kNone && !graph.Find(parent)) return &parent;
  }
  return nullptr;
}

void Inbox::Put(Change&& change) {
  parents_.insert(parents_.end(), found_.begin(), found_.end());
  ready_table_.Insert(static_cast<std::uint32_t>(ready_.size()), change.id);
  ready_.push_back(std::move(change));
}

Inbox::Taken Inbox::Add(Change&& change, const EventGraph& graph) {
  if (graph.Find(change.id) || FindReady(change.id) != IdTable::kNone) return Taken::kKnown;
  if (!waiting_.empty() && waiting_.contains(change.id)) return Taken::kWaiting;
  if (const ChangeId* missing = MissingParent(change, graph)) {
    waits_for_.emplace(*missing, change.id);
    const ChangeId id = change.id;
    waiting_.emplace(id, std::move(change));
    return Taken::kWaiting;
  }
  Put(std::move(change));
  if (!waiting_.empty()) Release(ChangeId(ready_.back().id), graph);
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
  const std::uint32_t number = FindReady(id);
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
  std::vector<std::uint32_t> missing(count, 0), first(count + 1, 0), children, out, stack;
  for (std::size_t i = 0, at = 0; i < count; ++i) {
    for (const std::size_t end = at + ready_[i].parents.size(); at < end; ++at) {
      if (parents_[at] == IdTable::kNone) continue;
      ++missing[i];
      ++first[parents_[at] + 1];
    }
  }
  for (std::size_t i = 0; i < count; ++i) first[i + 1] += first[i];
  children.resize(first[count]);
  std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
  for (std::size_t i = 0, at = 0; i < count; ++i)
    for (const std::size_t end = at + ready_[i].parents.size(); at < end; ++at)
      if (parents_[at] != IdTable::kNone)
        children[next[parents_[at]]++] = static_cast<std::uint32_t>(i);
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

namespace {

// What a change inserts, if it does nothing else.
const InsertText* Typed(const Change& change) {
  if (change.edits.size() != 1) return nullptr;
  const auto* text = std::get_if<InsertText>(&change.edits[0]);
  return text != nullptr && !text->absent ? text : nullptr;
}

// Whether `next` goes on where `last` ended.
bool GoesOn(const Change& last, const Change& next) {
  const InsertText *const left = Typed(last), *const right = Typed(next);
  return left != nullptr && right != nullptr &&
         right->position == left->position + CountCodePoints(left->inserted) &&
         SameText(left->text, right->text) && last.agent == next.agent;
}

}  // namespace

void Inbox::FindParents(const EventGraph& graph, std::uint32_t number, std::size_t begin) {
  const Change& change = ready_[number];
  merged_parents_.clear();
  for (std::size_t n = 0; n < change.parents.size(); ++n) {
    const std::uint32_t ready = parents_[begin + n];
    merged_parents_.push_back(ready != IdTable::kNone ? nodes_[ready]
                                                      : *graph.Find(change.parents[n]));
  }
  if (merged_parents_.size() < 2) return;
  std::sort(merged_parents_.begin(), merged_parents_.end());
  merged_parents_.erase(std::unique(merged_parents_.begin(), merged_parents_.end()),
                        merged_parents_.end());
}

void Inbox::FlushMany(Engine& engine) {
  const std::size_t count = ready_.size();
  engine.Expect(count);
  const std::vector<std::uint32_t> order = Order();
  std::vector<std::uint32_t> begins;
  begins.reserve(count);
  for (std::uint32_t i = 0, begin = 0; i < count; ++i) {
    begins.push_back(begin);
    begin += static_cast<std::uint32_t>(ready_[i].parents.size());
  }
  nodes_.resize(count);
  std::vector<const Change*> typed;
  for (std::size_t i = 0; i < count;) {
    const std::size_t first = i;
    Node node = static_cast<Node>(engine.graph().size());
    FindParents(engine.graph(), order[i], begins[order[i]]);
    typed.clear();
    do {
      typed.push_back(&ready_[order[i]]);
      nodes_[order[i]] = node++;
      ++i;
    } while (i < count && ready_[order[i]].parents.size() == 1 &&
             parents_[begins[order[i]]] == order[i - 1] && engine.JoinsTyped() &&
             GoesOn(*typed.back(), ready_[order[i]]));
    if (i == first + 1) {
      engine.Merge(*typed[0], merged_parents_);
    } else {
      engine.MergeTyped(typed, merged_parents_);
    }
  }
}

void Inbox::Flush(Engine& engine) {
  if (ready_.empty()) return;
  if (ready_.size() == 1) {
    FindParents(engine.graph(), 0, 0);
    engine.Merge(ready_[0], merged_parents_);
    ready_table_.Clear();
  } else {
    FlushMany(engine);
    ready_table_ = IdTable();
  }
  ready_.clear();
  parents_.clear();
}

}  // namespace geflecht::crdt
