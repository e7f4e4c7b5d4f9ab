#include "node/api/handlers/proposal_json.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/check.h"
#include "node/api/handlers/proposal_standing.h"
#include "node/governance/kinds.h"
#include "node/governance/space.h"
#include "node/log/erase.h"
#include "node/log/header.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;
using governance::Ballot;
using governance::Position;

constexpr std::int64_t kSecondsPerDay = 24 * 60 * 60;
constexpr std::size_t kYearDigits = 4;

Json SecondsText(std::optional<std::int64_t> time_s) {
  return time_s ? Json(log::RenderTime(*time_s)) : Json(nullptr);
}

const replica::Council::Record& RecordOf(const FoundProposal& found, const log::EntryId& entry) {
  const replica::Council::Record* record = found.replica->council().Find(entry);
  CHECK(record != nullptr);
  return *record;
}

// {org, organisation, time} of an entry that counts.
object WriterJson(const FoundProposal& found, const log::EntryId& entry) {
  const replica::Council::Record& record = RecordOf(found, entry);
  object by = record.org ? OrgJson(*found.replica, *record.org)
                         : object{{"org", nullptr}, {"organisation", nullptr}};
  by["time"] = SecondsText(record.time_s);
  return by;
}

std::string_view StatusOf(const FoundProposal& found, const governance::Decision* decision) {
  if (found.ballot.voided) return "void";
  return decision == nullptr ? "open" : governance::VerdictName(decision->verdict);
}

// Of a proposal about a space: its name, and who gets (or, if `give` is false, loses) which seat.
void AddSeats(const FoundProposal& found, object& subject) {
  array seats;
  const auto change = found.body.matter == governance::kSpace
                          ? governance::ParseSpace(found.body.subject, found.body.value)
                          : Fail(Code::kNotFound, "no space");
  if (change) {
    const auto* const space =
        change->space ? found.replica->members().FindSpace(*change->space) : nullptr;
    if (!change->space) subject["subject_name"] = change->name;
    if (space != nullptr) subject["subject_name"] = space->name;
    for (const governance::Seat& seat : change->seats) {
      object item = OrgJson(*found.replica, seat.org);
      item["give"] = seat.give;
      item["until"] = seat.until ? Json(governance::RenderDay(*seat.until)) : Json(nullptr);
      seats.push_back(std::move(item));
    }
  }
  subject["seats"] = std::move(seats);
}

// What a proposal about content would erase, or null.
Json ErasesJson(const governance::ProposalBody& body) {
  if (body.matter != governance::kContent || body.value.empty()) return nullptr;
  const auto erasure = log::ParseErasure(body.value);
  if (!erasure) return nullptr;
  array entries, documents, fields;
  for (const log::EraseTarget& target : erasure->targets) entries.emplace_back(target.entry.Hex());
  for (const log::RecordId& document : erasure->documents) documents.emplace_back(document.Hex());
  for (const log::ErasedContainer& container : erasure->containers)
    fields.push_back(object{{"document", container.document.Hex()}, {"field", container.key}});
  return object{{"reason", erasure->reason},
                {"entries", std::move(entries)},
                {"documents", std::move(documents)},
                {"fields", std::move(fields)}};
}

object SubjectJson(const FoundProposal& found) {
  const governance::ProposalBody& body = found.body;
  object subject{{"matter", body.matter}, {"subject", body.subject}, {"subject_name", nullptr}};
  if (const auto org = log::OrgId::FromHexText(body.subject)) {
    const std::string name = found.replica->council().directory().NameOf(*org);
    if (!name.empty()) subject["subject_name"] = name;
  }
  AddSeats(found, subject);
  const bool has_card = body.matter == governance::kAdmit || body.matter == governance::kRekey;
  subject["value"] = has_card ? "" : body.value;
  subject["erases"] = ErasesJson(body);
  subject["card"] = nullptr;
  if (!has_card) return subject;
  if (const auto proven = log::ParseProvenCard(body.value))
    subject["card"] = object{{"organisation", proven->card.organisation},
                             {"root_key", proven->card.root_key.Hex()},
                             {"device", proven->card.device.Hex()}};
  return subject;
}

Json OwnPosition(const FoundProposal& found) {
  const governance::Member* own = found.replica->members().ByDevice(found.replica->self());
  if (own == nullptr) return nullptr;
  const Ballot& ballot = found.ballot;
  for (const Ballot::Cast& cast : ballot.cast)
    if (cast.org == own->org) return Json(governance::PositionName(cast.position));
  if (std::binary_search(ballot.silent.begin(), ballot.silent.end(), own->org))
    return "contradictory";
  return std::binary_search(ballot.electors.begin(), ballot.electors.end(), own->org)
             ? Json("missing")
             : Json(nullptr);
}

object CountsJson(const Ballot& ballot) {
  return {{"yes", ballot.CountOf(Position::kYes)},
          {"no", ballot.CountOf(Position::kNo)},
          {"abstain", ballot.CountOf(Position::kAbstain)},
          {"objection", ballot.CountOf(Position::kObjection)},
          {"contradictory", ballot.silent.size()},
          {"missing", ballot.electors.size() - ballot.cast.size() - ballot.silent.size()}};
}

object TermsJson(const replica::Replica& replica, const Ballot::Terms& terms) {
  object json = RuleJson(replica, terms.rule);
  json["n"] = terms.n;
  json["need"] = terms.need;
  return json;
}

bool IsCarrier(const Ballot& ballot, const log::OrgId& org) {
  for (const Ballot::Terms* terms : {&ballot.then, &ballot.now})
    if (std::binary_search(terms->rule.carriers.begin(), terms->rule.carriers.end(), org))
      return true;
  return false;
}

// One for each organisation whose vote counts.
Result<array> PositionsJson(const FoundProposal& found) {
  const Ballot& ballot = found.ballot;
  array positions;
  for (const log::OrgId& org : ballot.electors) {
    object position = OrgJson(*found.replica, org);
    const auto cast = std::find_if(ballot.cast.begin(), ballot.cast.end(),
                                   [&](const Ballot::Cast& one) { return one.org == org; });
    const bool silent = std::binary_search(ballot.silent.begin(), ballot.silent.end(), org);
    position["position"] = silent ? "contradictory" : "missing";
    position["reason"] = nullptr;
    position["time"] = nullptr;
    position["required"] = IsCarrier(ballot, org);
    if (cast != ballot.cast.end()) {
      position["position"] = governance::PositionName(cast->position);
      position["time"] = SecondsText(RecordOf(found, cast->vote).time_s);
      ASSIGN(const auto body, found.replica->RootBodyOf(cast->vote));
      if (body)
        if (const auto vote = governance::ReadVote(*body); vote && !vote->reason.empty())
          position["reason"] = vote->reason;
    }
    positions.push_back(std::move(position));
  }
  return positions;
}

Result<void> AddDiscussion(const FoundProposal& found, const governance::Decision* decision,
                           object& json) {
  array comments;
  array certificates;
  for (const log::EntryId& entry : found.replica->council().About(found.id)) {
    const std::string_view kind = RecordOf(found, entry).kind;
    if (kind != governance::kComment && kind != governance::kEnact) continue;
    object item = WriterJson(found, entry);
    item["entry"] = entry.Hex();
    if (kind == governance::kEnact) {
      item["valid"] = decision != nullptr &&
                      std::find(decision->enacts.begin(), decision->enacts.end(), entry) !=
                          decision->enacts.end();
      certificates.push_back(std::move(item));
      continue;
    }
    ASSIGN(const auto body, found.replica->RootBodyOf(entry));
    if (!body) continue;
    const auto text = governance::ReadComment(*body);
    if (!text) continue;
    item["text"] = *text;
    comments.push_back(std::move(item));
  }
  json["comments"] = std::move(comments);
  json["certificates"] = std::move(certificates);
  return {};
}

}  // namespace

object OrgJson(const replica::Replica& replica, const log::OrgId& org) {
  return {{"org", org.Hex()}, {"organisation", replica.council().directory().NameOf(org)}};
}

Json DecisionNumber(const replica::Replica& replica, std::uint64_t number,
                    const std::optional<log::EntryId>& seal) {
  const auto* record = seal ? replica.council().Find(*seal) : nullptr;
  if (number == 0 || record == nullptr) return nullptr;
  const std::string digits = std::to_string(number);
  constexpr std::size_t kDigits = 3;
  const std::string zeros(kDigits - std::min(kDigits, digits.size()), '0');
  return Json(log::RenderTime(record->time_s).substr(0, kYearDigits) + "-" + zeros + digits);
}

object RuleJson(const replica::Replica& replica, const governance::Rule& rule) {
  const std::string text = governance::RenderRule(rule);
  array carriers;
  for (const log::OrgId& org : rule.carriers) carriers.push_back(OrgJson(replica, org));
  return {{"rule", text},
          {"kind", text.substr(0, text.find(' '))},
          {"k", rule.k == 0 ? Json(nullptr) : Json(rule.k)},
          {"carriers", std::move(carriers)}};
}

Result<FoundProposal> FindProposal(replica::Replica& replica, const log::EntryId& id) {
  const auto none = [] {
    return Fail(Code::kNotFound, "no proposal of this id", "hint.proposal-id");
  };
  const replica::Council::Record* record = replica.council().Find(id);
  if (record == nullptr || record->kind != governance::kProposal) return none();
  ASSIGN(const auto body, replica.RootBodyOf(id));
  if (!body) return none();
  auto said = governance::ReadProposal(*body);
  if (!said) return none();
  auto ballot = governance::BallotOn(replica.council().evaluator(), id);
  if (!ballot) return none();
  return FoundProposal{&replica, id, *std::move(said), *std::move(ballot)};
}

Result<FoundProposal> FindProposal(std::string_view id, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const auto entry = log::EntryId::FromHexText(id);
  if (!entry) return Fail(Code::kNotFound, "no id of a proposal", "hint.proposal-id");
  return FindProposal(*replica, *entry);
}

object SummaryJson(const FoundProposal& found, Time now) {
  const governance::Decision* decision = found.replica->council().state().DecisionOn(found.id);
  object json{{"id", found.id.Hex()}, {"title", found.body.title}};
  for (const auto& part : {SubjectJson(found), WriterJson(found, found.id)})
    for (const auto& [key, value] : part) json[key] = value;
  json["status"] = StatusOf(found, decision);
  json["sealed"] = decision != nullptr && decision->seal.has_value();
  json["number"] = decision == nullptr
                       ? Json(nullptr)
                       : DecisionNumber(*found.replica, decision->number, decision->seal);
  json["deadline"] = SecondsText(found.body.deadline_s);
  json["days_left"] = nullptr;
  json["deadline_passed"] = false;
  if (const auto& deadline_s = found.body.deadline_s) {
    const std::int64_t left_s = *deadline_s - now.wall_ms / 1000;
    json["deadline_passed"] = left_s < 0;
    json["days_left"] = left_s < 0 ? 0 : left_s / kSecondsPerDay;
  }
  json["counts"] = CountsJson(found.ballot);
  json["need"] = std::max(found.ballot.then.need, found.ballot.now.need);
  json["n"] = found.ballot.now.n;
  json["holds"] = found.ballot.holds;
  json["own"] = OwnPosition(found);
  for (auto& [key, value] : LinksJson(found)) json[key] = value;
  return json;
}

Result<object> ProposalJson(const FoundProposal& found, Time now) {
  object json = SummaryJson(found, now);
  json["text"] = found.body.text;
  json["note"] = found.body.note;
  json["terms"] = object{{"then", TermsJson(*found.replica, found.ballot.then)},
                         {"now", TermsJson(*found.replica, found.ballot.now)}};
  json["waits_for_seal"] = found.ballot.provisional;
  ASSIGN(json["positions"], PositionsJson(found));
  ASSIGN(const object dissent, DissentJson(found));
  for (const object& part : {MissingJson(found), dissent})
    for (const auto& [key, value] : part) json[key] = value;
  TRY(AddDiscussion(found, found.replica->council().state().DecisionOn(found.id), json));
  return json;
}

}  // namespace geflecht::api
