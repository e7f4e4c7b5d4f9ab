// A network that admits a fourth organisation, which then writes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "node/governance/bodies.h"
#include "node/governance/kinds.h"
#include "tests/unit/audit/fixture.h"

namespace geflecht::audit::testing {

class Council {
 public:
  explicit Council(World& world) : world_(world) {}

  log::FeedKey FeedOf(std::uint8_t org) const {
    return {log::RootSpace(world_.network()), Device(org).public_key(), Filled<log::LifeId>(0x30)};
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
    header.time_s = log::testing::kNoon + 60 * ++count_;
    header.kind = std::string(kind);
    header.about = about;
    header.fields = static_cast<std::uint32_t>(said.body.slots.size());
    header.evidence = said.evidence;
    header.root = log::BodyRoot(said.body);
    feed.entries.push_back(log::Sign(std::move(header), Device(org)));
    feed.bodies.push_back(said.body);
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

 private:
  bool IsOwn(std::uint8_t org, const log::EntryId& id) {
    for (const log::Entry& entry : world_.At(FeedOf(org)).entries)
      if (entry.id == id) return true;
    return false;
  }
  World& world_;
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

}  // namespace geflecht::audit::testing
