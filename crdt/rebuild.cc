// Performing the history again: what came from a file as a state learns its past when something
// asks for it.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "crdt/content.h"
#include "crdt/engine.h"

namespace geflecht::crdt {

bool Engine::NeedsHistory(const Change& change, std::span<const Node> parents) const {
  const std::vector<Node>& heads = graph_.heads();
  if (!std::equal(parents.begin(), parents.end(), heads.begin(), heads.end())) return true;
  return std::any_of(change.edits.begin(), change.edits.end(), [this](const Edit& edit) {
    const bool simple =
        std::holds_alternative<SetKey>(edit) || std::holds_alternative<InsertText>(edit) ||
        std::holds_alternative<InsertItems>(edit) || std::holds_alternative<crdt::Remove>(edit) ||
        std::holds_alternative<Add>(edit);
    if (!simple) return true;
    // A container that the state does not show may be there all the same.
    const ContainerId& id = ContainerOf(edit);
    return !id.starts_with("#:") && Resolve(id, static_cast<Node>(graph_.size())) == kNoNumber;
  });
}

void Engine::Restore(EventGraph graph, EditHistory history,
                     const std::map<Node, std::string>& voids) {
  graph_ = std::move(graph);
  history_ = std::move(history);
  for (const auto& [node, reason] : voids) voids_.emplace(node, *reasons_.insert(reason).first);
}

bool Engine::SetCounts(const ChangeId& change, bool counts) {
  const bool different = counts ? excluded_.erase(change) > 0 : excluded_.insert(change).second;
  return different && graph_.Find(change).has_value();
}

Result<bool> Engine::MergeContent(Node node, const std::vector<Edit>& edits) {
  ASSIGN(std::vector<Edit> known, history_.Find(graph_, node));
  ASSIGN(const bool different, crdt::MergeContent(known, edits));
  if (different) history_.Replace(node, std::move(known));
  return different;
}

std::string_view Engine::WantHistory() {
  wants_history_ = true;
  return "history-needed";
}

void Engine::Warm() {
  std::vector<Patch>* const patches = std::exchange(patches_, nullptr);
  const std::vector<Edit> edits = OpenEdits();
  RollBack(OpenMark{});
  Rebuild();
  for (const Edit& edit : edits) CHECK(Stage(edit).empty());
  patches_ = patches;
}

void Engine::Rebuild() {
  CHECK(!open_.active);
  std::vector<Patch>* const patches = std::exchange(patches_, nullptr);
  const std::map<Node, std::string_view> voids = std::exchange(voids_, {});
  const EventGraph graph = std::exchange(graph_, {});
  containers_.clear();
  ++made_;
  records_.clear();
  silent_.clear();
  cold_ = wants_history_ = false;
  CreateDeclared();
  Change change;
  const Result<void> done = history_.ForEach(graph, [&](Node node, std::vector<Edit>& edits) {
    change.id = graph.id(node);
    change.edits = std::move(edits);
    Node own = 0;
    const std::span<const Node> parents = graph.Parents(node, own);
    change.parents.clear();
    for (const Node parent : parents) change.parents.push_back(graph.id(parent));
    std::sort(change.parents.begin(), change.parents.end());
    const std::vector<Node>& heads = graph_.heads();
    const bool all = std::equal(parents.begin(), parents.end(), heads.begin(), heads.end());
    graph_.Append(change.id, graph.agent(node), parents);
    if (excluded_.contains(change.id)) {
      silent_.resize(node + 1, false);
      silent_[node] = true;
    }
    // The graph does not keep in which order a change listed its parents.
    const auto known = voids.find(node);
    if (known != voids.end() && known->second == "parents-not-ascending") {
      voids_.insert(*known);
    } else {
      Include(change, node, parents, all);
    }
    return true;
  });
  CHECK(done.has_value());
  patches_ = patches;
}

}  // namespace geflecht::crdt
