// The papers of a space: entries that are neither edits of documents nor of the log's own affairs,
// such as frozen texts and signatures. There are few of them; who asks reads their bodies.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/replica/space_log.h"

namespace geflecht::replica {

struct Paper {
  log::SpaceId space;
  log::EntryId id;
  std::string kind;
  std::optional<log::EntryId> about;
  log::DeviceId device;
  std::vector<log::EntryId> basis;
  std::int64_t time_s = 0;  // the writer's claim
  std::uint32_t evidence = 0;
  std::uint64_t arrival = 0;
};

// Of one space. Not thread-safe. `view` must outlive it.
class Papers {
 public:
  explicit Papers(store::StagedView& view) : view_(view) {}

  // Call once, before anything else. Reads one entry for each paper.
  Result<void> Load(const SpaceLog& log);
  // Entries that came into the log, from arrival number `arrival` on. Those of other kinds are
  // passed over.
  void Add(const log::SpaceId& space, const log::Run& run, std::uint64_t arrival);

  // In the order of arrival. A reference is valid until the next Add.
  const std::vector<Paper>& all() const { return papers_; }
  const Paper* Find(const log::EntryId& id) const;  // nullptr; valid until the next Add
  // Of this kind, in the order of arrival.
  std::vector<const Paper*> OfKind(std::string_view kind) const;
  std::vector<const Paper*> About(const log::EntryId& id) const;

 private:
  void Remember(const log::Entry& entry, std::uint64_t arrival);

  store::StagedView& view_;
  std::vector<Paper> papers_;
  std::map<log::EntryId, std::size_t> by_id_;
  std::map<log::EntryId, std::vector<std::size_t>> about_;
};

}  // namespace geflecht::replica
