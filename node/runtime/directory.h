// A node's directory: node.key, keys, anchor, backup-key, store/, lock, sheet-checked, api.sock
// (docs/formats/store.md).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "node/crypto/key_file.h"
#include "node/runtime/anchor_file.h"
#include "node/runtime/keys_file.h"
#include "node/store/directory_lock.h"
#include "node/store/store.h"

namespace geflecht::runtime {

struct Paths {
  explicit Paths(std::filesystem::path directory) : root(std::move(directory)) {}
  std::filesystem::path root;
  std::filesystem::path node_key() const { return root / "node.key"; }
  std::filesystem::path keys() const { return root / "keys"; }
  // Names the file outside of the directory that holds the anchor.
  std::filesystem::path anchor() const { return root / "anchor"; }
  // Under which key backups are sealed (node/backup/backup_key.h).
  std::filesystem::path backup_key() const { return root / "backup-key"; }
  // Is there while a restore is under way.
  std::filesystem::path restore_mark() const { return root / "restore-unfinished"; }
  // When a person last entered the recovery sheet for a comparison: a time of entry.md.
  std::filesystem::path sheet_checked() const { return root / "sheet-checked"; }
  // Keys of persons, one file each.
  std::filesystem::path persons() const { return root / "persons"; }
  std::filesystem::path store() const { return root / "store"; }
  std::filesystem::path socket() const { return root / "api.sock"; }
};

// What a new organisation gets on paper. The text holds the root secret: show it once, then wipe
// it.
struct NewOrganisation {
  log::Card card;
  std::string recovery_code;
};

// Creates the directory (mode 0700) with fresh keys. The root key signs the card and is not kept.
// kConflict if an organisation is there already, kNotPermitted, kNoSpace, kIo, kUsage for a name
// that cannot be on a card. An interrupted Init leaves nothing that a later one takes for complete.
Result<NewOrganisation> Init(const Paths& paths, const std::string& organisation,
                             const crypto::SecretBytes& passphrase, crypto::KeyFileCost cost,
                             Random& random);

// The same with the root key of an organisation that exists: a further device of it. The root key
// signs the card and is not kept.
Result<log::Card> InitDevice(const Paths& paths, const std::string& organisation,
                             const crypto::SigningKey& root, const crypto::SecretBytes& passphrase,
                             crypto::KeyFileCost cost, Random& random);

// The parts of Init that a restore needs as well.
Result<void> MakeDirectory(const std::filesystem::path& path);  // mode 0700, with its parents
crypto::SecretBytes NewStorageKey(Random& random);
// Writes anchor, node.key and, as the last one, keys.
Result<void> WriteKeyFiles(const Paths& paths, const DeviceKeys& keys,
                           const crypto::SecretBytes& storage_key,
                           const crypto::SecretBytes& passphrase, crypto::KeyFileCost cost,
                           Random& random);

// kNotInitialised with "hint.restore-unfinished" if a restore broke off in the directory. All that
// opens or makes a directory asks this first.
Result<void> CheckWhole(const Paths& paths);

// kNotInitialised if there is no organisation in the directory.
Result<bool> NeedsPassphrase(const Paths& paths);

// What node.key, keys and anchor hold.
struct OpenKeys {
  crypto::SecretBytes storage_key;
  DeviceKeys keys;
  AnchorFile anchor;
};
// kNotInitialised, kWrongPassphrase, kMalformed or kVerification for damaged files.
Result<OpenKeys> OpenKeyFiles(const Paths& paths, const crypto::SecretBytes& passphrase);

// An opened directory. The caller holds its lock.
struct OpenDirectory {
  DeviceKeys keys;
  std::unique_ptr<store::Store> store;  // sealed
  AnchorFile anchor;
};

// kNotInitialised, kWrongPassphrase, and what the store says (store/rocks/rocks_store.h).
Result<OpenDirectory> Open(const Paths& paths, const crypto::SecretBytes& passphrase,
                           Random& random);

}  // namespace geflecht::runtime
