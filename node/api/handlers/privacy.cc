// /api/v1/privacy: erasing content, and who has done so (docs/formats/erasure.md).
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <optional>

#include "node/api/context.h"
#include "node/api/handlers/case_check.h"
#include "node/api/handlers/document_json.h"
#include "node/api/handlers/person_reading.h"
#include "node/api/handlers/proposal_json.h"
#include "node/log/name.h"
#include "node/replica/holders.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

Result<std::string> ReasonOf(const object& body) {
  ASSIGN(std::string reason, TextMember(body, "reason"));
  if (std::find(log::kEraseReasons.begin(), log::kEraseReasons.end(), reason) ==
      log::kEraseReasons.end())
    return Fail(Code::kUsage, "no reason of an erasure", "hint.erase-reason");
  return reason;
}

object Written(const std::vector<log::EntryId>& erasures) {
  array ids;
  for (const log::EntryId& id : erasures) ids.emplace_back(id.Hex());
  return {{"erasures", std::move(ids)}};
}

struct Asked {
  log::SpaceId space;
  log::Erasure erasure;
};

// All entries stand in one space.
Result<Asked> ErasureOfEntries(const replica::Replica& replica, const array& entries,
                               const std::string& reason) {
  log::Erasure erasure{reason, {}};
  std::optional<log::SpaceId> space;
  for (const Json& item : entries) {
    const auto id = item.is_string() ? log::EntryId::FromHexText(std::string_view(item.as_string()))
                                     : std::nullopt;
    if (!id) return Fail(Code::kUsage, "no id of an entry");
    ASSIGN(const auto stored, replica.EntryOf(*id));
    if (!stored) return Fail(Code::kNotFound, "no entry " + id->Hex());
    if (space && *space != stored->entry.header.space)
      return Fail(Code::kUsage, "entries of several spaces");
    space = stored->entry.header.space;
    ASSIGN(log::EraseTarget target, replica.AllOf(*id));
    erasure.targets.push_back(std::move(target));
  }
  if (!space) return Fail(Code::kUsage, "no entries");
  std::sort(erasure.targets.begin(), erasure.targets.end(),
            [](const auto& a, const auto& b) { return a.entry < b.entry; });
  return Asked{*space, std::move(erasure)};
}

// {title, deadline?}: what `asked` names is put to the vote instead.
Answer ProposeErasure(const Request& request, replica::Replica& replica, const Json& propose,
                      const Asked& asked, Context& context) {
  if (!propose.is_object()) return Fail(Code::kUsage, "no title of a proposal");
  governance::ProposalBody proposal;
  proposal.matter = governance::kContent;
  proposal.subject = asked.space.Hex();
  proposal.value = log::RenderErasure(asked.erasure);
  if (proposal.value.size() > log::kRuleBytesMax)
    return Fail(Code::kTooLarge, "a proposal names too much", "hint.erase-too-many");
  ASSIGN(const std::string title, TextMember(propose.as_object(), "title"));
  const auto line = log::ToLine(title, governance::kTitleBytesMax);
  if (!line) return Fail(Code::kUsage, line.error().detail, "hint.proposal-title");
  proposal.title = *line;
  if (const Json* deadline = propose.as_object().if_contains("deadline")) {
    if (deadline->is_string()) proposal.deadline_s = log::ParseTime(deadline->as_string());
    if (!proposal.deadline_s) return Fail(Code::kUsage, "no time", "hint.deadline");
  }
  if (auto answer = CaseAnswer(request, context, {{proposal.title, true, {}}}))
    return *std::move(answer);
  ASSIGN(const log::EntryId id, replica.Propose(proposal, context.now));
  ASSIGN(const FoundProposal found, FindProposal(replica, id));
  return ProposalJson(found, context.now);
}

// Where else the person is named whose contact this is: none of it is erased with it.
array MentionsIn(const Traces& traces, const crdt::DocumentId& document) {
  array mentions;
  for (const array* list : {&traces.sure, &traces.unclear}) {
    for (const Json& item : *list) {
      const object& trace = item.as_object();
      if (trace.at("id") == Json(document.Hex())) continue;
      object mention;
      for (const char* key : {"kind", "id", "type", "title", "field", "organisation"})
        if (const Json* value = trace.if_contains(key)) mention[key] = *value;
      mentions.push_back(std::move(mention));
    }
  }
  return mentions;
}

// GET, before a document is erased -> {mentions: [{kind, id, type, title, field,
// organisation}]}, or StillReading: then the same again. Reads every document, which the erasure
// itself does not.
Answer Mentions(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const crdt::DocumentId document, DocumentIdOf(arguments.at(0)));
  const auto progress = context.person_readings.ReadOn(*replica, document.Hex(), "", context.now);
  if (!progress && progress.error().code == Code::kNotFound)
    return object{{"mentions", array()}};  // no contact
  if (!progress) return Fail(progress.error());
  if (!progress->found) return StillReading(*progress);
  return object{{"mentions", MentionsIn(progress->found->traces, document)}};
}

// POST {reason, document, field?} or {reason, entries} -> {erasures}; with propose: {title,
// deadline?} as GET of a proposal
Answer Erase(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string reason, ReasonOf(body));
  const Json* const propose = body.if_contains("propose");
  if (const Json* entries = body.if_contains("entries")) {
    if (!entries->is_array()) return Fail(Code::kUsage, "no list of entries");
    ASSIGN(const Asked asked, ErasureOfEntries(*replica, entries->as_array(), reason));
    if (propose != nullptr) return ProposeErasure(request, *replica, *propose, asked, context);
    ASSIGN(const log::EntryId id, replica->Erase(asked.space, asked.erasure, context.now));
    return Written({id});
  }
  ASSIGN(const std::string typed, TextMember(body, "document"));
  ASSIGN(const crdt::DocumentId document, DocumentIdOf(typed));
  std::optional<std::string> field;
  if (body.contains("field")) {
    ASSIGN(field, TextMember(body, "field"));
  }
  if (propose != nullptr) {
    ASSIGN(log::Erasure erasure, replica->ErasureOf(document, field, reason));
    const Asked asked{replica->SpaceOf(document), std::move(erasure)};
    return ProposeErasure(request, *replica, *propose, asked, context);
  }
  ASSIGN(const auto erasures, replica->EraseDocument(document, field, reason, context.now));
  return Written(erasures);
}

// An organisation has confirmed an erasure when all its devices have.
struct OrgStanding {
  std::string name;
  bool present = false;                         // one of its devices is still served
  std::optional<std::int64_t> confirmed_s = 0;  // the last of these
  array devices;
};

// Devices of organisations that are served the space, or once were.
std::vector<const governance::Member*> EverEntitled(const replica::Replica& replica,
                                                    const log::SpaceId& space, std::int64_t now_s) {
  const governance::Members& members = replica.members();
  const bool of_all = space == members.root_space() || space == members.network_space();
  const auto holders = replica::Holders(replica.council(), now_s).Of(space);
  const auto holds = [&](const log::OrgId& org) {
    return of_all || std::any_of(holders.begin(), holders.end(),
                                 [&](const replica::Holder& holder) { return holder.org == org; });
  };
  std::vector<const governance::Member*> devices;
  for (const auto* list : {&members.all(), &members.former()})
    for (const governance::Member& member : *list)
      if (holds(member.org)) devices.push_back(&member);
  return devices;
}

object DeviceJson(const governance::Member& member, bool served,
                  const replica::ErasureStanding& standing) {
  const auto receipt = standing.confirmed.find(member.device);
  const bool open = receipt == standing.confirmed.end();
  return {{"device", member.device.Hex()},
          {"entitled", served},
          {"confirmed_at", open ? Json(nullptr) : Json(log::RenderTime(receipt->second))},
          {"open_since", open ? Json(log::RenderTime(standing.time_s)) : Json(nullptr)}};
}

// An observer of a circle cannot confirm, and stays open; so does who left before it could.
std::map<log::OrgId, OrgStanding> StandingOfAll(const replica::Replica& replica,
                                                const replica::ErasureStanding& standing,
                                                std::int64_t now_s) {
  std::map<log::OrgId, OrgStanding> orgs;
  for (const governance::Member* member : EverEntitled(replica, standing.space, now_s)) {
    const bool served = replica.members().MayServe(member->device, standing.space, now_s);
    OrgStanding& org = orgs[member->org];
    org.name = member->name;
    org.devices.push_back(DeviceJson(*member, served, standing));
    const auto receipt = standing.confirmed.find(member->device);
    if (served && !org.present) {
      org.present = true;
      org.confirmed_s = 0;
    }
    if (served != org.present) continue;  // a former device of a member
    if (receipt == standing.confirmed.end()) {
      org.confirmed_s.reset();
    } else if (org.confirmed_s) {
      org.confirmed_s = std::max(*org.confirmed_s, receipt->second);
    }
  }
  return orgs;
}

object StandingJson(const replica::Replica& replica, const replica::ErasureStanding& standing,
                    std::int64_t now_s) {
  array organisations;
  std::uint64_t confirmed = 0, of = 0, former = 0;
  for (auto& [id, org] : StandingOfAll(replica, standing, now_s)) {
    if (org.present) ++of;
    if (org.present && org.confirmed_s) ++confirmed;
    if (!org.present && !org.confirmed_s) ++former;
    organisations.push_back(object{
        {"organisation", org.name},
        {"org", id.Hex()},
        {"present", org.present},
        {"confirmed_at", org.confirmed_s ? Json(log::RenderTime(*org.confirmed_s)) : Json(nullptr)},
        {"devices", std::move(org.devices)}});
  }
  return {{"entry", standing.entry.Hex()},
          {"time", log::RenderTime(standing.time_s)},
          {"reason", standing.reason},
          {"decision", standing.decision ? Json(standing.decision->Hex()) : Json(nullptr)},
          {"confirmed", confirmed},
          {"of", of},
          {"former_open", former},
          {"organisations", std::move(organisations)}};
}

// GET, of an erasure or of all that name a document -> {erasures: [{entry, time, reason, decision,
// confirmed, of, former_open, organisations: [{organisation, org, present, confirmed_at, devices:
// [{device, entitled, confirmed_at, open_since}]}]}]}
Answer Status(const Request&, const Arguments& arguments, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  std::vector<log::EntryId> ids;
  if (const auto entry = log::EntryId::FromHexText(arguments.at(0))) {
    ids.push_back(*entry);
  } else {
    ASSIGN(const crdt::DocumentId document, DocumentIdOf(arguments.at(0)));
    ASSIGN(ids, replica->ErasuresOf(document));
    if (ids.empty()) return Fail(Code::kNotFound, "nothing of it is erased", "hint.no-erasure");
  }
  array erasures;
  for (const log::EntryId& id : ids) {
    ASSIGN(const replica::ErasureStanding standing, replica->StandingOf(id));
    erasures.push_back(StandingJson(*replica, standing, context.now.wall_ms / 1000));
  }
  return object{{"erasures", std::move(erasures)}};
}

}  // namespace

std::vector<Route> PrivacyRoutes() {
  return {Noted("erase", {"POST", "/api/v1/privacy/erase", Erase}),
          {"GET", "/api/v1/privacy/mentions/{}", Mentions},
          {"GET", "/api/v1/privacy/status/{}", Status}};
}

}  // namespace geflecht::api
