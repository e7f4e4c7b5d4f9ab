// Keys of persons: DIR/persons/KEY.key, each under a passphrase of its own
// (docs/formats/key_file.md). The node never reads them: a person signs in the process in which the
// passphrase is typed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/session.h"
#include "node/crypto/sign.h"

namespace geflecht::cli {

// The public keys, in hex, of which the directory holds the secret; ascending.
std::vector<std::string> PersonKeysHere(const Session& session);

// A new key, under the passphrase of --person-passphrase-file, of the terminal, or none with
// --no-passphrase.
Result<crypto::SigningKey> MakePersonKey(Session& session);
// Takes a key back that MakePersonKey made.
void DropPersonKey(const Session& session, const crypto::PublicKey& key);

// kNotFound with "hint.person-key-elsewhere" if the secret lies elsewhere, kWrongPassphrase.
Result<crypto::SigningKey> OpenPersonKey(Session& session, std::string_view key);

}  // namespace geflecht::cli
