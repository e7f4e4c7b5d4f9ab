#include "node/api/handlers/agreement_json.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/handlers/document_json.h"
#include "node/api/handlers/proposal_json.h"
#include "node/api/handlers/spaces.h"
#include "node/crypto/base64.h"
#include "node/governance/kinds.h"
#include "node/log/header.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;
using governance::AgreementPhase;
using governance::AgreementState;
using governance::AgreementVersion;
using governance::Day;
using governance::PartyAct;

Json DayText(const std::optional<Day>& day) {
  return day ? Json(governance::RenderDay(*day)) : Json(nullptr);
}

Json TimeOrNull(const std::optional<std::int64_t>& time_s) {
  return time_s ? Json(log::RenderTime(*time_s)) : Json(nullptr);
}

template <class Id>
Json HexOrNull(const std::optional<Id>& id) {
  return id ? Json(id->Hex()) : Json(nullptr);
}

array OrgsJson(const replica::Replica& replica, const std::vector<log::OrgId>& orgs) {
  array list;
  for (const log::OrgId& org : orgs) list.push_back(OrgJson(replica, org));
  return list;
}

array IdsJson(const std::vector<log::EntryId>& ids) {
  array list;
  for (const log::EntryId& id : ids) list.push_back(Json(id.Hex()));
  return list;
}

object TermsJson(const AgreementVersion& version) {
  const governance::AgreementTerms& terms = version.terms;
  return {{"start", DayText(terms.start)},
          {"end", DayText(terms.end)},
          {"notice",
           terms.notice ? Json(governance::RenderNoticePeriod(*terms.notice)) : Json(nullptr)},
          {"form", terms.written ? "written" : "text"},
          {"parent", HexOrNull(terms.parent)},
          {"document", HexOrNull(terms.document)}};
}

// The first signature of the version by the party that counts.
const PartyAct* SignatureOf(const FoundAgreement& found, const log::EntryId& version,
                            const log::OrgId& org) {
  for (const PartyAct& act : found.agreement.papers.signatures)
    if (!act.fault && act.version == version && act.org == org) return &act;
  return nullptr;
}

array PartiesJson(const FoundAgreement& found, const AgreementVersion& version) {
  array parties;
  for (const log::OrgId& org : version.terms.parties) {
    object party = OrgJson(*found.replica, org);
    const PartyAct* act = SignatureOf(found, version.id, org);
    party["signed"] = act == nullptr ? Json(nullptr) : Json(log::RenderTime(act->time_s));
    party["member"] = !found.agreement.papers.gone.contains(org);
    parties.push_back(std::move(party));
  }
  return parties;
}

// What happens on a day, or has to be done by somebody.
class Due {
 public:
  Due(const FoundAgreement& found, Day today, std::int64_t days)
      : found_(found), today_(today), days_(days) {}

  array List() {
    const AgreementState& state = found_.state;
    if (state.phase == AgreementPhase::kEnded) return {};
    for (const log::OrgId& org : state.missing) ByOrg("signature", state.version, org);
    if (state.evidence_missing && state.missing.empty()) Add("evidence", state.version, {});
    if (state.phase == AgreementPhase::kSigned) On("starts", state.version, state.since);
    for (const AgreementState::Offer& offer : state.offers) {
      for (const log::OrgId& org : offer.missing) ByOrg("signature", offer.version, org);
      if (offer.evidence_missing && offer.missing.empty()) Add("evidence", offer.version, {});
      On("starts", offer.version, offer.from);
    }
    bool by_notice = false;
    for (const AgreementState::Notice& notice : state.notices) {
      for (const log::OrgId& org : notice.waits_for) ByOrg("receipt", notice.notice, org);
      by_notice = by_notice || (notice.ends && notice.ends == state.ends);
    }
    On(by_notice ? "ends" : "expires", state.version, state.ends);
    return std::move(list_);
  }

 private:
  object& Add(std::string_view what, const log::EntryId& entry, const std::optional<Day>& day) {
    list_.push_back(object{{"what", what},
                           {"entry", entry.Hex()},
                           {"date", DayText(day)},
                           {"days", day ? Json(*day - today_) : Json(nullptr)},
                           {"org", nullptr},
                           {"organisation", nullptr}});
    return list_.back().as_object();
  }
  void ByOrg(std::string_view what, const log::EntryId& entry, const log::OrgId& org) {
    object& item = Add(what, entry, {});
    for (const auto& [key, value] : OrgJson(*found_.replica, org)) item[key] = value;
  }
  void On(std::string_view what, const log::EntryId& entry, const std::optional<Day>& day) {
    if (day && *day >= today_ && *day - today_ <= days_) Add(what, entry, day);
  }

  const FoundAgreement& found_;
  const Day today_;
  const std::int64_t days_;
  array list_;
};

// Who signed: the name that the organisation gave the key.
object ActJson(const FoundAgreement& found, const PartyAct& act) {
  object json = OrgJson(*found.replica, act.org);
  json["entry"] = act.id.Hex();
  json["version"] = act.version.Hex();
  json["time"] = log::RenderTime(act.time_s);
  json["mandate"] = HexOrNull(act.mandate);
  json["name"] = nullptr;
  json["key"] = nullptr;
  json["fault"] = act.fault ? Json(governance::FaultName(*act.fault)) : Json(nullptr);
  const auto* mandate =
      act.mandate ? found.replica->council().mandates().Find(*act.mandate) : nullptr;
  if (mandate != nullptr && !mandate->name.empty()) json["name"] = mandate->name;
  if (mandate != nullptr) json["key"] = mandate->key.Hex();
  return json;
}

Result<std::optional<log::Body>> BodyOf(const FoundAgreement& found, const log::EntryId& entry,
                                        std::uint32_t& evidence) {
  const replica::Paper* paper = found.replica->papers(found.agreement.space).Find(entry);
  if (paper == nullptr) return std::optional<log::Body>();
  evidence = paper->evidence;
  return found.replica->BodyOf(*paper);
}

Result<array> SignaturesJson(const FoundAgreement& found) {
  array list;
  for (const PartyAct& act : found.agreement.papers.signatures) {
    object json = ActJson(found, act);
    array files;
    std::uint32_t evidence = 0;
    ASSIGN(const auto body, BodyOf(found, act.id, evidence));
    if (body) {
      if (const auto sign = governance::ReadSign(*body, evidence)) {
        json["statement"] = governance::RenderSigned(sign->said);
        for (const auto& file : sign->evidence)
          files.push_back(object{{"name", file.name}, {"bytes", file.content.size()}});
      }
    }
    json["evidence"] = std::move(files);
    list.push_back(std::move(json));
  }
  return list;
}

const AgreementState::Notice* NoticeState(const FoundAgreement& found, const log::EntryId& id) {
  for (const AgreementState::Notice& notice : found.state.notices)
    if (notice.notice == id) return &notice;
  return nullptr;
}

Result<array> NoticesJson(const FoundAgreement& found) {
  array list;
  for (const PartyAct& act : found.agreement.papers.notices) {
    object json = ActJson(found, act);
    json["reason"] = nullptr;
    std::uint32_t evidence = 0;
    ASSIGN(const auto body, BodyOf(found, act.id, evidence));
    if (body)
      if (const auto notice = governance::ReadNotice(*body, evidence);
          notice && !notice->reason.empty())
        json["reason"] = notice->reason;
    const AgreementState::Notice* state = NoticeState(found, act.id);
    json["counts"] = state != nullptr;
    static const AgreementState::Notice kNone;
    const AgreementState::Notice& shown = state == nullptr ? kNone : *state;
    json["waits_for"] = OrgsJson(*found.replica, shown.waits_for);
    json["unreachable"] = OrgsJson(*found.replica, shown.unreachable);
    json["received"] = DayText(shown.received);
    json["ends"] = DayText(shown.ends);
    list.push_back(std::move(json));
  }
  return list;
}

Result<object> VersionJson(const FoundAgreement& found, const AgreementVersion& version) {
  object json = TermsJson(version);
  json["id"] = version.id.Hex();
  json["amends"] = HexOrNull(version.amends);
  json["title"] = found.agreement.titles.at(version.id);
  json["time"] = log::RenderTime(version.time_s);
  json["by"] = OrgJson(*found.replica, version.writer);
  json["parties"] = PartiesJson(found, version);
  array blocks;
  array persons;
  array files;
  ASSIGN(const governance::Frozen frozen, found.replica->FrozenText(version.id));
  for (const std::string& block : frozen.blocks) blocks.push_back(Json(block));
  for (const auto& person : frozen.persons)
    persons.push_back(person ? Json(*person) : Json(nullptr));
  for (const auto& file : frozen.evidence)
    files.push_back(object{{"name", file.name}, {"bytes", file.content.size()}});
  json["blocks"] = std::move(blocks);
  json["persons"] = std::move(persons);
  json["evidence"] = std::move(files);
  return json;
}

}  // namespace

FoundAgreement AgreementNow(replica::Replica& replica, governance::Agreement agreement, Time now) {
  FoundAgreement found{&replica, std::move(agreement), {}};
  found.state = governance::StateOf(found.agreement.papers, now.wall_ms / 1000);
  const auto& versions = found.agreement.papers.versions;
  found.restricted = std::any_of(versions.begin(), versions.end(), [&](const auto& version) {
    if (!version.terms.document) return false;
    const crdt::DocumentId document{version.terms.document->bytes};
    if (replica.SpaceOf(document) != found.agreement.space) return false;
    const auto open = replica.Open(document);
    return open && IsRestricted((*open)->document);
  });
  return found;
}

Result<FoundAgreement> FindAgreement(std::string_view version, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const auto id = log::EntryId::FromHexText(version);
  if (!id) return Fail(Code::kNotFound, "no id of an agreement", "hint.agreement-id");
  ASSIGN(governance::Agreement agreement, replica->AgreementOf(*id));
  return AgreementNow(*replica, std::move(agreement), context.now);
}

object AgreementSummary(const FoundAgreement& found, Time now, std::int64_t due_days) {
  const AgreementState& state = found.state;
  const AgreementVersion& version = *found.agreement.papers.Version(state.version);
  object json = TermsJson(version);
  json["id"] = found.agreement.id().Hex();
  json["version"] = state.version.Hex();
  json["restricted"] = found.restricted;
  AddSpace(json, *found.replica, found.agreement.space);
  json["seat"] = SeatOf(*found.replica, found.agreement.space, now);
  json["title"] = found.agreement.titles.at(state.version);
  json["phase"] = governance::PhaseName(state.phase);
  json["parties"] = PartiesJson(found, version);
  json["missing"] = OrgsJson(*found.replica, state.missing);
  json["evidence_missing"] = state.evidence_missing;
  json["signed"] = TimeOrNull(state.signed_s);
  json["since"] = DayText(state.since);
  json["ends"] = DayText(state.ends);
  array offers;
  for (const AgreementState::Offer& offer : state.offers)
    offers.push_back(object{{"version", offer.version.Hex()},
                            {"missing", OrgsJson(*found.replica, offer.missing)},
                            {"evidence_missing", offer.evidence_missing},
                            {"from", DayText(offer.from)}});
  json["offers"] = std::move(offers);
  json["replaced"] = IdsJson(state.replaced);
  json["rivals"] = IdsJson(state.rivals);
  json["due"] = Due(found, governance::DayOf(now.wall_ms / 1000), due_days).List();
  return json;
}

Result<object> AgreementJson(const FoundAgreement& found, Time now) {
  object json = AgreementSummary(found, now, kDueDays);
  array versions;
  for (const AgreementVersion& version : found.agreement.papers.versions) {
    ASSIGN(object one, VersionJson(found, version));
    versions.push_back(std::move(one));
  }
  json["versions"] = std::move(versions);
  ASSIGN(json["signatures"], SignaturesJson(found));
  ASSIGN(json["notices"], NoticesJson(found));
  return json;
}

Result<array> EvidenceJson(const FoundAgreement& found) {
  array list;
  const auto add = [&](const log::EntryId& entry, const governance::EvidenceFile& file) {
    list.push_back(object{
        {"entry", entry.Hex()}, {"name", file.name}, {"base64", crypto::ToBase64(file.content)}});
  };
  for (const AgreementVersion& version : found.agreement.papers.versions) {
    ASSIGN(const governance::Frozen frozen, found.replica->FrozenText(version.id));
    for (const auto& file : frozen.evidence) add(version.id, file);
  }
  for (const PartyAct& act : found.agreement.papers.signatures) {
    std::uint32_t evidence = 0;
    ASSIGN(const auto body, BodyOf(found, act.id, evidence));
    if (!body) continue;
    if (const auto sign = governance::ReadSign(*body, evidence))
      for (const auto& file : sign->evidence) add(act.id, file);
  }
  return list;
}

}  // namespace geflecht::api
