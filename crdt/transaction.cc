#include <utility>

#include "base/limits.h"
#include "crdt/diff.h"
#include "crdt/document.h"
#include "crdt/path.h"
#include "crdt/state.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {
namespace {

// Removes what is shown there.
Result<void> RemoveShown(Engine& engine, Number number, std::uint64_t position,
                         std::uint64_t count) {
  if (!engine.at(number).sequence->silent)
    return Staged(engine.StageRemove(number, position, count));
  const auto stretches = engine.Written(number, position, count);
  if (!stretches) return Fail(Code::kUsage, "removed-by-excluded");
  for (const auto& [from, size] : *stretches) TRY(Staged(engine.StageRemove(number, from, size)));
  return {};
}

Result<void> SetShown(Engine& engine, Number list, std::uint64_t position, const NewSlot& slot) {
  const auto stretches = engine.Written(list, position, 1);
  if (!stretches) return Fail(Code::kUsage, "removed-by-excluded");
  return Staged(engine.StageSetItem(list, stretches->front().first, slot));
}

}  // namespace

Result<void> Refused(std::string_view reason) { return Fail(Code::kUsage, std::string(reason)); }

Result<Number> Document::State::EditAt(std::string_view path, ContainerType type) {
  Result<Number> number = At(path, type);
  if (!number) return Fail(Code::kUsage, number.error().detail);
  return number;
}

// For an edit, a place that does not exist is wrong use like every other mistake.
Result<KeyPlace> Document::State::KeyAt(std::string_view path) {
  Result<KeyPlace> place = FindKey(engine, path, &known_map);
  if (!place) return Fail(Code::kUsage, place.error().detail);
  return place;
}

Result<void> Transaction::Set(std::string_view path, Value value) {
  Engine& engine = document_.state_->engine;
  ASSIGN(const KeyPlace place, document_.state_->KeyAt(path));
  return Staged(engine.StageSet(place.map, place.key, NewSlot(std::move(value))));
}

Result<void> Transaction::SetChild(std::string_view path, ContainerType type) {
  Engine& engine = document_.state_->engine;
  ASSIGN(const KeyPlace place, document_.state_->KeyAt(path));
  return Staged(engine.StageSet(place.map, place.key, NewSlot(type)));
}

Result<void> Transaction::RemoveKey(std::string_view path) {
  Engine& engine = document_.state_->engine;
  ASSIGN(const KeyPlace place, document_.state_->KeyAt(path));
  const Result<Register> found = document_.Get(path);
  if (!found) return Fail(Code::kUsage, found.error().detail);
  return Staged(engine.StageSet(place.map, place.key, std::nullopt));
}

Result<void> Transaction::InsertText(std::string_view path, std::uint64_t position,
                                     std::string_view text) {
  Document::State& state = *document_.state_;
  Number number = state.Remembered(path, ContainerType::kText);
  if (number == kNoNumber) {
    ASSIGN(number, state.EditAt(path, ContainerType::kText));
  }
  Engine& engine = state.engine;
  return Staged(engine.StageInsertText(number, engine.WrittenGap(number, position), text));
}

Result<void> Transaction::RemoveText(std::string_view path, std::uint64_t position,
                                     std::uint64_t count) {
  Document::State& state = *document_.state_;
  Number number = state.Remembered(path, ContainerType::kText);
  if (number == kNoNumber) {
    ASSIGN(number, state.EditAt(path, ContainerType::kText));
  }
  return RemoveShown(state.engine, number, position, count);
}

Result<void> Transaction::ReplaceText(std::string_view path, std::string_view text) {
  if (!IsUtf8(text)) return Fail(Code::kUsage, "invalid-utf8");
  if (CountCodePoints(text) > limits::kTextCodePointsMax) return Fail(Code::kUsage, "too-long");
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kText));
  Engine& engine = document_.state_->engine;
  const std::string before = engine.at(number).sequence->rope.Text();
  for (const Splice& splice : DiffText(before, text)) {
    if (splice.removed > 0) TRY(RemoveShown(engine, number, splice.position, splice.removed));
    if (!splice.inserted.empty())
      TRY(Staged(engine.StageInsertText(number, engine.WrittenGap(number, splice.position),
                                        splice.inserted)));
  }
  return {};
}

Result<void> Transaction::Mark(std::string_view path, std::uint64_t from, std::uint64_t to,
                               std::string_view key, std::optional<Value> value, Expand expand) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kText));
  Engine& engine = document_.state_->engine;
  if (from < to) {
    const auto stretches = engine.Written(number, from, to - from);
    if (!stretches) return Fail(Code::kUsage, "removed-by-excluded");
    from = stretches->back().first;
    to = stretches->front().first + stretches->front().second;
  }
  return Staged(
      engine.StageMark(number, {{}, from, to, std::string(key), std::move(value), expand}));
}

Result<void> Transaction::InsertBlock(std::string_view path, std::uint64_t position,
                                      std::map<std::string, Value> attributes) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kText));
  Engine& engine = document_.state_->engine;
  return Staged(engine.StageInsertBlock(number, engine.WrittenGap(number, position), attributes));
}

Result<void> Transaction::SetBlock(std::string_view path, std::uint64_t position,
                                   std::string_view key, std::optional<Value> value) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kText));
  Engine& engine = document_.state_->engine;
  const auto stretches = engine.Written(number, position, 1);
  if (!stretches) return Fail(Code::kUsage, "removed-by-excluded");
  return Staged(engine.StageSetBlock(
      number, {{}, stretches->front().first, std::string(key), std::move(value)}));
}

Result<void> Transaction::InsertItem(std::string_view path, std::uint64_t position, Value value) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kList));
  Engine& engine = document_.state_->engine;
  return Staged(engine.StageInsertItems(number, engine.WrittenGap(number, position),
                                        {NewSlot(std::move(value))}));
}

Result<void> Transaction::InsertChild(std::string_view path, std::uint64_t position,
                                      ContainerType type) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kList));
  Engine& engine = document_.state_->engine;
  return Staged(
      engine.StageInsertItems(number, engine.WrittenGap(number, position), {NewSlot(type)}));
}

Result<void> Transaction::RemoveItems(std::string_view path, std::uint64_t position,
                                      std::uint64_t count) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kList));
  return RemoveShown(document_.state_->engine, number, position, count);
}

Result<void> Transaction::SetItem(std::string_view path, std::uint64_t position, Value value) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kList));
  return SetShown(document_.state_->engine, number, position, NewSlot(std::move(value)));
}

Result<void> Transaction::SetItemChild(std::string_view path, std::uint64_t position,
                                       ContainerType type) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kList));
  return SetShown(document_.state_->engine, number, position, NewSlot(type));
}

Result<void> Transaction::MoveItem(std::string_view path, std::uint64_t from, std::uint64_t to) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kList));
  Engine& engine = document_.state_->engine;
  const auto stretches = engine.Written(number, from, 1);
  if (!stretches) return Fail(Code::kUsage, "removed-by-excluded");
  return Staged(
      engine.StageMoveItem(number, stretches->front().first, engine.WrittenGap(number, to)));
}

Result<void> Transaction::Increment(std::string_view path, std::int64_t delta) {
  ASSIGN(const Number number, document_.state_->EditAt(path, ContainerType::kCounter));
  return Staged(document_.state_->engine.StageAdd(number, delta));
}

Result<void> Transaction::Stage(const crdt::Edit& edit) {
  return Staged(document_.state_->engine.Stage(edit));
}

}  // namespace geflecht::crdt
