// Messages as frames: u32 length (of what follows), u8 type, protobuf (docs/formats/wire.md).
#pragma once

#include "proto/codec/messages.h"

namespace geflecht::codec {

// Type byte and payload; the length is the transport's. CHECKs that it fits into a frame.
Bytes EncodeFrame(const Message& message);

// EncodeFrame(message).size() without encoding: what a message takes of a window.
std::size_t FrameSize(const Run& run);
std::size_t FrameSize(const Bodies& bodies);
std::size_t FrameSize(const Erasures& erasures);
// What an item adds to the frame of a message that is sent behind `before`; nullptr: as the first.
std::size_t SizeInFrame(const BodyItem& item, const BodyItem* before);
std::size_t SizeInFrame(const ErasureItem& item);

// Parses type byte and payload. Checks every limit of docs/formats/wire.md; the sizes of all ids;
// kinds and field names. kMalformed or kTooLarge otherwise. Unknown protobuf fields are ignored.
Result<Message> DecodeFrame(ByteView frame);

// The entries that `run` describes when its feed stands at `head` and its space is `space` of
// `network`: headers completed by position, prev and basis. kMalformed if a header cannot be valid.
// `run.first_seq` must be head.next_seq. Signatures are taken over, not checked.
Result<log::Run> CompleteRun(const log::NetworkId& network, const log::SpaceId& space,
                             const log::FeedHead& head, const Run& run);

// The reverse. `entries` are not the founding charter follow `head`; only the last one keeps its
// signature, and those of kinds that need their own.
Run PartsOf(const log::FeedHead& head, const log::Run& entries, std::uint64_t arrival);

// What a run occupies in memory, near enough for a bound.
std::size_t MemoryOf(const Run& run);

}  // namespace geflecht::codec
