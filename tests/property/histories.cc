#include "histories.h"

#include <memory>
#include <utility>

#include "crdt/container_id.h"
#include "crdt/content.h"
#include "crdt/order_key.h"
#include "crdt/utf8.h"
#include "tests/oracle/describe.h"

namespace geflecht::crdt {
namespace {

std::string RandomText(Random& random) {
  static const char32_t kPoints[] = {U'a', U'b', U'c', U'd', U'e', U' ', U'ä', U'€', U'𝄞', U'\n'};
  std::u32string text;
  for (std::uint64_t n = 1 + random.Below(4); n > 0; --n) text.push_back(kPoints[random.Below(10)]);
  return EncodeUtf8(text);
}

Value RandomValue(Random& random) {
  switch (random.Below(8)) {
    case 0:
      return std::monostate();
    case 1:
      return random.Below(2) == 0;
    case 2:
      return static_cast<std::int64_t>(random.Below(~std::uint64_t{0}));
    case 3:
      return std::string();
    case 4:
    case 5:
      return static_cast<std::int64_t>(random.Below(5)) - 2;
    default:
      return RandomText(random);
  }
}

NewSlot RandomSlot(Random& random, const HistoryShape& shape) {
  if (random.Below(4) != 0) return RandomValue(random);
  return static_cast<ContainerType>(1 + random.Below(shape.has_trees ? 5 : 4));
}

Edit RandomSet(const oracle::Container& map, Random& random, const HistoryShape& shape) {
  static const char* const kKeys[] = {"name", "title", "x", "y", "ä/~"};
  SetKey edit{.map = map.id, .key = kKeys[random.Below(5)], .slot = {}};
  if (random.Below(5) == 0) return edit;
  const bool plain = map.id.empty() && HistorySchema().Find(edit.key) != nullptr;
  edit.slot = plain ? NewSlot(RandomValue(random)) : RandomSlot(random, shape);
  return edit;
}

Edit RandomListEdit(const oracle::Container& list, Random& random, const HistoryShape& shape) {
  const std::uint64_t length = list.sequence.length();
  const std::uint64_t kind = length == 0 ? 0 : random.Below(shape.has_moves ? 8 : 4);
  if (kind < 3) {
    InsertItems edit{.list = list.id, .position = random.Below(length + 1), .items = {}};
    for (std::uint64_t n = 1 + random.Below(2); n > 0; --n)
      edit.items.push_back(RandomSlot(random, shape));
    return edit;
  }
  const std::uint64_t position = random.Below(length);
  if (kind == 3) return Remove{list.id, position, 1 + random.Below(length - position)};
  if (kind < 6) return SetItem{list.id, position, RandomSlot(random, shape)};
  return MoveItem{list.id, position, random.Below(length + 1)};
}

Edit RandomMark(const oracle::Container& text, Random& random) {
  static const char* const kMarks[] = {"bold", "link", "comment:1", "comment:2", "settled"};
  const std::uint64_t length = text.sequence.length();
  Mark edit{.text = text.id, .from = random.Below(length), .to = 0, .key = {}, .value = {}};
  edit.to = edit.from + 1 + random.Below(length - edit.from);
  edit.key = kMarks[random.Below(random.Below(4) == 0 ? 5 : 4)];
  edit.expand = static_cast<Expand>(random.Below(4));
  if (random.Below(3) != 0) edit.value = RandomValue(random);
  return edit;
}

std::map<std::string, Value> RandomAttributes(Random& random) {
  std::map<std::string, Value> out;
  if (random.Below(3) != 0) out["type"] = std::string(random.Below(2) == 0 ? "p" : "h");
  if (random.Below(3) == 0) out["level"] = static_cast<std::int64_t>(random.Below(4));
  if (random.Below(4) == 0) out["zz"] = RandomValue(random);
  return out;
}

Edit RandomTextEdit(const oracle::Container& text, Random& random, const HistoryShape& shape) {
  const std::uint64_t length = text.sequence.length();
  const bool marks = shape.has_marks && !shape.text_only;
  const std::uint64_t kind = random.Below(marks ? 12 : 8);
  if (length == 0 || kind < 5) {
    std::uint64_t position = random.Below(length + 1);
    if (random.Below(3) == 0) position = random.Below(2) == 0 ? 0 : length;
    return InsertText{text.id, position, RandomText(random)};
  }
  if (kind < 8) {
    const std::uint64_t position = random.Below(length);
    const std::uint64_t most = random.Below(10) == 0 ? length - position : 3;
    return Remove{text.id, position, 1 + random.Below(std::min(most, length - position))};
  }
  if (kind < 10) return RandomMark(text, random);
  if (kind == 11)
    for (std::uint64_t i = random.Below(length); i < length; ++i) {
      if (!text.points[text.sequence.Shown(i)].is_block) continue;
      SetBlock edit{text.id, i, random.Below(2) == 0 ? "type" : "zz", {}};
      if (random.Below(4) != 0) edit.value = RandomValue(random);
      return edit;
    }
  return InsertBlock{text.id, random.Below(length + 1), RandomAttributes(random)};
}

Edit RandomTreeEdit(const oracle::Container& tree, Random& random) {
  std::vector<ContainerId> nodes;
  for (const oracle::NodeEdit& edit : tree.edits)
    if (edit.kind == oracle::NodeEdit::Kind::kCreate) nodes.push_back(edit.node);
  const auto node = [&] { return nodes[static_cast<std::size_t>(random.Below(nodes.size()))]; };
  static const char* const kOrders[] = {"a", "b", "c", "ba", "\xFF"};
  const std::string order = kOrders[random.Below(5)];
  const ContainerId parent = nodes.empty() || random.Below(3) == 0 ? ContainerId() : node();
  if (nodes.empty() || random.Below(5) < 2) return CreateNode{tree.id, parent, order};
  if (random.Below(4) == 0) return RemoveNode{tree.id, node()};
  return MoveNode{tree.id, node(), parent, order};
}

// In an edit a container of the same change has its short name.
void Shorten(ContainerId& id, const std::string& own) {
  if (id.starts_with(own)) id = "#" + id.substr(own.size());
}
void Shorten(Edit& edit, const ChangeId& change) {
  const std::string own = "#" + change.Hex();
  Shorten(const_cast<ContainerId&>(ContainerOf(edit)), own);  // a part of `edit`
  if (auto* create = std::get_if<CreateNode>(&edit)) Shorten(create->parent, own);
  if (auto* remove = std::get_if<RemoveNode>(&edit)) Shorten(remove->node, own);
  if (auto* move = std::get_if<MoveNode>(&edit)) {
    Shorten(move->node, own);
    Shorten(move->parent, own);
  }
}

struct Site {
  explicit Site(const Schema& schema) : document(schema) {}
  oracle::Document document;
  std::vector<bool> has;  // by number in the history
  bool open = false;
};

}  // namespace

const Schema& HistorySchema() {
  static const Schema schema{.type = "note",
                             .version = 3,
                             .fields = {{"name", FieldType::kValue, true},
                                        {"title", FieldType::kValue, false},
                                        {"notes", FieldType::kText, true},
                                        {"body", FieldType::kText, false},
                                        {"items", FieldType::kList, false},
                                        {"meta", FieldType::kMap, false},
                                        {"agenda", FieldType::kTree, true},
                                        {"total", FieldType::kCounter, false}}};
  return schema;
}

AgentId HistoryAgent(std::uint64_t site) {
  AgentId id;
  id.bytes.fill(static_cast<std::uint8_t>(site * 37 + 1));
  return id;
}

Edit RandomEdit(oracle::Document& site, Random& random, const HistoryShape& shape) {
  const auto& containers = site.state().containers();
  const std::size_t text = 1;  // "notes"
  std::size_t number = text;
  while (!shape.text_only && containers[number].id != shape.focus) ++number;
  if (!shape.text_only && random.Below(3) != 0)
    number = static_cast<std::size_t>(random.Below(containers.size()));
  const oracle::Container& at = containers[number];
  switch (at.type) {
    case ContainerType::kMap:
      return RandomSet(at, random, shape);
    case ContainerType::kList:
      return RandomListEdit(at, random, shape);
    case ContainerType::kText:
      return RandomTextEdit(at, random, shape);
    case ContainerType::kTree:
      if (shape.has_trees) return RandomTreeEdit(at, random);
      return RandomTextEdit(containers[text], random, shape);
    case ContainerType::kCounter:
      break;
  }
  return Add{at.id, static_cast<std::int64_t>(random.Below(9)) - 4};
}

History MakeHistory(Random& random, const HistoryShape& shape) {
  History history;
  history.actions = random.Below(10) == 0 ? shape.actions_max * 3 / 10 : 10;
  history.actions += random.Below(random.Below(10) == 0 ? shape.actions_max - history.actions + 1
                                                        : shape.actions_max / 3);
  std::vector<std::unique_ptr<Site>> sites;
  for (int i = 0; i < shape.sites; ++i) sites.push_back(std::make_unique<Site>(HistorySchema()));
  const auto deliver = [&](Site& site, std::size_t number) {
    site.document.Apply(history.changes[number]);
    site.has.resize(history.changes.size(), false);
    site.has[number] = true;
  };
  const auto close = [&](Site& site) {
    if (!site.open) return;
    site.open = false;
    const oracle::History& all = site.document.history();
    history.changes.push_back(all.at(all.size() - 1).change);
    site.has.resize(history.changes.size(), false);
    site.has.back() = true;
    if (history.moments.size() < shape.keep && random.Below(4) == 0)
      history.moments.push_back({site.document.heads(), oracle::Describe(site.document)});
  };
  for (std::uint64_t action = 0; action < history.actions; ++action) {
    const std::uint64_t number = random.Below(sites.size());
    Site& site = *sites[static_cast<std::size_t>(number)];
    if (random.Below(5) == 0) {
      close(site);
      // A part of what is new, in the order in which it was made.
      const std::uint64_t share = 1 + random.Below(4);
      for (std::size_t i = 0; i < history.changes.size(); ++i) {
        const bool known = i < site.has.size() && site.has[i];
        if (!known && (share == 4 || random.Below(4) < share)) deliver(site, i);
      }
      continue;
    }
    if (!site.open) {
      Change change{random.Make<ChangeId>(), HistoryAgent(number), site.document.heads(), {}};
      site.document.Begin(change);
      site.open = true;
    }
    const oracle::History& all = site.document.history();
    const ChangeId id = all.at(all.size() - 1).change.id;
    Edit edit = RandomEdit(site.document, random, shape);
    Shorten(edit, id);
    for (int tries = 1; !site.document.Add(edit).empty(); ++tries) {
      edit = RandomEdit(site.document, random, shape);
      if (tries == 8) edit = InsertText{"/notes", 0, "x"};  // fits always
      Shorten(edit, id);
    }
    if (random.Below(3) == 0) close(site);
  }
  for (const auto& site : sites) close(*site);
  return history;
}

Facts MakeFacts(const History& history, Random& random) {
  Facts facts;
  for (const Change& change : history.changes) {
    if (random.Below(8) == 0) facts.excluded.push_back(change.id);
    facts.changes.push_back(change);
    for (const Gap gap : {Gap::kMissing, Gap::kErased}) {
      Change other = change;
      if (random.Below(4) != 0) continue;
      if (!TakeContentOut(other.edits, HistorySchema(), random.Below(3), gap)) continue;
      facts.erased += gap == Gap::kErased;
      facts.changes.push_back(std::move(other));
    }
  }
  return facts;
}

std::string OracleState(const std::vector<Change>& changes) {
  oracle::Document document(HistorySchema());
  for (const Change& change : changes) document.Apply(change);
  return oracle::Describe(document) + oracle::DescribePassages(document);
}

}  // namespace geflecht::crdt
