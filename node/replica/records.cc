#include "node/replica/records.h"

#include <initializer_list>

namespace geflecht::replica {
namespace {

store::Key Make(store::Table table, char prefix, std::initializer_list<ByteView> parts,
                std::uint64_t order) {
  store::Key key{table, {static_cast<std::uint8_t>(prefix)}, order};
  for (const ByteView part : parts) Append(key.group, part);
  return key;
}

using store::Table;

}  // namespace

store::Key MetaKey(std::string_view name) { return Make(Table::kMeta, 'm', {AsBytes(name)}, 0); }

store::Key EntryKey(const log::FeedKey& feed, std::uint64_t seq) {
  store::Key key =
      Make(Table::kLog, 'e', {feed.space.view(), feed.device.view(), feed.life.view()}, seq);
  if (feed.branch != 0) AppendBe64(key.group, feed.branch);
  return key;
}

store::Key IdKey(const log::EntryId& id) { return Make(Table::kIndex, 'i', {id.view()}, 0); }

store::Key ArrivalKey(const log::SpaceId& space, std::uint64_t arrival) {
  return Make(Table::kIndex, 'a', {space.view()}, arrival);
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

store::Key DocumentBodyKey(const crdt::DocumentId& document, std::uint64_t arrival) {
  return Make(Table::kBodies, 'd', {document.view()}, arrival);
}

store::Key DocumentKey(std::uint64_t number) { return Make(Table::kIndex, 'd', {}, number); }

store::Key DocumentNumberKey(const crdt::DocumentId& document) {
  return Make(Table::kIndex, 'n', {document.view()}, 0);
}

store::Key DocumentChangeKey(const crdt::DocumentId& document, std::uint64_t arrival) {
  return Make(Table::kIndex, 'c', {document.view()}, arrival);
}

store::Key DraftKey(std::uint64_t document_number) {
  return Make(Table::kDrafts, 'r', {}, document_number);
}

}  // namespace geflecht::replica
