#include "crdt/edit_columns.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "crdt/container_id.h"
#include "crdt/layout.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {

using namespace columns;  // NOLINT(google-build-using-namespace): the names of this file's format

columns::Views EditColumns::views() const {
  Views views;
  for (std::size_t i = 0; i < kColumns; ++i) views[i] = columns_[i];
  return views;
}

void EditColumns::Append(const std::vector<Edit>& edits, const EventGraph& graph,
                         std::span<const std::uint32_t> containers) {
  graph_ = &graph;
  AppendVarint(columns_[kCounts], edits.size());
  for (std::size_t i = 0; i < edits.size(); ++i) {
    number_ = i < containers.size() ? containers[i] : kNoHint;
    std::visit([this](const auto& kind) { Put(kind); }, edits[i]);
  }
  ++changes_;
}

void EditColumns::PutName(const ContainerId& id) { PutName(id, kNoHint); }

EditColumns::Names::value_type& EditColumns::PutName(const ContainerId& id, std::uint32_t hint) {
  if (hint < names_by_number_.size()) {
    Names::value_type* const known = names_by_number_[hint];
    if (known != nullptr && SameText(known->first, id)) {
      AppendVarint(columns_[kContainers], known->second.number);
      return *known;
    }
  }
  const auto [at, fresh] = names_.try_emplace(id, Name{names_.size(), 0});
  AppendVarint(columns_[kContainers], at->second.number);
  if (fresh) PutNewName(id);
  if (hint != kNoHint) {
    if (hint >= names_by_number_.size()) names_by_number_.resize(hint + 1);
    names_by_number_[hint] = &*at;
  }
  return *at;
}

void EditColumns::PutNewName(const ContainerId& id) {
  Bytes& out = columns_[kContainers];
  const std::optional<ContainerName> parsed = ParseContainerId(id);
  const std::optional<Node> creator = parsed && parsed->kind == ContainerName::Kind::kCreated
                                          ? graph_->Find(parsed->change)
                                          : std::nullopt;
  if (parsed && parsed->kind == ContainerName::Kind::kRoot) {
    out.push_back(kRoot);
  } else if (parsed && parsed->kind == ContainerName::Kind::kOwn) {
    out.push_back(kOwn);
    AppendVarint(out, parsed->event);
  } else if (creator) {
    out.push_back(kCreated);
    AppendVarint(out, *creator);
    AppendVarint(out, parsed->event);
  } else {
    const bool declared = parsed && parsed->kind == ContainerName::Kind::kDeclared;
    out.push_back(declared ? kDeclared : kForeign);
    const std::string_view text = std::string_view(id).substr(declared ? 1 : 0);
    AppendVarint(out, text.size());
    geflecht::Append(out, text);
  }
}

void EditColumns::PutKey(std::string_view key) {
  Bytes& out = columns_[kKeys];
  // Keys of records come again and again.
  std::uint64_t head = 0;
  std::memcpy(&head, key.data(), std::min(key.size(), sizeof(head)));
  const Keys::value_type*& recent =
      recent_keys_[((head + key.size()) * 0x9E3779B97F4A7C15u) >> (64 - kRecentBits)];
  if (recent != nullptr && SameText(recent->first, key)) return AppendVarint(out, recent->second);
  auto at = keys_.lower_bound(key);
  if (at == keys_.end() || at->first != key) {
    at = keys_.emplace_hint(at, key, keys_.size());
    AppendVarint(out, at->second);
    AppendVarint(out, key.size());
    geflecht::Append(out, key);
  } else {
    AppendVarint(out, at->second);
  }
  recent = &*at;
}

void EditColumns::PutPosition(std::uint64_t from, std::uint64_t next) {
  AppendVarint(columns_[kPositions], ZigZag(static_cast<std::int64_t>(from - last_->cursor)));
  last_->cursor = next;
}

void EditColumns::PutContent(Column column, std::string_view content) {
  PutNumber(content.size());
  geflecht::Append(columns_[column], content);
}

void EditColumns::PutValue(const Value& value) {
  Bytes& tags = columns_[kNumbers];
  if (const auto* flag = std::get_if<bool>(&value)) {
    tags.push_back(*flag ? kTrue : kFalse);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    tags.push_back(kInt);
    AppendVarint(columns_[kContent], ZigZag(*number));
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    tags.push_back(kString);
    PutContent(kContent, *text);
  } else if (const auto* absent = std::get_if<Absent>(&value)) {
    tags.push_back(absent->gap == Gap::kErased ? kErasedValue : kMissingValue);
    tags.push_back(static_cast<std::uint8_t>(absent->kind));
    PutNumber(absent->bytes);
  } else {
    tags.push_back(kNull);
  }
}

void EditColumns::PutSlot(const NewSlot& slot) {
  if (const auto* value = std::get_if<Value>(&slot)) return PutValue(*value);
  columns_[kNumbers].push_back(kChild);
  columns_[kNumbers].push_back(static_cast<std::uint8_t>(std::get<ContainerType>(slot)));
}

void EditColumns::PutOptional(const std::optional<Value>& value) {
  if (value) return PutValue(*value);
  columns_[kNumbers].push_back(kNothing);
}

void EditColumns::PutCode(std::uint8_t operation, const std::optional<AbsentText>& absent,
                          bool sized) {
  std::uint8_t code = operation;
  if (absent) code |= kAbsent;
  if (sized || (absent && absent->gap == Gap::kErased)) code |= kErased;
  columns_[kCodes].push_back(code);
}

void EditColumns::Put(const SetKey& edit) {
  BeginEdit(edit.map, !edit.slot ? layout::kRemoveKey : layout::kSetValue, edit.absent_key);
  if (edit.absent_key) {
    PutNumber(edit.absent_key->bytes);
  } else {
    PutKey(edit.key);
  }
  if (edit.slot) PutSlot(*edit.slot);
}

void EditColumns::Put(const InsertText& edit) {
  if (edit.absent) {
    BeginEdit(edit.text, layout::kInsertText, edit.absent);
    PutPosition(edit.position, edit.position + edit.absent->points);
    AppendVarint(columns_[kInserted], edit.absent->points);
    return PutNumber(edit.absent->bytes);
  }
  const bool sized = edit.inserted.empty() || !IsUtf8(edit.inserted);
  BeginEdit(edit.text, layout::kInsertText, std::nullopt, sized);
  const std::uint64_t count = CountCodePoints(edit.inserted);
  PutPosition(edit.position, edit.position + count);
  if (sized) return PutContent(kText, edit.inserted);
  AppendVarint(columns_[kInserted], count);
  geflecht::Append(columns_[kText], edit.inserted);
}

void EditColumns::Put(const InsertItems& edit) {
  BeginEdit(edit.list, layout::kInsertItems);
  PutPosition(edit.position, edit.position + edit.items.size());
  AppendVarint(columns_[kInserted], edit.items.size());
  for (const NewSlot& item : edit.items) PutSlot(item);
}

// What is removed backwards ends where the one before it began.
void EditColumns::Put(const Remove& edit) {
  BeginEdit(edit.sequence, layout::kRemove);
  PutPosition(edit.position + edit.count, edit.position);
  AppendVarint(columns_[kRemoved], edit.count);
}

void EditColumns::Put(const Add& edit) {
  BeginEdit(edit.counter, layout::kAdd);
  PutNumber(ZigZag(edit.delta));
}

void EditColumns::Put(const SetItem& edit) {
  BeginEdit(edit.list, layout::kSetItem);
  PutPosition(edit.position, edit.position);
  PutSlot(edit.slot);
}

void EditColumns::Put(const MoveItem& edit) {
  BeginEdit(edit.list, layout::kMoveItem);
  PutPosition(edit.from, edit.from);
  PutPosition(edit.to, edit.to);
}

void EditColumns::Put(const CreateNode& edit) {
  BeginEdit(edit.tree, layout::kCreateNode);
  PutName(edit.parent);
  PutContent(kContent, edit.order);
}

void EditColumns::Put(const MoveNode& edit) {
  BeginEdit(edit.tree, layout::kMoveNode);
  PutName(edit.node);
  PutName(edit.parent);
  PutContent(kContent, edit.order);
}

void EditColumns::Put(const RemoveNode& edit) {
  BeginEdit(edit.tree, layout::kRemoveNode);
  PutName(edit.node);
}

void EditColumns::Put(const Mark& edit) {
  BeginEdit(edit.text, layout::kMark);
  PutPosition(edit.from, edit.to);
  AppendVarint(columns_[kInserted], edit.to - edit.from);
  columns_[kNumbers].push_back(static_cast<std::uint8_t>(edit.expand));
  PutKey(edit.key);
  PutOptional(edit.value);
}

void EditColumns::Put(const InsertBlock& edit) {
  BeginEdit(edit.text, layout::kInsertBlock);
  PutPosition(edit.position, edit.position + 1);
  PutNumber(edit.attributes.size());
  for (const auto& [key, value] : edit.attributes) {
    PutKey(key);
    PutValue(value);
  }
}

void EditColumns::Put(const SetBlock& edit) {
  BeginEdit(edit.text, layout::kSetBlock);
  PutPosition(edit.position, edit.position);
  PutKey(edit.key);
  PutOptional(edit.value);
}

void EditColumns::BeginEdit(const ContainerId& id, std::uint8_t operation,
                            const std::optional<AbsentText>& absent, bool sized) {
  if (last_id_ != nullptr && SameText(*last_id_, id))
    return PutCode(operation | kSameContainer, absent, sized);
  PutCode(operation, absent, sized);
  Names::value_type& name = PutName(id, number_);
  last_id_ = &name.first;
  last_ = &name.second;
}

}  // namespace geflecht::crdt
