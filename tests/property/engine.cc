#include "engine.h"

#include <utility>

#include "crdt/passages.h"
#include "crdt/utf8.h"
#include "histories.h"
#include "tests/oracle/describe.h"

namespace geflecht::crdt {
namespace {

struct Place {
  std::string path;
  ContainerType type;
};

class Walk {
 public:
  explicit Walk(const Document& document) : document_(document) {
    places_.push_back({"", ContainerType::kMap});
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const Place place = places_[i];
      if (place.type == ContainerType::kMap) WalkMap(place.path);
      if (place.type == ContainerType::kList) WalkList(place.path);
      if (place.type == ContainerType::kText) WalkText(place.path);
      if (place.type == ContainerType::kTree) WalkTree(place.path);
      if (place.type == ContainerType::kCounter)
        lines += place.path + " + " + std::to_string(*document.Counter(place.path)) + "\n";
    }
  }

  std::vector<std::string> Texts() const {
    std::vector<std::string> out;
    for (const Place& place : places_)
      if (place.type == ContainerType::kText) out.push_back(place.path);
    return out;
  }

  std::string lines;

 private:
  void Enter(const std::string& path, const Slot& slot) {
    if (const auto* child = std::get_if<Child>(&slot)) places_.push_back({path, child->type});
  }

  void WalkMap(const std::string& map) {
    const std::vector<Register> entries = *document_.Map(map);
    for (const Register& entry : entries) {
      const std::string path = map + "/" + oracle::Escaped(entry.key);
      const FieldSpec* const field = map.empty() ? HistorySchema().Find(entry.key) : nullptr;
      if (field == nullptr || field->type == FieldType::kValue) {
        lines += path + " =";
        for (const Writing& one : entry.writings)
          lines += " " + (one.removed ? std::string("removed") : oracle::DescribeSlot(one.slot)) +
                   oracle::DescribeBy(one.change);
        lines += "\n";
      }
      Enter(path, entry.writings[0].slot);
    }
  }

  void WalkList(const std::string& list) {
    const std::vector<ListItem> items = *document_.Items(list);
    std::string moves;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string path = list + "/" + std::to_string(i);
      lines += path + " =";
      for (const Writing& one : items[i].writings)
        lines += " " + (one.removed ? std::string("removed") : oracle::DescribeSlot(one.slot)) +
                 oracle::DescribeBy(one.change);
      lines += "\n";
      moves += Contested("moved", path, items[i].moves);
      Enter(path, items[i].writings[0].slot);
    }
    lines += moves;
  }

  void WalkText(const std::string& text) {
    for (const oracle::Span& span : EngineSpans(document_, text))
      lines += text + " : " + oracle::DescribeSpan(span) + "\n";
  }

  void WalkTree(const std::string& path) {
    const Tree tree = *document_.ReadTree(path);
    for (const TreeNode& node : tree.nodes) {
      lines += path + "/" + node.id + " < " + node.parent + "\n";
      Enter(path + "/" + node.id, Child{ContainerType::kMap, node.id});
    }
    for (const TreeContest& contest : tree.contests)
      lines += Contested("moved", path + "/" + contest.node, contest.changes);
    for (const ChangeId& id : tree.cycles) lines += Contested("cycle", path, {id});
    for (const ChangeId& id : tree.kept) lines += Contested("kept", path, {id});
  }

  static std::string Contested(const std::string& kind, const std::string& path,
                               const std::vector<ChangeId>& changes) {
    if (changes.empty()) return {};
    std::string out = kind + " " + path;
    for (const ChangeId& id : changes) out += oracle::DescribeBy(id);
    return out + "\n";
  }

  const Document& document_;
  std::vector<Place> places_;
};

}  // namespace

std::vector<oracle::Span> EngineSpans(const Document& document, std::string_view path) {
  std::vector<oracle::Span> out;
  const std::vector<Span> spans = *document.Spans(path);
  for (const Span& span : spans)
    out.push_back({*DecodeUtf8(span.text), span.marks, span.block, span.gap});
  return out;
}

std::string Describe(const Document& document) {
  std::string out = Walk(document).lines;
  for (const Document::Void& entry : document.Voids())
    out += "void" + oracle::DescribeBy(entry.change) + " " + entry.reason + "\n";
  for (const ChangeId& id : document.Waiting()) out += "waiting" + oracle::DescribeBy(id) + "\n";
  return out;
}

std::string DescribePassages(const Document& document) {
  std::string out;
  const std::vector<std::string> paths = Walk(document).Texts();
  for (const std::string& path : paths) {
    const std::vector<ConcurrentPassage> passages = *Passages(document, path);
    for (const ConcurrentPassage& from : passages) {
      oracle::Passage passage{{}, from.position, from.count, {}};
      for (const ConcurrentSide& side : from.sides)
        passage.sides.push_back(
            {side.agent, side.changes, *DecodeUtf8(side.inserted), *DecodeUtf8(side.removed)});
      out += oracle::DescribePassage(path, passage);
    }
  }
  return out;
}

std::string EngineState(const std::vector<Change>& changes) {
  Document document(HistorySchema(), HistoryAgent(99));
  for (const Change& change : changes) document.Apply(change);
  return Describe(document);
}

std::string EngineExpected(const std::vector<Change>& changes) {
  oracle::Document document(HistorySchema());
  for (const Change& change : changes) document.Apply(change);
  return oracle::Describe(document);
}

Change Split(const Change& change) {
  Change out{change.id, change.agent, change.parents, {}};
  for (const Edit& edit : change.edits) {
    if (const auto* text = std::get_if<InsertText>(&edit); text && !text->absent) {
      const std::u32string points = *DecodeUtf8(text->inserted);
      for (std::size_t i = 0; i < points.size(); ++i)
        out.edits.push_back(
            InsertText{text->text, text->position + i, EncodeUtf8(points.substr(i, 1))});
    } else if (const auto* list = std::get_if<InsertItems>(&edit)) {
      for (std::size_t i = 0; i < list->items.size(); ++i)
        out.edits.push_back(InsertItems{list->list, list->position + i, {list->items[i]}});
    } else if (const auto* remove = std::get_if<Remove>(&edit)) {
      for (std::uint64_t i = 0; i < remove->count; ++i)
        out.edits.push_back(Remove{remove->sequence, remove->position, 1});
    } else {
      out.edits.push_back(edit);
    }
  }
  return out;
}

}  // namespace geflecht::crdt
