#include "node/governance/bodies.h"

#include <algorithm>
#include <array>
#include <utility>

#include "node/log/charter.h"
#include "node/log/header.h"
#include "node/log/lines.h"
#include "node/log/name.h"

namespace geflecht::governance {
namespace {

constexpr std::array<std::string_view, 4> kPositions = {"yes", "no", "abstain", "objection"};

tl::unexpected<Error> Bad(std::string detail) { return Fail(Code::kMalformed, std::move(detail)); }

Result<void> CheckText(std::string_view text) { return log::CheckText(text, kTextBytesMax); }

// Of an erasable field: what is no text reads as if it were erased.
std::string TextOrNothing(std::string text) { return CheckText(text) ? text : std::string(); }

Result<void> Check(const ProposalBody& proposal) {
  if (!log::IsRuleLine({proposal.matter, "-"})) return Bad("no matter");
  if (proposal.subject.size() > log::kMatterBytesMax) return Bad("no subject");
  TRY(log::CheckPrintableAscii(proposal.subject));
  if (proposal.value.size() > log::kRuleBytesMax) return Fail(Code::kTooLarge, "a value");
  TRY(log::CheckLine(proposal.title, kTitleBytesMax));
  TRY(CheckText(proposal.text));
  return CheckText(proposal.note);
}

}  // namespace

std::string_view PositionName(Position position) {
  return kPositions[static_cast<std::size_t>(position)];
}

std::optional<Position> PositionOf(std::string_view name) {
  const auto it = std::find(kPositions.begin(), kPositions.end(), name);
  if (it == kPositions.end()) return std::nullopt;
  return static_cast<Position>(it - kPositions.begin());
}

Result<Said> SayProposal(const ProposalBody& proposal, Random& random) {
  TRY(CheckText(proposal.note));
  const std::string deadline = proposal.deadline_s ? log::RenderTime(*proposal.deadline_s) : "-";
  Said said = SayFields({{"matter", proposal.matter},
                         {"subject", proposal.subject},
                         {"value", proposal.value},
                         {"deadline", deadline},
                         {"title", proposal.title},
                         {"text", proposal.text}},
                        6, random);
  if (const std::string terms = RenderTerms(proposal.terms); !terms.empty()) {
    said.body.slots.emplace_back(log::MakeField("terms", ToBytes(terms), random));
    ++said.evidence;
  }
  said.body.slots.emplace_back(log::MakeField("note", ToBytes(proposal.note), random));
  TRY(ReadProposal(said.body));
  return said;
}

Result<ProposalBody> ReadProposal(const log::Body& body) {
  std::vector<std::string_view> names = {"matter", "subject", "value", "deadline", "title", "text"};
  const bool with_terms = body.slots.size() > names.size() + 1;
  if (with_terms) names.push_back("terms");
  const std::size_t evidence = names.size();
  names.push_back("note");
  ASSIGN(const BodyFields fields, BodyFields::Of(body, names, evidence));
  ProposalBody proposal{fields.Text(0), fields.Text(1), fields.Text(2),       std::nullopt,
                        fields.Text(4), fields.Text(5), TextOrNothing(fields.Text(evidence))};
  if (with_terms) {
    ASSIGN(proposal.terms, ParseTerms(fields.Text(evidence - 1)));
    if (proposal.terms == ProposalTerms()) return Bad("terms that say nothing");
  }
  if (fields.Text(3) != "-") {
    proposal.deadline_s = log::ParseTime(fields.Text(3));
    if (!proposal.deadline_s) return Bad("no deadline");
  }
  TRY(Check(proposal));
  return proposal;
}

Result<Said> SayVote(const VoteBody& vote, Random& random) {
  TRY(CheckText(vote.reason));
  Said said =
      SayFields({{"position", PositionName(vote.position)}, {"reason", vote.reason}}, 1, random);
  if (vote.position == Position::kObjection && vote.reason.empty())
    return Fail(Code::kUsage, "an objection needs a reason", "hint.objection-reason");
  TRY(ReadVote(said.body));
  return said;
}

Result<VoteBody> ReadVote(const log::Body& body) {
  ASSIGN(const BodyFields fields, BodyFields::Of(body, {"position", "reason"}, 1));
  const auto position = PositionOf(fields.Text(0));
  if (!position) return Bad("no position");
  return VoteBody{*position, TextOrNothing(fields.Text(1))};
}

Result<Said> SayComment(std::string_view text, Random& random) {
  if (text.empty()) return Fail(Code::kUsage, "a comment without text");
  TRY(CheckText(text));
  Said said = SayFields({{"text", text}}, 0, random);
  TRY(ReadComment(said.body));
  return said;
}

Result<std::string> ReadComment(const log::Body& body) {
  ASSIGN(const BodyFields fields, BodyFields::Of(body, {"text"}, 0));
  return TextOrNothing(fields.Text(0));
}

Result<Said> SayEnact(std::vector<log::EntryId> votes, Random& random) {
  std::sort(votes.begin(), votes.end());
  std::string text;
  for (const log::EntryId& vote : votes) text.append(vote.Hex()).append("\n");
  Said said = SayFields({{"votes", text}}, 1, random);
  TRY(ReadEnact(said.body));
  return said;
}

Result<std::vector<log::EntryId>> ReadEnact(const log::Body& body) {
  ASSIGN(const BodyFields fields, BodyFields::Of(body, {"votes"}, 1));
  const std::string text = fields.Text(0);
  constexpr std::size_t kLine = 2 * log::EntryId::kSize + 1;
  if (text.size() > kListedVotesMax * kLine) return Fail(Code::kTooLarge, "too many votes");
  std::vector<log::EntryId> votes;
  votes.reserve(text.size() / kLine);
  for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(kLine)) {
    if (rest.size() < kLine || rest[kLine - 1] != '\n') return Bad("no list of votes");
    const auto id = log::EntryId::FromHexText(rest.substr(0, kLine - 1));
    if (!id || (!votes.empty() && *id <= votes.back())) return Bad("no list of votes");
    votes.push_back(*id);
  }
  return votes;
}

Said SaySeal(const crypto::Hash256& state, Random& random) {
  return SayFields({{"state", state.Hex()}}, 1, random);
}

Result<crypto::Hash256> ReadSeal(const log::Body& body) {
  ASSIGN(const BodyFields fields, BodyFields::Of(body, {"state"}, 1));
  const auto state = crypto::Hash256::FromHexText(fields.Text(0));
  if (!state) return Bad("no hash of a state");
  return *state;
}

Said SayDeviceAdd(const DeviceAddBody& add, Random& random) {
  return SayFields({{"org", add.org.Hex()}, {"card", log::RenderProvenCard(add.card)}}, 2, random);
}

Result<DeviceAddBody> ReadDeviceAdd(const log::Body& body) {
  ASSIGN(const BodyFields fields, BodyFields::Of(body, {"org", "card"}, 2));
  const auto org = OrgId::FromHexText(fields.Text(0));
  if (!org) return Bad("no organisation");
  ASSIGN(log::ProvenCard card, log::ParseProvenCard(fields.Text(1)));
  return DeviceAddBody{*org, std::move(card)};
}

Said SayDeviceRevoke(const log::DeviceId& device, Random& random) {
  return SayFields({{"device", device.Hex()}}, 1, random);
}

Result<log::DeviceId> ReadDeviceRevoke(const log::Body& body) {
  ASSIGN(const BodyFields fields, BodyFields::Of(body, {"device"}, 1));
  const auto device = log::DeviceId::FromHexText(fields.Text(0));
  if (!device) return Bad("no key of a device");
  return *device;
}

}  // namespace geflecht::governance
