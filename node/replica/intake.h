// Entries that were stored before come into a new replica, by the way of everything that comes from
// outside: each run is verified again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "node/replica/replica.h"

namespace geflecht::replica {

struct Salvaged {
  std::uint64_t entries = 0;  // new in the replica
  std::uint64_t lost = 0;     // unreadable, or behind something unreadable
};

// While it lives the replica writes nothing of its own.
class Intake {
 public:
  // `store_batch` is called after each run, when the replica may have an open batch; its error ends
  // the work. All outlive the intake.
  Intake(Replica& into, Time now, const std::function<Result<void>()>& store_batch);
  ~Intake();
  Intake(const Intake&) = delete;

  // The next entry of `space`, in the order of arrival; the root space comes first, since entries
  // of the others rest on it. A body that is not its entry's is left out.
  Result<void> Take(const log::SpaceId& space, codec::StoredEntry stored,
                    std::optional<log::Body> body);
  // So many entries could not be read.
  void Miss(std::uint64_t entries) { result_.lost += entries; }
  // The end of a space: what has no signature is lost, and bodies with leaves come in, now that the
  // erasures which explain them are here.
  Result<void> EndSpace();
  const Salvaged& result() const { return result_; }

 private:
  struct Held {
    codec::StoredEntry stored;
    std::optional<log::Body> body;
  };
  Result<void> AdmitRun(const log::SpaceId& space, const log::FeedKey& feed, std::vector<Held> run);

  Replica& into_;
  Time now_;
  const std::function<Result<void>()>& store_batch_;
  std::map<log::FeedKey, std::vector<Held>> open_;
  std::vector<std::pair<log::SpaceId, codec::Bodies>> erased_;  // bodies with leaves
  Salvaged result_;
};

}  // namespace geflecht::replica
