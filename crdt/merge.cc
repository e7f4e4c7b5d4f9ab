#include <algorithm>
#include <utility>

#include "crdt/content.h"
#include "crdt/engine.h"
#include "crdt/rope.h"
#include "crdt/utf8.h"
#include "crdt/validity.h"

namespace geflecht::crdt {
namespace {

// A walker that is so many ops behind is not needed any more.
constexpr std::size_t kColdOps = 4096;
// How much more than its zone asks for a walker may hold before it is made anew.
constexpr std::size_t kSparseSpans = 1024;
// So often the past of a change is searched before it is listed.
constexpr std::size_t kSearchesMax = 32;

std::string Placeholder(const AbsentText& absent) {
  const char32_t point = absent.gap == Gap::kErased ? kErasedPoint : kMissingPoint;
  return EncodeUtf8(std::u32string(static_cast<std::size_t>(absent.points), point));
}

}  // namespace

void Engine::Merge(const Change& change, std::span<const Node> parents) {
  if (cold_ && NeedsHistory(change, parents)) Rebuild();
  const std::vector<Node>& heads = graph_.heads();
  const bool all = std::equal(parents.begin(), parents.end(), heads.begin(), heads.end());
  const Node node = graph_.Append(change.id, change.agent, parents);
  if (excluded_.contains(change.id)) {
    silent_.resize(node + 1, false);
    silent_[node] = true;
  }
  Include(change, node, parents, all);
  history_.Append(change.edits, graph_, numbers_);
}

// How many of the changes, whose first one fits, fit as one insertion; its text is `joined_`.
std::size_t Engine::Join(std::span<const Change* const> changes) {
  joined_ = std::get<crdt::InsertText>(changes[0]->edits[0]).inserted;
  std::uint64_t length = measures_[0].length;
  std::size_t count = 1;
  for (; count < changes.size(); ++count) {
    const auto& edit = std::get<crdt::InsertText>(changes[count]->edits[0]);
    if (edit.inserted.empty() || !IsUtf8(edit.inserted)) break;
    const std::uint64_t points = CountCodePoints(edit.inserted);
    if (!CheckInsertion(length, edit.position, points).empty()) break;
    length += points;
    joined_ += edit.inserted;
  }
  return count;
}

void Engine::MergeTyped(std::span<const Change* const> changes, std::span<const Node> parents) {
  if (cold_ && NeedsHistory(*changes[0], parents)) Rebuild();
  const std::vector<Node>& heads = graph_.heads();
  const bool all = std::equal(parents.begin(), parents.end(), heads.begin(), heads.end());
  for (const Change* const change : changes) graph_.Fetch(change->id);
  const Node first = graph_.Append(changes[0]->id, changes[0]->agent, parents);
  const Past past{.all = all, .self = first, .parents = parents};
  searches_ = 0;
  numbers_.clear();
  std::size_t count = 1;
  if (const auto reason = Checker(*this, past).Check(*changes[0], numbers_); !reason.empty()) {
    voids_.emplace(first, reason);
  } else {
    count = Join(changes);
    const Number number = numbers_[0];
    const auto& edit = std::get<crdt::InsertText>(changes[0]->edits[0]);
    Touch(number, past);
    Sequence& sequence = *containers_[number].sequence;
    const Item item = sequence.log.items();
    sequence.log.InsertText(first, edit.position, edit.inserted, CountCodePoints(edit.inserted));
    Node last = first;
    for (const Change* const change : changes.subspan(1, count - 1)) {
      const auto& next = std::get<crdt::InsertText>(change->edits[0]);
      last = graph_.Append(change->id, change->agent, {&last, 1});
      sequence.log.InsertText(last, next.position, next.inserted, CountCodePoints(next.inserted));
    }
    PerformInsert(number, past, edit.position, sequence.log.items() - item, item, joined_);
    if (last != first) {
      // What lies between has edited nothing else.
      const Past behind{.all = all, .self = last, .parents = {&first, 1}};
      searches_ = 0;
      Touch(number, behind);
      MoveFrontier(sequence.frontier, behind);
      if (sequence.walked_by == first) {
        sequence.walked_by = last;
        sequence.walker->GoOn(last);
      }
    }
  }
  for (const Change* const change : changes.first(count))
    history_.Append(change->edits, graph_, numbers_);
  for (const Change* const change : changes.subspan(count)) {
    const Node parent = static_cast<Node>(graph_.size() - 1);
    Merge(*change, {&parent, 1});
  }
}

void Engine::Include(const Change& change, Node node, std::span<const Node> parents, bool all) {
  const Past past{.all = all, .self = node, .parents = parents};
  searches_ = 0;
  numbers_.clear();
  if (!Counts(node))
    for (const Edit& edit : change.edits) {
      const Number number = Resolve(ContainerOf(edit), node);
      if (number == kNoNumber || !containers_[number].sequence || IsHidden(number)) continue;
      Sequence& sequence = *containers_[number].sequence;
      if (!std::exchange(sequence.silent, true)) sequence.walker.reset();
    }
  if (const std::string_view reason = Checker(*this, past).Check(change, numbers_);
      !reason.empty()) {
    voids_.emplace(node, reason);
    return;
  }
  std::uint64_t event = 0;
  for (std::size_t i = 0; i < change.edits.size(); ++i) {
    Perform(change.edits[i], numbers_[i], past, event);
    event += EventCount(change.edits[i]);
  }
}

// Whether nothing can show it since the change that made it, or what holds it, does not count. In
// there edits are performed as if they counted.
bool Engine::IsHidden(Number number) const {
  for (; number != kNoNumber; number = containers_[number].parent)
    if (containers_[number].creator != kNoNode && !Counts(containers_[number].creator)) return true;
  return false;
}

void Engine::Perform(const Edit& edit, Number number, const Past& past, std::uint64_t event) {
  const Node node = past.self;
  if (Counts(node)) Touch(number, past);
  if (const auto* set = std::get_if<SetKey>(&edit)) {
    const bool writes = !set->absent_key && Counts(node);
    std::variant<Value, Number> slot;
    if (set->slot) {
      if (const auto* value = std::get_if<Value>(&*set->slot)) {
        slot = *value;
      } else {
        slot = Create(std::get<ContainerType>(*set->slot), number, node, event,
                      writes ? static_cast<std::uint32_t>(records_.size()) : kNoPlace);
      }
    }
    if (writes) Write(number, EntryOf(number, set->key), std::move(slot), !set->slot, past);
  } else if (const auto* text = std::get_if<InsertText>(&edit)) {
    const std::string gap = text->absent ? Placeholder(*text->absent) : std::string();
    const std::string_view inserted = text->absent ? gap : text->inserted;
    const std::uint64_t points = CountCodePoints(inserted);
    SequenceLog& log = containers_[number].sequence->log;
    const Item item = log.items();
    log.InsertText(node, text->position, inserted, points);
    if (text->absent) log.AddGap(points, text->absent->gap);
    PerformInsert(number, past, text->position, points, item, inserted);
  } else if (const auto* list = std::get_if<InsertItems>(&edit)) {
    const Item item = containers_[number].sequence->log.items();
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      ListElement element = MakeElement(list->items[i], number, node, event + i);
      containers_[number].sequence->log.InsertElement(node, list->position + i, std::move(element));
    }
    PerformInsert(number, past, list->position, list->items.size(), item, {});
  } else if (const auto* remove = std::get_if<crdt::Remove>(&edit)) {
    containers_[number].sequence->log.Remove(node, remove->position, remove->count);
    PerformRemove(number, past, remove->position, remove->count);
  } else if (const auto* set_item = std::get_if<crdt::SetItem>(&edit)) {
    PerformSetItem(number, past, set_item->position,
                   MakeElement(set_item->slot, number, node, event));
  } else if (const auto* move = std::get_if<crdt::MoveItem>(&edit)) {
    PerformMoveItem(number, past, move->from, move->to);
  } else if (const auto* block = std::get_if<crdt::InsertBlock>(&edit)) {
    SequenceLog& log = containers_[number].sequence->log;
    const Item item = log.items();
    log.InsertBlock(node, block->position, block->attributes);
    PerformInsert(number, past, block->position, 1, item, "\n");
  } else if (const auto* mark = std::get_if<crdt::Mark>(&edit)) {
    PerformMark(number, past, *mark);
  } else if (const auto* setting = std::get_if<crdt::SetBlock>(&edit)) {
    PerformSetBlock(number, past, *setting);
  } else if (std::holds_alternative<CreateNode>(edit) || std::holds_alternative<MoveNode>(edit) ||
             std::holds_alternative<RemoveNode>(edit)) {
    PerformNode(edit, number, node, event);
  } else if (const auto* add = std::get_if<Add>(&edit)) {
    CounterState& counter = *containers_[number].counter;
    counter.sum += add->delta;
    if (!Counts(node)) counter.silent += add->delta;
    counter.magnitude += add->delta < 0 ? -Total{add->delta} : Total{add->delta};
    counter.additions.emplace_back(node, add->delta);
    if (patches_ != nullptr) PatchCounter(number);
  }
}

void Engine::PerformInsert(Number number, const Past& past, std::uint64_t position,
                           std::uint64_t count, Item item, std::string_view text) {
  Sequence& sequence = *containers_[number].sequence;
  if (sequence.walked_by == past.self) {
    effects_.clear();
    sequence.walker->Insert(past.self, position, count, item, effects_);
    MoveFrontier(sequence.frontier, past);
    if (effects_.empty()) return;
    position = effects_[0].position;
  } else {
    sequence.frontier.assign(1, past.self);
  }
  ApplyInsert(number, position, count, item, text);
}

void Engine::PerformRemove(Number number, const Past& past, std::uint64_t position,
                           std::uint64_t count) {
  Sequence& sequence = *containers_[number].sequence;
  if (sequence.walked_by != past.self) {
    sequence.frontier.assign(1, past.self);
    return ApplyRemove(number, position, count);
  }
  effects_.clear();
  sequence.walker->Remove(past.self, position, count, effects_);
  MoveFrontier(sequence.frontier, past);
  Apply(number, effects_);
}

bool Engine::Knows(const Past& past, Node node) const {
  if (past.all || node == past.self) return true;
  const std::optional<bool> known = graph_.ContainsAtOnce(past.parents, node);
  return known ? *known : KnowsBySearch(past, node);
}

// One change may ask millions of times, and each search may go through the whole graph.
bool Engine::KnowsBySearch(const Past& past, Node node) const {
  if (searches_ < kSearchesMax) {
    ++searches_;
    return graph_.Contains(past.parents, node);
  }
  if (searches_++ == kSearchesMax) graph_.Diff(past.parents, {}, past_);
  const auto& ranges = past_.only_left;
  const auto at = std::partition_point(ranges.begin(), ranges.end(),
                                       [&](const NodeRange& range) { return range.first > node; });
  return at != ranges.end() && node < at->end;
}

bool Engine::Current(const Sequence& sequence, const Past& past) const {
  // What is most likely unknown lies at the end.
  return past.all || std::all_of(sequence.frontier.rbegin(), sequence.frontier.rend(),
                                 [&](Node node) { return Knows(past, node); });
}

void Engine::MoveFrontier(std::vector<Node>& frontier, const Past& past) const {
  if (past.all) return frontier.assign(1, past.self);
  if (!frontier.empty()) {
    if (frontier.back() == past.self) return;
    // Nothing else in it lies in the past of one of its changes.
    if (past.parents.size() == 1 && past.parents[0] == frontier.back()) {
      frontier.back() = past.self;
      return;
    }
  }
  const auto end = past.parents.empty()
                       ? frontier.begin()
                       : std::upper_bound(frontier.begin(), frontier.end(), past.parents.back());
  frontier.erase(
      std::remove_if(frontier.begin(), end, [&](Node node) { return Knows(past, node); }), end);
  frontier.push_back(past.self);
}

std::uint64_t Engine::Prepare(Number number, const Past& past, bool rich) {
  const Container& container = containers_[number];
  Sequence& sequence = *container.sequence;
  if (!sequence.silent && Current(sequence, past)) {
    if (sequence.walker && !sequence.log.is_rich() &&
        sequence.log.size() - sequence.walker->fed() > kColdOps)
      sequence.walker.reset();
    return LengthOf(container);
  }
  // On the change that it was used for last, the walker is as it has to be.
  const bool goes_on = !rich && !past.all && past.parents.size() == 1 && sequence.walker &&
                       sequence.walked_by == past.parents[0] &&
                       sequence.walker->fed() == sequence.log.size();
  if (!goes_on) EnsureWalker(number, past, rich);
  sequence.walked_by = past.self;
  sequence.walker->MoveTo(past.parents);
  return sequence.walker->length();
}

void Engine::EnsureWalker(Number number, const Past& past, bool rich) const {
  const Container& container = containers_[number];
  Sequence& sequence = *container.sequence;
  const SequenceLog& log = sequence.log;
  const bool begin = rich || log.is_rich() || sequence.silent || past.parents.empty();
  const Node version = begin ? kNoNode : graph_.LastCritical(past.parents.back());
  const std::size_t first = log.FirstBehind(version);
  // Going on is worth it unless more ops lie in front of the zone than in it.
  const Walker* const walker = sequence.walker.get();
  const bool usable = walker != nullptr && walker->first() <= first && walker->fed() >= first &&
                      (!begin || walker->from_begin()) &&
                      walker->spans() <= kSparseSpans + 8 * (log.size() - first);
  if (!usable)
    sequence.walker =
        std::make_unique<Walker>(graph_, log, first, version, sequence.silent ? &silent_ : nullptr);
  sequence.walker->Feed(log.size());
  sequence.log.Seal();
  if (!sequence.walker->from_begin()) sequence.walker->SetVisible(LengthOf(container));
}

Total Engine::SumAt(const CounterState& counter, const Past& past) const {
  if (past.all) return counter.sum;
  Total sum = 0;
  for (const auto& [node, delta] : counter.additions)
    if (Knows(past, node)) sum += delta;
  return sum;
}

}  // namespace geflecht::crdt
