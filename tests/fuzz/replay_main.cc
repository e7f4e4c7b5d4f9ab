// Runs a target over files, without libFuzzer: usage: fuzz_replay TARGET FOLDER|FILE...
// The last file named on standard error is the one that ended the process.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/check.h"
#include "node/crypto/init.h"
#include "tests/fuzz/targets.h"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> FilesOf(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

bool Replay(const geflecht::fuzz::Target& target, const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good() && !stream.eof()) return false;
  std::fprintf(stderr, "%s\r", path.c_str());
  // A copy of the exact size, so that the sanitizer sees a read behind its end.
  target.run(geflecht::ToBytes(bytes));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  CHECK(geflecht::crypto::Init().has_value());
  const auto targets = geflecht::fuzz::Targets();
  const auto target = std::find_if(targets.begin(), targets.end(), [&](const auto& one) {
    return argc > 2 && one.name == argv[1];
  });
  if (target == targets.end()) {
    std::fprintf(stderr, "usage: fuzz_replay TARGET FOLDER|FILE...\ntargets:");
    for (const auto& one : targets) std::fprintf(stderr, " %s", std::string(one.name).c_str());
    std::fprintf(stderr, "\n");
    return 2;
  }
  std::size_t replayed = 0;
  for (int i = 2; i < argc; ++i) {
    for (const fs::path& path : FilesOf(argv[i])) {
      if (!Replay(*target, path)) {
        std::fprintf(stderr, "cannot read %s\n", path.c_str());
        return 1;
      }
      ++replayed;
    }
  }
  std::printf("%s: %zu inputs\n", argv[1], replayed);
  return replayed == 0 ? 1 : 0;
}
