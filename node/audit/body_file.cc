#include "node/audit/body_file.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <optional>

#include "base/limits.h"
#include "crdt/utf8.h"
#include "node/crypto/base64.h"

namespace geflecht::audit {
namespace {

namespace json = boost::json;

// A body of 896 KiB in which every byte is written as \u00xx, and its leaves, salts and names.
constexpr std::size_t kLineBytesMax = 6 * limits::kBodyBytesMax + limits::kFieldsMax * 256;

std::string SlotText(const log::Slot& slot) {
  const log::Field* field = std::get_if<log::Field>(&slot);
  if (field == nullptr) return "{\"leaf\":\"" + std::get<crypto::Hash256>(slot).Hex() + "\"}";
  std::string out = "{\"salt\":\"" + field->salt.Hex() + "\",\"name\":\"" + field->name + "\",";
  const std::string_view text = AsText(field->value);
  if (crdt::IsUtf8(text))
    return out + "\"value\":" + json::serialize(json::string_view(text.data(), text.size())) + "}";
  return out + "\"base64\":\"" + crypto::ToBase64(field->value) + "\"}";
}

std::optional<std::string_view> TextOf(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_string()) return std::nullopt;
  const json::string& text = value->get_string();
  return std::string_view(text.data(), text.size());
}

std::optional<log::Slot> ReadSlot(const json::value& from) {
  if (!from.is_object()) return std::nullopt;
  const json::object& object = from.get_object();
  if (const auto leaf = TextOf(object, "leaf")) {
    const auto hash = crypto::Hash256::FromHexText(*leaf);
    return hash ? std::optional<log::Slot>(*hash) : std::nullopt;
  }
  const auto salt_text = TextOf(object, "salt");
  const auto name = TextOf(object, "name");
  if (!salt_text || !name) return std::nullopt;
  const auto salt = log::Salt::FromHexText(*salt_text);
  if (!salt) return std::nullopt;
  if (const auto value = TextOf(object, "value"))
    return log::Field{*salt, std::string(*name), ToBytes(*value)};
  const auto base64 = TextOf(object, "base64");
  if (!base64) return std::nullopt;
  auto value = crypto::FromBase64(*base64);
  if (!value) return std::nullopt;
  return log::Field{*salt, std::string(*name), *std::move(value)};
}

}  // namespace

std::string RenderBodyLine(const log::EntryId& entry, const log::Body& body) {
  std::string out = "{\"entry\":\"" + entry.Hex() + "\",\"slots\":[";
  for (std::size_t i = 0; i < body.slots.size(); ++i) {
    if (i > 0) out += ',';
    out += SlotText(body.slots[i]);
  }
  return out + "]}\n";
}

Result<BodyLine> ParseBodyLine(std::string_view line) {
  if (line.size() > kLineBytesMax) return Fail(Code::kTooLarge, "the line is too long for a body");
  json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code error;
  const json::value value =
      json::parse(json::string_view(line.data(), line.size()), error, {}, options);
  if (error) return Fail(Code::kMalformed, "no JSON text");
  const json::object* object = value.if_object();
  const auto hex = object ? TextOf(*object, "entry") : std::nullopt;
  const auto entry = hex ? log::EntryId::FromHexText(*hex) : std::nullopt;
  const json::value* slots = object ? object->if_contains("slots") : nullptr;
  if (!entry || slots == nullptr || !slots->is_array())
    return Fail(Code::kMalformed, "an object with \"entry\" and \"slots\" expected");
  if (slots->get_array().size() > limits::kFieldsMax)
    return Fail(Code::kTooLarge, "more than 4096 slots");
  BodyLine body{*entry, {}};
  for (const json::value& from : slots->get_array()) {
    auto slot = ReadSlot(from);
    if (!slot)
      return Fail(Code::kMalformed,
                  "slot " + std::to_string(body.body.slots.size()) + " is neither field nor leaf");
    body.body.slots.push_back(*std::move(slot));
  }
  TRY(log::CheckBody(body.body));
  // JSON has many spellings of one value, doubled and additional members among them.
  const std::string again = RenderBodyLine(body.entry, body.body);
  if (std::string_view(again).substr(0, again.size() - 1) != line)
    return Fail(Code::kMalformed, "not the one spelling of this body");
  return body;
}

std::string RenderFieldText(const log::Field& field) {
  return field.salt.Hex() + "\n" + field.name + "\n" + ToText(field.value);
}

std::optional<log::Field> ParseFieldText(std::string_view text) {
  constexpr std::size_t kSalt = 2 * log::Salt::kSize;
  const auto salt = log::Salt::FromHexText(text.substr(0, kSalt));
  if (!salt || text.size() <= kSalt || text[kSalt] != '\n') return std::nullopt;
  const std::size_t end = text.find('\n', kSalt + 1);
  if (end == std::string_view::npos) return std::nullopt;
  return log::Field{*salt, std::string(text.substr(kSalt + 1, end - kSalt - 1)),
                    ToBytes(text.substr(end + 1))};
}

log::Body Withheld(const log::Body& body) {
  log::Body out;
  for (const log::Slot& slot : body.slots) {
    const log::Field* field = std::get_if<log::Field>(&slot);
    out.slots.emplace_back(field ? log::FieldLeaf(*field) : std::get<crypto::Hash256>(slot));
  }
  return out;
}

}  // namespace geflecht::audit
