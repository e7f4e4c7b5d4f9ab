// Replica's part in audits: requests, answers to them, and what it refers to behind each seal, so
// that an auditor sees that nothing is missing (docs/formats/bundle.md, Complete).
#include <algorithm>
#include <deque>
#include <utility>

#include "node/governance/kinds.h"
#include "node/replica/records.h"
#include "node/replica/replica.h"

namespace geflecht::replica {
namespace {

constexpr std::string_view kGatheredRecord = "gathered";

}  // namespace

Result<log::EntryId> Replica::RequestAudit(const governance::AuditRequestBody& request, Time now) {
  for (const log::SpaceId& space : request.spaces)
    if (!members().Knows(space)) return Fail(Code::kNotFound, "no space " + space.Hex());
  return WriteRoot(governance::kAuditRequest, std::nullopt,
                   governance::SayAuditRequest(request, random_), now);
}

void Replica::NoteRequest(const log::EntryId& request) {
  const Council::Record& record = *council_.Find(request);
  if (record.org) answers_.Asked(request, *record.org);
}

Result<void> Replica::LoadAnswers() {
  for (const log::EntryId& request : council_.OfKind(governance::kAuditRequest))
    NoteRequest(request);
  ASSIGN(const auto gathered, view_.Get(MetaKey(kGatheredRecord)));
  if (gathered && gathered->size() == log::EntryId::kSize) {
    gathered_.emplace();
    std::copy(gathered->begin(), gathered->end(), gathered_->bytes.begin());
  }
  return {};
}

Result<void> Replica::RecallAnswers(Time now) {
  if (std::exchange(answers_recalled_, true)) return {};
  const SpaceLog& root = Log(root_space_);
  const log::FeedKey feed{root_space_, self(), self_.life};
  std::deque<std::int64_t> written;
  // Times of gathers are rounded down to the hour.
  for (std::uint64_t seq = root.Head(feed).next_seq; seq > 0 && written.size() < Answers::kPerDay;
       --seq) {
    ASSIGN(const auto stored, root.EntryAt(feed, seq - 1));
    if (!stored) break;
    const std::int64_t ago_ms = now.wall_ms - stored->entry.header.time_s * 1000;
    if (ago_ms >= Answers::kPeriodMs) break;
    if (stored->entry.header.kind == governance::kGather)
      written.push_front(now.mono_ms - std::max<std::int64_t>(ago_ms, 0));
  }
  answers_.Recall(std::move(written));
  return {};
}

Result<void> Replica::AnswerAudits(Time now) {
  TRY(RecallAnswers(now));
  if (!answers_.HasOpen()) return {};
  ASSIGN(const auto last, Log(root_space_).LastOf(self()));
  if (last && council_.Counts(last->entry.id))
    answers_.Close(
        [&](const log::EntryId& request) { return council_.Covers(last->entry.id, request); });
  if (!answers_.TakeDue(now)) return {};
  ASSIGN(const log::EntryId answer,
         WriteOwn(*FindLog(root_space_), {governance::kGather, std::nullopt, nullptr}, now));
  answers_.Close([&](const log::EntryId& request) { return council_.Covers(answer, request); });
  return {};
}

Result<void> Replica::GatherBehindSeal(Time now) {
  const std::vector<log::EntryId>& seals = council_.state().seals;
  if (seals.empty() || gathered_ == seals.back()) return {};
  const log::EntryId seal = seals.back();
  for (const log::SpaceId& space : DocumentSpaces())
    if (MayWriteIn(space))
      TRY(WriteOwn(*FindLog(space), {governance::kGather, std::nullopt, nullptr}, now));
  gathered_ = seal;
  view_.Put(MetaKey(kGatheredRecord), Bytes(seal.bytes.begin(), seal.bytes.end()));
  return {};
}

}  // namespace geflecht::replica
