// What handlers say about retention (docs/formats/retention.md).
#pragma once

#include "node/api/context.h"

namespace geflecht::api {

// The node's retention, or kNotInitialised while the directory belongs to no network.
Result<core::Retention*> RetentionOf(Context& context);
governance::Day TodayIn(const Context& context);

// {document, document_type, retention_class, kept_until, announced, archive}: without what is in
// it, so that it may stay in protocols. `document`: of an entry that is none its own id.
boost::json::object NoticeJson(const core::RetentionNotice& notice);
// What names a record for whoever decides about it; empty if nothing does.
Result<std::string> RetentionLabel(replica::Replica& replica, const core::RetentionId& id);
// All that an archive would take: of a document its fields; of an entry {title, text}.
Result<boost::json::object> RetentionContent(replica::Replica& replica,
                                             const core::RetentionId& id);
// {daily, last_run, announced, next_erasure, offers, paused, paused_until, pause_reason}
Result<boost::json::object> RetentionStatus(Context& context);

}  // namespace geflecht::api
