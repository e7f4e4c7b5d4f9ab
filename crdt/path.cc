#include "crdt/path.h"

#include <algorithm>
#include <charconv>
#include <limits>

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

// The child at `step` of a container, or kNoNumber.
Number Step(const Engine& engine, Number at, const std::string& step) {
  const Container& container = engine.at(at);
  if (container.type == ContainerType::kMap) {
    if (at == 0)
      if (const Number declared = engine.Declared(step); declared != kNoNumber) return declared;
    const auto found = container.keys.find(step);
    if (found == container.keys.end()) return kNoNumber;
    const std::optional<RecordNumber> shown = engine.Shown(found->second);
    if (!shown) return kNoNumber;
    const auto* child = std::get_if<Number>(&engine.record(*shown).slot);
    return child != nullptr ? *child : kNoNumber;
  }
  if (container.type == ContainerType::kList) {
    const std::optional<std::size_t> index = ParseIndex(step);
    if (!index || *index >= container.sequence->items.length()) return kNoNumber;
    const ListElement& element = engine.ElementOf(at, container.sequence->items.At(*index));
    const auto* child = std::get_if<std::uint32_t>(&element);
    return child != nullptr ? *child : kNoNumber;
  }
  if (container.type == ContainerType::kTree) {
    const Number node = engine.NodeOf(at, step, static_cast<Node>(engine.graph().size()));
    return node != kNoNumber && node != at && engine.IsShownNode(node) ? node : kNoNumber;
  }
  return kNoNumber;
}

Result<Number> Walk(const Engine& engine, const std::vector<std::string>& steps,
                    std::size_t count) {
  Number at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    at = Step(engine, at, steps[i]);
    if (at == kNoNumber) return Fail(Code::kNotFound, "no such place in the document");
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

Result<Number> FindContainer(const Engine& engine, std::string_view path) {
  const auto steps = SplitPath(path);
  if (!steps) return Fail(Code::kUsage, "the path is no JSON Pointer");
  return Walk(engine, *steps, steps->size());
}

Result<Number> FindContainer(const Engine& engine, std::string_view path, ContainerType type) {
  ASSIGN(const Number number, FindContainer(engine, path));
  if (engine.at(number).type != type) return Fail(Code::kUsage, "another type stands there");
  return number;
}

Result<KeyPlace> FindKey(const Engine& engine, std::string_view path) {
  const auto steps = SplitPath(path);
  if (!steps || steps->empty()) return Fail(Code::kUsage, "the path names no key");
  ASSIGN(const Number map, Walk(engine, *steps, steps->size() - 1));
  if (engine.at(map).type != ContainerType::kMap)
    return Fail(Code::kUsage, "another type stands there");
  return KeyPlace{map, steps->back()};
}

Register ReadRegister(const Engine& engine, Number map, const std::string& key) {
  if (map == 0) {
    if (const Number declared = engine.Declared(key); declared != kNoNumber) {
      const Child child{engine.at(declared).type, engine.IdOf(declared)};
      return {key, {Writing{.slot = child, .removed = false, .change = {}, .agent = {}}}};
    }
  }
  return {key, engine.Writings(map, key)};
}

std::vector<Register> ReadMap(const Engine& engine, Number map) {
  std::vector<std::string> declared;
  if (map == 0) {
    for (const FieldSpec& field : engine.schema().fields)
      if (field.type != FieldType::kValue) declared.push_back(field.key);
    std::sort(declared.begin(), declared.end());
  }
  std::vector<Register> out;
  auto next = declared.begin();
  const auto add = [&](const std::string& key) {
    Register found = ReadRegister(engine, map, key);
    if (!found.writings.empty() && !found.writings[0].removed) out.push_back(std::move(found));
  };
  for (const auto& [key, standing] : engine.at(map).keys) {
    while (next != declared.end() && *next < key) add(*next++);
    add(key);
  }
  while (next != declared.end()) add(*next++);
  return out;
}

std::vector<Slot> ReadList(const Engine& engine, Number list) {
  const Sequence& sequence = *engine.at(list).sequence;
  std::vector<Slot> out;
  out.reserve(static_cast<std::size_t>(sequence.items.length()));
  for (const LiveItems::Stretch& stretch : sequence.items.All())
    for (std::uint32_t i = 0; i < stretch.count; ++i)
      out.push_back(engine.SlotOf(engine.ElementOf(list, stretch.item + i)));
  return out;
}

std::int64_t ReadCounter(const Engine& engine, Number counter) {
  using Limits = std::numeric_limits<std::int64_t>;
  const Total sum = engine.at(counter).counter->sum - engine.at(counter).counter->silent;
  return static_cast<std::int64_t>(std::clamp<Total>(sum, Limits::min(), Limits::max()));
}

}  // namespace geflecht::crdt
