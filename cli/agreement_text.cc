#include "cli/agreement_text.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "cli/display.h"
#include "cli/ids.h"
#include "node/governance/agreement.h"
#include "node/log/ids.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kUnits{
    {{"day", "day"},
     {"days", "day"},
     {"tag", "day"},
     {"tage", "day"},
     {"week", "week"},
     {"weeks", "week"},
     {"woche", "week"},
     {"wochen", "week"},
     {"month", "month"},
     {"months", "month"},
     {"monat", "month"},
     {"monate", "month"}}};

std::vector<std::string> IdsIn(const json::object& agreement) {
  std::vector<std::string> ids{TextOf(agreement, "id"), TextOf(agreement, "version")};
  for (const Json& offer : agreement.at("offers").as_array())
    ids.push_back(TextOf(offer.as_object(), "version"));
  for (const std::string_view key : {"replaced", "rivals"})
    for (const Json& id : agreement.at(key).as_array()) ids.emplace_back(id.as_string());
  return ids;
}

std::string OrgNames(const json::array& orgs) {
  std::string names;
  for (const Json& org : orgs)
    names += (names.empty() ? "" : ", ") + TextOf(org.as_object(), "organisation");
  return names;
}

std::string Term(const Session& session, const json::object& version) {
  const std::string start = TextOf(version, "start"), end = TextOf(version, "end");
  return (start.empty() ? session.Say("cli.agreement.from-signing") : DayWords(session, start)) +
         " – " + (end.empty() ? session.Say("cli.agreement.open-end") : DayWords(session, end));
}

void AddTermLines(const Session& session, const json::object& version, Listing& listing) {
  listing.Add(session.Say("cli.agreement.term"), Term(session, version));
  listing.Add(session.Say("cli.agreement.notice-period"),
              NoticeWords(session, TextOf(version, "notice")));
  listing.Add(session.Say("cli.agreement.form"),
              session.Say("agreement.form." + TextOf(version, "form")));
  if (const std::string parent = TextOf(version, "parent"); !parent.empty())
    listing.Add(session.Say("cli.agreement.parent"), ShortId(parent));
}

std::string SignaturesText(const Session& session, const json::object& agreement) {
  const json::array& signatures = agreement.at("signatures").as_array();
  if (signatures.empty()) return {};
  Table table({session.Say("cli.column.organisation"), session.Say("cli.column.person"),
               session.Say("cli.column.time"), session.Say("cli.column.version"), ""});
  for (const Json& item : signatures) {
    const json::object& act = item.as_object();
    const std::string fault = TextOf(act, "fault");
    table.Add({TextOf(act, "organisation"), SignerWords(session, act),
               ShownTime(session.globals().lang, TextOf(act, "time")),
               ShortId(TextOf(act, "version")),
               fault.empty() ? "" : session.Say("statement.fault." + fault)});
  }
  return '\n' + session.Say("cli.agreement.signatures") + '\n' + table.Text() +
         session.Say("agreement.not-written-form") + '\n';
}

std::string NoticeLine(const Session& session, const json::object& notice) {
  if (const std::string fault = TextOf(notice, "fault"); !fault.empty())
    return session.Say("statement.fault." + fault);
  if (!FlagOf(notice, "counts")) return session.Say("cli.agreement.notice-void");
  if (const std::string ends = TextOf(notice, "ends"); !ends.empty())
    return session.Say("cli.agreement.notice-ends",
                       {{"received", DayWords(session, TextOf(notice, "received"))},
                        {"ends", DayWords(session, ends)}});
  return session.Say("cli.agreement.notice-waits",
                     {{"organisations", OrgNames(notice.at("waits_for").as_array())}});
}

}  // namespace

std::string NoticesText(const Session& session, const json::object& agreement) {
  std::string text;
  for (const Json& item : agreement.at("notices").as_array()) {
    const json::object& notice = item.as_object();
    text += '\n' +
            session.Say("cli.agreement.notice-by",
                        {{"organisation", Shown(TextOf(notice, "organisation"))},
                         {"person", Shown(SignerWords(session, notice))},
                         {"time", ShownTime(session.globals().lang, TextOf(notice, "time"))}}) +
            "\n  " + Shown(NoticeLine(session, notice)) + '\n';
    if (const std::string gone = OrgNames(notice.at("unreachable").as_array()); !gone.empty())
      text += "  " +
              session.Say("cli.agreement.notice-unreachable", {{"organisations", Shown(gone)}}) +
              '\n';
    if (const std::string reason = TextOf(notice, "reason"); !reason.empty())
      text += ShownLines(reason);
  }
  return text;
}

Result<std::string> AgreementIdOf(Session& session, std::string_view typed) {
  if (log::EntryId::FromHexText(typed)) return std::string(typed);
  ASSIGN(const auto answer, session.Get("/api/v1/agreements"));
  std::vector<std::string> ids;
  for (const Json& item : answer.at("agreements").as_array())
    for (std::string& id : IdsIn(item.as_object())) ids.push_back(std::move(id));
  auto id = MatchId(typed, ids);
  if (!id && id.error().code == Code::kNotFound)
    return Fail(Code::kNotFound, id.error().detail, "hint.agreement-id");
  return id;
}

std::optional<std::string> NoticeFrom(std::string_view typed) {
  const std::size_t digits = std::min(typed.find_first_not_of("0123456789"), typed.size());
  std::string unit;
  for (const char c : typed.substr(digits))
    if (c != ' ') unit += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const auto& [word, name] : kUnits)
    if (word == unit) {
      std::string period = std::string(typed.substr(0, digits)) + " " + std::string(name);
      if (governance::ParseNoticePeriod(period)) return period;
    }
  return std::nullopt;
}

std::string DayWords(const Session& session, std::string_view day) {
  if (session.globals().lang == i18n::Lang::kEn || day.size() != 10) return std::string(day);
  return std::string(day.substr(8, 2)) + "." + std::string(day.substr(5, 2)) + "." +
         std::string(day.substr(0, 4));
}

std::string NoticeWords(const Session& session, std::string_view period) {
  const auto read = governance::ParseNoticePeriod(period);
  if (!read) return session.Say("cli.agreement.no-notice");
  constexpr std::array<std::string_view, 3> kKeys = {"word.days", "word.weeks", "word.months"};
  return i18n::TrCount(session.globals().lang, kKeys[static_cast<std::size_t>(read->unit)],
                       read->count);
}

std::string PhaseWords(const Session& session, std::string_view phase) {
  return session.Say("agreement.phase." + std::string(phase));
}

std::string DueWords(const Session& session, const json::object& due) {
  const std::string date = DayWords(session, TextOf(due, "date"));
  return session.Say("agreement.due." + TextOf(due, "what"),
                     {{"date", date}, {"organisation", TextOf(due, "organisation")}});
}

std::string SignerWords(const Session& session, const json::object& act) {
  const std::string name = TextOf(act, "name");
  return name.empty() ? session.Say("cli.erased") : name;
}

const json::object* VersionOf(const json::object& agreement, std::string_view id) {
  for (const Json& item : agreement.at("versions").as_array())
    if (TextOf(item.as_object(), "id") == id) return &item.as_object();
  return nullptr;
}

std::string VersionText(const Session& session, const json::object& version) {
  std::vector<std::optional<std::string>> persons;
  for (const Json& person : version.at("persons").as_array())
    persons.push_back(person.is_string() ? std::optional(std::string(person.as_string()))
                                         : std::nullopt);
  std::string text;
  for (const Json& block : version.at("blocks").as_array())
    text +=
        (text.empty() ? "" : "\n") + governance::WithPersons(std::string_view(block.as_string()),
                                                             persons, session.Say("cli.erased"));
  return text;
}

std::string AgreementText(const Session& session, const json::object& agreement) {
  Listing listing;
  listing.Add(session.Say("cli.column.title"), TextOf(agreement, "title"));
  listing.Add(session.Say("cli.column.id"), TextOf(agreement, "id"));
  if (const std::string space = TextOf(agreement, "space_name"); !space.empty())
    listing.Add(session.Say("cli.space.name"),
                session.Say(TextOf(agreement, "seat") == "former" ? "cli.agreement.circle-former"
                                                                  : "cli.agreement.circle",
                            {{"space", space}}));
  listing.Add(session.Say("cli.column.state"), PhaseWords(session, TextOf(agreement, "phase")));
  if (TextOf(agreement, "version") != TextOf(agreement, "id"))
    listing.Add(session.Say("cli.column.version"), TextOf(agreement, "version"));
  AddTermLines(session, agreement, listing);
  if (const std::string ends = TextOf(agreement, "ends"); !ends.empty())
    listing.Add(session.Say("cli.agreement.ends"), DayWords(session, ends));
  Table parties({session.Say("cli.column.party"), session.Say("cli.column.signed"), ""});
  for (const Json& item : agreement.at("parties").as_array()) {
    const json::object& party = item.as_object();
    const std::string time = TextOf(party, "signed");
    parties.Add({TextOf(party, "organisation"),
                 time.empty() ? session.Say("cli.agreement.not-signed")
                              : ShownTime(session.globals().lang, time),
                 FlagOf(party, "member") ? "" : session.Say("cli.members.former")});
  }
  std::string text = listing.Text() + '\n' + parties.Text();
  for (const Json& item : agreement.at("due").as_array())
    text += "- " + Shown(DueWords(session, item.as_object())) + '\n';
  if (!agreement.at("rivals").as_array().empty())
    text += session.Say("cli.agreement.rivals") + '\n';
  if (const json::object* version = VersionOf(agreement, TextOf(agreement, "version")))
    text += '\n' + ShownLines(VersionText(session, *version));
  return text + SignaturesText(session, agreement) + NoticesText(session, agreement);
}

}  // namespace geflecht::cli
