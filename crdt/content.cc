#include "crdt/content.h"

#include <iterator>
#include <map>
#include <optional>
#include <string>

#include "crdt/container_id.h"
#include "crdt/layout.h"
#include "crdt/utf8.h"
#include "crdt/varint.h"

namespace geflecht::crdt {
namespace layout {

Bytes ContentOf(const Value& value) {
  Bytes content;
  if (const auto* flag = std::get_if<bool>(&value)) content.push_back(*flag ? 1 : 0);
  if (const auto* number = std::get_if<std::int64_t>(&value))
    AppendVarint(content, ZigZag(*number));
  if (const auto* text = std::get_if<std::string>(&value)) content = ToBytes(*text);
  return content;
}

std::uint64_t ContentSize(const Value& value) {
  if (const auto* absent = std::get_if<Absent>(&value)) return absent->bytes;
  return ContentOf(value).size();
}

}  // namespace layout

namespace {

// Pieces of content behind one interface: what gap they are in, and how to make one.
std::optional<Gap> GapOf(const SetKey& key) {
  return key.absent_key ? std::optional(key.absent_key->gap) : std::nullopt;
}
std::optional<Gap> GapOf(const InsertText& text) {
  return text.absent ? std::optional(text.absent->gap) : std::nullopt;
}
std::optional<Gap> GapOf(const Value& value) {
  const auto* absent = std::get_if<Absent>(&value);
  return absent ? std::optional(absent->gap) : std::nullopt;
}

std::uint64_t SizeOf(const SetKey& key) {
  return key.absent_key ? key.absent_key->bytes : key.key.size();
}
std::uint64_t SizeOf(const InsertText& text) {
  return text.absent ? text.absent->bytes : text.inserted.size();
}
std::uint64_t SizeOf(const Value& value) { return layout::ContentSize(value); }

void TakeOut(SetKey& key, Gap gap) {
  key.absent_key = AbsentText{gap, 0, SizeOf(key)};
  key.key.clear();
}
void TakeOut(InsertText& text, Gap gap) {
  const std::uint64_t points = text.absent ? text.absent->points : CountCodePoints(text.inserted);
  text.absent = AbsentText{gap, points, SizeOf(text)};
  text.inserted.clear();
}
void TakeOut(Value& value, Gap gap) {
  Absent absent{.gap = gap, .kind = Absent::Kind::kText, .bytes = SizeOf(value)};
  if (const auto* known = std::get_if<Absent>(&value)) absent.kind = known->kind;
  if (std::holds_alternative<bool>(value)) absent.kind = Absent::Kind::kBool;
  if (std::holds_alternative<std::int64_t>(value)) absent.kind = Absent::Kind::kInt;
  value = absent;
}

void PutIn(SetKey& key, const SetKey& from) {
  key.key = from.key;
  key.absent_key.reset();
}
void PutIn(InsertText& text, const InsertText& from) {
  text.inserted = from.inserted;
  text.absent.reset();
}
void PutIn(Value& value, const Value& from) { value = from; }

// A schema that declares nothing: each piece is visited, whatever its group.
const Schema kNoSchema;

// The pieces of a list of edits, with content, in order.
struct Pieces {
  std::vector<SetKey*> keys;
  std::vector<InsertText*> texts;
  std::vector<Value*> values;

  explicit Pieces(std::vector<Edit>& edits) {
    for (Edit& edit : edits)
      layout::VisitContent(edit, kNoSchema, [&](const layout::Group&, auto& piece) { Add(piece); });
  }
  void Add(SetKey& key) { keys.push_back(&key); }
  void Add(InsertText& text) { texts.push_back(&text); }
  void Add(Value& value) { values.push_back(&value); }
};

template <class Piece>
bool Blank(const std::vector<Piece*>& left, const std::vector<Piece*>& right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (SizeOf(*left[i]) != SizeOf(*right[i])) return false;
    // Where one side is not here, neither is compared.
    if (!GapOf(*left[i]) && !GapOf(*right[i])) continue;
    TakeOut(*left[i], Gap::kMissing);
    TakeOut(*right[i], Gap::kMissing);
  }
  return true;
}

bool SameButForGaps(std::vector<Edit> left, std::vector<Edit> right) {
  Pieces one(left), other(right);
  return Blank(one.keys, other.keys) && Blank(one.texts, other.texts) &&
         Blank(one.values, other.values) && left == right;
}

template <class Piece>
bool Join(const std::vector<Piece*>& known, const std::vector<Piece*>& other) {
  bool changed = false;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const std::optional<Gap> mine = GapOf(*known[i]), theirs = GapOf(*other[i]);
    if (mine == theirs || mine == Gap::kErased || theirs == Gap::kMissing) continue;
    if (theirs) {
      TakeOut(*known[i], *theirs);
    } else {
      PutIn(*known[i], *other[i]);
    }
    changed = true;
  }
  return changed;
}

}  // namespace

Result<bool> MergeContent(std::vector<Edit>& known, const std::vector<Edit>& other) {
  if (!SameButForGaps(known, other)) return Fail(Code::kUsage, "content of other edits");
  std::vector<Edit> copy = other;
  const Pieces mine(known), theirs(copy);
  const bool keys = Join(mine.keys, theirs.keys), texts = Join(mine.texts, theirs.texts);
  return Join(mine.values, theirs.values) || keys || texts;
}

Result<void> TakeContentOut(std::vector<Edit>& edits, const Schema& schema, std::size_t field,
                            Gap gap) {
  std::map<layout::Group, std::size_t> numbers;
  const auto take = [&](const layout::Group& group, auto& piece) {
    if (SizeOf(piece) == 0) return;
    const std::size_t number = numbers.emplace(group, numbers.size()).first->second;
    if (number == field) TakeOut(piece, gap);
  };
  for (Edit& edit : edits) layout::VisitContent(edit, schema, take);
  if (field >= numbers.size()) return Fail(Code::kNotFound, "no such content field");
  return {};
}

bool HasGap(const std::vector<Edit>& edits, Gap gap) {
  bool found = false;
  const auto look = [&](const layout::Group&, const auto& piece) {
    found = found || GapOf(piece) == gap;
  };
  for (const Edit& edit : edits) layout::VisitContent(edit, kNoSchema, look);
  return found;
}

namespace {

// Where each edit of a change lies. Edits stand behind those that made their containers.
class Places {
 public:
  explicit Places(const Schema& schema) : schema_(schema) {}

  const Lies& Add(const Edit& edit) {
    const auto at = by_event_.emplace(events_, Of(edit)).first;
    events_ += EventCount(edit);
    return at->second;
  }
  // Of an event of an edit that was added.
  Lies Find(std::uint64_t event) const {
    if (event >= events_) return {kNowhereKey, {}};
    return std::prev(by_event_.upper_bound(event))->second;
  }

 private:
  Lies Of(const Edit& edit) const {
    const ContainerId& container = ContainerOf(edit);
    const std::optional<ContainerName> name = ParseContainerId(container);
    if (!name) return {kNowhereKey, {}};
    switch (name->kind) {
      case ContainerName::Kind::kOwn:
        return Find(name->event);
      case ContainerName::Kind::kCreated:
        return {std::nullopt, container};
      case ContainerName::Kind::kDeclared:
        return {name->key, {}};
      case ContainerName::Kind::kRoot:
        break;
    }
    const auto* set = std::get_if<SetKey>(&edit);
    const FieldSpec* field = set == nullptr ? nullptr : layout::DeclaredKey(*set, schema_);
    return {field == nullptr ? RootKey() : field->key, {}};
  }

  const Schema& schema_;
  std::map<std::uint64_t, Lies> by_event_;  // by the first event of an edit
  std::uint64_t events_ = 0;
};

}  // namespace

Lies WhereMade(const std::vector<Edit>& edits, const Schema& schema, std::uint64_t event) {
  Places places(schema);
  for (const Edit& edit : edits) places.Add(edit);
  return places.Find(event);
}

std::optional<std::vector<std::set<RootKey>>> KeysOfFields(const std::vector<Edit>& edits,
                                                           const Schema& schema,
                                                           const KeyOfContainer& elsewhere) {
  Places places(schema);
  std::map<layout::Group, std::size_t> numbers;
  std::vector<std::set<RootKey>> keys;
  for (const Edit& edit : edits) {
    const Lies& lies = places.Add(edit);
    std::set<std::size_t> fields;
    layout::VisitContent(edit, schema, [&](const layout::Group& group, const auto& piece) {
      if (SizeOf(piece) != 0) fields.insert(numbers.emplace(group, numbers.size()).first->second);
    });
    keys.resize(numbers.size());
    if (fields.empty()) continue;
    const auto key = lies.key ? lies.key : elsewhere(lies.in);
    if (!key) return std::nullopt;
    for (const std::size_t field : fields) keys[field].insert(*key);
  }
  return keys;
}

}  // namespace geflecht::crdt
