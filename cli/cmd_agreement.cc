// geflecht agreement draft, freeze, amend, list, status, export
#include <boost/json/array.hpp>

#include "cli/agreement_text.h"
#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/fields.h"
#include "cli/files.h"
#include "cli/ids.h"
#include "cli/orgs.h"
#include "cli/person_key.h"
#include "cli/session.h"
#include "cli/spaces.h"
#include "crdt/utf8.h"
#include "node/crypto/base64.h"
#include "node/domain/document_types.h"
#include "node/domain/validate.h"
#include "node/governance/frozen.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kTextBytesMax = 1024 * 1024;

Result<void> AddDay(const Session& session, std::string_view option, json::object& fields) {
  if (!session.arguments().Has(option)) return {};
  const auto day = domain::ParseDate(session.arguments().Text(option));
  if (!day) return Fail(Code::kUsage, "no date: --" + std::string(option), "hint.date");
  fields[option] = *day;
  return {};
}

Result<json::object> DraftFields(Session& session) {
  const Arguments& arguments = session.arguments();
  json::object fields{{"title", arguments.Text("title")}, {"purpose", "agreement_management"}};
  ASSIGN(const auto members, MembersOf(session));
  std::string parties;
  for (const std::string& typed : arguments.List("party")) {
    ASSIGN(const NamedOrg org, MatchOrg(typed, members));
    if (parties.find(org.id) == std::string::npos) parties += (parties.empty() ? "" : " ") + org.id;
  }
  if (parties.find(' ') == std::string::npos)
    return Fail(Code::kUsage, "fewer than two parties", "hint.agreement-parties");
  fields["parties"] = parties;
  TRY(AddDay(session, "start", fields));
  TRY(AddDay(session, "end", fields));
  if (arguments.Has("notice")) {
    const auto notice = NoticeFrom(arguments.Text("notice"));
    if (!notice) return Fail(Code::kUsage, "no notice period", "hint.notice-period");
    fields["notice"] = *notice;
  }
  const std::string form = arguments.Has("form") ? arguments.Text("form") : "text";
  if (form != "text" && form != "written")
    return Fail(Code::kUsage, "no form: " + Shown(form), "hint.agreement-form");
  fields["form"] = form;
  if (arguments.Has("parent")) {
    ASSIGN(fields["parent"], AgreementIdOf(session, arguments.Text("parent")));
  }
  return fields;
}

Result<Outcome> DraftAgreement(Session& session) {
  const Arguments& arguments = session.arguments();
  ASSIGN(json::object fields, DraftFields(session));
  std::string text;
  if (arguments.Has("text")) {
    ASSIGN(const Bytes bytes, ReadInput(arguments.Text("text"), kTextBytesMax));
    text = ToText(bytes);
    if (!crdt::IsUtf8(text))
      return Fail(Code::kUsage, "the text is not UTF-8", "hint.text-encoding");
  }
  json::object asked{{"type", domain::kAgreement}, {"fields", std::move(fields)}};
  TRY(TakeSpace(session, asked));
  ASSIGN(json::object answer,
         PostGuarded(session, "/api/v1/documents", asked, {{"commit", "1"}}));
  const std::string id = TextOf(answer, "id");
  if (!text.empty()) {
    TRY(SendGuarded(session, "PUT", "/api/v1/documents/" + id + "/text", {{"commit", "1"}}, text));
  }
  Outcome outcome;
  outcome.text = session.Say("cli.agreement.drafted",
                             {{"title", Shown(arguments.Text("title"))}, {"id", ShortId(id)}}) +
                 '\n';
  outcome.keys["document"] = id;
  return outcome;
}

Result<Outcome> Settle(Session& session, const std::string& path, const std::string& document) {
  ASSIGN(const std::string id, DocumentIdOf(session, document));
  ASSIGN(json::array files, EvidenceOption(session));
  ASSIGN(json::object answer,
         PostGuarded(session, path, {{"document", id}, {"evidence", std::move(files)}}));
  Outcome outcome;
  outcome.text =
      AgreementText(session, answer) + '\n' + session.Say("cli.agreement.settled") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> FreezeAgreement(Session& session) {
  return Settle(session, "/api/v1/agreements", session.arguments().Text("DRAFT"));
}

Result<Outcome> AmendAgreement(Session& session) {
  ASSIGN(const std::string id, AgreementIdOf(session, session.arguments().Text("ID")));
  return Settle(session, "/api/v1/agreements/" + id + "/amend", session.arguments().Text("DRAFT"));
}

std::string SeatMark(const Session& session, const json::object& agreement) {
  const std::string name = TextOf(agreement, "space_name");
  if (TextOf(agreement, "seat") != "former") return SpaceMark(agreement);
  return "[" + session.Say("cli.space.mark-former", {{"space", name}}) + "]";
}

std::string DueCell(const Session& session, const json::object& agreement) {
  std::string text;
  for (const Json& item : agreement.at("due").as_array())
    text += (text.empty() ? "" : "; ") + DueWords(session, item.as_object());
  return text;
}

Result<Outcome> ListAgreement(Session& session) {
  Query query;
  if (session.arguments().Has("due")) {
    std::string days = session.arguments().Text("due");
    if (days.ends_with('d') || days.ends_with('t')) days.pop_back();
    query["due"] = days;
  }
  ASSIGN(json::object answer, session.Get("/api/v1/agreements", std::move(query)));
  Table table({session.Say("cli.column.id"), session.Say("cli.column.title"),
               session.Say("cli.column.state"), session.Say("cli.column.parties"),
               session.Say("cli.column.due"), ""});
  for (const Json& item : answer.at("agreements").as_array()) {
    const json::object& agreement = item.as_object();
    std::string parties;
    for (const Json& party : agreement.at("parties").as_array())
      parties += (parties.empty() ? "" : ", ") + TextOf(party.as_object(), "organisation");
    table.Add({ShortId(TextOf(agreement, "id")), TextOf(agreement, "title"),
               PhaseWords(session, TextOf(agreement, "phase")), parties,
               DueCell(session, agreement), SeatMark(session, agreement)});
  }
  const bool all = !session.arguments().Has("due");
  for (const Json& item : answer.at("drafts").as_array())
    if (all)
      table.Add(
          {ShortId(TextOf(item.as_object(), "document")), TextOf(item.as_object(), "title"),
           PhaseWords(session, "draft"), "",
           NumberOf(item.as_object(), "conflicts") > 0 ? session.Say("cli.conflict-mark") : "",
           SpaceMark(item.as_object())});
  const bool none = answer.at("agreements").as_array().empty() &&
                    (!all || answer.at("drafts").as_array().empty());
  Outcome outcome;
  outcome.text = none ? session.Say(all ? "cli.agreement.none" : "cli.agreement.nothing-due") + '\n'
                      : table.Text();
  outcome.text += LeftOutNote(session.globals().lang, answer);
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> StatusAgreement(Session& session) {
  ASSIGN(const std::string id, AgreementIdOf(session, session.arguments().Text("ID")));
  ASSIGN(json::object answer, session.Get("/api/v1/agreements/" + id));
  Outcome outcome;
  outcome.text = RestrictedNote(session.globals().lang, FlagOf(answer, "restricted")) +
                 AgreementText(session, answer);
  outcome.keys = std::move(answer);
  return outcome;
}

// Files of evidence into a folder that is there; names of others cannot leave it.
Result<void> WriteEvidence(Session& session, const std::string& id, Outcome& outcome) {
  const std::filesystem::path folder = session.arguments().Text("evidence-to");
  ASSIGN(const json::object answer, session.Get("/api/v1/agreements/" + id + "/evidence"));
  json::array written;
  for (const Json& item : answer.at("files").as_array()) {
    const json::object& file = item.as_object();
    ASSIGN(const Bytes content, crypto::FromBase64(TextOf(file, "base64")));
    std::string name = TextOf(file, "name");
    for (char& c : name)
      if (c == '/' || c == '\\' || static_cast<unsigned char>(c) < ' ') c = '_';
    name = ShortId(TextOf(file, "entry")) + "-" + name;
    TRY(WriteOutput(folder / name, content, 0600));
    written.push_back(Json(name));
  }
  outcome.keys["evidence"] = std::move(written);
  return {};
}

Result<Outcome> ExportAgreement(Session& session) {
  ASSIGN(const std::string id, AgreementIdOf(session, session.arguments().Text("ID")));
  ASSIGN(const json::object answer, session.Get("/api/v1/agreements/" + id));
  if (FlagOf(answer, "restricted"))
    return Fail(Code::kNotPermitted, "the agreement is restricted", "hint.restricted-export");
  const std::string file = session.arguments().Text("o");
  const bool plain = file.ends_with(".txt");
  Outcome outcome;
  outcome.text = session.Say("cli.agreement.exported", {{"file", Shown(file)}}) + '\n';
  TRY(session.WriteFile(file,
                        plain ? AgreementPlain(session, answer) : AgreementHtml(session, answer),
                        /*is_private=*/true, outcome));
  outcome.keys["id"] = TextOf(answer, "id");
  outcome.keys["version"] = TextOf(answer, "version");
  if (session.arguments().Has("evidence-to")) TRY(WriteEvidence(session, id, outcome));
  return outcome;
}

}  // namespace

Result<json::array> EvidenceOption(Session& session) {
  json::array files;
  for (const std::string& path : session.arguments().List("evidence")) {
    const auto bytes = ReadInput(path, governance::kEvidenceBytesMax);
    if (!bytes && bytes.error().code == Code::kTooLarge)
      return Fail(Code::kTooLarge, bytes.error().detail, "hint.evidence-too-large");
    if (!bytes) return tl::unexpected(bytes.error());
    files.push_back(json::object{{"name", std::filesystem::path(path).filename().string()},
                                 {"base64", crypto::ToBase64(*bytes)}});
  }
  return files;
}

std::vector<Command> AgreementCommands() {
  return {{{"agreement", "draft"},
           {{"--title", "TITLE", true},
            {"--party", "ORG...", true, Takes::kMany},
            {"--start", "DATE"},
            {"--end", "DATE"},
            {"--notice", "PERIOD"},
            {"--form", "text|written"},
            {"--parent", "ID"},
            {"--text", "FILE"},
            {"--space", "SPACE"}},
           DraftAgreement},
          {{"agreement", "freeze"},
           {{"DRAFT", "", true}, {"--evidence", "FILE...", false, Takes::kMany}},
           FreezeAgreement},
          {{"agreement", "amend"},
           {{"ID", "", true}, {"DRAFT", "", true}, {"--evidence", "FILE...", false, Takes::kMany}},
           AmendAgreement},
          {{"agreement", "list"}, {{"--due", "DAYS"}}, ListAgreement},
          {{"agreement", "status"}, {{"ID", "", true}}, StatusAgreement},
          {{"agreement", "export"},
           {{"ID", "", true}, {"-o", "FILE", true}, {"--evidence-to", "DIR"}},
           ExportAgreement}};
}

}  // namespace geflecht::cli
