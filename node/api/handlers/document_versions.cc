// /api/v1/documents/{}/diff, blame: earlier versions of a document and who wrote what. A version is
// named by the entry of a change: the document as its author left it.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>
#include <string>

#include "crdt/history.h"
#include "node/api/context.h"
#include "node/api/handlers/document_json.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

Json OrganisationOf(const replica::Replica& replica, const crdt::AgentId& agent) {
  const auto* member = replica.members().EverByDevice({agent.bytes});
  return member != nullptr ? Json(member->name) : Json(nullptr);
}

Result<Json> TimeOf(const replica::Replica& replica, const crdt::ChangeId& change) {
  ASSIGN(const auto stored, replica.EntryOf({change.bytes}));
  return stored ? Json(TimeText(stored->entry.header.time_s * 1000)) : Json(nullptr);
}

Json SlotJson(const crdt::Slot& slot) {
  const auto* value = std::get_if<crdt::Value>(&slot);
  return value != nullptr ? ValueJson(*value) : Json(object{});
}

Result<object> FieldJson(const replica::Replica& replica, const crdt::FieldChange& change) {
  object json{{"path", change.path},
              {"kind", change.kind},
              {"before", change.before ? SlotJson(change.before->slot) : Json(nullptr)},
              {"after", change.after ? SlotJson(change.after->slot) : Json(nullptr)}};
  // Of a value that is gone it is known who wrote it, not who took it away.
  json["org"] = nullptr;
  json["time"] = nullptr;
  if (change.after && change.after->change != crdt::ChangeId{}) {
    json["org"] = OrganisationOf(replica, change.after->agent);
    ASSIGN(json["time"], TimeOf(replica, change.after->change));
  }
  return json;
}

object TextJson(const replica::Replica& replica, const crdt::VersionDifference::Text& text) {
  array changes;
  for (const crdt::TextChange& change : text.changes) {
    array organisations;
    std::set<std::string> named;
    for (const crdt::AgentId& author : change.authors) {
      const Json organisation = OrganisationOf(replica, author);
      if (organisation.is_string() && named.insert(std::string(organisation.as_string())).second)
        organisations.push_back(organisation);
    }
    changes.push_back(object{{"position", change.position},
                             {"before", change.before},
                             {"after", change.after},
                             {"orgs", std::move(organisations)}});
  }
  return {{"path", text.path}, {"changes", std::move(changes)}};
}

// Whether a path leads into a key that is kept from screens.
bool IsHiddenPath(const crdt::Schema& schema, std::string_view path) {
  const std::size_t end = path.find('/', 1);
  return !path.empty() && IsHidden(schema, path.substr(1, end == path.npos ? end : end - 1));
}

// ?from=ENTRY[&to=ENTRY]: without "to" up to now.
Answer Diff(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundDocument found, FindDocument(arguments.at(0), context));
  const crdt::Document& document = found.open->document;
  const auto from = request.query.find("from"), to = request.query.find("to");
  if (from == request.query.end())
    return Fail(Code::kUsage, "the version to compare with is missing", "hint.version");
  ASSIGN(const crdt::Heads before, VersionOf(document, from->second));
  crdt::Heads after = document.heads();
  if (to != request.query.end()) {
    ASSIGN(after, VersionOf(document, to->second));
  }
  ASSIGN(const crdt::VersionDifference difference, crdt::DiffVersions(document, before, after));
  array fields, texts;
  for (const crdt::FieldChange& change : difference.fields) {
    if (IsHiddenPath(document.schema(), change.path)) continue;
    ASSIGN(object json, FieldJson(*found.replica, change));
    fields.push_back(std::move(json));
  }
  for (const crdt::VersionDifference::Text& text : difference.texts)
    if (!IsHiddenPath(document.schema(), text.path))
      texts.push_back(TextJson(*found.replica, text));
  return object{{"id", found.id.Hex()},
                {"from", from->second},
                {"to", to != request.query.end() ? Json(to->second) : Json(nullptr)},
                {"fields", std::move(fields)},
                {"texts", std::move(texts)}};
}

// ?path=/body: who wrote the text.
Answer Blame(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundDocument found, FindDocument(arguments.at(0), context));
  const auto given = request.query.find("path");
  const std::string path = given == request.query.end() ? "/body" : given->second;
  ASSIGN(const auto passages, crdt::Blame(found.open->document, path));
  // Blame speaks of the text without the open change.
  ASSIGN(const crdt::Document document,
         crdt::Checkout(found.open->document, found.open->document.heads()));
  ASSIGN(const std::string text, document.Text(path));
  array list;
  std::size_t begin = 0;
  for (const crdt::Passage& passage : passages) {
    std::size_t end = begin;
    for (std::uint64_t points = 0; end < text.size(); ++end) {
      if ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) continue;
      if (points++ == passage.count) break;
    }
    ASSIGN(Json time, TimeOf(*found.replica, passage.change));
    list.push_back(object{{"position", passage.position},
                          {"text", text.substr(begin, end - begin)},
                          {"entry", passage.change.Hex()},
                          {"org", OrganisationOf(*found.replica, passage.agent)},
                          {"time", std::move(time)}});
    begin = end;
  }
  return object{{"id", found.id.Hex()}, {"path", path}, {"passages", std::move(list)}};
}

}  // namespace

Result<crdt::Heads> VersionOf(const crdt::Document& document, std::string_view entry) {
  const auto change = crdt::ChangeId::FromHexText(entry);
  if (!change) return Fail(Code::kUsage, "no id of an entry", "hint.version");
  if (!crdt::ChangesSince(document, {*change}))
    return Fail(Code::kNotFound, "no change of this document", "hint.version");
  return crdt::Heads{*change};
}

std::vector<Route> DocumentVersionRoutes() {
  return {{"GET", "/api/v1/documents/{}/diff", Diff}, {"GET", "/api/v1/documents/{}/blame", Blame}};
}

}  // namespace geflecht::api
