// Where the passphrase comes from: --passphrase-file, GEFLECHT_PASSPHRASE_FILE, the terminal.
#pragma once

#include "cli/globals.h"
#include "node/crypto/secret.h"

namespace geflecht::cli {

// For a directory that exists. kWrongPassphrase with "hint.passphrase-needed" if there is no file
// and nobody can be asked.
Result<crypto::SecretBytes> Passphrase(const Globals& globals);

// For a new directory: asked twice. kUsage with "hint.passphrase-choice" if there is no file and
// nobody can be asked, with "hint.passphrases-differ" or "hint.passphrase-empty".
Result<crypto::SecretBytes> NewPassphrase(const Globals& globals);

}  // namespace geflecht::cli
