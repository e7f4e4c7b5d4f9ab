#include "node/replica/erasures.h"

#include <utility>

#include "node/replica/records.h"

namespace geflecht::replica {
namespace {

constexpr std::size_t kNumber = 8;

// arrival, number of fields, fields; one behind the other.
void AppendNamed(Bytes& bytes, const Erasures::Named& named) {
  AppendBe64(bytes, named.arrival);
  AppendBe64(bytes, named.fields.size());
  for (const std::uint32_t field : named.fields) AppendBe64(bytes, field);
}

Result<std::vector<Erasures::Named>> DecodeNamed(ByteView bytes) {
  std::vector<Erasures::Named> all;
  while (!bytes.empty()) {
    if (bytes.size() < 2 * kNumber) return Fail(Code::kCorruption, "a list of erasures");
    Erasures::Named named{ReadBe64(bytes), {}};
    const std::uint64_t count = ReadBe64(bytes.subspan(kNumber));
    bytes = bytes.subspan(2 * kNumber);
    if (count > bytes.size() / kNumber) return Fail(Code::kCorruption, "a list of erasures");
    for (std::uint64_t i = 0; i < count; ++i, bytes = bytes.subspan(kNumber))
      named.fields.push_back(static_cast<std::uint32_t>(ReadBe64(bytes)));
    all.push_back(std::move(named));
  }
  return all;
}

std::size_t AboutBytes(const log::Body& body) {
  return body.ByteSize() + body.slots.size() * sizeof(log::Slot);
}

}  // namespace

Result<void> Erasures::Note(const log::SpaceId& space, const crdt::DocumentId& target,
                            Named named) {
  const store::Key key = ErasuresKey(space, target);
  ASSIGN(const auto before, view_.Get(key));
  Bytes bytes = before.value_or(Bytes());
  AppendNamed(bytes, named);
  view_.Put(key, std::move(bytes));
  return {};
}

Result<std::vector<Erasures::Named>> Erasures::On(const log::SpaceId& space,
                                                  const crdt::DocumentId& target) const {
  ASSIGN(const auto bytes, view_.Get(ErasuresKey(space, target)));
  if (!bytes) return std::vector<Named>();
  return DecodeNamed(*bytes);
}

void Erasures::KeepAside(const log::EntryId& entry, log::Body body) {
  Drop(entry);
  const std::size_t bytes = AboutBytes(body);
  aside_bytes_ += bytes;
  aside_order_[next_] = entry;
  aside_[entry] = {next_++, std::move(body), bytes};
  while (aside_bytes_ > kAsideBytesMax) {
    const log::EntryId oldest = aside_order_.begin()->second;
    Drop(oldest);
  }
}

std::vector<log::EntryId> Erasures::Aside() const {
  std::vector<log::EntryId> entries;
  for (const auto& [entry, kept] : aside_) entries.push_back(entry);
  return entries;
}

std::optional<log::Body> Erasures::TakeAside(const log::EntryId& entry) {
  const auto it = aside_.find(entry);
  if (it == aside_.end()) return std::nullopt;
  log::Body body = std::move(it->second.body);
  Drop(entry);
  return body;
}

void Erasures::Drop(const log::EntryId& entry) {
  const auto it = aside_.find(entry);
  if (it == aside_.end()) return;
  aside_bytes_ -= it->second.bytes;
  aside_order_.erase(it->second.number);
  aside_.erase(it);
}

}  // namespace geflecht::replica
