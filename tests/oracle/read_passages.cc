// Passages edited concurrently (docs/formats/change.md).
#include <algorithm>

#include "tests/oracle/read.h"

namespace geflecht::crdt::oracle {

struct Reader::Run {
  Node writer = 0;
  std::size_t first = 0, last = 0;
  bool inserts = false;
};
struct Reader::Meeting {
  std::size_t first = 0, last = 0;
  Node one = 0, other = 0;
};
struct Reader::Ground {
  const Container& text;
  std::vector<Sequence::Item> elements = {};  // those that count
  std::vector<std::size_t> visible = {0};     // how many stand in front of each
  std::map<Node, std::vector<std::size_t>> edited = {};
};

Reader::Ground Reader::GroundOf(const Container& text) const {
  const History& history = state_.history();
  Ground ground{.text = text};
  std::vector<Sequence::Item>& elements = ground.elements;
  std::vector<std::size_t>& visible = ground.visible;
  std::map<Node, std::vector<std::size_t>>& edited = ground.edited;
  for (const Sequence::Item item : text.sequence.order()) {
    const Point& point = text.points[item];
    const AgentId& author = history.at(point.by.writer).change.agent;
    const bool taken_back = std::any_of(
        point.removed_by.begin(), point.removed_by.end(),
        [&](Node writer) { return Counts(writer) && history.at(writer).change.agent == author; });
    if (!Counts(point.by) || taken_back) continue;
    edited[point.by.writer].push_back(elements.size());
    for (const Node writer : point.removed_by)
      if (Counts(writer)) edited[writer].push_back(elements.size());
    elements.push_back(item);
    visible.push_back(visible.back() + (IsVisible(point) ? 1 : 0));
  }
  return ground;
}

std::vector<Reader::Run> Reader::Runs(const Ground& ground) {
  const std::vector<std::size_t>& visible = ground.visible;
  std::vector<Run> runs;
  for (const auto& [writer, places] : ground.edited) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      const bool joins = i > 0 && visible[places[i]] == visible[places[i - 1] + 1];
      if (!joins) runs.push_back({writer, places[i], places[i], false});
      runs.back().last = places[i];
      if (ground.text.points[ground.elements[places[i]]].by.writer == writer)
        runs.back().inserts = true;
    }
  }
  return runs;
}

bool Reader::IsSettled(const Ground& ground, const Meeting& meeting) const {
  const History& history = state_.history();
  const auto saw_both = [&](Node writer) {
    return writer != meeting.one && writer != meeting.other && Counts(writer) &&
           history.Before(meeting.one, writer) && history.Before(meeting.other, writer);
  };
  for (const auto& [writer, places] : ground.edited) {
    const auto inside = std::lower_bound(places.begin(), places.end(), meeting.first);
    if (saw_both(writer) && inside != places.end() && *inside <= meeting.last) return true;
  }
  const auto covers = [&](const MarkSpan& mark) {
    for (std::size_t i = meeting.first; i <= meeting.last; ++i)
      if (ground.visible[i] != ground.visible[i + 1] &&
          Covers(ground.text, mark, ground.elements[i]))
        return true;
    return false;
  };
  return std::any_of(ground.text.marks.begin(), ground.text.marks.end(), [&](const MarkSpan& mark) {
    return mark.key == "settled" && saw_both(mark.by.writer) && covers(mark);
  });
}

std::vector<Reader::Meeting> Reader::Meetings(const Ground& ground) const {
  const History& history = state_.history();
  const std::vector<std::size_t>& visible = ground.visible;
  const std::vector<Run> runs = Runs(ground);
  std::vector<Meeting> meetings;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (std::size_t j = i + 1; j < runs.size(); ++j) {
      const Run& front = runs[i].first <= runs[j].first ? runs[i] : runs[j];
      const Run& back = &front == &runs[i] ? runs[j] : runs[i];
      if (!front.inserts && !back.inserts) continue;
      if (front.last < back.first && visible[back.first] != visible[front.last + 1]) continue;
      if (!history.Concurrent(front.writer, back.writer)) continue;
      const Meeting meeting{front.first, std::max(front.last, back.last), front.writer,
                            back.writer};
      if (!IsSettled(ground, meeting)) meetings.push_back(meeting);
    }
  }
  std::sort(meetings.begin(), meetings.end(),
            [](const Meeting& left, const Meeting& right) { return left.first < right.first; });
  return meetings;
}

std::vector<Passage> Reader::Passages(const Container& text) const {
  const History& history = state_.history();
  const Ground ground = GroundOf(text);
  const std::vector<std::size_t>& visible = ground.visible;
  const std::vector<Meeting> meetings = Meetings(ground);
  std::vector<Passage> out;
  for (std::size_t i = 0; i < meetings.size();) {
    std::size_t last = meetings[i].last;
    const std::size_t first = meetings[i].first;
    std::map<AgentId, std::set<Node>> authors;
    for (; i < meetings.size() && meetings[i].first <= last; ++i) {
      last = std::max(last, meetings[i].last);
      for (const Node writer : {meetings[i].one, meetings[i].other})
        authors[history.at(writer).change.agent].insert(writer);
    }
    Passage passage{text.id, visible[first], visible[last + 1] - visible[first], {}};
    for (const auto& author : authors) {
      const auto& writers = author.second;
      Side side{author.first, {}, {}, {}};
      for (const Node writer : writers) side.changes.push_back(history.at(writer).change.id);
      std::sort(side.changes.begin(), side.changes.end());
      for (std::size_t at = first; at <= last; ++at) {
        const Point& point = text.points[ground.elements[at]];
        if (writers.contains(point.by.writer)) side.inserted.push_back(point.point);
        const bool removed =
            std::any_of(point.removed_by.begin(), point.removed_by.end(),
                        [&](Node writer) { return Counts(writer) && writers.contains(writer); });
        if (removed) side.removed.push_back(point.point);
      }
      passage.sides.push_back(std::move(side));
    }
    out.push_back(std::move(passage));
  }
  return out;
}

}  // namespace geflecht::crdt::oracle
