#include "node/replica/announced.h"

#include <algorithm>
#include <set>
#include <utility>

#include "node/replica/records.h"

namespace geflecht::replica {
namespace {

constexpr std::size_t kNumber = 8;

std::optional<log::OrgId> OrgOf(const governance::Members& members, const log::DeviceId& device) {
  const governance::Member* const member = members.EverByDevice(device);
  return member == nullptr ? std::nullopt : std::optional(member->org);
}

template <class Key>
void Unlink(std::multimap<Key, log::EntryId>& index, const Key& key, const log::EntryId& id) {
  const auto [begin, end] = index.equal_range(key);
  for (auto it = begin; it != end; ++it) {
    if (it->second != id) continue;
    index.erase(it);
    return;
  }
}

// Those of which it names all or a part.
std::set<log::RecordId> DocumentsOf(const log::Erasure& erasure) {
  std::set<log::RecordId> documents(erasure.documents.begin(), erasure.documents.end());
  for (const log::ErasedContainer& container : erasure.containers)
    documents.insert(container.document);
  return documents;
}

Result<std::pair<log::Header, log::Body>> DecodeRecord(ByteView bytes) {
  const auto damaged = [] { return Fail(Code::kCorruption, "an announced erasure is damaged"); };
  if (bytes.size() < kNumber) return damaged();
  const std::uint64_t size = ReadBe64(bytes);
  bytes = bytes.subspan(kNumber);
  if (size > bytes.size()) return damaged();
  auto header = log::ParseHeader(AsText(bytes.first(static_cast<std::size_t>(size))));
  auto body = codec::DecodeBody(bytes.subspan(static_cast<std::size_t>(size)));
  if (!header || !body) return damaged();
  return std::pair(*std::move(header), *std::move(body));
}

}  // namespace

bool Announced::Item::NamesWhole(const crdt::DocumentId& document) const {
  return std::binary_search(erasure.documents.begin(), erasure.documents.end(),
                            log::RecordId{document.bytes});
}

Result<void> Announced::Load(const log::SpaceId& space, const governance::Members& members) {
  const store::Key first = AnnouncedKey(space, 0);
  std::optional<Error> error;
  TRY(view_.Scan(first.table, first.group, 0, [&](const store::Record& record) {
    const auto decoded = DecodeRecord(record.value);
    auto erasure = decoded ? log::ReadErasure(decoded->first, decoded->second)
                           : Result<log::Erasure>(Fail(decoded.error()));
    if (!erasure) {
      error = erasure.error();
      return false;
    }
    const log::Header& header = decoded->first;
    Index({space, record.order, log::IdOf(log::Render(header)), log::Entry::Of(header),
           OrgOf(members, header.device), false, *std::move(erasure)});
    next_number_[space] = record.order + 1;
    return true;
  }));
  if (error) return Fail(Code::kCorruption, error->detail);
  return {};
}

bool Announced::HasRoomFor(const Item& item) const {
  const auto lines = lines_.find(item.org);
  const std::size_t taken = lines == lines_.end() ? 0 : lines->second;
  if (taken + item.lines() > (item.org ? kAnnouncedLinesMax : kUnknownLinesMax)) return false;
  const auto crowds = [&](const auto& index, const auto& key) {
    const auto [begin, end] = index.equal_range(key);
    const auto same = [&](const auto& entry) { return items_.at(entry.second).org == item.org; };
    return std::count_if(begin, end, same) >= static_cast<std::ptrdiff_t>(kAnnouncedOfOneMax);
  };
  for (const log::EraseTarget& target : item.erasure.targets)
    if (crowds(by_target_, target.entry)) return false;
  for (const log::RecordId& document : DocumentsOf(item.erasure))
    if (crowds(by_document_, document)) return false;
  return true;
}

void Announced::Index(Item item) {
  lines_[item.org] += item.lines();
  for (const log::EraseTarget& target : item.erasure.targets)
    by_target_.emplace(target.entry, item.id);
  for (const log::RecordId& document : DocumentsOf(item.erasure))
    by_document_.emplace(document, item.id);
  items_.insert_or_assign(item.id, std::move(item));
}

const Announced::Item* Announced::Add(const log::Header& header, const log::Body& body,
                                      log::Erasure erasure, const governance::Members& members) {
  const std::string text = log::Render(header);
  const log::EntryId id = log::IdOf(text);
  std::uint64_t& number = next_number_[header.space];
  Item item{header.space, number, id,   log::Entry::Of(header), OrgOf(members, header.device),
            false,        std::move(erasure)};
  if (!HasRoomFor(item)) return nullptr;
  Index(std::move(item));
  looked_at_.clear();
  Bytes record;
  AppendBe64(record, text.size());
  Append(record, AsBytes(text));
  const Bytes content = codec::EncodeBody(body);
  Append(record, ByteView(content));
  view_.Put(AnnouncedKey(header.space, number++), std::move(record));
  return &items_.at(id);
}

void Announced::Remove(const log::EntryId& id) {
  const auto it = items_.find(id);
  if (it == items_.end()) return;
  const Item& item = it->second;
  lines_[item.org] -= item.lines();
  for (const log::EraseTarget& target : item.erasure.targets) Unlink(by_target_, target.entry, id);
  for (const log::RecordId& document : DocumentsOf(item.erasure))
    Unlink(by_document_, document, id);
  view_.Delete(AnnouncedKey(item.space, item.number));
  items_.erase(it);
}

std::vector<const Announced::Item*> Announced::On(
    const log::EntryId& entry, const std::optional<crdt::DocumentId>& document) const {
  std::vector<const Item*> found;
  const auto [begin, end] = by_target_.equal_range(entry);
  for (auto it = begin; it != end; ++it) found.push_back(&items_.at(it->second));
  if (!document) return found;
  const auto [first, last] = by_document_.equal_range(log::RecordId{document->bytes});
  for (auto it = first; it != last; ++it) found.push_back(&items_.at(it->second));
  return found;
}

std::vector<log::EntryId> Announced::TakeKnown(
    const governance::Members& members, const std::vector<log::EntryId>& tips,
    const std::function<bool(const log::Entry&)>& counts) {
  std::vector<log::EntryId> known;
  if (items_.empty() || tips == looked_at_) return known;
  looked_at_ = tips;
  for (auto& [id, item] : items_) {
    if (item.judged) continue;
    item.judged = counts(item.entry);
    const auto org = item.org ? item.org : OrgOf(members, item.entry.header.device);
    if (!item.judged && org == item.org) continue;
    if (org != item.org) {
      lines_[item.org] -= item.lines();
      lines_[org] += item.lines();
      item.org = org;
    }
    known.push_back(id);
  }
  return known;
}

}  // namespace geflecht::replica
