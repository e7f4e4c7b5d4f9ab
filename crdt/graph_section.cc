#include "crdt/graph_section.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "crdt/varint.h"

namespace geflecht::crdt {
namespace {

// One list of runs at a time.
class GraphReader {
 public:
  GraphReader(ByteView graph, ByteView ids) : in_(graph), ids_(ids) {}

  bool Read(GraphSection& out) {
    return ids_.size() % ChangeId::kSize == 0 && ReadAgents() && ReadRuns(out.graph) &&
           ReadVoids(out) && in_.AtEnd();
  }

 private:
  bool ReadAgents() {
    auto count = in_.Varint();
    if (!count) return false;
    for (; *count > 0; --*count) {
      const auto bytes = in_.Take(AgentId::kSize);
      if (!bytes) return false;
      AgentId agent;
      std::copy(bytes->begin(), bytes->end(), agent.bytes.begin());
      agents_.push_back(agent);
    }
    return true;
  }

  bool ReadRuns(EventGraph& graph) {
    const std::size_t changes = ids_.size() / ChangeId::kSize;
    std::vector<Node> parents;
    while (graph.size() < changes) {
      const auto agent = in_.Varint(), length = in_.Varint();
      auto count = in_.Varint();
      if (!agent || !length || !count || *agent >= agents_.size()) return false;
      if (*length == 0 || *length > changes - graph.size()) return false;
      parents.clear();
      for (; *count > 0; --*count) {
        const auto distance = in_.Varint();
        if (!distance || *distance == 0 || *distance > graph.size()) return false;
        const Node parent = static_cast<Node>(graph.size() - *distance);
        if (!parents.empty() && parents.back() >= parent) return false;
        parents.push_back(parent);
      }
      for (std::uint64_t i = 0; i < *length; ++i) {
        ChangeId id;
        const ByteView bytes = ids_.subspan(graph.size() * ChangeId::kSize, ChangeId::kSize);
        std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
        if (graph.Find(id)) return false;
        const Node node = graph.Append(id, agents_[static_cast<std::size_t>(*agent)], parents);
        parents.assign(1, node);
      }
    }
    return true;
  }

  bool ReadVoids(GraphSection& out) {
    auto count = in_.Varint();
    if (!count) return false;
    for (; *count > 0; --*count) {
      const auto node = in_.Varint(), size = in_.Varint();
      const auto reason = size ? in_.Take(*size) : std::nullopt;
      if (!node || !reason || *node >= out.graph.size()) return false;
      if (!out.voids.empty() && out.voids.rbegin()->first >= *node) return false;
      out.voids.emplace(static_cast<Node>(*node), ToText(*reason));
    }
    return true;
  }

  ByteReader in_;
  ByteView ids_;
  std::vector<AgentId> agents_;
};

}  // namespace

Bytes WriteGraph(const Engine& engine) {
  const EventGraph& graph = engine.graph();
  Bytes out;
  AppendVarint(out, graph.agents().size());
  for (const AgentId& agent : graph.agents()) Append(out, agent.view());
  for (std::size_t run = 0; run < graph.runs().size(); ++run) {
    const NodeRange range = graph.Range(run);
    AppendVarint(out, graph.runs()[run].agent);
    AppendVarint(out, range.end - range.first);
    const std::span<const Node> parents = graph.ParentsOfRun(run);
    AppendVarint(out, parents.size());
    for (const Node parent : parents) AppendVarint(out, range.first - parent);
  }
  AppendVarint(out, engine.voids().size());
  for (const auto& [node, reason] : engine.voids()) {
    AppendVarint(out, node);
    AppendVarint(out, reason.size());
    Append(out, reason);
  }
  return out;
}

Bytes WriteIds(const EventGraph& graph) {
  Bytes out;
  out.reserve(graph.size() * ChangeId::kSize);
  for (Node node = 0; node < graph.size(); ++node) Append(out, graph.id(node).view());
  return out;
}

Result<GraphSection> ReadGraph(ByteView graph, ByteView ids) {
  GraphSection out;
  if (!GraphReader(graph, ids).Read(out)) return Fail(Code::kMalformed, "a document's graph");
  return out;
}

}  // namespace geflecht::crdt
