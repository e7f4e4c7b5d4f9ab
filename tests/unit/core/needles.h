// Bytes that must not be found: what is said in a space, and what it is known by.
#pragma once

#include <cstdint>
#include <cstring>
#include <unordered_set>

#include "base/check.h"
#include "node/replica/space_log.h"

namespace geflecht::core {

// Finds by the first 8 bytes, which is enough: those of random values occur nowhere else.
class Needles {
 public:
  void Add(ByteView bytes) {
    CHECK(bytes.size() >= sizeof(std::uint64_t));
    beginnings_.insert(Beginning(bytes.data()));
  }
  bool In(ByteView bytes) const {
    for (std::size_t at = 0; at + sizeof(std::uint64_t) <= bytes.size(); ++at)
      if (beginnings_.contains(Beginning(bytes.data() + at))) return true;
    return false;
  }
  bool In(const store::Batch& batch) const {
    for (const auto& write : batch)
      if (In(ByteView(write.key.group)) || (write.value && In(ByteView(*write.value)))) return true;
    return false;
  }
  std::size_t size() const { return beginnings_.size(); }

 private:
  static std::uint64_t Beginning(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  std::unordered_set<std::uint64_t> beginnings_;
};

// What stands in entries of a space from an arrival number on, none of which is public: ids, roots,
// signatures, documents, and salts of what is here.
struct EntryNeedles {
  Needles ids, roots, signatures, documents, salts;

  void AddFrom(const replica::SpaceLog& log, std::uint64_t arrival) {
    const auto arrivals = log.Arrivals(arrival, 10'000);
    CHECK(arrivals.has_value());
    for (const codec::StoredEntry& stored : *arrivals) {
      ids.Add(stored.entry.id.view());
      // Without fields there is nothing to commit to: the same value for all.
      if (stored.entry.header.fields > 0) roots.Add(stored.entry.header.root.view());
      if (stored.entry.signature) signatures.Add(stored.entry.signature->view());
      if (stored.document) documents.Add(stored.document->view());
      const auto body = log.BodyOf(stored);
      CHECK(body.has_value());
      if (!*body) continue;
      for (const log::Slot& slot : (*body)->slots)
        if (const auto* field = std::get_if<log::Field>(&slot)) salts.Add(field->salt.view());
    }
  }
  bool In(const auto& bytes) const {
    return ids.In(bytes) || roots.In(bytes) || signatures.In(bytes) || documents.In(bytes) ||
           salts.In(bytes);
  }
};

}  // namespace geflecht::core
