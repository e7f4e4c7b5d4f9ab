#include "node/backup/contents.h"

#include <string_view>
#include <utility>

#include "base/limits.h"
#include "node/log/lines.h"

namespace geflecht::backup {
namespace {

constexpr std::string_view kManifestFormat = "geflecht-backup-manifest@v1";
constexpr std::size_t kSpacesMax = limits::kSpacesPerSessionMax;
constexpr std::size_t kSizeBytes = 4;
constexpr std::size_t kEndBytes = 16;
constexpr std::string_view kKnownRecords = "MCDFEZ";

bool MayBeLeftOut(char kind) { return kind >= 'a' && kind <= 'z'; }

Result<Item> DecodeItem(ByteView content) {
  if (content.size() < kSizeBytes) return Damaged("an entry is cut off");
  const std::size_t size = ReadBe32(content);
  content = content.subspan(kSizeBytes);
  if (size > content.size()) return Damaged("an entry is longer than its record");
  auto stored = codec::DecodeStoredEntry(content.first(size));
  if (!stored) return Damaged("an entry: " + stored.error().detail);
  Item item{*std::move(stored), std::nullopt};
  if (size == content.size()) return item;
  auto body = codec::DecodeBody(content.subspan(size));
  if (!body) return Damaged("a body: " + body.error().detail);
  item.body = *std::move(body);
  return item;
}

Result<Manifest> ReadManifest(std::string_view text) {
  log::LineReader lines(text);
  Manifest manifest;
  TRY(lines.Literal(kManifestFormat));
  ASSIGN(manifest.network, lines.HexOrDash<log::NetworkId>("network"));
  while (!lines.AtEnd()) {
    ASSIGN(const std::string_view value, lines.Value("space"));
    const std::size_t blank = value.find(' ');
    if (blank == std::string_view::npos) return lines.Bad("a space and a number expected");
    const auto space = log::SpaceId::FromHexText(value.substr(0, blank));
    const auto entries = log::ParseDecimal(value.substr(blank + 1), limits::kSeqMax);
    if (!space || !entries) return lines.Bad("a space and a number expected");
    if (manifest.spaces.size() == kSpacesMax) return lines.Bad("too many spaces");
    manifest.spaces.push_back({*space, *entries});
  }
  return manifest;
}

}  // namespace

std::uint64_t Manifest::entries() const {
  std::uint64_t sum = 0;
  for (const SpaceExtent& extent : spaces) sum += extent.entries;
  return sum;
}

std::string RenderManifest(const Manifest& manifest) {
  std::string text(kManifestFormat);
  text += "\nnetwork " + (manifest.network ? manifest.network->Hex() : "-") + "\n";
  for (const SpaceExtent& extent : manifest.spaces)
    text += "space " + extent.space.Hex() + " " + std::to_string(extent.entries) + "\n";
  return text;
}

Result<Manifest> ParseManifest(std::string_view text) {
  auto manifest = ReadManifest(text);
  if (!manifest) return Damaged("manifest: " + manifest.error().detail);
  return manifest;
}

Bytes EncodeItem(ByteView stored, ByteView body) {
  Bytes content;
  content.reserve(kSizeBytes + stored.size() + body.size());
  AppendBe32(content, static_cast<std::uint32_t>(stored.size()));
  Append(content, stored);
  Append(content, body);
  return content;
}

Bytes EncodeEnd(const Counts& counts) {
  Bytes content;
  AppendBe64(content, counts.entries);
  AppendBe64(content, counts.bodies);
  return content;
}

Result<std::optional<Record>> Contents::NextRecord() {
  if (ahead_) return std::exchange(ahead_, std::nullopt);
  for (;;) {
    ASSIGN(std::optional<Record> record, reader_->Next());
    if (!record || kKnownRecords.find(record->kind) != std::string_view::npos) return record;
    if (!MayBeLeftOut(record->kind))
      return Fail(Code::kFormatVersion, "the backup holds records that this program does not know",
                  "hint.backup-version");
  }
}

Result<Record> Contents::Expect(char kind) {
  ASSIGN(std::optional<Record> record, NextRecord());
  if (!record || record->kind != kind)
    return Damaged(std::string("a record ") + kind + " is missing");
  return *std::move(record);
}

Result<Contents> Contents::Read(Reader& reader) {
  Contents contents(reader);
  ASSIGN(const Record manifest, contents.Expect(kManifestRecord));
  ASSIGN(contents.manifest_, ParseManifest(AsText(manifest.content)));
  ASSIGN(const Record card, contents.Expect(kCardRecord));
  auto parsed = log::ParseCard(AsText(card.content));
  if (!parsed) return Damaged("card: " + parsed.error().detail);
  contents.card_ = *std::move(parsed);
  if (contents.card_.root_key != reader.header().root ||
      contents.card_.device != reader.header().device)
    return Damaged("the card is not that of the device which made the backup");
  ASSIGN(Record device, contents.Expect(kDeviceRecord));
  contents.device_box_ = std::move(device.content);
  if (!contents.manifest_.network) return contents;
  ASSIGN(const Record founding, contents.Expect(kFoundingRecord));
  auto founded = log::ParseFounding(AsText(founding.content));
  if (!founded) return Damaged("founding: " + founded.error().detail);
  if (founded->network() != contents.manifest_.network)
    return Damaged("the founding is that of another network");
  contents.founding_ = *std::move(founded);
  return contents;
}

Result<void> Contents::CheckEnd(const Record& record) {
  if (record.kind != kEndRecord || record.content.size() != kEndBytes)
    return Damaged("the end record is missing");
  const Counts said{ReadBe64(record.content), ReadBe64(ByteView(record.content).subspan(8))};
  if (said != counts_ || counts_.entries != manifest_.entries())
    return Damaged("entries or bodies are missing");
  ASSIGN(const std::optional<Record> more, NextRecord());
  if (more) return Damaged("a record stands behind the end");
  return {};
}

Result<std::optional<Contents::Next>> Contents::NextItem() {
  while (space_ < manifest_.spaces.size() && arrival_ == manifest_.spaces[space_].entries) {
    ++space_;
    arrival_ = 0;
  }
  ASSIGN(const std::optional<Record> record, NextRecord());
  if (!record) return Damaged("the end record is missing");
  if (space_ == manifest_.spaces.size() || record->kind != kEntryRecord) {
    TRY(CheckEnd(*record));
    return std::optional<Next>();
  }
  ASSIGN(Item item, DecodeItem(record->content));
  if (item.stored.arrival != ++arrival_) return Damaged("the entries are out of order");
  ++counts_.entries;
  if (item.body) ++counts_.bodies;
  return std::optional(Next{manifest_.spaces[space_].space, std::move(item)});
}

}  // namespace geflecht::backup
