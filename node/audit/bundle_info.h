// bundle.json: what the exporter says about the bundle.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/log/header.h"

namespace geflecht::audit {

enum class Level {
  kFull,     // all feeds, and the bodies of all entries
  kScope,    // all feeds, and the bodies of some spaces and a period only
  kReceipt,  // the root space, and one entry of which it is proven that it is in its feed
};
// "full", "scope", "receipt".
std::string_view LevelName(Level level);
std::optional<Level> ParseLevel(std::string_view name);

// Which bodies a bundle of level scope holds. Those of the root space always belong to it.
struct Scope {
  std::vector<log::SpaceId> spaces;  // ascending
  std::int64_t from_s = 0;           // both ends belong to the period
  std::int64_t to_s = log::kTimeMax;

  bool Holds(const log::Header& header, const log::SpaceId& root_space) const;
  bool operator==(const Scope&) const = default;
};

inline constexpr std::size_t kNonceDigitsMax = 64;

struct BundleInfo {
  Level level = Level::kFull;
  log::NetworkId network;
  log::DeviceId exporter;
  std::int64_t exported_s = 0;
  std::int64_t from_s = 0;  // earliest and latest time of an entry
  std::int64_t to_s = 0;
  std::vector<log::SpaceId> spaces;   // ascending
  std::optional<Scope> scope;         // exactly at level scope
  std::optional<log::EntryId> entry;  // exactly at level receipt
  std::string nonce;                  // what the auditor asked to be there, or empty

  bool operator==(const BundleInfo&) const = default;
};

// 2 to kNonceDigitsMax lower-case hexadecimal digits, an even number of them.
bool IsNonce(std::string_view text);

std::string RenderInfo(const BundleInfo& info);
// Exactly what RenderInfo writes. kMalformed.
Result<BundleInfo> ParseInfo(std::string_view text);

}  // namespace geflecht::audit
