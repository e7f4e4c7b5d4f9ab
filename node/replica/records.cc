#include "node/replica/records.h"

#include <algorithm>
#include <initializer_list>

namespace geflecht::replica {
namespace {

store::Key Make(store::Table table, char prefix, std::initializer_list<ByteView> parts,
                std::uint64_t order) {
  store::Key key{table, {}, order};
  key.group.reserve(64);
  key.group.push_back(static_cast<std::uint8_t>(prefix));
  for (const ByteView part : parts) Append(key.group, part);
  return key;
}

using store::Table;

}  // namespace

crdt::DocumentId DocumentIdOf(const log::EntryId& entry) {
  const crypto::Hash256 hash = crypto::Sha256({AsBytes("geflecht-document@v1"), entry.view()});
  crdt::DocumentId id;
  std::copy_n(hash.bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

store::Key MetaKey(std::string_view name) { return Make(Table::kMeta, 'm', {AsBytes(name)}, 0); }

store::Key EntryKey(const log::SpaceId& space, std::uint64_t arrival) {
  return Make(Table::kLog, 'e', {space.view()}, arrival);
}

store::Key IdKey(const log::SpaceId& space, const crdt::DocumentId& id) {
  return Make(Table::kIndex, 'i', {space.view(), id.view()}, 0);
}

store::Key StretchKey(const log::FeedKey& feed, std::uint64_t seq) {
  store::Key key =
      Make(Table::kIndex, 's', {feed.space.view(), feed.device.view(), feed.life.view()}, seq);
  if (feed.branch != 0) AppendBe64(key.group, feed.branch);
  return key;
}

store::Key FeedNumberKey(const log::SpaceId& space, std::uint64_t number) {
  return Make(Table::kIndex, 'f', {space.view()}, number);
}

store::Key TipsKey(const log::SpaceId& space) {
  return Make(Table::kIndex, 't', {space.view()}, 0);
}

store::Key MissingBodyKey(const log::SpaceId& space, std::uint64_t arrival) {
  return Make(Table::kIndex, 'b', {space.view()}, arrival);
}

store::Key EvidenceKey(const log::FeedKey& feed) {
  return Make(Table::kIndex, 'v', {feed.space.view(), feed.device.view(), feed.life.view()}, 0);
}

store::Key SpaceBodyKey(const log::SpaceId& space, std::uint64_t arrival) {
  return Make(Table::kBodies, 's', {space.view()}, arrival);
}

Circle CircleOf(const log::NetworkId& network, const log::SpaceId& space) {
  if (space == log::NetworkSpace(network) || space == log::RootSpace(network)) return std::nullopt;
  return space;
}

store::Key DocumentBodyKey(const crdt::DocumentId& document, std::uint64_t arrival,
                           const Circle& circle) {
  return Make(Table::kBodies, 'd', {document.view(), circle ? circle->view() : ByteView()},
              arrival);
}

store::Key BodyKeyOf(const log::SpaceId& space, const codec::StoredEntry& stored) {
  const std::optional<log::NetworkId>& network = stored.entry.header.net;
  return stored.document && network
             ? DocumentBodyKey(*stored.document, stored.arrival, CircleOf(*network, space))
             : SpaceBodyKey(space, stored.arrival);
}

store::Key DocumentFileKey(const crdt::DocumentId& document, const Circle& circle) {
  return DocumentBodyKey(document, 0, circle);
}

store::Key DocumentKey(const log::SpaceId& space, std::uint64_t first_arrival) {
  return Make(Table::kIndex, 'd', {space.view()}, first_arrival);
}

store::Key DocumentTypeKey(const log::SpaceId& space, std::string_view type,
                           std::uint64_t first_arrival) {
  return Make(Table::kIndex, 'y', {space.view(), AsBytes(type)}, first_arrival);
}

store::Key DocumentCountsKey(const log::SpaceId& space) {
  return Make(Table::kIndex, 'n', {space.view()}, 0);
}

store::Key LastChangeKey(const crdt::DocumentId& document, const Circle& circle) {
  return Make(Table::kIndex, 'l', {document.view(), circle ? circle->view() : ByteView()}, 0);
}

store::Key BranchesKey(const log::SpaceId& space, std::uint64_t first_arrival) {
  return Make(Table::kIndex, 'x', {space.view()}, first_arrival);
}

store::Key PaperKey(const log::SpaceId& space, std::uint64_t arrival) {
  return Make(Table::kIndex, 'p', {space.view()}, arrival);
}

store::Key ReceiptsKey(const log::SpaceId& space, std::uint64_t arrival) {
  return Make(Table::kIndex, 'q', {space.view()}, arrival);
}

store::Key DraftKey(const log::SpaceId& space, std::uint64_t first_arrival) {
  return Make(Table::kDrafts, 'r', {space.view()}, first_arrival);
}

store::Key ErasuresKey(const log::SpaceId& space, const crdt::DocumentId& target) {
  return Make(Table::kIndex, 'z', {space.view(), target.view()}, 0);
}

store::Key UnjudgedKey(const log::SpaceId& space, const crdt::DocumentId& target) {
  return Make(Table::kIndex, 'j', {space.view(), target.view()}, 0);
}

store::Key UnjudgedRoomKey(const log::OrgId& signer) {
  return Make(Table::kIndex, 'h', {signer.view()}, 0);
}

store::Key ErasureKey(const log::SpaceId& space, std::uint64_t arrival) {
  return Make(Table::kIndex, 'w', {space.view()}, arrival);
}

store::Key AnnouncedKey(const log::SpaceId& space, std::uint64_t number) {
  return Make(Table::kIndex, 'a', {space.view()}, number);
}

store::Key LockedKey(const log::SpaceId& space, std::uint64_t arrival) {
  return Make(Table::kBodies, 'k', {space.view()}, arrival);
}

store::Key UnconfirmedKey(const log::SpaceId& space, std::uint64_t arrival) {
  return Make(Table::kIndex, 'u', {space.view()}, arrival);
}

store::Key ConfirmedKey(const log::EntryId& erasure, std::uint64_t receipt) {
  return Make(Table::kIndex, 'c', {erasure.view()}, receipt);
}

store::Key ExpungeKey(std::uint64_t order) { return Make(Table::kMeta, 'g', {}, order); }

Result<std::vector<std::uint64_t>> OrdersFrom(const store::View& view, const store::Key& first) {
  std::vector<std::uint64_t> orders;
  TRY(view.Scan(first.table, first.group, first.order, [&](const store::Record& record) {
    orders.push_back(record.order);
    return true;
  }));
  return orders;
}

Bytes EncodeArrival(std::uint64_t arrival) {
  Bytes bytes;
  bytes.reserve(8);
  AppendBe64(bytes, arrival);
  return bytes;
}

Result<std::uint64_t> DecodeArrival(ByteView bytes) {
  if (bytes.size() != 8) return Fail(Code::kCorruption, "an arrival number is damaged");
  return ReadBe64(bytes);
}

}  // namespace geflecht::replica
