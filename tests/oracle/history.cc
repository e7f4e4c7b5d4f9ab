#include "tests/oracle/history.h"

#include <algorithm>

namespace geflecht::crdt::oracle {

void History::Add(const Change& change) {
  if (nodes_.contains(change.id) || waiting_.contains(change.id)) return;
  if (!Insert(change)) {
    waiting_.emplace(change.id, change);
    return;
  }
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    if (!Insert(it->second)) {
      ++it;
      continue;
    }
    waiting_.erase(it);
    it = waiting_.begin();
  }
}

bool History::Insert(const Change& change) {
  Entry entry{.change = change, .parents = {}, .depth = 1, .past = {}};
  const Node node = size();
  entry.past.resize(node / 64 + 1);
  for (const ChangeId& parent : change.parents) {
    const Node* const found = Find(parent);
    if (found == nullptr) return false;
    entry.parents.push_back(*found);
    entry.depth = std::max(entry.depth, entries_[*found].depth + 1);
    const std::vector<std::uint64_t>& past = entries_[*found].past;
    for (std::size_t i = 0; i < past.size(); ++i) entry.past[i] |= past[i];
  }
  entry.past[node / 64] |= std::uint64_t{1} << (node % 64);
  nodes_.emplace(change.id, node);
  entries_.push_back(std::move(entry));
  return true;
}

const Node* History::Find(const ChangeId& id) const {
  const auto found = nodes_.find(id);
  return found == nodes_.end() ? nullptr : &found->second;
}

std::vector<Edit>* History::FindEdits(const ChangeId& id) {
  if (const Node* const node = Find(id)) return &entries_[*node].change.edits;
  const auto found = waiting_.find(id);
  return found == waiting_.end() ? nullptr : &found->second.edits;
}

std::vector<ChangeId> History::Waiting() const {
  std::vector<ChangeId> out;
  for (const auto& [id, change] : waiting_) out.push_back(id);
  return out;
}

Heads History::FindHeads() const {
  std::vector<bool> followed(entries_.size(), false);
  for (const Entry& entry : entries_)
    for (const Node parent : entry.parents) followed[parent] = true;
  Heads heads;
  for (Node node = 0; node < size(); ++node)
    if (!followed[node]) heads.push_back(entries_[node].change.id);
  std::sort(heads.begin(), heads.end());
  return heads;
}

bool History::Before(Node first, Node second) const {
  const std::vector<std::uint64_t>& past = entries_[second].past;
  return first / 64 < past.size() && (past[first / 64] >> (first % 64) & 1) != 0;
}

bool History::WriterLess(Node left, Node right) const {
  const Change& a = entries_[left].change;
  const Change& b = entries_[right].change;
  return a.agent != b.agent ? a.agent < b.agent : a.id < b.id;
}

bool History::Later(Node left, Node right) const {
  const std::uint64_t a = entries_[left].depth, b = entries_[right].depth;
  return a != b ? a > b : WriterLess(right, left);
}

}  // namespace geflecht::crdt::oracle
