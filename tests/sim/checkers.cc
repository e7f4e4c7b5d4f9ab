#include "tests/sim/checkers.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "node/replica/records.h"
#include "proto/codec/record_codec.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::sim {
namespace {

std::string At(const log::FeedKey& feed, std::uint64_t seq) {
  return feed.device.Hex().substr(0, 8) + "/" + std::to_string(seq);
}

// The entry that the disk would still hold after a loss of power.
std::optional<log::Entry> Durable(const Site& site, const log::FeedKey& feed, std::uint64_t seq) {
  const store::View& disk = site.disk().synced();
  const auto stretch = disk.Floor(replica::StretchKey(feed, seq));
  if (!stretch || !*stretch) return std::nullopt;
  const auto first = replica::DecodeArrival((*stretch)->value);
  if (!first) return std::nullopt;
  const auto bytes = disk.Get(replica::EntryKey(feed.space, *first + (seq - (*stretch)->order)));
  if (!bytes || !*bytes) return std::nullopt;
  auto stored = codec::DecodeStoredEntry(**bytes);
  if (!stored || stored->feed() != feed || stored->entry.header.seq != seq) return std::nullopt;
  return std::move(stored->entry);
}

// The same of whichever branch holds it; with `part`, that entry and no other.
std::optional<log::EntryId> DurableOnAnyBranch(const Site& site, log::FeedKey feed,
                                               std::uint64_t seq,
                                               const codec::EntryPart* part = nullptr) {
  for (feed.branch = 0; feed.branch < limits::kBranchesMax; ++feed.branch) {
    const auto entry = Durable(site, feed, seq);
    if (entry &&
        (part == nullptr || (entry->header.root == part->root && entry->header.seen == part->seen)))
      return entry->id;
  }
  return std::nullopt;
}

bool IsDurable(const Site& site, const log::SpaceId& space, const log::EntryId& id) {
  const store::View& disk = site.disk().synced();
  const auto number = disk.Get(replica::IdKey(space, replica::DocumentIdOf(id)));
  if (!number || !*number) return false;
  const auto arrival = replica::DecodeArrival(**number);
  if (!arrival) return false;
  const auto bytes = disk.Get(replica::EntryKey(space, *arrival));
  if (!bytes || !*bytes) return false;
  const auto stored = codec::DecodeStoredEntry(**bytes);
  return stored && stored->entry.id == id;
}

}  // namespace

bool Checkers::IsHostile(const log::DeviceId& device) const {
  return std::any_of(sites_.begin(), sites_.end(),
                     [&](const auto& site) { return site->hostile() && site->device() == device; });
}

void Checkers::CheckRun(const Site& site, const codec::Run& run) {
  const log::FeedKey feed{site.node().replica()->members().network_space(), run.device, run.life};
  const bool hostile = IsHostile(run.device);
  if (run.device != site.device()) trace_.counts.Hit(Mark::kEntryRelayed);
  for (std::size_t i = 0; i < run.entries.size(); ++i) {
    const std::uint64_t seq = run.first_seq + i;
    const auto id = DurableOnAnyBranch(site, feed, seq, &run.entries[i]);
    Require(id.has_value(), "site " + std::to_string(site.number()) + " sent entry " +
                                At(feed, seq) + " which is not on its disk for good");
    if (hostile) continue;  // may write two entries on one position
    const auto [known, first] = left_.try_emplace({feed, seq}, *id);
    Require(known->second == *id, "two entries at one position left: " + At(feed, seq));
  }
}

void Checkers::Sends(const Site& site, core::ConnId connection, const Bytes& frame) {
  const auto message = codec::DecodeFrame(frame);
  Require(message.has_value(), "a node sent a frame that does not decode");
  Flow& flow = flows_[connection];
  if (const auto* run = std::get_if<codec::Run>(&*message)) CheckRun(site, *run);
  if (std::holds_alternative<codec::Need>(*message)) flow.asked = true;
  if (const auto* lines = std::get_if<codec::FrontierLines>(&*message)) {
    if (lines->full && flow.lines_sent) trace_.counts.Hit(Mark::kFullFrontier);
    flow.lines_sent = true;
  }
  if (!std::holds_alternative<codec::Run>(*message) &&
      !std::holds_alternative<codec::Bodies>(*message))
    return;
  const std::size_t before = flow.in_flight;
  flow.in_flight += frame.size();
  Require(before == 0 || flow.in_flight <= limits::kWindowBytesPerSpace,
          "more is under way than the window allows");
}

void Checkers::Receives(const Site& site, core::ConnId connection, const Bytes& frame) {
  const auto message = codec::DecodeFrame(frame);
  if (!message) return;
  Flow& flow = flows_[connection];
  if (const auto* ack = std::get_if<codec::Ack>(&*message)) {
    // The window is full if the next large body would not have fitted.
    if (flow.in_flight + 300'000 > limits::kWindowBytesPerSpace)
      trace_.counts.Hit(Mark::kWindowFull);
    flow.in_flight -= std::min<std::size_t>(flow.in_flight, ack->bytes);
  }
  if (!std::holds_alternative<codec::Bodies>(*message)) return;
  before_[site.number()] = DraftsOf(site);
  if (flow.asked) {
    const auto& log = site.node().replica()->Log(site.node().replica()->members().network_space());
    if (log.missing_bodies() > 0) trace_.counts.Hit(Mark::kBodyByNeed);
  }
}

void Checkers::CheckConfirmed(Site& sender, Site& holder, std::uint64_t from, std::uint64_t to) {
  const log::SpaceId& space = sender.node().replica()->members().network_space();
  const auto arrivals = sender.node().replica()->Log(space).Arrivals(from, to - from + 1);
  Require(arrivals.has_value() && arrivals->size() == to - from + 1,
          "a partner confirmed entries that this device does not have");
  for (const codec::StoredEntry& stored : *arrivals) {
    const log::Header& header = stored.entry.header;
    // What a partner holds of a forked feed is known by its heads only when they are compared.
    if (!IsDurable(holder, space, stored.entry.id) &&
        DurableOnAnyBranch(holder, header.feed(), header.seq)) {
      trace_.counts.Hit(Mark::kForkConfirmed);
      continue;
    }
    Require(IsDurable(holder, space, stored.entry.id),
            "site " + std::to_string(holder.number()) + " confirmed entry " +
                At(header.feed(), header.seq) + " to site " + std::to_string(sender.number()) +
                ", and it is not on its disk for good");
  }
}

void Checkers::Stepped(Site& site) {
  const replica::Replica* replica = site.node().replica();
  if (replica == nullptr) return;
  const log::SpaceId& space = replica->members().network_space();
  for (const auto& holder : sites_) {
    std::uint64_t now = 0;
    const auto found = site.node().confirmations().find(holder->device());
    if (found != site.node().confirmations().end()) now = found->second.arrival;
    for (const core::SessionState& session : site.node().sessions())
      if (session.device == holder->device()) now = std::max(now, session.acked_arrival);
    if (holder->hostile() || net_.Tampered(site.number(), holder->number())) continue;
    std::uint64_t& known = confirmed_[{site.number(), holder->number()}];
    if (now <= known) continue;
    Require(now <= replica->Log(space).durable_arrival(), "more was confirmed than there is");
    CheckConfirmed(site, *holder, known + 1, now);
    known = now;
  }
  std::size_t& waited = pending_[site.number()];
  const std::size_t waits = replica->pending_entries();
  if (waits + limits::kRunEntriesMax > limits::kPendingEntriesMax)
    trace_.counts.Hit(Mark::kPendingFull);
  if (waits > waited) trace_.counts.Hit(Mark::kRunWaited);
  if (waits < waited) trace_.counts.Hit(Mark::kRunReleased);
  waited = waits;
  for (const crdt::DocumentId& document : std::exchange(before_[site.number()], {}))
    if (!replica->HasDraft(document)) trace_.counts.Hit(Mark::kDraftCutByRemote);
  auto& drafts = restored_[site.number()];
  for (auto it = drafts.begin(); it != drafts.end();) {
    const bool there = replica->HasDraft(*it);
    if (!there) trace_.counts.Hit(Mark::kDraftRestored);
    it = there ? std::next(it) : drafts.erase(it);
  }
}

std::set<crdt::DocumentId> Checkers::DraftsOf(const Site& site) const {
  std::set<crdt::DocumentId> drafts;
  const replica::Replica* replica = site.node().replica();
  if (replica == nullptr || !replica->NextCutMs()) return drafts;
  const auto documents = replica->ListDocuments();
  Require(documents.has_value(), "documents cannot be listed");
  for (const codec::StoredDocument& document : *documents)
    if (replica->HasDraft(document.id)) drafts.insert(document.id);
  return drafts;
}

void Checkers::NoteDrafts(Site& site) {
  pending_[site.number()] = 0;
  restored_[site.number()] = DraftsOf(site);
}

void Checkers::Restarted(const Site& site) {
  for (const auto& sender : sites_) {
    const auto found = confirmed_.find({sender->number(), site.number()});
    if (found == confirmed_.end() || sender->hostile() || !sender->up() || found->second == 0)
      continue;
    if (sender->node().replica() == nullptr) continue;
    CheckConfirmed(*sender, *sites_[site.number()], 1, found->second);
  }
}

}  // namespace geflecht::sim
