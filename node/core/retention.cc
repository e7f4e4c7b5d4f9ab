#include "node/core/retention.h"

#include <algorithm>
#include <utility>

#include "node/core/durations.h"

namespace geflecht::core {
namespace {

using governance::ArchiveAnswer, governance::Day, governance::RetentionState;

// A slice is a few milliseconds of work; between two the node does what else there is.
constexpr std::size_t kEntriesOfASlice = 512, kDocumentsOfASlice = 32;
constexpr std::int64_t kBetweenSlicesMs = 20;
constexpr std::int64_t kFirstRunMs = 2'000;
// What every member may erase: each waits for another time, so that mostly one writes it.
constexpr std::int64_t kAfterwardsMs = 10'000;
constexpr std::uint64_t kSpreadMs = 50'000;

Day DayAt(Time now) { return governance::DayOf(now.wall_ms / 1000); }

std::optional<log::OrgId> OwnOrg(const replica::Replica& replica) {
  const governance::Member* const self = replica.members().EverByDevice(replica.self());
  return self == nullptr ? std::nullopt : std::optional(self->org);
}

bool MayAct(const RetentionRecord& record, const std::optional<log::OrgId>& own) {
  return own && (record.former || record.org == own);
}

Result<std::vector<log::EntryId>> EraseRecord(replica::Replica& replica, const RetentionId& id,
                                              Time now) {
  constexpr std::string_view kReason = "retention";
  if (const auto* document = std::get_if<crdt::DocumentId>(&id))
    return replica.EraseDocument(*document, std::nullopt, kReason, now);
  const log::EntryId& entry = std::get<log::EntryId>(id);
  ASSIGN(const log::EraseTarget target, replica.AllOf(entry));
  ASSIGN(const auto stored, replica.EntryOf(entry));
  ASSIGN(const log::EntryId erasure,
         replica.Erase(stored->entry.header.space, {std::string(kReason), {target}}, now));
  return std::vector<log::EntryId>{erasure};
}

governance::RetentionCase CaseOf(const RetentionRecord& record, const RetentionNotice* notice,
                                 bool paused) {
  governance::RetentionCase out{record.until, std::nullopt, record.restricted, paused,
                                ArchiveAnswer::kNotAsked};
  if (notice != nullptr) {
    out.announced = notice->announced;
    out.archive = notice->archive;
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<Retention>> Retention::Load(const store::View& durable,
                                                     Random& random) {
  std::unique_ptr<Retention> retention(new Retention(random));
  Retention& self = *retention;
  Result<void> read;
  const auto each = [&](const store::Key& first, const auto& take) -> Result<void> {
    TRY(durable.Scan(first.table, first.group, first.order, [&](const store::Record& record) {
      read = take(record);
      return read.has_value();
    }));
    return read;
  };
  TRY(each(NoticeKey(1), [&](const store::Record& record) -> Result<void> {
    ASSIGN(const RetentionNotice notice, DecodeNotice(record.value));
    self.notices_[notice.id] = notice;
    self.orders_[notice.id] = self.last_order_ = record.order;
    return {};
  }));
  TRY(each(LineKey(1), [&](const store::Record& record) -> Result<void> {
    ASSIGN(self.lines_[record.order], DecodeLine(record.value));
    self.last_line_ = record.order;
    return {};
  }));
  ASSIGN(const auto run, durable.Get(LastRunKey()));
  if (run) {
    if (run->size() != 8) return Fail(Code::kCorruption, "the day of the last run is damaged");
    self.last_run_ = static_cast<Day>(ReadBe64(*run));
  }
  return retention;
}

void Retention::RunDaily(Time now) {
  looked_ = false;
  next_ms_ = now.mono_ms + kFirstRunMs;
}

void Retention::AnnounceAnew(Time now) {
  for (const auto& [id, known] : std::map(notices_)) {
    RetentionNotice notice = known;
    notice.announced = DayAt(now);
    Put(notice);
  }
  phase_ = Phase::kIdle;
  queue_.clear();
  if (daily()) RunDaily(now);
}

void Retention::Put(const RetentionNotice& notice) {
  const auto known = notices_.find(notice.id);
  if (known != notices_.end() && known->second == notice) return;
  notices_[notice.id] = notice;
  const auto [order, made] = orders_.try_emplace(notice.id, last_order_ + 1);
  if (made) ++last_order_;
  changes_.push_back({NoticeKey(order->second), EncodeNotice(notice)});
}

void Retention::Drop(const RetentionId& id) {
  const auto order = orders_.find(id);
  if (order == orders_.end()) return;
  changes_.push_back({NoticeKey(order->second), std::nullopt});
  orders_.erase(order);
  notices_.erase(id);
}

std::vector<RetentionLine> Retention::Protocol() const {
  std::vector<RetentionLine> lines;
  for (const auto& [order, line] : lines_) lines.push_back(line);
  return lines;
}

void Retention::DropOldLines(Day today) {
  const governance::RetentionClass& rule = *governance::FindRetentionClass("L11");
  while (!lines_.empty()) {
    const auto first = lines_.begin();
    governance::RetentionFacts facts;
    facts.made = first->second.day;
    if (*governance::KeptUntil(rule, facts) >= today) return;
    changes_.push_back({LineKey(first->first), std::nullopt});
    lines_.erase(first);
  }
}

Result<bool> Retention::ReadOn(replica::Replica& replica, bool begin, Time now) {
  if (begin) TRY(index_.BeginPass(replica, DayAt(now)));
  return index_.Advance(replica, kEntriesOfASlice, kDocumentsOfASlice);
}

Result<void> Retention::BeginRun(replica::Replica& replica, Time now) {
  today_ = DayAt(now);
  ASSIGN(policy_, ReadRetentionPolicy(replica, today_));
  DropOldLines(today_);
  for (const auto& [id, known] : std::map(notices_)) {
    RetentionNotice notice = known;
    notice.announced =
        governance::NoticeAfterGap(known.announced, last_run_.value_or(today_), today_);
    Put(notice);
  }
  phase_ = Phase::kReading;
  return index_.BeginPass(replica, DayAt(now));
}

Result<void> Retention::EndRun(Time now) {
  phase_ = Phase::kIdle;
  Bytes day;
  AppendBe64(day, static_cast<std::uint64_t>(today_));
  if (last_run_ != today_) changes_.push_back({LastRunKey(), std::move(day)});
  last_run_ = today_;
  looked_ = true;
  WaitForNextDay(now);
  return {};
}

void Retention::WaitForNextDay(Time now) {
  // A clock that was put forward, or a machine that slept, is found out within the hour.
  next_ms_ = now.mono_ms + std::min(kHourMs, kDayMs - now.wall_ms % kDayMs);
}

Result<void> Retention::Step(replica::Replica& replica, Time now) {
  if (!next_ms_ || now.mono_ms < *next_ms_) return {};
  next_ms_ = now.mono_ms + kBetweenSlicesMs;
  if (phase_ == Phase::kIdle && looked_ && today_ == DayAt(now)) {
    WaitForNextDay(now);
    return {};
  }
  if (phase_ == Phase::kIdle) return BeginRun(replica, now);
  if (phase_ == Phase::kReading) {
    ASSIGN(const bool done, ReadOn(replica, /*begin=*/false, now));
    if (!done) return {};
    Queue(replica);
    phase_ = Phase::kDeciding;
    return {};
  }
  for (std::size_t i = 0; i < kDocumentsOfASlice && !queue_.empty(); ++i) {
    // One that cannot be erased holds up no other, and is looked at again tomorrow.
    const RetentionId id = queue_.front();
    queue_.pop_front();
    TRY(Decide(replica, id, now));
  }
  if (!queue_.empty()) return {};
  if (afterwards_.empty()) return EndRun(now);
  queue_ = std::exchange(afterwards_, {});
  next_ms_ = now.mono_ms + kAfterwardsMs + static_cast<std::int64_t>(random_.Below(kSpreadMs));
  return {};
}

void Retention::Queue(const replica::Replica& replica) {
  const auto add = [this](const RetentionId& id) {
    const RetentionRecord* const record = index_.Find(id);
    (record != nullptr && record->former ? afterwards_ : queue_).push_back(id);
  };
  for (const auto& [id, notice] : notices_) add(id);
  const auto own = OwnOrg(replica);
  for (const auto& [until, id] : index_.Before(today_ + governance::kNoticeDays))
    if (MayAct(index_.At(id), own) && !notices_.contains(id)) add(id);
}

std::optional<RetentionNotice> Retention::NoticeNow(const RetentionRecord& record, Day today) {
  if (!record.ends || record.restricted || record.until >= today + governance::kNoticeDays)
    return std::nullopt;
  RetentionNotice notice{
      record.id, record.type, std::string(record.rule->name), record.until,
      today,          ArchiveAnswer::kNotAsked};
  const auto known = notices_.find(record.id);
  if (known != notices_.end()) {
    notice.announced = known->second.announced;
    notice.archive = known->second.archive;
  }
  const bool offered = policy_.public_body && record.rule->archived && !record.former;
  if (!offered) notice.archive = ArchiveAnswer::kNotAsked;
  if (offered && notice.archive == ArchiveAnswer::kNotAsked) notice.archive = ArchiveAnswer::kOpen;
  return notice;
}

Result<void> Retention::Decide(replica::Replica& replica, const RetentionId& id, Time now) {
  TRY(index_.Refresh(replica, today_));
  ASSIGN(const auto record, index_.Read(replica, id));
  const auto notice = record && MayAct(*record, OwnOrg(replica)) ? NoticeNow(*record, today_)
                                                                 : std::nullopt;
  if (!notice) {
    Drop(id);
    return {};
  }
  Put(*notice);
  const auto state = governance::StateOf(CaseOf(*record, &*notice, policy_.paused), today_);
  if (state != RetentionState::kDue) return {};
  TRY(Erase(replica, *notice, /*by_hand=*/false, now, nullptr));
  return {};
}

Result<bool> Retention::Erase(replica::Replica& replica, const RetentionNotice& notice,
                              bool by_hand, Time now, RetentionRun* run) {
  auto erased = EraseRecord(replica, notice.id, now);
  if (!erased) {
    // In a space in which the organisation has no seat any more, or by a device whose lives are
    // used up.
    if (erased.error().code == Code::kNotPermitted) return false;
    if (erased.error().code != Code::kNotFound) return Fail(erased.error());
    Drop(notice.id);
    return true;
  }
  const RetentionLine line{DayAt(now), by_hand, notice, *std::move(erased)};
  lines_[++last_line_] = line;
  changes_.push_back({LineKey(last_line_), EncodeLine(line)});
  Drop(notice.id);
  if (run != nullptr) run->erased.push_back(line);
  return true;
}

Result<RetentionPart> Retention::List(replica::Replica& replica, const RetentionQuery& query,
                                      Time now) {
  RetentionPart part;
  ASSIGN(const bool read, ReadOn(replica, !query.goes_on, now));
  part.reading = !read;
  if (part.reading) return part;
  const Day today = DayAt(now);
  const auto own = OwnOrg(replica);
  ASSIGN(const RetentionPolicy policy, ReadRetentionPolicy(replica, today));
  // False when the part is full.
  const auto put = [&](const RetentionId& id) {
    RetentionItem item{index_.At(id), false, {}, std::nullopt};
    item.own = own && item.record.org == own;
    if (query.own_only && !MayAct(item.record, own)) return true;
    part.more = part.items.size() >= query.max;
    if (part.more) return false;
    const auto notice = notices_.find(id);
    if (notice != notices_.end()) item.notice = notice->second;
    item.state = governance::StateOf(
        CaseOf(item.record, item.notice ? &*item.notice : nullptr, policy.paused), today);
    part.items.push_back(std::move(item));
    return true;
  };
  if (query.without_end) {
    const auto after = query.after ? std::optional(query.after->second) : std::nullopt;
    for (const RetentionId& id : index_.Endless(after))
      if (!put(id)) break;
    return part;
  }
  for (const auto& [until, id] : index_.Before(today + query.ahead, query.after))
    if (!put(id)) break;
  return part;
}

bool Retention::Waits(const RetentionNotice& notice, Day today) {
  if (notice.archive != ArchiveAnswer::kOpen ||
      today > governance::OfferEnds(notice.until, notice.announced))
    return false;
  Put(notice);
  return true;
}

Result<RetentionRun> Retention::RunByHand(replica::Replica& replica, std::size_t max, Time now) {
  const Day today = DayAt(now);
  ASSIGN(policy_, ReadRetentionPolicy(replica, today));
  if (policy_.paused)
    return Fail(Code::kNotPermitted, "erasing is paused", "hint.retention-paused");
  RetentionRun run;
  ASSIGN(const bool read, ReadOn(replica, /*begin=*/true, now));
  run.reading = !read;
  if (run.reading) return run;
  const auto own = OwnOrg(replica);
  for (const auto& [until, id] : index_.Before(today)) {
    const RetentionRecord& known = index_.At(id);
    if (!MayAct(known, own)) {
      ++run.of_others;
    } else if (known.restricted) {
      ++run.restricted;
    } else if (Waits(*NoticeNow(known, today), today)) {
      ++run.offered;
    } else if (run.erased.size() >= max) {
      ++run.open;
    } else {
      TRY(EraseNow(replica, id, now, run));
    }
  }
  return run;
}

Result<void> Retention::EraseNow(replica::Replica& replica, const RetentionId& id, Time now,
                                 RetentionRun& run) {
  const Day today = DayAt(now);
  // What has come while the index was reading may keep it.
  TRY(index_.Refresh(replica, today));
  ASSIGN(const auto record, index_.Read(replica, id));
  const auto notice =
      record && record->ends && record->until < today ? NoticeNow(*record, today) : std::nullopt;
  if (!notice) return {};  // changed since it was read
  ASSIGN(const bool may, Erase(replica, *notice, /*by_hand=*/true, now, &run));
  if (!may) ++run.of_others;
  return {};
}

Result<void> Retention::AnswerOffer(const RetentionId& id, ArchiveAnswer answer) {
  const auto notice = notices_.find(id);
  if (notice == notices_.end() || notice->second.archive == ArchiveAnswer::kNotAsked)
    return Fail(Code::kNotFound, "this record is not offered to the archive",
                "hint.retention-not-offered");
  RetentionNotice answered = notice->second;
  answered.archive = answer;
  Put(answered);
  return {};
}

}  // namespace geflecht::core
