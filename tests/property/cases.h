// Which generated cases a test runs: GEFLECHT_CASES sets how many instead of the usual number,
// GEFLECHT_SEED the first one.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace geflecht {

inline std::vector<std::uint64_t> Seeds(std::uint64_t usual) {
  const char* const cases = std::getenv("GEFLECHT_CASES");
  const char* const first = std::getenv("GEFLECHT_SEED");
  const std::uint64_t count = cases != nullptr ? std::strtoull(cases, nullptr, 10) : usual;
  const std::uint64_t begin = first != nullptr ? std::strtoull(first, nullptr, 10) : 1;
  std::vector<std::uint64_t> out;
  for (std::uint64_t i = 0; i < count; ++i) out.push_back(begin + i);
  return out;
}

inline std::string Repeat(std::uint64_t seed) {
  return "GEFLECHT_CASES=1 GEFLECHT_SEED=" + std::to_string(seed) + " repeats it";
}

}  // namespace geflecht
