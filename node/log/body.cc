#include "node/log/body.h"

#include <algorithm>

#include "base/check.h"
#include "base/hex.h"
#include "base/limits.h"
#include "node/log/lines.h"
#include "node/log/merkle.h"

namespace geflecht::log {
namespace {

std::size_t SizeOf(const Field& field) {
  return Salt::kSize + field.name.size() + field.value.size();
}

tl::unexpected<Error> BadField(Code code, std::size_t index, std::string_view reason) {
  return Fail(code, "field " + std::to_string(index) + ": " + std::string(reason));
}

Result<void> CheckField(const Field& field, std::size_t index) {
  if (!IsToken(field.name, kFieldNameBytesMax))
    return BadField(Code::kMalformed, index, "no name: [a-z][a-z0-9.-]{0,63}");
  if (field.name.size() + field.value.size() > limits::kFieldBytesMax)
    return BadField(Code::kTooLarge, index, "more than 512 KiB");
  return {};
}

// Two fields of one name would let a withheld one change what FindField answers.
Result<void> CheckDistinct(std::vector<std::pair<std::string_view, std::size_t>> names) {
  std::sort(names.begin(), names.end());
  for (std::size_t i = 1; i < names.size(); ++i)
    if (names[i].first == names[i - 1].first)
      return BadField(Code::kMalformed, names[i].second, "a field of this name stands before it");
  return {};
}

}  // namespace

bool Body::Complete() const {
  return std::all_of(slots.begin(), slots.end(),
                     [](const Slot& slot) { return std::holds_alternative<Field>(slot); });
}

std::size_t Body::ByteSize() const {
  std::size_t size = 0;
  for (const Slot& slot : slots)
    if (const Field* field = std::get_if<Field>(&slot)) size += SizeOf(*field);
  return size;
}

Field MakeField(std::string name, Bytes value, Random& random) {
  CHECK(IsToken(name, kFieldNameBytesMax));
  return {random.Make<Salt>(), std::move(name), std::move(value)};
}

crypto::Hash256 FieldLeaf(const Field& field) {
  std::string front;
  front.reserve(2 * Salt::kSize + field.name.size() + 2);
  AppendHex(front, field.salt.view());
  front.append("\n").append(field.name).append("\n");
  const std::uint8_t leaf_prefix[] = {0x00};
  return crypto::Sha256({leaf_prefix, AsBytes(front), field.value});
}

crypto::Hash256 BodyRoot(const Body& body) {
  std::vector<crypto::Hash256> leaves;
  leaves.reserve(body.slots.size());
  for (const Slot& slot : body.slots) {
    const Field* field = std::get_if<Field>(&slot);
    leaves.push_back(field ? FieldLeaf(*field) : std::get<crypto::Hash256>(slot));
  }
  return MerkleRoot(leaves);
}

Result<void> CheckBody(const Body& body) {
  if (body.slots.size() > limits::kFieldsMax)
    return BadField(Code::kTooLarge, limits::kFieldsMax, "more than 4096 fields");
  std::size_t size = 0;
  std::vector<std::pair<std::string_view, std::size_t>> names;
  for (std::size_t i = 0; i < body.slots.size(); ++i) {
    const Field* field = std::get_if<Field>(&body.slots[i]);
    if (field == nullptr) continue;
    TRY(CheckField(*field, i));
    size += SizeOf(*field);
    if (size > limits::kBodyBytesMax)
      return BadField(Code::kTooLarge, i, "the body has more than 896 KiB");
    names.emplace_back(field->name, i);
  }
  return CheckDistinct(std::move(names));
}

Result<void> CheckBodyOf(const Header& header, const Body& body) {
  TRY(CheckBody(body));
  if (body.slots.size() != header.fields)
    return Fail(Code::kVerification, "number of fields differs from the header");
  if (BodyRoot(body) != header.root)
    return Fail(Code::kVerification, "root of the fields differs from the header");
  return {};
}

const Bytes* FindField(const Body& body, std::string_view name) {
  for (const Slot& slot : body.slots)
    if (const Field* field = std::get_if<Field>(&slot); field && field->name == name)
      return &field->value;
  return nullptr;
}

}  // namespace geflecht::log
