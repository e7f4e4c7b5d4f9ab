// Names of the records that a replica keeps (docs/formats/store.md, "Records").
#pragma once

#include <string_view>
#include <vector>

#include "crdt/value.h"
#include "node/log/ids.h"
#include "node/store/store.h"
#include "proto/codec/record_codec.h"

namespace geflecht::replica {

// The id of the document whose first change this entry is: the first 16 bytes of
// SHA-256("geflecht-document@v1" || entry id). Nobody else can claim it, and two branches of a
// forked feed never give the same one.
crdt::DocumentId DocumentIdOf(const log::EntryId& entry);

store::Key MetaKey(std::string_view name);
store::Key EntryKey(const log::SpaceId& space, std::uint64_t arrival);  // StoredEntry
// The arrival of the entry under the id of the document that it begins, or would begin: one record
// finds both.
store::Key IdKey(const log::SpaceId& space, const crdt::DocumentId& id);  // 8 bytes
// From here on the feed's entries arrived one behind the other: the arrival of this one.
store::Key StretchKey(const log::FeedKey& feed, std::uint64_t seq);           // 8 bytes
store::Key FeedNumberKey(const log::SpaceId& space, std::uint64_t number);    // StoredFeed
store::Key TipsKey(const log::SpaceId& space);                                // ids
store::Key MissingBodyKey(const log::SpaceId& space, std::uint64_t arrival);  // Position
store::Key EvidenceKey(const log::FeedKey& feed);  // 1 byte; whatever the feed's branch
store::Key SpaceBodyKey(const log::SpaceId& space, std::uint64_t arrival);  // Body
// What is kept by document has the space in it outside the network space: anybody can name a
// document of another space in a change.
using Circle = std::optional<log::SpaceId>;  // a space that a decision has founded
store::Key DocumentBodyKey(const crdt::DocumentId& document, std::uint64_t arrival,
                           const Circle& circle = std::nullopt);  // Body
// `space`, unless it is the network's root space or network space.
Circle CircleOf(const log::NetworkId& network, const log::SpaceId& space);
// Of the two the one under which the body of an entry of `space` lies.
store::Key BodyKeyOf(const log::SpaceId& space, const codec::StoredEntry& stored);
// In front of the document's bodies, so that whoever expunges these meets it too.
store::Key DocumentFileKey(const crdt::DocumentId& document,
                           const Circle& circle = std::nullopt);  // DocumentFile
// By the arrival of a document's first change.
store::Key DocumentKey(const log::SpaceId& space, std::uint64_t first_arrival);  // StoredDocument
// The same by type, whatever its name: only the arrivals.
store::Key DocumentTypeKey(const log::SpaceId& space, std::string_view type,
                           std::uint64_t first_arrival);  // empty
// How many documents of each type there are.
store::Key DocumentCountsKey(const log::SpaceId& space);  // DocumentCounts
// The change of a document that arrived last; none of a document that has only its first.
store::Key LastChangeKey(const crdt::DocumentId& document,
                         const Circle& circle = std::nullopt);  // LastChange
// A document with changes that did not come one behind the other.
store::Key BranchesKey(const log::SpaceId& space, std::uint64_t first_arrival);  // empty
// A paper, by its arrival.
store::Key PaperKey(const log::SpaceId& space, std::uint64_t arrival);  // empty
// By which feeds a notice has been received: device, life, branch (4 bytes), seq (8), entry, time
// (8) each.
store::Key ReceiptsKey(const log::SpaceId& space, std::uint64_t arrival);
store::Key DraftKey(const log::SpaceId& space, std::uint64_t first_arrival);  // Body of open edits

// What erasures name of a document, or of the entry that begins it, or would begin it: the first
// record of a list (record_list.h). The second one: those of which nobody can say yet that they
// count.
store::Key ErasuresKey(const log::SpaceId& space, const crdt::DocumentId& target);
store::Key UnjudgedKey(const log::SpaceId& space, const crdt::DocumentId& target);
// How much devices of an organisation have signed of these: lines, bytes; 8 bytes each.
store::Key UnjudgedRoomKey(const log::OrgId& signer);
// An erasure that is in the log with its body; empty.
store::Key ErasureKey(const log::SpaceId& space, std::uint64_t arrival);
// An erasure that a peer has announced and that is not in the log; in the group of its space.
store::Key AnnouncedKey(const log::SpaceId& space, std::uint64_t number);
// The body of an entry as it was before announced erasures locked something of it.
store::Key LockedKey(const log::SpaceId& space, std::uint64_t arrival);
// An erasure that this device has not confirmed; empty.
store::Key UnconfirmedKey(const log::SpaceId& space, std::uint64_t arrival);
// That an erasure is confirmed, by the arrival number of the receipt: the receipt's space.
store::Key ConfirmedKey(const log::EntryId& erasure, std::uint64_t receipt);
// Groups that are to be expunged: the table, 1 byte, and the group.
store::Key ExpungeKey(std::uint64_t order);

// The order numbers of the records in the group of `first`, from it on, ascending.
Result<std::vector<std::uint64_t>> OrdersFrom(const store::View& view, const store::Key& first);

Bytes EncodeArrival(std::uint64_t arrival);
Result<std::uint64_t> DecodeArrival(ByteView bytes);  // kCorruption

}  // namespace geflecht::replica
