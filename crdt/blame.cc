// Who wrote a text: read from the order of its elements, which a walker over the whole history
// gives.
#include <algorithm>
#include <utility>

#include "crdt/history.h"
#include "crdt/path.h"
#include "crdt/state.h"
#include "crdt/walker.h"

namespace geflecht::crdt {

std::vector<Walker::Element> Walker::Elements() const {
  std::vector<Element> out;
  for (const Leaf* leaf = tree_.first(); leaf != nullptr; leaf = leaf->next) {
    for (std::uint32_t i = 0; i < leaf->count; ++i) {
      const Span& span = leaf->spans[i];
      const bool shown = span.state == kInserted;
      if (!out.empty() && out.back().item + out.back().count == span.item &&
          out.back().shown == shown && out.back().gone == span.gone) {
        out.back().count += span.count;
      } else {
        out.push_back({span.item, span.count, shown, span.gone});
      }
    }
  }
  return out;
}

std::vector<Walker::Stretch> Walker::RemovedBy(std::size_t op) const {
  std::vector<Stretch> out;
  const std::size_t next = op + 1 - first_;
  const std::size_t end = next < targets_of_.size() ? targets_of_[next] : targets_.size();
  for (std::size_t i = targets_of_[op - first_]; i < end; ++i)
    out.push_back({targets_[i].item, targets_[i].count});
  return out;
}

Result<std::vector<Passage>> Blame(const Document& document, std::string_view path) {
  ASSIGN(const Performed whole, Performed::Of(document));
  const Engine& engine = whole.engine();
  ASSIGN(const Number number, FindContainer(engine, path, ContainerType::kText));
  const EventGraph& graph = engine.graph();
  const SequenceLog& log = engine.at(number).sequence->log;
  const bool silent = engine.at(number).sequence->silent;
  Walker walker(graph, log, 0, kNoNode, silent ? &engine.silent() : nullptr);
  walker.Feed(log.size());
  std::vector<Passage> out;
  for (Walker::Stretch left : walker.Visible()) {
    while (left.count > 0) {
      const SequenceLog::Op& op = log.ops()[log.OpOf(left.item)];
      const std::uint32_t part = std::min(left.count, op.item + op.count - left.item);
      const ChangeId& change = graph.id(op.node);
      if (!out.empty() && out.back().change == change) {
        out.back().count += part;
      } else {
        const std::uint64_t position = out.empty() ? 0 : out.back().position + out.back().count;
        out.push_back({position, part, change, graph.agent(op.node)});
      }
      left.item += part;
      left.count -= part;
    }
  }
  return out;
}

}  // namespace geflecht::crdt
