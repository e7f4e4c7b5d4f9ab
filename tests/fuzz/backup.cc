// Backups. First byte: 0 the bytes of a file, 1 a manifest, 2 the text of a backup key, 3 edits of
// the records of a whole backup, made by somebody who has the sheet and no key of a device: then
// what is accepted holds no entry that was not there.
#include <algorithm>
#include <set>

#include "base/check.h"
#include "node/backup/contents.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/signer.h"
#include "tests/fuzz/targets.h"
#include "tests/unit/backup/fixture.h"

namespace geflecht::fuzz {
namespace {

constexpr std::size_t kEditsMax = 12;

struct Whole {
  backup::Parts parts;
  crypto::SecretBytes seed;
  std::set<log::EntryId> entries;
};

const Whole& WholeBackup() {
  static const Whole* const whole = [] {
    backup::Fixture fixture;
    auto* const made = new Whole{fixture.MakeParts(), fixture.seed(), {}};
    for (const backup::Record& record : made->parts.records)
      if (record.kind == backup::kEntryRecord) {
        const ByteView content = record.content;
        const auto stored = codec::DecodeStoredEntry(content.subspan(4, ReadBe32(content)));
        CHECK(stored.has_value());
        made->entries.insert(stored->entry.id);
      }
    return made;
  }();
  return *whole;
}

void CheckFile(ByteView bytes) {
  auto reader = backup::Reader::Open(backup::SourceOf(bytes));
  if (!reader) return;
  (void)backup::Skimmed(bytes);
  CHECK(!reader->Unlock(WholeBackup().seed) || !backup::Checked(bytes, WholeBackup().seed) ||
        reader->header().root == WholeBackup().parts.header.root);
}

void CheckManifest(ByteView text) {
  const auto manifest = backup::ParseManifest(AsText(text));
  if (manifest) CHECK(backup::RenderManifest(*manifest) == AsText(text));
}

void CheckBackupKey(ByteView text) {
  const auto key = backup::ParseBackupKey(AsText(text), KnownKey(1).public_key());
  if (key) CHECK(backup::RenderBackupKey(*key) == AsText(text));
}

void Edit(std::vector<backup::Record>& records, Input& input) {
  if (records.empty()) return;
  const std::size_t i = input.Below(records.size());
  switch (input.Below(5)) {
    case 0:
      records.erase(records.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    case 1:
      std::swap(records[i], records[input.Below(records.size())]);
      return;
    case 2:
      records.insert(records.begin() + static_cast<std::ptrdiff_t>(i), records[i]);
      return;
    case 3: {
      Bytes& content = records[i].content;
      if (content.empty()) return;
      const std::size_t at = input.Word() % content.size();
      const ByteView bytes = input.Take(std::min<std::size_t>(input.Byte(), content.size() - at));
      std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    }
    default: {
      const char kind = static_cast<char>(input.Byte());
      const ByteView content = input.Take(input.Word());
      records.insert(records.begin() + static_cast<std::ptrdiff_t>(i),
                     {kind, Bytes(content.begin(), content.end())});
    }
  }
}

void CheckEdited(ByteView bytes) {
  const Whole& whole = WholeBackup();
  backup::Parts parts{whole.parts.header,
                      crypto::SecretBytes::Copy(whole.parts.stream_key.view()),
                      whole.parts.records};
  Input input(bytes);
  for (std::size_t i = 0; i < kEditsMax && !input.AtEnd(); ++i) Edit(parts.records, input);
  const Bytes file = backup::Written(parts);
  CHECK(backup::Skimmed(file).has_value());
  if (!backup::Checked(file, whole.seed)) return;
  auto reader = backup::Reader::Open(backup::SourceOf(file));
  CHECK(reader && reader->Unlock(whole.seed));
  auto contents = backup::Contents::Read(*reader);
  CHECK(contents.has_value());
  std::set<log::EntryId> seen;
  while (true) {
    const auto next = contents->NextItem();
    CHECK(next.has_value());
    if (!*next) break;
    const log::EntryId& id = (*next)->item.stored.entry.id;
    CHECK(whole.entries.contains(id) && seen.insert(id).second);
  }
}

}  // namespace

void Backup(ByteView input) {
  if (input.empty()) return;
  const ByteView rest = input.subspan(1);
  switch (input[0] % 4) {
    case 0:
      return CheckFile(rest);
    case 1:
      return CheckManifest(rest);
    case 2:
      return CheckBackupKey(rest);
    default:
      return CheckEdited(rest);
  }
}

}  // namespace geflecht::fuzz
