// Texts with marks and block markers (Litt, Lim, Kleppmann, van Hardenberg: Peritext, CSCW 2022).
// Their walker begins with the text and stays: an anchor lies beside an element, which may be
// removed by now.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/limits.h"
#include "crdt/engine.h"
#include "crdt/validity.h"

namespace geflecht::crdt {
namespace {

// A stretch with the same marks goes on.
bool Joins(const Span& last, const Span& next) {
  return !next.block && !last.block && last.marks == next.marks && last.gap == next.gap;
}

// By position in what is shown: the gap that begins there, nothing where one ends.
std::map<std::uint64_t, std::optional<Gap>> GapsShown(const SequenceLog& log,
                                                      const Walker& walker) {
  std::map<std::uint64_t, std::optional<Gap>> out;
  if (log.gaps().empty()) return out;
  std::uint64_t position = 0;
  for (const Walker::Stretch& stretch : walker.Visible()) {
    const auto gaps = log.gaps();
    auto gap = std::partition_point(gaps.begin(), gaps.end(), [&](const auto& one) {
      return one.item + one.count <= stretch.item;
    });
    for (; gap != gaps.end() && gap->item < stretch.item + stretch.count; ++gap) {
      const Item from = std::max(gap->item, stretch.item);
      const Item to = std::min(gap->item + gap->count, stretch.item + stretch.count);
      out[position + (from - stretch.item)] = gap->gap;
      out[position + (to - stretch.item)] = std::nullopt;
    }
    position += stretch.count;
  }
  return out;
}

// What the marks say that cover a place.
class Formats {
 public:
  // A mark begins or ends to cover; of two with one key the one of higher rank counts.
  void Turn(const crdt::Mark& mark, std::size_t rank, bool begins) {
    std::map<std::size_t, const crdt::Mark*>& marks = covering_[mark.key];
    if (begins) {
      marks.emplace(rank, &mark);
    } else {
      marks.erase(rank);
    }
    formats_.erase(mark.key);
    if (marks.empty()) return;
    if (const auto& value = marks.rbegin()->second->value) formats_.emplace(mark.key, &*value);
  }

  std::map<std::string, Value> Shown() const {
    std::map<std::string, Value> out;
    for (const auto& [key, value] : formats_) {
      if (out.size() == limits::kMarkKeysShownMax) break;
      out.emplace(key, *value);
    }
    return out;
  }

 private:
  std::map<std::string, std::map<std::size_t, const crdt::Mark*>> covering_;  // by key: by rank
  std::map<std::string, const Value*> formats_;
};

}  // namespace

Walker& Engine::RichWalker(Number text) const {
  const Past past{.all = true, .self = static_cast<Node>(graph_.size()), .parents = graph_.heads()};
  EnsureWalker(text, past, true);
  Sequence& sequence = *containers_[text].sequence;
  const auto ops = sequence.log.ops();
  if (ops.empty() || ops.back().node < graph_.size()) sequence.walker->MoveTo(graph_.heads());
  return *sequence.walker;
}

void Engine::PerformMark(Number text, const Past& past, crdt::Mark mark) {
  Sequence& sequence = *containers_[text].sequence;
  const std::uint64_t from = mark.from, to = mark.to;
  mark.text.clear();
  sequence.log.AddMark(past.self, std::move(mark));
  MoveFrontier(sequence.frontier, past);
  if (sequence.walked_by != past.self) {
    if (patches_ != nullptr) PatchFormat(text, from, to);
    return;
  }
  sequence.walker->Feed(sequence.log.size());
  const Walker::PlacedMark& placed = sequence.walker->marks().back();
  if (patches_ != nullptr)
    PatchFormat(text, sequence.walker->PlaceOf(placed.from), sequence.walker->PlaceOf(placed.to));
}

void Engine::PerformSetBlock(Number text, const Past& past, crdt::SetBlock setting) {
  Sequence& sequence = *containers_[text].sequence;
  std::uint64_t position = setting.position;
  setting.text.clear();
  if (sequence.walked_by == past.self)
    position = sequence.walker->PlaceOf({sequence.walker->ItemAt(position), false});
  sequence.log.SetBlock(past.self, std::move(setting));
  MoveFrontier(sequence.frontier, past);
  if (sequence.walked_by == past.self) sequence.walker->Feed(sequence.log.size());
  if (patches_ != nullptr) PatchFormat(text, position, position + 1);
}

std::string_view Engine::StageMark(Number text, const crdt::Mark& mark) {
  if (cold_) return WantHistory();
  if (containers_[text].type != ContainerType::kText) return "wrong-type";
  if (const auto reason = CheckMark(mark, WrittenLength(text)); !reason.empty()) return reason;
  BeginEdit(text);
  const std::size_t number = containers_[text].sequence->log.marks().size();
  PerformMark(text, {.all = true, .self = static_cast<Node>(graph_.size()), .parents = {}}, mark);
  open_.edits.push_back({OpenEdit::Kind::kMark, text, 0, 0, number, 0});
  ++open_.events;
  return {};
}

std::string_view Engine::StageInsertBlock(Number text, std::uint64_t position,
                                          const std::map<std::string, Value>& attributes) {
  if (cold_) return WantHistory();
  if (containers_[text].type != ContainerType::kText) return "wrong-type";
  if (const auto reason = CheckAttributes(attributes); !reason.empty()) return reason;
  if (const auto reason = CheckInsertion(WrittenLength(text), position, 1); !reason.empty())
    return reason;
  if (const auto reason = CheckRoom(containers_[text].sequence->log.items(), 1); !reason.empty())
    return reason;
  BeginEdit(text);
  SequenceLog& log = containers_[text].sequence->log;
  const Item item = log.items();
  log.InsertBlock(static_cast<Node>(graph_.size()), position, attributes);
  if (containers_[text].sequence->silent) {
    Reshow(text);
  } else {
    ApplyInsert(text, position, 1, item, "\n");
    open_.steps.push_back({UndoStep::Kind::kInsert, text, position, 1, 0});
  }
  open_.edits.push_back({OpenEdit::Kind::kInsertBlock, text, position, 0, item, 0});
  ++open_.events;
  return {};
}

std::string_view Engine::StageSetBlock(Number text, const crdt::SetBlock& setting) {
  if (cold_) return WantHistory();
  if (containers_[text].type != ContainerType::kText) return "wrong-type";
  if (setting.position >= WrittenLength(text)) return "position-out-of-range";
  const Item item = RichWalker(text).ItemAt(setting.position);
  if (containers_[text].sequence->log.Block(item) == nullptr) return "no-block";
  if (const auto reason = CheckAttribute(setting.key, setting.value); !reason.empty())
    return reason;
  BeginEdit(text);
  const std::size_t number = containers_[text].sequence->log.settings().size();
  PerformSetBlock(text, {.all = true, .self = static_cast<Node>(graph_.size()), .parents = {}},
                  setting);
  open_.edits.push_back({OpenEdit::Kind::kSetBlock, text, 0, 0, number, 0});
  ++open_.events;
  return {};
}

bool Engine::LaterOp(const SequenceLog::Op& left, const SequenceLog::Op& right) const {
  const Node a = left.node, b = right.node;
  if (a == b) return &left > &right;
  if (a >= graph_.size() || b >= graph_.size()) return a > b;
  const std::uint64_t left_depth = graph_.depth(a), right_depth = graph_.depth(b);
  if (left_depth != right_depth) return left_depth > right_depth;
  return graph_.WriterLess(b, a);
}

std::map<std::string, Value> Engine::BlockAttributes(const Sequence& text, Item item) const {
  std::map<std::string, Value> out = *text.log.Block(item);
  const auto found = text.walker->settings().find(item);
  if (found == text.walker->settings().end()) return out;
  std::vector<std::size_t> ops = found->second;
  const auto all = text.log.ops();
  std::sort(ops.begin(), ops.end(),
            [&](std::size_t left, std::size_t right) { return LaterOp(all[right], all[left]); });
  for (const std::size_t op : ops) {
    if (!Counts(all[op].node)) continue;
    const crdt::SetBlock& setting = text.log.setting(all[op]);
    if (setting.value) {
      out[setting.key] = *setting.value;
    } else {
      out.erase(setting.key);
    }
  }
  return out;
}

std::vector<Span> Engine::ReadSpans(Number number) {
  Sequence& text = *containers_[number].sequence;
  if (text.rope.length() == 0) return {};
  if (!text.log.is_rich() && text.log.gaps().empty())
    return {{text.rope.Text(), {}, std::nullopt, std::nullopt}};
  const Walker& walker = RichWalker(number);
  const auto ops = text.log.ops();
  // By mark: where it begins and ends to cover. The earlier a mark, the lower its rank.
  std::vector<Walker::PlacedMark> marks = walker.marks();
  std::erase_if(marks, [&](const auto& mark) { return !Counts(ops[mark.op].node); });
  std::sort(marks.begin(), marks.end(), [&](const auto& left, const auto& right) {
    return LaterOp(ops[right.op], ops[left.op]);
  });
  std::multimap<std::uint64_t, std::pair<std::size_t, bool>> bounds;
  for (std::size_t rank = 0; rank < marks.size(); ++rank) {
    const std::uint64_t from = walker.PlaceOf(marks[rank].from);
    const std::uint64_t to = walker.PlaceOf(marks[rank].to);
    if (from >= to) continue;
    bounds.emplace(from, std::pair(rank, true));
    bounds.emplace(to, std::pair(rank, false));
  }
  std::map<std::uint64_t, Item> blocks;
  for (const auto& [item, attributes] : text.log.blocks())
    if (walker.IsShown(item)) blocks.emplace(walker.PlaceOf({item, false}), item);

  const std::map<std::uint64_t, std::optional<Gap>> gaps = GapsShown(text.log, walker);
  auto gap = gaps.begin();
  Formats formats;
  std::vector<Span> out;
  std::optional<Gap> in_gap;
  auto bound = bounds.begin();
  auto block = blocks.begin();
  for (std::uint64_t at = 0; at < text.rope.length();) {
    for (; bound != bounds.end() && bound->first == at; ++bound) {
      const auto [rank, begins] = bound->second;
      formats.Turn(text.log.mark(ops[marks[rank].op]), rank, begins);
    }
    std::uint64_t end = bound != bounds.end() ? bound->first : text.rope.length();
    for (; gap != gaps.end() && gap->first == at; ++gap) in_gap = gap->second;
    if (gap != gaps.end()) end = std::min(end, gap->first);
    Span span{{}, {}, {}, in_gap};
    if (block != blocks.end()) {
      if (block->first == at) {
        span.block = BlockAttributes(text, block->second);
        end = at + 1;
        ++block;
      } else {
        end = std::min(end, block->first);
      }
    }
    span.marks = formats.Shown();
    text.rope.AppendTo(span.text, at, end - at);
    at = end;
    if (!out.empty() && Joins(out.back(), span)) {
      out.back().text += span.text;
    } else {
      out.push_back(std::move(span));
    }
  }
  return out;
}

}  // namespace geflecht::crdt
