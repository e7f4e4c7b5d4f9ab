#include "node/replica/anchor.h"

#include <algorithm>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "node/log/lines.h"
#include "node/replica/records.h"
#include "proto/codec/record_codec.h"

namespace geflecht::replica {
namespace {

constexpr std::string_view kTitle = "geflecht-anchor@v1";

std::string Claims(const Anchor& anchor) {
  std::string text = std::string(kTitle) + "\ndevice " + anchor.device.Hex() + "\nlife " +
                     anchor.life.Hex() + "\n";
  if (!anchor.last) return text + "space -\nseq -\nid -\n";
  return text + "space " + anchor.last->space.Hex() + "\nseq " + std::to_string(anchor.last->seq) +
         "\nid " + anchor.last->id.Hex() + "\n";
}

Result<Anchor> Parse(std::string_view text) {
  log::LineReader lines(text);
  Anchor anchor;
  TRY(lines.Literal(kTitle));
  ASSIGN(anchor.device, lines.Hex<log::DeviceId>("device"));
  ASSIGN(anchor.life, lines.Hex<log::LifeId>("life"));
  ASSIGN(const auto space, lines.HexOrDash<log::SpaceId>("space"));
  if (!space) return anchor;
  Anchor::Last last;
  last.space = *space;
  ASSIGN(const std::string_view digits, lines.Value("seq"));
  const auto seq = log::ParseDecimal(digits, limits::kSeqMax);
  if (!seq) return lines.Bad("a number expected");
  last.seq = *seq;
  ASSIGN(last.id, lines.Hex<log::EntryId>("id"));
  anchor.last = last;
  return anchor;
}

}  // namespace

Bytes EncodeAnchor(const Anchor& anchor) {
  std::string text = Claims(anchor);
  text += "sum " + crypto::Sha256(AsBytes(text)).Hex() + "\n";
  CHECK(text.size() <= kAnchorBytes);
  text.resize(kAnchorBytes, '\n');
  return ToBytes(text);
}

std::optional<Anchor> DecodeAnchor(ByteView bytes) {
  if (bytes.size() != kAnchorBytes) return std::nullopt;
  auto anchor = Parse(AsText(bytes));
  if (!anchor || !std::ranges::equal(EncodeAnchor(*anchor), bytes)) return std::nullopt;
  return *anchor;
}

Result<bool> AnchorFits(const std::optional<Anchor>& anchor, const log::DeviceId& device,
                        const log::LifeId& life, const store::View& durable) {
  if (!anchor || anchor->device != device || anchor->life != life) return false;
  if (!anchor->last) return true;
  const Anchor::Last& last = *anchor->last;
  ASSIGN(const auto position, durable.Get(IdKey(last.id)));
  if (!position) return false;
  ASSIGN(const codec::Position at, codec::DecodePosition(*position));
  return at.feed.SameFeed({last.space, device, life}) && at.seq == last.seq;
}

}  // namespace geflecht::replica
