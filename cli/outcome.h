// What a command hands back: the same facts for people and for programs.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "base/result.h"

namespace geflecht::cli {

using Json = boost::json::value;

struct Outcome {
  boost::json::object keys;        // of the result line, without "type" and "ok"
  std::string text;                // for people, complete lines, already safe for a terminal
  std::optional<Error> shortfall;  // the command did its work, but not all is well
  std::optional<int> exit;         // instead of the shortfall's exit code
};

// Members of the node's answers. Missing ones and ones of another type are empty, 0 or false.
inline std::string TextOf(const boost::json::object& from, std::string_view key) {
  const Json* value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}
inline std::int64_t NumberOf(const boost::json::object& from, std::string_view key) {
  const Json* value = from.if_contains(key);
  if (value == nullptr) return 0;
  if (value->is_uint64()) return static_cast<std::int64_t>(value->as_uint64());
  return value->is_int64() ? value->as_int64() : 0;
}
inline bool FlagOf(const boost::json::object& from, std::string_view key) {
  const Json* value = from.if_contains(key);
  return value != nullptr && value->is_bool() && value->as_bool();
}

}  // namespace geflecht::cli
