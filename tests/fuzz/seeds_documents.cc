#include <algorithm>
#include <cstdint>
#include <map>

#include "base/check.h"
#include "crdt/codec.h"
#include "tests/fuzz/seeds.h"
#include "tests/property/histories.h"

namespace geflecht::fuzz {
namespace {

void AppendWord(Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

// As tests/fuzz/change.cc reads it. False if it does not fit into that form.
bool AppendChange(Bytes& out, std::uint8_t agent, const std::vector<crdt::EncodedField>& fields) {
  if (fields.empty() || fields.size() > 5) return false;
  out.push_back(agent);
  out.push_back(static_cast<std::uint8_t>(fields.size() - 1));
  for (const crdt::EncodedField& field : fields) {
    if (field.value.size() > 0x7fff) return false;
    AppendWord(out, 2 * field.value.size() + (field.name.ends_with(".personal") ? 1 : 0));
    Append(out, field.value);
  }
  return true;
}

// Gives the changes that containers are named after the ids that the target gives them.
void Rename(Bytes& structure, const std::map<crdt::ChangeId, crdt::ChangeId>& names) {
  for (const auto& [from, to] : names) {
    const auto same = [&] {
      return std::search(structure.begin(), structure.end(), from.bytes.begin(), from.bytes.end());
    };
    for (auto at = same(); at != structure.end() && from != to; at = same())
      std::copy(to.bytes.begin(), to.bytes.end(), at);
  }
}

// The first changes of a history, some fields of which are not here.
Bytes History(std::uint64_t seed) {
  SeededRandom random(seed);
  crdt::HistoryShape shape;
  shape.sites = 2;
  const crdt::History history = crdt::MakeHistory(random, shape);
  std::map<crdt::ChangeId, crdt::ChangeId> names;
  Bytes out;
  for (const crdt::Change& change : history.changes) {
    if (names.size() == 6) break;
    crdt::ChangeId& name = names[change.id];
    name.bytes.fill(static_cast<std::uint8_t>(names.size()));
    crdt::ChangeHead head;
    for (const crdt::ChangeId& parent : change.parents) head.parents.push_back(names.at(parent));
    std::sort(head.parents.begin(), head.parents.end());
    if (head.parents.empty()) {
      head.type = "note";
      head.schema_version = 1;
    }
    std::vector<crdt::EncodedField> fields =
        crdt::EncodeChange(head, change.edits, crdt::HistorySchema());
    Rename(fields[0].value, names);
    if (!AppendChange(out, static_cast<std::uint8_t>(random.Below(3)), fields)) break;
  }
  return out;
}

}  // namespace

void AddDocumentSeeds(Seeds& seeds) {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    seeds["change"].push_back(History(seed));
    SeededRandom random(seed);
    Bytes& actions = seeds["actions"].emplace_back(static_cast<std::size_t>(40 + 16 * seed));
    random.Fill(actions);
  }
}

}  // namespace geflecht::fuzz
