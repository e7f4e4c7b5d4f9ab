// A network that decides to erase, and does so.
#pragma once

#include <algorithm>
#include <string>

#include "crdt/codec.h"
#include "node/log/erase.h"
#include "tests/unit/audit/governed.h"

namespace geflecht::audit::testing {

// Organisation 1 has written a note of one field; all decide to erase it as a whole, and a field of
// an entry of organisation 2. If `carried`, organisation 3 carries that out, and 1 and 3 confirm.
struct DecidedErasing {
  explicit DecidedErasing(bool carried = true) : council(world) {
    note = world.Write(1, "change", Note());
    other = world.Change(2);
    const crypto::Hash256 hash = crypto::Sha256({AsBytes("geflecht-document@v1"), note.view()});
    document = *log::RecordId::From(ByteView(hash.bytes).first(log::RecordId::kSize));
    asked = {"unlawful", {{other, {0}}}, {document}, {}, {}};
    proposal = Decide(world.space(), governance::Position::kYes);
    if (!carried) return;
    erase = CarryOut(proposal, council.Heads());
    for (const std::uint8_t org : Orgs{3, 1})
      Write(org, log::kEraseReceipt,
            {log::SayEraseReceipt({erase}, random).value(), log::kEraseReceiptEvidence});
    TakeNoteOut();
  }

  // All take this position on what is asked for of a space; only if that is yes, it is in force.
  log::EntryId Decide(const log::SpaceId& space, governance::Position position) {
    governance::ProposalBody body;
    body.matter = "content";
    body.subject = space.Hex();
    body.value = log::RenderErasure(asked);
    body.title = "Unterlage 17";
    const log::EntryId made = council.Propose(body);
    std::vector<log::EntryId> votes;
    for (const std::uint8_t org : Orgs{1, 2, 3}) votes.push_back(council.Vote(org, made, position));
    before = council.Heads();
    if (position == governance::Position::kYes) council.Enact(made, votes);
    return made;
  }
  // What organisation 3 writes upon these heads.
  log::EntryId CarryOut(const log::EntryId& decision, std::vector<log::EntryId> heads) {
    log::Erasure erasure = asked;
    erasure.decision = decision;
    std::sort(heads.begin(), heads.end());
    return world.Write(3, log::kErase, {log::SayErasure(erasure, random).value(), 3}, {},
                       [&](log::Header& header) { header.basis = heads; });
  }
  void TakeNoteOut() { log::TakeOut(world.At(world.FeedOf(1)).bodies.front().value(), {1}); }

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
  log::EntryId note, other, proposal, erase;
  log::RecordId document;
  log::Erasure asked;
  std::vector<log::EntryId> before;  // heads when the last decision was not yet in force
};

}  // namespace geflecht::audit::testing
