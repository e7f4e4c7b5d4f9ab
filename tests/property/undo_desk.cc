#include "undo_desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "crdt_sites.h"

namespace geflecht::crdt {

const Schema& UndoSchema() {
  static const Schema schema{.type = "note",
                             .version = 1,
                             .fields = {{"title", FieldType::kValue, false},
                                        {"place", FieldType::kValue, false},
                                        {"body", FieldType::kText, false},
                                        {"items", FieldType::kList, false},
                                        {"plan", FieldType::kTree, false},
                                        {"total", FieldType::kCounter, false}}};
  return schema;
}

namespace {

std::string Say(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return std::holds_alternative<Absent>(value) ? "absent" : "-";
}

std::string Say(const Register& found) { return Say(std::get<Value>(found.writings[0].slot)); }

}  // namespace

Desk::Desk(int number, std::uint64_t seed)
    : agent(number), document(UndoSchema(), SiteAgent(number)), random(seed) {}

void Desk::Work() {
  static_cast<void>(Try([&](Transaction& edit) -> Result<void> {
    for (std::uint64_t n = 1 + random.Below(4); n > 0; --n) TRY(One(edit));
    return {};
  }));
}

bool Desk::Try(const std::function<Result<void>(Transaction&)>& edits) {
  return document.Edit(edits).has_value();
}

Change Desk::Commit() {
  Document::Cut cut = document.TakeOpen();
  Change change{{}, SiteAgent(agent), std::move(cut.parents), std::move(cut.edits)};
  random.Fill(change.id.bytes);
  document.Apply(change);
  return change;
}

std::optional<Change> Desk::TakeBack() {
  const auto staged = stack.Undo(document);
  EXPECT_TRUE(staged);
  if (!staged || !*staged) return std::nullopt;
  Change change = Commit();
  stack.Undone(change.id);
  return change;
}

std::optional<Change> Desk::DoAgain() {
  const auto staged = stack.Redo(document);
  EXPECT_TRUE(staged);
  if (!staged || !*staged) return std::nullopt;
  Change change = Commit();
  stack.Redone(change.id);
  return change;
}

std::string Desk::Word() {
  return std::string(1, static_cast<char>('A' + agent)) + std::to_string(++words_);
}

Result<void> Desk::One(Transaction& edit) {
  switch (random.Below(8)) {
    case 0:
      if (random.Below(4) == 0) {
        static_cast<void>(edit.RemoveKey("/title"));
        return {};
      }
      return edit.Set(random.Below(2) == 0 ? "/title" : "/place", Value(Word()));
    case 1:
      return edit.Increment("/total", static_cast<std::int64_t>(random.Below(100)) - 50);
    case 2:
    case 3:
      return InList(edit);
    case 4:
      return InTree(edit);
    default:
      return InText(edit);
  }
}

Result<void> Desk::InList(Transaction& edit) {
  const std::vector<Slot> items = *document.List("/items");
  if (items.empty() || random.Below(2) == 0)
    return edit.InsertItem("/items", random.Below(items.size() + 1), Value(Word()));
  const std::uint64_t at = random.Below(items.size());
  if (!removes && std::get<std::string>(std::get<Value>(items[at]))[0] != 'A' + agent) return {};
  switch (random.Below(4)) {
    case 0:
      return edit.RemoveItems("/items", at, removes ? 1 + random.Below(items.size() - at) : 1);
    case 1:
      return edit.SetItem("/items", at, Value(Word()));
    default:
      return edit.MoveItem("/items", at, random.Below(items.size() + 1));
  }
}

Result<void> Desk::InText(Transaction& edit) {
  const std::string text = *document.Text("/body");
  const std::uint64_t length = text.size();
  if (length == 0 || random.Below(3) == 0)
    return edit.InsertText("/body", random.Below(length + 1),
                           std::string(1 + random.Below(5), static_cast<char>('a' + agent)));
  const std::uint64_t at = random.Below(length);
  std::uint64_t end = at + 1;
  while (end < length && random.Below(4) > 0 && (removes || text[end] == 'a' + agent)) ++end;
  switch (random.Below(6)) {
    case 0:
    case 1:
      if (!removes && text[at] != 'a' + agent) return {};
      return edit.RemoveText("/body", at, end - at);
    case 2:
      return edit.InsertBlock("/body", at, {{"type", Value(Word())}});
    case 3:
      if (text[at] != '\n') return {};
      return edit.SetBlock("/body", at, random.Below(2) == 0 ? "type" : "level",
                           random.Below(3) == 0 ? std::nullopt : std::optional(Value(Word())));
    default:
      return edit.Mark("/body", at, end, random.Below(2) == 0 ? "bold" : "link",
                       random.Below(3) == 0 ? std::nullopt : std::optional(Value(Word())),
                       static_cast<Expand>(random.Below(4)));
  }
}

Result<void> Desk::InTree(Transaction& edit) {
  const std::vector<TreeNode> nodes = document.ReadTree("/plan")->nodes;
  const auto any = [&] { return nodes[random.Below(nodes.size())].id; };
  ContainerId parent;
  if (!nodes.empty() && random.Below(2) == 0) parent = any();
  if (nodes.empty() || random.Below(2) == 0) {
    ASSIGN(const ContainerId node, edit.CreateNode("/plan", parent, 0));
    return edit.Set("/plan/" + node + "/name", Value(Word()));
  }
  const ContainerId node = any();
  const auto name = document.Get("/plan/" + node + "/name");
  if (!removes && (!name || Say(*name)[0] != 'A' + agent)) return {};
  switch (random.Below(3)) {
    case 0:
      return removes ? edit.RemoveNode("/plan", node) : Result<void>();
    case 1:
      return edit.Set("/plan/" + node + "/name", Value(Word()));
    default:
      static_cast<void>(edit.MoveNode("/plan", node, parent, 0));
      return {};
  }
}

std::string Desk::Shown() const {
  std::string out;
  const std::vector<Span> spans = *document.Spans("/body");
  for (const Span& span : spans) {
    out += "[";
    for (const auto& [key, value] : span.marks) out += key + "=" + Say(value) + ",";
    out += "]" + span.text;
    if (span.block)
      for (const auto& [key, value] : *span.block) out += "{" + key + "=" + Say(value) + "}";
  }
  out += "|";
  const std::vector<Slot> items = *document.List("/items");
  for (const Slot& slot : items) out += Say(std::get<Value>(slot)) + ",";
  for (const char* key : {"/title", "/place"}) {
    out += "|";
    if (const auto found = document.Get(key)) out += Say(*found);
  }
  out += "|" + std::to_string(*document.Counter("/total")) + "|";
  const Tree plan = *document.ReadTree("/plan");
  for (const TreeNode& node : plan.nodes) {
    out += node.id.substr(0, 6) + "<" + node.parent.substr(0, 6);
    if (const auto name = document.Get("/plan/" + node.id + "/name")) out += "=" + Say(*name);
    out += ",";
  }
  return out;
}

std::string Desk::OfOthers() const {
  std::string out;
  const std::string text = *document.Text("/body");
  for (const char c : text)
    if (c != 'a' + agent && c != '\n') out += c;
  const auto add = [&](const Value& value) {
    const std::string said = Say(value);
    if (said[0] != 'A' + agent) out += "," + said;
  };
  const std::vector<Slot> items = *document.List("/items");
  for (const Slot& slot : items) add(std::get<Value>(slot));
  std::vector<std::string> names;
  const Tree plan = *document.ReadTree("/plan");
  for (const TreeNode& node : plan.nodes)
    if (const auto name = document.Get("/plan/" + node.id + "/name"))
      if (Say(*name)[0] != 'A' + agent) names.push_back(Say(*name));
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) out += "," + name;
  return out;
}

}  // namespace geflecht::crdt
