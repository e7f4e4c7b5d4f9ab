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
// Listed by one request: each is opened for its label.
constexpr std::size_t kListedAtOnce = 100;
constexpr std::size_t kAll = ~std::size_t{0};
// `after` of a query that was answered while the node was still reading.
constexpr std::string_view kFromTheStart = "-";

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

// What has to happen, or to be entered, for a period to run.
std::string_view MissingEnd(const core::RetentionRecord& record) {
  if (record.rule->start == governance::RetentionStart::kNetwork) return "network";
  if (record.type == domain::kContact) return "role_end";
  if (record.type == domain::kMeeting) return "date";
  if (record.type == domain::kTask) return "done";
  if (record.type == governance::kMandateGiven) return "mandate";
  if (record.type == domain::kAgreement || record.type == governance::kAgreementFrozen ||
      record.type == governance::kNoticeGiven)
    return "agreement";
  return "relation";
}

object ItemJson(const core::RetentionItem& item, governance::Day today) {
  const core::RetentionRecord& record = item.record;
  object json{{"document", core::HexOf(record.id)},
              {"document_type", record.type},
              {"retention_class", record.rule->name},
              {"kept_until", governance::RenderDay(record.until)},
              {"days_left", record.until - today},
              {"org", record.org ? Json(record.org->Hex()) : Json(nullptr)},
              {"own", item.own},
              {"former", record.former},
              {"state", NameOfState(item.state)},
              {"restricted", record.restricted},
              {"restriction", record.restriction},
              {"announced", nullptr},
              {"erased_from", nullptr},
              {"archive", "-"}};
  if (!record.ends) {
    json["kept_until"] = json["days_left"] = nullptr;
    json["missing"] = MissingEnd(record);
  }
  if (item.notice) {
    json["announced"] = governance::RenderDay(item.notice->announced);
    json["erased_from"] = governance::RenderDay(core::ErasedFrom(*item.notice));
    json["archive"] = core::NameOf(item.notice->archive);
  }
  return json;
}

std::string PlaceText(const core::RetentionRecord& record) {
  return governance::RenderDay(record.ends ? record.until : 0) + '.' + core::HexOf(record.id);
}

// Reads `after`: a PlaceText, or kFromTheStart.
Result<void> ReadPlace(const Request& request, core::RetentionQuery& query) {
  const auto asked = request.query.find("after");
  if (asked == request.query.end()) return {};
  query.goes_on = true;
  const std::string_view text = asked->second;
  if (text == kFromTheStart) return {};
  const std::size_t dot = text.find('.');
  const auto day = governance::ParseDay(text.substr(0, dot));
  const auto id =
      dot == text.npos ? std::nullopt : core::RetentionIdFrom(text.substr(dot + 1));
  if (!day || !id) return Fail(Code::kUsage, "after: no place in the list");
  query.after.emplace(*day, *id);
  return {};
}

// GET ?ahead=DAYS&after=, or ?without_end=1&after= for those that nothing ends yet -> {today,
// ...RetentionStatus, records: [ItemJson and label], next}: at most kListedAtOnce, and fewer or
// none while the node reads what came since the last time. `next` is `after` of the next request,
// or null when nothing follows.
Answer ListDue(const Request& request, const Arguments&, Context& context) {
  ASSIGN(core::Retention* const retention, RetentionOf(context));
  core::RetentionQuery query;
  ASSIGN(query.ahead, AheadOf(request));
  TRY(ReadPlace(request, query));
  query.without_end = request.query.contains("without_end");
  query.max = kListedAtOnce;
  const governance::Day today = TodayIn(context);
  ASSIGN(const core::RetentionPart part,
         retention->List(*context.node.replica(), query, context.now));
  array records;
  for (const core::RetentionItem& item : part.items) {
    object json = ItemJson(item, today);
    ASSIGN(json["label"], RetentionLabel(*context.node.replica(), item.record.id));
    records.push_back(std::move(json));
  }
  ASSIGN(object answer, RetentionStatus(context));
  answer["today"] = governance::RenderDay(today);
  answer["records"] = std::move(records);
  answer["next"] = nullptr;
  if (part.more) answer["next"] = PlaceText(part.items.back().record);
  if (part.reading)
    answer["next"] = query.after ? request.query.at("after") : std::string(kFromTheStart);
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

// POST {} -> {today, reading, erased: [LineJson], open, restricted, offered, of_others}: erases own
// records and those of former members when their period is over. `open` are left for the next
// request; `reading`: all of them are.
Answer RunRetention(const Request&, const Arguments&, Context& context) {
  ASSIGN(core::Retention* const retention, RetentionOf(context));
  ASSIGN(const core::RetentionRun run,
         retention->RunByHand(*context.node.replica(), kErasedAtOnce, context.now));
  array erased;
  for (const core::RetentionLine& line : run.erased) erased.push_back(LineJson(line));
  return object{{"today", governance::RenderDay(TodayIn(context))},
                {"reading", run.reading},
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
array KeptBack(const std::vector<core::RetentionItem>& items) {
  array kept;
  for (const core::RetentionItem& item : items)
    if (item.record.restricted || item.state == RetentionState::kPaused ||
        item.state == RetentionState::kOffered)
      kept.push_back(object{{"document", core::HexOf(item.record.id)},
                            {"document_type", item.record.type},
                            {"retention_class", item.record.rule->name},
                            {"kept_until", governance::RenderDay(item.record.until)},
                            {"state", NameOfState(item.state)},
                            {"restricted", item.record.restriction}});
  return kept;
}

// GET ?from=&to=&lang=&after= -> {from, to, lines: [LineJson], kept: [{document, document_type,
// retention_class, kept_until, state, restricted}], files[], next}. While the node reads what came
// since the last time: {next} alone, which is `after` of the next request.
Answer Protocol(const Request& request, const Arguments&, Context& context) {
  ASSIGN(core::Retention* const retention, RetentionOf(context));
  ASSIGN(const auto from, DayIn(request, "from"));
  ASSIGN(const auto to, DayIn(request, "to"));
  core::RetentionQuery query;
  query.own_only = true;
  query.goes_on = request.query.contains("after");
  query.max = kAll;
  ASSIGN(const core::RetentionPart part,
         retention->List(*context.node.replica(), query, context.now));
  if (part.reading) return object{{"next", kFromTheStart}};
  array lines;
  for (const core::RetentionLine& line : retention->Protocol())
    if ((!from || line.day >= *from) && (!to || line.day <= *to)) lines.push_back(LineJson(line));
  object answer{{"from", governance::RenderDayOrDash(from)},
                {"to", governance::RenderDayOrDash(to)},
                {"lines", std::move(lines)},
                {"kept", KeptBack(part.items)}};
  ASSIGN(object data, PaperHead(context));
  for (const auto& [key, value] : answer) data[key] = value;
  std::vector<Paper> papers;
  papers.push_back({"loeschprotokoll", "retention", std::move(data)});
  answer["files"] = FilesOf(papers, LangOf(request));
  answer["next"] = nullptr;
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
