#include "tests/oracle/describe.h"

#include <functional>

#include "crdt/container_id.h"
#include "crdt/utf8.h"

namespace geflecht::crdt::oracle {
namespace {

struct Place {
  std::string path;
  const Container* container;
};

class Walk {
 public:
  explicit Walk(Document& document) : document_(document), reader_(document.reader()) {
    Enter("", Child{ContainerType::kMap, {}});
    for (std::size_t i = 0; i < places.size(); ++i) {
      const Place place = places[i];
      if (place.container->type == ContainerType::kMap) WalkMap(place);
      if (place.container->type == ContainerType::kList) WalkList(place);
      if (place.container->type == ContainerType::kTree) WalkTree(place);
      if (place.container->type == ContainerType::kText)
        for (const Span& span : reader_.Spans(*place.container))
          lines += place.path + " : " + DescribeSpan(span) + "\n";
      if (place.container->type == ContainerType::kCounter)
        lines += place.path + " + " + std::to_string(reader_.Sum(*place.container)) + "\n";
    }
  }

  const Reader& reader() const { return reader_; }

  std::vector<Place> places;
  std::string lines;

 private:
  void Enter(const std::string& path, const Slot& slot) {
    if (const auto* child = std::get_if<Child>(&slot))
      places.push_back({path, document_.state().Find(child->id)});
  }

  const ChangeId& IdOf(const Stamp& by) const {
    return document_.history().at(by.writer).change.id;
  }

  void Line(const std::string& path, const std::vector<Written>& writings) {
    lines += path + " =";
    for (const Written& one : writings)
      lines += " " + (one.slot ? DescribeSlot(*one.slot) : std::string("removed")) +
               DescribeBy(IdOf(one.by));
    lines += "\n";
    Enter(path, *writings[0].slot);
  }

  void Contested(const std::string& kind, const std::string& path,
                 const std::vector<Stamp>& edits) {
    lines += kind + " " + path;
    for (const Stamp& by : edits) lines += DescribeBy(IdOf(by));
    lines += "\n";
  }

  void WalkMap(const Place& place) {
    std::set<std::string> keys;
    for (const auto& [key, writings] : place.container->keys) keys.insert(key);
    const bool root = place.path.empty();
    if (root)
      for (const FieldSpec& field : document_.schema().fields)
        if (field.type != FieldType::kValue) keys.insert(field.key);
    for (const std::string& key : keys) {
      const std::string path = place.path + "/" + Escaped(key);
      const FieldSpec* const field = root ? document_.schema().Find(key) : nullptr;
      if (field != nullptr && field->type != FieldType::kValue) {
        places.push_back({path, document_.state().Find(DeclaredId(key))});
        continue;
      }
      const auto writings = reader_.Register(*place.container, key);
      if (!writings.empty() && writings[0].slot) Line(path, writings);
    }
  }

  void WalkList(const Place& place) {
    std::map<std::size_t, std::string> paths;
    for (const std::size_t number : reader_.Items(*place.container)) {
      const std::string path = place.path + "/" + std::to_string(paths.size());
      paths[number] = path;
      Line(path, reader_.ItemRegister(place.container->items[number]));
    }
    for (const Contest& contest : reader_.Moves(*place.container))
      Contested("moved", paths.at(contest.item), contest.edits);
  }

  void WalkTree(const Place& place) {
    const Tree tree = reader_.Tree(*place.container);
    for (const TreeNode& node : tree.nodes) {
      const std::string path = place.path + "/" + node.id;
      lines += path + " < " + node.parent + "\n";
      Enter(path, Child{ContainerType::kMap, node.id});
    }
    for (const Contest& contest : tree.contests)
      Contested("moved", place.path + "/" + contest.node, contest.edits);
    for (const Stamp& by : tree.cycles) Contested("cycle", place.path, {by});
    for (const Stamp& by : tree.kept) Contested("kept", place.path, {by});
  }

  Document& document_;
  Reader reader_;
};

std::string DescribeValue(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return "\"" + *text + "\"";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* absent = std::get_if<Absent>(&value))
    return (absent->gap == Gap::kErased ? "erased" : "missing") + std::to_string(absent->bytes);
  return "null";
}

std::string DescribeAll(const std::map<std::string, Value>& values) {
  std::string out;
  for (const auto& [key, value] : values) out += " " + key + "=" + DescribeValue(value);
  return out;
}

}  // namespace

std::string DescribeSlot(const Slot& slot) {
  if (const auto* child = std::get_if<Child>(&slot))
    return "child" + std::to_string(static_cast<int>(child->type)) + child->id;
  return DescribeValue(std::get<Value>(slot));
}

std::string DescribeSpan(const Span& span) {
  std::string out =
      span.block ? "block{" + DescribeAll(*span.block) + " }" : "\"" + EncodeUtf8(span.text) + "\"";
  if (span.gap) out += *span.gap == Gap::kErased ? " erased" : " missing";
  return out + DescribeAll(span.marks);
}

std::string DescribeBy(const ChangeId& change) { return "@" + change.Hex().substr(0, 8); }

std::string Escaped(const std::string& key) {
  std::string out;
  for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

std::string DescribePassage(const std::string& path, const Passage& passage) {
  std::string out = "passage " + path + " " + std::to_string(passage.position) + "+" +
                    std::to_string(passage.length);
  for (const Side& side : passage.sides) {
    out += " | " + side.agent.Hex().substr(0, 4);
    for (const ChangeId& change : side.changes) out += DescribeBy(change);
    out += " \"" + EncodeUtf8(side.inserted) + "\" -\"" + EncodeUtf8(side.removed) + "\"";
  }
  return out + "\n";
}

std::string Describe(Document& document) {
  std::string out = Walk(document).lines;
  for (const auto& [id, reason] : document.voids())
    out += "void" + DescribeBy(id) + " " + reason + "\n";
  for (const ChangeId& id : document.history().Waiting()) out += "waiting" + DescribeBy(id) + "\n";
  return out;
}

std::string DescribePassages(Document& document) {
  const Walk walk(document);
  std::string out;
  for (const Place& place : walk.places)
    if (place.container->type == ContainerType::kText)
      for (const Passage& passage : walk.reader().Passages(*place.container))
        out += DescribePassage(place.path, passage);
  return out;
}

std::string DescribeAuthors(Document& document) {
  const Walk walk(document);
  std::string out;
  for (const Place& place : walk.places) {
    if (place.container->type != ContainerType::kText) continue;
    out += place.path;
    for (const Sequence::Item item : walk.reader().Elements(*place.container)) {
      const Point& point = place.container->points[item];
      out += DescribeBy(document.history().at(point.by.writer).change.id);
    }
    out += "\n";
  }
  return out;
}

std::map<std::string, std::u32string> Texts(Document& document) {
  const Walk walk(document);
  std::map<std::string, std::u32string> out;
  for (const Place& place : walk.places) {
    if (place.container->type != ContainerType::kText) continue;
    std::u32string& text = out[place.path];
    for (const Span& span : walk.reader().Spans(*place.container)) text += span.text;
  }
  return out;
}

}  // namespace geflecht::crdt::oracle
