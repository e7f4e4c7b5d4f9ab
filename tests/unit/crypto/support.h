// What the tests of node/crypto share: fixed randomness, hexadecimal literals, foreign programs.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/hex.h"
#include "base/rng.h"
#include "node/crypto/secret.h"

namespace geflecht::crypto {

inline Bytes Hex(std::string_view text) {
  const auto bytes = FromHex(text);
  CHECK(bytes.has_value());
  return *bytes;
}

inline SecretBytes Secret(std::string_view text) { return SecretBytes::Copy(AsBytes(text)); }

// Hands out the given bytes, and fails when they are used up.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(Bytes bytes) : bytes_(std::move(bytes)) {}
  void Fill(std::span<std::uint8_t> out) override {
    CHECK(out.size() <= bytes_.size());
    std::copy_n(bytes_.begin(), out.size(), out.begin());
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(out.size()));
  }

 private:
  Bytes bytes_;
};

// A temporary directory in which foreign programs run; removed at the end.
class Workbench {
 public:
  Workbench() {
    std::string pattern = (std::filesystem::temp_directory_path() / "geflecht-XXXXXX").string();
    CHECK(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;
  ~Workbench() { std::filesystem::remove_all(path_); }

  void Write(const std::string& name, std::string_view content) const {
    std::ofstream file(path_ / name, std::ios::binary);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    CHECK(file.good());
  }
  void Write(const std::string& name, ByteView content) const { Write(name, AsText(content)); }

  std::string Read(const std::string& name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // True if `command` ends with 0. Its output goes to the file "out".
  bool Run(const std::string& command) const {
    const std::string line = "cd '" + path_.string() + "' && (" + command + ") > out 2>&1";
    return std::system(line.c_str()) == 0;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace geflecht::crypto
