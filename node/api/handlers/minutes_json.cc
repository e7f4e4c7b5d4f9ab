#include "node/api/handlers/minutes_json.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/handlers/proposal_json.h"
#include "node/governance/ballot.h"
#include "node/governance/kinds.h"
#include "node/log/header.h"
#include "node/log/name.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;
using i18n::Lang;
using i18n::Tr;

// Empty lines part blocks: what a point says stays one block.
std::string OneBlock(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '\n' || (!out.empty() && out.back() != '\n')) out += c;
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

std::string HeadOf(const domain::Meeting& meeting, Lang lang) {
  std::string head =
      Tr(lang, "minutes.title", {{"title", OneBlock(meeting.title)}}) + "\n" + meeting.date;
  for (const std::string* part : {&meeting.start, &meeting.end, &meeting.place})
    if (!part->empty()) head += ", " + OneBlock(*part);
  return head + "\n\n";
}

std::string PresenceOf(const replica::Replica& replica, const domain::Meeting& meeting, Lang lang) {
  if (meeting.attendance.empty()) return {};
  std::string text = Tr(lang, "minutes.attendance") + ":\n";
  for (const domain::Attendance& one : meeting.attendance) {
    const auto org = log::OrgId::FromHexText(one.org);
    const std::string name = org ? replica.council().directory().NameOf(*org) : std::string();
    if (!one.name.empty()) text += "[[" + OneBlock(one.name) + "]]";
    if (!one.name.empty() && !name.empty()) text += ", ";
    text += name + " (" + Tr(lang, "attendance." + one.state) + ")\n";
  }
  return text + "\n";
}

std::string PointOf(const domain::AgendaItem& item, std::size_t number, Lang lang) {
  std::string text =
      Tr(lang, "minutes.point", {{"n", std::to_string(number)}, {"title", OneBlock(item.title)}}) +
      "\n";
  if (!item.text.empty())
    text += Tr(lang, "agenda.kind." + item.kind) + ": " + OneBlock(item.text) + "\n";
  if (!item.yes.empty() || !item.no.empty() || !item.abstain.empty())
    text += Tr(lang, "minutes.counts",
               {{"yes", item.yes.empty() ? "0" : item.yes},
                {"no", item.no.empty() ? "0" : item.no},
                {"abstain", item.abstain.empty() ? "0" : item.abstain}}) +
            "\n";
  if (!item.link.empty()) text += item.link + "\n";
  return text + "\n";
}

object ApprovalJson(const replica::Replica& replica, const log::EntryId& proposal) {
  const governance::Decision* decision = replica.council().state().DecisionOn(proposal);
  object json{{"proposal", proposal.Hex()},
              {"status", decision == nullptr ? "open" : governance::VerdictName(decision->verdict)},
              {"sealed", decision != nullptr && decision->seal.has_value()},
              {"number", nullptr}};
  if (decision != nullptr)
    json["number"] = DecisionNumber(replica, decision->number, decision->seal);
  return json;
}

// The decisions that the minutes record, and whether an approval meets their rules.
array RecordedJson(const replica::Replica& replica, const FoundMinutes& minutes,
                   const std::vector<log::EntryId>& approvals) {
  array decisions;
  for (const governance::RecordedDecision& recorded : minutes.terms.decisions) {
    const bool certified =
        std::any_of(approvals.begin(), approvals.end(), [&](const log::EntryId& approval) {
          return governance::MeetsRuleOf(replica.council().evaluator(), approval, recorded.matter);
        });
    decisions.push_back(object{{"item", recorded.item},
                               {"matter", recorded.matter},
                               {"text", minutes.text.blocks.at(recorded.block - 1)},
                               {"certified", certified}});
  }
  return decisions;
}

std::string_view StateOf(const array& approvals) {
  std::string_view state = approvals.empty() ? "frozen" : "proposed";
  for (const Json& item : approvals) {
    const object& approval = item.as_object();
    if (approval.at("status") != Json("effective")) continue;
    if (approval.at("sealed").as_bool()) return "sealed";
    state = "approved";
  }
  return state;
}

}  // namespace

Result<std::vector<FoundMinutes>> MinutesOf(replica::Replica& replica,
                                            const crdt::DocumentId& meeting) {
  std::vector<FoundMinutes> all;
  const log::SpaceId space = replica.SpaceOf(meeting);
  for (const replica::Paper* paper : replica.papers(space).OfKind(governance::kFreeze)) {
    ASSIGN(const auto body, replica.BodyOf(*paper));
    if (!body) continue;
    auto frozen = governance::ReadFrozen(*body, paper->evidence);
    if (!frozen || frozen->what != governance::kMinutes) continue;
    auto terms = governance::ParseMinutesTerms(frozen->terms, frozen->blocks.size());
    if (!terms || terms->meeting.bytes != meeting.bytes) continue;
    ASSIGN(const auto stored, replica.EntryOf(paper->id));
    if (stored)
      all.push_back(
          {space, paper->id, stored->entry.header.root, *std::move(frozen), *std::move(terms)});
  }
  return all;
}

std::vector<log::EntryId> ApprovalsOf(const replica::Replica& replica,
                                      const FoundMinutes& minutes) {
  const governance::Graph& graph = replica.council().evaluator().graph();
  const governance::FreezeRef cited{minutes.space, minutes.freeze, minutes.root};
  std::vector<log::EntryId> approvals;
  for (const log::EntryId& id : replica.council().OfKind(governance::kProposal)) {
    const auto* proposal = graph[graph.Find(id)].As<governance::Proposal>();
    if (proposal != nullptr && proposal->terms.freeze == cited &&
        governance::MatterOf(proposal->measure) == governance::kMinutesMatter)
      approvals.push_back(id);
  }
  return approvals;
}

Result<array> MinutesJson(const FoundMeeting& found, Lang lang) {
  replica::Replica& replica = *found.replica;
  ASSIGN(const std::vector<FoundMinutes> all, MinutesOf(replica, found.id));
  array list;
  for (const FoundMinutes& minutes : all) {
    const std::vector<log::EntryId> approvals = ApprovalsOf(replica, minutes);
    array approved;
    for (const log::EntryId& approval : approvals)
      approved.push_back(ApprovalJson(replica, approval));
    const replica::Paper& paper = *replica.papers(minutes.space).Find(minutes.freeze);
    const auto org = replica.OrgOf(paper);
    object item =
        org ? OrgJson(replica, *org) : object{{"org", nullptr}, {"organisation", nullptr}};
    item["freeze"] = minutes.freeze.Hex();
    item["root"] = minutes.root.Hex();
    item["time"] = log::RenderTime(paper.time_s);
    item["state"] = StateOf(approved);
    item["corrects"] = minutes.terms.corrects ? Json(minutes.terms.corrects->Hex()) : Json(nullptr);
    item["corrected_by"] = nullptr;
    for (const FoundMinutes& other : all)
      if (other.terms.corrects == minutes.freeze) item["corrected_by"] = other.freeze.Hex();
    item["decisions"] = RecordedJson(replica, minutes, approvals);
    item["approvals"] = std::move(approved);
    std::string text;
    for (const std::string& block : minutes.text.blocks)
      text += (text.empty() ? "" : "\n") +
              governance::WithPersons(block, minutes.text.persons, Tr(lang, "minutes.erased"));
    item["text"] = std::move(text);
    list.push_back(std::move(item));
  }
  return list;
}

Result<governance::Frozen> FreezeOf(const FoundMeeting& found,
                                    const std::optional<log::EntryId>& corrects, Lang lang) {
  const domain::Meeting& meeting = found.meeting;
  governance::MinutesTerms terms{{found.id.bytes}, meeting.date, corrects, {}};
  std::string typed = HeadOf(meeting, lang);
  std::uint32_t block = 1;
  if (const std::string presence = PresenceOf(*found.replica, meeting, lang); !presence.empty()) {
    typed += presence;
    ++block;
  }
  for (std::size_t i = 0; i < meeting.agenda.size(); ++i) {
    const domain::AgendaItem& item = meeting.agenda[i];
    typed += PointOf(item, i + 1, lang);
    ++block;
    if (item.IsRecordedDecision()) terms.decisions.push_back({item.id, item.matter, block});
  }
  typed += meeting.minutes;
  ASSIGN(governance::TypedText text, governance::BlocksOf(typed));
  governance::Frozen frozen;
  frozen.what = governance::kMinutes;
  ASSIGN(frozen.title, log::ToLine(meeting.title, governance::kTitleBytesMax));
  frozen.terms = governance::RenderMinutesTerms(terms);
  frozen.blocks = std::move(text.blocks);
  frozen.persons = std::move(text.persons);
  if (!governance::ParseMinutesTerms(frozen.terms, frozen.blocks.size()))
    return Fail(Code::kUsage, "a recorded decision of a matter with an effect",
                "hint.minutes-matter");
  return frozen;
}

}  // namespace geflecht::api
