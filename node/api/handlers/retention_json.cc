#include "node/api/handlers/retention_json.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "node/api/handlers/document_json.h"
#include "node/domain/document_types.h"

namespace geflecht::api {

using boost::json::object;
using governance::ArchiveAnswer, governance::Day;

Result<core::Retention*> RetentionOf(Context& context) {
  TRY(ReplicaOf(context));
  return context.node.retention();
}

Day TodayIn(const Context& context) { return governance::DayOf(context.now.wall_ms / 1000); }

object NoticeJson(const core::RetentionNotice& notice) {
  return {{"document", notice.document.Hex()},
          {"document_type", notice.type},
          {"retention_class", notice.retention_class},
          {"kept_until", governance::RenderDay(notice.until)},
          {"announced", governance::RenderDay(notice.announced)},
          {"archive", core::NameOf(notice.archive)}};
}

Result<std::string> RetentionLabel(replica::Replica& replica, const crdt::DocumentId& id) {
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
