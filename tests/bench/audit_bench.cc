// Time and memory of the verification of audit bundles, beside what the machine's hash and
// signatures allow. Prints one JSON object.
//   audit_bench make FOLDER ENTRIES      writes a bundle: 12 organisations, each entry signed
//   audit_bench verify FOLDER full|fast  verifies it
//   audit_bench limits                   SHA-256 and Ed25519 alone
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "cli/bundle_folder.h"
#include "tests/unit/audit/fixture.h"

namespace geflecht::audit {
namespace {

using namespace testing;
using Clock = std::chrono::steady_clock;

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Of this process, user and system: what it costs on a core, whatever else runs.
double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double PeakMiB() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

int Make(const std::filesystem::path& folder, int entries) {
  constexpr std::uint8_t kOrgs = 12;
  World world(kOrgs);
  log::EntryId last;
  for (int i = 0; i < entries; ++i) {
    const auto org = static_cast<std::uint8_t>(1 + i / 8 % kOrgs);
    last = i % 8 == 0 && i > 0 ? world.Change(org, {last}) : world.Change(org);
  }
  const auto written = cli::WriteBundleFolder(folder, world.Exported());
  if (!written) return std::fprintf(stderr, "%s\n", written.error().detail.c_str()), 1;
  std::ofstream(folder.string() + ".net") << world.network().Hex();
  return 0;
}

int VerifyFolder(const std::filesystem::path& folder, std::string_view mode) {
  std::string hex;
  std::ifstream(folder.string() + ".net") >> hex;
  const auto start = Clock::now();
  const auto bundle = cli::ReadBundleFolder(folder);
  const auto network = log::NetworkId::FromHexText(hex);
  if (!bundle || !network) return std::fprintf(stderr, "no bundle\n"), 1;
  const double read = Since(start);
  VerifyOptions options;
  if (mode == "fast") options.mode = Mode::kFast;
  const Report report = Verify(*bundle, *network, options);
  const double all = Since(start);
  const double cpu = CpuSeconds();
  const double entries = static_cast<double>(report.counters.entries);
  std::printf(
      "{\"mode\":\"%.*s\",\"entries\":%.0f,\"signatures\":%zu,\"exit\":%d,"
      "\"read_s\":%.3f,\"all_s\":%.3f,\"cpu_s\":%.3f,\"entries_per_s\":%.0f,\"peak_mib\":%.0f}\n",
      static_cast<int>(mode.size()), mode.data(), entries, report.counters.signatures,
      report.exit_code, read, all, cpu, entries / cpu, PeakMiB());
  return 0;
}

int Limits() {
  constexpr int kChecks = 5'000;
  const Bytes text(600, 'x');
  const crypto::PublicKey key = Device(1).public_key();
  const crypto::Signature signature = Device(1).Sign(log::kEntryNamespace, text);
  auto start = Clock::now();
  int good = 0;
  for (int i = 0; i < kChecks; ++i)
    good += crypto::Verify(key, log::kEntryNamespace, text, signature);
  const double verify = Since(start);
  const Bytes block(std::size_t{64} << 20, 'x');
  start = Clock::now();
  const auto hash = crypto::Sha256(block);
  const double sha = Since(start);
  std::printf("{\"signatures_per_s\":%.0f,\"sha256_mb_per_s\":%.0f,\"check\":\"%d %s\"}\n",
              good / verify, 64.0 * 1.048576 / sha, good, hash.Hex().substr(0, 8).c_str());
  return good == kChecks ? 0 : 1;
}

}  // namespace
}  // namespace geflecht::audit

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "limits") return geflecht::audit::Limits();
  if (mode == "make" && argc == 4) return geflecht::audit::Make(argv[2], std::atoi(argv[3]));
  if (mode == "verify" && argc == 4) return geflecht::audit::VerifyFolder(argv[2], argv[3]);
  return std::fprintf(stderr, "usage: audit_bench make|verify|limits ...\n"), 2;
}
