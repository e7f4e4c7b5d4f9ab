#include "node/replica/container_keys.h"

#include "crdt/container_id.h"
#include "node/replica/documents.h"

namespace geflecht::replica {

Result<std::optional<ContainerKeys::Fields>> ContainerKeys::Of(const log::Body& body) {
  const auto decoded = crdt::DecodeChange(EncodedFieldsOf(body), schema_);
  if (decoded) return Of(decoded->edits);
  return std::optional(Fields(body.slots.empty() ? 0 : body.slots.size() - 1, {crdt::kNowhereKey}));
}

Result<std::optional<ContainerKeys::Fields>> ContainerKeys::Of(
    const std::vector<crdt::Edit>& edits) {
  Result<void> read;
  auto keys = crdt::KeysOfFields(edits, schema_, [&](const crdt::ContainerId& container) {
    auto found = Find(container);
    if (!found) read = Fail(found.error());
    return found ? *std::move(found) : std::nullopt;
  });
  TRY(read);
  return keys;
}

Result<std::optional<crdt::RootKey>> ContainerKeys::Find(crdt::ContainerId container) {
  std::vector<crdt::ContainerId> passed;
  std::optional<crdt::RootKey> key;
  while (!key) {
    if (const auto known = known_.find(container); known != known_.end()) {
      key = known->second;
      break;
    }
    passed.push_back(container);
    const auto name = crdt::ParseContainerId(container);
    if (!name || name->kind != crdt::ContainerName::Kind::kCreated) {
      key = crdt::kNowhereKey;
      break;
    }
    ASSIGN(const auto maker, log_.EntryOf(log::EntryId{name->change.bytes}));
    if (!maker || !maker->body_here) return std::optional<crdt::RootKey>();
    ASSIGN(const auto body, log_.BodyOf(*maker));
    const auto decoded = crdt::DecodeChange(EncodedFieldsOf(*body), schema_);
    crdt::Lies lies{crdt::kNowhereKey, {}};
    if (decoded) lies = crdt::WhereMade(decoded->edits, schema_, name->event);
    key = std::move(lies.key);
    container = std::move(lies.in);
  }
  for (crdt::ContainerId& one : passed) known_[std::move(one)] = *key;
  return key;
}

}  // namespace geflecht::replica
