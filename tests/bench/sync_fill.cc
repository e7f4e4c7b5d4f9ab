// Prepares a directory for sync_bench, and measures what the machine can do at all. Prints JSON.
//   sync_fill fill DIR N [S [END]]  writes N contacts of about 300 bytes with the directory's own
//                             device; names S of them, evenly between the others; END: the day on
//                             which their functions ended
//   sync_fill limits DIR      rates of the disk, of RocksDB and of the primitives; DIR is scratch
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "node/core/node.h"
#include "node/crypto/aead.h"
#include "node/crypto/init.h"
#include "node/crypto/system_random.h"
#include "node/domain/document_types.h"
#include "node/runtime/directory.h"
#include "node/runtime/system_clock.h"
#include "node/store/rocks/rocks_store.h"

namespace {

using namespace geflecht;  // NOLINT: one file, one program

constexpr std::size_t kContactsPerBatch = 512;

using Fields = std::vector<std::pair<std::string, std::string>>;

// Synthetic; every value differs between contacts where it does in a real list.
Fields ContactOf(std::size_t i) {
  const std::string n = std::to_string(100'000 + i);
  return {{"family_name", "Mustermann-" + n},
          {"given_name", "Vorname" + std::to_string(i % 977)},
          {"function", "Koordination"},
          {"organisation", "Beratungsstelle " + std::to_string(i % 200)},
          {"phone", "+49 30 " + n},
          {"email", "person." + n + "@praxis.example"},
          {"postal_code", std::to_string(10'000 + i % 89'999)},
          {"city", "Weidenbruck"},
          {"purpose", "network_coordination"},
          {"legal_basis", "public_task"},
          {"retention_class", "L1"}};
}

// As the contact would stand in a JSON document, which is what is counted for the peers.
std::size_t JsonBytes(const Fields& fields) {
  std::size_t bytes = 1;
  for (const auto& [key, value] : fields) bytes += key.size() + value.size() + 6;
  return bytes;
}

void Write(runtime::OpenDirectory& directory, core::Node& node, Time now) {
  core::Actions actions;
  node.Finish(now, actions);
  for (core::Action& action : actions) {
    auto* persist = std::get_if<core::Persist>(&action);
    if (persist == nullptr) continue;
    CHECK(directory.store->Write(*persist->batch, store::Durability::kSynced).has_value());
    if (persist->anchor) CHECK(directory.anchor.Write(*persist->anchor).has_value());
    core::Actions more;
    node.Step(core::Persisted{persist->ticket}, now, more);
  }
}

int Fill(const std::filesystem::path& path, std::size_t count, std::size_t sample,
         const std::string& role_end) {
  crypto::SystemRandom random;
  auto directory = runtime::Open(runtime::Paths(path), {}, random);
  CHECK(directory.has_value());
  const runtime::DeviceKeys& keys = directory->keys;
  auto anchor = directory->anchor.Read();
  CHECK(anchor.has_value());
  auto node = core::Node::Load({&keys.device, &keys.tls, keys.life, *std::move(anchor)},
                               *directory->store, random);
  CHECK(node.has_value() && (*node)->replica() != nullptr);
  const Time now = runtime::SystemClock().Now();
  std::size_t payload = 0;
  std::string named;
  for (std::size_t i = 0; i < count; ++i) {
    Fields fields = ContactOf(i);
    if (!role_end.empty()) fields.emplace_back("role_end", role_end);
    payload += JsonBytes(fields);
    const auto id = (*node)->replica()->Create(
        domain::kContact,
        [&](crdt::Transaction& edit) -> Result<void> {
          for (const auto& [key, value] : fields) TRY(edit.Set("/" + key, value));
          return {};
        },
        now);
    CHECK(id.has_value());
    if (sample != 0 && i % (count / sample) == 0 && i / (count / sample) < sample)
      named += (named.empty() ? "\"" : ", \"") + id->Hex() + "\"";
    if ((i + 1) % kContactsPerBatch == 0) Write(*directory, **node, now);
  }
  Write(*directory, **node, now);
  std::printf("{\"docs\": %zu, \"payload_bytes\": %zu, \"sample\": [%s]}\n", count, payload,
              named.c_str());
  return 0;
}

double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Of this thread: what else runs on the machine does not count.
double CpuSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double Rate(double (*clock)(), double seconds, const std::function<void()>& work) {
  const double start = clock();
  double rounds = 0;
  while (clock() - start < seconds) {
    work();
    ++rounds;
  }
  return rounds / (clock() - start);
}
double PerSecond(const std::function<void()>& work) { return Rate(WallSeconds, 1.0, work); }
double PerCpuSecond(const std::function<void()>& work) { return Rate(CpuSeconds, 0.3, work); }

double SyncRate(const std::filesystem::path& path) {
  const int file = ::open((path / "sync").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  CHECK(file >= 0);
  const std::vector<char> block(4096, 'x');
  const double rate = PerSecond([&] {
    CHECK(::pwrite(file, block.data(), block.size(), 0) == 4096);
    CHECK(::fdatasync(file) == 0);
  });
  ::close(file);
  return rate;
}

// One record of 450 bytes for each entry, 8,192 in a synced batch: the least that storing costs.
double RocksRate(const std::filesystem::path& path, Random& random) {
  auto opened = store::OpenRocksStore(path / "rocks");
  CHECK(opened.has_value());
  constexpr std::size_t kBatch = 8192;
  Bytes value(450);
  random.Fill(value);
  std::uint64_t order = 0;
  const double rate = PerSecond([&] {
    store::Batch batch;
    for (std::size_t i = 0; i < kBatch; ++i)
      batch.push_back({{store::Table::kLog, Bytes(16, 7), order++}, value});
    CHECK((*opened)->Write(batch, store::Durability::kSynced).has_value());
  });
  return rate * kBatch;
}

int Limits(const std::filesystem::path& path) {
  crypto::SystemRandom random;
  const crypto::SigningKey key = crypto::SigningKey::Generate(random);
  Bytes message(300);
  random.Fill(message);
  const crypto::Signature signature = key.Sign("bench", message);
  Bytes header(700);
  random.Fill(header);
  const crypto::SecretBytes secret = crypto::SecretBytes::Generate(crypto::kAeadKeyBytes, random);
  std::printf(
      "{\"fdatasync_4k_per_s\": %.0f, \"rocksdb_records_per_s\": %.0f, "
      "\"sha256_700_per_cpu_s\": %.0f, \"verify_per_cpu_s\": %.0f, \"sign_per_cpu_s\": %.0f, "
      "\"seal_300_per_cpu_s\": %.0f}\n",
      SyncRate(path), RocksRate(path, random), PerCpuSecond([&] { crypto::Sha256(header); }),
      PerCpuSecond([&] { CHECK(crypto::Verify(key.public_key(), "bench", message, signature)); }),
      PerCpuSecond([&] { key.Sign("bench", message); }),
      PerCpuSecond([&] { crypto::Seal(secret, {}, message, random); }));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  CHECK(crypto::Init().has_value());
  if (words.size() >= 3 && words.size() <= 5 && words[0] == "fill")
    return Fill(words[1], std::strtoull(words[2].c_str(), nullptr, 10),
                words.size() > 3 ? std::strtoull(words[3].c_str(), nullptr, 10) : 0,
                words.size() > 4 ? words[4] : std::string());
  if (words.size() == 2 && words[0] == "limits") return Limits(words[1]);
  std::fprintf(stderr, "sync_fill fill DIR N [S [END]] | limits DIR\n");
  return 2;
}
