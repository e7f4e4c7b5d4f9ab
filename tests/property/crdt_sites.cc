#include "crdt_sites.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace geflecht::crdt {
namespace {

struct Place {
  std::string path;
  ContainerType type;
};

std::string Escaped(const std::string& key) {
  std::string out;
  for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

std::string ValueText(const Slot& slot, bool ids) {
  if (const auto* child = std::get_if<Child>(&slot))
    return "child" + std::to_string(static_cast<int>(child->type)) + (ids ? child->id : "");
  const Value& value = std::get<Value>(slot);
  if (const auto* text = std::get_if<std::string>(&value)) return "\"" + *text + "\"";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return "null";
}

// All containers; `out` gets a line for each piece of content.
std::vector<Place> Walk(const Document& document, bool ids, std::string& out) {
  std::vector<Place> places{{"", ContainerType::kMap}};
  const auto enter = [&](const std::string& path, const Slot& slot) {
    if (const auto* child = std::get_if<Child>(&slot)) places.push_back({path, child->type});
  };
  for (std::size_t at = 0; at < places.size(); ++at) {
    const Place place = places[at];
    switch (place.type) {
      case ContainerType::kMap: {
        const auto entries = document.Map(place.path);
        for (const Register& entry : *entries) {
          const std::string path = place.path + "/" + Escaped(entry.key);
          out += path + " =";
          for (const Writing& writing : entry.writings) {
            out += writing.removed ? " removed" : " " + ValueText(writing.slot, ids);
            if (ids)
              out += "@" + writing.change.Hex().substr(0, 8) + writing.agent.Hex().substr(0, 2);
          }
          out += "\n";
          enter(path, entry.writings[0].slot);
        }
        break;
      }
      case ContainerType::kList: {
        const std::vector<Slot> items = document.List(place.path).value();
        out += place.path + " [";
        for (std::size_t i = 0; i < items.size(); ++i) {
          out += " " + ValueText(items[i], ids);
          enter(place.path + "/" + std::to_string(i), items[i]);
        }
        out += " ]\n";
        break;
      }
      case ContainerType::kText:
        out += place.path + " '" + document.Text(place.path).value() + "'\n";
        break;
      case ContainerType::kTree:
        break;
      case ContainerType::kCounter:
        out += place.path + " +" + std::to_string(document.Counter(place.path).value()) + "\n";
        break;
    }
  }
  return places;
}

std::uint64_t Points(const std::string& text) {
  return static_cast<std::uint64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

Value RandomValue(Random& random) {
  switch (random.Below(5)) {
    case 0:
      return std::monostate();
    case 1:
      return random.Below(2) == 0;
    case 2:
      return static_cast<std::int64_t>(random.Below(5)) - 2;
    default:
      return std::string(static_cast<std::size_t>(random.Below(3)), 'v');
  }
}

ContainerType RandomType(Random& random) { return static_cast<ContainerType>(1 + random.Below(4)); }

const char* RandomText(Random& random) {
  static const char* const kTexts[] = {"a", "bc", "ä", "日本", "😀x", "def"};
  return kTexts[random.Below(6)];
}

Result<void> EditMap(Transaction& edit, const std::string& map, Random& random) {
  static const char* const kKeys[] = {"name", "k", "x~1y", "l"};
  const std::string path = map + "/" + kKeys[random.Below(4)];
  switch (random.Below(4)) {
    case 0:
      return edit.RemoveKey(path);
    case 1:
      return edit.SetChild(path, RandomType(random));
    default:
      return edit.Set(path, RandomValue(random));
  }
}

Result<void> EditList(Transaction& edit, const Document& document, const std::string& path,
                      Random& random) {
  const std::uint64_t size = document.List(path).value().size();
  switch (random.Below(4)) {
    case 0:
      return edit.InsertChild(path, random.Below(size + 1), RandomType(random));
    case 1:
      return edit.RemoveItems(path, random.Below(size + 1), 1 + random.Below(2));
    default:
      return edit.InsertItem(path, random.Below(size + 1), RandomValue(random));
  }
}

Result<void> EditText(Transaction& edit, const Document& document, const std::string& path,
                      Random& random) {
  const std::string text = document.Text(path).value();
  const std::uint64_t size = Points(text);
  switch (random.Below(6)) {
    case 0:
      return edit.ReplaceText(path, RandomText(random) + text);
    case 1:
    case 2:
      return edit.RemoveText(path, random.Below(size + 1), 1 + random.Below(3));
    default:
      return edit.InsertText(path, random.Below(size + 1), RandomText(random));
  }
}

}  // namespace

const Schema& SiteSchema() {
  static const Schema schema{.type = "note",
                             .version = 3,
                             .fields = {{"name", FieldType::kValue, true},
                                        {"title", FieldType::kValue, false},
                                        {"notes", FieldType::kText, true},
                                        {"items", FieldType::kList, false},
                                        {"meta", FieldType::kMap, false},
                                        {"total", FieldType::kCounter, false}}};
  return schema;
}

AgentId SiteAgent(int number) {
  AgentId id;
  id.bytes.fill(static_cast<std::uint8_t>(number * 37 + 1));
  return id;
}

std::string Dump(const Document& document, bool ids) {
  std::string out;
  Walk(document, ids, out);
  for (const Conflict& conflict : document.Contests())
    out += "conflict " + conflict.path + " " + std::to_string(conflict.writings.size()) + "\n";
  for (const Document::Void& entry : document.Voids()) out += "void " + entry.reason + "\n";
  return out;
}

bool EditAtRandom(Document& document, Random& random) {
  const std::vector<Conflict> conflicts = document.Contests();
  if (!conflicts.empty() && random.Below(6) == 0) {
    const Conflict& conflict = conflicts[static_cast<std::size_t>(random.Below(conflicts.size()))];
    const std::size_t n = static_cast<std::size_t>(random.Below(conflict.writings.size()));
    const Result<void> done = document.Resolve(conflict.path, n);
    EXPECT_TRUE(done) << done.error().detail;
    return done.has_value();
  }
  std::string ignored;
  const std::vector<Place> places = Walk(document, false, ignored);
  const Place place = places[static_cast<std::size_t>(random.Below(places.size()))];
  const Result<void> done = document.Edit([&](Transaction& edit) -> Result<void> {
    switch (place.type) {
      case ContainerType::kMap:
        return EditMap(edit, place.path, random);
      case ContainerType::kList:
        return EditList(edit, document, place.path, random);
      case ContainerType::kText:
        return EditText(edit, document, place.path, random);
      case ContainerType::kTree:
        break;
      case ContainerType::kCounter:
        return edit.Increment(place.path, static_cast<std::int64_t>(random.Below(9)) - 4);
    }
    return {};
  });
  return done.has_value();
}

Change CutAtRandom(Document& document, int site, Random& random) {
  Document::Cut cut = document.TakeOpen();
  Change change{random.Make<ChangeId>(), SiteAgent(site), std::move(cut.parents),
                std::move(cut.edits)};
  EXPECT_EQ(document.Apply(change), Applied::kNew);
  return change;
}

History MakeHistory(std::uint64_t seed, int sites, int rounds) {
  SeededRandom random(seed);
  std::vector<Document> documents;
  std::vector<std::size_t> received(static_cast<std::size_t>(sites), 0);
  for (int i = 0; i < sites; ++i) documents.emplace_back(SiteSchema(), SiteAgent(i));
  History history;
  for (int round = 0; round < rounds; ++round) {
    const std::size_t site = static_cast<std::size_t>(random.Below(documents.size()));
    Document& document = documents[site];
    if (random.Below(3) == 0) {
      const std::size_t rest = history.changes.size() - received[site];
      for (std::size_t n = static_cast<std::size_t>(random.Below(rest + 1)); n > 0; --n)
        document.Apply(history.changes[received[site]++]);
    }
    for (std::uint64_t n = 1 + random.Below(4); n > 0; --n) EditAtRandom(document, random);
    if (!document.HasOpen()) continue;
    history.changes.push_back(CutAtRandom(document, static_cast<int>(site), random));
  }
  for (Document& document : documents) {
    for (const Change& change : history.changes) document.Apply(change);
    history.states.push_back(Dump(document, true));
  }
  return history;
}

std::string StateOf(const std::vector<Change>& changes) {
  Document document(SiteSchema(), SiteAgent(99));
  for (const Change& change : changes) document.Apply(change);
  EXPECT_TRUE(document.Waiting().empty());
  return Dump(document, true);
}

}  // namespace geflecht::crdt
