// /api/v1/documents: create, list, read, edit, history, conflicts.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>

#include "base/limits.h"
#include "crdt/diff.h"
#include "crdt/history.h"
#include "node/api/context.h"
#include "node/api/handlers/case_check.h"
#include "node/api/handlers/document_json.h"
#include "node/api/handlers/restrictions.h"
#include "node/api/handlers/spaces.h"
#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/domain/text.h"
#include "node/domain/validate.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

// Text goes into changes in pieces that fit one field each.
constexpr std::size_t kPieceBytes = 128 * 1024;

// "commit": the edits of this call are a change of their own, cut at once.
Result<void> CommitIf(const Request& request, const FoundDocument& found, Context& context) {
  const auto commit = request.query.find("commit");
  if (commit == request.query.end() || commit->second != "1") return {};
  return found.replica->Cut(found.id, context.now);
}

// Notes are minutes in the making: class L3 until somebody says otherwise.
domain::Record DefaultEnvelope(const Context& context) {
  return {{"purpose", std::string("network_coordination")},
          {"legal_basis", std::string("legitimate_interest")},
          {"retention_class", std::string("L3")},
          {"owner_org", context.card.organisation},
          {"visibility", std::string("space")},
          {"source", std::string("data_subject")}};
}

// Adds `value` to the texts for the case guard, if it is one.
void Guard(const crdt::Schema& schema, const crdt::Value& value, std::vector<GuardedText>& texts) {
  if (const auto* text = std::get_if<std::string>(&value))
    texts.push_back({*text, domain::RefusesCaseData(schema), {}});
}

// POST {type, fields: {key: text}, text?, space?} -> {id, type, space, space_name}.
Answer Create(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string type, TextMember(body, "type"));
  const crdt::Schema* schema = domain::FindSchema(type, domain::kSchemaVersion);
  if (schema == nullptr)
    return Fail(Code::kUsage, "no document type of this name", "hint.document-types");
  ASSIGN(const std::optional<log::SpaceId> space, SpaceMember(body, *replica));
  domain::Record record = DefaultEnvelope(context);
  const Json* fields = body.if_contains("fields");
  if (fields != nullptr && !fields->is_object())
    return Fail(Code::kUsage, "the member \"fields\" is no object");
  if (fields != nullptr) {
    for (const auto& [key, json] : fields->as_object()) {
      if (!json.is_string()) return Fail(Code::kUsage, "the value of a field is no text");
      ASSIGN(record[std::string(key)], domain::ParseField(*schema, std::string_view(key),
                                                          std::string_view(json.as_string())));
    }
  }
  TRY(domain::CheckRecord(*schema, record));
  std::vector<GuardedText> texts;
  for (const auto& [key, value] : record) Guard(*schema, value, texts);
  if (auto answer = CaseAnswer(request, context, texts)) return *std::move(answer);
  ASSIGN(const crdt::DocumentId id, replica->Create(
                                        type,
                                        [&](crdt::Transaction& transaction) -> Result<void> {
                                          for (const auto& [key, value] : record)
                                            TRY(transaction.Set("/" + key, value));
                                          return {};
                                        },
                                        context.now, space));
  object json{{"id", id.Hex()}, {"type", type}};
  AddSpace(json, *replica, id);
  return json;
}

// GET ?type=&space=
Answer List(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const std::optional<log::SpaceId> space, SpaceOfQuery(request, *replica));
  const auto type = request.query.find("type");
  ASSIGN(const auto documents, type == request.query.end() ? replica->ListDocuments()
                                                           : replica->ListDocuments(type->second));
  array list;
  std::int64_t unreadable = 0;
  std::int64_t restricted = 0;
  for (const codec::StoredDocument& info : documents) {
    if (space && info.space != *space) continue;
    auto open = replica->Open(info.id);
    if (!open || (*open)->void_reason) {
      ++unreadable;
      continue;
    }
    if (IsRestricted((*open)->document)) {
      ++restricted;
      continue;
    }
    object item{{"id", info.id.Hex()}, {"type", info.type}};
    auto title = (*open)->document.Get("/title");
    if (title && !title->writings.empty())
      if (const auto* value = std::get_if<crdt::Value>(&title->writings.front().slot))
        item["title"] = ValueJson(*value);
    item["conflicts"] = (*open)->document.Contests().size();
    AddSpace(item, *replica, info.id);
    list.push_back(std::move(item));
  }
  return object{
      {"documents", std::move(list)}, {"unreadable", unreadable}, {"restricted", restricted}};
}

// ?at=ENTRY: as it was then.
Answer Show(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundDocument found, FindDocument(arguments.at(0), context));
  if (const auto at = request.query.find("at"); at != request.query.end()) {
    ASSIGN(const crdt::Heads version, VersionOf(found.open->document, at->second));
    ASSIGN(const crdt::Document then, crdt::Checkout(found.open->document, version));
    ASSIGN(object fields, DocumentJson(then));
    return object{{"id", found.id.Hex()},
                  {"type", found.open->info.type},
                  {"at", at->second},
                  {"conflicts", then.Conflicts().size()},
                  {"fields", std::move(fields)}};
  }
  ASSIGN(object fields, DocumentJson(found.open->document));
  return object{{"id", found.id.Hex()},
                {"type", found.open->info.type},
                {"conflicts", found.open->document.Contests().size()},
                {"void_changes", found.open->document.Voids().size() + found.open->voids.size()},
                {"waiting_changes", found.open->document.Waiting().size()},
                {"open_edits", found.replica->HasDraft(found.id)},
                {"erased", ErasedKeys(found.open->document)},
                {"fields", std::move(fields)}};
}

// POST {edits: [{path, value}]}: values of keys; null removes the key.
Answer Edit(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundDocument found, FindDocument(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  const Json* edits = body.if_contains("edits");
  if (edits == nullptr || !edits->is_array() || edits->as_array().empty())
    return Fail(Code::kUsage, "the member \"edits\" is missing or empty");
  const crdt::Schema& schema = found.open->document.schema();
  std::map<std::string, std::optional<crdt::Value>> values;
  for (const Json& edit : edits->as_array()) {
    if (!edit.is_object()) return Fail(Code::kUsage, "an edit is no object");
    ASSIGN(std::string path, TextMember(edit.as_object(), "path"));
    if (path.empty() || path.front() != '/') path.insert(path.begin(), '/');
    const Json* json = edit.as_object().if_contains("value");
    if (json == nullptr) return Fail(Code::kUsage, "an edit has no \"value\"");
    if (json->is_null()) {
      values[path] = std::nullopt;
      continue;
    }
    ASSIGN(crdt::Value value, ValueOf(*json));
    const std::string key = path.substr(1);
    if (key.find('/') == std::string::npos) {
      if (const auto* text = std::get_if<std::string>(&value)) {
        ASSIGN(value, domain::ParseField(schema, key, *text));
      }
      TRY(domain::CheckField(schema, key, value));
    }
    values[path] = std::move(value);
  }
  if (values.contains("/" + std::string(domain::kRestricted)))
    TRY(CheckNotRestrictedByOthers(found));
  std::vector<GuardedText> texts;
  for (const auto& [path, value] : values)
    if (value) Guard(schema, *value, texts);
  if (auto answer = CaseAnswer(request, context, texts)) return *std::move(answer);
  TRY(found.replica->Edit(
      found.id,
      [&](crdt::Transaction& transaction) -> Result<void> {
        for (const auto& [path, value] : values) {
          if (value) {
            TRY(transaction.Set(path, *value));
          } else {
            TRY(transaction.RemoveKey(path));
          }
        }
        return {};
      },
      context.now));
  TRY(CommitIf(request, found, context));
  return object{{"id", found.id.Hex()}, {"edits", values.size()}};
}

// PUT ?path=/body: the request's body becomes the text, as the smallest set of edits.
Answer PutText(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundDocument found, FindDocument(arguments.at(0), context));
  const auto given = request.query.find("path");
  const std::string path = given == request.query.end() ? "/body" : given->second;
  ASSIGN(const std::string before, found.open->document.Text(path));
  if (!domain::IsCleanText(request.body, /*line_breaks_allowed=*/true))
    return Fail(Code::kUsage, "the text is not UTF-8, or holds control characters",
                "hint.text-encoding");
  const bool strict = domain::RefusesCaseData(found.open->document.schema());
  if (auto answer = CaseAnswer(request, context, {{request.body, strict, before}}))
    return *std::move(answer);
  const auto splices = crdt::DiffText(before, request.body);
  for (const crdt::Splice& splice : splices) {
    std::uint64_t position = splice.position;
    std::string_view rest = splice.inserted;
    std::uint64_t removed = splice.removed;
    while (removed > 0 || !rest.empty()) {
      std::size_t bytes = std::min(rest.size(), kPieceBytes);
      while (bytes < rest.size() && (static_cast<unsigned char>(rest[bytes]) & 0xC0) == 0x80)
        --bytes;
      const std::string_view piece = rest.substr(0, bytes);
      TRY(found.replica->Edit(
          found.id,
          [&](crdt::Transaction& transaction) -> Result<void> {
            if (removed > 0) TRY(transaction.RemoveText(path, position, removed));
            if (!piece.empty()) TRY(transaction.InsertText(path, position, piece));
            return {};
          },
          context.now));
      removed = 0;
      for (const char c : piece) position += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
      rest.remove_prefix(bytes);
    }
  }
  TRY(CommitIf(request, found, context));
  return object{{"id", found.id.Hex()}, {"splices", splices.size()}};
}

Answer History(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundDocument found, FindDocument(arguments.at(0), context));
  ASSIGN(const auto history, found.replica->History(found.id));
  array changes;
  for (const replica::ChangeInfo& change : history) {
    array edits;
    for (const crdt::Edit& edit : change.edits) edits.push_back(EditJson(edit));
    changes.push_back(
        object{{"entry", change.id.Hex()},
               {"org", change.organisation},
               {"time", TimeText(change.time_s * 1000)},
               {"void", change.void_reason ? Json(*change.void_reason) : Json(nullptr)},
               {"edits", std::move(edits)}});
  }
  return object{{"id", found.id.Hex()}, {"changes", std::move(changes)}};
}

Answer Conflicts(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundDocument found, FindDocument(arguments.at(0), context));
  ASSIGN(array conflicts, ConflictsJson(*found.replica, *found.open));
  return object{{"conflicts", std::move(conflicts)}};
}

Answer AllConflicts(const Request&, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const auto documents, replica->ListBranched());
  array all;
  for (const codec::StoredDocument& info : documents) {
    auto open = replica->Open(info.id);
    if (!open || (*open)->void_reason) continue;
    ASSIGN(array conflicts, ConflictsJson(*replica, **open));
    for (Json& conflict : conflicts) all.push_back(std::move(conflict));
  }
  return object{{"conflicts", std::move(all)}};
}

// POST {path, take}.
Answer Resolve(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundDocument found, FindDocument(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(std::string path, TextMember(body, "path"));
  if (path.empty() || path.front() != '/') path.insert(path.begin(), '/');
  const Json* take = body.if_contains("take");
  if (take == nullptr || !take->is_int64() || take->as_int64() < 0)
    return Fail(Code::kUsage, "the member \"take\" is missing or no number");
  if (path == "/" + std::string(domain::kRestricted)) TRY(CheckNotRestrictedByOthers(found));
  TRY(found.replica->Resolve(found.id, path, static_cast<std::size_t>(take->as_int64()),
                             context.now));
  TRY(found.replica->Cut(found.id, context.now));
  return object{{"id", found.id.Hex()}, {"path", path}};
}

}  // namespace

std::vector<Route> DocumentRoutes() {
  return {{"POST", "/api/v1/documents", Create},
          {"GET", "/api/v1/documents", List},
          {"GET", "/api/v1/conflicts", AllConflicts},
          {"GET", "/api/v1/documents/{}", Show},
          {"POST", "/api/v1/documents/{}/edits", Edit},
          {"PUT", "/api/v1/documents/{}/text", PutText},
          {"GET", "/api/v1/documents/{}/history", History},
          {"GET", "/api/v1/documents/{}/conflicts", Conflicts},
          {"POST", "/api/v1/documents/{}/resolve", Resolve}};
}

}  // namespace geflecht::api
