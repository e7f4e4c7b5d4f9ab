// The values of stored records (docs/formats/store.md).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "crdt/value.h"
#include "node/log/entry.h"

namespace geflecht::codec {

// An entry at rest: all of its header, its signature if one was checked, and where it lies.
struct StoredEntry {
  log::Entry entry;
  std::uint32_t branch = 0;  // of the entry's feed
  std::uint64_t arrival = 0;
  bool body_here = false;                    // a body with the header's root is stored
  std::optional<crdt::DocumentId> document;  // of a change whose body is here
  log::FeedKey feed() const {
    log::FeedKey feed = entry.header.feed();
    feed.branch = branch;
    return feed;
  }
  bool operator==(const StoredEntry&) const = default;
};
Bytes EncodeStoredEntry(const StoredEntry& stored);
// Renders and hashes the header again: kCorruption if the bytes do not give the id.
Result<StoredEntry> DecodeStoredEntry(ByteView bytes);

Bytes EncodeBody(const log::Body& body);
Result<log::Body> DecodeBody(ByteView bytes);

// Where a feed, or a branch of one, stands.
struct StoredFeed {
  log::FeedKey key;
  log::FeedHead head;
  std::uint64_t from = 0;  // as in log::FrontierItem
  std::uint32_t parent = 0;
  // From this seq to the head the entries arrived one behind the other, this one as number such.
  std::uint64_t stretch_seq = 0;
  std::uint64_t stretch_arrival = 0;
  bool operator==(const StoredFeed&) const = default;
};
Bytes EncodeStoredFeed(const StoredFeed& feed);
Result<StoredFeed> DecodeStoredFeed(ByteView bytes);

// A position in the log.
struct Position {
  log::FeedKey feed;
  std::uint64_t seq = 0;
  bool operator==(const Position&) const = default;
};
Bytes EncodePosition(const Position& position);
Result<Position> DecodePosition(ByteView bytes);

// A list of entry ids (heads of a space).
Bytes EncodeIds(const std::vector<log::EntryId>& ids);
Result<std::vector<log::EntryId>> DecodeIds(ByteView bytes);

// What is known of a document without opening it.
struct StoredDocument {
  crdt::DocumentId id;
  std::string type;
  std::uint32_t schema_version = 0;
  log::SpaceId space;
  bool operator==(const StoredDocument&) const = default;
};
Bytes EncodeStoredDocument(const StoredDocument& document);
Result<StoredDocument> DecodeStoredDocument(ByteView bytes);

// Of a document that has more than its first change.
struct LastChange {
  log::EntryId id;  // the one that arrived last
  // The document's file has all of its changes up to this arrival; 0 if there is no file.
  std::uint64_t covered = 0;
  bool operator==(const LastChange&) const = default;
};
Bytes EncodeLastChange(const LastChange& last);
Result<LastChange> DecodeLastChange(ByteView bytes);

// A document as it was after some of its changes, so that opening it need not perform them.
struct DocumentFile {
  Bytes file;  // crdt/document_file.h
  // Changes without effect that the engine did not judge.
  std::map<crdt::ChangeId, std::string> voids;
  // Arrivals of changes that wait for a parent and are not in the file.
  std::vector<std::uint64_t> waiting;
  bool operator==(const DocumentFile&) const = default;
};
Bytes EncodeDocumentFile(const DocumentFile& file);
Result<DocumentFile> DecodeDocumentFile(ByteView bytes);

// Numbers of documents by type.
Bytes EncodeDocumentCounts(const std::map<std::string, std::uint64_t>& counts);
Result<std::map<std::string, std::uint64_t>> DecodeDocumentCounts(ByteView bytes);

}  // namespace geflecht::codec
