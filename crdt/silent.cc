// Sequences that a change which does not count has edited: positions of changes are not those of
// what is shown.
#include <algorithm>
#include <functional>
#include <utility>

#include "crdt/engine.h"
#include "crdt/rope.h"

namespace geflecht::crdt {

std::uint64_t Engine::WrittenLength(Number number) const {
  const Container& container = containers_[number];
  if (!container.sequence || !container.sequence->silent) return LengthOf(container);
  return RichWalker(number).length();
}

void Engine::Reshow(Number number) {
  Sequence& sequence = *containers_[number].sequence;
  const std::vector<Walker::Stretch> shown = RichWalker(number).Visible();
  const SequenceLog& log = sequence.log;
  const std::uint64_t before = LengthOf(containers_[number]);
  std::string text;
  if (containers_[number].type == ContainerType::kText) {
    for (Walker::Stretch left : shown)
      while (left.count > 0) {
        const std::size_t number_of_op = log.OpOf(left.item);
        const SequenceLog::Op& op = log.ops()[number_of_op];
        const std::uint32_t part = std::min(left.count, op.item + op.count - left.item);
        std::string_view here = log.TextOf(number_of_op);
        if (op.kind == SequenceLog::Kind::kInsertBlock) here = "\n";
        here.remove_prefix(BytesOfPoints(here, left.item - op.item));
        text += here.substr(0, BytesOfPoints(here, part));
        left.item += part;
        left.count -= part;
      }
    sequence.rope = Rope(text);
  } else {
    sequence.items.Remove(0, sequence.items.length());
    for (const Walker::Stretch& stretch : shown)
      sequence.items.Insert(sequence.items.length(), stretch.item, stretch.count);
  }
  if (patches_ == nullptr) return;
  const std::uint64_t after = LengthOf(containers_[number]);
  if (before > 0) PatchSequence(number, true, 0, before, {});
  if (after > 0) PatchSequence(number, false, 0, after, text);
}

namespace {

// Behind the end of everything, so that it is refused.
constexpr std::uint64_t kNowhere = ~std::uint64_t{0};

}  // namespace

std::uint64_t Engine::SilentGap(Number number, std::uint64_t shown) const {
  if (shown > LengthOf(containers_[number])) return kNowhere;
  // Behind the last element in front that a writer sees too.
  const Walker& walker = RichWalker(number);
  for (; shown > 0; --shown)
    if (const auto place = walker.PreparedPlace(shown - 1)) return *place + 1;
  return 0;
}

std::optional<std::vector<std::pair<std::uint64_t, std::uint64_t>>> Engine::Written(
    Number number, std::uint64_t shown, std::uint64_t count) const {
  const Container& container = containers_[number];
  const std::uint64_t length = LengthOf(container);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> out{{shown, count}};
  if (!container.sequence->silent || count == 0) return out;
  if (shown > length || count > length - shown) return out = {{kNowhere, count}};
  out.clear();
  const Walker& walker = RichWalker(number);
  std::vector<std::uint64_t> places;
  for (std::uint64_t at = shown + count; at > shown; --at) {
    const auto place = walker.PreparedPlaceOfItem(at - 1);
    if (!place) return std::nullopt;
    places.push_back(*place);
  }
  // An item that an excluded change moved stands elsewhere in the eyes of writers.
  std::sort(places.begin(), places.end(), std::greater<>());
  for (const std::uint64_t place : places) {
    if (!out.empty() && out.back().first == place + 1) {
      --out.back().first;
      ++out.back().second;
    } else {
      out.emplace_back(place, 1);
    }
  }
  return out;
}

}  // namespace geflecht::crdt
