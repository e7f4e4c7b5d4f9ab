// A record: the plain values of a document's root map by key, as screens, imports and checks see
// them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "crdt/value.h"

namespace geflecht::domain {

using Record = std::map<std::string, crdt::Value, std::less<>>;

// The text under `key`; empty if there is none or it is no text. Valid as long as `record`.
inline std::string_view TextOf(const Record& record, std::string_view key) {
  const auto found = record.find(key);
  if (found == record.end()) return {};
  const std::string* text = std::get_if<std::string>(&found->second);
  return text ? std::string_view(*text) : std::string_view();
}

}  // namespace geflecht::domain
