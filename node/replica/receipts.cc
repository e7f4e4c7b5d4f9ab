#include "node/replica/receipts.h"

#include <algorithm>

#include "node/governance/kinds.h"
#include "node/replica/records.h"

namespace geflecht::replica {
namespace {

// Device, life, branch, seq, entry.
constexpr std::size_t kFirstBytes =
    log::DeviceId::kSize + log::LifeId::kSize + 4 + 8 + log::EntryId::kSize;

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
    feeds[feed] = {seq, Take<log::EntryId>(bytes)};
  }
  return feeds;
}

std::uint64_t BeginOf(const SpaceLog& log, const log::FeedKey& feed) {
  return feed.branch == 0 || !log.HasFeed(feed) ? 0 : log.BeginOf(feed);
}

}  // namespace

Result<void> Receipts::Load(const SpaceLog& log, const Papers& papers) {
  for (const Paper* paper : papers.OfKind(governance::kNotice)) {
    ASSIGN(const auto bytes, view_.Get(ReceiptsKey(log.space(), paper->arrival)));
    if (!bytes) return Fail(Code::kCorruption, "the receipts of a notice are gone");
    ASSIGN(Feeds feeds, Decode(log.space(), *bytes));
    notices_[paper->id] = {paper->arrival, std::move(feeds)};
  }
  return {};
}

bool Receipts::Covers(const Known& known, const log::FeedKey& feed, std::uint64_t seq,
                      std::uint64_t from) {
  const auto it = known.feeds.find(feed);
  if (it != known.feeds.end() && it->second.seq <= seq) return true;
  // What stands in front of a branch lies in another one.
  return feed.branch != 0 &&
         std::any_of(known.feeds.begin(), known.feeds.end(), [&](const auto& item) {
           return item.first.SameFeed(feed) && item.second.seq < from;
         });
}

Result<void> Receipts::Add(const SpaceLog& log, const log::Run& run, const SpaceLog::Front& front,
                           std::uint64_t arrival) {
  const log::FeedKey& feed = front.feed;
  for (const log::Entry& entry : run) {
    const std::uint64_t seq = entry.header.seq;
    for (auto& [notice, known] : notices_) {
      if (Covers(known, feed, seq, front.from)) continue;
      for (const log::EntryId& seen : entry.header.seen) {
        ASSIGN(const auto stored, log.EntryOf(seen));
        if (!stored) continue;
        const log::FeedKey other = stored->feed();
        if (!Covers(known, other, stored->entry.header.seq, BeginOf(log, other))) continue;
        known.feeds[feed] = {seq, entry.id};
        Save(log.space(), known);
        break;
      }
    }
    if (entry.header.kind == governance::kNotice) {
      const Known& known = notices_[entry.id] = {arrival, {{feed, {seq, entry.id}}}};
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
  return it != notices_.end() && Covers(it->second, feed, seq, BeginOf(log, feed));
}

}  // namespace geflecht::replica
