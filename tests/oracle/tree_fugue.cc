#include "tests/oracle/tree_fugue.h"

#include <algorithm>
#include <utility>

#include "crdt/utf8.h"

namespace geflecht::crdt::oracle {

// Depth first: left children, the element, right children.
std::vector<TreeFugue::Id> TreeFugue::Traverse() const {
  std::vector<Id> out;
  std::vector<std::pair<Id, bool>> stack;  // an element; whether its left children are done
  const auto push = [&](const std::vector<Id>& children) {
    for (auto it = children.rbegin(); it != children.rend(); ++it) stack.emplace_back(*it, false);
  };
  push(root_.right);
  while (!stack.empty()) {
    const auto [id, left_done] = stack.back();
    stack.pop_back();
    const Element& element = elements_.at(id);
    if (!left_done) {
      stack.emplace_back(id, true);
      push(element.left);
    } else {
      out.push_back(id);
      push(element.right);
    }
  }
  return out;
}

// Of two children of one parent at one side.
bool TreeFugue::IsBefore(const Insertion& left, const Insertion& right) const {
  if (order_ == SiblingOrder::kFugueMax && left.side == Side::kRight &&
      left.right_origin != right.right_origin) {
    if (!left.right_origin) return true;
    if (!right.right_origin) return false;
    const std::vector<Id> all = Traverse();
    return std::find(all.begin(), all.end(), *left.right_origin) >
           std::find(all.begin(), all.end(), *right.right_origin);
  }
  return history_.WriterLess(left.id.first, right.id.first);
}

void TreeFugue::Apply(const Operation& operation) {
  if (!operation.insertion) {
    elements_.at(operation.removed).removed = true;
    return;
  }
  const Insertion& made = *operation.insertion;
  Element& parent = at(made.parent);
  std::vector<Id>& siblings = made.side == Side::kLeft ? parent.left : parent.right;
  const auto place = std::find_if(siblings.begin(), siblings.end(), [&](const Id& sibling) {
    return IsBefore(made, elements_.at(sibling).made);
  });
  siblings.insert(place, made.id);
  elements_[made.id] = Element{made, false, {}, {}};
}

std::optional<TreeFugue::Operation> TreeFugue::Insert(std::uint64_t position, char32_t point,
                                                      const Id& id) {
  const std::vector<Id> all = Traverse();
  Insertion made{.id = id, .parent = {}, .side = Side::kRight, .right_origin = {}, .point = point};
  std::size_t behind = 0;  // place behind the left neighbour
  for (std::uint64_t seen = 0; seen < position; ++behind) {
    if (behind == all.size()) return std::nullopt;
    made.parent = all[behind];
    if (!elements_.at(all[behind]).removed) ++seen;
  }
  if (behind < all.size()) made.right_origin = all[behind];
  if (!at(made.parent).right.empty()) {
    made.parent = made.right_origin;
    made.side = Side::kLeft;
  }
  Operation operation{made, {}};
  Apply(operation);
  return operation;
}

std::optional<TreeFugue::Operation> TreeFugue::Remove(std::uint64_t position) {
  for (const Id& id : Traverse()) {
    if (elements_.at(id).removed) continue;
    if (position-- > 0) continue;
    Operation operation{std::nullopt, id};
    Apply(operation);
    return operation;
  }
  return std::nullopt;
}

std::u32string TreeFugue::Text() const {
  std::u32string out;
  for (const Id& id : Traverse())
    if (!elements_.at(id).removed) out.push_back(elements_.at(id).made.point);
  return out;
}

std::optional<std::u32string> TextByTreeFugue(const History& history, const ContainerId& id,
                                              SiblingOrder order) {
  std::vector<std::vector<TreeFugue::Operation>> sent(history.size());
  for (Node node = 0; node < history.size(); ++node) {
    TreeFugue replica(history, order);
    for (Node other = 0; other < node; ++other)
      if (history.Before(other, node))
        for (const auto& operation : sent[other]) replica.Apply(operation);
    std::uint64_t number = 0;
    const auto send = [&](std::optional<TreeFugue::Operation> operation) {
      if (operation) sent[node].push_back(*std::move(operation));
      return operation.has_value();
    };
    for (const Edit& edit : history.at(node).change.edits) {
      if (ContainerOf(edit) != id) continue;
      if (const auto* insert = std::get_if<InsertText>(&edit)) {
        std::uint64_t position = insert->position;
        const std::u32string points = *DecodeUtf8(insert->inserted);
        for (const char32_t point : points)
          if (!send(replica.Insert(position++, point, {node, number++}))) return std::nullopt;
      } else if (const auto* remove = std::get_if<crdt::Remove>(&edit)) {
        for (std::uint64_t i = 0; i < remove->count; ++i)
          if (!send(replica.Remove(remove->position))) return std::nullopt;
      }
    }
  }
  TreeFugue reader(history, order);
  for (const auto& operations : sent)
    for (const auto& operation : operations) reader.Apply(operation);
  return reader.Text();
}

}  // namespace geflecht::crdt::oracle
