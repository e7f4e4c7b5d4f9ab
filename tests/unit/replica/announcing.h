// Erasures that are announced and not in the log: a member's second device, and what announces.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "node/replica/announced.h"
#include "node/replica/records.h"
#include "tests/unit/replica/deciding.h"

namespace geflecht::replica {

inline constexpr const char* kLocked = "Seekuhwanderung";

inline log::EntryId MadeUp(std::uint64_t number) {
  Bytes bytes;
  AppendBe64(bytes, number);
  return log::IdOf(AsText(bytes));
}

// One of `lines` entries that nobody has.
inline log::Erasure Invented(std::size_t lines, std::uint64_t seed) {
  log::Erasure erasure{"request", {}};
  for (std::size_t i = 0; i < lines; ++i)
    erasure.targets.push_back({MadeUp(seed * 65'536 + i), {1}});
  std::sort(erasure.targets.begin(), erasure.targets.end(),
            [](const auto& a, const auto& b) { return a.entry < b.entry; });
  return erasure;
}

// Behind the device's last entry in its network space, `ahead` positions further, as another
// program may write it: on any basis.
inline codec::ErasureItem SignErasure(Device& device, const log::Erasure& erasure,
                                      std::vector<log::EntryId> basis, std::uint64_t ahead = 0) {
  const auto body = log::SayErasure(erasure, device.random);
  CHECK(body.has_value());
  const log::FeedHead before = device.Log().Head(device.Feed());
  log::Header header;
  header.net = device.replica->founding().network();
  header.space = device.Log().space();
  header.device = device.key.public_key();
  header.life = device.replica->life();
  header.seq = before.next_seq + ahead;
  header.prev = before.head;
  if (ahead > 0 && !header.prev) header.prev = MadeUp(ahead);
  for (const log::EntryId& tip : device.Log().tips())
    if (tip != before.head) header.seen.push_back(tip);
  header.basis = std::move(basis);
  header.kind = std::string(log::kErase);
  header.fields = header.evidence = static_cast<std::uint32_t>(body->slots.size());
  header.root = log::BodyRoot(*body);
  const crypto::Signature signature = *log::Sign(header, device.key).signature;
  return {log::Render(header), signature, *body};
}

// A second device of net[0]'s organisation, which net[2] hears of only later.
struct AnnouncedErasures : Decisions {
  AnnouncedErasures() : laptop(Newcomer(47)), id(net[0].MakeNote(kLocked)) {
    Bring(net[0], net[2]);
    const log::Card card =
        log::SignCard("Device", net[0].root, laptop->key.public_key(), laptop->tls.public_key());
    CHECK(net[0].replica->AddDevice({card.org(), log::ProveCard(card, laptop->key)}, {}));
    net[0].Write();
    BringAll(net[0], *laptop);
  }
  codec::ErasureItem Signed(Device& device, const log::Erasure& erasure,
                            std::vector<log::EntryId> basis, std::uint64_t ahead = 0) {
    return SignErasure(device, erasure, std::move(basis), ahead);
  }
  codec::ErasureItem OnCharter(Device& device, const log::Erasure& erasure,
                               std::uint64_t ahead = 0) {
    return Signed(device, erasure, {net.founding.charter.id}, ahead);
  }
  // `from`: who has sent it.
  Admitted Announce(Device& to, codec::ErasureItem item, const log::DeviceId& from = {}) {
    Admitted admitted = to.replica->Lock(
        net.space, {codec::PrefixOf(net.space), true, false, {std::move(item)}}, from, {});
    to.Write();
    return admitted;
  }
  // The entry itself, with its body.
  Outcome Give(Device& to, Device& from, const codec::ErasureItem& item) {
    log::Entry entry = log::Entry::Of(*log::ParseHeader(item.header), item.signature);
    const std::uint64_t seq = entry.header.seq;
    const auto admitted = to.replica->Admit(
        net.space, codec::PartsOf(from.Log().Head(from.Feed()), {std::move(entry)}, 0));
    const log::FeedKey feed = from.Feed();
    to.replica->AdmitBodies(
        net.space, {codec::PrefixOf(net.space), feed.device, feed.life, {{seq, item.body}}}, {});
    to.Write();
    return admitted.outcome;
  }
  // `by` announces what nobody has, with `lines` lines each, until there is no room. How many.
  std::size_t Fill(Device& to, Device& by, std::size_t lines, const log::DeviceId& from = {}) {
    for (std::size_t i = 0;; ++i) {
      const auto outcome = Announce(to, OnCharter(by, Invented(lines, i), i + 1), from).outcome;
      if (outcome == Outcome::kWaiting) return i;
      CHECK(to.replica->announced_bytes() < 2 * kAnnouncedBytesMax);
      CHECK(outcome == Outcome::kNew);
    }
  }
  bool Shows(Device& device, const crdt::DocumentId& note) {
    return device.Text(note).find(kLocked) != std::string::npos;
  }
  std::size_t Records(Device& device, const store::Key& key) {
    return OrdersFrom(*device.store, key)->size();
  }
  std::size_t StoredBytes(Device& device) {
    std::size_t bytes = 0;
    const store::Key key = AnnouncedKey(net.space, 0);
    const auto each = [&](const store::Record& record) {
      bytes += record.value.size();
      return true;
    };
    CHECK(device.store->Scan(key.table, key.group, 0, each).has_value());
    return bytes;
  }
  static log::Erasure Whole(const crdt::DocumentId& note) {
    return {"request", {}, {log::RecordId{note.bytes}}};
  }

  std::unique_ptr<Device> laptop;
  crdt::DocumentId id;  // of net[0], from before its laptop
};

}  // namespace geflecht::replica
