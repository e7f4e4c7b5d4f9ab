// Paths of a document: JSON Pointers (RFC 6901). "" is the root map, "/items/0/name" a key of the
// first item of a list; "~1" and "~0" in a key stand for "/" and "~".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crdt/engine.h"
#include "crdt/short_text.h"

namespace geflecht::crdt {

// The keys and indexes of a path, or nothing if it is no JSON Pointer.
std::optional<std::vector<std::string>> SplitPath(std::string_view path);
std::string JoinPath(std::string_view parent, std::string_view key);

// The container at `path`. kNotFound if there is none.
Result<Number> FindContainer(const Engine& engine, std::string_view path);
// The same; kUsage if it has another type.
Result<Number> FindContainer(const Engine& engine, std::string_view path, ContainerType type);

// A container inside of maps by its path, as FindKey found it last.
class KnownMap {
 public:
  // The map at `path`, if it is the one that was found last and still stands there; kNoNumber
  // otherwise.
  Number Find(const Engine& engine, std::string_view path) const {
    return made_ == engine.made() && SameText(path, path_) && engine.IsReached(number_) ? number_
                                                                                        : kNoNumber;
  }
  void Remember(const Engine& engine, std::string_view path, Number number) {
    if (!engine.IsReached(number)) return;
    path_ = path;
    number_ = number;
    made_ = engine.made();
  }

 private:
  std::string path_;
  Number number_ = 0;  // the root, whose path is empty
  std::uint64_t made_ = 0;
};

struct KeyPlace {
  Number map = 0;
  std::string key;
};
// The map that holds the last key of `path`; the key itself may be unset. kUsage if it is no map.
Result<KeyPlace> FindKey(const Engine& engine, std::string_view path, KnownMap* known = nullptr);

// The register of a key: for a container that the schema declares, one writing of no change.
Register ReadRegister(const Engine& engine, Number map, const std::string& key);
// All keys that hold something or are in conflict, ascending.
std::vector<Register> ReadMap(const Engine& engine, Number map);
std::vector<Slot> ReadList(const Engine& engine, Number list);
// The sum, or the nearest number that the type can hold.
std::int64_t ReadCounter(const Engine& engine, Number counter);

}  // namespace geflecht::crdt
