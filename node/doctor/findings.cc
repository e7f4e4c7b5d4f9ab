#include "node/doctor/findings.h"

#include <algorithm>
#include <string_view>

namespace geflecht::doctor {
namespace {

constexpr std::uint32_t kOthersMask = 077;

Finding Ok(std::string check, std::string what = "ok",
           std::vector<std::pair<std::string, std::string>> args = {}) {
  return {std::move(check), State::kOk, std::move(what), std::move(args)};
}
Finding Warning(std::string check, std::string what,
                std::vector<std::pair<std::string, std::string>> args = {}) {
  return {std::move(check), State::kWarning, std::move(what), std::move(args)};
}
Finding Problem(std::string check, std::string what,
                std::vector<std::pair<std::string, std::string>> args = {}) {
  return {std::move(check), State::kProblem, std::move(what), std::move(args)};
}

std::string Hours(std::int64_t seconds) { return std::to_string(seconds / 3600); }
std::string Days(std::int64_t seconds) { return std::to_string(seconds / (24 * 3600)); }
std::string MiB(std::uint64_t bytes) { return std::to_string(bytes >> 20); }

bool Failed(const Facts& facts, Code code) {
  return facts.open_error && facts.open_error->code == code;
}

bool IsLoopback(std::string_view address) {
  return address.starts_with("127.") || address.starts_with("[::1]") ||
         address.starts_with("localhost:");
}

}  // namespace

Finding CheckClock(const Facts& facts) {
  if (facts.now_s < kEarliestClock_s) return Problem("clock", "past");
  if (!facts.newest_entry_s) return Ok("clock");
  const std::int64_t ahead_s = *facts.newest_entry_s - facts.now_s;
  if (ahead_s >= kAheadProblem_s) return Problem("clock", "behind", {{"hours", Hours(ahead_s)}});
  if (ahead_s >= kAheadWarning_s) return Warning("clock", "behind", {{"hours", Hours(ahead_s)}});
  if (-ahead_s >= kFarFuture_s) return Problem("clock", "future", {{"days", Days(-ahead_s)}});
  return Ok("clock");
}

Finding CheckDisk(const Facts& facts) {
  if (facts.disk && facts.disk->read_only) return Problem("disk", "read-only");
  if (facts.disk_full || Failed(facts, Code::kNoSpace)) return Problem("disk", "full");
  if (!facts.disk) return Warning("disk", "unknown");
  const std::string free = MiB(facts.disk->free_bytes);
  if (facts.disk->free_bytes < kFreeProblem) return Problem("disk", "low", {{"mib", free}});
  if (facts.disk->free_bytes < kFreeWarning) return Warning("disk", "low", {{"mib", free}});
  return Ok("disk", "ok", {{"mib", free}});
}

Finding CheckSync(const Facts& facts) {
  if (facts.sync_error) return Problem("sync", "failed", {{"detail", facts.sync_error->detail}});
  if (!facts.sync_us) return Warning("sync", "unknown");
  const std::string ms = std::to_string((*facts.sync_us + 999) / 1000);
  if (*facts.sync_us >= kSyncProblem_us) return Problem("sync", "slow", {{"ms", ms}});
  if (*facts.sync_us >= kSyncWarning_us) return Warning("sync", "slow", {{"ms", ms}});
  return Ok("sync", "ok", {{"ms", ms}});
}

Finding CheckFiles(const Facts& facts) {
  if (!facts.missing_files.empty())
    return Problem("files", "missing", {{"file", facts.missing_files.front()}});
  for (const FileFacts& file : facts.files)
    if ((file.mode & kOthersMask) != 0) return Problem("files", "open", {{"file", file.name}});
  for (const FileFacts& file : facts.files)
    if (!file.owned_by_directory_owner) return Problem("files", "owner", {{"file", file.name}});
  return Ok("files");
}

Finding CheckPort(const Facts& facts) {
  if (!facts.node_running) return Warning("port", "not-running");
  if (facts.node_locked) return Warning("port", "locked");
  if (!facts.listening) return Warning("port", "not-listening");
  if (facts.reachable == false) return Problem("port", "deaf", {{"address", *facts.listening}});
  if (IsLoopback(*facts.listening))
    return Warning("port", "loopback", {{"address", *facts.listening}});
  return Ok("port", "ok", {{"address", *facts.listening}});
}

Finding CheckPartners(const Facts& facts) {
  if (facts.partners.empty()) return Ok("partners", "none");
  const auto connected =
      std::count_if(facts.partners.begin(), facts.partners.end(),
                    [](const PartnerFacts& partner) { return partner.connected; });
  std::optional<std::int64_t> last_s;
  for (const PartnerFacts& partner : facts.partners)
    if (partner.confirmed_s && (!last_s || *partner.confirmed_s > *last_s))
      last_s = partner.confirmed_s;
  const std::string error = facts.last_dial_error.value_or("-");
  if (connected == 0 && !last_s) return Warning("partners", "never", {{"detail", error}});
  if (connected == 0 && facts.now_s - *last_s >= kSilentWarning_s)
    return Warning("partners", "silent",
                   {{"days", Days(facts.now_s - *last_s)}, {"detail", error}});
  for (const PartnerFacts& partner : facts.partners)
    if (!partner.connected &&
        (!partner.confirmed_s || facts.now_s - *partner.confirmed_s >= kSilentWarning_s))
      return Warning("partners", "one-silent", {{"organisation", partner.organisation}});
  return Ok(
      "partners", "ok",
      {{"connected", std::to_string(connected)}, {"of", std::to_string(facts.partners.size())}});
}

Finding CheckUnconfirmed(const Facts& facts) {
  if (facts.partners.empty()) return Ok("unconfirmed", "alone");
  if (!facts.oldest_unconfirmed_s) return Ok("unconfirmed");
  const std::int64_t age_s = facts.now_s - *facts.oldest_unconfirmed_s;
  if (age_s >= kUnconfirmedProblem_s)
    return Problem("unconfirmed", "old", {{"hours", Hours(age_s)}});
  if (age_s >= kUnconfirmedWarning_s)
    return Warning("unconfirmed", "old", {{"hours", Hours(age_s)}});
  return Ok("unconfirmed", "young", {{"hours", Hours(std::max<std::int64_t>(0, age_s))}});
}

Finding CheckStore(const Facts& facts) {
  if (Failed(facts, Code::kCorruption))
    return Problem("store", "refused", {{"detail", facts.open_error->detail}});
  if (!facts.store) return Warning("store", "unknown");
  if (facts.store->problem_count > 0)
    return Problem("store", "damaged",
                   {{"count", std::to_string(facts.store->problem_count)},
                    {"detail", facts.store->first_problem}});
  return Ok("store", "ok", {{"entries", std::to_string(facts.store->entries)}});
}

Finding CheckLock(const Facts& facts) {
  // A node that answers is the one that holds the directory.
  if (facts.node_running) return Ok("lock", "node");
  if (Failed(facts, Code::kLocked))
    return Problem("lock", "held", {{"detail", facts.open_error->detail}});
  return Ok("lock", "free");
}

Finding CheckPassphrase(const Facts& facts) {
  if (Failed(facts, Code::kWrongPassphrase)) return Problem("passphrase", "wrong");
  if (facts.node_locked) return Warning("passphrase", "locked");
  if (facts.passphrase_not_given) return Warning("passphrase", "not-given");
  if (!facts.passphrase) return Warning("passphrase", "none");
  return Ok("passphrase");
}

Finding CheckFormat(const Facts& facts) {
  if (Failed(facts, Code::kFormatVersion))
    return Problem("format", "other", {{"detail", facts.open_error->detail}});
  if (facts.open_error && facts.open_error->code != Code::kCorruption &&
      facts.open_error->code != Code::kLocked && facts.open_error->code != Code::kNoSpace &&
      facts.open_error->code != Code::kWrongPassphrase)
    return Problem("format", "unopened", {{"detail", facts.open_error->detail}});
  return facts.store ? Ok("format") : Ok("format", "unknown");
}

Finding CheckBackup(const Facts& facts) {
  if (!facts.backup_known) return Ok("backup", "unknown");
  if (!facts.backup_s) return Warning("backup", "none");
  const std::int64_t age_s = std::max<std::int64_t>(0, facts.now_s - *facts.backup_s);
  if (age_s > kBackupWarning_s) return Warning("backup", "old", {{"days", Days(age_s)}});
  return Ok("backup", "ok", {{"days", Days(age_s)}});
}

Finding CheckErasures(const Facts& facts) {
  return facts.held_back ? Problem("erasures", "held-back") : Ok("erasures");
}

Finding CheckSheet(const Facts& facts) {
  if (!facts.sheet_s) return Warning("sheet", "never");
  const std::int64_t age_s = std::max<std::int64_t>(0, facts.now_s - *facts.sheet_s);
  if (age_s > kSheetWarning_s) return Warning("sheet", "old", {{"days", Days(age_s)}});
  return Ok("sheet", "ok", {{"days", Days(age_s)}});
}

std::vector<Finding> Examine(const Facts& facts) {
  return {CheckClock(facts),    CheckDisk(facts),        CheckSync(facts),
          CheckFiles(facts),    CheckPassphrase(facts),  CheckLock(facts),
          CheckFormat(facts),   CheckStore(facts),       CheckPort(facts),
          CheckPartners(facts), CheckUnconfirmed(facts), CheckErasures(facts),
          CheckBackup(facts),   CheckSheet(facts)};
}

}  // namespace geflecht::doctor
