// Replica's own entries: what they have seen, and the lives of the device.
#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "node/governance/kinds.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"
#include "proto/codec/wire_codec.h"

namespace geflecht::replica {

std::vector<log::EntryId> Replica::OtherTips(const SpaceLog& log) const {
  // In the root space only what can be read: an entry that has seen others counts when they do.
  std::vector<log::EntryId> tips = log.space() == root_space_ ? council_.tips() : log.tips();
  if (const auto own = log.Head({log.space(), self(), self_.life}).head) std::erase(tips, *own);
  return tips;
}

bool Replica::LivesUsedUp() const {
  const auto used_up = [&](const log::SpaceId& space) {
    return Log(space).LivesOf(self()) >= limits::kLivesMax;
  };
  return self_.life_ended && std::any_of(logs_.begin(), logs_.end(),
                                         [&](const auto& log) { return used_up(log.first); });
}

Result<void> Replica::CheckMayWrite() const {
  if (!council_.IsEntitled(self()))
    return Fail(Code::kNotPermitted, "this device belongs to no member", "hint.no-member");
  if (!LivesUsedUp()) return {};
  return Fail(Code::kNotPermitted, "this device has begun as many lives as it may",
              "hint.lives-used-up");
}

void Replica::EndLife() {
  self_.life_ended = true;
  restored_ = true;
  view_.Put(MetaKey("life-ended"), {1});
}

Result<void> Replica::PrepareToWrite(SpaceLog& log, Time now) {
  TRY(CheckMayWriteIn(log.space()));
  if (self_.life_ended) {
    self_.life = random_.Make<log::LifeId>();
    self_.life_ended = false;
    view_.Delete(MetaKey("life-ended"));
    if (restored_) view_.Put(MetaKey("restored"), {1});
    view_.Put(MetaKey("life"), Bytes(self_.life.bytes.begin(), self_.life.bytes.end()));
  }
  if (!log.HasFeed({log.space(), self(), self_.life})) TRY(BeginLife(log, now));
  if (log.space() != root_space_ && council_.tips().size() > limits::kBasisMax)
    TRY(WriteOwn(*FindLog(root_space_), {governance::kGather, std::nullopt, nullptr}, now));
  for (std::vector<log::EntryId> tips = OtherTips(log); tips.size() > limits::kSeenMax;
       tips = OtherTips(log)) {
    tips.resize(limits::kSeenMax);
    TRY(WriteOne(log, {governance::kGather, std::nullopt, nullptr}, std::move(tips), now));
  }
  return {};
}

Result<void> Replica::BeginLife(SpaceLog& log, Time now) {
  ASSIGN(const auto last, log.LastOf(self()));
  // The charter is its device's own feed, of no earlier life.
  if (!last || !last->entry.header.net) return {};
  // Names the last entry of the earlier life, so that nobody takes the gap between them for a loss.
  std::vector<log::EntryId> tips = OtherTips(log);
  if (tips.size() > limits::kSeenMax) tips.resize(limits::kSeenMax);
  // In the root space an entry counts only if what it names does.
  std::optional<log::EntryId> about = last->entry.id;
  if (log.space() == root_space_ && !council_.Counts(*about)) about.reset();
  TRY(WriteOne(log, {governance::kGather, about, nullptr}, std::move(tips), now));
  return {};
}

Result<log::EntryId> Replica::WriteOwn(SpaceLog& log, const Own& own, Time now) {
  TRY(PrepareToWrite(log, now));
  return WriteOne(log, own, OtherTips(log), now);
}

Result<log::EntryId> Replica::WriteOne(SpaceLog& log, const Own& own,
                                       std::vector<log::EntryId> seen, Time now) {
  constexpr std::int64_t kHour = 3600;
  const log::FeedKey feed{log.space(), self(), self_.life};
  const log::FeedHead head = log.Head(feed);
  log::Header header;
  header.net = founding_.network();
  header.space = feed.space;
  header.device = feed.device;
  header.life = feed.life;
  header.seq = head.next_seq;
  header.prev = head.head;
  header.seen = std::move(seen);
  if (log.space() != root_space_) header.basis = council_.tips();
  header.time_s = now.wall_ms / 1000;
  if (log::MayBeCovered(own.kind)) header.time_s = header.time_s / kHour * kHour;
  header.kind = std::string(own.kind);
  header.about = own.about;
  const log::Body body = own.body != nullptr ? *own.body : log::Body{};
  header.fields = static_cast<std::uint32_t>(body.slots.size());
  header.evidence = own.evidence;
  header.root = log::BodyRoot(body);
  TRY(log::CheckHeader(header));

  const log::Run run{log::Sign(std::move(header), *self_.key)};
  const Admitted admitted = AdmitOnce(log.space(), codec::PartsOf(head, run, 0), Writer::kSelf);
  if (admitted.outcome != Outcome::kNew)
    return Fail(Code::kInternal, "an own entry was not admitted: " + admitted.reason);
  last_own_ = {feed.space, head.next_seq, run.front().id};
  if (!body.slots.empty()) {
    const Admitted stored = AdmitBodyAt(log, {feed, head.next_seq}, body, now);
    if (stored.outcome != Outcome::kNew)
      return Fail(Code::kInternal, "an own body was not admitted: " + stored.reason);
  }
  return run.front().id;
}

}  // namespace geflecht::replica
