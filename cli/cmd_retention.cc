// geflecht retention list, run, pause, resume, protocol
#include <boost/json/array.hpp>

#include "cli/bundle_zip.h"
#include "cli/display.h"
#include "cli/fields.h"
#include "cli/ids.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kAheadDays = "14";

std::string DayOrNothing(const Session& session, const json::object& from, std::string_view key) {
  const std::string day = TextOf(from, key);
  return day.empty() || day == "-" ? std::string() : DayText(session.globals().lang, day);
}

// What becomes of a record, in words.
std::string RetentionFateText(const Session& session, const json::object& record) {
  const std::string state = TextOf(record, "state");
  if (state == "restricted") {
    const std::string reason = "value.restricted." + TextOf(record, "restriction");
    return session.Say("retention.state.restricted") +
           (i18n::HasKey(reason) ? ": " + session.Say(reason) : std::string());
  }
  if (!FlagOf(record, "own") && !FlagOf(record, "former"))
    return session.Say(NumberOf(record, "days_left") < 0 ? "retention.state.of-others"
                                                         : "retention.state.running");
  const std::string from = DayOrNothing(session, record, "erased_from");
  if (state == "announced" && !from.empty())
    return session.Say("retention.state.announced", {{"day", from}});
  if (state == "announced" && NumberOf(record, "days_left") < 0)
    return session.Say("retention.state.due");
  if (state == "announced") return session.Say("retention.state.running");
  return session.Say("retention.state." + state);
}

std::string RetentionStateText(const Session& session, const json::object& record) {
  const std::string fate = RetentionFateText(session, record);
  return FlagOf(record, "former") ? session.Say("retention.state.former", {{"state", fate}}) : fate;
}

std::string RecordsText(const Session& session, const json::array& records) {
  Table table({session.Say("cli.column.id"), session.Say("retention.column.until"),
               session.Say("retention.column.class"), session.Say("retention.column.record"),
               session.Say("cli.column.state")});
  for (const Json& item : records) {
    const json::object& record = item.as_object();
    table.Add({ShortId(TextOf(record, "document")),
               DayText(session.globals().lang, TextOf(record, "kept_until")),
               TextOf(record, "retention_class"), RetentionLabel(session.globals().lang, record),
               RetentionStateText(session, record)});
  }
  return table.Text();
}

std::string PauseText(const Session& session, const json::object& status) {
  if (!FlagOf(status, "paused")) return session.Say("cli.retention.not-paused") + '\n';
  const std::string until = DayOrNothing(session, status, "paused_until");
  const std::string reason = "value.retention_pause_reason." + TextOf(status, "pause_reason");
  return session.Say(until.empty() ? "cli.retention.paused" : "cli.retention.paused-until",
                     {{"day", until},
                      {"reason", i18n::HasKey(reason) ? session.Say(reason) : std::string("-")}}) +
         '\n';
}

// Nothing when the node has answered in full.
std::optional<std::string> NextOf(const json::object& answer) {
  const Json* const next = answer.if_contains("next");
  return next == nullptr || !next->is_string() ? std::nullopt
                                               : std::optional(std::string(next->as_string()));
}

// The whole list, of all the parts in which the node gives it.
Result<json::object> Records(Session& session, Query query) {
  json::array records;
  for (;;) {
    ASSIGN(json::object answer, session.Get("/api/v1/retention", query));
    for (Json& record : answer.at("records").as_array()) records.push_back(std::move(record));
    const auto next = NextOf(answer);
    if (next) {
      query["after"] = *next;
      continue;
    }
    answer["records"] = std::move(records);
    answer.erase("next");
    return answer;
  }
}

std::string EndlessText(const Session& session, const json::array& records) {
  if (records.empty()) return session.Say("cli.retention.none-endless") + '\n';
  Table table({session.Say("cli.column.id"), session.Say("retention.column.class"),
               session.Say("retention.column.record"), session.Say("retention.column.missing")});
  for (const Json& item : records) {
    const json::object& record = item.as_object();
    table.Add({ShortId(TextOf(record, "document")), TextOf(record, "retention_class"),
               RetentionLabel(session.globals().lang, record),
               session.Say("retention.missing." + TextOf(record, "missing"))});
  }
  return table.Text() + '\n' + session.Say("cli.retention.endless-next") + '\n';
}

Result<Outcome> ListRetention(Session& session) {
  std::string ahead = session.arguments().Text("ahead");
  if (session.arguments().Has("without-end")) {
    if (!ahead.empty())
      return Fail(Code::kUsage, "--ahead and --without-end", "hint.retention-without-end");
    ASSIGN(json::object answer, Records(session, {{"without_end", "1"}}));
    Outcome outcome;
    outcome.text = EndlessText(session, answer.at("records").as_array());
    outcome.keys = std::move(answer);
    return outcome;
  }
  if (ahead.empty()) ahead = kAheadDays;
  ASSIGN(json::object answer, Records(session, {{"ahead", ahead}}));
  const json::array& records = answer.at("records").as_array();
  Outcome outcome;
  outcome.text = records.empty() ? session.Say("cli.retention.none") + '\n'
                                 : RecordsText(session, records) + '\n' +
                                       session.Say("cli.retention.next") + '\n';
  if (FlagOf(answer, "paused")) outcome.text += PauseText(session, answer);
  outcome.keys = std::move(answer);
  return outcome;
}

Result<bool> IsWanted(Session& session) {
  if (session.globals().yes) return true;
  if (session.globals().json || !HasTerminal())
    return Fail(Code::kUsage, "erasing needs --yes here", "hint.retention-confirm");
  ASSIGN(const json::object due, Records(session, {{"ahead", "0"}}));
  const json::array& records = due.at("records").as_array();
  return AskYesNo(RecordsText(session, records) + '\n' + session.Say("cli.ask.retention"));
}

// What a run has done so far, over all its requests.
Outcome RunOutcome(const Session& session, json::array erased, const json::object& last) {
  const auto count = [&](std::string_view key) { return std::to_string(NumberOf(last, key)); };
  Outcome outcome;
  outcome.text = session.Say("cli.retention.done", {{"count", std::to_string(erased.size())},
                                                    {"restricted", count("restricted")},
                                                    {"offered", count("offered")},
                                                    {"others", count("of_others")}}) +
                 '\n';
  if (!erased.empty()) outcome.text += session.Say("cli.privacy.limits") + '\n';
  outcome.keys = last;
  outcome.keys.erase("reading");
  outcome.keys["erased"] = std::move(erased);
  return outcome;
}

Result<Outcome> RunRetention(Session& session) {
  if (session.arguments().Has("dry-run")) return ListRetention(session);
  ASSIGN(const bool wanted, IsWanted(session));
  if (!wanted) return Fail(Code::kNotPermitted, "nothing was erased", "hint.nothing-erased");
  json::array erased;
  json::object last;
  for (;;) {
    auto answer = session.Post("/api/v1/retention/run", {});
    if (!answer) {
      if (erased.empty()) return Fail(answer.error());
      Outcome outcome = RunOutcome(session, std::move(erased), last);
      outcome.text += session.Say("cli.retention.broken-off",
                                  {{"open", std::to_string(NumberOf(last, "open"))}}) +
                      '\n';
      outcome.shortfall = answer.error();
      return outcome;
    }
    last = *std::move(answer);
    if (FlagOf(last, "reading")) continue;
    const json::array now = last.at("erased").as_array();
    erased.insert(erased.end(), now.begin(), now.end());
    if (NumberOf(last, "open") == 0 || now.empty()) break;
  }
  return RunOutcome(session, std::move(erased), last);
}

Result<Outcome> PauseRetention(Session& session) {
  const Arguments& arguments = session.arguments();
  json::object asked{{"reason", arguments.Text("reason")}};
  if (arguments.Has("until")) asked["until"] = arguments.Text("until");
  ASSIGN(json::object answer, session.Post("/api/v1/retention/pause", asked));
  return Outcome{answer, PauseText(session, answer), {}, {}};
}

Result<Outcome> ResumeRetention(Session& session) {
  ASSIGN(json::object answer, session.Post("/api/v1/retention/resume", {}));
  return Outcome{answer, PauseText(session, answer), {}, {}};
}

std::string ProtocolText(const Session& session, const json::array& lines) {
  Table table({session.Say("retention.column.day"), session.Say("cli.column.id"),
               session.Say("retention.column.class"), session.Say("retention.column.until"),
               session.Say("retention.column.announced"), session.Say("retention.column.how"),
               session.Say("retention.column.archive")});
  for (const Json& item : lines) {
    const json::object& line = item.as_object();
    const std::string archive = "value.archive." + TextOf(line, "archive");
    table.Add({DayOrNothing(session, line, "day"), ShortId(TextOf(line, "document")),
               TextOf(line, "retention_class"), DayOrNothing(session, line, "kept_until"),
               DayOrNothing(session, line, "announced"),
               session.Say("value.how." + TextOf(line, "how")),
               i18n::HasKey(archive) ? session.Say(archive) : std::string()});
  }
  return table.Text();
}

Result<Outcome> ShowProtocol(Session& session) {
  const Arguments& arguments = session.arguments();
  Query query{{"lang", session.globals().lang == i18n::Lang::kEn ? "en" : "de"}};
  for (const char* day : {"from", "to"})
    if (arguments.Has(day)) query[day] = arguments.Text(day);
  ASSIGN(json::object answer, session.Get("/api/v1/retention/protocol", query));
  while (const auto next = NextOf(answer)) {
    query["after"] = *next;
    ASSIGN(answer, session.Get("/api/v1/retention/protocol", query));
  }
  answer.erase("next");
  Outcome outcome;
  const json::array& lines = answer.at("lines").as_array();
  outcome.text = lines.empty() ? session.Say("cli.retention.protocol-empty") + '\n'
                               : ProtocolText(session, lines);
  if (const std::size_t kept = answer.at("kept").as_array().size(); kept > 0)
    outcome.text += session.Say("cli.retention.kept", {{"n", std::to_string(kept)}}) + '\n';
  if (arguments.Has("o")) {
    audit::Bundle files;
    for (const Json& item : answer.at("files").as_array()) {
      const json::object& file = item.as_object();
      files.push_back({TextOf(file, "name"), ToBytes(TextOf(file, "text"))});
    }
    const std::string folder = arguments.Text("o");
    TRY(WriteBundle(folder, files));
    outcome.text += session.Say("cli.privacy.written",
                                {{"dir", Shown(folder)}, {"n", std::to_string(files.size())}}) +
                    '\n';
    answer["dir"] = folder;
  }
  answer.erase("files");
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> RetentionCommands() {
  return {
      {{"retention", "list"},
       {{"--ahead", "DAYS"}, {"--without-end", "", false, Takes::kNothing}},
       ListRetention},
      {{"retention", "run"}, {{"--dry-run", "", false, Takes::kNothing}}, RunRetention},
      {{"retention", "pause"}, {{"--reason", "CODE", true}, {"--until", "DATE"}}, PauseRetention},
      {{"retention", "resume"}, {}, ResumeRetention},
      {{"retention", "protocol"},
       {{"--from", "DATE"}, {"--to", "DATE"}, {"-o", "DIR|FILE.zip"}},
       ShowProtocol}};
}

}  // namespace geflecht::cli
