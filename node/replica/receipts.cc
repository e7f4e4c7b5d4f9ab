#include "node/replica/receipts.h"

#include <algorithm>

#include "node/governance/agreement.h"
#include "node/governance/kinds.h"
#include "node/replica/records.h"

namespace geflecht::replica {
namespace {

// Device, life, branch, seq, entry, time.
constexpr std::size_t kFirstBytes =
    log::DeviceId::kSize + log::LifeId::kSize + 4 + 8 + log::EntryId::kSize + 8;

template <class Id>
Id Take(ByteView& bytes) {
  const Id id = *Id::From(bytes.first(Id::kSize));
  bytes = bytes.subspan(Id::kSize);
  return id;
}

Result<Receipts::Feeds> Decode(const log::SpaceId& space, ByteView bytes) {
  if (bytes.size() % kFirstBytes != 0) return Fail(Code::kCorruption, "receipts of a notice");
  Receipts::Feeds feeds;
  while (!bytes.empty()) {
    log::FeedKey feed{space, Take<log::DeviceId>(bytes), {}, 0};
    feed.life = Take<log::LifeId>(bytes);
    feed.branch = ReadBe32(bytes);
    const std::uint64_t seq = ReadBe64(bytes.subspan(4));
    bytes = bytes.subspan(4 + 8);
    const auto entry = Take<log::EntryId>(bytes);
    feeds[feed] = {seq, entry, static_cast<std::int64_t>(ReadBe64(bytes))};
    bytes = bytes.subspan(8);
  }
  return feeds;
}

}  // namespace

Result<void> Receipts::Load(const SpaceLog& log, const Papers& papers) {
  for (const Paper* paper : papers.OfKind(governance::kNotice)) {
    ASSIGN(const auto stored, log.Arrival(paper->arrival));
    if (!stored) return Fail(Code::kCorruption, "a paper is not in the log");
    if (!IsKept(log, SpotOf(log, stored->feed(), stored->entry.header.seq))) continue;
    ASSIGN(const auto bytes, view_.Get(ReceiptsKey(log.space(), paper->arrival)));
    if (!bytes) return Fail(Code::kCorruption, "the receipts of a notice are gone");
    ASSIGN(Feeds feeds, Decode(log.space(), *bytes));
    notices_[paper->id] = {paper->arrival, std::move(feeds)};
  }
  return {};
}

Receipts::Spot Receipts::SpotOf(const SpaceLog& log, const log::FeedKey& feed, std::uint64_t seq) {
  return {feed, seq, log.BeginOf(feed), log.ParentOf(feed)};
}

std::optional<Receipts::Spot> Receipts::Before(const SpaceLog& log, const Spot& spot) {
  if (spot.feed.branch == 0 || spot.from == 0) return std::nullopt;
  log::FeedKey parent = spot.feed;
  parent.branch = spot.parent;
  return SpotOf(log, parent, spot.from - 1);
}

// Each branch is younger than its parent, so both loops end.
bool Receipts::IsKept(const SpaceLog& log, const Spot& notice) {
  std::size_t before = 0;
  for (std::optional<Spot> at = notice; at; at = Before(log, *at)) {
    const auto it = kept_.find(at->feed);
    if (it == kept_.end()) continue;
    before += static_cast<std::size_t>(
        std::upper_bound(it->second.begin(), it->second.end(), at->seq) - it->second.begin());
  }
  if (before >= governance::kNoticesOfFeedMax) return false;
  kept_[notice.feed].push_back(notice.seq);
  return true;
}

std::optional<log::FeedKey> Receipts::Covering(const SpaceLog& log, const Known& known, Spot spot) {
  for (std::optional<Spot> at = spot; at; at = Before(log, *at)) {
    const auto it = known.feeds.find(at->feed);
    if (it != known.feeds.end() && it->second.seq <= at->seq) return it->first;
  }
  return std::nullopt;
}

Result<void> Receipts::Add(const SpaceLog& log, const log::Run& run, const SpaceLog::Front& front,
                           std::uint64_t arrival) {
  for (const log::Entry& entry : run) {
    const std::int64_t time_s = entry.header.time_s;
    const Spot spot{front.feed, entry.header.seq, front.from, front.parent};
    std::vector<Spot> seen;
    if (!notices_.empty())
      for (const log::EntryId& id : entry.header.seen) {
        ASSIGN(const auto stored, log.EntryOf(id));
        if (stored) seen.push_back(SpotOf(log, stored->feed(), stored->entry.header.seq));
      }
    for (auto& [notice, known] : notices_) {
      if (const auto covering = Covering(log, known, spot)) {
        First& first = known.feeds.at(*covering);
        if (time_s >= first.time_s) continue;
        first.time_s = time_s;
      } else {
        const bool learns = std::any_of(seen.begin(), seen.end(), [&](const Spot& at) {
          return Covering(log, known, at).has_value();
        });
        if (!learns) continue;
        known.feeds[spot.feed] = {spot.seq, entry.id, time_s};
      }
      Save(log.space(), known);
    }
    if (entry.header.kind == governance::kNotice && IsKept(log, spot)) {
      const Known& known =
          notices_[entry.id] = {arrival, {{spot.feed, {spot.seq, entry.id, time_s}}}};
      Save(log.space(), known);
    }
    ++arrival;
  }
  return {};
}

void Receipts::Save(const log::SpaceId& space, const Known& known) {
  Bytes bytes;
  for (const auto& [feed, first] : known.feeds) {
    Append(bytes, feed.device.view());
    Append(bytes, feed.life.view());
    AppendBe32(bytes, feed.branch);
    AppendBe64(bytes, first.seq);
    Append(bytes, first.entry.view());
    AppendBe64(bytes, static_cast<std::uint64_t>(first.time_s));
  }
  view_.Put(ReceiptsKey(space, known.arrival), std::move(bytes));
}

const Receipts::Feeds& Receipts::Of(const log::EntryId& notice) const {
  static const Feeds kNone;
  const auto it = notices_.find(notice);
  return it == notices_.end() ? kNone : it->second.feeds;
}

bool Receipts::Knows(const SpaceLog& log, const log::EntryId& notice, const log::FeedKey& feed,
                     std::uint64_t seq) const {
  const auto it = notices_.find(notice);
  return it != notices_.end() && Covering(log, it->second, SpotOf(log, feed, seq)).has_value();
}

}  // namespace geflecht::replica
