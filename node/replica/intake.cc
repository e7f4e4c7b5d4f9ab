#include "node/replica/intake.h"

#include <utility>

#include "base/limits.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::replica {
namespace {

// Where the feed stands in front of this entry, if what is in front of it is here.
Result<std::optional<log::FeedHead>> HeadBefore(const SpaceLog& log, const log::Header& header) {
  if (!header.prev) return std::optional(log::FeedHead{});
  ASSIGN(const auto before, log.EntryOf(*header.prev));
  if (!before) return std::optional<log::FeedHead>();
  return std::optional(log::FeedHead{header.seq, *header.prev, before->entry.header.basis});
}

}  // namespace

Intake::Intake(Replica& into, Time now, const std::function<Result<void>()>& store_batch)
    : into_(into), now_(now), store_batch_(store_batch) {
  into_.SetSalvaging(true);
}

Intake::~Intake() { into_.SetSalvaging(false); }

// Entries of a feed gather until one carries a signature: these are a run.
Result<void> Intake::Take(const log::SpaceId& space, codec::StoredEntry stored,
                          std::optional<log::Body> body) {
  const log::Header& header = stored.entry.header;
  if (header.space != space) return {};  // the founding charter: it is there
  if (body && !log::CheckBodyOf(header, *body)) body.reset();
  const log::FeedKey feed = stored.feed();
  std::vector<Held>& run = open_[feed];
  const bool continues =
      run.empty() || run.back().stored.entry.header.seq + 1 == stored.entry.header.seq;
  if (!continues || run.size() >= limits::kRunEntriesMax) {
    result_.lost += run.size();
    run.clear();
  }
  run.push_back({std::move(stored), std::move(body)});
  if (!run.back().stored.entry.signature) return {};
  return AdmitRun(space, feed, std::exchange(run, {}));
}

Result<void> Intake::EndSpace() {
  for (const auto& [feed, run] : open_) result_.lost += run.size();
  open_.clear();
  for (const auto& [space, bodies] : std::exchange(erased_, {})) {
    into_.AdmitBodies(space, bodies, now_);
    TRY(store_batch_());
  }
  return {};
}

Result<void> Intake::AdmitRun(const log::SpaceId& space, const log::FeedKey& feed,
                              std::vector<Held> run) {
  ASSIGN(const auto head, HeadBefore(into_.Log(space), run.front().stored.entry.header));
  if (!head) {
    result_.lost += run.size();
    return {};
  }
  log::Run entries;
  codec::Bodies bodies{codec::PrefixOf(space), feed.device, feed.life, {}};
  codec::Bodies erased = bodies;
  for (Held& held : run) {
    if (held.body)
      (held.body->Complete() ? bodies : erased)
          .items.push_back({held.stored.entry.header.seq, *std::move(held.body)});
    entries.push_back(std::move(held.stored.entry));
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
    erased_.emplace_back(space, std::move(erased));
  }
  return store_batch_();
}

}  // namespace geflecht::replica
