// The body of an entry: salted fields under a Merkle root, each of which can be withheld or erased
// while the header still verifies (docs/formats/body.md).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "node/log/header.h"

namespace geflecht::log {

inline constexpr std::size_t kFieldNameBytesMax = 64;

using Salt = StrongId<struct SaltTag, 16>;

struct Field {
  Salt salt;
  std::string name;  // [a-z][a-z0-9.-]{0,63}
  Bytes value;
  bool operator==(const Field&) const = default;
};
using Slot = std::variant<Field, crypto::Hash256>;  // the hash stands for a field that is not here

struct Body {
  std::vector<Slot> slots;
  bool operator==(const Body&) const = default;
  bool Complete() const;         // every slot is a field
  std::size_t ByteSize() const;  // salts, names and values
};

// A field with a fresh salt. CHECKs the name.
Field MakeField(std::string name, Bytes value, Random& random);

// SHA-256(0x00 || salt in hex LF name LF value).
crypto::Hash256 FieldLeaf(const Field& field);
crypto::Hash256 BodyRoot(const Body& body);

// Limits, names, and that no name occurs twice; kTooLarge or kMalformed with the index of the
// field.
Result<void> CheckBody(const Body& body);

// CheckBody, the number of slots, and the root against the header. kVerification if they differ.
Result<void> CheckBodyOf(const Header& header, const Body& body);

// The value of the field `name` of a body that passed CheckBody, or nullptr if there is none or
// it is withheld. Valid as long as `body`.
const Bytes* FindField(const Body& body, std::string_view name);

}  // namespace geflecht::log
