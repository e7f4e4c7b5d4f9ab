// /api/v1/privacy/register: what an organisation processes (GDPR Art. 30), from what is stored.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <set>
#include <tuple>

#include "node/api/handlers/document_json.h"
#include "node/api/handlers/privacy_papers.h"
#include "node/crypto/hash.h"
#include "node/domain/document_types.h"
#include "node/domain/organisation.h"
#include "node/governance/kinds.h"
#include "node/governance/retention.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t kVersionDigits = 16;

array PersonalFields(std::string_view type) {
  array fields;
  if (const crdt::Schema* schema = domain::FindSchema(type, domain::kSchemaVersion))
    for (const crdt::FieldSpec& field : schema->fields)
      if (field.personal) fields.push_back(object{{"field", field.key}});
  return fields;
}

// What is processed why and for how long: each combination that occurs, without numbers, so that
// one more contact makes no other version.
Result<array> Activities(replica::Replica& replica) {
  using Use = std::tuple<std::string, std::string, std::string, std::string>;
  std::set<Use> uses;
  ASSIGN(const auto documents, replica.ListDocuments());
  for (const codec::StoredDocument& info : documents) {
    const auto open = replica.Open(info.id);
    if (!open || (*open)->void_reason) continue;
    ASSIGN(const domain::Record record, RecordOf((*open)->document));
    uses.emplace(info.type, domain::TextOf(record, "purpose"),
                 domain::TextOf(record, "legal_basis"), domain::TextOf(record, "retention_class"));
  }
  for (const replica::Paper* const paper : replica.AllPapers()) {
    if (paper->kind != governance::kFreeze) continue;
    const auto frozen = replica.FrozenText(paper->id);
    if (!frozen) continue;
    if (frozen->what == governance::kMinutes)
      uses.emplace("minutes-frozen", "network_coordination", "",
                   governance::RetentionClassOf(governance::kMinutesFrozen).name);
    else
      uses.emplace("agreement-frozen", "agreement_management", "",
                   governance::RetentionClassOf(governance::kAgreementFrozen).name);
  }
  const replica::Council& council = replica.council();
  if (!council.mandates().all().empty())
    uses.emplace("mandate", "agreement_management", "",
                 governance::RetentionClassOf(governance::kMandateGiven).name);
  if (!council.OfKind(governance::kProposal).empty()) {
    uses.emplace("decision", "network_coordination", "", "L4");
    uses.emplace("explanation", "network_coordination", "",
                 governance::RetentionClassOf(governance::kCommentText).name);
  }
  uses.emplace("log", "legal_documentation", "", "L8");
  array list;
  for (const auto& [type, purpose, legal_basis, retention] : uses)
    list.push_back(object{{"type", type},
                          {"purpose", purpose},
                          {"legal_basis", legal_basis},
                          {"retention_class", retention},
                          {"fields", PersonalFields(type)}});
  return list;
}

// GET ?lang= -> {version, activities, recipients, files[]}
Answer MakeRegister(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(object data, PaperHead(context));
  ASSIGN(data["activities"], Activities(*replica));
  ASSIGN(data["recipients"], Recipients(*replica));
  data["retention"] = Distinct(data.at("activities").as_array(), "retention_class");
  // Of everything but the time: the same configuration gives the same version.
  object configuration = data;
  configuration.erase("made_at");
  const std::string text = boost::json::serialize(configuration);
  data["version"] = crypto::Sha256(ToBytes(text)).Hex().substr(0, kVersionDigits);
  object answer{{"version", data.at("version")},
                {"activities", data.at("activities").as_array().size()},
                {"recipients", data.at("recipients").as_array().size()}};
  std::vector<Paper> papers;
  papers.push_back({"verzeichnis", "register", std::move(data)});
  answer["files"] = FilesOf(papers, LangOf(request));
  return answer;
}

}  // namespace

std::vector<Route> PrivacyRegisterRoutes() {
  return {{"GET", "/api/v1/privacy/register", MakeRegister}};
}

}  // namespace geflecht::api
