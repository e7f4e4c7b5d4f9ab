// Every limit that a peer, a file or a user can reach, with its reason. A test reaches each of
// them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace geflecht::limits {

// The log (docs/formats/entry.md, docs/formats/body.md).
inline constexpr std::size_t kHeaderBytesMax = 12 * 1024;  // 128 seen lines and room to spare
inline constexpr std::size_t kSeenMax = 128;               // more heads are gathered first
inline constexpr std::size_t kBasisMax = 4;
inline constexpr std::size_t kFieldsMax = 4096;            // per body
inline constexpr std::size_t kFieldBytesMax = 512 * 1024;  // name and value of one field
inline constexpr std::size_t kBodyBytesMax = 896 * 1024;   // a body fits into one frame
inline constexpr std::size_t kRunEntriesMax = 256;         // one signature check covers so many
inline constexpr std::uint64_t kSeqMax = std::uint64_t{1} << 53;  // exact in JSON of every language
inline constexpr std::size_t kLivesMax = 16;     // feeds of one device in one space
inline constexpr std::size_t kBranchesMax = 64;  // of a device's forked feeds in one space

// Founding (docs/formats/kinds.md).
inline constexpr std::size_t kFoundersMax = 256;
inline constexpr std::size_t kCardBytesMax = 4 * 1024;
inline constexpr std::size_t kNameBytesMax = 256;  // of an organisation, a network, a title

// The wire (docs/formats/wire.md). Checked before anything is allocated.
inline constexpr std::size_t kFrameBytesMax = 1024 * 1024;
inline constexpr std::size_t kFrameBytesMaxBeforeHello = 8 * 1024;
inline constexpr std::size_t kSpacesPerSessionMax = 1024;
inline constexpr std::size_t kFeedsPerSpaceMax = 4096;  // each branch costs a line of the frontier
inline constexpr std::size_t kBranchRoomMax = kFeedsPerSpaceMax / 4 * 3;  // the rest is for feeds
inline constexpr std::size_t kCountedTypesMax = 256;     // of documents; the rest is counted as one
inline constexpr std::size_t kPendingEntriesMax = 4096;  // entries that wait for their causes
inline constexpr std::size_t kPendingBytesMax = 32 * 1024 * 1024;
inline constexpr std::size_t kQuarantineBytesMax = 4 * 1024 * 1024;  // of a deprived device
inline constexpr std::size_t kQuarantineAllBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kWindowBytesPerSpace = 2 * 1024 * 1024;
inline constexpr std::size_t kWindowBytesPerSession = 8 * 1024 * 1024;
inline constexpr std::int64_t kHandshakeMs = 10'000;
inline constexpr std::int64_t kIdlePingMs = 30'000;
inline constexpr std::int64_t kIdleCloseMs = 90'000;
inline constexpr std::size_t kConnectionsPerDeviceMax = 4;  // a copy beside it, and half-open ones
inline constexpr std::size_t kUnauthenticatedMax = 64;      // handshakes in progress, in all
inline constexpr std::size_t kUnauthenticatedPerAddressMax = 4;
inline constexpr std::int64_t kBackoffMsMin = 1'000;
inline constexpr std::int64_t kBackoffMsMax = 15 * 60 * 1'000;

// Documents (docs/formats/kinds.md).
inline constexpr std::size_t kEditsPerChangeMax = 512;
inline constexpr std::size_t kEditsPerChangeHardMax = 4096;  // of anybody; each costs a search
inline constexpr std::size_t kHeadsUnjoinedMax = 512;  // more are joined before an edit
inline constexpr std::size_t kHeadsJoinedMax = 8192;   // by one change: 256 KiB of ids
inline constexpr std::size_t kDraftBytesMax = 256 * 1024;    // then the change is cut
inline constexpr std::int64_t kCutIdleMs = 2'000;
inline constexpr std::int64_t kCutAgeMs = 30'000;
inline constexpr std::size_t kTextCodePointsMax = 4 * 1024 * 1024;  // of one text
inline constexpr std::size_t kElementsEverMax = (1U << 30) - 1;  // inserted into one text or list
inline constexpr std::size_t kDepthMax = 32;                     // of nested containers
inline constexpr std::size_t kKeyBytesMax = 4 * 1024;   // of a map, a mark, a block's attribute
inline constexpr std::size_t kMarkKeysShownMax = 64;    // at one place of a text
inline constexpr std::size_t kOrderBytesMax = 255;      // place of a node among its siblings
inline constexpr std::size_t kBlockAttributesMax = 64;  // of a block marker, in one edit

// The local interface.
inline constexpr std::size_t kHttpHeaderBytesMax = 16 * 1024;
inline constexpr std::size_t kHttpBodyBytesMax = 32 * 1024 * 1024;
inline constexpr std::size_t kCsvBytesMax = 16 * 1024 * 1024;
inline constexpr std::size_t kCsvRowsMax = 100'000;
inline constexpr std::size_t kVcardBytesMax = 16 * 1024 * 1024;  // photos count
inline constexpr std::size_t kVcardCardsMax = 50'000;
inline constexpr std::size_t kVcardPropertiesMax = 256 * 1024;   // with a value, in all cards
inline constexpr std::size_t kVcardPropertiesPerCardMax = 1024;  // Outlook writes some thirty
inline constexpr std::size_t kVcardValueBytesMax = 64 * 1024;  // of one part; as a cell of a table
inline constexpr std::size_t kVcardPartsMax = 8;               // ADR has 7
inline constexpr std::size_t kVcardTypesMax = 16;              // of one property
inline constexpr std::size_t kVcardHeadingsMax = 1024;         // kinds of values in one report
inline constexpr std::size_t kImportReportsMax = 200'000;      // values and rows that are not taken

}  // namespace geflecht::limits
