// Under which keys of a document's root map the content of its changes lies, as their structure
// says it (docs/formats/erasure.md, Containers).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "crdt/content.h"
#include "node/replica/space_log.h"

namespace geflecht::replica {

// Not thread-safe. `log` and `schema` must outlive it; it is for one document, as long as nothing
// is admitted.
class ContainerKeys {
 public:
  ContainerKeys(const SpaceLog& log, const crdt::Schema& schema) : log_(log), schema_(schema) {}

  using Fields = std::vector<std::set<crdt::RootKey>>;
  // For each content field of the change; nothing while a change that made one of its containers is
  // not here. Of a change that cannot be read all of it lies nowhere.
  Result<std::optional<Fields>> Of(const log::Body& body);
  // The same of edits that are not cut yet.
  Result<std::optional<Fields>> Of(const std::vector<crdt::Edit>& edits);

 private:
  Result<std::optional<crdt::RootKey>> Find(crdt::ContainerId container);

  const SpaceLog& log_;
  const crdt::Schema& schema_;
  std::map<crdt::ContainerId, crdt::RootKey> known_;
};

}  // namespace geflecht::replica
