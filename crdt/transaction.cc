#include <utility>

#include "base/limits.h"
#include "crdt/diff.h"
#include "crdt/document.h"
#include "crdt/path.h"
#include "crdt/state.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {
namespace {

// For an edit, a place that does not exist is wrong use like every other mistake.
Result<ContainerId> IdAt(const Replay& replay, std::string_view path, ContainerType type) {
  const Result<Replay::Number> number = FindContainer(replay, path, type);
  if (!number) return Fail(Code::kUsage, number.error().detail);
  return replay.at(*number).id;
}

Result<SetKey> KeyAt(const Replay& replay, std::string_view path) {
  const Result<KeyPlace> place = FindKey(replay, path);
  if (!place) return Fail(Code::kUsage, place.error().detail);
  return SetKey{.map = replay.at(place->map).id, .key = place->key, .slot = {}};
}

}  // namespace

Result<void> Transaction::Set(std::string_view path, Value value) {
  ASSIGN(SetKey edit, KeyAt(document_.state_->Current(), path));
  edit.slot = std::move(value);
  return document_.state_->Stage(std::move(edit));
}

Result<void> Transaction::SetChild(std::string_view path, ContainerType type) {
  ASSIGN(SetKey edit, KeyAt(document_.state_->Current(), path));
  edit.slot = type;
  return document_.state_->Stage(std::move(edit));
}

Result<void> Transaction::RemoveKey(std::string_view path) {
  const Replay& replay = document_.state_->Current();
  ASSIGN(SetKey edit, KeyAt(replay, path));
  const Result<Register> found = document_.Get(path);
  if (!found) return Fail(Code::kUsage, found.error().detail);
  return document_.state_->Stage(std::move(edit));
}

Result<void> Transaction::InsertText(std::string_view path, std::uint64_t position,
                                     std::string_view text) {
  ASSIGN(ContainerId id, IdAt(document_.state_->Current(), path, ContainerType::kText));
  return document_.state_->Stage(crdt::InsertText{std::move(id), position, std::string(text)});
}

Result<void> Transaction::RemoveText(std::string_view path, std::uint64_t position,
                                     std::uint64_t count) {
  ASSIGN(ContainerId id, IdAt(document_.state_->Current(), path, ContainerType::kText));
  return document_.state_->Stage(Remove{std::move(id), position, count});
}

Result<void> Transaction::ReplaceText(std::string_view path, std::string_view text) {
  if (!IsUtf8(text)) return Fail(Code::kUsage, "invalid-utf8");
  if (CountCodePoints(text) > limits::kTextCodePointsMax) return Fail(Code::kUsage, "too-long");
  ASSIGN(const ContainerId id, IdAt(document_.state_->Current(), path, ContainerType::kText));
  ASSIGN(const std::string before, document_.Text(path));
  for (const Splice& splice : DiffText(before, text)) {
    if (splice.removed > 0)
      TRY(document_.state_->Stage(Remove{id, splice.position, splice.removed}));
    if (!splice.inserted.empty())
      TRY(document_.state_->Stage(crdt::InsertText{id, splice.position, splice.inserted}));
  }
  return {};
}

Result<void> Transaction::InsertItem(std::string_view path, std::uint64_t position, Value value) {
  ASSIGN(ContainerId id, IdAt(document_.state_->Current(), path, ContainerType::kList));
  return document_.state_->Stage(InsertItems{std::move(id), position, {std::move(value)}});
}

Result<void> Transaction::InsertChild(std::string_view path, std::uint64_t position,
                                      ContainerType type) {
  ASSIGN(ContainerId id, IdAt(document_.state_->Current(), path, ContainerType::kList));
  return document_.state_->Stage(InsertItems{std::move(id), position, {type}});
}

Result<void> Transaction::RemoveItems(std::string_view path, std::uint64_t position,
                                      std::uint64_t count) {
  ASSIGN(ContainerId id, IdAt(document_.state_->Current(), path, ContainerType::kList));
  return document_.state_->Stage(Remove{std::move(id), position, count});
}

Result<void> Transaction::Increment(std::string_view path, std::int64_t delta) {
  ASSIGN(ContainerId id, IdAt(document_.state_->Current(), path, ContainerType::kCounter));
  return document_.state_->Stage(Add{std::move(id), delta});
}

}  // namespace geflecht::crdt
