// geflecht_decade FOLDER: ten years and a quiet one of five organisations. Writes what happened to
// FOLDER/history.json, an audit bundle to FOLDER/bundle, and to FOLDER/N.disk what the nodes wrote
// to their disks (disk_file.h). Exits 1 if something does not happen as told.
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "cli/bundle_folder.h"
#include "node/api/audit_input.h"
#include "node/crypto/init.h"
#include "tests/sim/decade.h"
#include "tests/sim/disk_file.h"

namespace geflecht::sim {
namespace {

void WriteDisk(const std::filesystem::path& file, const SimDisk& disk) {
  std::ofstream out(file, std::ios::binary);
  for (std::size_t i = 0; i < disk.age(); ++i) {
    const Bytes batch = EncodeWritten({disk.history()[i], disk.expunged(i)});
    out.write(AsText(batch).data(), static_cast<std::streamsize>(batch.size()));
  }
  Require(out.good(), "a disk cannot be written");
}

// What the auditor made up.
constexpr std::string_view kNonce = "7d2e9a40c5b81f36e0a4d7c29b586f13";

// An auditor asks, every node answers.
void Audit(Year& year) {
  constexpr std::size_t kAsked = 3;
  year.Do(kAsked, [](replica::Replica& replica, Time now) {
    return replica.RequestAudit({std::string(kNonce), {}}, now);
  });
  year.Wait(60);
  year.AwaitEqual();
}

void WriteBundle(const std::filesystem::path& folder, Year& year) {
  constexpr std::size_t kExporter = 2;
  const auto input = api::CollectExport(year.replica(kExporter));
  Require(input.has_value(), "the entries cannot be collected");
  audit::ExportOptions options;
  options.open_agreements = true;
  options.open_spaces.insert(year.replica(kExporter).members().network_space());
  options.time_s = year.site(kExporter).Now().wall_ms / 1000;
  const auto bundle = audit::Export(*input, options, year.site(kExporter).device_key());
  Require(bundle.has_value(), "no bundle: " + (bundle ? std::string() : bundle.error().detail));
  Require(cli::WriteBundleFolder(folder, *bundle).has_value(), "the bundle cannot be written");
}

int Run(const std::filesystem::path& folder) {
  try {
    std::filesystem::create_directories(folder);
    Decade decade;
    decade.Tell();
    Audit(decade.year());
    std::ofstream out(folder / "history.json");
    boost::json::object history = decade.History();
    history["nonce"] = kNonce;
    out << boost::json::serialize(history);
    Require(out.good(), "the history cannot be written");
    WriteBundle(folder / "bundle", decade.year());
    for (std::size_t machine = 0; machine < Decade::kOrganisations; ++machine)
      WriteDisk(folder / (std::to_string(machine) + ".disk"), decade.year().site(machine).disk());
    std::printf("%s\n", decade.year().Today().c_str());
    return 0;
  } catch (const Finding& finding) {
    std::fprintf(stderr, "geflecht_decade: %s\n", finding.what());
    return 1;
  }
}

}  // namespace
}  // namespace geflecht::sim

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: geflecht_decade FOLDER\n");
    return 2;
  }
  if (!geflecht::crypto::Init()) return 1;
  return geflecht::sim::Run(argv[1]);
}
