#include "node/api/handlers/privacy_papers.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "node/api/handlers/document_json.h"
#include "node/api/handlers/spaces.h"
#include "node/papers/page.h"
#include "node/replica/holders.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

// Every key, so that a page finds nothing of the page around it.
object RecordJson(const OrganisationRecord& one) {
  object json{{"organisation", one.name}, {"org", one.org.Hex()}, {"self", one.own}};
  for (const char* key : {"law_profile", "land", "authority", "natural_person", "public_body",
                          "dpo", "dpo_email", "dpo_phone", "contact_point", "contact_email",
                          "contact_phone", "street", "postal_code", "city", "phone", "email"}) {
    const auto found = one.record.find(key);
    json[key] = found == one.record.end() ? Json("") : ValueJson(found->second);
    if (!json[key].is_string()) json[key] = "";
  }
  return json;
}

// An organisation that is no member any more: what its record said is not looked for.
object GoneJson(const replica::Replica& replica, const log::OrgId& org) {
  OrganisationRecord gone;
  gone.org = org;
  gone.name = replica.council().directory().NameOf(org);
  object json = RecordJson(gone);
  json["former"] = true;
  return json;
}

}  // namespace

i18n::Lang LangOf(const Request& request) {
  const auto lang = request.query.find("lang");
  return lang != request.query.end() && lang->second == "en" ? i18n::Lang::kEn : i18n::Lang::kDe;
}

Result<object> PaperHead(Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const OrganisationRecord own, OwnOrganisation(*replica));
  object controller = RecordJson(own);
  return object{{"network", object{{"id", replica->members().network().Hex()},
                                   {"name", replica->founding().text.name}}},
                {"made_at", TimeText(context.now.wall_ms)},
                {"law_profile", controller.at("law_profile")},
                {"land", controller.at("land")},
                {"controller", std::move(controller)}};
}

Result<array> Recipients(replica::Replica& replica) {
  ASSIGN(const auto organisations, Organisations(replica));
  array list;
  for (const OrganisationRecord& one : organisations) {
    object json = RecordJson(one);
    json["former"] = false;
    list.push_back(std::move(json));
  }
  const governance::State& state = replica.council().state();
  std::set<log::OrgId> former;
  for (const governance::OrgDevice& device : state.deprived)
    if (state.Member(device.org) == nullptr) former.insert(device.org);
  for (const log::OrgId& org : former) list.push_back(GoneJson(replica, org));
  return list;
}

Result<array> CircleRecipients(replica::Replica& replica, Time now) {
  constexpr std::int64_t kMs = 1000;
  ASSIGN(const array everybody, Recipients(replica));
  const replica::Holders holders(replica.council(), now.wall_ms / kMs);
  array circles;
  for (const governance::SpaceState& space : replica.members().spaces()) {
    array recipients;
    for (const replica::Holder& holder : holders.Of(space.id)) {
      const auto found = std::find_if(everybody.begin(), everybody.end(), [&](const Json& one) {
        return one.as_object().at("org") == Json(holder.org.Hex());
      });
      object recipient =
          found != everybody.end() ? found->as_object() : GoneJson(replica, holder.org);
      recipient["former"] = holder.former;
      recipients.push_back(std::move(recipient));
    }
    circles.push_back(object{{"space", space.id.Hex()},
                             {"space_name", space.name},
                             {"seat", SeatOf(replica, space.id, now)},
                             {"recipients", std::move(recipients)}});
  }
  return circles;
}

std::size_t CountHolders(const object& data) {
  std::set<std::string> orgs;
  const auto add = [&](const Json& list) {
    for (const Json& one : list.as_array()) orgs.emplace(one.as_object().at("org").as_string());
  };
  add(data.at("recipients"));
  for (const Json& circle : data.at("circles").as_array()) add(circle.as_object().at("recipients"));
  return orgs.size();
}

array Distinct(const array& records, std::string_view key) {
  std::set<std::string> values;
  for (const Json& record : records)
    if (const Json* value = record.as_object().if_contains(key))
      if (value->is_string() && !value->as_string().empty()) values.emplace(value->as_string());
  array list;
  for (const std::string& value : values) list.push_back(object{{key, value}});
  return list;
}

array FilesOf(const std::vector<Paper>& papers, i18n::Lang lang) {
  array files;
  for (const Paper& paper : papers) {
    files.push_back(object{{"name", paper.name + ".html"},
                           {"text", papers::RenderPage(paper.page, lang, paper.data)}});
    files.push_back(object{{"name", paper.name + ".json"},
                           {"text", boost::json::serialize(paper.data) + "\n"}});
  }
  return files;
}

}  // namespace geflecht::api
