// The founding charter: the network's first entry, whose id is the network's id, and the signatures
// of all founders that make it count (docs/formats/charter.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/log/card.h"
#include "node/log/entry.h"

namespace geflecht::log {

// By which rule a matter is decided. What the words mean is governance's affair
// (node/governance/rule.h).
struct RuleLine {
  std::string matter;  // "*", or a token: [a-z][a-z0-9.:-]*
  std::string rule;    // printable ASCII, single spaces
  bool operator==(const RuleLine&) const = default;
};

bool IsRuleLine(const RuleLine& line);

// What the founders agree on: field 0 of the charter's body.
struct CharterText {
  std::string name;            // of the network
  std::vector<Card> founders;  // ascending by org id, at least one, no key twice
  std::uint32_t rules_version = 1;
  std::string purpose = {};  // one line; may be empty
  std::optional<std::int64_t> review_s =
      {};  // midnight UTC of the day on which the rules are looked at again
  std::optional<std::uint32_t> offline_days = {};  // how long a node may stay away; 1 to 3650
  std::vector<RuleLine> rules = {};                // ascending by matter
  std::vector<std::string> points = {};            // the numbered points of the text, one line each
  bool operator==(const CharterText&) const = default;
};

std::string RenderCharterText(const CharterText& text);
// Strict; checks names, order, every card and its signature. kMalformed, kTooLarge, kVerification.
Result<CharterText> ParseCharterText(std::string_view text);

using FounderSignatures = std::map<crypto::PublicKey, crypto::Signature>;  // by founder's root key

// A charter and whatever founders' signatures there are: a draft until Missing() is empty. Made by
// DraftFounding, ParseFounding and AssembleFounding only, which see to it that the header, its
// device's signature, the body, `text` and every founder's signature belong together, and that the
// device is one of the founders'. The same text form (docs/formats/charter.md) holds drafts and
// foundings.
struct Founding {
  Entry charter;
  Body body;
  CharterText text;  // parsed from field 0
  FounderSignatures signatures;
  bool operator==(const Founding&) const = default;

  NetworkId network() const;  // the charter's id
  // Root keys of founders who have not signed yet.
  std::vector<crypto::PublicKey> Missing() const;
};

// Makes a draft; the founders may stand in any order. kNotPermitted unless `device_key` is on one
// of their cards; otherwise as ParseCharterText, or kMalformed for a time that cannot be written.
Result<Founding> DraftFounding(const CharterText& text, const crypto::SigningKey& device_key,
                               const LifeId& life, std::int64_t time_s, Random& random);

// Puts a founding together from its parts, as they lie in a store or in a bundle; checks all of
// them.
Result<Founding> AssembleFounding(Header header, const crypto::Signature& device_signature,
                                  Body body, FounderSignatures signatures);

// The signature of one founder's root key over the charter's header text.
crypto::Signature SignCharter(const Founding& founding, const crypto::SigningKey& root);

// One founder's signature as a file, and back.
std::string RenderFounderSignature(const NetworkId& network, const crypto::PublicKey& root,
                                   const crypto::Signature& signature);
struct FounderSignature {
  NetworkId network;
  crypto::PublicKey root;
  crypto::Signature signature;
};
Result<FounderSignature> ParseFounderSignature(std::string_view text);

// Adds a signature after checking it; kVerification, kNotPermitted (no founder), kConflict (another
// network's).
Result<void> AddSignature(Founding& founding, const FounderSignature& signature);

// A full field, a header and the lines of all founders.
inline constexpr std::size_t kFoundingBytesMax = 640 * 1024;

inline constexpr std::size_t kRuleBytesMax = 9 * 1024;  // names 128 carriers
inline constexpr std::size_t kMatterBytesMax = 64;
inline constexpr std::size_t kRulesMax = 256;
inline constexpr std::size_t kPointsMax = 256;
inline constexpr std::size_t kPointBytesMax = 4 * 1024;  // of a point, and of the purpose
inline constexpr std::uint32_t kOfflineDaysMax = 3650;

std::string RenderFounding(const Founding& founding);
// Strict; checks header, body root, device signature and every founder's signature that is there.
Result<Founding> ParseFounding(std::string_view text);

}  // namespace geflecht::log
