// Texts of past versions: differences and authors.
#include <algorithm>

#include "tests/oracle/read.h"

namespace geflecht::crdt::oracle {
namespace {

void Append(std::vector<Difference>& out, Difference::Kind kind, char32_t point,
            const ChangeId& author) {
  if (out.empty() || out.back().kind != kind || out.back().author != author)
    out.push_back({kind, {}, author});
  out.back().text.push_back(point);
}

}  // namespace

std::vector<bool> Reader::Version(const Heads& heads) const {
  const History& history = state_.history();
  std::vector<bool> version(state_.visited(), false);
  for (Node node = 0; node < state_.visited(); ++node)
    version[node] = Counts(node) && std::any_of(heads.begin(), heads.end(), [&](const auto& head) {
                      return history.Before(node, *history.Find(head));
                    });
  return version;
}

bool Reader::IsVisibleAt(const Point& point, const std::vector<bool>& version) const {
  return version[point.by.writer] && std::none_of(point.removed_by.begin(), point.removed_by.end(),
                                                  [&](Node writer) { return version[writer]; });
}

std::vector<Difference> Reader::Diff(const Container& text, const Heads& from,
                                     const Heads& to) const {
  const std::vector<bool> before = Version(from), after = Version(to);
  std::vector<Difference> out;
  for (const Sequence::Item item : text.sequence.order()) {
    const Point& point = text.points[item];
    const bool was = IsVisibleAt(point, before), is = IsVisibleAt(point, after);
    if (!was && !is) continue;
    const auto kind = was && is ? Difference::Kind::kKept
                      : is      ? Difference::Kind::kInserted
                                : Difference::Kind::kRemoved;
    Append(out, kind, point.point, state_.history().at(point.by.writer).change.id);
  }
  return out;
}

std::vector<Difference> Reader::Blame(const Container& text) const {
  std::vector<Difference> out;
  for (const Sequence::Item item : Elements(text)) {
    const Point& point = text.points[item];
    Append(out, Difference::Kind::kKept, point.point,
           state_.history().at(point.by.writer).change.id);
  }
  return out;
}

}  // namespace geflecht::crdt::oracle
