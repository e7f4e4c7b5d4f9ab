#include "tests/unit/sync/fake_source.h"

#include <algorithm>

#include "base/check.h"
#include "node/crypto/init.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::sync {

FakeSource::FakeSource(const log::NetworkId& network, std::vector<log::SpaceId> served,
                       Random& random)
    : spaces(std::move(served)),
      network_(network),
      random_(random),
      key_((CHECK(crypto::Init().has_value()), crypto::SigningKey::Generate(random))),
      life_(random.Make<log::LifeId>()) {
  for (const log::SpaceId& space : spaces) spaces_[space];
}

log::FeedHead FakeSource::HeadOf(const Space& space, const log::FeedKey& feed) const {
  const auto found = space.feeds.find(feed);
  if (found == space.feeds.end()) return {};
  const log::Entry& last = space.arrivals[found->second.back()].entry;
  return {last.header.seq + 1, last.id, last.header.basis};
}

void FakeSource::Append(Space& space, const log::Entry& entry) {
  const log::FeedKey feed = entry.header.feed();
  space.feeds[feed].push_back(space.arrivals.size());
  space.arrivals.push_back({space.arrivals.size() + 1, feed, entry});
  space.ids.insert(entry.id);
  space.frontier[feed] = {entry.header.seq, entry.id};
  for (const log::EntryId& seen : entry.header.seen) space.tips.erase(seen);
  if (entry.header.prev) space.tips.erase(*entry.header.prev);
  space.tips.insert(entry.id);
}

void FakeSource::Write(const log::SpaceId& id, std::size_t count, std::size_t value_bytes) {
  Space& space = spaces_.at(id);
  const log::FeedKey feed{id, device(), life_};
  for (std::size_t i = 0; i < count; ++i) {
    const log::FeedHead head = HeadOf(space, feed);
    Bytes value(value_bytes);
    random_.Fill(value);
    const log::Body body{{log::MakeField("text", std::move(value), random_)}};
    log::Header header;
    header.net = network_;
    header.space = id;
    header.device = feed.device;
    header.life = feed.life;
    header.seq = head.next_seq;
    header.prev = head.head;
    for (const log::EntryId& tip : space.tips)
      if (tip != head.head && header.seen.size() < 128) header.seen.push_back(tip);
    if (id != log::RootSpace(network_)) {
      header.basis = head.basis;
      if (header.basis.empty() || random_.Below(10) == 0)
        header.basis = {random_.Make<log::EntryId>()};
    }
    header.kind = kind;
    header.fields = 1;
    header.root = log::BodyRoot(body);
    log::Entry entry = log::Sign(std::move(header), key_);
    if (i + 1 != count) entry.signature.reset();
    Append(space, entry);
    (lose_bodies ? space.lost : space.bodies)[{feed, entry.header.seq}] = body;
  }
}

Admission FakeSource::AdmitOnce(const log::SpaceId& id, const codec::Run& run) {
  Space& space = spaces_.at(id);
  const log::FeedKey feed{id, run.device, run.life};
  const log::FeedHead head = HeadOf(space, feed);
  if (run.first_seq > head.next_seq) return Admission::kWaiting;
  const std::uint64_t known = head.next_seq - run.first_seq;
  if (known >= run.entries.size()) return Admission::kStored;
  codec::Run rest = run;
  rest.first_seq = head.next_seq;
  rest.entries.erase(rest.entries.begin(),
                     rest.entries.begin() + static_cast<std::ptrdiff_t>(known));
  auto entries = codec::CompleteRun(network_, id, head, rest);
  if (!entries) return Admission::kRejected;
  std::set<log::EntryId> own;
  for (const log::Entry& entry : *entries) {
    for (const log::EntryId& seen : entry.header.seen)
      if (!space.ids.contains(seen) && !own.contains(seen)) return Admission::kWaiting;
    own.insert(entry.id);
  }
  if (!log::VerifyRun(network_, head, *entries)) return Admission::kRejected;
  for (const log::Entry& entry : *entries) Append(space, entry);
  return Admission::kStored;
}

Admission FakeSource::Admit(const log::SpaceId& id, const codec::Run& run) {
  const Admission admission = AdmitOnce(id, run);
  std::list<codec::Run>& waiting = spaces_.at(id).waiting;
  if (admission == Admission::kWaiting) waiting.push_back(run);
  for (bool again = admission == Admission::kStored; again;) {
    again = false;
    for (auto it = waiting.begin(); it != waiting.end();) {
      const Admission retried = AdmitOnce(id, *it);
      again = again || retried == Admission::kStored;
      it = retried == Admission::kWaiting ? std::next(it) : waiting.erase(it);
    }
  }
  return admission;
}

Admission FakeSource::AdmitBodies(const log::SpaceId& id, const codec::Bodies& bodies) {
  Space& space = spaces_.at(id);
  const log::FeedKey feed{id, bodies.device, bodies.life};
  for (const codec::BodyItem& item : bodies.items) {
    const auto entry = EntryAt(feed, item.seq);
    if (!*entry) continue;
    if (!log::CheckBodyOf((*entry)->header, item.body)) return Admission::kRejected;
    (lose_bodies ? space.lost : space.bodies)[{feed, item.seq}] = item.body;
  }
  return Admission::kStored;
}

void FakeSource::Restore(const log::FeedKey& feed, std::uint64_t seq) {
  Space& space = spaces_.at(feed.space);
  space.bodies[{feed, seq}] = space.lost.at({feed, seq});
}

std::size_t FakeSource::entries(const log::SpaceId& space) const {
  return spaces_.at(space).arrivals.size();
}

const Arrival& FakeSource::arrival(const log::SpaceId& space, std::size_t index) const {
  return spaces_.at(space).arrivals.at(index);
}

std::vector<log::SpaceId> FakeSource::SpacesFor(const log::DeviceId&) const { return spaces; }

const log::Frontier& FakeSource::Frontier(const log::SpaceId& space) const {
  return spaces_.at(space).frontier;
}

log::Fingerprint FakeSource::Fingerprint(const log::SpaceId& space) const {
  return log::FingerprintOf(Frontier(space));
}

std::uint64_t FakeSource::LastArrival(const log::SpaceId& space) const {
  return spaces_.at(space).arrivals.size();
}

Result<std::uint64_t> FakeSource::ArrivalOf(const log::FeedKey& feed, std::uint64_t seq) const {
  const Space& space = spaces_.at(feed.space);
  return space.arrivals.at(space.feeds.at(feed).at(seq)).number;
}

Result<std::vector<Arrival>> FakeSource::Arrivals(const log::SpaceId& id, std::uint64_t from,
                                                  std::size_t entries_max) const {
  const std::vector<Arrival>& all = spaces_.at(id).arrivals;
  std::vector<Arrival> out;
  for (std::size_t i = from - 1; i < all.size() && out.size() < entries_max; ++i)
    out.push_back(all[i]);
  return out;
}

Result<std::optional<log::Body>> FakeSource::BodyOf(const log::FeedKey& feed,
                                                    std::uint64_t seq) const {
  const Space& space = spaces_.at(feed.space);
  const auto found = space.bodies.find({feed, seq});
  if (found == space.bodies.end()) return std::optional<log::Body>();
  return std::optional(found->second);
}

Result<std::optional<log::Entry>> FakeSource::EntryAt(const log::FeedKey& feed,
                                                      std::uint64_t seq) const {
  const Space& space = spaces_.at(feed.space);
  const auto found = space.feeds.find(feed);
  if (found == space.feeds.end() || seq >= found->second.size()) return std::optional<log::Entry>();
  return std::optional(space.arrivals[found->second[seq]].entry);
}

std::vector<codec::Need::Item> FakeSource::MissingBodies(const log::SpaceId& id,
                                                         std::size_t max) const {
  std::vector<codec::Need::Item> out;
  const Space& space = spaces_.at(id);
  for (const Arrival& arrival : space.arrivals) {
    const log::Header& header = arrival.entry.header;
    if (out.size() == max) break;
    if (header.fields != 0 && !space.bodies.contains({header.feed(), header.seq}))
      out.push_back({header.device, header.life, header.seq});
  }
  return out;
}

Result<std::vector<Arrival>> FakeSource::Erasures(const log::SpaceId& id, std::uint64_t from,
                                                  std::size_t max) const {
  std::vector<Arrival> out;
  for (const Arrival& arrival : spaces_.at(id).arrivals)
    if (arrival.number >= from && arrival.entry.header.kind == "erase" && out.size() < max)
      out.push_back(arrival);
  return out;
}

std::uint32_t FakeSource::MissingBodyCount(const log::SpaceId& id) const {
  const Space& space = spaces_.at(id);
  return static_cast<std::uint32_t>(space.arrivals.size() - space.bodies.size());
}

}  // namespace geflecht::sync
