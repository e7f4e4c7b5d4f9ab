// Under which key a node seals its backups: DIR/backup-key (docs/formats/backup.md). It is public;
// its secret follows from the organisation's root secret, which only the recovery sheet has.
#pragma once

#include <string>
#include <string_view>

#include "node/crypto/sealed_box.h"
#include "node/crypto/sign.h"

namespace geflecht::backup {

struct BackupKey {
  crypto::PublicKey root;  // of the organisation
  crypto::BoxKey key;
  crypto::Signature signature;  // by root
  bool operator==(const BackupKey&) const = default;
};

// What opens backups, from the 32 bytes of the recovery sheet.
crypto::SecretBytes BackupSecret(const crypto::SecretBytes& root_seed);
BackupKey MakeBackupKey(const crypto::SecretBytes& root_seed);

std::string RenderBackupKey(const BackupKey& key);
// Strict to the byte. kMalformed; kVerification if the signature does not hold, or is not that of
// `root`.
Result<BackupKey> ParseBackupKey(std::string_view text, const crypto::PublicKey& root);

}  // namespace geflecht::backup
