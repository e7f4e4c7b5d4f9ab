// What is known about an installation. Whatever could not be found out is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace geflecht::doctor {

struct DiskFacts {
  std::uint64_t free_bytes = 0;  // that the user may use
  bool read_only = false;
};
struct FileFacts {
  std::string name;
  std::uint32_t mode = 0;  // the permission bits
  bool owned_by_directory_owner = true;
};
struct PartnerFacts {
  std::string organisation;
  bool connected = false;
  std::optional<std::int64_t> confirmed_s;  // when it last confirmed something; wall clock
};
struct StoreFacts {
  std::uint64_t entries = 0;
  std::uint64_t problem_count = 0;
  std::string first_problem;  // English
};

struct Facts {
  std::int64_t now_s = 0;
  std::optional<std::int64_t> newest_entry_s;  // of anybody, as its header claims
  std::optional<DiskFacts> disk;
  bool disk_full = false;               // as the node has it
  bool held_back = false;               // until a partner has said what is erased
  std::optional<std::int64_t> sync_us;  // median of a small write and its fsync
  std::optional<Error> sync_error;
  std::vector<std::string> missing_files;  // of those that have to be there
  std::vector<FileFacts> files;
  bool passphrase = false;            // the key file asks for one
  bool passphrase_not_given = false;  // so the store was not opened
  bool node_running = false;
  bool node_locked = false;
  std::optional<std::string> listening;  // "HOST:PORT"
  std::optional<bool> reachable;         // somebody answers there, seen from this machine
  std::vector<PartnerFacts> partners;
  std::optional<std::string> last_dial_error;        // English
  std::optional<std::int64_t> oldest_unconfirmed_s;  // own entry that no partner has confirmed
  std::optional<Error> open_error;                   // why directory or store could not be opened
  std::optional<StoreFacts> store;
  bool backup_known = false;             // whether there is one was found out
  std::optional<std::int64_t> backup_s;  // of when the newest is
  std::optional<std::int64_t> sheet_s;   // when the recovery sheet was entered last
};

}  // namespace geflecht::doctor
