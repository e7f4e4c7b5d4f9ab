// What the decade's organisations write beside documents: proposals and what is said about them,
// frozen minutes, agreements with the mandates of who signs.
#include <algorithm>

#include "node/governance/agreement.h"
#include "node/governance/kinds.h"
#include "node/governance/minutes.h"
#include "tests/sim/decade.h"

namespace geflecht::sim {
namespace {

using boost::json::object;
using governance::Position;

// Two that are always there, and one that never signs.
constexpr std::size_t kFirstParty = 1, kSecondParty = 2, kSilentParty = 3;
constexpr int kOpenEndedFrom = 10, kOpenEndedTo = 14, kNewSigners = 8;
constexpr std::int64_t kDaySeconds = 86'400;

}  // namespace

void Decade::TellEntry(const log::EntryId& id, std::size_t machine, const char* type,
                       object fields) {
  records_.push_back(object{{"id", id.Hex()},
                            {"machine", machine},
                            {"type", type},
                            {"made", year_->Today()},
                            {"text", ""},
                            {"fields", std::move(fields)}});
}

std::string Decade::DateOf(const crdt::DocumentId& meeting) const {
  const auto told = std::find_if(records_.begin(), records_.end(), [&](const auto& record) {
    return record.at("id").as_string() == meeting.Hex();
  });
  Require(told != records_.end(), "a meeting was not told");
  return std::string(told->at("fields").at("date").as_string());
}

void Decade::Comment(std::size_t machine, const log::EntryId& proposal, object fields) {
  const std::string name = Name();
  const log::EntryId id = year_->Do(machine, [&](replica::Replica& replica, Time now) {
    return replica.Comment(proposal, "Sagt " + name + "\n", now);
  });
  fields["name"] = name;
  TellEntry(id, machine, "comment", std::move(fields));
}

// A proposal that nobody carries out, with a note, a vote against it and a comment.
void Decade::Debate(int quarter) {
  const auto asked = static_cast<std::size_t>(quarter) % 3;
  const std::string note = Name(), reason = Name();
  const governance::Day deadline = *governance::ParseDay(year_->Today()) + 10 +
                                   static_cast<governance::Day>(random_.Below(60));
  const object fields{{"deadline", governance::RenderDay(deadline)}};
  const log::EntryId proposal = year_->Do(asked, [&](replica::Replica& replica, Time now) {
    return replica.Propose({"money", "", "", deadline * kDaySeconds, "Antrag", "", note + "\n"},
                           now);
  });
  object of_note = fields;
  of_note["name"] = note;
  TellEntry(proposal, asked, "proposal-note", std::move(of_note));
  year_->AwaitEqual();
  const std::size_t against = asked + 1;
  const log::EntryId vote = year_->Do(against, [&](replica::Replica& replica, Time now) {
    return replica.Vote(proposal, {Position::kNo, reason + "\n"}, now);
  });
  object of_vote = fields;
  of_vote["name"] = reason;
  TellEntry(vote, against, "vote-reason", std::move(of_vote));
  Comment(asked, proposal, fields);
}

log::EntryId Decade::Freeze(std::size_t machine, governance::Frozen frozen, const char* type,
                            object fields) {
  const std::string name = Name();
  frozen.title = "Festgehalten";
  frozen.blocks = {"Dabei war [[1]].\n"};
  frozen.persons = {name};
  const log::EntryId id = year_->Do(machine, [&](replica::Replica& replica, Time now) {
    return replica.Freeze(frozen, replica.members().network_space(), now);
  });
  fields["name"] = name;
  TellEntry(id, machine, type, std::move(fields));
  return id;
}

// Of the newest meeting.
void Decade::FreezeMinutes(int) {
  const auto& [machine, meeting] = meetings_.back();
  governance::MinutesTerms terms;
  terms.meeting.bytes = meeting.bytes;
  terms.date = DateOf(meeting);
  governance::Frozen frozen;
  frozen.what = governance::kMinutes;
  frozen.terms = governance::RenderMinutesTerms(terms);
  Freeze(machine, std::move(frozen), "minutes-frozen",
         {{"date", terms.date}, {"meeting", meeting.Hex()}});
}

// Somebody signs for the organisation from now on; who did so before does no more.
void Decade::Mandate(std::size_t machine) {
  if (const auto before = signers_.find(machine); before != signers_.end()) {
    const log::EntryId ended = before->second.mandate;
    year_->Do(machine, [&](replica::Replica& replica, Time now) {
      return replica.EndPerson(ended, now);
    });
    Event("set", {{"id", ended.Hex()}, {"key", "ended"}, {"value", year_->Today()}});
  }
  const std::string name = Name();
  Signer signer{crypto::SigningKey::Generate(random_), {}};
  const governance::Statement agrees{year_->founding().network(),
                                     std::string(governance::kActMandate),
                                     std::nullopt,
                                     governance::RenderMandateTerms(
                                         {std::string(governance::kRoleSign), {}, {}}),
                                     year_->OrgOf(machine),
                                     std::nullopt,
                                     year_->site(machine).Now().wall_ms / 1000};
  signer.mandate = year_->Do(machine, [&](replica::Replica& replica, Time now) {
    return replica.AddPerson(
        {signer.key.public_key(), governance::SignStatement(agrees, signer.key), name}, now);
  });
  TellEntry(signer.mandate, machine, "mandate", {{"name", name}});
  signers_.insert_or_assign(machine, std::move(signer));
}

log::EntryId Decade::Agree(std::size_t machine, const std::string& end,
                           const std::vector<std::size_t>& signers) {
  governance::AgreementTerms terms;
  terms.parties = {year_->OrgOf(machine), year_->OrgOf(kFirstParty)};
  std::sort(terms.parties.begin(), terms.parties.end());
  terms.end = governance::ParseDay(end);
  terms.notice = governance::NoticePeriod{1, governance::NoticePeriod::Unit::kMonth};
  governance::Frozen frozen;
  frozen.what = governance::kAgreement;
  frozen.terms = governance::RenderAgreementTerms(terms);
  object fields{{"signed", signers.empty() ? "no" : "yes"}, {"end", end}};
  const log::EntryId version =
      Freeze(machine, std::move(frozen), "agreement-frozen", std::move(fields));
  for (const std::size_t party : signers) {
    year_->AwaitEqual();
    const Signer& signer = signers_.at(party);
    const governance::Statement says{year_->founding().network(),
                                     std::string(governance::kActSign),
                                     version,
                                     "",
                                     year_->OrgOf(party),
                                     signer.mandate,
                                     year_->site(party).Now().wall_ms / 1000};
    year_->Do(party, [&](replica::Replica& replica, Time now) {
      return replica.Sign(version, {governance::SignStatement(says, signer.key), {}}, now);
    });
    Event("signs", {{"id", signer.mandate.Hex()}, {"agreement", version.Hex()}});
  }
  return version;
}

// One agreement has no end until notice is given; its last day is a month later.
void Decade::EndAgreement() {
  const std::string reason = Name();
  const Signer& signer = signers_.at(kFirstParty);
  const governance::Statement says{year_->founding().network(),
                                   std::string(governance::kActNotice),
                                   *open_ended_,
                                   "",
                                   year_->OrgOf(kFirstParty),
                                   signer.mandate,
                                   year_->site(kFirstParty).Now().wall_ms / 1000};
  const log::EntryId notice =
      year_->Do(kFirstParty, [&](replica::Replica& replica, Time now) {
        return replica.GiveNotice(
            *open_ended_, {governance::SignStatement(says, signer.key), reason + "\n"}, now);
      });
  year_->AwaitEqual();
  const std::string end = governance::RenderDay(
      governance::AddMonths(*governance::ParseDay(year_->Today()), 1));
  TellEntry(notice, kFirstParty, "notice", {{"name", reason}, {"end", end}});
  Event("signs", {{"id", signer.mandate.Hex()}, {"agreement", open_ended_->Hex()}});
  Event("set", {{"id", open_ended_->Hex()}, {"key", "end"}, {"value", end}});
}

void Decade::Agreements(int quarter) {
  // In autumn, so that agreements end in a later year than the mandates of who signed them.
  if (signers_.empty() || quarter % kNewSigners == 7)
    for (const std::size_t party : {kFirstParty, kSecondParty}) Mandate(party);
  const std::string end = governance::RenderDay(*governance::ParseDay(year_->Today()) + 100 +
                                                static_cast<governance::Day>(random_.Below(700)));
  if (quarter % 4 == 2 && quarter != kOpenEndedFrom)
    Agree(kSecondParty, end, {kFirstParty, kSecondParty});
  if (quarter % 8 == 3) Agree(kSilentParty, "", {});
  if (quarter == kOpenEndedFrom)
    open_ended_ = Agree(kSecondParty, "", {kFirstParty, kSecondParty});
  if (quarter == kOpenEndedTo) EndAgreement();
}

}  // namespace geflecht::sim
