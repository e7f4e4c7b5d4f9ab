// Names of the records that a replica keeps (docs/formats/store.md, "Records").
#pragma once

#include <string_view>

#include "crdt/value.h"
#include "node/log/ids.h"
#include "node/store/store.h"

namespace geflecht::replica {

store::Key MetaKey(std::string_view name);
store::Key EntryKey(const log::FeedKey& feed, std::uint64_t seq);             // StoredEntry
store::Key IdKey(const log::EntryId& id);                                     // Position
store::Key ArrivalKey(const log::SpaceId& space, std::uint64_t arrival);      // Position
store::Key FeedNumberKey(const log::SpaceId& space, std::uint64_t number);    // StoredFeed
store::Key TipsKey(const log::SpaceId& space);                                // ids
store::Key MissingBodyKey(const log::SpaceId& space, std::uint64_t arrival);  // Position
store::Key EvidenceKey(const log::FeedKey& feed);  // 1 byte; whatever the feed's branch
store::Key SpaceBodyKey(const log::SpaceId& space, std::uint64_t arrival);            // Body
store::Key DocumentBodyKey(const crdt::DocumentId& document, std::uint64_t arrival);  // Body
store::Key DocumentKey(std::uint64_t number);                    // StoredDocument
store::Key DocumentNumberKey(const crdt::DocumentId& document);  // 8 bytes
store::Key DocumentChangeKey(const crdt::DocumentId& document, std::uint64_t arrival);  // Position
store::Key DraftKey(std::uint64_t document_number);  // Body of open edits

}  // namespace geflecht::replica
