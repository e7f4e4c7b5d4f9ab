#include "node/replica/erasures.h"

#include <algorithm>
#include <utility>

#include "node/replica/record_list.h"
#include "node/replica/records.h"

namespace geflecht::replica {
namespace {

constexpr std::size_t kNumber = 8;

// What a body occupies beside its fields: nodes of the maps.
constexpr std::size_t kAsideItemBytes = 512;

// arrival, what, number of fields, fields, number of keys, keys with their lengths, and of
// containers the id by which changes name it; one behind the other.
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
  if (named.what == Erasures::What::kContainers) Append(bytes, named.named_as.view());
}

Bytes Encode(const Erasures::Named& named) {
  Bytes bytes;
  AppendNamed(bytes, named);
  return bytes;
}

Bytes EncodeUnjudged(const Erasures::Named& named) {
  Bytes bytes = Encode(named);
  Append(bytes, named.signer.view());
  return bytes;
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

Result<std::vector<Erasures::Named>> DecodeNamed(ByteView bytes, bool unjudged) {
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
    if (named.what == Erasures::What::kContainers) {
      const ByteView id = in.Take(crdt::ErasureId::kSize);
      std::copy(id.begin(), id.end(), named.named_as.bytes.begin());
    }
    if (unjudged) {
      const ByteView signer = in.Take(log::OrgId::kSize);
      std::copy(signer.begin(), signer.end(), named.signer.bytes.begin());
    }
    if (!in.good || what > static_cast<std::uint64_t>(Erasures::What::kDecision))
      return Fail(Code::kCorruption, "a list of erasures");
    all.push_back(std::move(named));
  }
  return all;
}

std::size_t AboutBytes(const log::Body& body) {
  return body.ByteSize() + body.slots.size() * sizeof(log::Slot) + kAsideItemBytes;
}

// Whether it takes something that those before it leave.
bool TakesMore(const std::vector<Erasures::Named>& before, const Erasures::Named& named) {
  using What = Erasures::What;
  // Each erases what does not name this one.
  if (named.what == What::kContainers) return true;
  std::set<std::uint32_t> fields(named.fields.begin(), named.fields.end());
  bool is_there = false;
  for (const Erasures::Named& one : before) {
    if (one.what != named.what) continue;
    is_there = true;
    for (const std::uint32_t field : one.fields) fields.erase(field);
  }
  return !is_there || !fields.empty();
}

}  // namespace

Result<void> Erasures::Note(const log::SpaceId& space, const crdt::DocumentId& target,
                            Named named) {
  const store::Key key = ErasuresKey(space, target);
  if (named.what != What::kContainers) {
    ASSIGN(const auto before, On(space, target));
    const auto same = std::count_if(before.begin(), before.end(), [&](const Named& one) {
      return one.what == named.what;
    });
    if (same >= static_cast<std::ptrdiff_t>(kNotedOfOneMax) && !TakesMore(before, named)) return {};
  }
  return AppendToList(view_, key, Encode(named));
}

Result<std::vector<Erasures::Named>> Erasures::On(const log::SpaceId& space,
                                                  const crdt::DocumentId& target) const {
  ASSIGN(const Bytes bytes, ReadList(view_, ErasuresKey(space, target)));
  return DecodeNamed(bytes, /*unjudged=*/false);
}

Result<ErasedDocument> Erasures::OnDocument(const log::SpaceId& space,
                                            const crdt::DocumentId& document) const {
  ErasedDocument erased;
  ASSIGN(const auto all, On(space, document));
  for (const Named& named : all) {
    erased.whole = erased.whole || named.what == What::kDocument;
    if (named.what == What::kContainers)
      erased.containers[named.named_as].insert(named.keys.begin(), named.keys.end());
  }
  return erased;
}

Erasures::Room Erasures::RoomOf(const Named& named) { return {1, EncodeUnjudged(named).size()}; }

Result<Erasures::Room> Erasures::UnjudgedBy(const log::OrgId& signer) const {
  ASSIGN(const auto record, view_.Get(UnjudgedRoomKey(signer)));
  if (!record) return Room{};
  if (record->size() != 2 * kNumber)
    return Fail(Code::kCorruption, "how much of erasures is unjudged");
  return Room{ReadBe64(*record), ReadBe64(ByteView(*record).subspan(kNumber))};
}

void Erasures::PutUnjudgedBy(const log::OrgId& signer, const Room& room) {
  if (room.lines == 0) return view_.Delete(UnjudgedRoomKey(signer));
  Bytes record;
  AppendBe64(record, room.lines);
  AppendBe64(record, room.bytes);
  view_.Put(UnjudgedRoomKey(signer), std::move(record));
}

Result<bool> Erasures::HasRoomFor(const log::OrgId& signer, const Room& more) const {
  ASSIGN(Room room, UnjudgedBy(signer));
  room += more;
  return room.lines <= kUnjudgedLinesMax && room.bytes <= kUnjudgedBytesMax;
}

Result<void> Erasures::NoteUnjudged(const log::SpaceId& space, const crdt::DocumentId& target,
                                    const Named& named) {
  ASSIGN(Room room, UnjudgedBy(named.signer));
  room += RoomOf(named);
  PutUnjudgedBy(named.signer, room);
  return AppendToList(view_, UnjudgedKey(space, target), EncodeUnjudged(named));
}

Result<bool> Erasures::HasUnjudged(const log::SpaceId& space,
                                   const crdt::DocumentId& target) const {
  ASSIGN(const auto record, view_.Get(UnjudgedKey(space, target)));
  return record.has_value();
}

Result<std::vector<Erasures::Named>> Erasures::Unjudged(const log::SpaceId& space,
                                                        const crdt::DocumentId& target) const {
  ASSIGN(const Bytes bytes, ReadList(view_, UnjudgedKey(space, target)));
  return DecodeNamed(bytes, /*unjudged=*/true);
}

Result<void> Erasures::SetUnjudged(const log::SpaceId& space, const crdt::DocumentId& target,
                                   const std::vector<Named>& left) {
  ASSIGN(const auto before, Unjudged(space, target));
  for (const Named& named : before) {
    ASSIGN(Room room, UnjudgedBy(named.signer));
    const Room less = RoomOf(named);
    if (room.lines < less.lines || room.bytes < less.bytes)
      return Fail(Code::kCorruption, "how much of erasures is unjudged");
    PutUnjudgedBy(named.signer, {room.lines - less.lines, room.bytes - less.bytes});
  }
  TRY(ClearList(view_, UnjudgedKey(space, target)));
  for (const Named& named : left) TRY(NoteUnjudged(space, target, named));
  return {};
}

void Erasures::KeepAside(const log::EntryId& entry, const std::optional<crdt::DocumentId>& document,
                         log::Body body) {
  Complete(entry, body);
  Drop(entry);
  const std::size_t bytes = AboutBytes(body);
  if (document) {
    auto& of_document = aside_of_[*document];
    if (of_document.size() >= kAsideOfOneMax) {
      const auto oldest = std::min_element(
          of_document.begin(), of_document.end(), [&](const auto& a, const auto& b) {
            return aside_.at(a).number < aside_.at(b).number;
          });
      Drop(log::EntryId(*oldest));
    }
    aside_of_[*document].insert(entry);
  }
  aside_bytes_ += bytes;
  aside_order_[next_] = entry;
  aside_[entry] = {next_++, document, std::move(body), bytes};
  while (aside_bytes_ > kAsideBytesMax) Drop(log::EntryId(aside_order_.begin()->second));
}

void Erasures::Complete(const log::EntryId& entry, log::Body& body) const {
  const auto it = aside_.find(entry);
  if (it == aside_.end()) return;
  const auto& kept = it->second.body.slots;
  for (std::size_t i = 0; i < std::min(kept.size(), body.slots.size()); ++i)
    if (!std::holds_alternative<log::Field>(body.slots[i])) body.slots[i] = kept[i];
}

std::vector<log::EntryId> Erasures::AsideOf(const crdt::DocumentId& document) const {
  const auto it = aside_of_.find(document);
  if (it == aside_of_.end()) return {};
  return {it->second.begin(), it->second.end()};
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
  if (const auto& document = it->second.document) {
    const auto of_document = aside_of_.find(*document);
    of_document->second.erase(entry);
    if (of_document->second.empty()) aside_of_.erase(of_document);
  }
  aside_bytes_ -= it->second.bytes;
  aside_order_.erase(it->second.number);
  aside_.erase(it);
}

}  // namespace geflecht::replica
