#include "node/api/handlers/retention_json.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <variant>

#include "node/api/handlers/document_json.h"
#include "node/domain/document_types.h"
#include "node/governance/agreement.h"
#include "node/governance/bodies.h"
#include "node/governance/kinds.h"

namespace geflecht::api {

using boost::json::object;
using governance::ArchiveAnswer, governance::Day;

Result<core::Retention*> RetentionOf(Context& context) {
  TRY(ReplicaOf(context));
  return context.node.retention();
}

Day TodayIn(const Context& context) { return governance::DayOf(context.now.wall_ms / 1000); }

object NoticeJson(const core::RetentionNotice& notice) {
  return {{"document", core::HexOf(notice.id)},
          {"document_type", notice.type},
          {"retention_class", notice.retention_class},
          {"kept_until", governance::RenderDay(notice.until)},
          {"announced", governance::RenderDay(notice.announced)},
          {"archive", core::NameOf(notice.archive)}};
}

namespace {

// Of a comment or a vote that of the proposal.
std::string ProposalTitle(const replica::Replica& replica, const log::EntryId& id) {
  const auto* const record = replica.council().Find(id);
  const bool itself = record == nullptr || record->kind == governance::kProposal || !record->about;
  const auto body = replica.RootBodyOf(itself ? id : *record->about);
  if (!body || !*body) return {};
  const auto said = governance::ReadProposal(**body);
  return said ? said->title : std::string();
}

// What can be erased of an entry of the root space.
std::string SaidIn(const replica::Replica& replica, const log::EntryId& id) {
  const auto* const record = replica.council().Find(id);
  const auto body = replica.RootBodyOf(id);
  if (record == nullptr || !body || !*body) return {};
  if (record->kind == governance::kComment)
    return governance::ReadComment(**body).value_or(std::string());
  if (record->kind == governance::kVote) {
    const auto vote = governance::ReadVote(**body);
    return vote ? vote->reason : std::string();
  }
  const auto proposal = governance::ReadProposal(**body);
  return proposal ? proposal->note : std::string();
}

Result<std::string> NoticeReason(const replica::Replica& replica, const replica::Paper& paper) {
  ASSIGN(const auto body, replica.BodyOf(paper));
  if (!body) return std::string();
  const auto notice = governance::ReadNotice(*body, paper.evidence);
  return notice ? notice->reason : std::string();
}

Result<object> EntryContent(const replica::Replica& replica, const log::EntryId& id) {
  if (const auto* const mandate = replica.council().mandates().Find(id))
    return object{{"title", mandate->name}, {"text", ""}};
  const replica::Paper* const paper = replica.FindPaper(id);
  if (paper == nullptr)
    return object{{"title", ProposalTitle(replica, id)}, {"text", SaidIn(replica, id)}};
  if (paper->kind == governance::kNotice) {
    ASSIGN(const std::string reason, NoticeReason(replica, *paper));
    const auto about = paper->about ? replica.FrozenText(*paper->about)
                                    : Result<governance::Frozen>(Fail(Code::kNotFound, ""));
    return object{{"title", about ? about->title : std::string()}, {"text", reason}};
  }
  ASSIGN(const governance::Frozen frozen, replica.FrozenText(id));
  std::string text;
  for (const std::string& block : frozen.blocks)
    text += governance::WithPersons(block, frozen.persons, "\u2588") + "\n\n";
  return object{{"title", frozen.title}, {"text", std::move(text)}};
}

Result<std::string> DocumentLabel(replica::Replica& replica, const crdt::DocumentId& id) {
  ASSIGN(const replica::OpenDocument* const open, replica.Open(id));
  ASSIGN(const domain::Record record, RecordOf(open->document));
  if (open->info.type != domain::kContact) return std::string(domain::TextOf(record, "title"));
  std::string label;
  const auto append = [&](std::string_view key, std::string_view between) {
    const std::string_view part = domain::TextOf(record, key);
    if (!label.empty() && !part.empty()) label += between;
    label += part;
  };
  append("given_name", "");
  append("family_name", " ");
  append("organisation", ", ");
  return label;
}

}  // namespace

Result<std::string> RetentionLabel(replica::Replica& replica, const core::RetentionId& id) {
  if (const auto* document = std::get_if<crdt::DocumentId>(&id))
    return DocumentLabel(replica, *document);
  ASSIGN(const object content, EntryContent(replica, std::get<log::EntryId>(id)));
  return std::string(content.at("title").as_string());
}

Result<object> RetentionContent(replica::Replica& replica, const core::RetentionId& id) {
  const auto* const document = std::get_if<crdt::DocumentId>(&id);
  if (document == nullptr) return EntryContent(replica, std::get<log::EntryId>(id));
  ASSIGN(const replica::OpenDocument* const open, replica.Open(*document));
  return DocumentJson(open->document);
}

Result<object> RetentionStatus(Context& context) {
  ASSIGN(const core::Retention* const retention, RetentionOf(context));
  ASSIGN(const core::RetentionPolicy policy,
         core::ReadRetentionPolicy(*context.node.replica(), TodayIn(context)));
  std::optional<Day> next;
  std::int64_t offers = 0;
  for (const auto& [id, notice] : retention->notices()) {
    offers += notice.archive == ArchiveAnswer::kOpen ? 1 : 0;
    const Day from = core::ErasedFrom(notice);
    if (!next || from < *next) next = from;
  }
  return object{{"daily", retention->daily()},
                {"last_run", governance::RenderDayOrDash(retention->last_run())},
                {"announced", retention->notices().size()},
                {"next_erasure", governance::RenderDayOrDash(next)},
                {"offers", offers},
                {"paused", policy.paused},
                {"paused_until", governance::RenderDayOrDash(policy.paused_until)},
                {"pause_reason", policy.pause_reason}};
}

}  // namespace geflecht::api
