// geflecht backup create, verify, restore
#include <boost/json/array.hpp>
#include <optional>
#include <utility>

#include "cli/backup_file.h"
#include "cli/display.h"
#include "cli/files.h"
#include "cli/passphrase.h"
#include "cli/session.h"
#include "cli/sheet.h"
#include "cli/terminal.h"
#include "node/backup/check.h"
#include "node/crypto/base64.h"
#include "node/crypto/system_random.h"
#include "node/log/header.h"
#include "node/runtime/restore.h"
#include "node/runtime/system_clock.h"
#include "node/store/files.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kKeyTextBytesMax = 4096;
constexpr std::uint64_t kProgressEvery = 4096;  // entries

// The text of DIR/backup-key. A directory that was set up by an older version has none: then the
// recovery sheet makes it, once.
Result<std::string> BackupKeyText(Session& session) {
  const runtime::Paths paths(session.globals().dir);
  if (session.arguments().Has("sheet")) {
    ASSIGN(const crypto::SecretBytes seed, ReadSheetFile(session.arguments().Text("sheet")));
    const backup::BackupKey key = backup::MakeBackupKey(seed);
    ASSIGN(const json::object card, session.Get("/api/v1/card"));
    if (key.root.Hex() != TextOf(card, "root_key"))
      return Fail(Code::kVerification, "the recovery sheet is not that of this organisation",
                  "hint.sheet-of-other-organisation");
    std::string text = backup::RenderBackupKey(key);
    TRY(store::WriteFileAtomically(paths.backup_key(), AsBytes(text), 0600));
    return text;
  }
  std::error_code ignored;
  if (!std::filesystem::exists(paths.backup_key(), ignored))
    return Fail(Code::kNotFound, "there is no backup key in the directory",
                "hint.backup-key-missing");
  ASSIGN(const Bytes text, store::ReadFile(paths.backup_key(), kKeyTextBytesMax));
  return ToText(text);
}

Result<Bytes> FromBase64(const json::object& from, std::string_view key) {
  auto bytes = crypto::FromBase64(TextOf(from, key));
  if (!bytes) return Fail(Code::kInternal, "a part of the answer is no base64");
  return bytes;
}

void WipeMember(json::object& answer, std::string_view key) {
  json::string& text = answer.at(key).as_string();
  crypto::Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

// All entries of the snapshot, page by page.
Result<backup::Counts> AddEntries(Session& session, const backup::Manifest& manifest,
                                  backup::Writer& writer) {
  backup::Counts counts;
  const auto total = static_cast<std::int64_t>(manifest.entries());
  const std::string what = session.Say("cli.progress.backup");
  for (const backup::SpaceExtent& extent : manifest.spaces)
    for (std::uint64_t next = 1; next <= extent.entries;) {
      ASSIGN(const json::object page,
             session.Get("/api/v1/backup/entries", {{"space", extent.space.Hex()},
                                                    {"from", std::to_string(next)},
                                                    {"to", std::to_string(extent.entries)}}));
      for (const Json& item : page.at("items").as_array()) {
        const auto content = crypto::FromBase64(std::string_view(item.as_string()));
        if (!content) return Fail(Code::kInternal, "an entry of the answer is no base64");
        TRY(writer.Add(backup::kEntryRecord, *content));
        ++counts.entries;
      }
      counts.bodies += static_cast<std::uint64_t>(NumberOf(page, "bodies"));
      next = static_cast<std::uint64_t>(NumberOf(page, "next"));
      session.output().Progress(what, static_cast<std::int64_t>(counts.entries), total);
    }
  return counts;
}

Result<Outcome> CreateBackup(Session& session) {
  const std::string path = session.arguments().Text("o");
  ASSIGN(NewBackupFile file, NewBackupFile::Create(path, session.globals().yes));
  TRY(session.Node());
  ASSIGN(const std::string key_text, BackupKeyText(session));
  // On a full disk nothing more can be noted; what is on it can be saved all the same.
  const auto begun = session.Post("/api/v1/backup/begin", {});
  if (!begun && begun.error().code != Code::kNoSpace) return Fail(begun.error());
  ASSIGN(json::object answer, session.Post("/api/v1/backup", {{"backup_key", key_text}}));
  ASSIGN(const backup::Header header, backup::ParseHeader(TextOf(answer, "header")));
  ASSIGN(const backup::Manifest manifest, backup::ParseManifest(TextOf(answer, "manifest")));
  ASSIGN(Bytes stream_key, FromBase64(answer, "stream_key"));
  ASSIGN(const Bytes device, FromBase64(answer, "device"));
  backup::Writer writer(header, crypto::SecretBytes::Copy(stream_key),
                        [&file](ByteView bytes) { return file.Write(bytes); });
  crypto::Wipe(stream_key);
  WipeMember(answer, "stream_key");
  TRY(writer.Add(backup::kManifestRecord, AsBytes(TextOf(answer, "manifest"))));
  TRY(writer.Add(backup::kCardRecord, AsBytes(TextOf(answer, "card"))));
  TRY(writer.Add(backup::kDeviceRecord, device));
  if (manifest.network)
    TRY(writer.Add(backup::kFoundingRecord, AsBytes(TextOf(answer, "founding"))));
  ASSIGN(const backup::Counts counts, AddEntries(session, manifest, writer));
  TRY(writer.Add(backup::kEndRecord, backup::EncodeEnd(counts)));
  TRY(writer.Finish());
  TRY(file.Keep());
  const auto noted = session.Post("/api/v1/backup/done", {{"time_s", header.time_s}});
  if (!noted && noted.error().code != Code::kNoSpace) return Fail(noted.error());
  Outcome outcome;
  outcome.keys = {{"file", path},
                  {"time", log::RenderTime(header.time_s)},
                  {"entries", counts.entries},
                  {"bytes", writer.bytes_written()}};
  outcome.text = session.Say("cli.backup.created",
                             {{"file", Shown(path)}, {"entries", std::to_string(counts.entries)}}) +
                 '\n' + session.Say("cli.backup.created-next", {{"file", Shown(path)}}) + '\n';
  return outcome;
}

// A backup file with the reader on it.
struct OpenBackup {
  std::unique_ptr<BackupFile> file;
  backup::Reader reader;
};
Result<OpenBackup> OpenBackupFile(const std::string& path) {
  ASSIGN(BackupFile opened, BackupFile::Open(path));
  auto file = std::make_unique<BackupFile>(std::move(opened));
  ASSIGN(backup::Reader reader, backup::Reader::Open([&file = *file](std::span<std::uint8_t> out) {
           return file.Read(out);
         }));
  return OpenBackup{std::move(file), std::move(reader)};
}

// Without the sheet: whether the bytes are those that were written, and nothing more.
Result<Outcome> VerifySealed(Session& session, OpenBackup& backup) {
  const std::string what = session.Say("cli.progress.backup-read");
  TRY(backup.reader.SkipToEnd([&](std::uint64_t read) {
    session.output().Progress(what, static_cast<std::int64_t>(read),
                              static_cast<std::int64_t>(backup.file->size()));
  }));
  const backup::Header& header = backup.reader.header();
  Outcome outcome;
  outcome.keys = {{"opened", false},
                  {"time", log::RenderTime(header.time_s)},
                  {"org", log::OrgOf(header.root).Hex()},
                  {"device", header.device.Hex()},
                  {"organisation", nullptr},
                  {"network", nullptr},
                  {"entries", nullptr},
                  {"bodies", nullptr}};
  outcome.text =
      session.Say("cli.backup.intact",
                  {{"time", ShownTime(session.globals().lang, log::RenderTime(header.time_s))}}) +
      '\n' + session.Say("cli.backup.not-opened") + '\n';
  return outcome;
}

Result<Outcome> VerifyBackup(Session& session) {
  ASSIGN(OpenBackup backup, OpenBackupFile(session.arguments().Text("FILE")));
  if (!session.arguments().Has("sheet")) return VerifySealed(session, backup);
  ASSIGN(const crypto::SecretBytes seed, ReadSheetFile(session.arguments().Text("sheet")));
  TRY(backup.reader.Unlock(seed));
  ASSIGN(backup::Contents contents, backup::Contents::Read(backup.reader));
  const auto total = static_cast<std::int64_t>(contents.manifest().entries());
  const std::string what = session.Say("cli.progress.backup-read");
  const auto passed = [&] {
    if (contents.counts().entries % kProgressEvery == 0)
      session.output().Progress(what, static_cast<std::int64_t>(contents.counts().entries), total);
  };
  ASSIGN(const backup::Counts counts, backup::CheckContents(contents, passed));
  const auto secrets = crypto::OpenBox(backup::BackupSecret(seed), contents.device_box());
  if (!secrets || !runtime::ParseDeviceKeys(secrets->view()))
    return backup::Damaged("the device's keys do not open");
  const backup::Header& header = backup.reader.header();
  Outcome outcome;
  outcome.keys = {{"opened", true},
                  {"time", log::RenderTime(header.time_s)},
                  {"org", log::OrgOf(header.root).Hex()},
                  {"device", header.device.Hex()},
                  {"organisation", contents.card().organisation},
                  {"network", nullptr},
                  {"entries", counts.entries},
                  {"bodies", counts.bodies}};
  if (contents.manifest().network) outcome.keys["network"] = contents.manifest().network->Hex();
  outcome.text =
      session.Say("cli.backup.verified",
                  {{"time", ShownTime(session.globals().lang, log::RenderTime(header.time_s))},
                   {"organisation", Shown(contents.card().organisation)},
                   {"entries", std::to_string(counts.entries)}}) +
      '\n';
  return outcome;
}

Result<crypto::SecretBytes> RestoredPassphrase(Session& session) {
  if (!session.arguments().Has("no-passphrase")) return NewPassphrase(session.globals());
  return crypto::SecretBytes();
}

Result<Outcome> RestoreBackup(Session& session) {
  if (session.globals().dir.empty()) return Fail(Code::kUsage, "no directory", "hint.directory");
  ASSIGN(OpenBackup backup, OpenBackupFile(session.arguments().Text("FILE")));
  ASSIGN(const crypto::SecretBytes seed, AskForSheet(session));
  // Before anybody thinks of a passphrase.
  TRY(backup.reader.Unlock(seed));
  ASSIGN(const crypto::SecretBytes passphrase, RestoredPassphrase(session));
  const std::string what = session.Say("cli.progress.restore");
  runtime::RestoreOptions options;
  options.as_new_device = session.arguments().Has("new-device");
  options.passed = [&](std::uint64_t done, std::uint64_t total) {
    if (done % kProgressEvery == 0)
      session.output().Progress(what, static_cast<std::int64_t>(done),
                                static_cast<std::int64_t>(total));
  };
  const runtime::Paths paths(session.globals().dir);
  crypto::SystemRandom random;
  auto restored = runtime::Restore(paths, backup.reader, seed, passphrase, options,
                                   runtime::SystemClock().Now(), random);
  if (!restored) {
    if (restored.error().code == Code::kNoSpace)
      return Fail(Code::kNoSpace, restored.error().detail, "hint.restore-no-space");
    return Fail(restored.error());
  }
  Outcome outcome;
  outcome.keys = {{"organisation", restored->card.organisation},
                  {"org", restored->card.org().Hex()},
                  {"device", restored->card.device.Hex()},
                  {"dir", paths.root.string()},
                  {"network", restored->network ? Json(restored->network->Hex()) : Json(nullptr)},
                  {"entries", restored->entries},
                  {"left_out", restored->left_out},
                  {"time", log::RenderTime(backup.reader.header().time_s)}};
  outcome.text =
      session.Say("cli.backup.restored", {{"organisation", Shown(restored->card.organisation)},
                                          {"entries", std::to_string(restored->entries)},
                                          {"dir", Shown(paths.root.string())}}) +
      '\n' +
      session.Say(options.as_new_device ? "cli.backup.restored-new-device"
                                        : "cli.backup.restored-next") +
      '\n';
  if (restored->left_out > 0)
    outcome.shortfall =
        Error{Code::kIncomplete, std::to_string(restored->left_out) + " entries were left out",
              "hint.restore-left-out"};
  return outcome;
}

}  // namespace

std::vector<Command> BackupCommands() {
  return {{{"backup", "create"}, {{"-o", "FILE", true}, {"--sheet", "FILE"}}, CreateBackup},
          {{"backup", "verify"}, {{"FILE", "", true}, {"--sheet", "FILE"}}, VerifyBackup},
          {{"backup", "restore"},
           {{"FILE", "", true},
            {"--sheet", "FILE"},
            {"--no-passphrase", "", false, Takes::kNothing},
            {"--new-device", "", false, Takes::kNothing}},
           RestoreBackup}};
}

}  // namespace geflecht::cli
