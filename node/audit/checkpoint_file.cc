#include "node/audit/checkpoint_file.h"

#include <algorithm>

#include "base/limits.h"
#include "crdt/utf8.h"
#include "node/crypto/base64.h"
#include "node/log/lines.h"
#include "node/log/merkle.h"

namespace geflecht::audit {
namespace {

constexpr std::string_view kDeviceFront = "geflecht/device/";
constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space
constexpr std::uint8_t kEd25519[] = {'\n', 0x01};    // what stands between name and key in a key id

// White_Space of the Unicode Character Database, as far as it is no control character, and U+0085.
bool IsSpace(char32_t point) {
  return point == 0x20 || point == 0x85 || point == 0xa0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 ||
         point == 0x202f || point == 0x205f || point == 0x3000;
}

bool IsKeyName(std::string_view name) {
  const auto points = crdt::DecodeUtf8(name);
  return points && !points->empty() &&
         std::none_of(points->begin(), points->end(), [](char32_t point) {
           return point < 0x20 || point == U'+' || IsSpace(point);
         });
}

std::optional<NoteSignature> ParseSignatureLine(std::string_view line) {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !IsKeyName(line.substr(0, space))) return std::nullopt;
  const auto bytes = crypto::FromBase64(line.substr(space + 1));
  if (!bytes || bytes->size() <= NoteKeyId::kSize) return std::nullopt;
  const ByteView view(*bytes);
  return NoteSignature{line.substr(0, space), *NoteKeyId::From(view.first(NoteKeyId::kSize)),
                       Bytes(view.begin() + NoteKeyId::kSize, view.end())};
}

// Why the next line is none of the first four, or an empty text.
std::string_view ReadTextLine(std::size_t number, std::string_view line, Checkpoint& checkpoint) {
  switch (number) {
    case 1:
      checkpoint.origin = line;
      return IsKeyName(line) ? "" : "no origin";
    case 2: {
      const auto size = log::ParseDecimal(line, limits::kSeqMax);
      checkpoint.size = size.value_or(0);
      return checkpoint.size > 0 ? "" : "no number of entries from 1 on";
    }
    case 3: {
      const auto bytes = crypto::FromBase64(line);
      const auto root = bytes ? crypto::Hash256::From(*bytes) : std::nullopt;
      checkpoint.root = root.value_or(crypto::Hash256());
      return root ? "" : "no root: 32 bytes in base64 expected";
    }
    default:
      return line.empty() ? "" : "an empty line is expected behind the root";
  }
}

}  // namespace

std::string CheckpointOrigin(const log::NetworkId& network, const log::FeedKey& feed) {
  return "geflecht/" +
         crypto::Sha256({network.view(), feed.space.view(), feed.device.view(), feed.life.view()})
             .Hex();
}

Checkpoint CheckpointOf(const log::NetworkId& network, const log::FeedKey& feed,
                        const std::vector<crypto::Hash256>& leaves) {
  return {CheckpointOrigin(network, feed), leaves.size(), log::MerkleRoot(leaves)};
}

std::string NoteKeyName(const log::DeviceId& device) {
  return std::string(kDeviceFront) + device.Hex();
}

std::optional<log::DeviceId> DeviceOfNoteKeyName(std::string_view name) {
  if (!name.starts_with(kDeviceFront)) return std::nullopt;
  return log::DeviceId::FromHexText(name.substr(kDeviceFront.size()));
}

NoteKeyId NoteKeyIdOf(std::string_view name, const crypto::PublicKey& key) {
  const crypto::Hash256 hash = crypto::Sha256({AsBytes(name), kEd25519, key.view()});
  return *NoteKeyId::From(hash.view().first(NoteKeyId::kSize));
}

std::string RenderCheckpoint(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         crypto::ToBase64(checkpoint.root.view()) + "\n";
}

std::string SignNoteLine(std::string_view text, const crypto::SigningKey& device_key) {
  const std::string name = NoteKeyName(device_key.public_key());
  Bytes bytes;
  Append(bytes, NoteKeyIdOf(name, device_key.public_key()).view());
  Append(bytes, device_key.SignNote(text).view());
  return std::string(kDash) + name + " " + crypto::ToBase64(bytes) + "\n";
}

std::string SignCheckpoint(const Checkpoint& checkpoint, const crypto::SigningKey& device_key) {
  const std::string text = RenderCheckpoint(checkpoint);
  return text + "\n" + SignNoteLine(text, device_key);
}

std::optional<CheckpointNote> ParseCheckpoint(std::string_view file, const FeedError& error) {
  constexpr std::size_t kEmptyLine = 4;
  CheckpointNote note;
  log::LineReader lines(file);
  while (!lines.AtEnd() || lines.line() <= kEmptyLine + 1) {
    const std::size_t number = lines.line();
    if (number == kEmptyLine) note.text = file.substr(0, file.size() - lines.rest().size());
    const auto line = lines.Line();
    std::string_view trouble;
    if (!line) {
      trouble = "a line is missing or does not end";
    } else if (number <= kEmptyLine) {
      trouble = ReadTextLine(number, *line, note.checkpoint);
    } else if (note.signatures.size() == kNoteSignaturesMax) {
      trouble = "too many signatures";
    } else if (auto signature = ParseSignatureLine(*line)) {
      signature->line = number;
      note.signatures.push_back(*std::move(signature));
    } else {
      trouble = "no line of a signature";
    }
    if (trouble.empty()) continue;
    error(number, std::string(trouble));
    return std::nullopt;
  }
  return note;
}

}  // namespace geflecht::audit
