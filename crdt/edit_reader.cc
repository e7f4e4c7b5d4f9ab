#include <utility>

#include "base/limits.h"
#include "crdt/container_id.h"
#include "crdt/edit_columns.h"
#include "crdt/layout.h"
#include "crdt/rope.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {

using namespace columns;  // NOLINT(google-build-using-namespace): the names of this file's format

namespace {

// What a name costs each time it is used: nothing, as long as it may be that of a container.
std::uint64_t CostOf(const ContainerId& id) { return id.size() < 128 ? 0 : id.size(); }

}  // namespace

EditReader::EditReader(const Views& views, const EventGraph& graph) : graph_(&graph) {
  for (const ByteView view : views) columns_.emplace_back(view);
}

bool EditReader::AtEnd() const {
  for (const ByteReader& column : columns_)
    if (!column.AtEnd()) return false;
  return true;
}

bool EditReader::Next(std::vector<Edit>& edits) {
  edits.clear();
  spent_ = 0;
  std::optional<std::uint64_t> count = columns_[kCounts].Varint();
  if (!count) return false;
  for (; *count > 0; --*count) {
    std::optional<Edit> edit = ReadEdit();
    if (!edit) return false;
    edits.push_back(*std::move(edit));
  }
  return true;
}

std::optional<Edit> EditReader::ReadEdit() {
  const std::optional<std::uint8_t> code = columns_[kCodes].Byte();
  if (!code || *code >= 2 * kErased) return std::nullopt;
  const std::uint8_t operation = *code & kOperation;
  if (*code & (kAbsent | kErased) && operation > layout::kInsertText) return std::nullopt;
  if (*code & kSameContainer) {
    if (at_ >= names_.size() || !Afford(CostOf(Container()))) return std::nullopt;
  } else {
    const std::optional<ContainerId> id = ReadName(&at_);
    if (!id) return std::nullopt;
  }
  switch (operation) {
    case layout::kRemoveKey:
    case layout::kSetValue:
      return ReadSet(*code);
    case layout::kInsertText:
      return ReadInsertText(*code);
    case layout::kInsertItems:
      return ReadInsertItems();
    case layout::kRemove:
      return ReadRemove();
    case layout::kAdd: {
      const auto delta = Number();
      if (!delta) return std::nullopt;
      return Add{Container(), UnZigZag(*delta)};
    }
    case layout::kSetItem: {
      const auto position = ReadPosition();
      std::optional<NewSlot> slot = ReadSlot();
      if (!position || !slot) return std::nullopt;
      SetCursor(*position);
      return SetItem{Container(), *position, *std::move(slot)};
    }
    case layout::kMoveItem:
      return ReadMoveItem();
    case layout::kCreateNode:
    case layout::kMoveNode:
    case layout::kRemoveNode:
      return ReadNode(operation);
    case layout::kMark:
      return ReadMark();
    case layout::kInsertBlock:
      return ReadBlock();
    case layout::kSetBlock:
      return ReadSetBlock();
    default:
      return std::nullopt;
  }
}

std::optional<ContainerId> EditReader::ReadName(std::size_t* number) {
  ByteReader& in = columns_[kContainers];
  const auto at = in.Varint();
  if (!at || *at > names_.size()) return std::nullopt;
  if (number != nullptr) *number = static_cast<std::size_t>(*at);
  if (*at < names_.size()) {
    const ContainerId& known = names_[static_cast<std::size_t>(*at)].id;
    if (!Afford(CostOf(known))) return std::nullopt;
    return known;
  }
  const auto kind = in.Byte();
  if (!kind) return std::nullopt;
  ContainerId id;
  if (*kind == kOwn) {
    const auto event = in.Varint();
    if (!event) return std::nullopt;
    id = OwnId(*event);
  } else if (*kind == kCreated) {
    const auto node = in.Varint(), event = in.Varint();
    if (!event || !node || *node >= graph_->size()) return std::nullopt;
    id = CreatedId(graph_->id(static_cast<Node>(*node)), *event);
  } else if (*kind == kDeclared || *kind == kForeign) {
    const auto size = in.Varint();
    const auto text = size ? in.Take(*size) : std::nullopt;
    if (!text) return std::nullopt;
    id = *kind == kDeclared ? DeclaredId(AsText(*text)) : ToText(*text);
  } else if (*kind != kRoot) {
    return std::nullopt;
  }
  names_.push_back({std::move(id), 0});
  return names_.back().id;
}

std::optional<std::string> EditReader::ReadKey() {
  ByteReader& in = columns_[kKeys];
  const auto at = in.Varint();
  if (!at || *at > keys_.size()) return std::nullopt;
  if (*at < keys_.size()) {
    const std::string& key = keys_[static_cast<std::size_t>(*at)];
    if (!Afford(key.size())) return std::nullopt;
    return key;
  }
  const auto size = in.Varint();
  const auto text = size ? in.Take(*size) : std::nullopt;
  if (!text || !Afford(*size)) return std::nullopt;
  keys_.push_back(ToText(*text));
  return keys_.back();
}

std::optional<std::string> EditReader::ReadContent(Column column) {
  const auto size = Number();
  const auto bytes = size ? columns_[column].Take(*size) : std::nullopt;
  if (!bytes) return std::nullopt;
  return ToText(*bytes);
}

std::optional<std::uint64_t> EditReader::ReadPosition() {
  const auto distance = columns_[kPositions].Varint();
  if (!distance) return std::nullopt;
  return names_[at_].cursor + static_cast<std::uint64_t>(UnZigZag(*distance));
}

// Keys of marks and attributes may fill `structure`, beside content that is not here.
bool EditReader::Afford(std::uint64_t bytes) {
  constexpr std::uint64_t kMost = limits::kFieldBytesMax + limits::kBodyBytesMax;
  if (bytes > kMost - spent_) return false;
  spent_ += bytes;
  return true;
}

std::optional<Value> EditReader::ReadValue(std::uint8_t tag) {
  switch (tag) {
    case kNull:
      return Value();
    case kFalse:
    case kTrue:
      return Value(tag == kTrue);
    case kInt: {
      const auto number = columns_[kContent].Varint();
      if (!number) return std::nullopt;
      return Value(UnZigZag(*number));
    }
    case kString: {
      std::optional<std::string> text = ReadContent(kContent);
      if (!text) return std::nullopt;
      return Value(*std::move(text));
    }
    case kMissingValue:
    case kErasedValue: {
      const auto kind = columns_[kNumbers].Byte();
      const auto bytes = Number();
      if (!kind || *kind < 1 || *kind > 3 || !bytes || *bytes == 0 || !Afford(*bytes))
        return std::nullopt;
      return Value(Absent{tag == kErasedValue ? Gap::kErased : Gap::kMissing,
                          static_cast<Absent::Kind>(*kind), *bytes});
    }
    default:
      return std::nullopt;
  }
}

std::optional<NewSlot> EditReader::ReadSlot() {
  const auto tag = columns_[kNumbers].Byte();
  if (!tag) return std::nullopt;
  if (*tag == kChild) {
    const auto type = columns_[kNumbers].Byte();
    if (!type) return std::nullopt;
    return NewSlot(static_cast<ContainerType>(*type));
  }
  std::optional<Value> value = ReadValue(*tag);
  if (!value) return std::nullopt;
  return NewSlot(*std::move(value));
}

bool EditReader::ReadOptional(std::optional<Value>& value) {
  const auto tag = columns_[kNumbers].Byte();
  if (!tag) return false;
  if (*tag == kNothing) return true;
  value = ReadValue(*tag);
  return value.has_value();
}

std::optional<AbsentText> EditReader::ReadAbsent(std::uint8_t code, std::uint64_t points) {
  const auto bytes = Number();
  if (!bytes || *bytes == 0 || !Afford(*bytes) || points > *bytes) return std::nullopt;
  return AbsentText{code & kErased ? Gap::kErased : Gap::kMissing, points, *bytes};
}

std::optional<Edit> EditReader::ReadSet(std::uint8_t code) {
  SetKey edit{.map = Container(), .key = {}, .slot = {}};
  if (code & kAbsent) {
    edit.absent_key = ReadAbsent(code, 0);
    if (!edit.absent_key) return std::nullopt;
  } else {
    std::optional<std::string> key = ReadKey();
    if (!key || code & kErased) return std::nullopt;
    edit.key = *std::move(key);
  }
  if ((code & kOperation) == layout::kRemoveKey) return edit;
  edit.slot = ReadSlot();
  if (!edit.slot) return std::nullopt;
  return edit;
}

std::optional<Edit> EditReader::ReadInsertText(std::uint8_t code) {
  InsertText edit{.text = Container(), .position = 0, .inserted = {}};
  const auto position = ReadPosition();
  if (!position) return std::nullopt;
  edit.position = *position;
  if (!(code & kAbsent) && code & kErased) {
    std::optional<std::string> text = ReadContent(kText);
    if (!text) return std::nullopt;
    edit.inserted = *std::move(text);
    SetCursor(*position + CountCodePoints(edit.inserted));
    return edit;
  }
  const auto count = columns_[kInserted].Varint();
  if (!count) return std::nullopt;
  SetCursor(*position + *count);
  if (code & kAbsent) {
    edit.absent = ReadAbsent(code, *count);
    if (!edit.absent) return std::nullopt;
    return edit;
  }
  ByteReader& in = columns_[kText];
  const std::size_t size = BytesOfPoints(AsText(in.rest()), *count);
  edit.inserted = AsText(*in.Take(size));
  if (CountCodePoints(edit.inserted) != *count || !IsUtf8(edit.inserted)) return std::nullopt;
  return edit;
}

std::optional<Edit> EditReader::ReadInsertItems() {
  InsertItems edit{.list = Container(), .position = 0, .items = {}};
  const auto position = ReadPosition();
  const auto count = columns_[kInserted].Varint();
  if (!position || !count) return std::nullopt;
  edit.position = *position;
  SetCursor(*position + *count);
  for (std::uint64_t i = 0; i < *count; ++i) {
    std::optional<NewSlot> slot = ReadSlot();
    if (!slot) return std::nullopt;
    edit.items.push_back(*std::move(slot));
  }
  return edit;
}

std::optional<Edit> EditReader::ReadRemove() {
  const auto end = ReadPosition();
  const auto count = columns_[kRemoved].Varint();
  if (!end || !count) return std::nullopt;
  SetCursor(*end - *count);
  return Remove{Container(), *end - *count, *count};
}

std::optional<Edit> EditReader::ReadMoveItem() {
  MoveItem edit{.list = Container()};
  const auto from = ReadPosition();
  if (!from) return std::nullopt;
  SetCursor(*from);
  const auto to = ReadPosition();
  if (!to) return std::nullopt;
  SetCursor(*to);
  edit.from = *from;
  edit.to = *to;
  return edit;
}

std::optional<Edit> EditReader::ReadNode(std::uint8_t operation) {
  const ContainerId tree = Container();
  std::optional<ContainerId> first = ReadName(nullptr);
  if (!first) return std::nullopt;
  if (operation == layout::kRemoveNode) return RemoveNode{tree, *std::move(first)};
  if (operation == layout::kCreateNode) {
    std::optional<std::string> order = ReadContent(kContent);
    if (!order) return std::nullopt;
    return CreateNode{tree, *std::move(first), *std::move(order)};
  }
  std::optional<ContainerId> parent = ReadName(nullptr);
  std::optional<std::string> order = parent ? ReadContent(kContent) : std::nullopt;
  if (!order) return std::nullopt;
  return MoveNode{tree, *std::move(first), *std::move(parent), *std::move(order)};
}

std::optional<Edit> EditReader::ReadMark() {
  Mark edit{.text = Container(), .from = 0, .to = 0, .key = {}, .value = {}};
  const auto from = ReadPosition();
  const auto count = columns_[kInserted].Varint();
  const auto expand = columns_[kNumbers].Byte();
  std::optional<std::string> key = ReadKey();
  if (!from || !count || !expand || !key || !ReadOptional(edit.value)) return std::nullopt;
  edit.from = *from;
  edit.to = *from + *count;
  edit.expand = static_cast<Expand>(*expand);
  edit.key = *std::move(key);
  SetCursor(edit.to);
  return edit;
}

std::optional<Edit> EditReader::ReadBlock() {
  InsertBlock edit{.text = Container(), .position = 0, .attributes = {}};
  const auto position = ReadPosition();
  const auto count = Number();
  if (!position || !count) return std::nullopt;
  edit.position = *position;
  SetCursor(*position + 1);
  for (std::uint64_t i = 0; i < *count; ++i) {
    std::optional<std::string> key = ReadKey();
    std::optional<Value> value;
    if (!key || !ReadOptional(value) || !value) return std::nullopt;
    if (!edit.attributes.emplace(*std::move(key), *std::move(value)).second) return std::nullopt;
  }
  return edit;
}

std::optional<Edit> EditReader::ReadSetBlock() {
  SetBlock edit{.text = Container(), .position = 0, .key = {}, .value = {}};
  const auto position = ReadPosition();
  std::optional<std::string> key = ReadKey();
  if (!position || !key || !ReadOptional(edit.value)) return std::nullopt;
  edit.position = *position;
  edit.key = *std::move(key);
  SetCursor(*position);
  return edit;
}

}  // namespace geflecht::crdt
