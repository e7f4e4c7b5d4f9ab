// /api/v1/retention: records whose period is over, or soon will be; erasing them; the pause and
// the protocol (docs/formats/retention.md).
#include "node/governance/retention.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/handlers/document_json.h"
#include "node/api/handlers/privacy_papers.h"
#include "node/api/handlers/retention_json.h"
#include "node/domain/document_types.h"
#include "node/domain/validate.h"
#include "node/log/lines.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;
using governance::RetentionState;

constexpr governance::Day kAheadMost = 3660;
// Erased by one request: some tens of milliseconds in which the node does nothing else.
constexpr std::size_t kErasedAtOnce = 200;

Result<governance::Day> AheadOf(const Request& request) {
  const auto asked = request.query.find("ahead");
  if (asked == request.query.end()) return governance::Day{0};
  const auto days = log::ParseDecimal(asked->second, kAheadMost);
  if (!days) return Fail(Code::kUsage, "ahead: 0 to 3660 days");
  return static_cast<governance::Day>(*days);
}

std::string_view NameOfState(RetentionState state) {
  switch (state) {
    case RetentionState::kRunning:
      return "running";
    case RetentionState::kAnnounced:
      return "announced";
    case RetentionState::kRestricted:
      return "restricted";
    case RetentionState::kPaused:
      return "paused";
    case RetentionState::kOffered:
      return "offered";
    case RetentionState::kDue:
      return "due";
  }
  return "";
}

object ItemJson(const core::RetentionItem& item, governance::Day today) {
  const core::RetentionRecord& record = item.record;
  object json{{"document", record.info.id.Hex()},
              {"document_type", record.info.type},
              {"retention_class", record.rule->name},
              {"kept_until", governance::RenderDay(record.until)},
              {"days_left", record.until - today},
              {"org", record.org ? Json(record.org->Hex()) : Json(nullptr)},
              {"own", item.own},
              {"state", NameOfState(item.state)},
              {"restricted", record.restricted},
              {"restriction", record.restriction},
              {"announced", nullptr},
              {"erased_from", nullptr},
              {"archive", "-"}};
  if (item.notice) {
    json["announced"] = governance::RenderDay(item.notice->announced);
    json["erased_from"] = governance::RenderDay(core::ErasedFrom(*item.notice));
    json["archive"] = core::NameOf(item.notice->archive);
  }
  return json;
}

// GET ?ahead=DAYS -> {today, ...RetentionStatus, records: [ItemJson and label]}
Answer ListDue(const Request& request, const Arguments&, Context& context) {
  ASSIGN(core::Retention* const retention, RetentionOf(context));
  ASSIGN(const governance::Day ahead, AheadOf(request));
  const governance::Day today = TodayIn(context);
  ASSIGN(const auto items, retention->List(*context.node.replica(), ahead, context.now));
  array records;
  for (const core::RetentionItem& item : items) {
    object json = ItemJson(item, today);
    ASSIGN(json["label"], RetentionLabel(*context.node.replica(), item.record.info.id));
    records.push_back(std::move(json));
  }
  ASSIGN(object answer, RetentionStatus(context));
  answer["today"] = governance::RenderDay(today);
  answer["records"] = std::move(records);
  return answer;
}

object LineJson(const core::RetentionLine& line) {
  object json = NoticeJson(line.record);
  array ids;
  for (const log::EntryId& id : line.erasures) ids.emplace_back(id.Hex());
  json["day"] = governance::RenderDay(line.day);
  json["how"] = line.by_hand ? "hand" : "daily";
  json["erasures"] = std::move(ids);
  return json;
}

// POST {} -> {today, erased: [LineJson], open, restricted, offered, of_others}: erases own records
// whose period is over. `open` are left for the next request.
Answer RunRetention(const Request&, const Arguments&, Context& context) {
  ASSIGN(core::Retention* const retention, RetentionOf(context));
  ASSIGN(const core::RetentionRun run,
         retention->RunByHand(*context.node.replica(), kErasedAtOnce, context.now));
  array erased;
  for (const core::RetentionLine& line : run.erased) erased.push_back(LineJson(line));
  return object{{"today", governance::RenderDay(TodayIn(context))},
                {"erased", std::move(erased)},
                {"open", run.open},
                {"restricted", run.restricted},
                {"offered", run.offered},
                {"of_others", run.of_others}};
}

// Writes or removes the pause in the organisation's own record, which is where all its devices
// and all members see it.
Answer WritePause(Context& context, const std::optional<std::string>& until,
                  const std::string& reason) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const OrganisationRecord own, OwnOrganisation(*replica));
  if (!own.id)
    return Fail(Code::kNotFound, "the organisation has no record",
                "hint.retention-no-organisation");
  if (!until && !own.record.contains(domain::kRetentionPause))
    return Fail(Code::kConflict, "erasing is not paused", "hint.retention-not-paused");
  const auto write = [&](crdt::Transaction& edit) -> Result<void> {
    const std::string pause = "/" + std::string(domain::kRetentionPause);
    const std::string why = "/" + std::string(domain::kRetentionPauseReason);
    if (until) {
      TRY(edit.Set(pause, *until));
      return edit.Set(why, reason);
    }
    TRY(edit.RemoveKey(pause));
    if (own.record.contains(domain::kRetentionPauseReason)) TRY(edit.RemoveKey(why));
    return {};
  };
  TRY(replica->Edit(*own.id, write, context.now));
  TRY(replica->Cut(*own.id, context.now));
  ASSIGN(object status, RetentionStatus(context));
  return status;
}

// POST {reason, until?} -> RetentionStatus
Answer Pause(const Request& request, const Arguments&, Context& context) {
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string reason, TextMember(body, "reason"));
  const auto& reasons = governance::kPauseReasons;
  if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
    return Fail(Code::kUsage, "no reason of a pause", "hint.retention-pause-reason");
  std::string until = "open";
  if (body.contains("until")) {
    ASSIGN(until, TextMember(body, "until"));
    until = domain::ParseDate(until).value_or("");
    const auto day = governance::ParseDay(until);
    if (!day || *day < TodayIn(context))
      return Fail(Code::kUsage, "until: a day that is not over", "hint.retention-pause-until");
  }
  return WritePause(context, until, reason);
}

// POST {} -> RetentionStatus; kConflict if nothing is paused.
Answer Resume(const Request&, const Arguments&, Context& context) {
  return WritePause(context, std::nullopt, "");
}

Result<std::optional<governance::Day>> DayIn(const Request& request, const char* key) {
  const auto asked = request.query.find(key);
  if (asked == request.query.end()) return std::optional<governance::Day>();
  const auto day = governance::ParseDay(domain::ParseDate(asked->second).value_or(""));
  if (!day) return Fail(Code::kUsage, "no day", "hint.breach-day");
  return day;
}

// Own records that stay although their period is over.
Result<array> KeptBack(Context& context) {
  ASSIGN(const auto items, context.node.retention()->List(*context.node.replica(), 0, context.now));
  array kept;
  for (const core::RetentionItem& item : items)
    if (item.own && (item.record.restricted || item.state == RetentionState::kPaused ||
                     item.state == RetentionState::kOffered))
      kept.push_back(object{{"document", item.record.info.id.Hex()},
                            {"document_type", item.record.info.type},
                            {"retention_class", item.record.rule->name},
                            {"kept_until", governance::RenderDay(item.record.until)},
                            {"state", NameOfState(item.state)},
                            {"restricted", item.record.restriction}});
  return kept;
}

// GET ?from=&to=&lang= -> {from, to, lines: [LineJson], kept: [{document,
// document_type, retention_class, kept_until, state, restricted}], files[]}
Answer Protocol(const Request& request, const Arguments&, Context& context) {
  ASSIGN(core::Retention* const retention, RetentionOf(context));
  ASSIGN(const auto from, DayIn(request, "from"));
  ASSIGN(const auto to, DayIn(request, "to"));
  array lines;
  for (const core::RetentionLine& line : retention->Protocol())
    if ((!from || line.day >= *from) && (!to || line.day <= *to)) lines.push_back(LineJson(line));
  ASSIGN(array kept, KeptBack(context));
  object answer{{"from", governance::RenderDayOrDash(from)},
                {"to", governance::RenderDayOrDash(to)},
                {"lines", std::move(lines)},
                {"kept", std::move(kept)}};
  ASSIGN(object data, PaperHead(context));
  for (const auto& [key, value] : answer) data[key] = value;
  std::vector<Paper> papers;
  papers.push_back({"loeschprotokoll", "retention", std::move(data)});
  answer["files"] = FilesOf(papers, LangOf(request));
  return answer;
}

}  // namespace

std::vector<Route> RetentionRoutes() {
  return {{"GET", "/api/v1/retention", ListDue},
          Noted("retention-run", {"POST", "/api/v1/retention/run", RunRetention}),
          Noted("retention-pause", {"POST", "/api/v1/retention/pause", Pause}),
          Noted("retention-resume", {"POST", "/api/v1/retention/resume", Resume}),
          {"GET", "/api/v1/retention/protocol", Protocol}};
}

}  // namespace geflecht::api
