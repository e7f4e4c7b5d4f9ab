// The header of an entry: the exact ASCII text that is hashed and signed (docs/formats/entry.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/log/ids.h"

namespace geflecht::log {

inline constexpr std::int64_t kTimeMax = 253'402'300'799;  // 9999-12-31T23:59:59Z
inline constexpr std::size_t kKindBytesMax = 32;

struct Header {
  std::optional<NetworkId> net;  // absent only in the founding charter
  SpaceId space;
  DeviceId device;
  LifeId life;
  std::uint64_t seq = 0;
  std::optional<EntryId> prev;  // absent exactly where seq is 0
  std::vector<EntryId> seen;    // strictly ascending
  std::vector<EntryId> basis;   // strictly ascending; empty = "-"
  std::int64_t time_s = 0;      // seconds since 1970, year 1970 to 9999
  std::string kind;
  std::optional<EntryId> about;
  std::uint32_t fields = 0;    // of the body
  std::uint32_t evidence = 0;  // the first so many of them
  crypto::Hash256 root;        // of the field tree

  bool operator==(const Header&) const = default;
  FeedKey feed() const { return {space, device, life}; }
};

// The header's text. CHECKs what ParseHeader would refuse: only valid headers are rendered.
std::string Render(const Header& header);
// The same for a header that has passed CheckHeader, without another look.
std::string RenderChecked(const Header& header);

// Parses to the byte: Render(*ParseHeader(text)) == text. kMalformed names the line and the reason.
Result<Header> ParseHeader(std::string_view text);

// Whether Render may be called; the reason otherwise. For headers that come from a decoder.
Result<void> CheckHeader(const Header& header);
// The same where the caller knows whether header.space is the root space of header.net.
Result<void> CheckHeader(const Header& header, bool in_root_space);

// SHA-256(0x00 || text): the entry's id and its leaf hash in the feed's Merkle log (RFC 6962).
EntryId IdOf(std::string_view header_text);

// "YYYY-MM-DDThh:mm:ssZ" for seconds since 1970, and back; only dates that exist.
std::string RenderTime(std::int64_t time_s);
std::optional<std::int64_t> ParseTime(std::string_view text);

}  // namespace geflecht::log
