#include "node/replica/salvage.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "node/replica/records.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::replica {
namespace {

// So many arrival numbers in a row without anything readable are the end.
constexpr std::uint64_t kGapMax = 100'000;

class Salvager {
 public:
  Salvager(const store::View& damaged, Replica& into, Time now,
           const std::function<Result<void>()>& store_batch)
      : damaged_(damaged), into_(into), now_(now), store_batch_(store_batch) {}

  Result<void> Take(const log::SpaceId& space) {
    std::uint64_t unread = 0;
    for (std::uint64_t arrival = 1; unread <= kGapMax; ++arrival) {
      auto stored = EntryAt(space, arrival);
      if (!stored) {
        ++unread;
        continue;
      }
      result_.lost += std::exchange(unread, 0);
      TRY(TakeEntry(space, *std::move(stored)));
    }
    for (const auto& [feed, run] : open_) result_.lost += run.size();
    open_.clear();
    for (const codec::Bodies& bodies : std::exchange(erased_, {})) {
      into_.AdmitBodies(space, bodies, now_);
      TRY(store_batch_());
    }
    return {};
  }
  const Salvaged& result() const { return result_; }

 private:
  template <class Decode>
  auto Read(const store::Key& key, Decode decode) const
      -> std::optional<typename decltype(decode(ByteView()))::value_type> {
    const auto bytes = damaged_.Get(key);
    if (!bytes || !*bytes) return std::nullopt;
    auto value = decode(**bytes);
    if (!value) return std::nullopt;
    return *std::move(value);
  }

  std::optional<codec::StoredEntry> EntryAt(const log::SpaceId& space,
                                            std::uint64_t arrival) const {
    return Read(EntryKey(space, arrival), codec::DecodeStoredEntry);
  }

  // Entries of a feed gather until one carries a signature: these are a run.
  Result<void> TakeEntry(const log::SpaceId& space, codec::StoredEntry stored) {
    const log::Header& header = stored.entry.header;
    if (header.space != space) return {};  // the founding charter: it is there
    const log::FeedKey feed = stored.feed();
    std::vector<codec::StoredEntry>& run = open_[feed];
    const bool continues = run.empty() || run.back().entry.header.seq + 1 == header.seq;
    if (!continues || run.size() >= limits::kRunEntriesMax) {
      result_.lost += run.size();
      run.clear();
    }
    run.push_back(std::move(stored));
    if (!run.back().entry.signature) return {};
    return AdmitRun(space, feed, std::exchange(run, {}));
  }

  Result<void> AdmitRun(const log::SpaceId& space, const log::FeedKey& feed,
                        const std::vector<codec::StoredEntry>& run) {
    ASSIGN(const auto head, HeadBefore(into_.Log(space), run.front().entry.header));
    if (!head) {
      result_.lost += run.size();
      return {};
    }
    log::Run entries;
    codec::Bodies bodies{codec::PrefixOf(space), feed.device, feed.life, {}};
    codec::Bodies erased = bodies;
    for (const codec::StoredEntry& stored : run) {
      entries.push_back(stored.entry);
      if (auto body = BodyOf(space, stored))
        (body->Complete() ? bodies : erased)
            .items.push_back({stored.entry.header.seq, *std::move(body)});
    }
    const Admitted admitted = into_.AdmitSalvaged(space, codec::PartsOf(*head, entries, 0));
    if (admitted.outcome != Outcome::kNew) {
      result_.lost += run.size();
      return {};
    }
    result_.entries += run.size();
    into_.AdmitBodies(space, bodies, now_);
    if (!erased.items.empty()) {
      // Root: what stands behind them counts only with them. Elsewhere they wait for the erasures.
      if (space == into_.members().root_space()) into_.AdmitBodies(space, erased, now_);
      erased_.push_back(std::move(erased));
    }
    return store_batch_();
  }

  // Where the feed stands in front of this entry, if what is in front of it is here.
  static Result<std::optional<log::FeedHead>> HeadBefore(const SpaceLog& log,
                                                         const log::Header& header) {
    if (!header.prev) return std::optional(log::FeedHead{});
    ASSIGN(const auto before, log.EntryOf(*header.prev));
    if (!before) return std::optional<log::FeedHead>();
    return std::optional(log::FeedHead{header.seq, *header.prev, before->entry.header.basis});
  }

  std::optional<log::Body> BodyOf(const log::SpaceId& space,
                                  const codec::StoredEntry& stored) const {
    if (!stored.body_here || stored.entry.header.fields == 0) return std::nullopt;
    auto body = Read(stored.document ? DocumentBodyKey(*stored.document, stored.arrival)
                                     : SpaceBodyKey(space, stored.arrival),
                     codec::DecodeBody);
    if (!body || !log::CheckBodyOf(stored.entry.header, *body)) return std::nullopt;
    return body;
  }

  const store::View& damaged_;
  Replica& into_;
  Time now_;
  const std::function<Result<void>()>& store_batch_;
  std::map<log::FeedKey, std::vector<codec::StoredEntry>> open_;
  std::vector<codec::Bodies> erased_;  // with leaves, for which the erasures have to be here
  Salvaged result_;
};

}  // namespace

Result<Salvaged> Salvage(const store::View& damaged, Replica& into, Time now,
                         const std::function<Result<void>()>& store_batch) {
  Salvager salvager(damaged, into, now, store_batch);
  // First the root space: entries of the others rest on it.
  into.SetSalvaging(true);
  TRY(salvager.Take(into.members().root_space()));
  TRY(salvager.Take(into.members().network_space()));
  into.SetSalvaging(false);
  return salvager.result();
}

}  // namespace geflecht::replica
