// /api/v1/retention/offers: what a public body offers to its archive before it erases it
// (docs/formats/retention.md, "Archive").
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "node/api/handlers/document_json.h"
#include "node/api/handlers/retention_json.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;
using governance::ArchiveAnswer;

std::vector<core::RetentionNotice> OpenOffers(const core::Retention& retention) {
  std::vector<core::RetentionNotice> offers;
  for (const auto& [id, notice] : retention.notices())
    if (notice.archive != ArchiveAnswer::kNotAsked) offers.push_back(notice);
  return offers;
}

object OfferJson(const core::RetentionNotice& notice) {
  object json = NoticeJson(notice);
  json["held_until"] = governance::RenderDay(governance::OfferEnds(notice.until, notice.announced));
  return json;
}

// GET -> {offers: [{...NoticeJson, held_until, label}]}
Answer ListOffers(const Request&, const Arguments&, Context& context) {
  ASSIGN(const core::Retention* const retention, RetentionOf(context));
  array offers;
  for (const core::RetentionNotice& notice : OpenOffers(*retention)) {
    object json = OfferJson(notice);
    const auto label = RetentionLabel(*context.node.replica(), notice.id);
    json["label"] = label ? *label : std::string();
    offers.push_back(std::move(json));
  }
  return object{{"offers", std::move(offers)}};
}

// GET -> {records, text}: what an archive needs to decide and to take, as one JSON text.
Answer ExportOffers(const Request&, const Arguments&, Context& context) {
  ASSIGN(const core::Retention* const retention, RetentionOf(context));
  replica::Replica& replica = *context.node.replica();
  array records;
  for (const core::RetentionNotice& notice : OpenOffers(*retention)) {
    object json = OfferJson(notice);
    ASSIGN(json["fields"], RetentionContent(replica, notice.id));
    records.push_back(std::move(json));
  }
  if (records.empty())
    return Fail(Code::kNotFound, "nothing is offered to an archive", "hint.retention-no-offer");
  const std::size_t count = records.size();
  const object data{{"format", "geflecht-archive-offer@v1"},
                    {"network", replica.members().network().Hex()},
                    {"network_name", replica.founding().text.name},
                    {"organisation", context.card.organisation},
                    {"made_at", TimeText(context.now.wall_ms)},
                    {"records", std::move(records)}};
  return object{{"records", count}, {"text", boost::json::serialize(data) + "\n"}};
}

// POST {documents: [id], answer: "taken"|"declined"} -> {answered}. All of them or none.
Answer AnswerOffers(const Request& request, const Arguments&, Context& context) {
  ASSIGN(core::Retention* const retention, RetentionOf(context));
  ASSIGN(const object body, JsonBody(request));
  ASSIGN(const std::string text, TextMember(body, "answer"));
  const auto answer = core::ArchiveAnswerOf(text);
  if (answer != ArchiveAnswer::kTaken && answer != ArchiveAnswer::kDeclined)
    return Fail(Code::kUsage, "no answer of an archive", "hint.retention-answer");
  const Json* const documents = body.if_contains("documents");
  if (documents == nullptr || !documents->is_array() || documents->as_array().empty())
    return Fail(Code::kUsage, "the member \"documents\" is missing or empty");
  std::vector<core::RetentionId> ids;
  for (const Json& item : documents->as_array()) {
    const auto id = item.is_string() ? core::RetentionIdFrom(std::string_view(item.as_string()))
                                     : std::nullopt;
    if (!id) return Fail(Code::kUsage, "no id of a record");
    const auto notice = retention->notices().find(*id);
    if (notice == retention->notices().end() || notice->second.archive == ArchiveAnswer::kNotAsked)
      return Fail(Code::kNotFound, "a record is not offered", "hint.retention-not-offered");
    ids.push_back(*id);
  }
  for (const core::RetentionId& id : ids) TRY(retention->AnswerOffer(id, *answer));
  return object{{"answered", ids.size()}, {"answer", text}};
}

}  // namespace

std::vector<Route> RetentionOfferRoutes() {
  return {{"GET", "/api/v1/retention/offers", ListOffers},
          Noted("export-archive", {"GET", "/api/v1/retention/offers/export", ExportOffers}),
          Noted("archive-answer", {"POST", "/api/v1/retention/offers/answer", AnswerOffers})};
}

}  // namespace geflecht::api
