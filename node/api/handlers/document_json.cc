#include "node/api/handlers/document_json.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/limits.h"
#include "crdt/path.h"
#include "node/domain/document_types.h"
#include "node/domain/envelope.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

Result<Json> ContainerJson(const crdt::Document& document, crdt::ContainerType type,
                           const std::string& path, std::size_t depth);

Result<Json> SlotJson(const crdt::Document& document, const crdt::Slot& slot,
                      const std::string& path, std::size_t depth) {
  if (const auto* child = std::get_if<crdt::Child>(&slot))
    return ContainerJson(document, child->type, path, depth + 1);
  return ValueJson(std::get<crdt::Value>(slot));
}

Result<Json> ContainerJson(const crdt::Document& document, crdt::ContainerType type,
                           const std::string& path, std::size_t depth) {
  if (depth > limits::kDepthMax) return Fail(Code::kTooLarge, "the document is nested too deeply");
  switch (type) {
    case crdt::ContainerType::kText: {
      ASSIGN(std::string text, document.Text(path));
      return Json(std::move(text));
    }
    case crdt::ContainerType::kCounter: {
      ASSIGN(const std::int64_t count, document.Counter(path));
      return Json(count);
    }
    case crdt::ContainerType::kList: {
      ASSIGN(const auto items, document.List(path));
      array list;
      for (std::size_t i = 0; i < items.size(); ++i) {
        ASSIGN(Json item, SlotJson(document, items[i], path + "/" + std::to_string(i), depth));
        list.push_back(std::move(item));
      }
      return Json(std::move(list));
    }
    case crdt::ContainerType::kTree:
      return Json(object());
    case crdt::ContainerType::kMap:
      break;
  }
  ASSIGN(const auto registers, document.Map(path));
  object map;
  for (const crdt::Register& item : registers) {
    if (item.writings.empty() || item.writings.front().removed) continue;
    if (path.empty() && IsHidden(document.schema(), item.key)) continue;
    ASSIGN(Json value,
           SlotJson(document, item.writings.front().slot, crdt::JoinPath(path, item.key), depth));
    map[item.key] = std::move(value);
  }
  return Json(std::move(map));
}

crdt::ContainerType TypeOf(crdt::FieldType type) {
  switch (type) {
    case crdt::FieldType::kText:
      return crdt::ContainerType::kText;
    case crdt::FieldType::kList:
      return crdt::ContainerType::kList;
    case crdt::FieldType::kCounter:
      return crdt::ContainerType::kCounter;
    case crdt::FieldType::kTree:
      return crdt::ContainerType::kTree;
    case crdt::FieldType::kValue:
    case crdt::FieldType::kMap:
      break;
  }
  return crdt::ContainerType::kMap;
}

}  // namespace

bool IsHidden(const crdt::Schema& schema, std::string_view key) {
  return domain::IsClosed(schema) && schema.Find(key) == nullptr;
}

array ErasedKeys(const crdt::Document& document) {
  array keys;
  const auto registers = document.Map("");
  for (const crdt::Register& item : registers.value_or(std::vector<crdt::Register>())) {
    if (item.writings.empty() || IsHidden(document.schema(), item.key)) continue;
    const auto* value = std::get_if<crdt::Value>(&item.writings.front().slot);
    const auto* absent = value == nullptr ? nullptr : std::get_if<crdt::Absent>(value);
    if (absent != nullptr && absent->gap == crdt::Gap::kErased) keys.emplace_back(item.key);
  }
  for (const crdt::FieldSpec& field : document.schema().fields) {
    if (field.type != crdt::FieldType::kText) continue;
    const auto spans = document.Spans(crdt::JoinPath("", field.key));
    if (!spans) continue;
    const bool erased = std::any_of(spans->begin(), spans->end(), [](const crdt::Span& span) {
      return span.gap == crdt::Gap::kErased;
    });
    if (erased) keys.emplace_back(field.key);
  }
  return keys;
}

bool IsRestricted(const crdt::Document& document) {
  const auto flag = document.Get("/" + std::string(domain::kRestricted));
  if (!flag) return false;
  return std::any_of(flag->writings.begin(), flag->writings.end(), [](const auto& writing) {
    const auto* value = std::get_if<crdt::Value>(&writing.slot);
    return value != nullptr && domain::IsRestricted(*value);
  });
}

Result<domain::Record> RecordOf(const crdt::Document& document) {
  ASSIGN(const auto registers, document.Map(""));
  domain::Record record;
  for (const crdt::Register& item : registers) {
    if (item.writings.empty() || item.writings.front().removed) continue;
    if (IsHidden(document.schema(), item.key)) continue;
    if (const auto* value = std::get_if<crdt::Value>(&item.writings.front().slot))
      record[item.key] = *value;
  }
  return record;
}

Json ValueJson(const crdt::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return Json(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return Json(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return Json(*flag);
  return Json(nullptr);
}

Result<crdt::Value> ValueOf(const Json& json) {
  if (json.is_null()) return crdt::Value(std::monostate{});
  if (json.is_bool()) return crdt::Value(json.as_bool());
  if (json.is_int64()) return crdt::Value(json.as_int64());
  if (json.is_string()) return crdt::Value(std::string(json.as_string()));
  return Fail(Code::kUsage, "a value is a text, a whole number, true, false or null");
}

Result<FoundDocument> FindDocument(std::string_view id, Context& context) {
  FoundDocument found;
  ASSIGN(found.replica, ReplicaOf(context));
  ASSIGN(found.id, DocumentIdOf(id));
  ASSIGN(found.open, found.replica->Open(found.id));
  if (found.open->void_reason)
    return Fail(Code::kNotFound, "the document is void: " + *found.open->void_reason,
                "hint.void-document");
  return found;
}

Result<object> DocumentJson(const crdt::Document& document) {
  ASSIGN(Json root, ContainerJson(document, crdt::ContainerType::kMap, "", 0));
  object fields = std::move(root.as_object());
  // Declared containers exist from the start, whether or not somebody has written to them.
  for (const crdt::FieldSpec& field : document.schema().fields) {
    if (field.type == crdt::FieldType::kValue || fields.contains(field.key)) continue;
    ASSIGN(Json value,
           ContainerJson(document, TypeOf(field.type), crdt::JoinPath("", field.key), 1));
    fields[field.key] = std::move(value);
  }
  return fields;
}

// A passage of a text is none that somebody could decide by choosing.
std::string_view KindName(crdt::Conflict::Kind kind) {
  switch (kind) {
    case crdt::Conflict::Kind::kItem:
      return "item";
    case crdt::Conflict::Kind::kMove:
      return "move";
    case crdt::Conflict::Kind::kNode:
      return "node";
    case crdt::Conflict::Kind::kKey:
    case crdt::Conflict::Kind::kPassage:
      break;
  }
  return "field";
}

Result<array> ConflictsJson(const replica::Replica& replica, const replica::OpenDocument& open) {
  array conflicts;
  for (const crdt::Conflict& conflict : open.document.Contests()) {
    array values;
    for (std::size_t n = 0; n < conflict.writings.size(); ++n) {
      const crdt::Writing& writing = conflict.writings[n];
      object value{{"n", n}, {"removed", writing.removed}};
      const auto* plain = std::get_if<crdt::Value>(&writing.slot);
      value["value"] = plain != nullptr ? ValueJson(*plain) : Json(object{});
      ASSIGN(const auto stored, replica.EntryOf({writing.change.bytes}));
      if (stored) {
        const auto* member = replica.members().EverByDevice(stored->entry.header.device);
        value["org"] = member != nullptr ? Json(member->name) : Json(nullptr);
        value["time"] = TimeText(stored->entry.header.time_s * 1000);
      } else {  // of the open change
        const auto* self = replica.members().EverByDevice(replica.self());
        value["org"] = self != nullptr ? Json(self->name) : Json(nullptr);
        value["time"] = nullptr;
      }
      values.push_back(std::move(value));
    }
    conflicts.push_back(object{{"doc", open.info.id.Hex()},
                               {"path", conflict.path},
                               {"kind", KindName(conflict.kind)},
                               {"values", std::move(values)}});
  }
  return conflicts;
}

object EditJson(const crdt::Edit& edit) {
  struct Visitor {
    object operator()(const crdt::SetKey& set) const {
      object json{{"path", set.map + "/" + set.key}, {"kind", set.slot ? "set" : "remove"}};
      if (set.slot)
        if (const auto* value = std::get_if<crdt::Value>(&*set.slot))
          json["value"] = ValueJson(*value);
      return json;
    }
    object operator()(const crdt::InsertText& insert) const {
      return {{"path", insert.text},
              {"kind", "insert"},
              {"position", insert.position},
              {"text", insert.inserted}};
    }
    object operator()(const crdt::InsertItems& insert) const {
      return {{"path", insert.list},
              {"kind", "insert"},
              {"position", insert.position},
              {"count", insert.items.size()}};
    }
    object operator()(const crdt::Remove& remove) const {
      return {{"path", remove.sequence},
              {"kind", "remove"},
              {"position", remove.position},
              {"count", remove.count}};
    }
    object operator()(const crdt::Add& add) const {
      return {{"path", add.counter}, {"kind", "add"}, {"value", add.delta}};
    }
    object operator()(const crdt::SetItem& set) const {
      object json{{"path", set.list}, {"kind", "set"}, {"position", set.position}};
      if (const auto* value = std::get_if<crdt::Value>(&set.slot))
        json["value"] = ValueJson(*value);
      return json;
    }
    object operator()(const crdt::MoveItem& move) const {
      return {{"path", move.list}, {"kind", "move"}, {"position", move.from}, {"to", move.to}};
    }
    object operator()(const crdt::CreateNode& create) const {
      return {{"path", create.tree}, {"kind", "create"}, {"parent", create.parent}};
    }
    object operator()(const crdt::MoveNode& move) const {
      return {{"path", move.tree}, {"kind", "move"}, {"node", move.node}, {"parent", move.parent}};
    }
    object operator()(const crdt::RemoveNode& remove) const {
      return {{"path", remove.tree}, {"kind", "remove"}, {"node", remove.node}};
    }
    object operator()(const crdt::Mark& mark) const {
      object json{{"path", mark.text},
                  {"kind", mark.value ? "mark" : "unmark"},
                  {"position", mark.from},
                  {"count", mark.to - mark.from},
                  {"key", mark.key}};
      if (mark.value) json["value"] = ValueJson(*mark.value);
      return json;
    }
    object operator()(const crdt::InsertBlock& insert) const {
      return {{"path", insert.text}, {"kind", "block"}, {"position", insert.position}};
    }
    object operator()(const crdt::SetBlock& set) const {
      object json{
          {"path", set.text}, {"kind", "block"}, {"position", set.position}, {"key", set.key}};
      if (set.value) json["value"] = ValueJson(*set.value);
      return json;
    }
  };
  return std::visit(Visitor{}, edit);
}

}  // namespace geflecht::api
