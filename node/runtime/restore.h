// A node's directory from a backup: `geflecht backup restore` (docs/formats/backup.md).
#pragma once

#include <cstdint>
#include <functional>

#include "base/clock.h"
#include "node/backup/stream.h"
#include "node/runtime/directory.h"

namespace geflecht::runtime {

struct RestoreOptions {
  // The directory becomes a further device of the organisation, with keys of its own that another
  // device has to admit. Otherwise it is the device that was backed up, in a new life.
  bool as_new_device = false;
  crypto::KeyFileCost cost = {};
  std::function<void(std::uint64_t done, std::uint64_t total)> passed = [](auto, auto) {};
};

struct Restored {
  log::Card card;
  std::optional<log::NetworkId> network;
  std::uint64_t entries = 0;
  // Not taken over, because they did not come in as entries of others do; the partners have them.
  std::uint64_t left_out = 0;
};

// Makes `paths.root` from `backup`, which was just opened with Reader::Open; `root_seed` is from
// the recovery sheet. The directory is new, empty, or what an interrupted restore left behind:
// kConflict with "hint.restore-not-empty" otherwise. On an error it is left as it was. Until all is
// on the disk the directory is marked, and nothing opens it (CheckWhole). kVerification with
// "hint.backup-other-sheet", what backup::Reader and Contents say of a damaged file, kNoSpace, kIo.
Result<Restored> Restore(const Paths& paths, backup::Reader& backup,
                         const crypto::SecretBytes& root_seed,
                         const crypto::SecretBytes& passphrase, const RestoreOptions& options,
                         Time now, Random& random);

}  // namespace geflecht::runtime
