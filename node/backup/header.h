// What stands readable at the beginning of a backup (docs/formats/backup.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "node/backup/backup_key.h"
#include "node/crypto/secret_stream.h"
#include "node/log/ids.h"

namespace geflecht::backup {

// The key of one backup's stream, sealed to a BackupKey.
using KeyBox = StrongId<struct KeyBoxTag, crypto::kStreamKeyBytes + crypto::kBoxOverheadBytes>;

struct Header {
  crypto::PublicKey root;  // the organisation's, whose sheet opens the backup
  log::DeviceId device;    // that made it
  std::int64_t time_s = 0;
  KeyBox key_box;
  crypto::Signature signature;  // by device
  bool operator==(const Header&) const = default;
};

// kMalformed if the backup key is no usable key.
Result<Header> MakeHeader(const BackupKey& key, const crypto::SecretBytes& stream_key,
                          std::int64_t time_s, const crypto::SigningKey& device);

// Always kHeaderBytes.
inline constexpr std::size_t kHeaderBytes = 451;
std::string RenderHeader(const Header& header);
// `text` holds kHeaderBytes. kMalformed with "hint.backup-foreign" if it is no backup,
// kFormatVersion with "hint.backup-version", kCorruption with "hint.backup-damaged" if its
// signature does not hold.
Result<Header> ParseHeader(std::string_view text);

// The errors of a file that was damaged, or that ends too early.
tl::unexpected<Error> Damaged(std::string detail);
tl::unexpected<Error> CutOff();

}  // namespace geflecht::backup
