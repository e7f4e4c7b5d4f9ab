// Changes of a document: up to kChangesMax one behind the other, each a number of fields with their
// sizes, some of which are not here. Change n has the id whose bytes are all n + 1. One that
// decodes has that encoding and no other, but for content that cannot be read; the changes leave
// the same document in whatever order they arrive, and that of the oracle.
#include <algorithm>
#include <string>
#include <vector>

#include "base/check.h"
#include "crdt/codec.h"
#include "crdt/content.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"
#include "tests/oracle/describe.h"
#include "tests/property/engine.h"
#include "tests/property/histories.h"

namespace geflecht::fuzz {
namespace {

constexpr std::size_t kChangesMax = 6;
constexpr std::uint64_t kAbsentMax = 200;  // code points that are not here; the oracle is slow

std::vector<crdt::EncodedField> TakeFields(Input& in) {
  std::vector<crdt::EncodedField> fields;
  const std::uint8_t shape = in.Byte();
  for (std::size_t count = 1 + shape % 5; count > 0; --count) {
    std::string name = "structure";
    if (!fields.empty()) name = "content." + std::to_string(fields.size() - 1);
    const std::uint16_t size = in.Word();
    if (!fields.empty() && size % 2 == 1) name += ".personal";
    const ByteView value = in.Take(size / 2);
    fields.push_back({std::move(name), {value.begin(), value.end()}});
    const bool gone = fields.size() > 1 && shape >= 128 && (shape >> (fields.size() % 4) & 4) != 0;
    if (!gone) continue;
    fields.back().gap = size % 4 < 2 ? crdt::Gap::kMissing : crdt::Gap::kErased;
    fields.back().value.clear();
  }
  return fields;
}

void CheckCanonical(const crdt::DecodedChange& decoded, std::vector<crdt::EncodedField> fields) {
  for (const std::size_t field : decoded.unreadable) {
    fields[field + 1].gap = crdt::Gap::kErased;
    fields[field + 1].value.clear();
  }
  CHECK(crdt::EncodeChange(decoded.head, decoded.edits, crdt::HistorySchema()) == fields);
}

bool IsLarge(const std::vector<crdt::Edit>& edits) {
  std::uint64_t points = 0;
  for (const crdt::Edit& edit : edits)
    if (const auto* text = std::get_if<crdt::InsertText>(&edit); text && text->absent)
      points += text->absent->points;
  return points > kAbsentMax;
}

}  // namespace

void Change(ByteView input) {
  Input in(input);
  std::vector<crdt::Change> changes;
  for (std::size_t n = 0; n < kChangesMax && !in.AtEnd(); ++n) {
    const std::uint8_t agent = in.Byte();
    const std::vector<crdt::EncodedField> fields = TakeFields(in);
    const auto head = crdt::DecodeChangeHead(fields[0].value);
    const auto decoded = crdt::DecodeChange(fields, crdt::HistorySchema());
    if (!decoded) continue;
    CHECK(head.has_value() && *head == decoded->head);
    CheckCanonical(*decoded, fields);
    if (IsLarge(decoded->edits)) continue;
    crdt::Change change;
    change.id.bytes.fill(static_cast<std::uint8_t>(n + 1));
    change.agent = crdt::HistoryAgent(agent % 3);
    change.parents = decoded->head.parents;
    change.edits = decoded->edits;
    changes.push_back(std::move(change));
  }
  if (changes.empty()) return;
  const std::string forwards = crdt::OracleState(changes);
  CHECK(crdt::EngineState(changes) == crdt::EngineExpected(changes));
  std::reverse(changes.begin(), changes.end());
  CHECK(crdt::OracleState(changes) == forwards);
  CHECK(crdt::EngineState(changes) == crdt::EngineExpected(changes));
}

}  // namespace geflecht::fuzz
