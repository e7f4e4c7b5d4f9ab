// Replica's part in audits: requests, answers to them, and what it refers to behind each seal, so
// that an auditor sees that nothing is missing (docs/formats/bundle.md, Complete).
#include <algorithm>

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

Result<void> Replica::AnswerAudits(Time now) {
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
