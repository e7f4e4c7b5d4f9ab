// What a node keeps about retention beside the log: what it has announced, and its protocol of what
// it erased. No content: ids, classes, days (docs/formats/retention.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "crdt/value.h"
#include "node/governance/retention.h"
#include "node/log/ids.h"
#include "node/store/store.h"

namespace geflecht::core {

// A document, or an entry that is none and of which something can be erased.
using RetentionId = std::variant<crdt::DocumentId, log::EntryId>;
// 32 or 64 hexadecimal digits.
std::string HexOf(const RetentionId& id);
std::optional<RetentionId> RetentionIdFrom(std::string_view hex);

// A record that the node will erase.
struct RetentionNotice {
  RetentionId id;
  std::string type;             // of the document, or what it is (governance/retention.h)
  std::string retention_class;  // "L1"
  governance::Day until = 0;
  governance::Day announced = 0;
  governance::ArchiveAnswer archive = governance::ArchiveAnswer::kNotAsked;
  bool operator==(const RetentionNotice&) const = default;
};

// A line of the protocol: a record that was erased.
struct RetentionLine {
  governance::Day day = 0;
  bool by_hand = false;                // a person said so, and not the daily run
  RetentionNotice record;              // `announced` is `day` if it was not announced
  std::vector<log::EntryId> erasures;  // its erase entries, one or more
  bool operator==(const RetentionLine&) const = default;
};

// The first day on which the node erases it by itself, if nothing stops it.
governance::Day ErasedFrom(const RetentionNotice& notice);

// "-", "open", "taken", "declined"
std::string_view NameOf(governance::ArchiveAnswer answer);
std::optional<governance::ArchiveAnswer> ArchiveAnswerOf(std::string_view name);

Bytes EncodeNotice(const RetentionNotice& notice);
Result<RetentionNotice> DecodeNotice(ByteView record);  // kCorruption
Bytes EncodeLine(const RetentionLine& line);
Result<RetentionLine> DecodeLine(ByteView record);  // kCorruption

// `order` counts from 1.
store::Key NoticeKey(std::uint64_t order);
store::Key LineKey(std::uint64_t order);
store::Key LastRunKey();  // day of the last complete run, 8 bytes

}  // namespace geflecht::core
