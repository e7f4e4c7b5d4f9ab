#include "node/replica/erasures.h"

#include <utility>

#include "node/replica/records.h"

namespace geflecht::replica {
namespace {

constexpr std::size_t kNumber = 8;

// arrival, what, number of fields, fields, number of keys, keys with their lengths; one behind the
// other.
void AppendNamed(Bytes& bytes, const Erasures::Named& named) {
  AppendBe64(bytes, named.arrival);
  AppendBe64(bytes, static_cast<std::uint64_t>(named.what));
  AppendBe64(bytes, named.fields.size());
  for (const std::uint32_t field : named.fields) AppendBe64(bytes, field);
  AppendBe64(bytes, named.keys.size());
  for (const std::string& key : named.keys) {
    AppendBe64(bytes, key.size());
    Append(bytes, key);
  }
}

// Takes numbers and texts from the front; after the first that is not there, nothing.
struct NamedReader {
  ByteView rest;
  bool good = true;

  ByteView Take(std::uint64_t size) {
    good = good && size <= rest.size();
    if (!good) return {};
    const ByteView taken = rest.first(size);
    rest = rest.subspan(size);
    return taken;
  }
  std::uint64_t Number() {
    const ByteView bytes = Take(kNumber);
    return good ? ReadBe64(bytes) : 0;
  }
};

Result<std::vector<Erasures::Named>> DecodeNamed(ByteView bytes) {
  std::vector<Erasures::Named> all;
  for (NamedReader in{bytes}; !in.rest.empty();) {
    Erasures::Named named;
    named.arrival = in.Number();
    const std::uint64_t what = in.Number();
    named.what = static_cast<Erasures::What>(what);
    for (std::uint64_t n = in.Number(); in.good && n > 0; --n)
      named.fields.push_back(static_cast<std::uint32_t>(in.Number()));
    for (std::uint64_t n = in.Number(); in.good && n > 0; --n)
      named.keys.push_back(ToText(in.Take(in.Number())));
    if (!in.good || what > static_cast<std::uint64_t>(Erasures::What::kDecision))
      return Fail(Code::kCorruption, "a list of erasures");
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
