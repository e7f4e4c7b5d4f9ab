#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/check.h"
#include "crdt/history.h"
#include "crdt/state.h"

namespace geflecht::crdt {
namespace {

// Ascending, none twice.
Result<std::vector<Node>> NodesOf(const Heads& version, const EventGraph& graph) {
  std::vector<Node> nodes;
  for (const ChangeId& id : version) {
    const std::optional<Node> node = graph.Find(id);
    if (!node) return Fail(Code::kNotFound, "a change that is not here");
    nodes.push_back(*node);
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

// Stretches of changes, ascending.
std::vector<NodeRange> OnlyIn(std::span<const Node> version, std::span<const Node> other,
                              const EventGraph& graph) {
  EventGraph::Difference difference;
  graph.Diff(version, other, difference);
  std::reverse(difference.only_left.begin(), difference.only_left.end());
  return difference.only_left;
}

}  // namespace

Result<Document> Checkout(const Document& document, const Heads& version) {
  return CheckoutWithout(document, version, {});
}

Result<Document> CheckoutWithout(const Document& document, const Heads& version,
                                 const std::set<ChangeId>& without) {
  const Engine& from = DocumentAccess::State(document).Current();
  const EventGraph& graph = from.graph();
  ASSIGN(const std::vector<Node> nodes, NodesOf(version, graph));
  Document out(document.schema(), from.self());
  Engine& engine = DocumentAccess::State(out).engine;
  for (const ChangeId& id : from.excluded()) engine.SetCounts(id, false);
  for (const ChangeId& id : without) engine.SetCounts(id, false);
  if (nodes.empty()) return out;
  const std::vector<NodeRange> wanted = OnlyIn(nodes, {}, graph);
  if (wanted.size() == 1 && wanted[0].first == 0)
    if (std::optional<EditHistory> first = from.history().First(wanted[0].end)) {
      std::map<Node, std::string> voids;
      for (const auto& [node, reason] : from.voids()) voids.emplace(node, reason);
      engine.Restore(graph, *std::move(first), voids);
      engine.Rebuild();
      return out;
    }
  std::vector<Node> places;  // here, of the changes of `graph`
  std::vector<Node> parents;
  Change change;
  std::size_t range = 0;
  TRY(from.history().ForEach(graph, [&](Node node, std::vector<Edit>& edits) {
    places.push_back(static_cast<Node>(engine.graph().size()));
    if (node < wanted[range].first) return true;
    change.id = graph.id(node);
    change.agent = graph.agent(node);
    change.edits = std::move(edits);
    Node own = 0;
    parents.clear();
    change.parents.clear();
    for (const Node parent : graph.Parents(node, own)) {
      parents.push_back(places[parent]);
      change.parents.push_back(graph.id(parent));
    }
    std::sort(change.parents.begin(), change.parents.end());
    const auto reason = from.voids().find(node);
    if (reason != from.voids().end() && reason->second == "parents-not-ascending")
      change.parents.push_back(change.parents.front());
    engine.Merge(change, parents);
    if (node + 1 == wanted[range].end) ++range;
    return range < wanted.size();
  }));
  return out;
}

Result<Performed> Performed::Of(const Document& document) {
  Performed out;
  const Engine& engine = DocumentAccess::State(document).Current();
  out.engine_ = &engine;
  if (!engine.cold() && !engine.HasOpen()) return out;
  ASSIGN(out.copy_, Checkout(document, document.heads()));
  out.engine_ = &DocumentAccess::State(*out.copy_).Current();
  return out;
}

Result<std::vector<ChangeId>> ChangesSince(const Document& document, const Heads& version) {
  const EventGraph& graph = DocumentAccess::State(document).Current().graph();
  ASSIGN(const std::vector<Node> nodes, NodesOf(version, graph));
  std::vector<ChangeId> out;
  for (const NodeRange& range : OnlyIn(graph.heads(), nodes, graph))
    for (Node node = range.first; node < range.end; ++node) out.push_back(graph.id(node));
  return out;
}

}  // namespace geflecht::crdt
