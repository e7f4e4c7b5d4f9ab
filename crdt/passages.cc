#include "crdt/passages.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/check.h"
#include "crdt/path.h"
#include "crdt/rope.h"
#include "crdt/state.h"
#include "crdt/walker.h"

namespace geflecht::crdt {
namespace {

// A longest stretch that one change edited.
struct Run {
  Node writer = 0;
  std::size_t first = 0, last = 0;
  bool inserts = false;
};
// Two that concurrent changes edited; the stretch that holds both.
struct Meeting {
  std::size_t first = 0, last = 0;
  Node one = 0, other = 0;
};

class Ground {
 public:
  Ground(const Engine& engine, Number text)
      : engine_(engine),
        graph_(engine.graph()),
        log_(engine.at(text).sequence->log),
        walker_(graph_, log_, 0, kNoNode,
                engine.at(text).sequence->silent ? &engine.silent() : nullptr) {
    walker_.Feed(log_.size());
    FindRemovers();
    FindElements();
    FindEditors();
  }

  std::vector<ConcurrentPassage> Passages() const {
    const std::vector<Meeting> meetings = Meetings();
    std::vector<ConcurrentPassage> out;
    for (std::size_t i = 0; i < meetings.size();) {
      const std::size_t first = meetings[i].first;
      std::size_t last = meetings[i].last;
      std::map<AgentId, std::set<Node>> authors;
      for (; i < meetings.size() && meetings[i].first <= last; ++i) {
        last = std::max(last, meetings[i].last);
        for (const Node writer : {meetings[i].one, meetings[i].other})
          authors[graph_.agent(writer)].insert(writer);
      }
      ConcurrentPassage passage{visible_[first], visible_[last + 1] - visible_[first], {}};
      for (const auto& [agent, writers] : authors)
        passage.sides.push_back(SideOf(agent, writers, first, last));
      out.push_back(std::move(passage));
    }
    return out;
  }

 private:
  using Removers = std::vector<std::pair<Item, Node>>;  // ascending

  void FindRemovers() {
    for (std::size_t op = 0; op < log_.size(); ++op) {
      const SequenceLog::Op& here = log_.ops()[op];
      if (here.kind != SequenceLog::Kind::kRemove || !engine_.Counts(here.node)) continue;
      for (const Walker::Stretch& gone : walker_.RemovedBy(op))
        for (std::uint32_t i = 0; i < gone.count; ++i)
          removers_.emplace_back(gone.item + i, here.node);
    }
    std::sort(removers_.begin(), removers_.end());
  }

  std::pair<Removers::const_iterator, Removers::const_iterator> RemoversOf(Item item) const {
    return std::equal_range(
        removers_.begin(), removers_.end(), std::pair(item, Node{0}),
        [](const auto& left, const auto& right) { return left.first < right.first; });
  }

  // Those that count and that their own author did not remove again.
  void FindElements() {
    order_.resize(log_.items());
    visible_.push_back(0);
    std::size_t place = 0;
    for (const Walker::Element& stretch : walker_.Elements()) {
      for (std::uint32_t i = 0; i < stretch.count; ++i) {
        const Item item = stretch.item + i;
        order_[item] = ++place;
        const Node writer = log_.NodeOf(item);
        const auto [begin, end] = RemoversOf(item);
        const bool taken_back = std::any_of(begin, end, [&](const auto& removal) {
          return graph_.agent(removal.second) == graph_.agent(writer);
        });
        if (!engine_.Counts(writer) || taken_back) continue;
        const std::size_t number = elements_.size();
        edited_[writer].push_back(number);
        for (auto removal = begin; removal != end; ++removal)
          edited_[removal->second].push_back(number);
        elements_.push_back(item);
        visible_.push_back(visible_.back() + (begin == end ? 1 : 0));
      }
    }
  }

  // Of the changes that are concurrent to others, by place.
  std::vector<Run> Runs() const {
    std::vector<Run> runs;
    for (const auto& [writer, places] : edited_) {
      if (graph_.LastCritical(writer) == writer) continue;
      for (std::size_t i = 0; i < places.size(); ++i) {
        const bool joins = i > 0 && visible_[places[i]] == visible_[places[i - 1] + 1];
        if (!joins) runs.push_back({writer, places[i], places[i], false});
        runs.back().last = places[i];
        if (log_.NodeOf(elements_[places[i]]) == writer) runs.back().inserts = true;
      }
    }
    std::sort(runs.begin(), runs.end(), [](const Run& left, const Run& right) {
      return std::pair(left.first, left.writer) < std::pair(right.first, right.writer);
    });
    return runs;
  }

  bool Concurrent(Node one, Node other) const {
    return !graph_.Contains(one, other) && !graph_.Contains(other, one);
  }

  // Enough of the meetings to tell the passages: of runs that meetings connect already, no more.
  std::vector<Meeting> Meetings() const {
    std::vector<Meeting> meetings;
    std::vector<std::vector<Run>>
        near;  // those that what follows may meet; connected ones together
    for (const Run& back : Runs()) {
      std::vector<Run> own{back};
      for (std::vector<Run>& group : near) {
        const std::optional<Meeting> meeting = MeetingWith(group, back);
        if (!meeting) continue;
        meetings.push_back(*meeting);
        if (group.size() > own.size()) group.swap(own);
        own.insert(own.end(), group.begin(), group.end());
        group.clear();
      }
      std::erase_if(near, [](const std::vector<Run>& group) { return group.empty(); });
      near.push_back(std::move(own));
    }
    std::sort(meetings.begin(), meetings.end(),
              [](const Meeting& left, const Meeting& right) { return left.first < right.first; });
    return meetings;
  }

  // One that is not settled. Forgets the runs that neither `back` nor what follows can meet.
  std::optional<Meeting> MeetingWith(std::vector<Run>& group, const Run& back) const {
    for (std::size_t i = 0; i < group.size();) {
      const Run& front = group[i];
      if (front.last < back.first && visible_[back.first] != visible_[front.last + 1]) {
        group[i] = group.back();
        group.pop_back();
        continue;
      }
      ++i;
      if (!front.inserts && !back.inserts) continue;
      if (!Concurrent(front.writer, back.writer)) continue;
      const Meeting meeting{front.first, std::max(front.last, back.last), front.writer,
                            back.writer};
      if (!IsSettled(meeting)) return meeting;
    }
    return std::nullopt;
  }

  // By element: the last change that edited it; in front of them, in pairs, the greatest of two.
  void FindEditors() {
    editors_.assign(2 * elements_.size(), 0);
    for (const auto& [writer, places] : edited_)
      for (const std::size_t place : places) editors_[elements_.size() + place] = writer;
    for (std::size_t i = elements_.size(); i-- > 1;)
      editors_[i] = std::max(editors_[2 * i], editors_[2 * i + 1]);
  }

  Node LastEditor(std::size_t first, std::size_t last) const {
    Node found = 0;
    std::size_t from = elements_.size() + first, to = elements_.size() + last + 1;
    for (; from < to; from /= 2, to /= 2) {
      if (from % 2 == 1) found = std::max(found, editors_[from++]);
      if (to % 2 == 1) found = std::max(found, editors_[--to]);
    }
    return found;
  }

  bool IsSettled(const Meeting& meeting) const {
    const auto saw_both = [&](Node writer) {
      return engine_.Counts(writer) && graph_.Contains(writer, meeting.one) &&
             graph_.Contains(writer, meeting.other);
    };
    const Node later = std::max(meeting.one, meeting.other);
    const Node last = LastEditor(meeting.first, meeting.last);
    if (last > later) {
      if (saw_both(last)) return true;
      for (auto edited = edited_.upper_bound(later); edited != edited_.end(); ++edited) {
        if (edited->first > last) break;
        const std::vector<std::size_t>& places = edited->second;
        const auto inside = std::lower_bound(places.begin(), places.end(), meeting.first);
        if (inside != places.end() && *inside <= meeting.last && saw_both(edited->first))
          return true;
      }
    }
    const auto& marks = walker_.marks();
    return std::any_of(marks.begin(), marks.end(), [&](const Walker::PlacedMark& mark) {
      const SequenceLog::Op& op = log_.ops()[mark.op];
      return op.node > later && log_.mark(op).key == "settled" && saw_both(op.node) &&
             Covers(mark, meeting);
    });
  }

  // Whether a mark lies over a visible element of the meeting.
  bool Covers(const Walker::PlacedMark& mark, const Meeting& meeting) const {
    const auto place = [&](const Walker::Anchor& anchor) -> std::size_t {
      if (anchor.item >= order_.size()) return anchor.right ? 0 : 2 * order_.size() + 3;
      return anchor.right ? 2 * order_[anchor.item] + 1 : 2 * order_[anchor.item] - 1;
    };
    const std::size_t from = place(mark.from), to = place(mark.to);
    for (std::size_t i = meeting.first; i <= meeting.last; ++i) {
      const std::size_t here = 2 * order_[elements_[i]];
      if (visible_[i] != visible_[i + 1] && from < here && here < to) return true;
    }
    return false;
  }

  ConcurrentSide SideOf(const AgentId& agent, const std::set<Node>& writers, std::size_t first,
                        std::size_t last) const {
    ConcurrentSide side{.agent = agent, .changes = {}, .inserted = {}, .removed = {}};
    for (const Node writer : writers) side.changes.push_back(graph_.id(writer));
    std::sort(side.changes.begin(), side.changes.end());
    for (std::size_t at = first; at <= last; ++at) {
      const Item item = elements_[at];
      if (writers.contains(log_.NodeOf(item))) side.inserted += PointOf(item);
      const auto [begin, end] = RemoversOf(item);
      if (std::any_of(begin, end, [&](const auto& r) { return writers.contains(r.second); }))
        side.removed += PointOf(item);
    }
    return side;
  }

  std::string_view PointOf(Item item) const {
    const std::size_t op = log_.OpOf(item);
    if (log_.ops()[op].kind == SequenceLog::Kind::kInsertBlock) return "\n";
    std::string_view text = log_.TextOf(op);
    text.remove_prefix(BytesOfPoints(text, item - log_.ops()[op].item));
    return text.substr(0, BytesOfPoints(text, 1));
  }

  const Engine& engine_;
  const EventGraph& graph_;
  const SequenceLog& log_;
  Walker walker_;
  Removers removers_;
  std::vector<Item> elements_;
  std::vector<std::size_t> visible_;  // how many stand in front of each element, and in all
  std::vector<std::size_t> order_;    // by item: its place among all, from 1 on
  std::map<Node, std::vector<std::size_t>> edited_;
  std::vector<Node> editors_;
};

bool IsConcurrent(const EventGraph& graph) {
  for (Node node = 0; node < graph.size(); ++node)
    if (graph.LastCritical(node) != node) return true;
  return false;
}

}  // namespace

Result<std::vector<ConcurrentPassage>> Passages(const Document& document, std::string_view path) {
  const Engine& now = DocumentAccess::State(document).Current();
  ASSIGN(const Number shown, FindContainer(now, path, ContainerType::kText));
  if (!IsConcurrent(now.graph())) return std::vector<ConcurrentPassage>();
  ASSIGN(const Performed whole, Performed::Of(document));
  const Number text = whole.engine().Resolve(now.IdOf(shown), kNoNode);
  if (text == kNoNumber) return std::vector<ConcurrentPassage>();  // made by the open change
  return Ground(whole.engine(), text).Passages();
}

std::map<std::string, std::vector<ConcurrentPassage>> AllPassages(const Document& document) {
  std::map<std::string, std::vector<ConcurrentPassage>> out;
  const Engine& now = DocumentAccess::State(document).Current();
  if (!IsConcurrent(now.graph())) return out;
  const Result<Performed> whole = Performed::Of(document);
  CHECK(whole.has_value());
  now.ForEachShown([&](const std::string& path, Number number) {
    if (now.at(number).type != ContainerType::kText) return;
    const Number text = whole->engine().Resolve(now.IdOf(number), kNoNode);
    if (text == kNoNumber) return;
    std::vector<ConcurrentPassage> passages = Ground(whole->engine(), text).Passages();
    if (!passages.empty()) out.emplace(path, std::move(passages));
  });
  return out;
}

}  // namespace geflecht::crdt
