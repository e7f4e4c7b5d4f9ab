// A network that decides to erase, and does so.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "crdt/codec.h"
#include "node/governance/rule.h"
#include "node/log/erase.h"
#include "tests/unit/audit/governed.h"

namespace geflecht::audit::testing {

// Organisation 1 has written a note of one field; all decide to erase it as a whole, and a field of
// an entry of organisation 2. If `carried`, organisation 3 carries that out, and 1 and 3 confirm.
struct DecidedErasing {
  // `space`: which one the decision names, if not that of the network.
  explicit DecidedErasing(bool carried = true, const std::optional<log::SpaceId>& space = {})
      : council(world) {
    note = world.Write(1, "change", Note());
    other = world.Change(2);
    const crypto::Hash256 hash = crypto::Sha256({AsBytes("geflecht-document@v1"), note.view()});
    document = *log::RecordId::From(ByteView(hash.bytes).first(log::RecordId::kSize));
    erasure = {"unlawful", {{other, {0}}}, {document}, {}, {}};
    governance::ProposalBody body;
    body.matter = governance::kContent;
    body.subject = space.value_or(world.space()).Hex();
    body.value = log::RenderErasure(erasure);
    body.title = "Unterlage 17";
    proposal = council.Propose(body);
    std::vector<log::EntryId> votes;
    for (const std::uint8_t org : Orgs{1, 2, 3})
      votes.push_back(council.Vote(org, proposal, governance::Position::kYes));
    enact = council.Enact(proposal, votes);
    erasure.decision = proposal;
    if (!carried) return;
    erase = Write(3, log::kErase, {log::SayErasure(erasure, random).value(), 3});
    for (const std::uint8_t org : Orgs{3, 1})
      Write(org, log::kEraseReceipt,
            {log::SayEraseReceipt({erase}, random).value(), log::kEraseReceiptEvidence});
    log::TakeOut(world.At(world.FeedOf(1)).bodies.front().value(), {1});
  }

  governance::Said Note() {
    crdt::ChangeHead head;
    head.type = "note";
    head.schema_version = 1;
    governance::Said said;
    said.body.slots = {
        log::MakeField("structure", crdt::EncodeChange(head, {}, {}).front().value, random),
        log::MakeField("content.0", ToBytes("Tür"), random)};
    return said;
  }
  // An entry that knows all that is decided.
  log::EntryId Write(std::uint8_t org, std::string_view kind, const governance::Said& said) {
    return world.Write(org, kind, said, {}, [&](log::Header& header) {
      header.basis = council.Heads();
      std::sort(header.basis.begin(), header.basis.end());
    });
  }

  SeededRandom random{57};
  World world{3};
  Council council;
  log::EntryId note, other, proposal, enact, erase;
  log::RecordId document;
  log::Erasure erasure;  // that carries it out
};

}  // namespace geflecht::audit::testing
