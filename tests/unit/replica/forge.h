// Entries that this program would not write.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "node/domain/document_types.h"
#include "node/log/erase.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {

// Writes a change with this head and these edits into the device's feed, as a peer with another
// program could, and returns it as it is sent. `type`: of the document.
inline codec::Run Forge(Device& device, const crdt::ChangeHead& head,
                        const std::vector<crdt::Edit>& edits, codec::Bodies& bodies,
                        std::string_view type = domain::kNote) {
  const log::FeedKey feed = device.Feed();
  const crdt::Schema& schema = *domain::FindSchema(type, 1);
  log::Body body;
  for (crdt::EncodedField& field : crdt::EncodeChange(head, edits, schema))
    body.slots.emplace_back(
        log::MakeField(std::move(field.name), std::move(field.value), device.random));
  const log::FeedHead before = device.Log().Head(feed);
  log::Header header;
  header.net = device.replica->members().network();
  header.space = feed.space;
  header.device = feed.device;
  header.life = feed.life;
  header.seq = before.next_seq;
  header.prev = before.head;
  for (const log::EntryId& tip : device.Log().tips())
    if (tip != before.head) header.seen.push_back(tip);
  header.basis = {device.replica->founding().charter.id};
  header.kind = "change";
  header.fields = static_cast<std::uint32_t>(body.slots.size());
  header.root = log::BodyRoot(body);
  bodies = {codec::PrefixOf(feed.space), feed.device, feed.life, {{header.seq, body}}};
  return codec::PartsOf(before, {log::Sign(std::move(header), device.key)}, 1);
}

struct ForgedErasure {
  log::SpaceId space;
  codec::Run run;
  codec::Bodies bodies;

  void To(Device& device) const {
    device.replica->Admit(space, run);
    device.replica->AdmitBodies(space, bodies, {});
    device.Write();
  }
};

// An erasure that a peer with another program writes as the first entry of a new life, which relies
// on `past` and on nothing else. In the root space that is what it has seen.
inline ForgedErasure ForgeErasure(Device& device, const log::SpaceId& space,
                                  const log::Erasure& erasure, std::vector<log::EntryId> past) {
  const auto body = log::SayErasure(erasure, device.random);
  CHECK(body.has_value());
  log::Header header;
  header.net = device.replica->members().network();
  header.space = space;
  header.device = device.key.public_key();
  header.life = device.random.Make<log::LifeId>();
  (space == device.replica->members().root_space() ? header.seen : header.basis) = std::move(past);
  header.kind = std::string(log::kErase);
  header.fields = header.evidence = static_cast<std::uint32_t>(body->slots.size());
  header.root = log::BodyRoot(*body);
  codec::Bodies bodies{codec::PrefixOf(space), header.device, header.life, {{0, *body}}};
  return {space, codec::PartsOf({}, {log::Sign(std::move(header), device.key)}, 1),
          std::move(bodies)};
}

}  // namespace geflecht::replica
