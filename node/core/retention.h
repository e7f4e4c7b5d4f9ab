// Erases records when their period is over, an organisation's own and those of organisations that
// are members no more: once a day by itself, after it has announced them, or when a person says so
// (docs/formats/retention.md, decisions 0040 and 0042). Works in slices, so that the node goes on
// meanwhile.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "node/core/retention_index.h"
#include "node/core/retention_records.h"

namespace geflecht::core {

// What a run that a person asked for has done.
struct RetentionRun {
  bool reading = false;  // nothing else yet: the log is read on first, a slice with each call
  std::vector<RetentionLine> erased;
  std::size_t open = 0;  // to be erased, and not erased by this run
  std::size_t restricted = 0;
  std::size_t offered = 0;  // wait for the archive
  std::size_t of_others = 0;
};

// A record whose period is over or ends soon.
struct RetentionItem {
  RetentionRecord record;
  bool own = false;
  governance::RetentionState state = governance::RetentionState::kRunning;
  std::optional<RetentionNotice> notice;
};

struct RetentionQuery {
  governance::Day ahead = 0;  // records that are kept until a day before today and so many days
  bool own_only = false;     // and of former members
  bool without_end = false;  // instead those that nothing ends yet, by id; their day is 0
  std::optional<RetentionIndex::Place> after;  // where the last part ended
  bool goes_on = false;                        // with a query that was answered before
  std::size_t max = 0;
};
struct RetentionPart {
  bool reading = false;  // no items yet: the log is read on first, a slice with each call
  std::vector<RetentionItem> items;
  bool more = false;
};

// Not thread-safe. Functions that fail with an error of the store leave the replica's open batch
// unusable: the caller must end the node.
class Retention {
 public:
  // `random` outlives it.
  static Result<std::unique_ptr<Retention>> Load(const store::View& durable, Random& random);

  // From now on a run begins each day, the first one soon.
  void RunDaily(Time now);
  bool daily() const { return next_ms_.has_value(); }
  // What was announced is announced anew: nobody could see it. A daily run begins anew.
  void AnnounceAnew(Time now);
  // The next slice of a daily run; does nothing before NextDueMs.
  Result<void> Step(replica::Replica& replica, Time now);
  std::optional<std::int64_t> NextDueMs() const { return next_ms_; }  // mono

  // The longest overdue first. Of records as they were when the index read them: nothing is opened
  // but what came since the last call.
  Result<RetentionPart> List(replica::Replica& replica, const RetentionQuery& query, Time now);
  // Erases own records and those of former members whose period is over, announced or not, at most
  // `max`. What a public body
  // has to offer to its archive is offered instead. kNotPermitted with a hint while erasing is
  // paused.
  Result<RetentionRun> RunByHand(replica::Replica& replica, std::size_t max, Time now);
  // kNotFound if it is not offered.
  Result<void> AnswerOffer(const RetentionId& id, governance::ArchiveAnswer answer);

  const std::map<RetentionId, RetentionNotice>& notices() const { return notices_; }
  // In the order in which it was erased; lines leave after the period of class L11.
  std::vector<RetentionLine> Protocol() const;
  std::optional<governance::Day> last_run() const { return last_run_; }

  // Records of the node itself that go with the next batch.
  store::Batch TakeChanges() { return std::exchange(changes_, {}); }

 private:
  explicit Retention(Random& random) : random_(random) {}
  enum class Phase { kIdle, kReading, kDeciding };

  Result<void> BeginRun(replica::Replica& replica, Time now);
  Result<void> EndRun(Time now);
  void WaitForNextDay(Time now);
  // Reads on by a slice; true when the index has seen everything.
  Result<bool> ReadOn(replica::Replica& replica, bool begin, Time now);
  // What this run has to look at, own records in front of others.
  void Queue(const replica::Replica& replica);
  // Offers it to the archive if that has to be asked first; true if it waits.
  bool Waits(const RetentionNotice& notice, governance::Day today);
  // What the run of today makes of one record; erases it if it is due.
  Result<void> Decide(replica::Replica& replica, const RetentionId& id, Time now);
  // The notice as the record is now; nothing if there is none and none is due.
  std::optional<RetentionNotice> NoticeNow(const RetentionRecord& record, governance::Day today);
  // Of a record that the index knows as due.
  Result<void> EraseNow(replica::Replica& replica, const RetentionId& id, Time now,
                        RetentionRun& run);
  // False if this organisation may not, or may no more.
  Result<bool> Erase(replica::Replica& replica, const RetentionNotice& notice, bool by_hand,
                     Time now, RetentionRun* run);
  void Put(const RetentionNotice& notice);
  void Drop(const RetentionId& id);
  void DropOldLines(governance::Day today);

  Random& random_;
  RetentionIndex index_;
  RetentionPolicy policy_;
  std::map<RetentionId, RetentionNotice> notices_;
  std::map<RetentionId, std::uint64_t> orders_;  // of the notices' records
  std::map<std::uint64_t, RetentionLine> lines_;
  std::uint64_t last_order_ = 0, last_line_ = 0;
  std::optional<governance::Day> last_run_;
  Phase phase_ = Phase::kIdle;
  governance::Day today_ = 0;  // of the run under way, or of the last one
  bool looked_ = false;        // this process has ended a run
  std::deque<RetentionId> queue_;
  // Of former members, which the other nodes have seen as well.
  std::deque<RetentionId> afterwards_;
  std::optional<std::int64_t> next_ms_;
  store::Batch changes_;
};

}  // namespace geflecht::core
