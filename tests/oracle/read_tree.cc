// Trees: all edits one after the other, the later after the earlier (Kleppmann, Mulligan, Gomes,
// Beresford: A highly-available move operation for replicated trees, 2021).
#include <algorithm>

#include "tests/oracle/read.h"

namespace geflecht::crdt::oracle {

struct Reader::TreeEdits {
  std::vector<const NodeEdit*> all;  // that count, the earlier first
  std::set<ContainerId> made;        // nodes
};
struct Reader::TreePlace {
  bool removed = false;
  ContainerId parent;
  std::string order;
  Stamp by;
};

namespace {

// Whether `node` is `top` or stands below it.
template <class Standing>
bool IsBelow(const Standing& places, ContainerId node, const ContainerId& top) {
  while (!node.empty()) {
    if (node == top) return true;
    const auto found = places.find(node);
    if (found == places.end() || found->second.removed) return false;
    node = found->second.parent;
  }
  return false;
}

}  // namespace

Reader::TreeEdits Reader::EditsOf(const Container& tree) const {
  TreeEdits out;
  std::vector<const NodeEdit*>& edits = out.all;
  std::set<ContainerId>& made = out.made;
  for (const NodeEdit& edit : tree.edits) {
    if (!Counts(edit.by)) continue;
    edits.push_back(&edit);
    if (edit.kind == NodeEdit::Kind::kCreate) made.insert(edit.node);
  }
  std::erase_if(edits, [&](const NodeEdit* edit) { return !made.contains(edit->node); });
  std::sort(edits.begin(), edits.end(), [&](const NodeEdit* left, const NodeEdit* right) {
    return state_.Later(right->by, left->by);
  });
  return out;
}

std::map<ContainerId, Reader::TreePlace> Reader::Perform(const TreeEdits& of,
                                                         oracle::Tree& out) const {
  const std::vector<const NodeEdit*>& edits = of.all;
  const std::set<ContainerId>& made = of.made;
  std::map<ContainerId, TreePlace> places;
  // An edit in the map of `node`, or one that puts something below it, that `by` had not seen.
  const auto unseen = [&](const ContainerId& node, const Stamp& by) {
    const std::vector<Node>& touches = state_.Find(node)->touched_by;
    return std::any_of(touches.begin(), touches.end(),
                       [&](Node touch) {
                         return Counts(touch) && !state_.history().Before(touch, by.writer);
                       }) ||
           std::any_of(edits.begin(), edits.end(), [&](const NodeEdit* edit) {
             return edit->kind != NodeEdit::Kind::kRemove && edit->parent == node &&
                    !state_.history().Before(edit->by.writer, by.writer);
           });
  };
  for (const NodeEdit* edit : edits) {
    switch (edit->kind) {
      case NodeEdit::Kind::kCreate:
        places[edit->node] = {false, edit->parent, edit->order, edit->by};
        break;
      case NodeEdit::Kind::kMove:
        if (!edit->parent.empty() && !made.contains(edit->parent)) break;
        if (IsBelow(places, edit->parent, edit->node)) {
          out.cycles.push_back(edit->by);
        } else {
          places[edit->node] = {false, edit->parent, edit->order, edit->by};
        }
        break;
      case NodeEdit::Kind::kRemove: {
        const bool kept = std::any_of(places.begin(), places.end(), [&](const auto& place) {
          return IsBelow(places, place.first, edit->node) && unseen(place.first, edit->by);
        });
        if (kept) {
          out.kept.push_back(edit->by);
        } else {
          places[edit->node].removed = true;
        }
        break;
      }
    }
  }

  return places;
}

oracle::Tree Reader::Tree(const Container& tree) const {
  const TreeEdits of = EditsOf(tree);
  const std::vector<const NodeEdit*>& edits = of.all;
  oracle::Tree out;
  const std::map<ContainerId, TreePlace> places = Perform(of, out);
  const auto is_followed = [&](const Stamp& by) {
    const auto* own = *std::find_if(edits.begin(), edits.end(), [&](const NodeEdit* edit) {
      return edit->by.writer == by.writer && edit->by.event == by.event;
    });
    return std::any_of(edits.begin(), edits.end(), [&](const NodeEdit* other) {
      return other->node == own->node && state_.Follows(other->by, by);
    });
  };
  std::erase_if(out.cycles, is_followed);
  std::erase_if(out.kept, is_followed);

  const auto add_children = [&](const ContainerId& parent) {
    std::vector<const std::pair<const ContainerId, TreePlace>*> children;
    for (const auto& place : places)
      if (!place.second.removed && place.second.parent == parent) children.push_back(&place);
    const auto before = [&](const auto* left, const auto* right) {
      const TreePlace &a = left->second, &b = right->second;
      if (a.order != b.order) return a.order < b.order;
      if (a.by.writer != b.by.writer) return state_.history().WriterLess(a.by.writer, b.by.writer);
      return a.by.event < b.by.event;
    };
    std::sort(children.begin(), children.end(), before);
    for (const auto* child : children)
      out.nodes.push_back({child->first, parent, child->second.order});
  };
  add_children("");
  for (std::size_t i = 0; i < out.nodes.size(); ++i) add_children(ContainerId(out.nodes[i].id));

  for (const ContainerId& node : of.made) {
    Contest contest{.node = node, .item = 0, .edits = {}};
    bool moved = false;
    for (const NodeEdit* edit : edits) {
      const bool followed = std::any_of(edits.begin(), edits.end(), [&](const NodeEdit* other) {
        return other->node == node && state_.Follows(other->by, edit->by);
      });
      if (edit->node != node || followed) continue;
      contest.edits.push_back(edit->by);
      moved = moved || edit->kind != NodeEdit::Kind::kRemove;
    }
    std::reverse(contest.edits.begin(), contest.edits.end());
    if (contest.edits.size() > 1 && moved) out.contests.push_back(std::move(contest));
  }
  return out;
}

}  // namespace geflecht::crdt::oracle
