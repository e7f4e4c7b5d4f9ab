// A network whose members erase what somebody wrote.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "crdt/codec.h"
#include "node/log/erase.h"
#include "tests/unit/audit/governed.h"

namespace geflecht::audit::testing {

struct ErasingWorld {
  // A change of `org` with two content fields: the first one of a document, or of that which began
  // with `of`.
  log::EntryId Change(std::uint8_t org, const std::optional<log::EntryId>& of = {},
                      const World::Edit& edit = nullptr) {
    crdt::ChangeHead head;
    if (of) {
      const crypto::Hash256 hash = crypto::Sha256({AsBytes("geflecht-document@v1"), of->view()});
      std::copy_n(hash.bytes.begin(), head.document.bytes.size(), head.document.bytes.begin());
      crdt::ChangeId parent;
      parent.bytes = of->bytes;
      head.parents = {parent};
    } else {
      head.type = "note";
      head.schema_version = 1;
    }
    governance::Said said;
    said.body.slots = {
        log::MakeField("structure", crdt::EncodeChange(head, {}, {}).front().value, random),
        log::MakeField("content.0", ToBytes("Tür"), random),
        log::MakeField("content.1", ToBytes("Fenster"), random)};
    std::vector<log::EntryId> seen;
    if (of && org != 1) seen.push_back(*of);
    return world.Write(org, "change", said, std::move(seen), edit);
  }
  static log::RecordId DocumentOf(const log::EntryId& first) {
    const crypto::Hash256 hash = crypto::Sha256({AsBytes("geflecht-document@v1"), first.view()});
    return *log::RecordId::From(ByteView(hash.bytes).first(log::RecordId::kSize));
  }
  log::EntryId Erase(std::uint8_t org, std::vector<log::EraseTarget> targets,
                     std::vector<log::RecordId> documents, const World::Edit& edit = nullptr) {
    const auto body =
        log::SayErasure({"request", std::move(targets), std::move(documents)}, random);
    CHECK(body.has_value());
    return world.Write(org, log::kErase, {*body, log::kEraseEvidence}, {}, edit);
  }
  // As a node holds it that has carried out whatever it was told.
  void TakeOut(std::uint8_t org, const log::EntryId& entry, const std::set<std::uint32_t>& fields) {
    ExportInput::Feed& feed = world.At(world.FeedOf(org));
    for (std::size_t i = 0; i < feed.entries.size(); ++i)
      if (feed.entries[i].id == entry) log::TakeOut(*feed.bodies[i], fields);
  }

  SeededRandom random{41};
  World world{3};
};

// The fourth organisation is admitted, leaves and comes back. Another one erases what it wrote,
// relying on times at which it was no member.
struct Departures : ErasingWorld {
  Departures() : council(world) {
    admission = Admit();
    before = Change(4, {}, RelyingOn(council.Heads()));
    comment = council.WriteAll(4, governance::kComment,
                               *governance::SayComment("Gut so.\n", random), admission);
    council.WriteAll(4, governance::kOrgLeave);
    gap = council.Heads();
    council.WriteAll(1, governance::kGather);
    Admit();
    after = Change(4, {}, RelyingOn(council.Heads()));
    for (const log::EntryId& entry : {before, after}) TakeOut(4, entry, {1, 2});
  }
  log::EntryId Admit() {
    const log::EntryId proposal = council.Propose(Council::Admission(4));
    std::vector<log::EntryId> votes;
    for (const std::uint8_t org : {std::uint8_t{1}, std::uint8_t{2}})
      votes.push_back(council.Vote(org, proposal, governance::Position::kYes));
    council.Enact(proposal, votes);
    return proposal;
  }
  static World::Edit RelyingOn(std::vector<log::EntryId> basis) {
    std::sort(basis.begin(), basis.end());
    return [basis = std::move(basis)](log::Header& header) { header.basis = basis; };
  }
  void EraseComment(std::vector<log::EntryId> seen) {
    const auto body = log::SayErasure({"mistake", {{comment, {0}}}, {}}, random);
    council.Write(3, log::kErase, {*body, log::kEraseEvidence}, {}, std::move(seen));
  }
  // The card is there, the admission is not; then what came after the return.
  void EraseTooEarly() {
    std::vector<log::EraseTarget> entries = {{before, {1, 2}}, {after, {1, 2}}};
    std::sort(entries.begin(), entries.end(), [](auto& a, auto& b) { return a.entry < b.entry; });
    Erase(3, entries, {}, RelyingOn({admission}));
    for (const log::EntryId& entry : {before, after})
      Erase(3, {}, {DocumentOf(entry)}, RelyingOn({admission}));
    EraseComment({admission});
    Erase(3, {}, {DocumentOf(after)}, RelyingOn(gap));
  }
  void EraseInTime() {
    Erase(3, {}, {DocumentOf(before)}, RelyingOn(gap));
    EraseComment(gap);
  }

  Council council;
  log::EntryId admission, before, comment, after;
  std::vector<log::EntryId> gap;  // heads between
};

}  // namespace geflecht::audit::testing
