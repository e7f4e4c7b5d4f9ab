// The program's version, as --version and the status show it.
#pragma once

#include <string_view>

namespace geflecht::api {

inline constexpr std::string_view kVersion = GEFLECHT_VERSION;

}  // namespace geflecht::api
