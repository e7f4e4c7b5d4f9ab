// The files of a store as bytes.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace geflecht::store {

inline std::string Slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void Spill(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The files whose name or bytes contain `needle`.
inline std::vector<std::string> FilesWith(const std::filesystem::path& directory,
                                          const std::string& needle) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (name.find(needle) != std::string::npos ||
        (entry.is_regular_file() && Slurp(entry.path()).find(needle) != std::string::npos)) {
      out.push_back(name);
    }
  }
  return out;
}

// The largest file with `suffix`; empty if there is none.
inline std::filesystem::path Largest(const std::filesystem::path& directory,
                                     const std::string& suffix) {
  std::filesystem::path best;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (!entry.path().filename().string().ends_with(suffix)) continue;
    if (best.empty() || entry.file_size() > std::filesystem::file_size(best)) best = entry.path();
  }
  return best;
}

}  // namespace geflecht::store
