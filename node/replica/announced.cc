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

struct Record {
  log::Header header;
  log::Body body;
  std::optional<log::OrgId> from;
};

// Size of the header's text, that text, whether it is known who sent it and who, the body.
Bytes EncodeRecord(std::string_view text, const std::optional<log::OrgId>& from,
                   const log::Body& body) {
  Bytes record;
  AppendBe64(record, text.size());
  Append(record, text);
  record.push_back(from ? 1 : 0);
  if (from) Append(record, from->view());
  const Bytes content = codec::EncodeBody(body);
  Append(record, ByteView(content));
  return record;
}

Result<Record> DecodeRecord(ByteView bytes) {
  const auto damaged = [] { return Fail(Code::kCorruption, "an announced erasure is damaged"); };
  if (bytes.size() < kNumber) return damaged();
  const std::uint64_t size = ReadBe64(bytes);
  bytes = bytes.subspan(kNumber);
  if (size >= bytes.size()) return damaged();
  auto header = log::ParseHeader(AsText(bytes.first(static_cast<std::size_t>(size))));
  bytes = bytes.subspan(static_cast<std::size_t>(size));
  std::optional<log::OrgId> from;
  const bool known = bytes.front() != 0;
  bytes = bytes.subspan(1);
  if (known) {
    if (bytes.size() < log::OrgId::kSize) return damaged();
    from = log::OrgId::From(bytes.first(log::OrgId::kSize));
    bytes = bytes.subspan(log::OrgId::kSize);
  }
  auto body = codec::DecodeBody(bytes);
  if (!header || !body) return damaged();
  return Record{*std::move(header), *std::move(body), from};
}

}  // namespace

bool Announced::Item::NamesWhole(const crdt::DocumentId& document) const {
  return std::binary_search(erasure.documents.begin(), erasure.documents.end(),
                            log::RecordId{document.bytes});
}

std::vector<std::string> Announced::Item::KeysOf(const crdt::DocumentId& document) const {
  std::vector<std::string> keys;
  const log::ErasedContainer first{{document.bytes}, {}};
  for (auto it = std::lower_bound(erasure.containers.begin(), erasure.containers.end(), first);
       it != erasure.containers.end() && it->document == first.document; ++it)
    keys.push_back(it->key);
  return keys;
}

bool Announced::Item::Names(const crdt::DocumentId& document) const {
  const log::ErasedContainer first{{document.bytes}, {}};
  const auto it = std::lower_bound(erasure.containers.begin(), erasure.containers.end(), first);
  return NamesWhole(document) ||
         (it != erasure.containers.end() && it->document == first.document);
}

std::vector<crdt::DocumentId> Announced::Item::Documents() const {
  std::set<crdt::DocumentId> documents;
  for (const log::RecordId& record : erasure.documents) documents.insert({record.bytes});
  for (const log::ErasedContainer& container : erasure.containers)
    documents.insert({container.document.bytes});
  return {documents.begin(), documents.end()};
}

Announced::Payer Announced::PayerOf(const Item& item) {
  return {item.org.has_value(), item.org ? item.org : item.from};
}

Result<void> Announced::Load(const log::SpaceId& space, const governance::Members& members) {
  const store::Key first = AnnouncedKey(space, 0);
  std::optional<Error> error;
  TRY(view_.Scan(first.table, first.group, 0, [&](const store::Record& record) {
    auto decoded = DecodeRecord(record.value);
    auto erasure = decoded ? log::ReadErasure(decoded->header, decoded->body)
                           : Result<log::Erasure>(Fail(decoded.error()));
    if (!erasure) {
      error = erasure.error();
      return false;
    }
    Item item = Make(decoded->header, log::Render(decoded->header), decoded->body,
                     *std::move(erasure), {}, members);
    item.number = record.order;
    item.from = decoded->from;
    Index(std::move(item));
    next_number_[space] = record.order + 1;
    return true;
  }));
  if (error) return Fail(Code::kCorruption, error->detail);
  return {};
}

Announced::Item Announced::Make(const log::Header& header, std::string_view text,
                                const log::Body& body, log::Erasure erasure,
                                const log::DeviceId& from, const governance::Members& members) {
  Item item{header.space,
            0,
            log::IdOf(text),
            log::Entry::Of(header),
            OrgOf(members, header.device),
            OrgOf(members, from),
            false,
            std::move(erasure)};
  // Its past is what it relies on.
  if (!header.basis.empty()) item.entry.header.seen = {};
  item.bytes = text.size() + body.ByteSize() + kAnnouncedItemBytes +
               item.lines() * kAnnouncedLineBytes;
  return item;
}

bool Announced::HasRoomFor(const Item& item) const {
  const Payer payer = PayerOf(item);
  const auto taken = bytes_.find(payer);
  const std::size_t max = payer.signer ? kAnnouncedBytesMax : kUnknownBytesMax;
  if ((taken == bytes_.end() ? 0 : taken->second) + item.bytes > max) return false;
  const auto crowds = [&](const auto& index, const auto& key) {
    const auto [begin, end] = index.equal_range(key);
    const auto same = [&](const auto& entry) {
      return PayerOf(items_.at(entry.second)) == payer;
    };
    return std::count_if(begin, end, same) >= static_cast<std::ptrdiff_t>(kAnnouncedOfOneMax);
  };
  const std::vector<crdt::DocumentId> documents = item.Documents();
  return std::none_of(item.erasure.targets.begin(), item.erasure.targets.end(),
                      [&](const auto& target) { return crowds(by_target_, target.entry); }) &&
         std::none_of(documents.begin(), documents.end(),
                      [&](const auto& document) { return crowds(by_document_, document); });
}

void Announced::Index(Item item) {
  bytes_[PayerOf(item)] += item.bytes;
  for (const log::EraseTarget& target : item.erasure.targets)
    by_target_.emplace(target.entry, item.id);
  for (const crdt::DocumentId& document : item.Documents())
    by_document_.emplace(document, item.id);
  items_.insert_or_assign(item.id, std::move(item));
}

const Announced::Item& Announced::Add(Item item, std::string_view text, const log::Body& body) {
  item.number = next_number_[item.space]++;
  view_.Put(AnnouncedKey(item.space, item.number), EncodeRecord(text, item.from, body));
  const log::EntryId id = item.id;
  Index(std::move(item));
  return items_.at(id);
}

std::size_t Announced::bytes() const {
  std::size_t all = 0;
  for (const auto& [payer, bytes] : bytes_) all += bytes;
  return all;
}

void Announced::Remove(const log::EntryId& id) {
  const auto it = items_.find(id);
  if (it == items_.end()) return;
  const Item& item = it->second;
  bytes_[PayerOf(item)] -= item.bytes;
  for (const log::EraseTarget& target : item.erasure.targets) Unlink(by_target_, target.entry, id);
  for (const crdt::DocumentId& document : item.Documents()) Unlink(by_document_, document, id);
  view_.Delete(AnnouncedKey(item.space, item.number));
  items_.erase(it);
}

std::vector<const Announced::Item*> Announced::On(
    const log::EntryId& entry, const std::optional<crdt::DocumentId>& document) const {
  std::vector<const Item*> found;
  const auto [begin, end] = by_target_.equal_range(entry);
  for (auto it = begin; it != end; ++it) found.push_back(&items_.at(it->second));
  if (!document) return found;
  const auto [first, last] = by_document_.equal_range(*document);
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
      bytes_[PayerOf(item)] -= item.bytes;
      item.org = org;
      bytes_[PayerOf(item)] += item.bytes;
    }
    known.push_back(id);
  }
  return known;
}

}  // namespace geflecht::replica
