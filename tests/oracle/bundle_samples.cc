// Writes small bundles, their networks' ids and the exporter's secret key, for the comparison of
// the two verifiers: bundle_samples FOLDER makes FOLDER/NAME/ and FOLDER/NAME.net for each.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "cli/bundle_folder.h"
#include "tests/unit/audit/fixture.h"

namespace geflecht::audit {
namespace {

using namespace testing;

// A feed of one organisation that goes on behind its first entry twice.
World ForkedWorld() {
  World world = MergedWorld();
  const log::Entry first = world.At(world.FeedOf(1)).entries[0];
  world.Change(1, {}, [&](log::Header& header) {
    header.prev = first.id;
    header.seq = 1;
  });
  return world;
}

World LivesWorld() {
  World world(2);
  const auto last = world.Change(1);
  world.Change(1, {}, nullptr, 0x21);
  world.Change(2, {last});
  world.Gather(2, {}, [&](log::Header& header) { header.about = last; });
  return world;
}

bool Write(const std::filesystem::path& root, const std::string& name, const World& world,
           const Bundle& bundle) {
  std::ofstream(root / (name + ".net")) << world.network().Hex() << "\n";
  return cli::WriteBundleFolder(root / name, bundle).has_value();
}

ExportOptions ReceiptOf(const log::EntryId& entry, bool open) {
  ExportOptions options = ExportedAt(log::testing::kNoon);
  options.level = Level::kReceipt;
  options.entry = entry;
  if (open) options.open_entries.insert(entry);
  return options;
}

ExportOptions FirstHours(const World& world) {
  ExportOptions options = ExportedAt(log::testing::kNoon);
  options.level = Level::kScope;
  options.to_s = log::testing::kNoon;
  options.nonce = "00ff";
  options.open_spaces.insert(world.space());
  return options;
}

bool WriteAll(const std::filesystem::path& root) {
  World merged = MergedWorld();
  World covered = WorldOfOne(12);
  const log::EntryId merged_entry = merged.At(merged.FeedOf(2)).entries[1].id;
  const log::EntryId covered_entry = covered.At(covered.FeedOf(1)).entries[5].id;
  const World forked = ForkedWorld();
  const World lives = LivesWorld();
  std::ofstream(root / "exporter.seed") << ToHex(Device(1).seed()) << "\n";
  return Write(root, "leaves", merged, merged.Exported()) &&
         Write(root, "open", merged, OpenBundle(merged)) &&
         Write(root, "covered", covered, OpenBundle(covered)) &&
         Write(root, "forked", forked, OpenBundle(forked)) &&
         Write(root, "lives", lives, lives.Exported()) &&
         Write(root, "scope", merged, merged.Exported(FirstHours(merged))) &&
         Write(root, "receipt", merged, merged.Exported(ReceiptOf(merged_entry, true))) &&
         Write(root, "covering", covered, covered.Exported(ReceiptOf(covered_entry, false)));
}

}  // namespace
}  // namespace geflecht::audit

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: bundle_samples FOLDER\n"), 2;
  return geflecht::audit::WriteAll(argv[1]) ? 0 : 1;
}
