// Reading many headers of one network: its root space is computed once.
#pragma once

#include <string_view>

#include "base/result.h"
#include "node/log/header.h"

namespace geflecht::log {

struct NetworkRoot {
  NetworkId network;
  SpaceId space;  // RootSpace(network)
};

// As ParseHeader, of whatever network; faster if it is `known`.
Result<Header> ParseHeader(std::string_view text, const NetworkRoot& known);

}  // namespace geflecht::log
