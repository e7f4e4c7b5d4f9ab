// /api/v1/retention: records whose period is over, or soon will be (docs/formats/retention.md).
#include "node/governance/retention.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/handlers/document_json.h"
#include "node/domain/document_types.h"
#include "node/domain/envelope.h"
#include "node/log/lines.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::int64_t kMsPerDay = 24LL * 60 * 60 * 1000;
constexpr governance::Day kAheadMost = 3660;

struct Kept {
  codec::StoredDocument info;
  std::string label;  // for whoever decides about it; empty if nothing names it
  std::string retention_class;
  governance::Day until = 0;
  std::optional<log::OrgId> org;  // that may erase it: of its first change
  bool held = false;              // restricted: not erased
};

bool IsHeld(const domain::Record& record) {
  const auto found = record.find(domain::kRestricted);
  return found != record.end() && domain::IsRestricted(found->second);
}

std::string LabelOf(std::string_view type, const domain::Record& record) {
  if (type != domain::kContact) return std::string(domain::TextOf(record, "title"));
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

governance::RetentionFacts FactsOf(std::string_view type, const domain::Record& record,
                                   std::int64_t made_s) {
  return {type,
          governance::DayOf(made_s),
          domain::TextOf(record, "role_end"),
          domain::TextOf(record, "date"),
          domain::TextOf(record, "due"),
          domain::TextOf(record, "status") == "done",
          domain::TextOf(record, "end")};
}

// Nothing if the document has no effect, is erased, or nothing lets its period run.
Result<std::optional<Kept>> KeptOf(replica::Replica& replica, const codec::StoredDocument& info) {
  const auto open = replica.Open(info.id);
  if (!open) {
    const Code code = open.error().code;
    if (code == Code::kFormatVersion || code == Code::kNotFound) return std::optional<Kept>();
    return Fail(open.error());
  }
  if ((*open)->void_reason) return std::optional<Kept>();
  ASSIGN(const auto first, replica.Log((*open)->info.space).Arrival((*open)->first_arrival));
  ASSIGN(const domain::Record record, RecordOf((*open)->document));
  const auto* rule =
      governance::FindRetentionClass(domain::TextOf(record, domain::kRetentionClass));
  if (rule == nullptr || !first) return std::optional<Kept>();
  const log::Header& header = first->entry.header;
  const auto until = governance::KeptUntil(*rule, FactsOf(info.type, record, header.time_s));
  if (!until) return std::optional<Kept>();
  const governance::Member* writer = replica.members().EverByDevice(header.device);
  return Kept{info,
              LabelOf(info.type, record),
              std::string(rule->name),
              *until,
              writer == nullptr ? std::nullopt : std::optional(writer->org),
              IsHeld(record)};
}

// Records kept until a day before `end`, the longest overdue first.
Result<std::vector<Kept>> KeptBefore(replica::Replica& replica, governance::Day end) {
  ASSIGN(const auto documents, replica.ListDocuments());
  std::vector<Kept> found;
  for (const codec::StoredDocument& info : documents) {
    ASSIGN(auto kept, KeptOf(replica, info));
    if (kept && kept->until < end) found.push_back(*std::move(kept));
  }
  std::sort(found.begin(), found.end(), [](const Kept& a, const Kept& b) {
    return a.until != b.until ? a.until < b.until : a.info.id < b.info.id;
  });
  return found;
}

governance::Day TodayIn(const Context& context) { return context.now.wall_ms / kMsPerDay; }

// Without what is in it: this stays in protocols.
object KeptJson(const Kept& kept) {
  return {{"document", kept.info.id.Hex()},
          {"document_type", kept.info.type},
          {"retention_class", kept.retention_class},
          {"kept_until", governance::RenderDay(kept.until)}};
}

Result<governance::Day> AheadOf(const Request& request) {
  const auto asked = request.query.find("ahead");
  if (asked == request.query.end()) return governance::Day{0};
  const auto days = log::ParseDecimal(asked->second, kAheadMost);
  if (!days) return Fail(Code::kUsage, "ahead: 0 to 3660 days");
  return static_cast<governance::Day>(*days);
}

// GET ?ahead=DAYS -> {today, records: [{document, document_type, retention_class, kept_until,
// label, days_left, org, own, restricted}]}
Answer ListDue(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const governance::Day ahead, AheadOf(request));
  const governance::Day today = TodayIn(context);
  ASSIGN(const auto all, KeptBefore(*replica, today + ahead));
  array records;
  for (const Kept& kept : all) {
    object json = KeptJson(kept);
    json["label"] = kept.label;
    json["days_left"] = kept.until - today;
    json["org"] = kept.org ? Json(kept.org->Hex()) : Json(nullptr);
    json["own"] = kept.org == context.card.org();
    json["restricted"] = kept.held;
    records.push_back(std::move(json));
  }
  return object{{"today", governance::RenderDay(today)}, {"records", std::move(records)}};
}

// POST {} -> {today, erased: [{document, document_type, retention_class, kept_until, erasures}],
// restricted, of_others}: erases own records whose period is over.
Answer RunRetention(const Request&, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  const governance::Day today = TodayIn(context);
  ASSIGN(const auto all, KeptBefore(*replica, today));
  array erased;
  std::int64_t restricted = 0;
  std::int64_t of_others = 0;
  for (const Kept& kept : all) {
    if (kept.org != context.card.org()) {
      ++of_others;
    } else if (kept.held) {
      ++restricted;
    } else {
      const auto entries =
          replica->EraseDocument(kept.info.id, std::nullopt, "retention", context.now);
      // In a space in which the organisation has no seat any more.
      if (!entries && entries.error().code == Code::kNotPermitted) {
        ++of_others;
        continue;
      }
      if (!entries) return Fail(entries.error());
      object json = KeptJson(kept);
      array ids;
      for (const log::EntryId& id : *entries) ids.emplace_back(id.Hex());
      json["erasures"] = std::move(ids);
      erased.push_back(std::move(json));
    }
  }
  return object{{"today", governance::RenderDay(today)},
                {"erased", std::move(erased)},
                {"restricted", restricted},
                {"of_others", of_others}};
}

}  // namespace

std::vector<Route> RetentionRoutes() {
  return {{"GET", "/api/v1/retention", ListDue}, {"POST", "/api/v1/retention/run", RunRetention}};
}

}  // namespace geflecht::api
