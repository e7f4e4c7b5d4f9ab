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

// Whether one position of the device may have two entries.
bool Checkers::MayFork(const log::DeviceId& device) const {
  return std::any_of(sites_.begin(), sites_.end(), [&](const auto& site) {
    return (site->hostile() || site->twin() != nullptr) && site->device() == device;
  });
}

void Checkers::CheckRun(const Site& site, const codec::Run& run) {
  const governance::Members& members = site.node().replica()->members();
  const bool in_root = run.space == codec::PrefixOf(members.root_space());
  const log::FeedKey feed{in_root ? members.root_space() : members.network_space(), run.device,
                          run.life};
  const bool may_fork = MayFork(run.device);
  if (run.device != site.device()) trace_.counts.Hit(Mark::kEntryRelayed);
  for (std::size_t i = 0; i < run.entries.size(); ++i) {
    const std::uint64_t seq = run.first_seq + i;
    const auto id = DurableOnAnyBranch(site, feed, seq, &run.entries[i]);
    Require(id.has_value(), "site " + std::to_string(site.number()) + " sent entry " +
                                At(feed, seq) + " which is not on its disk for good");
    if (may_fork) continue;
    const auto [known, first] = left_.try_emplace({feed, seq}, *id);
    Require(known->second == *id, "two entries at one position left: " + At(feed, seq));
  }
}

void Checkers::Sends(const Site& site, core::ConnId connection, const Bytes& frame) {
  const auto message = codec::DecodeFrame(frame);
  Require(message.has_value(), "a node sent a frame that does not decode");
  Flow& flow = flows_[connection];
  if (const auto* sent = std::get_if<codec::Run>(&*message)) CheckRun(site, *sent);
  if (std::holds_alternative<codec::Need>(*message)) flow.asked = true;
  if (const auto* lines = std::get_if<codec::FrontierLines>(&*message)) {
    if (lines->full && flow.lines_sent) trace_.counts.Hit(Mark::kFullFrontier);
    flow.lines_sent = true;
  }
  const auto* run = std::get_if<codec::Run>(&*message);
  const auto* bodies = std::get_if<codec::Bodies>(&*message);
  if (run == nullptr && bodies == nullptr) return;
  std::size_t& in_flight = flow.in_flight[run != nullptr ? run->space : bodies->space];
  const std::size_t before = in_flight;
  in_flight += frame.size();
  Require(before == 0 || in_flight <= limits::kWindowBytesPerSpace,
          "more is under way than the window allows");
}

void Checkers::Receives(const Site& site, core::ConnId connection, const Bytes& frame) {
  const auto message = codec::DecodeFrame(frame);
  if (!message) return;
  Flow& flow = flows_[connection];
  if (const auto* ack = std::get_if<codec::Ack>(&*message)) {
    // The window is full if the next large body would not have fitted.
    std::size_t& in_flight = flow.in_flight[ack->space];
    if (in_flight + 600'000 > limits::kWindowBytesPerSpace) trace_.counts.Hit(Mark::kWindowFull);
    in_flight -= std::min<std::size_t>(in_flight, ack->bytes);
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
  if (!arrivals && sender.disk().rot_met()) return;  // its process ends with its next step
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
  const bool anew = std::exchange(starts_[site.number()], site.starts()) != site.starts();
  for (const auto& holder : sites_) {
    std::uint64_t now = 0;
    const auto loss = last_before_loss_.find(holder->number());
    // What a process knows from the start was on its disk: it may have been said before the loss.
    bool old = anew && loss != last_before_loss_.end();
    const auto found = site.node().confirmations().find(holder->device());
    if (found != site.node().confirmations().end()) now = found->second.arrival;
    for (const core::SessionState& session : site.node().sessions())
      if (session.device == holder->device() && session.acked_arrival >= now) {
        now = session.acked_arrival;
        old = loss != last_before_loss_.end() && session.connection <= loss->second;
      }
    if (holder->hostile() || holder->twin() != nullptr || site.twin() != nullptr ||
        net_.Tampered(site.number(), holder->number()))
      continue;
    std::uint64_t& known = confirmed_[{site.number(), holder->number()}];
    if (now <= known) continue;
    if (old) {  // said before the disk was replaced, and heard after it
      known = before_loss_[{site.number(), holder->number()}] = now;
      continue;
    }
    Require(now <= replica->Log(space).durable_arrival(), "more was confirmed than there is");
    CheckConfirmed(site, *holder, known + 1, now);
    known = now;
  }
  if (site.twin() != nullptr) CheckLives(site, anew);
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

// The entries of this device and life that the log holds and `known` does not.
std::set<log::EntryId> NewOfLife(const replica::SpaceLog& log, const log::DeviceId& device,
                                 const log::LifeId& life, const std::set<log::EntryId>& known) {
  std::set<log::EntryId> found;
  for (const log::FeedKey& branch : log::BranchesOf(log.Frontier(), {log.space(), device, life})) {
    std::optional<log::EntryId> id = log.Head(branch).head;
    while (id && !known.contains(*id) && found.insert(*id).second) {
      const auto stored = log.EntryOf(*id);
      Require(stored.has_value() && stored->has_value(), "an entry of a feed is not there");
      id = (*stored)->entry.header.prev;
    }
  }
  return found;
}

void Checkers::CheckLives(Site& site, bool anew) {
  const replica::Replica& replica = *site.node().replica();
  const replica::SpaceLog& log = replica.Log(replica.members().network_space());
  Writer& writer = writers_[site.number()];
  const auto& last = replica.last_own();
  const std::set<log::EntryId> found = NewOfLife(log, site.device(), replica.life(), writer.own);
  // What it had seen and not yet synced when the power went it knows no more.
  if (anew) writer.shared.clear();
  if (!std::exchange(writer.begun, true)) {
    writer.own = found;  // a copy begins with what the original has written
    writer.last = last;
    return;
  }
  if (last && last != writer.last) {
    // It wrote: what leads to its last entry is its own.
    Require(anew || !writer.shared.contains(replica.life()),
            "site " + std::to_string(site.number()) + " wrote in a life that it shares");
    for (std::optional<log::EntryId> id = last->id; id && found.contains(*id);) {
      writer.own.insert(*id);
      id = (*log.EntryOf(*id))->entry.header.prev;
    }
    writer.last = last;
  }
  for (const log::EntryId& id : found)
    if (!writer.own.contains(id)) writer.shared.insert(replica.life());
}

void Checkers::DiskReplaced(const Site& site) {
  last_before_loss_[site.number()] = flows_.empty() ? 0 : flows_.rbegin()->first;
  for (auto& [pair, known] : confirmed_) {
    if (pair.first == site.number()) known = before_loss_[pair] = 0;
    if (pair.second == site.number()) before_loss_[pair] = known;
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
    const std::uint64_t lost = before_loss_[{sender->number(), site.number()}];
    if (lost < found->second)
      CheckConfirmed(*sender, *sites_[site.number()], lost + 1, found->second);
  }
}

}  // namespace geflecht::sim
