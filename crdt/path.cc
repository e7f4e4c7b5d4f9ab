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
Number Step(const Engine& engine, Number at, std::string_view step) {
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

bool IsPointer(std::string_view path) {
  if (!path.empty() && path[0] != '/') return false;
  for (std::size_t at = path.find('~'); at != std::string_view::npos; at = path.find('~', at + 1))
    if (at + 1 == path.size() || (path[at + 1] != '0' && path[at + 1] != '1')) return false;
  return true;
}

std::string Unescaped(std::string_view step) {
  std::string out;
  for (std::size_t i = 0; i < step.size(); ++i)
    out.push_back(step[i] != '~' ? step[i] : step[++i] == '0' ? '~' : '/');
  return out;
}

Result<Number> Walk(const Engine& engine, std::string_view path) {
  Number at = 0;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view step = path.substr(1, end - 1);
    path.remove_prefix(end);
    at = step.find('~') == std::string_view::npos ? Step(engine, at, step)
                                                  : Step(engine, at, Unescaped(step));
    if (at == kNoNumber) return Fail(Code::kNotFound, "no such place in the document");
  }
  return at;
}

}  // namespace

std::optional<std::vector<std::string>> SplitPath(std::string_view path) {
  if (!IsPointer(path)) return std::nullopt;
  std::vector<std::string> steps;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    steps.push_back(Unescaped(path.substr(1, end - 1)));
    path.remove_prefix(end);
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
  if (!IsPointer(path)) return Fail(Code::kUsage, "the path is no JSON Pointer");
  return Walk(engine, path);
}

Result<Number> FindContainer(const Engine& engine, std::string_view path, ContainerType type) {
  ASSIGN(const Number number, FindContainer(engine, path));
  if (engine.at(number).type != type) return Fail(Code::kUsage, "another type stands there");
  return number;
}

Result<KeyPlace> FindKey(const Engine& engine, std::string_view path, KnownMap* known) {
  if (path.empty() || !IsPointer(path)) return Fail(Code::kUsage, "the path names no key");
  const std::size_t last = path.rfind('/');
  const std::string_view above = path.substr(0, last);
  Number map = known != nullptr ? known->Find(engine, above) : kNoNumber;
  if (map == kNoNumber) {
    ASSIGN(map, Walk(engine, above));
    if (engine.at(map).type != ContainerType::kMap)
      return Fail(Code::kUsage, "another type stands there");
    if (known != nullptr) known->Remember(engine, above, map);
  }
  const std::string_view key = path.substr(last + 1);
  return KeyPlace{map, key.find('~') == std::string_view::npos ? std::string(key) : Unescaped(key)};
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
