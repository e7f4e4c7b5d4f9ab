// What the records of a backup say, and in which order they have to stand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/backup/stream.h"
#include "node/log/charter.h"
#include "proto/codec/record_codec.h"

namespace geflecht::backup {

struct SpaceExtent {
  log::SpaceId space;
  std::uint64_t entries = 0;  // those with the arrival numbers 1 to this
  bool operator==(const SpaceExtent&) const = default;
};

struct Manifest {
  std::optional<log::NetworkId> network;  // nothing: the directory belonged to none
  std::vector<SpaceExtent> spaces;        // the root space first; in the order of the entries
  std::uint64_t entries() const;
  bool operator==(const Manifest&) const = default;
};
std::string RenderManifest(const Manifest& manifest);
Result<Manifest> ParseManifest(std::string_view text);

struct Item {
  codec::StoredEntry stored;
  std::optional<log::Body> body;  // if it was there
};
// The content of an entry's record. `body` is what codec::EncodeBody made, empty if it is not
// there.
Bytes EncodeItem(ByteView stored, ByteView body);

struct Counts {
  std::uint64_t entries = 0;
  std::uint64_t bodies = 0;
  bool operator==(const Counts&) const = default;
};
Bytes EncodeEnd(const Counts& counts);

// Reads an unlocked backup. All errors of Reader::Next; kCorruption with "hint.backup-damaged" if
// the records do not fit together, kFormatVersion with "hint.backup-version" for records that this
// program does not know and must not leave out.
class Contents {
 public:
  // Up to the first entry. `reader` outlives the contents.
  static Result<Contents> Read(Reader& reader);

  const Manifest& manifest() const { return manifest_; }
  const log::Card& card() const { return card_; }  // of the header's organisation and device
  ByteView device_box() const { return device_box_; }
  const std::optional<log::Founding>& founding() const { return founding_; }

  // The next entry, in the order of arrival; nothing behind the last one, when the end was found in
  // order. `space` is that in whose order it stands.
  struct Next {
    log::SpaceId space;
    Item item;
  };
  Result<std::optional<Next>> NextItem();
  const Counts& counts() const { return counts_; }  // of what was read

 private:
  explicit Contents(Reader& reader) : reader_(&reader) {}
  // The next record of a known kind.
  Result<std::optional<Record>> NextRecord();
  Result<Record> Expect(char kind);
  Result<void> CheckEnd(const Record& record);

  Reader* reader_;
  Manifest manifest_;
  log::Card card_;
  Bytes device_box_;
  std::optional<log::Founding> founding_;
  std::optional<Record> ahead_;
  Counts counts_;
  std::size_t space_ = 0;  // of manifest_.spaces
  std::uint64_t arrival_ = 0;
};

}  // namespace geflecht::backup
