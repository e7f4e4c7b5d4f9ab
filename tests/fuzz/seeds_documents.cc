#include <cstdint>

#include "base/check.h"
#include "crdt/codec.h"
#include "tests/fuzz/seeds.h"
#include "tests/property/crdt_sites.h"

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

// Changes of two sites, the second of which hears of the first one's from time to time.
Bytes History(std::uint64_t seed) {
  SeededRandom random(seed);
  crdt::Document sites[2] = {{crdt::SiteSchema(), crdt::SiteAgent(0)},
                             {crdt::SiteSchema(), crdt::SiteAgent(1)}};
  std::vector<crdt::Change> changes;
  Bytes out;
  while (changes.size() < 6) {
    const auto site = static_cast<std::uint8_t>(changes.empty() ? 0 : random.Below(2));
    crdt::Document& document = sites[site];
    if (random.Below(2) == 0 || changes.size() == 1)
      for (const crdt::Change& change : changes) document.Apply(change);
    for (std::uint64_t edits = 1 + random.Below(4); edits > 0; --edits)
      crdt::EditAtRandom(document, random);
    const crdt::Document::Cut cut = document.TakeOpen();
    if (cut.edits.empty()) continue;
    crdt::ChangeHead head;
    head.parents = cut.parents;
    if (cut.parents.empty()) {
      head.type = "note";
      head.schema_version = 1;
    }
    if (!AppendChange(out, site, crdt::EncodeChange(head, cut.edits, crdt::SiteSchema()))) break;
    crdt::Change change{{}, crdt::SiteAgent(site), cut.parents, cut.edits};
    change.id.bytes.fill(static_cast<std::uint8_t>(changes.size() + 1));
    document.Apply(change);
    changes.push_back(std::move(change));
  }
  return out;
}

}  // namespace

void AddDocumentSeeds(Seeds& seeds) {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) seeds["change"].push_back(History(seed));
}

}  // namespace geflecht::fuzz
