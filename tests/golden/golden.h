// Outcomes that are kept: a test makes a text, which has to be the one in tests/golden. With
// GEFLECHT_UPDATE_GOLDEN in the environment the file is written instead; what has changed in it is
// then to be looked at.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace geflecht {

inline std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// `name`: of the file below tests/golden.
inline void ExpectGolden(const std::string& name, const std::string& text) {
  const auto path = std::filesystem::path(GEFLECHT_SOURCE_DIR) / "tests/golden" / name;
  if (std::getenv("GEFLECHT_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream in(path, std::ios::binary);
  ASSERT_TRUE(in) << path;
  const std::string kept(std::istreambuf_iterator<char>(in), {});
  if (kept == text) return;
  const auto expected = LinesOf(kept), found = LinesOf(text);
  std::size_t line = 0;
  while (line < expected.size() && line < found.size() && expected[line] == found[line]) ++line;
  ADD_FAILURE() << name << ":" << line + 1 << "\nis     "
                << (line < found.size() ? found[line] : "(the end)") << "\nnot    "
                << (line < expected.size() ? expected[line] : "(the end)")
                << "\nGEFLECHT_UPDATE_GOLDEN=1 keeps what is now";
}

}  // namespace geflecht
