#include "crdt/path.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

#include "crdt/container_id.h"

namespace geflecht::crdt {
namespace {

std::optional<std::size_t> ParseIndex(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The child at `step` of a container.
std::optional<Replay::Number> Step(const Replay& replay, Replay::Number at,
                                   const std::string& step) {
  const ContainerType type = replay.at(at).type;
  std::optional<Slot> slot;
  if (type == ContainerType::kMap) {
    const Register found = ReadRegister(replay, at, step);
    if (!found.writings.empty()) slot = found.writings[0].slot;
  } else if (type == ContainerType::kList) {
    const std::vector<Slot> items = ReadList(replay, at);
    const std::optional<std::size_t> index = ParseIndex(step);
    if (index && *index < items.size()) slot = items[*index];
  }
  if (!slot || !std::holds_alternative<Child>(*slot)) return std::nullopt;
  return replay.Find(std::get<Child>(*slot).id);
}

Result<Replay::Number> Walk(const Replay& replay, const std::vector<std::string>& steps,
                            std::size_t count) {
  Replay::Number at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::optional<Replay::Number> next = Step(replay, at, steps[i]);
    if (!next) return Fail(Code::kNotFound, "no such place in the document");
    at = *next;
  }
  return at;
}

}  // namespace

std::optional<std::vector<std::string>> SplitPath(std::string_view path) {
  std::vector<std::string> steps;
  if (path.empty()) return steps;
  if (path[0] != '/') return std::nullopt;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '/') {
      steps.emplace_back();
    } else if (path[i] == '~') {
      if (++i == path.size() || (path[i] != '0' && path[i] != '1')) return std::nullopt;
      steps.back().push_back(path[i] == '0' ? '~' : '/');
    } else {
      steps.back().push_back(path[i]);
    }
  }
  return steps;
}

std::string JoinPath(std::string_view parent, std::string_view key) {
  std::string out(parent);
  out.push_back('/');
  for (const char c : key) {
    if (c == '~' || c == '/') {
      out += c == '~' ? "~0" : "~1";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

Result<Replay::Number> FindContainer(const Replay& replay, std::string_view path) {
  const auto steps = SplitPath(path);
  if (!steps) return Fail(Code::kUsage, "the path is no JSON Pointer");
  return Walk(replay, *steps, steps->size());
}

Result<Replay::Number> FindContainer(const Replay& replay, std::string_view path,
                                     ContainerType type) {
  ASSIGN(const Replay::Number number, FindContainer(replay, path));
  if (replay.at(number).type != type) return Fail(Code::kUsage, "another type stands there");
  return number;
}

Result<KeyPlace> FindKey(const Replay& replay, std::string_view path) {
  const auto steps = SplitPath(path);
  if (!steps || steps->empty()) return Fail(Code::kUsage, "the path names no key");
  ASSIGN(const Replay::Number map, Walk(replay, *steps, steps->size() - 1));
  if (replay.at(map).type != ContainerType::kMap)
    return Fail(Code::kUsage, "another type stands there");
  return KeyPlace{map, steps->back()};
}

Register ReadRegister(const Replay& replay, Replay::Number map, const std::string& key) {
  if (map == 0) {
    if (const auto declared = replay.Find(DeclaredId(key))) {
      const Child child{replay.at(*declared).type, replay.at(*declared).id};
      return {key, {Writing{.slot = child, .removed = false, .change = {}, .agent = {}}}};
    }
  }
  return {key, replay.Writings(replay.at(map), key)};
}

std::vector<Register> ReadMap(const Replay& replay, Replay::Number map) {
  std::set<std::string> keys;
  for (const auto& [key, entries] : replay.at(map).keys) keys.insert(key);
  if (map == 0) {
    for (const FieldSpec& field : replay.schema().fields)
      if (field.type != FieldType::kValue) keys.insert(field.key);
  }
  std::vector<Register> out;
  for (const std::string& key : keys) {
    Register found = ReadRegister(replay, map, key);
    if (!found.writings.empty() && !found.writings[0].removed) out.push_back(std::move(found));
  }
  return out;
}

std::vector<Slot> ReadList(const Replay& replay, Replay::Number list) {
  const Replay::Container& container = replay.at(list);
  std::vector<Slot> out;
  for (const Sequence::Item item : container.sequence.Visible())
    out.push_back(container.slots[item]);
  return out;
}

std::u32string ReadText(const Replay& replay, Replay::Number text) {
  const Replay::Container& container = replay.at(text);
  std::u32string out;
  for (const Sequence::Item item : container.sequence.Visible())
    out.push_back(container.points[item]);
  return out;
}

std::int64_t ReadCounter(const Replay& replay, Replay::Number counter) {
  using Limits = std::numeric_limits<std::int64_t>;
  const Total sum = replay.at(counter).sum;
  return static_cast<std::int64_t>(std::clamp<Total>(sum, Limits::min(), Limits::max()));
}

}  // namespace geflecht::crdt
