#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "crdt/edit_columns.h"
#include "crdt/state_section.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {

using namespace columns;  // NOLINT(google-build-using-namespace): tags of values

StateReader::StateReader(const std::vector<Node>& writers, ByteView body, Engine& engine)
    : writers_(writers), in_(body), engine_(engine) {}

Result<void> StateReader::Read() {
  if (in_.Byte() != kPlainState) return Fail(Code::kMalformed, "a document's state");
  // Children come behind those that are read already.
  for (Number number = 0; number < engine_.containers_.size(); ++number)
    if (!ReadContainer(number)) return Fail(Code::kMalformed, "a document's state");
  if (!in_.AtEnd() || !Renumber()) return Fail(Code::kMalformed, "a document's state");
  engine_.cold_ = true;
  return {};
}

bool StateReader::ReadContainer(Number number) {
  switch (engine_.at(number).type) {
    case ContainerType::kMap:
      return ReadMap(number);
    case ContainerType::kText:
      return ReadText(number);
    case ContainerType::kList:
      return ReadList(number);
    case ContainerType::kCounter:
      return ReadCounter(number);
    case ContainerType::kTree:
      return true;
  }
  return false;
}

bool StateReader::ReadMap(Number number) {
  auto keys = in_.Varint();
  if (!keys) return false;
  std::string_view last;
  for (bool first = true; *keys > 0; --*keys, first = false) {
    const auto size = in_.Varint();
    const auto text = size ? in_.Take(*size) : std::nullopt;
    auto writings = text ? in_.Varint() : std::nullopt;
    if (!writings || *writings == 0) return false;
    const std::string_view key = AsText(*text);
    if (!first && key <= last) return false;
    last = key;
    auto& map = engine_.containers_[number].keys;
    const auto at = map.emplace_hint(map.end(), std::string(key), Standing());
    Standing& standing = at->second;  // stays there when containers are added
    for (; *writings > 0; --*writings) {
      const auto place = static_cast<RecordNumber>(engine_.records_.size());
      Record record{.map = number, .entry = &*at, .slot = {}};
      if (!ReadWriter(record.node)) return false;
      if (!ReadSlot(number, record.node, place, record.slot, record.removed)) return false;
      engine_.records_.push_back(std::move(record));
      standing.Add(place);
    }
  }
  return true;
}

bool StateReader::ReadText(Number number) {
  const auto size = in_.Varint();
  const auto text = size ? in_.Take(*size) : std::nullopt;
  if (!text || !IsUtf8(AsText(*text))) return false;
  engine_.containers_[number].sequence->rope = Rope(AsText(*text));
  return true;
}

bool StateReader::ReadList(Number number) {
  const auto count = in_.Varint();
  if (!count) return false;
  Elements list{.list = number, .elements = {}};
  for (std::uint64_t i = 0; i < *count; ++i) {
    std::variant<Value, Number> slot;
    bool removed = false;
    Node writer = 0;
    if (!ReadWriter(writer)) return false;
    if (!ReadSlot(number, writer, static_cast<std::uint32_t>(i), slot, removed) || removed)
      return false;
    list.elements.emplace_back(writer, std::move(slot));
  }
  elements_.push_back(std::move(list));
  return true;
}

bool StateReader::ReadTotal(Total& total) {
  const auto low = in_.Varint(), high = in_.Varint();
  if (!low || !high) return false;
  total = static_cast<Total>(static_cast<unsigned __int128>(*high) << 64 | *low);
  return true;
}

// No counter comes near to what would overflow.
bool StateReader::ReadCounter(Number number) {
  CounterState& counter = *engine_.containers_[number].counter;
  constexpr Total kMax = Total{1} << 120;
  return ReadTotal(counter.sum) && ReadTotal(counter.magnitude) && counter.sum < kMax &&
         counter.sum > -kMax && counter.magnitude < kMax && counter.magnitude >= 0;
}

bool StateReader::ReadWriter(Node& writer) {
  const auto place = in_.Varint();
  if (!place || *place >= writers_.size()) return false;
  writer = writers_[static_cast<std::size_t>(*place)];
  return true;
}

bool StateReader::ReadSlot(Number parent, Node creator, std::uint32_t place,
                           std::variant<Value, Number>& slot, bool& removed) {
  const auto tag = in_.Byte();
  if (!tag) return false;
  switch (*tag) {
    case kNull:
      return true;
    case kFalse:
    case kTrue:
      slot = Value(*tag == kTrue);
      return true;
    case kInt: {
      const auto number = in_.Varint();
      if (number) slot = Value(UnZigZag(*number));
      return number.has_value();
    }
    case kString: {
      const auto size = in_.Varint();
      const auto text = size ? in_.Take(*size) : std::nullopt;
      if (text) slot = Value(ToText(*text));
      return text.has_value();
    }
    case kMissingValue:
    case kErasedValue: {
      const auto kind = in_.Byte();
      const auto bytes = in_.Varint();
      if (!kind || *kind < 1 || *kind > 3 || !bytes || *bytes == 0) return false;
      slot = Value(Absent{*tag == kErasedValue ? Gap::kErased : Gap::kMissing,
                          static_cast<Absent::Kind>(*kind), *bytes});
      return true;
    }
    case kChild: {
      Number child = 0;
      if (!ReadChild(parent, creator, place, child)) return false;
      slot = child;
      return true;
    }
    case kNothing:
      removed = true;
      return true;
    default:
      return false;
  }
}

bool StateReader::ReadChild(Number parent, Node creator, std::uint32_t place, Number& child) {
  const auto type = in_.Byte();
  if (!type || *type < 1 || *type > static_cast<std::uint8_t>(ContainerType::kTree)) return false;
  const auto event = in_.Varint();
  if (!event || engine_.at(parent).depth >= limits::kDepthMax) return false;
  child = engine_.Create(static_cast<ContainerType>(*type), parent, creator, *event, place);
  return true;
}

// Containers stand in the order of their making, as everywhere.
bool StateReader::Renumber() {
  std::vector<Container>& containers = engine_.containers_;
  const auto less = [&](Number left, Number right) {
    return std::pair(containers[left].creator, containers[left].event) <
           std::pair(containers[right].creator, containers[right].event);
  };
  std::vector<Number> order, places(containers.size());
  for (Number i = 0; i < containers.size(); ++i) order.push_back(i);
  std::sort(order.begin() + engine_.declared_, order.end(), less);
  for (Number i = engine_.declared_; i + 1 < order.size(); ++i)
    if (!less(order[i], order[i + 1])) return false;
  for (Number i = 0; i < order.size(); ++i) places[order[i]] = i;
  std::vector<Container> sorted;
  sorted.reserve(order.size());
  for (const Number from : order) {
    Container& container = containers[from];
    if (container.parent != kNoNumber) container.parent = places[container.parent];
    if (container.parent != kNoNumber && container.parent >= sorted.size()) return false;
    sorted.push_back(std::move(container));
  }
  containers = std::move(sorted);
  for (Record& record : engine_.records_) {
    record.map = places[record.map];
    if (auto* child = std::get_if<Number>(&record.slot)) *child = places[*child];
  }
  for (Elements& list : elements_) {
    if (list.elements.empty()) continue;
    Sequence& sequence = *containers[places[list.list]].sequence;
    sequence.items.Insert(0, 0, static_cast<std::uint32_t>(list.elements.size()));
    std::uint64_t position = 0;
    for (auto& [writer, element] : list.elements) {
      if (auto* child = std::get_if<Number>(&element)) *child = places[*child];
      sequence.log.InsertElement(writer, position++, std::move(element));
    }
  }
  return true;
}

}  // namespace geflecht::crdt
