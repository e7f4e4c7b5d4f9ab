// A network that admits a fourth organisation, which then writes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node/governance/audit_request.h"
#include "node/governance/bodies.h"
#include "node/governance/evaluate.h"
#include "node/governance/kinds.h"
#include "node/governance/read_entry.h"
#include "node/governance/state_text.h"
#include "tests/unit/audit/fixture.h"

namespace geflecht::audit::testing {

using Orgs = std::vector<std::uint8_t>;

class Council {
 public:
  explicit Council(World& world)
      : world_(world),
        directory_(world.founding()),
        evaluator_(std::make_unique<governance::Evaluator>()) {
    CHECK(evaluator_->Add(governance::ReadCharter(world.founding())).has_value());
    heads_.emplace_back(world.founding().charter.id, 0);
  }

  log::FeedKey FeedOf(std::uint8_t org) const {
    return {log::RootSpace(world_.network()), Device(org).public_key(), Filled<log::LifeId>(0x30)};
  }
  // Heads of all that was written, but those of `org`.
  std::vector<log::EntryId> Heads(std::uint8_t org = 0) const {
    std::vector<log::EntryId> heads;
    for (const auto& [id, by] : heads_)
      if (by != org) heads.push_back(id);
    return heads;
  }
  // An entry that knows everything.
  log::EntryId WriteAll(std::uint8_t org, std::string_view kind, const governance::Said& said = {},
                        std::optional<log::EntryId> about = {}) {
    return Write(org, kind, said, about, Heads(org));
  }
  // What a seal says that is written upon `heads`.
  governance::Said SealOf(const std::vector<log::EntryId>& heads) {
    const auto state = evaluator_->Evaluate(heads);
    CHECK(state.has_value());
    return governance::SaySeal(governance::HashOf(*state), random_);
  }
  // A seal of organisation 1 for which `orgs` vote in both rounds.
  log::EntryId Seal(const std::vector<std::uint8_t>& orgs,
                    std::optional<governance::Said> said = {}) {
    const log::EntryId seal = WriteAll(1, governance::kSeal, said ? *said : SealOf(Heads()));
    for (int round = 0; round < 2; ++round)
      for (const std::uint8_t org : orgs) WriteAll(org, governance::kSealVote, {}, seal);
    return seal;
  }
  log::EntryId Request(std::uint8_t org, std::string nonce) {
    return WriteAll(org, governance::kAuditRequest,
                    governance::SayAuditRequest({std::move(nonce), {}}, random_));
  }
  log::EntryId Write(std::uint8_t org, std::string_view kind, const governance::Said& said,
                     std::optional<log::EntryId> about = {}, std::vector<log::EntryId> seen = {}) {
    ExportInput::Feed& feed = world_.At(FeedOf(org));
    feed.key = FeedOf(org);
    std::sort(seen.begin(), seen.end());
    log::Header header;
    header.net = world_.network();
    header.space = feed.key.space;
    header.device = feed.key.device;
    header.life = feed.key.life;
    header.seq = feed.entries.size();
    if (!feed.entries.empty()) header.prev = feed.entries.back().id;
    header.seen = std::move(seen);
    header.time_s = log::testing::kNoon + (kind == governance::kGather ? 0 : 60 * ++count_);
    header.kind = std::string(kind);
    header.about = about;
    header.fields = static_cast<std::uint32_t>(said.body.slots.size());
    header.evidence = said.evidence;
    header.root = log::BodyRoot(said.body);
    feed.entries.push_back(log::Sign(std::move(header), Device(org)));
    feed.bodies.push_back(said.body);
    Count(org, feed.entries.back(), said.body);
    return feed.entries.back().id;
  }
  // A proposal of organisation 1, and `yes` votes for it; without enough of them no certificate.
  log::EntryId Propose(const governance::ProposalBody& body) {
    auto said = governance::SayProposal(body, random_);
    CHECK(said.has_value());
    return Write(1, governance::kProposal, *said, {}, {world_.founding().charter.id});
  }
  log::EntryId Vote(std::uint8_t org, const log::EntryId& proposal, governance::Position position) {
    const auto said = governance::SayVote({position, "weil\n"}, random_);
    CHECK(said.has_value());
    std::vector<log::EntryId> seen;
    if (org != 1) seen.push_back(proposal);
    return Write(org, governance::kVote, *said, proposal, seen);
  }
  log::EntryId Enact(const log::EntryId& proposal, std::vector<log::EntryId> votes) {
    std::vector<log::EntryId> seen;
    for (const log::EntryId& vote : votes)
      if (!IsOwn(1, vote)) seen.push_back(vote);
    auto said = governance::SayEnact(std::move(votes), random_);
    CHECK(said.has_value());
    return Write(1, governance::kEnact, *said, proposal, seen);
  }
  // With the proof of its device.
  static governance::ProposalBody Admission(std::uint8_t org) {
    const log::Card card = OrgCard(org);
    governance::ProposalBody body;
    body.matter = "admit";
    body.subject = card.org().Hex();
    body.value = log::RenderProvenCard(log::ProveCard(card, Device(org)));
    body.title = "Verein " + std::to_string(org) + " <script>";
    body.note = "Frau Muster\n";
    return body;
  }

  bool IsOwn(std::uint8_t org, const log::EntryId& id) {
    for (const log::Entry& entry : world_.At(FeedOf(org)).entries)
      if (entry.id == id) return true;
    return false;
  }

 private:
  void Count(std::uint8_t org, const log::Entry& entry, const log::Body& body) {
    const std::vector<log::EntryId> parents = governance::ParentsOf(entry.header);
    const governance::Graph& graph = evaluator_->graph();
    const auto in_past = [&](const log::EntryId& past) {
      return std::any_of(parents.begin(), parents.end(), [&](const log::EntryId& parent) {
        return graph.Covers(graph.Find(parent), graph.Find(past));
      });
    };
    CHECK(evaluator_->Add(governance::ReadEntry(entry, &body, directory_, in_past)).has_value());
    for (const log::EntryId& parent : parents)
      std::erase_if(heads_, [&](const auto& head) { return head.first == parent; });
    heads_.emplace_back(entry.id, org);
  }
  World& world_;
  governance::Directory directory_;
  std::unique_ptr<governance::Evaluator> evaluator_;
  std::vector<std::pair<log::EntryId, std::uint8_t>> heads_;  // with their organisation; 0: charter
  std::int64_t count_ = 0;
  SeededRandom random_{23};
};

// Organisations 1 to 3 admit the fourth, which writes one entry that relies on it.
struct GovernedWorld {
  World world;
  log::EntryId proposal, enact, written;
};
inline GovernedWorld Admitted(bool enough = true) {
  GovernedWorld out{MergedWorld(), {}, {}, {}};
  Council council(out.world);
  out.proposal = council.Propose(Council::Admission(4));
  std::vector<log::EntryId> votes = {council.Vote(1, out.proposal, governance::Position::kYes)};
  if (enough) votes.push_back(council.Vote(2, out.proposal, governance::Position::kYes));
  council.Vote(3, out.proposal, governance::Position::kNo);
  out.enact = council.Enact(out.proposal, votes);
  out.written = out.world.Change(4, {}, [&](log::Header& header) { header.basis = {out.enact}; });
  return out;
}

// Organisations 1 to 3 decide on money, seal it and name what they know; 2 asks for an audit, the
// others answer.
inline constexpr std::string_view kNonce = "00112233445566778899aabbccddeeff";
struct SealedWorld {
  explicit SealedWorld(World with = MergedWorld()) : world(std::move(with)), council(world) {
    governance::ProposalBody body;
    body.matter = "money";
    body.title = "Miete";
    const log::EntryId proposal = council.Propose(body);
    std::vector<log::EntryId> votes;
    for (const std::uint8_t org : Orgs{1, 2, 3})
      votes.push_back(council.Vote(org, proposal, governance::Position::kYes));
    council.Enact(proposal, votes);
  }
  void Gather(std::uint8_t org) {
    world.Gather(org, {}, [&](log::Header& header) {
      header.basis = council.Heads();
      std::sort(header.basis.begin(), header.basis.end());
      header.time_s = log::testing::kNoon;
    });
  }
  void Answer(std::uint8_t org) { council.WriteAll(org, governance::kGather); }
  void SealAndGather() {
    council.Seal({1, 2, 3});
    for (const std::uint8_t org : Orgs{1, 2, 3}) Gather(org);
  }
  void Ask() { council.Request(2, std::string(kNonce)); }
  Report Verified(const VerifyOptions& options = {Mode::kFull, std::string(kNonce),
                                                  nullptr}) const {
    return Verify(world.Exported(), world.network(), options);
  }
  const Coverage& Space(const Report& report, bool root) const {
    return report.spaces[report.spaces[0].root == root ? 0 : 1];
  }
  World world;
  Council council;
};

}  // namespace geflecht::audit::testing
