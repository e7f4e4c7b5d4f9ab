// Documents as JSON.
#pragma once

#include "node/api/context.h"
#include "node/domain/record.h"

namespace geflecht::api {

// Whether a key of the root map is kept from screens: closed types have no undeclared keys,
// whatever a program of a peer may have written.
bool IsHidden(const crdt::Schema& schema, std::string_view key);

// Keys of the root map whose value is erased; of texts, where a part is.
boost::json::array ErasedKeys(const crdt::Document& document);
// Whether processing is restricted (GDPR Art. 18) by any of the values that stand there: the record
// is in no list and no export.
bool IsRestricted(const crdt::Document& document);
// The plain values of the root map, the first of each key, without hidden ones.
Result<domain::Record> RecordOf(const crdt::Document& document);

Json ValueJson(const crdt::Value& value);
// A plain value from JSON; kUsage for lists, objects and fractions.
Result<crdt::Value> ValueOf(const Json& json);

// The document of a path's id; kNotFound if it is void.
struct FoundDocument {
  replica::Replica* replica = nullptr;
  crdt::DocumentId id;
  const replica::OpenDocument* open = nullptr;  // until the replica is used again
};
Result<FoundDocument> FindDocument(std::string_view id, Context& context);
// The version that the change of this entry left (handlers/document_versions.cc).
Result<crdt::Heads> VersionOf(const crdt::Document& document, std::string_view entry);

// Everything in the document, by key; texts as texts, containers nested.
Result<boost::json::object> DocumentJson(const crdt::Document& document);
// [{path, values: [{n, value, removed, org, organisation, time}]}] of one document.
Result<boost::json::array> ConflictsJson(const replica::Replica& replica,
                                         const replica::OpenDocument& open);
// What an edit did, in a form for people: {path, kind, count?, value?}.
boost::json::object EditJson(const crdt::Edit& edit);

}  // namespace geflecht::api
