// Seals every value and hides every group name of an inner store under the storage key. Physical
// group = KeyedName(name key, table || group); value = XChaCha20-Poly1305 with the physical key as
// associated data, so a record cannot be moved to another place.
#pragma once

#include <memory>

#include "node/crypto/secret.h"
#include "node/store/store.h"

namespace geflecht::store {

// `storage_key` holds 32 bytes and is not kept: two subkeys are. `random` must outlive the store
// and is used by the thread that writes. A new `inner` gets a synced check record. kVerification if
// `inner` was sealed under another storage key; else the errors of `inner`. Reading a record that
// does not open is kCorruption.
Result<std::unique_ptr<Store>> MakeSealedStore(std::unique_ptr<Store> inner,
                                               const crypto::SecretBytes& storage_key,
                                               Random& random);

// The same for an `inner` that may have lost its check record: a wrong key then shows as records
// that do not open.
std::unique_ptr<Store> MakeSealedStoreUnchecked(std::unique_ptr<Store> inner,
                                                const crypto::SecretBytes& storage_key,
                                                Random& random);

}  // namespace geflecht::store
