// geflecht_year FOLDER: a year of twelve organisations, then an audit bundle of it in
// FOLDER/bundle, and in FOLDER/facts.json what has to be in it. Exits 1 if something does not
// happen as told.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "cli/bundle_folder.h"
#include "node/api/audit_input.h"
#include "node/crypto/init.h"
#include "tests/sim/year_story.h"

namespace geflecht::sim {
namespace {

// What the auditor made up.
constexpr std::string_view kNonce = "6b1f0c9d2e7a4835b0c1d2e3f4a59687";

// December: an auditor asks, every node answers.
void Audit(Year& year) {
  constexpr std::size_t kAsked = 4;
  year.Open();
  year.Do(kAsked, [](replica::Replica& replica, Time now) {
    return replica.RequestAudit({std::string(kNonce), {}}, now);
  });
  year.Wait(60);
  year.AwaitEqual();
}

void WriteFacts(const std::filesystem::path& file, const Year& year, const Told& told) {
  std::ofstream out(file);
  out << "{\"network\": \"" << year.founding().network().Hex() << "\",\n \"nonce\": \"" << kNonce
      << "\",\n \"decisions\": {";
  const char* comma = "";
  for (const auto& [title, id] : told) {
    out << comma << "\n  \"" << title << "\": \"" << id.Hex() << "\"";
    comma = ",";
  }
  out << "}}\n";
  Require(out.good(), "the facts cannot be written");
}

void WriteBundle(const std::filesystem::path& folder, Year& year) {
  constexpr std::size_t kExporter = 1;
  const auto input = api::CollectExport(year.replica(kExporter));
  Require(input.has_value(), "the entries cannot be collected");
  audit::ExportOptions options;
  options.open_agreements = true;
  options.time_s = year.site(kExporter).Now().wall_ms / 1000;
  const auto bundle = audit::Export(*input, options, year.site(kExporter).device_key());
  Require(bundle.has_value(), "no bundle: " + (bundle ? std::string() : bundle.error().detail));
  const auto written = cli::WriteBundleFolder(folder, *bundle);
  Require(written.has_value(), "the bundle cannot be written");
}

int Run(const std::filesystem::path& folder) {
  try {
    std::filesystem::create_directories(folder);
    const std::unique_ptr<Year> story = FoundYear();
    Year& year = *story;
    const Told told = TellYear(year);
    Audit(year);
    WriteFacts(folder / "facts.json", year, told);
    WriteBundle(folder / "bundle", year);
    std::printf("%s: %zu events of the story\n", year.Today().c_str(), told.size());
    return 0;
  } catch (const Finding& finding) {
    std::fprintf(stderr, "geflecht_year: %s\n", finding.what());
    return 1;
  }
}

}  // namespace
}  // namespace geflecht::sim

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: geflecht_year FOLDER\n");
    return 2;
  }
  if (!geflecht::crypto::Init()) return 1;
  return geflecht::sim::Run(argv[1]);
}
