// Writes the seeds of all targets or of one: usage: fuzz_seeds FOLDER [TARGET]
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/check.h"
#include "node/crypto/init.h"
#include "tests/fuzz/seeds.h"

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER [TARGET]\n");
    return 2;
  }
  CHECK(geflecht::crypto::Init().has_value());
  geflecht::fuzz::Seeds seeds;
  geflecht::fuzz::AddDocumentSeeds(seeds);
  geflecht::fuzz::AddLogSeeds(seeds);
  geflecht::fuzz::AddWireSeeds(seeds);
  geflecht::fuzz::AddFileSeeds(seeds, GEFLECHT_SOURCE_DIR);
  for (const auto& [target, inputs] : seeds) {
    if (argc == 3 && target != argv[2]) continue;
    const fs::path folder = fs::path(argv[1]) / target;
    fs::create_directories(folder);
    std::size_t number = 0;
    for (const geflecht::Bytes& input : inputs) {
      std::ofstream file(folder / ("seed-" + std::to_string(number++)), std::ios::binary);
      file.write(reinterpret_cast<const char*>(input.data()),
                 static_cast<std::streamsize>(input.size()));
      if (!file.flush()) {
        std::fprintf(stderr, "cannot write into %s\n", folder.c_str());
        return 1;
      }
    }
  }
  return 0;
}
