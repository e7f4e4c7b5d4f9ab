// /api/v1/privacy/papers: letters (GDPR Art. 13, 14), agreements (Art. 26, 28), measures (Art. 32)
// checked against the running node, outline of an impact assessment (Art. 35).
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>

#include "node/api/handlers/contact_list.h"
#include "node/api/handlers/document_json.h"
#include "node/api/handlers/network_terms.h"
#include "node/api/handlers/privacy_papers.h"
#include "node/core/holding.h"
#include "node/domain/person.h"
#include "node/governance/day.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::int64_t kMsOfDay = 24 * 3600 * 1000;
constexpr std::int64_t kBackupDaysMax = 30;
constexpr std::int64_t kPartnerDays = 7;

// {name, id, organisation, entered_by, since, due, info_status, purpose, ...} of a contact. Art. 14
// where the data did not come from the person: one month at most from its entry.
Result<object> LetterOf(replica::Replica& replica, const Contact& contact) {
  ASSIGN(const replica::OpenDocument* const open, replica.Open(contact.id));
  ASSIGN(const auto first, replica.Log(open->info.space).Arrival(open->first_arrival));
  const governance::Day since = governance::DayOf(first ? first->entry.header.time_s : 0);
  ASSIGN(const auto org, replica.OrgOfDocument(contact.id));
  const auto text = [&](std::string_view key) {
    return std::string(domain::TextOf(contact.record, key));
  };
  const bool given = text("info_status") == "given";
  const bool from_person = text("source") == "data_subject";
  return object{
      {"id", contact.id.Hex()},
      {"name", domain::NameOf(domain::PersonOf(contact.record))},
      {"organisation", text("organisation")},
      {"street", text("street")},
      {"postal_code", text("postal_code")},
      {"city", text("city")},
      {"entered_by", org ? replica.council().directory().NameOf(*org) : std::string()},
      {"info_status", given ? "given" : "open"},
      {"from_person", from_person},
      {"source", text("source")},
      {"purpose", text("purpose")},
      {"legal_basis", text("legal_basis")},
      {"retention_class", text("retention_class")},
      {"since", governance::RenderDay(since)},
      {"due", from_person || given ? std::string()
                                   : governance::RenderDay(governance::AddMonths(since, 1))}};
}

Json CheckOf(std::string_view id, std::optional<bool> good, std::string_view value = {}) {
  return object{{"id", id},
                {"check", id},
                {"state", !good   ? "open"
                          : *good ? "good"
                                  : "bad"},
                {"value", value}};
}

std::optional<bool> Fact(const object& facts, std::string_view key) {
  const Json* value = facts.if_contains(key);
  if (value == nullptr || !value->is_bool()) return std::nullopt;
  return value->as_bool();
}

// What the list of measures claims, and what the running node shows of it.
array Checks(Context& context, const replica::Replica& replica, const object& head,
             const object& facts) {
  const object& own = head.at("controller").as_object();
  const auto backup_ms = context.node.backup_ms();
  const bool backup = backup_ms && context.now.wall_ms - *backup_ms <= kBackupDaysMax * kMsOfDay;
  std::int64_t confirmed_ms = 0;
  for (const auto& [device, confirmation] : context.node.confirmations())
    confirmed_ms = std::max(confirmed_ms, confirmation.wall_ms);
  const bool partner =
      confirmed_ms > 0 && context.now.wall_ms - confirmed_ms <= kPartnerDays * kMsOfDay;
  const replica::SpaceLog& log = replica.Log(replica.members().network_space());
  const bool law = !own.at("law_profile").as_string().empty();
  const bool point = !own.at("contact_point").as_string().empty();
  const bool dpo = !own.at("dpo").as_string().empty();
  return {CheckOf("passphrase", Fact(facts, "passphrase")),
          CheckOf("disk_encrypted", Fact(facts, "disk_encrypted")),
          CheckOf("files_private", Fact(facts, "files_private")),
          CheckOf("sheet_checked", Fact(facts, "sheet_checked")),
          CheckOf("backup", backup, backup_ms ? TimeText(*backup_ms) : std::string()),
          CheckOf("copies", partner, confirmed_ms > 0 ? TimeText(confirmed_ms) : std::string()),
          CheckOf("disk_space", !context.node.disk_full_since_ms().has_value()),
          CheckOf("one_copy", log.ForkedFeeds().empty() && !replica.LivesUsedUp()),
          CheckOf("law_profile", law),
          CheckOf("contact_point", point),
          CheckOf("dpo", dpo ? std::optional<bool>(true) : std::nullopt)};
}

std::size_t Count(const array& list, std::string_view key, std::string_view value) {
  std::size_t n = 0;
  for (const Json& item : list) n += item.as_object().at(key) == Json(value) ? 1 : 0;
  return n;
}

// POST {passphrase, disk_encrypted, files_private, sheet_checked} ?lang= -> {open, informed,
// checks[], bad, files[]}. The facts are what only the directory's owner sees; null is unknown.
Answer MakePapers(const Request& request, const Arguments&, Context& context) {
  ASSIGN(replica::Replica* const replica, ReplicaOf(context));
  ASSIGN(const object facts, JsonBody(request));
  ASSIGN(object data, PaperHead(context));
  ASSIGN(data["recipients"], Recipients(*replica));
  ASSIGN(object terms, TermsInForce(*replica, context.now));
  const Json& days = terms.at("offline_days");
  data["offline_days"] = days.is_null() ? Json(core::kOfflineDaysDefault) : days;
  data["review"] = terms.at("review").is_string() ? terms.at("review") : Json("");
  ASSIGN(const auto contacts, Contacts(*replica));
  array letters, open;
  for (const Contact& contact : contacts) {
    ASSIGN(object letter, LetterOf(*replica, contact));
    if (letter.at("info_status") == Json("open")) open.push_back(letter);
    letters.push_back(std::move(letter));
  }
  array checks = Checks(context, *replica, data, facts);
  object answer{{"open", open.size()},
                {"informed", letters.size() - open.size()},
                {"bad", Count(checks, "state", "bad")},
                {"checks", array()}};
  for (const Json& check : checks)
    answer["checks"].as_array().push_back(
        object{{"check", check.at("id")}, {"state", check.at("state")}});
  data["checks_bad"] = Count(checks, "state", "bad");
  data["checks_open"] = Count(checks, "state", "open");
  const auto with = [&](std::string_view key, array list) {
    object page = data;
    page[key] = std::move(list);
    return page;
  };
  std::vector<Paper> papers;
  if (!open.empty())
    papers.push_back({"informationsschreiben", "letters", with("letters", std::move(open))});
  papers.push_back({"informationsstand", "informed", with("letters", std::move(letters))});
  papers.push_back({"vereinbarung-art26", "joint", data});
  papers.push_back({"avv-relay", "processor", data});
  papers.push_back({"massnahmen", "measures", with("checks", checks)});
  papers.push_back({"dsfa", "assessment", with("checks", std::move(checks))});
  answer["files"] = FilesOf(papers, LangOf(request));
  return answer;
}

}  // namespace

std::vector<Route> PrivacyLetterRoutes() {
  return {{"POST", "/api/v1/privacy/papers", MakePapers, /*changes_nothing=*/true}};
}

}  // namespace geflecht::api
