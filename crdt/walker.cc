#include "crdt/walker.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "crdt/change.h"

namespace geflecht::crdt {

Walker::Walker(const EventGraph& graph, const SequenceLog& log, std::size_t first, Node version,
               const std::vector<bool>* silent)
    : graph_(&graph),
      log_(&log),
      silent_(silent),
      first_(first),
      fed_(first),
      from_begin_(version == kNoNode) {
  Leaf* const leaf = new Leaf;
  Sum sum;
  if (version != kNoNode) {
    version_.push_back(version);
    leaf->spans[0] = {.item = kBase, .count = kBaseCount};
    leaf->count = 1;
    sum = {kBaseCount, kBaseCount};
    spans_ = 1;
    base_index_.Append(kBase, leaf);
  }
  tree_.Append(leaf, sum);
  near_ = leaf;
}

void Walker::BeginOp(std::size_t op) {
  while (targets_of_.size() <= op - first_)
    targets_of_.push_back(static_cast<std::uint32_t>(targets_.size()));
  fed_ = op + 1;
}

void Walker::Feed(std::size_t end) {
  const std::span<const SequenceLog::Op> ops = log_->ops();
  Node own = 0;
  while (fed_ < end) {
    const SequenceLog::Op& op = ops[fed_];
    if (version_.size() != 1 || version_[0] != op.node)
      MoveTo(op.node < graph_->size() ? graph_->Parents(op.node, own) : graph_->heads());
    const std::size_t number = fed_;
    BeginOp(number);
    version_.assign(1, op.node);
    switch (op.kind) {
      case SequenceLog::Kind::kInsert:
        break;
      case SequenceLog::Kind::kRemove:
        DoRemove(op.position, op.count, nullptr);
        continue;
      case SequenceLog::Kind::kInsertBlock:
        DoInsert(op.node, op.position, 1, op.item, nullptr);
        continue;
      case SequenceLog::Kind::kMark:
        DoMark(number);
        continue;
      case SequenceLog::Kind::kSetBlock:
        settings_[ItemAt(op.position)].push_back(number);
        continue;
      case SequenceLog::Kind::kSetItem:
      case SequenceLog::Kind::kMoveItem:
        DoItem(number, nullptr);
        continue;
    }
    // What was typed in one go is one insertion, whatever changes it came in.
    const Node run_end = op.node < graph_->size() ? graph_->RangeOf(op.node).end : op.node + 1;
    std::uint32_t count = op.count;
    while (fed_ < end && ops[fed_].kind == SequenceLog::Kind::kInsert && ops[fed_].node < run_end &&
           ops[fed_].position == op.position + count && Silent(ops[fed_].node) == Silent(op.node)) {
      count += ops[fed_].count;
      version_[0] = ops[fed_].node;
      BeginOp(fed_);
    }
    DoInsert(op.node, op.position, count, op.item, nullptr);
  }
}

void Walker::Insert(Node node, std::uint64_t position, std::uint64_t count, Item item,
                    std::vector<Effect>& out) {
  BeginOp(log_->size() - 1);
  version_.assign(1, node);
  DoInsert(node, Low(position), Low(count), item, &out);
}

void Walker::Remove(Node node, std::uint64_t position, std::uint64_t count,
                    std::vector<Effect>& out) {
  BeginOp(log_->size() - 1);
  version_.assign(1, node);
  DoRemove(Low(position), Low(count), &out);
}

Walker::Cursor Walker::FindGap(std::uint32_t position) const {
  if (position == 0) return {tree_.first(), 0, 0};
  Cursor at{tree_.Find<&Sum::prepare>(position), 0, 0};
  for (;; ++at.index) {
    const std::uint32_t here = Prepared(at.leaf->spans[at.index]);
    if (position <= here) break;
    position -= here;
  }
  at.offset = position;
  return at;
}

void Walker::DoInsert(Node node, std::uint32_t position, std::uint32_t count, Item item,
                      std::vector<Effect>* out) {
  Cursor at = FindGap(position);
  Span fresh{.item = item, .count = count, .gone = Silent(node)};
  if (node < graph_->size()) fresh.agent = graph_->AgentOf(node);
  bool inside = false, at_begin = position == 0;
  if (!held_.empty() && PassHeld(at, at_begin)) at_begin = false;
  if (!at_begin) {
    const Span& span = at.leaf->spans[at.index];
    fresh.left = span.item + at.offset - 1;
    inside = at.offset < span.count;
    if (inside && span.item < kBase) fresh.right_parent = span.item + at.offset;
  }
  if (!inside) {
    Cursor next = at;
    bool more = at_begin ? next.leaf->count > 0 : Next(next);
    bool concurrent = false;
    while (more && next.leaf->spans[next.index].state == kNotInserted) {
      concurrent = true;
      more = Next(next);
    }
    // The elements of the base never count as the one behind: concurrent insertions at one place
    // have the same one of them there.
    if (more) {
      const Span& behind = next.leaf->spans[next.index];
      if (behind.item < kBase && behind.left == fresh.left) fresh.right_parent = behind.item;
    }
    if (concurrent) {
      at = Integrate(at, at_begin, fresh, node);
    } else if (!at_begin && fresh.right_parent == kNoItem && !fresh.gone) {
      Span& span = at.leaf->spans[at.index];
      if (span.item + span.count == item && span.state == kInserted && !span.gone) {
        if (out != nullptr)
          out->push_back({false, PositionOf({at.leaf, at.index, span.count}), count, item});
        span.count += count;
        index_.Append(item, at.leaf);
        return tree_.Add(at.leaf, {count, count});
      }
    }
  }
  Place(at, fresh, out);
}

bool Walker::Saw(Node node) const {
  return version_[0] == node || version_[0] >= graph_->size() ||
         (node < graph_->size() && graph_->Contains(version_, node));
}

bool Walker::PassHeld(Cursor& at, bool at_begin) const {
  if (!at_begin && at.offset < at.leaf->spans[at.index].count) return false;
  Cursor next = at;
  bool passed = false;
  for (bool more = at_begin ? at.leaf->count > 0 : Next(next); more; more = Next(next)) {
    const Span& span = next.leaf->spans[next.index];
    if (span.state == kInserted) break;
    if (span.state == kNotInserted) continue;
    for (auto held = held_.lower_bound(span.item + span.count); held != held_.begin();) {
      --held;
      if (held->first < span.item) break;
      if (std::none_of(held->second.begin(), held->second.end(),
                       [this](Node node) { return Saw(node); }))
        continue;
      at = {next.leaf, next.index, held->first - span.item + 1};
      passed = true;
      break;
    }
  }
  return passed;
}

Item Walker::ItemAt(std::uint64_t position) const {
  const Cursor at = FindGap(Low(position) + 1);
  return at.leaf->spans[at.index].item + at.offset - 1;
}

void Walker::DoMark(std::size_t op) {
  const crdt::Mark& mark = log_->mark(log_->ops()[op]);
  const Node node = log_->ops()[op].node;
  const auto anchor = [&](std::uint64_t position, bool right) {
    const Anchor made{ItemAt(position), right};
    if (right) held_[made.item].push_back(node);
    return made;
  };
  PlacedMark placed{op, {kNoItem, true}, {kNoItem, false}};
  if (mark.expand == Expand::kBefore || mark.expand == Expand::kBoth) {
    if (mark.from > 0) placed.from = anchor(mark.from - 1, true);
  } else {
    placed.from = anchor(mark.from, false);
  }
  if (mark.expand == Expand::kAfter || mark.expand == Expand::kBoth) {
    if (mark.to < length()) placed.to = anchor(mark.to, false);
  } else {
    placed.to = anchor(mark.to - 1, true);
  }
  marks_.push_back(placed);
}

bool Walker::IsShown(Item item) const {
  const Cursor at = Locate(item);
  return !at.leaf->spans[at.index].gone;
}

Walker::Cursor Walker::FindShown(std::uint64_t shown) const {
  std::uint32_t left = Low(shown) + 1;
  Leaf* const leaf = tree_.Find<&Sum::effect>(left);
  std::uint32_t i = 0;
  for (; left > Shown(leaf->spans[i]); ++i) left -= Shown(leaf->spans[i]);
  return {leaf, i, left - 1};
}

std::optional<std::uint64_t> Walker::PreparedPlaceAt(const Cursor& at) const {
  if (at.leaf->spans[at.index].state != kInserted) return std::nullopt;
  std::uint32_t place = tree_.Before(at.leaf).prepare + at.offset;
  for (std::uint32_t i = 0; i < at.index; ++i) place += Prepared(at.leaf->spans[i]);
  return place;
}

std::optional<std::uint64_t> Walker::PreparedPlace(std::uint64_t shown) const {
  return PreparedPlaceAt(FindShown(shown));
}

std::optional<std::uint64_t> Walker::PreparedPlaceOfItem(std::uint64_t shown) const {
  const Cursor at = FindShown(shown);
  const auto known = slots_.find(at.leaf->spans[at.index].item + at.offset);
  if (known == slots_.end()) return PreparedPlaceAt(at);
  const Item slot = tracked_.find(known->second)->second.shown;
  if (slot == kNoItem) return std::nullopt;
  return PreparedPlaceAt(Locate(slot));
}

std::uint64_t Walker::PlaceOf(const Anchor& anchor) const {
  if (anchor.item == kNoItem) return anchor.right ? 0 : tree_.total().effect;
  Cursor at = Locate(anchor.item);
  if (anchor.right) ++at.offset;
  return PositionOf(at);
}

// Passes the insertions behind the gap that are concurrent to the new one and come before it.
Walker::Cursor Walker::Integrate(Cursor gap, bool at_begin, const Span& fresh, Node node) const {
  Cursor place = gap, at = gap;
  const std::uint32_t own = fresh.agent;
  bool scanning = false;  // between spans that may still turn out to stand behind the new one
  for (bool more = at_begin || Next(at); more; more = Next(at)) {
    const Span& other = at.leaf->spans[at.index];
    if (other.state != kNotInserted) break;
    if (other.left == fresh.left) {
      if (other.right_parent == fresh.right_parent) {
        const std::uint32_t agent =
            other.agent != kNoNode ? other.agent : graph_->AgentOf(log_->NodeOf(other.item));
        if (agent == own ? graph_->WriterLess(node, log_->NodeOf(other.item))
                         : graph_->AgentLess(own, agent))
          break;
        scanning = false;
      } else {
        // What stands right behind, and is passed next, is in front of where the passing ends.
        const bool passed_next = at.index + 1 < at.leaf->count &&
                                 at.leaf->spans[at.index + 1].item == other.right_parent &&
                                 at.leaf->spans[at.index + 1].state == kNotInserted;
        scanning = passed_next || Before(other.right_parent, fresh.right_parent);
      }
    } else if (!at_begin) {
      if (other.left == kNoItem) break;
      const Cursor left = Locate(other.left);
      if (left.leaf == gap.leaf ? left.index <= gap.index : tree_.Less(left.leaf, gap.leaf)) break;
    }
    if (!scanning) place = {at.leaf, at.index, other.count};
  }
  return place;
}

bool Walker::Before(Item left, Item right) const {
  if (left == kNoItem) return false;
  if (right == kNoItem) return true;
  const Cursor a = Locate(left), b = Locate(right);
  if (a.leaf != b.leaf) return tree_.Less(a.leaf, b.leaf);
  return a.index != b.index ? a.index < b.index : a.offset < b.offset;
}

Walker::Cursor Walker::Locate(Item item) const {
  const auto find = [item](Leaf* leaf) -> Cursor {
    for (std::uint32_t i = 0; i < leaf->count; ++i) {
      const Span& span = leaf->spans[i];
      if (item - span.item < span.count) return {leaf, i, item - span.item};
    }
    return {};
  };
  // More than half of the time it lies beside the one that was looked for last.
  Cursor at = find(near_);
  if (at.leaf == nullptr) {
    near_ = (item < kBase ? index_ : base_index_).Find(item);
    at = find(near_);
    CHECK(at.leaf != nullptr);
  }
  return at;
}

// In what all visited ops leave.
std::uint32_t Walker::PositionOf(const Cursor& at) const {
  std::uint32_t position = tree_.Before(at.leaf).effect;
  for (std::uint32_t i = 0; i < at.index; ++i) position += Shown(at.leaf->spans[i]);
  return at.offset == 0 || at.leaf->spans[at.index].gone ? position : position + at.offset;
}

void Walker::Place(Cursor at, const Span& fresh, std::vector<Effect>* out) {
  MakeRoom(at, 2);
  Leaf* const leaf = at.leaf;
  if (out != nullptr && !fresh.gone)
    out->push_back({false, PositionOf(at), fresh.count, fresh.item});
  std::uint32_t index = at.index;
  if (at.offset > 0) {
    if (at.offset < leaf->spans[index].count) Isolate(at, leaf->spans[index].count - at.offset);
    index = at.offset == 0 ? at.index : index + 1;
  }
  std::copy_backward(leaf->spans + index, leaf->spans + leaf->count, leaf->spans + leaf->count + 1);
  leaf->spans[index] = fresh;
  ++leaf->count;
  ++spans_;
  tree_.Add(leaf, {fresh.count, Shown(fresh)});
  index_.Append(fresh.item, leaf);
}

void Walker::MakeRoom(Cursor& at, std::uint32_t spans) {
  Leaf* const leaf = at.leaf;
  if (leaf->count + spans <= kSpans) return;
  constexpr std::uint32_t kHalf = kSpans / 2;
  Leaf* const fresh = new Leaf;
  Sum moved;
  fresh->count = leaf->count - kHalf;
  std::copy(leaf->spans + kHalf, leaf->spans + leaf->count, fresh->spans);
  leaf->count = kHalf;
  for (std::uint32_t i = 0; i < fresh->count; ++i) {
    const Span& span = fresh->spans[i];
    moved += {Prepared(span), Shown(span)};
    (span.item < kBase ? index_ : base_index_).Set(span.item, span.item + span.count, fresh);
  }
  tree_.Split(leaf, fresh, moved);
  if (at.index >= kHalf) at = {fresh, at.index - kHalf, at.offset};
}

// Makes the `count` elements behind `at` a span of their own, at whose begin `at` stands then.
void Walker::Isolate(Cursor& at, std::uint32_t count) {
  if (at.offset == 0 && at.leaf->spans[at.index].count == count) return;
  MakeRoom(at, 2);
  Leaf* const leaf = at.leaf;
  const auto cut = [&](std::uint32_t index, std::uint32_t offset) {
    std::copy_backward(leaf->spans + index, leaf->spans + leaf->count,
                       leaf->spans + leaf->count + 1);
    ++leaf->count;
    ++spans_;
    Span& head = leaf->spans[index];
    Span& tail = leaf->spans[index + 1];
    head.count = offset;
    tail.item += offset;
    tail.count -= offset;
    tail.left = tail.item - 1;
    tail.right_parent = kNoItem;
    tail.agent = kNoNode;
  };
  if (at.offset > 0) {
    cut(at.index, at.offset);
    ++at.index;
    at.offset = 0;
  }
  if (count < leaf->spans[at.index].count) cut(at.index, count);
}

void Walker::DoRemove(std::uint32_t position, std::uint32_t count, std::vector<Effect>* out) {
  std::uint32_t k = position + 1;
  Cursor at{tree_.Find<&Sum::prepare>(k), 0, 0};
  while (k > Prepared(at.leaf->spans[at.index])) {
    k -= Prepared(at.leaf->spans[at.index]);
    ++at.index;
  }
  at.offset = k - 1;
  const bool counts = !Silent(log_->ops()[fed_ - 1].node);
  while (true) {
    const Span& here = at.leaf->spans[at.index];
    if (here.state == kInserted) {
      const Item item = here.item + at.offset;
      const std::uint32_t most = std::min(count, here.count - at.offset);
      const std::uint32_t part = Untracked(item, most);
      if (part == 0) {
        targets_.push_back({item, 1});
        Tracked& tracked = TrackedOf(item);
        Write(tracked, fed_ - 1, false);
        RefreshAll(tracked, out);
        if (--count == 0) return;
        at = Locate(item);
        CHECK(Next(at));
        continue;
      }
      Isolate(at, part);
      Span& span = at.leaf->spans[at.index];
      const bool hides = counts && !span.gone;
      if (out != nullptr && hides) {
        const std::uint32_t from = PositionOf(at);
        if (!out->empty() && out->back().removal && out->back().position == from) {
          out->back().count += part;
        } else {
          out->push_back({true, from, part, 0});
        }
      }
      tree_.Add(at.leaf, {0 - part, hides ? 0 - part : 0});
      span.state = kInserted + 1;
      span.gone = span.gone || hides;
      if (!targets_.empty() && targets_.size() > targets_of_.back() &&
          targets_.back().item + targets_.back().count == span.item) {
        targets_.back().count += part;
      } else {
        targets_.push_back({span.item, part});
      }
      count -= part;
      if (count == 0) return;
    }
    CHECK(Next(at));
  }
}

void Walker::MoveTo(std::span<const Node> version) {
  if (std::equal(version.begin(), version.end(), version_.begin(), version_.end())) return;
  if (version.size() == 1 && version_.size() == 1 &&
      graph_->RangeOf(version[0]).first <= version_[0] &&
      version_[0] < graph_->RangeOf(version[0]).end) {
    const bool forward = version_[0] < version[0];
    Shift(forward ? NodeRange{version_[0] + 1, version[0] + 1}
                  : NodeRange{version[0] + 1, version_[0] + 1},
          forward);
  } else {
    graph_->Diff(version_, version, difference_);
    for (const NodeRange& range : difference_.only_left) Shift(range, false);
    for (std::size_t i = difference_.only_right.size(); i-- > 0;)
      Shift(difference_.only_right[i], true);
  }
  version_.assign(version.begin(), version.end());
}

// Takes the ops of some changes out of the prepare version, or puts them back.
void Walker::Shift(NodeRange nodes, bool forward) {
  const std::span<const SequenceLog::Op> ops = log_->ops();
  const auto bound = [&](Node node) {
    return std::clamp(node == 0 ? 0 : log_->FirstBehind(node - 1), first_, fed_);
  };
  const std::size_t begin = bound(nodes.first), end = bound(nodes.end);
  const auto remove = [&](std::size_t op) {
    const std::size_t next = op + 1 - first_;
    const std::size_t to = next < targets_of_.size() ? targets_of_[next] : targets_.size();
    for (std::size_t i = targets_of_[op - first_]; i < to; ++i)
      ShiftRemove(op, targets_[i].item, targets_[i].count, forward);
  };
  const auto other = [&](std::size_t op) {
    const SequenceLog::Kind kind = ops[op].kind;
    if (kind != SequenceLog::Kind::kSetItem && kind != SequenceLog::Kind::kMoveItem)
      return remove(op);
    Tracked& item = TrackedOf(targets_[targets_of_[op - first_]].item);
    if (kind == SequenceLog::Kind::kSetItem) {
      SwitchWriting(item, op, forward);
    } else {
      SwitchPlace(item, op, forward);
    }
  };
  const auto inserts = [&](std::size_t op) {
    return ops[op].kind == SequenceLog::Kind::kInsert ||
           ops[op].kind == SequenceLog::Kind::kInsertBlock;
  };
  // Insertions that follow one another have consecutive items.
  if (forward) {
    for (std::size_t op = begin; op < end;) {
      if (!inserts(op)) {
        other(op++);
        continue;
      }
      const Item item = ops[op].item;
      std::uint32_t count = 0;
      for (; op < end && inserts(op); ++op) count += ops[op].count;
      ShiftInsert(item, count, true);
    }
    return;
  }
  for (std::size_t op = end; op > begin;) {
    if (!inserts(op - 1)) {
      other(--op);
      continue;
    }
    std::uint32_t count = 0;
    for (; op > begin && inserts(op - 1); --op) count += ops[op - 1].count;
    ShiftInsert(ops[op].item, count, false);
  }
}

// The parts of a stretch often lie one behind the other.
Walker::Cursor Walker::LocateBehind(const Cursor& at, Item item) const {
  if (at.leaf != nullptr) {
    const std::uint32_t end = std::min(at.index + 3, at.leaf->count);
    for (std::uint32_t i = at.index + 1; i < end; ++i) {
      const Span& span = at.leaf->spans[i];
      if (item - span.item < span.count) return {at.leaf, i, item - span.item};
    }
  }
  return Locate(item);
}

void Walker::ShiftInsert(Item item, std::uint32_t count, bool forward) {
  Cursor at;
  while (count > 0) {
    const std::uint32_t plain = Untracked(item, count);
    if (plain == 0) {
      Tracked& tracked = TrackedOf(item);
      const std::size_t op = tracked.writings[0].op;
      SwitchPlace(tracked, op, forward);
      SwitchWriting(tracked, op, forward);
      at = {};
      ++item;
      --count;
      continue;
    }
    at = LocateBehind(at, item);
    const std::uint32_t part = std::min(plain, at.leaf->spans[at.index].count - at.offset);
    Isolate(at, part);
    Span& span = at.leaf->spans[at.index];
    CHECK(span.state == (forward ? kNotInserted : kInserted));
    span.state = forward ? kInserted : kNotInserted;
    tree_.Add(at.leaf, {forward ? part : 0 - part, 0});
    item += part;
    count -= part;
  }
}

void Walker::ShiftRemove(std::size_t op, Item item, std::uint32_t count, bool forward) {
  Cursor at;
  while (count > 0) {
    const std::uint32_t plain = Untracked(item, count);
    if (plain == 0) {
      SwitchWriting(TrackedOf(item), op, forward);
      at = {};
      ++item;
      --count;
      continue;
    }
    at = LocateBehind(at, item);
    const std::uint32_t part = std::min(plain, at.leaf->spans[at.index].count - at.offset);
    Isolate(at, part);
    Span& span = at.leaf->spans[at.index];
    CHECK(span.state >= (forward ? kInserted : kInserted + 1));
    const std::uint32_t before = Prepared(span);
    span.state += forward ? 1 : 0xFFFFFFFF;
    tree_.Add(at.leaf, {Prepared(span) - before, 0});
    item += part;
    count -= part;
  }
}

std::vector<Walker::Stretch> Walker::Visible() const {
  std::vector<Stretch> out;
  for (const Leaf* leaf = tree_.first(); leaf != nullptr; leaf = leaf->next) {
    for (std::uint32_t i = 0; i < leaf->count; ++i) {
      const Span& span = leaf->spans[i];
      if (span.gone) continue;
      if (!out.empty() && out.back().item + out.back().count == span.item) {
        out.back().count += span.count;
      } else {
        out.push_back({span.item, span.count});
      }
    }
  }
  if (surplus_ > 0) out.back().count -= surplus_;
  return out;
}

}  // namespace geflecht::crdt
