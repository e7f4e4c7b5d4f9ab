#include "node/doctor/findings.h"

#include <gtest/gtest.h>

#include <set>

#include "base/i18n/i18n.h"

namespace geflecht::doctor {
namespace {

constexpr std::int64_t kDay_s = 24 * 3600;
constexpr std::int64_t kNow_s = kEarliestClock_s + 400 * kDay_s;

// An installation without a fault.
Facts Sound() {
  Facts facts;
  facts.now_s = kNow_s;
  facts.newest_entry_s = kNow_s - 600;
  facts.disk = DiskFacts{std::uint64_t{20} << 30, false};
  facts.sync_us = 900;
  facts.files = {{"dir", 0700, true}, {"node.key", 0600, true}, {"keys", 0600, true}};
  facts.passphrase = true;
  facts.node_running = true;
  facts.listening = "192.0.2.1:4711";
  facts.reachable = true;
  facts.partners = {{"Klinikum", true, kNow_s - 60}, {"Jugendamt", true, kNow_s - 60}};
  facts.store = StoreFacts{1000, 0, {}};
  facts.sheet_s = kNow_s;
  return facts;
}

// Every finding that a test has seen: all of them need their sentences.
void Expect(const Finding& finding, State state, const std::string& what) {
  EXPECT_EQ(finding.what, what) << finding.check;
  EXPECT_EQ(finding.state, state) << finding.key();
  EXPECT_TRUE(i18n::HasKey(finding.key())) << finding.key();
  EXPECT_EQ(i18n::HasKey(finding.fix_key()), state != State::kOk) << finding.fix_key();
  for (const i18n::Lang lang : {i18n::Lang::kDe, i18n::Lang::kEn}) {
    const std::string text = i18n::Tr(lang, finding.key()) +
                             (state == State::kOk ? "" : i18n::Tr(lang, finding.fix_key()));
    std::set<std::string> marks;
    for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1))
      marks.insert(text.substr(at + 1, text.find('}', at) - at - 1));
    for (const auto& [name, value] : finding.args) marks.erase(name);
    EXPECT_TRUE(marks.empty()) << finding.key() << " lacks a value for " << *marks.begin();
  }
}

TEST(Findings, ASoundInstallationHasNone) {
  const auto findings = Examine(Sound());
  EXPECT_EQ(findings.size(), 14u);
  for (const Finding& finding : findings) Expect(finding, State::kOk, finding.what);
}

TEST(Findings, NothingKnownIsNoCrash) {
  for (const Finding& finding : Examine(Facts{})) Expect(finding, finding.state, finding.what);
}

TEST(Findings, Clock) {
  Facts facts = Sound();
  facts.now_s = kEarliestClock_s - 1;
  Expect(CheckClock(facts), State::kProblem, "past");
  facts = Sound();
  facts.newest_entry_s = kNow_s + kAheadWarning_s - 1;
  Expect(CheckClock(facts), State::kOk, "ok");
  facts.newest_entry_s = kNow_s + kAheadWarning_s;
  Expect(CheckClock(facts), State::kWarning, "behind");
  facts.newest_entry_s = kNow_s + kAheadProblem_s;
  Expect(CheckClock(facts), State::kProblem, "behind");
  facts.newest_entry_s = kNow_s - kFarFuture_s;
  Expect(CheckClock(facts), State::kProblem, "future");
  facts.newest_entry_s.reset();
  Expect(CheckClock(facts), State::kOk, "ok");
}

TEST(Findings, Disk) {
  Facts facts = Sound();
  facts.disk->free_bytes = kFreeWarning - 1;
  Expect(CheckDisk(facts), State::kWarning, "low");
  facts.disk->free_bytes = kFreeProblem - 1;
  Expect(CheckDisk(facts), State::kProblem, "low");
  facts.disk_full = true;
  Expect(CheckDisk(facts), State::kProblem, "full");
  facts.disk->read_only = true;
  Expect(CheckDisk(facts), State::kProblem, "read-only");
  facts = Sound();
  facts.open_error = Error{Code::kNoSpace, "x", {}};
  Expect(CheckDisk(facts), State::kProblem, "full");
  facts = Sound();
  facts.disk.reset();
  Expect(CheckDisk(facts), State::kWarning, "unknown");
}

TEST(Findings, Sync) {
  Facts facts = Sound();
  facts.sync_us = kSyncWarning_us;
  Expect(CheckSync(facts), State::kWarning, "slow");
  facts.sync_us = kSyncProblem_us;
  Expect(CheckSync(facts), State::kProblem, "slow");
  facts.sync_us.reset();
  Expect(CheckSync(facts), State::kWarning, "unknown");
  facts.sync_error = Error{Code::kIo, "fdatasync", {}};
  Expect(CheckSync(facts), State::kProblem, "failed");
}

TEST(Findings, Files) {
  Facts facts = Sound();
  facts.files[1].mode = 0640;
  Expect(CheckFiles(facts), State::kProblem, "open");
  facts.files[1] = {"node.key", 0400, false};
  Expect(CheckFiles(facts), State::kProblem, "owner");
  facts.missing_files = {"keys"};
  Expect(CheckFiles(facts), State::kProblem, "missing");
}

TEST(Findings, Port) {
  Facts facts = Sound();
  facts.listening = "127.0.0.1:4711";
  Expect(CheckPort(facts), State::kWarning, "loopback");
  facts.reachable = false;
  Expect(CheckPort(facts), State::kProblem, "deaf");
  facts.listening.reset();
  Expect(CheckPort(facts), State::kWarning, "not-listening");
  facts.node_locked = true;
  Expect(CheckPort(facts), State::kWarning, "locked");
  facts.node_running = false;
  Expect(CheckPort(facts), State::kWarning, "not-running");
}

TEST(Findings, Partners) {
  Facts facts = Sound();
  facts.partners[1] = {"Jugendamt", false, kNow_s - kSilentWarning_s + 1};
  Expect(CheckPartners(facts), State::kOk, "ok");
  facts.partners[1].confirmed_s = kNow_s - kSilentWarning_s;
  Expect(CheckPartners(facts), State::kWarning, "one-silent");
  facts.partners[0].connected = false;
  Expect(CheckPartners(facts), State::kWarning, "one-silent");
  facts.partners[0].confirmed_s = kNow_s - 2 * kSilentWarning_s;
  Expect(CheckPartners(facts), State::kWarning, "silent");
  for (PartnerFacts& partner : facts.partners) partner.confirmed_s.reset();
  Expect(CheckPartners(facts), State::kWarning, "never");
  facts.partners.clear();
  Expect(CheckPartners(facts), State::kOk, "none");
}

TEST(Findings, Unconfirmed) {
  Facts facts = Sound();
  facts.oldest_unconfirmed_s = kNow_s - kUnconfirmedWarning_s + 1;
  Expect(CheckUnconfirmed(facts), State::kOk, "young");
  facts.oldest_unconfirmed_s = kNow_s - kUnconfirmedWarning_s;
  Expect(CheckUnconfirmed(facts), State::kWarning, "old");
  facts.oldest_unconfirmed_s = kNow_s - kUnconfirmedProblem_s;
  Expect(CheckUnconfirmed(facts), State::kProblem, "old");
  facts.partners.clear();
  Expect(CheckUnconfirmed(facts), State::kOk, "alone");
}

TEST(Findings, Sheet) {
  Facts facts = Sound();
  facts.sheet_s.reset();
  Expect(CheckSheet(facts), State::kWarning, "never");
  facts.sheet_s = kNow_s - kSheetWarning_s;
  Expect(CheckSheet(facts), State::kOk, "ok");
  facts.sheet_s = kNow_s - kSheetWarning_s - 1;
  Expect(CheckSheet(facts), State::kWarning, "old");
  facts.sheet_s = kNow_s + 1;
  Expect(CheckSheet(facts), State::kOk, "ok");
}

TEST(Findings, Backup) {
  Facts facts = Sound();
  Expect(CheckBackup(facts), State::kOk, "unknown");
  facts.backup_known = true;
  Expect(CheckBackup(facts), State::kWarning, "none");
  facts.backup_s = kNow_s - kBackupWarning_s;
  Expect(CheckBackup(facts), State::kOk, "ok");
  facts.backup_s = kNow_s - kBackupWarning_s - 1;
  Expect(CheckBackup(facts), State::kWarning, "old");
  facts.backup_s = kNow_s + 60;  // the clock was set back
  Expect(CheckBackup(facts), State::kOk, "ok");
}

TEST(Findings, Erasures) {
  Facts facts = Sound();
  Expect(CheckErasures(facts), State::kOk, "ok");
  facts.held_back = true;
  Expect(CheckErasures(facts), State::kProblem, "held-back");
}

TEST(Findings, StoreLockPassphraseAndFormat) {
  Facts facts = Sound();
  facts.store->problem_count = 2;
  Expect(CheckStore(facts), State::kProblem, "damaged");
  facts.store.reset();
  Expect(CheckStore(facts), State::kWarning, "unknown");
  const auto with = [&](Code code) {
    facts.open_error = Error{code, "detail", {}};
    return facts;
  };
  Expect(CheckStore(with(Code::kCorruption)), State::kProblem, "refused");
  Expect(CheckFormat(with(Code::kCorruption)), State::kOk, "unknown");
  Expect(CheckFormat(with(Code::kFormatVersion)), State::kProblem, "other");
  Expect(CheckFormat(with(Code::kNotPermitted)), State::kProblem, "unopened");
  Expect(CheckPassphrase(with(Code::kWrongPassphrase)), State::kProblem, "wrong");
  Expect(CheckLock(with(Code::kLocked)), State::kOk, "node");
  facts.node_running = false;
  Expect(CheckLock(with(Code::kLocked)), State::kProblem, "held");
  facts = Sound();
  facts.node_locked = true;
  Expect(CheckPassphrase(facts), State::kWarning, "locked");
  facts = Sound();
  facts.passphrase_not_given = true;
  Expect(CheckPassphrase(facts), State::kWarning, "not-given");
  facts = Sound();
  facts.passphrase = false;
  Expect(CheckPassphrase(facts), State::kWarning, "none");
  facts.node_running = false;
  Expect(CheckLock(facts), State::kOk, "free");
}

}  // namespace
}  // namespace geflecht::doctor
