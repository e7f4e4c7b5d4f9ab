// The spellings of a ContainerId: "" the root map, "/key" a declared child of the root,
// "#<change>:<n>" a child made by event n of a change, "#:<n>" one made by event n of the change
// that says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crdt/value.h"

namespace geflecht::crdt {

struct ContainerName {
  enum class Kind : std::uint8_t { kRoot = 0, kDeclared = 1, kCreated = 2, kOwn = 3 };
  Kind kind = Kind::kRoot;
  std::string key;          // kDeclared
  ChangeId change;          // kCreated
  std::uint64_t event = 0;  // kCreated, kOwn
};

// Nothing for any other spelling.
std::optional<ContainerName> ParseContainerId(std::string_view id);
ContainerId ToContainerId(const ContainerName& name);

ContainerId DeclaredId(std::string_view key);
ContainerId CreatedId(const ChangeId& change, std::uint64_t event);
// Whether `id` is CreatedId of the two.
bool IsCreatedId(std::string_view id, const ChangeId& change, std::uint64_t event);
ContainerId OwnId(std::uint64_t event);
bool IsOwnId(std::string_view id, std::uint64_t event);

// `id` as the rest of the world knows it, when it stands in an edit of `change`.
ContainerId Globally(const ContainerId& id, const ChangeId& change);

}  // namespace geflecht::crdt
