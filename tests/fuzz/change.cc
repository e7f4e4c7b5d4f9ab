// Changes of a document: up to kChangesMax one behind the other, each a number of fields with their
// sizes. Change n has the id whose bytes are all n + 1. One that decodes has that encoding and no
// other; the changes leave the same document in whatever order they arrive.
#include <string>
#include <vector>

#include "base/check.h"
#include "crdt/codec.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"
#include "tests/property/crdt_sites.h"

namespace geflecht::fuzz {
namespace {

constexpr std::size_t kChangesMax = 6;

std::vector<crdt::EncodedField> TakeFields(Input& in) {
  std::vector<crdt::EncodedField> fields;
  for (std::size_t count = 1 + in.Below(5); count > 0; --count) {
    std::string name = "structure";
    if (!fields.empty()) name = "content." + std::to_string(fields.size() - 1);
    const std::uint16_t size = in.Word();
    if (!fields.empty() && size % 2 == 1) name += ".personal";
    const ByteView value = in.Take(size / 2);
    fields.push_back({std::move(name), {value.begin(), value.end()}});
  }
  return fields;
}

std::string StateOf(const crdt::Document& document) {
  std::string state = crdt::Dump(document, /*ids=*/true);
  for (const auto& change : document.Voids())
    state += "void " + change.change.Hex() + change.reason;
  for (const crdt::ChangeId& waiting : document.Waiting()) state += "waiting " + waiting.Hex();
  return state;
}

}  // namespace

void Change(ByteView input) {
  Input in(input);
  const crdt::Schema& schema = crdt::SiteSchema();
  std::vector<crdt::Change> changes;
  for (std::size_t n = 0; n < kChangesMax && !in.AtEnd(); ++n) {
    const std::uint8_t agent = in.Byte();
    const std::vector<crdt::EncodedField> fields = TakeFields(in);
    const auto head = crdt::DecodeChangeHead(fields[0].value);
    const auto decoded = crdt::DecodeChange(fields, schema);
    if (!decoded) continue;
    CHECK(head.has_value() && *head == decoded->head);
    CHECK(crdt::EncodeChange(decoded->head, decoded->edits, schema) == fields);
    crdt::Change change;
    change.id.bytes.fill(static_cast<std::uint8_t>(n + 1));
    change.agent = crdt::SiteAgent(agent % 3);
    change.parents = decoded->head.parents;
    change.edits = decoded->edits;
    changes.push_back(std::move(change));
  }
  if (changes.empty()) return;
  crdt::Document forwards(schema, crdt::SiteAgent(0));
  crdt::Document backwards(schema, crdt::SiteAgent(0));
  for (const crdt::Change& change : changes) forwards.Apply(change);
  for (auto it = changes.rbegin(); it != changes.rend(); ++it) backwards.Apply(*it);
  CHECK(StateOf(forwards) == StateOf(backwards));
  CHECK(forwards.Apply(changes.front()) != crdt::Applied::kNew);
}

}  // namespace geflecht::fuzz
