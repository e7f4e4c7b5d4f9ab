// geflecht agreement sign, notice: what needs a person's key.
#include <algorithm>
#include <boost/json/array.hpp>
#include <ctime>

#include "cli/agreement_text.h"
#include "cli/case_guard.h"
#include "cli/display.h"
#include "cli/ids.h"
#include "cli/person_key.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "node/governance/statement.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

struct Signer {
  std::string mandate, key, org, name, network;
};

bool Fits(const json::object& person, const std::string& typed) {
  if (typed.empty()) return true;
  const std::string mandate = TextOf(person, "mandate");
  return TextOf(person, "name").starts_with(typed) ||
         (typed.size() >= kIdDigitsMin && mandate.starts_with(typed));
}

// The one who may sign for this organisation and whose key is here; --as names one of several.
Result<Signer> SignerOf(Session& session) {
  ASSIGN(const json::object answer, session.Get("/api/v1/persons"));
  const std::vector<std::string> here = PersonKeysHere(session);
  std::vector<Signer> found;
  for (const Json& item : answer.at("persons").as_array()) {
    const json::object& person = item.as_object();
    const std::string key = TextOf(person, "key");
    if (!FlagOf(person, "own") || TextOf(person, "role") != "sign" ||
        TextOf(person, "state") != "active" ||
        std::find(here.begin(), here.end(), key) == here.end() ||
        !Fits(person, session.arguments().Text("as")))
      continue;
    found.push_back({TextOf(person, "mandate"), key, TextOf(person, "org"), TextOf(person, "name"),
                     TextOf(answer, "network")});
  }
  if (found.empty())
    return Fail(Code::kNotFound, "nobody with a mandate and a key here", "hint.no-signer");
  if (found.size() > 1)
    return Fail(Code::kConflict, "several persons may sign", "hint.several-signers");
  return found.front();
}

Result<std::string> Stated(Session& session, const Signer& signer, std::string_view act,
                           const std::string& version) {
  ASSIGN(const crypto::SigningKey key, OpenPersonKey(session, signer.key));
  governance::Statement statement;
  const auto network = log::NetworkId::FromHexText(signer.network);
  const auto object = log::EntryId::FromHexText(version);
  const auto org = log::OrgId::FromHexText(signer.org);
  const auto mandate = log::EntryId::FromHexText(signer.mandate);
  if (!network || !object || !org || !mandate)
    return Fail(Code::kInternal, "the node's answer names no ids");
  statement.net = *network;
  statement.act = act;
  statement.object = *object;
  statement.org = *org;
  statement.mandate = *mandate;
  statement.time_s = std::time(nullptr);
  return governance::RenderSigned(governance::SignStatement(statement, key));
}

// The version that was named or, of an agreement that holds, the one offer that waits.
Result<std::string> VersionToSign(const std::string& named, const json::object& agreement) {
  const std::string holds = TextOf(agreement, "version");
  std::vector<std::string> offered;
  for (const Json& offer : agreement.at("offers").as_array()) {
    const std::string version = TextOf(offer.as_object(), "version");
    if (version == named) return version;
    if (!offer.as_object().at("missing").as_array().empty()) offered.push_back(version);
  }
  if (named != TextOf(agreement, "id") || offered.empty()) return named == holds ? holds : named;
  if (offered.size() > 1)
    return Fail(Code::kConflict, "several offers", "hint.agreement-several-offers");
  return offered.front();
}

// Nobody signs what was not seen.
Result<void> Confirm(Session& session, const json::object& agreement, const std::string& version) {
  if (session.globals().yes || session.globals().json || !HasTerminal()) return {};
  const json::object* text = VersionOf(agreement, version);
  ASSIGN(const bool sure,
         AskYesNo((text == nullptr ? "" : ShownLines(VersionText(session, *text)) + "\n") +
                  session.Say("cli.ask.sign",
                              {{"title", Shown(text == nullptr ? "" : TextOf(*text, "title"))}})));
  if (!sure) return Fail(Code::kNotPermitted, "nobody signed", "hint.not-signed");
  return {};
}

Result<Outcome> SignAgreement(Session& session) {
  ASSIGN(const std::string named, AgreementIdOf(session, session.arguments().Text("ID")));
  ASSIGN(const json::object agreement, session.Get("/api/v1/agreements/" + named));
  ASSIGN(const std::string version, VersionToSign(named, agreement));
  ASSIGN(const Signer signer, SignerOf(session));
  ASSIGN(json::array evidence, EvidenceOption(session));
  TRY(Confirm(session, agreement, version));
  ASSIGN(const std::string statement, Stated(session, signer, governance::kActSign, version));
  ASSIGN(json::object answer,
         session.Post("/api/v1/agreements/" + version + "/signatures",
                      {{"statement", statement}, {"evidence", std::move(evidence)}}));
  Outcome outcome;
  outcome.text = AgreementText(session, answer) + '\n' +
                 session.Say("cli.agreement.signed-by", {{"name", Shown(signer.name)}}) + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> GiveNotice(Session& session) {
  ASSIGN(const std::string named, AgreementIdOf(session, session.arguments().Text("ID")));
  ASSIGN(const json::object agreement, session.Get("/api/v1/agreements/" + named));
  const std::string version = TextOf(agreement, "version");
  ASSIGN(const Signer signer, SignerOf(session));
  if (!session.globals().yes && !session.globals().json && HasTerminal()) {
    ASSIGN(const bool sure,
           AskYesNo(session.Say("cli.ask.notice", {{"title", Shown(TextOf(agreement, "title"))}})));
    if (!sure) return Fail(Code::kNotPermitted, "no notice given", "hint.not-signed");
  }
  ASSIGN(const std::string statement, Stated(session, signer, governance::kActNotice, version));
  ASSIGN(json::object answer,
         PostGuarded(session, "/api/v1/agreements/" + version + "/notices",
                     {{"statement", statement}, {"reason", session.arguments().Text("reason")}}));
  Outcome outcome;
  outcome.text =
      AgreementText(session, answer) + '\n' + session.Say("cli.agreement.noticed") + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> AgreementSignCommands() {
  return {{{"agreement", "sign"},
           {{"ID", "", true},
            {"--as", "PERSON"},
            {"--evidence", "FILE...", false, Takes::kMany},
            {"--person-passphrase-file", "FILE"}},
           SignAgreement},
          {{"agreement", "notice"},
           {{"ID", "", true},
            {"--as", "PERSON"},
            {"--reason", "TEXT"},
            {"--person-passphrase-file", "FILE"}},
           GiveNotice}};
}

}  // namespace geflecht::cli
