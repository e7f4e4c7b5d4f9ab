#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "crdt/history.h"
#include "crdt/path.h"
#include "crdt/rope.h"
#include "crdt/state.h"
#include "crdt/utf8.h"
#include "crdt/walker.h"

namespace geflecht::crdt {
namespace {

// Compares one text in two versions of a document that holds both.
class TextComparison {
 public:
  TextComparison(const Engine& engine, Number text)
      : engine_(engine),
        graph_(engine.graph()),
        silent_(engine.at(text).sequence->silent),
        log_(engine.at(text).sequence->log),
        walker_(graph_, log_, 0, kNoNode) {
    walker_.Feed(log_.size());
    if (silent_) FindRemovers();
  }

  std::vector<TextChange> Compare(std::span<const Node> before, std::span<const Node> after) {
    const std::vector<Walker::Element> old = ElementsOf(before);
    const std::vector<Walker::Element> now = ElementsOf(after);
    FindRemovals(before, after);
    // Both list the same elements in the same order, cut in different places.
    std::size_t i = 0, j = 0;
    std::uint32_t from = 0, to = 0;
    while (i < old.size() && j < now.size()) {
      const std::uint32_t part = std::min(old[i].count - from, now[j].count - to);
      Add(old[i].item + from, part, old[i].shown, now[j].shown);
      from += part;
      to += part;
      if (from == old[i].count) from = 0, ++i;
      if (to == now[j].count) to = 0, ++j;
    }
    End();
    return std::move(changes_);
  }

 private:
  // Of the changes that count.
  void FindRemovers() {
    for (std::size_t op = 0; op < log_.size(); ++op) {
      const SequenceLog::Op& here = log_.ops()[op];
      if (here.kind != SequenceLog::Kind::kRemove || !engine_.Counts(here.node)) continue;
      for (const Walker::Stretch& gone : walker_.RemovedBy(op))
        for (std::uint32_t i = 0; i < gone.count; ++i) removers_.emplace(gone.item + i, here.node);
    }
  }

  std::vector<Walker::Element> ElementsOf(std::span<const Node> version) {
    walker_.MoveTo(version);
    const std::vector<Walker::Element> written = walker_.Elements();
    if (!silent_) return written;
    std::vector<Walker::Element> out;
    for (const Walker::Element& element : written)
      for (Item item = element.item; item < element.item + element.count; ++item)
        out.push_back({item, 1, IsShown(item, version)});
    return out;
  }

  // What excluded changes inserted is in no version, what they removed is in every one.
  bool IsShown(Item item, std::span<const Node> version) const {
    const Node writer = log_.NodeOf(item);
    if (!engine_.Counts(writer) || !graph_.Contains(version, writer)) return false;
    const auto [begin, end] = removers_.equal_range(item);
    return std::none_of(
        begin, end, [&](const auto& removal) { return graph_.Contains(version, removal.second); });
  }

  void FindRemovals(std::span<const Node> before, std::span<const Node> after) {
    EventGraph::Difference difference;
    graph_.Diff(before, after, difference);
    for (const NodeRange& range : difference.only_right)
      for (std::size_t op = log_.FirstBehind(range.first == 0 ? kNoNode : range.first - 1);
           op < log_.size() && log_.ops()[op].node < range.end; ++op)
        if (log_.ops()[op].kind == SequenceLog::Kind::kRemove &&
            engine_.Counts(log_.ops()[op].node))
          for (const Walker::Stretch& gone : walker_.RemovedBy(op))
            removals_.emplace(gone.item, std::pair(gone.count, log_.ops()[op].node));
    for (const auto& [item, removal] : removals_) longest_ = std::max(longest_, removal.first);
  }

  void Add(Item item, std::uint32_t count, bool before, bool after) {
    while (count > 0) {
      const std::size_t at = log_.OpOf(item);
      const SequenceLog::Op& op = log_.ops()[at];
      const std::uint32_t skip = item - op.item, part = std::min(count, op.count - skip);
      std::string_view text = log_.TextOf(at);
      text.remove_prefix(BytesOfPoints(text, skip));
      text = text.substr(0, BytesOfPoints(text, part));
      if (before && after) {
        Keep(text);
      } else if (before || after) {
        Change(item, part, text, op.node, after);
      }
      item += part;
      count -= part;
    }
  }

  // What stays ends a changed passage where a word ends.
  void Keep(std::string_view text) {
    while (!text.empty()) {
      const std::size_t space = text.find_first_of(" \n\t");
      const std::string_view word = text.substr(0, space);
      word_ += word;
      if (space == std::string_view::npos) return;
      if (changed_) {
        before_ += word_;
        after_ += word_;
        End();
        position_ += 1;
      } else {
        position_ += CountCodePoints(word_) + 1;
      }
      word_.clear();
      text.remove_prefix(space + 1);
    }
  }

  void Change(Item item, std::uint32_t count, std::string_view text, Node inserted, bool after) {
    before_ += word_;
    after_ += word_;
    word_.clear();
    changed_ = true;
    (after ? after_ : before_) += text;
    bool removed = false;
    if (!after) {
      auto removal = removals_.lower_bound(item < longest_ ? 0 : item - longest_);
      for (; removal != removals_.end() && removal->first < item + count; ++removal)
        if (removal->first + removal->second.first > item) {
          authors_.insert(graph_.agent(removal->second.second));
          removed = true;
        }
    }
    // What is not there because the later version lacks the change that inserted it.
    if (!removed) authors_.insert(graph_.agent(inserted));
  }

  void End() {
    if (!changed_) return;
    changes_.push_back(
        {position_, before_, after_, std::vector<AgentId>(authors_.begin(), authors_.end())});
    position_ += CountCodePoints(after_);
    before_.clear();
    after_.clear();
    authors_.clear();
    changed_ = false;
  }

  const Engine& engine_;
  const EventGraph& graph_;
  const bool silent_;  // an excluded change has edited it
  const SequenceLog& log_;
  Walker walker_;
  std::multimap<Item, Node> removers_;  // where it is silent
  std::multimap<Item, std::pair<std::uint32_t, Node>> removals_;
  std::uint32_t longest_ = 0;

  std::vector<TextChange> changes_;
  std::uint64_t position_ = 0;  // in the later text, in front of the passage or the word at hand
  std::string word_, before_, after_;
  std::set<AgentId> authors_;
  bool changed_ = false;
};

// What a version shows beside its texts, by path.
struct Shown {
  std::map<std::string, Writing> fields;
  std::map<std::string, ContainerId> texts;
};

Shown Read(const Engine& engine) {
  Shown out;
  engine.ForEachShown([&](const std::string& path, Number number) {
    const Container& container = engine.at(number);
    switch (container.type) {
      case ContainerType::kMap:
        for (const auto& [key, standing] : container.keys) {
          const std::vector<Writing> writings = engine.Writings(number, key);
          if (!writings.empty() && !writings[0].removed)
            out.fields.emplace(JoinPath(path, key), writings[0]);
        }
        break;
      case ContainerType::kCounter: {
        Writing sum;
        sum.slot = Value(ReadCounter(engine, number));
        out.fields.emplace(path, sum);
        break;
      }
      case ContainerType::kList: {
        std::size_t index = 0;
        for (const ListItem& item : engine.ReadItems(number))
          out.fields.emplace(JoinPath(path, std::to_string(index++)), item.writings[0]);
        break;
      }
      case ContainerType::kText:
        out.texts.emplace(path, engine.IdOf(number));
        break;
      case ContainerType::kTree:
        break;
    }
  });
  return out;
}

std::vector<FieldChange> Compare(const std::map<std::string, Writing>& before,
                                 const std::map<std::string, Writing>& after) {
  std::vector<FieldChange> out;
  auto left = before.begin();
  auto right = after.begin();
  while (left != before.end() || right != after.end()) {
    if (right == after.end() || (left != before.end() && left->first < right->first)) {
      out.push_back({left->first, "removed", left->second, std::nullopt});
      ++left;
    } else if (left == before.end() || right->first < left->first) {
      out.push_back({right->first, "added", std::nullopt, right->second});
      ++right;
    } else {
      if (left->second.slot != right->second.slot)
        out.push_back({left->first, "changed", left->second, right->second});
      ++left;
      ++right;
    }
  }
  return out;
}

std::vector<Node> VersionNodes(const Heads& version, const EventGraph& graph) {
  std::vector<Node> nodes;
  for (const ChangeId& id : version) nodes.push_back(*graph.Find(id));
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

}  // namespace

Result<VersionDifference> DiffVersions(const Document& document, const Heads& before,
                                       const Heads& after) {
  ASSIGN(const Document old, Checkout(document, before));
  ASSIGN(const Document now, Checkout(document, after));
  ASSIGN(const Performed whole, Performed::Of(document));
  const Shown left = Read(DocumentAccess::State(old).Current());
  const Shown right = Read(DocumentAccess::State(now).Current());
  VersionDifference out;
  out.fields = Compare(left.fields, right.fields);
  const Engine& engine = whole.engine();
  const EventGraph& graph = engine.graph();
  const std::vector<Node> from = VersionNodes(before, graph), to = VersionNodes(after, graph);
  for (const auto& [path, id] : right.texts) {
    const Number number = engine.Resolve(id, kNoNode);
    std::vector<TextChange> changes = TextComparison(engine, number).Compare(from, to);
    if (!changes.empty()) out.texts.push_back({path, std::move(changes)});
  }
  return out;
}

}  // namespace geflecht::crdt
