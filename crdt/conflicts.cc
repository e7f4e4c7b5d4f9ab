// What several did without seeing each other (docs/formats/change.md, Conflicts).
#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "crdt/document.h"
#include "crdt/passages.h"
#include "crdt/path.h"
#include "crdt/state.h"

namespace geflecht::crdt {
namespace {

using Kind = Conflict::Kind;

void AddKeys(const Engine& engine, const std::string& path, Number map,
             std::vector<Conflict>& out) {
  for (const auto& [key, standing] : engine.at(map).keys) {
    if (standing.size() < 2) continue;
    std::vector<Writing> writings = engine.Writings(map, key);
    if (writings.size() < 2 || writings[0].removed) continue;
    out.push_back({.path = JoinPath(path, key), .writings = std::move(writings)});
  }
}

void AddItems(const Engine& engine, const std::string& path, Number list,
              std::vector<Conflict>& out) {
  if (!engine.at(list).sequence->log.is_rich()) return;  // each has one writing
  std::vector<ListItem> items = engine.ReadItems(list);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string here = JoinPath(path, std::to_string(i));
    std::vector<Writing> moves;
    for (const ChangeId& change : items[i].moves)
      moves.push_back({.slot = items[i].writings[0].slot,
                       .removed = false,
                       .change = change,
                       .agent = engine.AgentOf(change)});
    if (items[i].writings.size() > 1)
      out.push_back({.path = here, .writings = std::move(items[i].writings), .kind = Kind::kItem});
    if (moves.size() > 1)
      out.push_back({.path = here, .writings = std::move(moves), .kind = Kind::kMove});
  }
}

void AddNodes(const Engine& engine, const std::string& path, Number tree,
              std::vector<Conflict>& out) {
  for (const Engine::NodeContest& contest : engine.NodeContests(tree)) {
    const ContainerId id = engine.IdOf(contest.node);
    Conflict conflict{.path = JoinPath(path, id), .writings = {}, .kind = Kind::kNode};
    for (const NodeEdit& edit : contest.edits) {
      const ChangeId change =
          edit.by < engine.graph().size() ? engine.graph().id(edit.by) : ChangeId{};
      conflict.writings.push_back({.slot = Child{ContainerType::kMap, id},
                                   .removed = edit.kind == NodeEdit::Kind::kRemove,
                                   .change = change,
                                   .agent = engine.AgentOf(change)});
    }
    out.push_back(std::move(conflict));
  }
}

}  // namespace

std::vector<Conflict> Document::Contests() const {
  const Engine& engine = state_->Current();
  std::vector<Conflict> out;
  engine.ForEachShown([&](const std::string& path, Number number) {
    AddKeys(engine, path, number, out);
    if (engine.at(number).type == ContainerType::kList) AddItems(engine, path, number, out);
    if (engine.at(number).type == ContainerType::kTree) AddNodes(engine, path, number, out);
  });
  std::sort(out.begin(), out.end(), [](const Conflict& left, const Conflict& right) {
    return std::tie(left.path, left.kind) < std::tie(right.path, right.kind);
  });
  return out;
}

std::vector<Conflict> Document::Conflicts() const {
  std::vector<Conflict> out = Contests();
  for (auto& [path, passages] : AllPassages(*this))
    for (const ConcurrentPassage& passage : passages)
      out.push_back({.path = path,
                     .writings = {},
                     .kind = Kind::kPassage,
                     .position = passage.position,
                     .count = passage.count,
                     .sides = passage.sides});
  std::stable_sort(out.begin(), out.end(), [](const Conflict& left, const Conflict& right) {
    return left.path < right.path;
  });
  return out;
}

}  // namespace geflecht::crdt
