#include "proto/codec/record_codec.h"

#include <limits>
#include <utility>

#include "base/limits.h"
#include "proto/codec/parts.h"
#include "proto/entry.pb.h"

namespace geflecht::codec {
namespace {

// Stored bytes that do not decode were damaged since we wrote them.
template <class T>
Result<T> AsStored(Result<T> result) {
  if (!result) return Fail(Code::kCorruption, "stored record: " + result.error().detail);
  return result;
}

template <class Message>
void PutFeed(const log::FeedKey& feed, Message& to) {
  to.set_space(PutId(feed.space));
  to.set_device(PutId(feed.device));
  to.set_life(PutId(feed.life));
  to.set_branch(feed.branch);
}

template <class Message>
Result<log::FeedKey> TakeFeed(const Message& from) {
  log::FeedKey feed;
  TRY(TakeId(from.space(), feed.space));
  TRY(TakeId(from.device(), feed.device));
  TRY(TakeId(from.life(), feed.life));
  feed.branch = from.branch();
  return feed;
}

Result<StoredEntry> TakeStoredEntry(ByteView bytes) {
  pb::StoredEntry from;
  TRY(Parse(bytes, from));
  log::Header header;
  ASSIGN(EntryPart part, TakePart(AsBytes(from.header()), nullptr));
  ASSIGN(const log::FeedKey feed, TakeFeed(from));
  TRY(TakeOptional(from.net(), header.net));
  TRY(TakeOptional(from.prev(), header.prev));
  header.space = feed.space;
  header.device = feed.device;
  header.life = feed.life;
  header.seq = from.seq();
  header.seen = std::move(part.seen);
  header.basis = std::move(part.basis);
  header.time_s = part.time_s;
  header.kind = std::move(part.kind);
  header.about = part.about;
  header.fields = part.fields;
  header.evidence = part.evidence;
  header.root = part.root;
  TRY(log::CheckHeader(header));

  StoredEntry stored;
  stored.entry = log::Entry::Of(std::move(header), part.signature);
  log::EntryId id;
  TRY(TakeId(from.id(), id));
  if (id != stored.entry.id) return Fail(Code::kCorruption, "header and id differ");
  stored.branch = feed.branch;
  stored.arrival = from.arrival();
  stored.body_here = from.body_here();
  TRY(TakeOptional(from.document(), stored.document));
  return stored;
}

Result<StoredFeed> TakeStoredFeed(ByteView bytes) {
  pb::StoredFeed from;
  TRY(Parse(bytes, from));
  StoredFeed feed;
  ASSIGN(feed.key, TakeFeed(from));
  TRY(CheckSeq(from.next_seq()));
  feed.head.next_seq = from.next_seq();
  TRY(TakeOptional(from.head(), feed.head.head));
  if (feed.head.head.has_value() != (feed.head.next_seq != 0))
    return Fail(Code::kMalformed, "feed without head");
  ASSIGN(feed.head.basis, TakeIds(AsBytes(from.basis()), limits::kBasisMax));
  TRY(CheckSeq(from.from()));
  feed.from = from.from();
  feed.parent = from.parent();
  feed.stretch_seq = from.stretch_seq();
  feed.stretch_arrival = from.stretch_arrival();
  return feed;
}

Result<Position> TakePosition(ByteView bytes) {
  pb::Position from;
  TRY(Parse(bytes, from));
  Position position;
  ASSIGN(position.feed, TakeFeed(from));
  TRY(CheckSeq(from.seq()));
  position.seq = from.seq();
  return position;
}

Result<std::vector<log::EntryId>> TakeStoredIds(ByteView bytes) {
  pb::Ids from;
  TRY(Parse(bytes, from));
  return TakeIds(AsBytes(from.ids()), std::numeric_limits<std::size_t>::max());
}

Result<StoredDocument> TakeStoredDocument(ByteView bytes) {
  pb::StoredDocument from;
  TRY(Parse(bytes, from));
  StoredDocument document;
  TRY(TakeId(from.id(), document.id));
  document.type = from.type();
  document.schema_version = from.schema_version();
  TRY(TakeId(from.space(), document.space));
  return document;
}

Result<LastChange> TakeLastChange(ByteView bytes) {
  pb::LastChange from;
  TRY(Parse(bytes, from));
  LastChange last;
  TRY(TakeId(from.id(), last.id));
  last.covered = from.covered();
  return last;
}

Result<DocumentFile> TakeDocumentFile(ByteView bytes) {
  pb::DocumentFile from;
  TRY(Parse(bytes, from));
  DocumentFile file{ToBytes(from.file()), {}, {from.waiting().begin(), from.waiting().end()}};
  for (const pb::DocumentFile::Void& item : from.voids()) {
    crdt::ChangeId change;
    TRY(TakeId(item.change(), change));
    file.voids[change] = item.reason();
  }
  return file;
}

Result<std::map<std::string, std::uint64_t>> TakeDocumentCounts(ByteView bytes) {
  pb::DocumentCounts from;
  TRY(Parse(bytes, from));
  std::map<std::string, std::uint64_t> counts;
  for (const pb::DocumentCounts::Count& count : from.counts()) {
    if (!counts.empty() && count.type() <= counts.rbegin()->first)
      return Fail(Code::kMalformed, "types of documents are not ascending");
    counts[count.type()] = count.documents();
  }
  return counts;
}

}  // namespace

Bytes EncodeStoredEntry(const StoredEntry& stored) {
  const log::Header& header = stored.entry.header;
  pb::StoredEntry to;
  Bytes part;
  PutPart({header.seen, header.basis, header.time_s, header.kind, header.about, header.fields,
           header.evidence, header.root, stored.entry.signature},
          nullptr, part);
  to.set_header(part.data(), part.size());
  PutFeed(stored.feed(), to);
  if (header.net) to.set_net(PutId(*header.net));
  to.set_seq(header.seq);
  if (header.prev) to.set_prev(PutId(*header.prev));
  to.set_id(PutId(stored.entry.id));
  to.set_arrival(stored.arrival);
  to.set_body_here(stored.body_here);
  if (stored.document) to.set_document(PutId(*stored.document));
  return Serialise(to);
}

Result<StoredEntry> DecodeStoredEntry(ByteView bytes) { return AsStored(TakeStoredEntry(bytes)); }

Bytes EncodeBody(const log::Body& body) {
  Bytes to;
  to.reserve(BodySize(body));
  PutBody(body, to);
  return to;
}

Result<log::Body> DecodeBody(ByteView bytes) { return AsStored(TakeBody(bytes)); }

Bytes EncodeStoredFeed(const StoredFeed& feed) {
  pb::StoredFeed to;
  PutFeed(feed.key, to);
  to.set_next_seq(feed.head.next_seq);
  if (feed.head.head) to.set_head(PutId(*feed.head.head));
  PutIds(feed.head.basis, *to.mutable_basis());
  to.set_from(feed.from);
  to.set_parent(feed.parent);
  to.set_stretch_seq(feed.stretch_seq);
  to.set_stretch_arrival(feed.stretch_arrival);
  return Serialise(to);
}

Result<StoredFeed> DecodeStoredFeed(ByteView bytes) { return AsStored(TakeStoredFeed(bytes)); }

Bytes EncodePosition(const Position& position) {
  pb::Position to;
  PutFeed(position.feed, to);
  to.set_seq(position.seq);
  return Serialise(to);
}

Result<Position> DecodePosition(ByteView bytes) { return AsStored(TakePosition(bytes)); }

Bytes EncodeIds(const std::vector<log::EntryId>& ids) {
  pb::Ids to;
  PutIds(ids, *to.mutable_ids());
  return Serialise(to);
}

Result<std::vector<log::EntryId>> DecodeIds(ByteView bytes) {
  return AsStored(TakeStoredIds(bytes));
}

Bytes EncodeStoredDocument(const StoredDocument& document) {
  pb::StoredDocument to;
  to.set_id(PutId(document.id));
  to.set_type(document.type);
  to.set_schema_version(document.schema_version);
  to.set_space(PutId(document.space));
  return Serialise(to);
}

Result<StoredDocument> DecodeStoredDocument(ByteView bytes) {
  return AsStored(TakeStoredDocument(bytes));
}

Bytes EncodeLastChange(const LastChange& last) {
  pb::LastChange to;
  to.set_id(PutId(last.id));
  to.set_covered(last.covered);
  return Serialise(to);
}

Result<LastChange> DecodeLastChange(ByteView bytes) { return AsStored(TakeLastChange(bytes)); }

Bytes EncodeDocumentFile(const DocumentFile& file) {
  pb::DocumentFile to;
  to.set_file(file.file.data(), file.file.size());
  for (const auto& [change, reason] : file.voids) {
    pb::DocumentFile::Void& item = *to.add_voids();
    item.set_change(PutId(change));
    item.set_reason(reason);
  }
  for (const std::uint64_t arrival : file.waiting) to.add_waiting(arrival);
  return Serialise(to);
}

Result<DocumentFile> DecodeDocumentFile(ByteView bytes) {
  return AsStored(TakeDocumentFile(bytes));
}

Bytes EncodeDocumentCounts(const std::map<std::string, std::uint64_t>& counts) {
  pb::DocumentCounts to;
  for (const auto& [type, documents] : counts) {
    pb::DocumentCounts::Count& count = *to.add_counts();
    count.set_type(type);
    count.set_documents(documents);
  }
  return Serialise(to);
}

Result<std::map<std::string, std::uint64_t>> DecodeDocumentCounts(ByteView bytes) {
  return AsStored(TakeDocumentCounts(bytes));
}

}  // namespace geflecht::codec
