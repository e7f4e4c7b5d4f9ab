// /api/v1/meetings/{}/freeze, approve: minutes that nobody edits any more.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/handlers/case_check.h"
#include "node/api/handlers/minutes_json.h"
#include "node/api/handlers/proposal_json.h"
#include "node/governance/bodies.h"
#include "node/log/name.h"

namespace geflecht::api {
namespace {

using boost::json::object;

Result<std::optional<log::EntryId>> EntryMember(const object& body, std::string_view key) {
  const Json* value = body.if_contains(key);
  if (value == nullptr || value->is_null()) return std::optional<log::EntryId>();
  ASSIGN(const std::string text, TextMember(body, key));
  const auto entry = log::EntryId::FromHexText(text);
  if (!entry) return Fail(Code::kNotFound, "no id of frozen minutes", "hint.minutes-id");
  return entry;
}

i18n::Lang LangOf(const object& body) {
  const Json* value = body.if_contains("lang");
  return value != nullptr && *value == Json("en") ? i18n::Lang::kEn : i18n::Lang::kDe;
}

bool IsAmong(const std::vector<FoundMinutes>& all, const log::EntryId& freeze) {
  for (const FoundMinutes& minutes : all)
    if (minutes.freeze == freeze) return true;
  return false;
}

// POST {corrects?, lang?} -> {freeze, corrects}
Answer FreezeMinutes(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundMeeting found, FindMeeting(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::optional<log::EntryId> corrects, EntryMember(body, "corrects"));
  ASSIGN(const std::vector<FoundMinutes> earlier, MinutesOf(*found.replica, found.id));
  if (corrects && !IsAmong(earlier, *corrects))
    return Fail(Code::kNotFound, "no frozen minutes of this meeting", "hint.minutes-id");
  ASSIGN(const governance::Frozen frozen, FreezeOf(found, corrects, LangOf(body)));
  if (!earlier.empty() && earlier.back().text == frozen)
    return Fail(Code::kConflict, "frozen already", "hint.minutes-same");
  if (auto answer = FrozenCaseAnswer(request, context, frozen)) return *std::move(answer);
  const log::SpaceId space = found.replica->SpaceOf(found.id);
  ASSIGN(const log::EntryId freeze, found.replica->Freeze(frozen, space, context.now));
  return object{{"freeze", freeze.Hex()},
                {"corrects", corrects ? Json(corrects->Hex()) : Json(nullptr)}};
}

// All members read a proposal: about the minutes of a circle it says nothing but which they are.
Result<std::string> ApprovalTitle(const FoundMeeting& found, const FoundMinutes& minutes,
                                  i18n::Lang lang) {
  constexpr std::size_t kIdShown = 8;
  const governance::SpaceState* const circle = found.replica->members().FindSpace(minutes.space);
  const std::string title =
      circle == nullptr ? i18n::Tr(lang, "minutes.approval-title",
                                   {{"title", minutes.text.title}, {"day", minutes.terms.date}})
                        : i18n::Tr(lang, "minutes.approval-title-circle",
                                   {{"minutes", minutes.freeze.Hex().substr(0, kIdShown)},
                                    {"space", circle->name}});
  return log::ToLine(title, governance::kTitleBytesMax);
}

// POST {freeze?, lang?} -> as GET of the proposal. Without `freeze` the latest ones.
Answer ApproveMinutes(const Request& request, const Arguments& arguments, Context& context) {
  ASSIGN(const FoundMeeting found, FindMeeting(arguments.at(0), context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::optional<log::EntryId> wanted, EntryMember(body, "freeze"));
  ASSIGN(const std::vector<FoundMinutes> all, MinutesOf(*found.replica, found.id));
  if (all.empty() || (wanted && !IsAmong(all, *wanted)))
    return Fail(Code::kNotFound, "no frozen minutes of this meeting", "hint.minutes-id");
  const FoundMinutes* minutes = &all.back();
  for (const FoundMinutes& one : all)
    if (wanted == one.freeze) minutes = &one;
  if (!ApprovalsOf(*found.replica, *minutes).empty())
    return Fail(Code::kConflict, "their approval is proposed already", "hint.minutes-proposed");
  governance::ProposalBody proposal;
  proposal.matter = governance::kMinutesMatter;
  ASSIGN(proposal.title, ApprovalTitle(found, *minutes, LangOf(body)));
  // Words of the meeting, which another node may have written.
  if (auto answer = CaseAnswer(request, context, {{proposal.title, true, {}}}))
    return *std::move(answer);
  proposal.terms.freeze = governance::FreezeRef{minutes->space, minutes->freeze, minutes->root};
  if (minutes->space == found.replica->members().network_space())
    proposal.terms.meeting = governance::MeetingId{found.id.bytes};
  ASSIGN(const log::EntryId id, found.replica->Propose(proposal, context.now));
  ASSIGN(const FoundProposal made, FindProposal(*found.replica, id));
  return ProposalJson(made, context.now);
}

}  // namespace

std::vector<Route> MinutesRoutes() {
  return {{"POST", "/api/v1/meetings/{}/freeze", FreezeMinutes},
          {"POST", "/api/v1/meetings/{}/approve", ApproveMinutes}};
}

}  // namespace geflecht::api
