// /api/v1/audit: the audit bundle, file by file; requests to all members.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "node/api/audit_input.h"
#include "node/api/context.h"
#include "node/audit/export.h"
#include "node/crypto/base64.h"
#include "node/governance/audit_request.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

// The texts of a list of the request; none if it is not there.
Result<std::vector<std::string>> Texts(const object& body, std::string_view name) {
  std::vector<std::string> texts;
  const Json* list = body.if_contains(boost::json::string_view(name.data(), name.size()));
  if (list == nullptr) return texts;
  if (!list->is_array()) return Fail(Code::kUsage, "a member of the request is no list");
  for (const Json& item : list->as_array()) {
    if (!item.is_string()) return Fail(Code::kUsage, "an item of a list is no text");
    texts.emplace_back(std::string_view(item.as_string()));
  }
  return texts;
}

Result<std::string> Text(const object& body, std::string_view name) {
  const Json* text = body.if_contains(boost::json::string_view(name.data(), name.size()));
  if (text == nullptr) return std::string();
  if (!text->is_string()) return Fail(Code::kUsage, "a member of the request is no text");
  return std::string(std::string_view(text->as_string()));
}

Result<std::vector<log::SpaceId>> SpacesOf(const object& body) {
  ASSIGN(const std::vector<std::string> texts, Texts(body, "spaces"));
  std::vector<log::SpaceId> spaces;
  for (const std::string& hex : texts) {
    const auto space = log::SpaceId::FromHexText(hex);
    if (!space) return Fail(Code::kUsage, "a space has 32 lower-case hexadecimal digits");
    spaces.push_back(*space);
  }
  return spaces;
}

Result<audit::ExportOptions> OptionsOf(const object& body, std::int64_t time_s) {
  audit::ExportOptions options;
  options.time_s = time_s;
  ASSIGN(const std::vector<std::string> open, Texts(body, "open"));
  for (const std::string& hex : open) TRY(audit::AddOpen(options, hex));
  ASSIGN(const std::string level, Text(body, "level"));
  const auto known = audit::ParseLevel(level.empty() ? "full" : level);
  if (!known) return Fail(Code::kUsage, "the level is full, scope or receipt");
  options.level = *known;
  ASSIGN(options.spaces, SpacesOf(body));
  ASSIGN(const std::string from, Text(body, "from"));
  ASSIGN(const std::string to, Text(body, "to"));
  TRY(audit::AddPeriod(options, from, to));
  ASSIGN(const std::string entry, Text(body, "entry"));
  options.entry = log::EntryId::FromHexText(entry);
  if (!entry.empty() && !options.entry)
    return Fail(Code::kUsage, "an entry has 64 lower-case hexadecimal digits");
  ASSIGN(options.nonce, Text(body, "nonce"));
  return options;
}

// POST {open: [space or entry], level, spaces, from, to, entry, nonce}, all of them optional, ids
// in hex -> {network, network_space, files: [{name, base64}]}.
Answer Export(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const audit::ExportOptions options, OptionsOf(body, context.now.wall_ms / 1000));
  ASSIGN(const audit::ExportInput input, CollectExport(*replica, options.spaces));
  ASSIGN(const audit::Bundle bundle, audit::Export(input, options, context.device_key));
  array files;
  for (const audit::BundleFile& file : bundle)
    files.push_back(object{{"name", file.name}, {"base64", crypto::ToBase64(file.content)}});
  return object{{"network", replica->members().network().Hex()},
                {"network_space", replica->members().network_space().Hex()},
                {"files", std::move(files)}};
}

// POST {nonce, spaces?} -> {entry, nonce, network}.
Answer AskMembers(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  governance::AuditRequestBody asked;
  ASSIGN(asked.nonce, TextMember(body, "nonce"));
  if (!governance::IsAuditNonce(asked.nonce))
    return Fail(Code::kUsage, "no text of an audit", "hint.audit-nonce");
  ASSIGN(asked.spaces, SpacesOf(body));
  std::sort(asked.spaces.begin(), asked.spaces.end());
  asked.spaces.erase(std::unique(asked.spaces.begin(), asked.spaces.end()), asked.spaces.end());
  ASSIGN(const log::EntryId entry, replica->RequestAudit(asked, context.now));
  return object{{"entry", entry.Hex()},
                {"nonce", asked.nonce},
                {"network", replica->members().network().Hex()}};
}

}  // namespace

std::vector<Route> AuditRoutes() {
  return {Noted("export-audit", {"POST", "/api/v1/audit/export", Export, true}),
          {"POST", "/api/v1/audit/requests", AskMembers}};
}

}  // namespace geflecht::api
