// /api/v1/persons: who may sign for which organisation.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/context.h"
#include "node/api/handlers/case_check.h"
#include "node/api/handlers/proposal_json.h"
#include "node/governance/mandates.h"
#include "node/log/header.h"
#include "node/log/name.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;
using governance::Mandate;

Json MandateDay(const std::optional<governance::Day>& day) {
  return day ? Json(governance::RenderDay(*day)) : Json(nullptr);
}

std::string_view StateOf(const Mandate& mandate, governance::Day today) {
  if (!mandate.ends.empty()) return "ended";
  if (mandate.terms.from && today < *mandate.terms.from) return "not-yet";
  if (mandate.terms.until && today > *mandate.terms.until) return "expired";
  return "active";
}

object MandateJson(const replica::Replica& replica, const Mandate& mandate, Time now) {
  const replica::Council& council = replica.council();
  const governance::Member* own = replica.members().ByDevice(replica.self());
  object json = OrgJson(replica, mandate.org);
  json["mandate"] = mandate.id.Hex();
  json["key"] = mandate.key.Hex();
  json["name"] = mandate.name.empty() ? Json(nullptr) : Json(mandate.name);
  json["role"] = mandate.terms.role;
  json["from"] = MandateDay(mandate.terms.from);
  json["until"] = MandateDay(mandate.terms.until);
  json["state"] = StateOf(mandate, governance::DayOf(now.wall_ms / 1000));
  json["member"] = council.state().Member(mandate.org) != nullptr;
  json["own"] = own != nullptr && own->org == mandate.org;
  json["since"] = log::RenderTime(mandate.time_s);
  json["ended"] = nullptr;
  if (!mandate.ends.empty())
    if (const auto* record = council.Find(mandate.ends.front()))
      json["ended"] = log::RenderTime(record->time_s);
  return json;
}

Answer ListPersons(const Request&, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const governance::Mandates& mandates = replica->council().mandates();
  array list;
  for (const log::EntryId& id : mandates.all())
    list.push_back(MandateJson(*replica, *mandates.Find(id), context.now));
  return object{{"network", replica->members().network().Hex()}, {"persons", std::move(list)}};
}

Answer Show(const replica::Replica& replica, const log::EntryId& mandate, Time now) {
  const Mandate* found = replica.council().mandates().Find(mandate);
  if (found == nullptr) return Fail(Code::kInternal, "the mandate does not count");
  return MandateJson(replica, *found, now);
}

// POST {name, key, statement} -> as one of the list.
Answer AddPerson(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  governance::PersonAddBody add;
  ASSIGN(const std::string name, TextMember(body, "name"));
  const auto line = log::ToLine(name, governance::kPersonNameBytesMax);
  if (!line) return Fail(Code::kUsage, line.error().detail, "hint.person-name");
  add.name = *line;
  ASSIGN(const std::string key, TextMember(body, "key"));
  const auto known = crypto::PublicKey::FromHexText(key);
  if (!known) return Fail(Code::kUsage, "no key", "hint.person-form");
  add.key = *known;
  ASSIGN(const std::string statement, TextMember(body, "statement"));
  auto proof = governance::ParseSigned(statement);
  if (!proof) return Fail(Code::kUsage, proof.error().detail, "hint.person-form");
  add.proof = *std::move(proof);
  if (auto answer = CaseAnswer(request, context, {{add.name, true, {}}}))
    return *std::move(answer);
  ASSIGN(const log::EntryId entry, replica->AddPerson(add, context.now));
  return Show(*replica, entry, context.now);
}

// POST -> as one of the list.
Answer EndPerson(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const auto mandate = log::EntryId::FromHexText(arguments.at(0));
  if (!mandate) return Fail(Code::kNotFound, "no id of a mandate", "hint.no-mandate");
  TRY(replica->EndPerson(*mandate, context.now));
  return Show(*replica, *mandate, context.now);
}

}  // namespace

std::vector<Route> PersonRoutes() {
  return {{"GET", "/api/v1/persons", ListPersons},
          Noted("person-add", {"POST", "/api/v1/persons", AddPerson}),
          Noted("person-end", {"POST", "/api/v1/persons/{}/end", EndPerson})};
}

}  // namespace geflecht::api
