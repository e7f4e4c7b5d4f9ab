// A group of a table, as Store::Expunge rewrites it.
#pragma once

#include "node/store/store.h"

namespace geflecht::store {

struct GroupName {
  Table table = Table::kMeta;
  Bytes group;
  auto operator<=>(const GroupName&) const = default;
};

}  // namespace geflecht::store
