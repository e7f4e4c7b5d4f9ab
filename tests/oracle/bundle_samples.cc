// Writes small bundles, their networks' ids and the exporter's secret key, for the comparison of
// the two verifiers: bundle_samples FOLDER makes FOLDER/NAME/ and FOLDER/NAME.net for each.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "cli/bundle_folder.h"
#include "tests/unit/audit/erased.h"
#include "tests/unit/audit/samples.h"

namespace geflecht::audit {
namespace {

using namespace testing;

bool Write(const std::filesystem::path& root, const std::string& name, const World& world,
           const Bundle& bundle) {
  std::ofstream(root / (name + ".net")) << world.network().Hex() << "\n";
  return cli::WriteBundleFolder(root / name, bundle).has_value();
}

bool WriteAll(const std::filesystem::path& root) {
  std::ofstream(root / "exporter.seed") << ToHex(Device(1).seed()) << "\n";
  for (const Sample& sample : Samples())
    if (!Write(root, sample.name, sample.world, sample.bundle)) return false;
  Departures gone;
  gone.EraseTooEarly();
  gone.EraseInTime();
  if (!Write(root, "gone", gone.world, OpenBundle(gone.world))) return false;
  CircleWorld circles;
  return Write(root, "circles", circles.world,
               circles.world.Exported(ExportedAt(log::testing::kNoon + 60)));
}

}  // namespace
}  // namespace geflecht::audit

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: bundle_samples FOLDER\n"), 2;
  return geflecht::audit::WriteAll(argv[1]) ? 0 : 1;
}
