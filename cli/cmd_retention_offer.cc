// geflecht retention offer list, export, answer
#include <boost/json/array.hpp>

#include "cli/display.h"
#include "cli/fields.h"
#include "cli/ids.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

Result<Outcome> ListOffers(Session& session) {
  ASSIGN(json::object answer, session.Get("/api/v1/retention/offers"));
  Table table({session.Say("cli.column.id"), session.Say("retention.column.class"),
               session.Say("retention.column.record"), session.Say("retention.column.held"),
               session.Say("retention.column.archive")});
  const json::array& offers = answer.at("offers").as_array();
  for (const Json& item : offers) {
    const json::object& offer = item.as_object();
    table.Add({ShortId(TextOf(offer, "document")), TextOf(offer, "retention_class"),
               RetentionLabel(session.globals().lang, offer),
               DayText(session.globals().lang, TextOf(offer, "held_until")),
               session.Say("value.archive." + TextOf(offer, "archive"))});
  }
  Outcome outcome;
  outcome.text = offers.empty()
                     ? session.Say("cli.retention.no-offers") + '\n'
                     : table.Text() + '\n' + session.Say("cli.retention.offer-next") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> ExportOffers(Session& session) {
  ASSIGN(const json::object answer, session.Get("/api/v1/retention/offers/export"));
  const std::string file = session.arguments().Text("o");
  const std::int64_t records = NumberOf(answer, "records");
  Outcome outcome;
  outcome.text = session.Say("cli.retention.offer-exported",
                             {{"n", std::to_string(records)}, {"file", Shown(file)}}) +
                 '\n';
  TRY(session.WriteFile(file, TextOf(answer, "text"), /*is_private=*/true, outcome));
  outcome.keys["records"] = records;
  return outcome;
}

Result<Outcome> AnswerOffers(Session& session) {
  const Arguments& arguments = session.arguments();
  if (arguments.Has("all") == !arguments.List("ID").empty())
    return Fail(Code::kUsage, "either ids or --all", "hint.retention-answer");
  json::array documents;
  if (arguments.Has("all")) {
    ASSIGN(const json::object offers, session.Get("/api/v1/retention/offers"));
    for (const Json& item : offers.at("offers").as_array())
      if (TextOf(item.as_object(), "archive") == "open")
        documents.emplace_back(TextOf(item.as_object(), "document"));
    if (documents.empty())
      return Fail(Code::kNotFound, "nothing is offered", "hint.retention-no-offer");
  }
  for (const std::string& typed : arguments.List("ID")) {
    ASSIGN(const std::string id, DocumentIdOf(session, typed));
    documents.emplace_back(id);
  }
  ASSIGN(json::object answer,
         session.Post("/api/v1/retention/offers/answer",
                      {{"documents", std::move(documents)}, {"answer", arguments.Text("ANSWER")}}));
  Outcome outcome;
  outcome.text =
      session.Say("cli.retention.offer-answered",
                  {{"n", std::to_string(NumberOf(answer, "answered"))},
                   {"answer", session.Say("value.archive." + TextOf(answer, "answer"))}}) +
      '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> RetentionOfferCommands() {
  return {{{"retention", "offer", "list"}, {}, ListOffers},
          {{"retention", "offer", "export"}, {{"-o", "FILE", true}}, ExportOffers},
          {{"retention", "offer", "answer"},
           {{"ANSWER", "", true},
            {"ID", "", false, Takes::kMany},
            {"--all", "", false, Takes::kNothing}},
           AnswerOffers}};
}

}  // namespace geflecht::cli
