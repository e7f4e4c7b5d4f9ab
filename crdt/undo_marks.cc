#include "crdt/undo_marks.h"

#include <algorithm>
#include <optional>

#include "crdt/utf8.h"

namespace geflecht::crdt {
namespace {

std::uint32_t PlaceOf(const Walker::Anchor& anchor, const UndoOrder& order) {
  if (anchor.item == 0xFFFFFFFF)
    return anchor.right ? 0 : static_cast<std::uint32_t>(order.elements().size());
  return order.PlaceOf(anchor.item) + (anchor.right ? 1 : 0);
}

}  // namespace

UndoMarks::UndoMarks(const UndoOrder& order, Node change) : order_(order), change_(change) {
  for (const Walker::PlacedMark& mark : order.wanted().marks()) {
    const Range range{mark.op, PlaceOf(mark.from, order), PlaceOf(mark.to, order)};
    if (range.from >= range.to) continue;
    marks_.push_back(range);
    any_ = any_ || order.log().ops()[mark.op].node == change;
  }
  std::sort(marks_.begin(), marks_.end(), [&](const Range& left, const Range& right) {
    return order.wanted().LaterOp(right.op, left.op);
  });
}

std::pair<std::size_t, const UndoMarks::Cover*> UndoMarks::At(Item root) {
  std::vector<Item> members = order_.Members(root);
  bool next = left_ > 0 && members.size() == members_.size();
  for (std::size_t i = 0; next && i < members.size(); ++i)
    next = members[i] == members_[i] + 1 &&
           order_.PlaceOf(members[i]) == order_.PlaceOf(members_[i]) + 1 &&
           (members.size() == 1 ||
            order_.log().NodeOf(members[i]) == order_.log().NodeOf(members_[i]));
  if (next) {
    --left_;
  } else {
    Find(members);
    ++number_;
  }
  members_ = std::move(members);
  return {number_, &cover_};
}

void UndoMarks::Find(const std::vector<Item>& members) {
  cover_ = {};
  left_ = 0xFFFFFFFF;
  for (const Item item : members) {
    const std::uint32_t place = order_.PlaceOf(item);
    for (const Range& range : marks_)
      for (const std::uint32_t bound : {range.from, range.to})
        if (bound > place) left_ = std::min(left_, bound - place - 1);
  }
  for (const Range& range : marks_) {
    const Node writer = order_.log().ops()[range.op].node;
    Item known = members[0];
    for (std::size_t i = members.size(); i-- > 1;)
      if (order_.graph().Contains(writer, order_.log().NodeOf(members[i]))) {
        known = members[i];
        break;
      }
    const std::uint32_t place = order_.PlaceOf(known);
    if (place < range.from || place >= range.to) continue;
    const crdt::Mark& mark = order_.log().mark(order_.log().ops()[range.op]);
    if (writer == change_) cover_.undone[mark.key] = {std::nullopt, mark.expand};
    if (!order_.Aside(range.op)) cover_.wanted[mark.key] = {mark.value, mark.expand};
  }
  for (auto& [key, format] : cover_.undone)
    if (const auto found = cover_.wanted.find(key); found != cover_.wanted.end())
      format = found->second;
}

namespace {

// Stretches that are to get one format, in order.
struct Stretch {
  std::uint64_t from = 0, to = 0;
  MarkWish::Format format;
};

}  // namespace

std::string_view StageWishes(Engine& engine, const ContainerId& id,
                             const std::vector<MarkWish>& wishes) {
  const Number text = engine.Resolve(id, static_cast<Node>(engine.graph().size()));
  std::map<std::string, std::vector<Stretch>> lacking;
  const auto lack = [&](const std::string& key, std::uint64_t from, std::uint64_t to,
                        const MarkWish::Format& format) {
    if (format.value && std::holds_alternative<Absent>(*format.value)) return;
    std::vector<Stretch>& of_key = lacking[key];
    if (!of_key.empty() && of_key.back().to == from && of_key.back().format == format) {
      of_key.back().to = to;
    } else {
      of_key.push_back({from, to, format});
    }
  };
  const std::vector<Span> spans = engine.ReadSpans(text);
  auto span = spans.begin();
  std::uint64_t begin = 0, size = span == spans.end() ? 0 : CountCodePoints(span->text);
  for (const MarkWish& wish : wishes)
    for (std::uint64_t at = wish.shown; at < wish.shown + wish.count;) {
      while (begin + size <= at) {
        begin += size;
        ++span;
        size = CountCodePoints(span->text);
      }
      const std::uint64_t end = std::min(begin + size, wish.shown + wish.count);
      const std::uint64_t from = wish.written + (at - wish.shown), to = from + (end - at);
      for (const auto& [key, format] : wish.formats) {
        const auto there = span->marks.find(key);
        const std::optional<Value> now =
            there == span->marks.end() ? std::nullopt : std::optional(there->second);
        if (now != format.value) lack(key, from, to, format);
      }
      if (wish.all)
        for (const auto& [key, value] : span->marks)
          if (!wish.formats.contains(key)) lack(key, from, to, {});
      at = end;
    }
  for (const auto& [key, stretches] : lacking)
    for (const Stretch& stretch : stretches)
      if (const auto reason = engine.StageMark(text, {id, stretch.from, stretch.to, key,
                                                      stretch.format.value, stretch.format.expand});
          !reason.empty())
        return reason;
  return {};
}

}  // namespace geflecht::crdt
