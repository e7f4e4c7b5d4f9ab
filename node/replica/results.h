// What a replica says about entries that it was given, erasures that it knows, and changes of a
// document.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crdt/change.h"
#include "node/log/ids.h"
#include "proto/codec/messages.h"

namespace geflecht::replica {

enum class Outcome {
  kNew,       // verified and in the open batch
  kKnown,     // nothing new in it
  kWaiting,   // its causes are not here yet; kept in memory
  kRejected,  // whoever sent it is at fault
};
struct Admitted {
  Outcome outcome = Outcome::kKnown;
  std::string reason;                        // for kRejected and kWaiting; no content
  std::vector<codec::ShortId> missing = {};  // for kWaiting: the entries that it waits for
  bool no_room = false;                      // of a deprived device: nothing was kept
  bool stands = false;  // while it waits: whatever becomes of its device, it is to come in
};

// An erasure and which devices say that it is carried out there, with the time of their receipts.
struct ErasureStanding {
  log::EntryId entry;
  log::SpaceId space;
  log::DeviceId device;
  std::int64_t time_s = 0;
  std::string reason;
  std::optional<log::EntryId> decision;  // the proposal that asked for it
  std::map<log::DeviceId, std::int64_t> confirmed;
};

struct ChangeInfo {
  log::EntryId id;
  log::DeviceId device;
  std::string organisation;
  std::int64_t time_s = 0;
  std::vector<crdt::Edit> edits;
  std::optional<std::string> void_reason;
};

}  // namespace geflecht::replica
