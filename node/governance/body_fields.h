// Bodies of entries as lists of named texts: what the readers and writers of this folder share.
// Pure; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "node/log/body.h"

namespace geflecht::governance {

// A body and how many of its fields, the first ones, are evidence.
struct Said {
  log::Body body;
  std::uint32_t evidence = 0;
};

// Fields in this order, each with a fresh salt. CHECKs the names.
Said SayFields(std::initializer_list<std::pair<std::string_view, std::string_view>> fields,
               std::uint32_t evidence, Random& random);

// The fields of a body that has exactly these, in this order.
class BodyFields {
 public:
  // kMalformed if there are others. From `evidence` on a leaf may stand for a field. `body`
  // outlives the result.
  static Result<BodyFields> Of(const log::Body& body, const std::vector<std::string_view>& names,
                               std::size_t evidence);

  // Empty if a leaf stands for it.
  std::string Text(std::size_t i) const;

 private:
  explicit BodyFields(const log::Body& body) : body_(&body) {}
  const log::Body* body_;
};

}  // namespace geflecht::governance
