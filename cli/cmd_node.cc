// geflecht card, status, lock, unlock, open
#include <boost/json/array.hpp>

#include "base/hex.h"
#include "cli/display.h"
#include "cli/passphrase.h"
#include "cli/session.h"
#include "node/crypto/sealed_box.h"
#include "node/runtime/directory.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

Result<Outcome> Card(Session& session) {
  ASSIGN(json::object answer, session.Get("/api/v1/card"));
  Outcome outcome;
  const std::string file = session.arguments().Text("o");
  outcome.text =
      session.Say("cli.card.done", {{"organisation", Shown(TextOf(answer, "organisation"))},
                                    {"file", Shown(file)}}) +
      '\n';
  TRY(session.WriteFile(file, TextOf(answer, "card"), /*is_private=*/false, outcome));
  answer.erase("card");
  for (const auto& [key, value] : answer) outcome.keys[key] = value;
  return outcome;
}

std::string PartnerState(const Session& session, const json::object& partner) {
  if (FlagOf(partner, "stored")) return session.Say("cli.status.partner-stored");
  if (FlagOf(partner, "connected")) return session.Say("cli.status.partner-exchanging");
  return session.Say("cli.status.partner-behind");
}

std::string PartnersText(const Session& session, const json::object& partners) {
  const i18n::Lang lang = session.globals().lang;
  const json::array& list = partners.at("list").as_array();
  if (list.empty()) return {};
  Table table({session.Say("cli.column.organisation"), session.Say("cli.column.connected"),
               session.Say("cli.column.state"), session.Say("cli.column.confirmed")});
  for (const Json& entry : list) {
    const json::object& partner = entry.as_object();
    const std::string time = TextOf(partner, "confirmed_at");
    table.Add({TextOf(partner, "organisation"),
               session.Say(FlagOf(partner, "connected") ? "word.yes" : "word.no"),
               PartnerState(session, partner),
               time.empty() ? session.Say("cli.never") : ShownTime(lang, time)});
  }
  return '\n' + table.Text();
}

// How old the newest backup is, and that another one is due.
std::string BackupText(const Session& session, const json::object& status) {
  const i18n::Lang lang = session.globals().lang;
  const std::string time = TextOf(status, "backup");
  std::string text =
      time.empty() ? session.Say("cli.status.backup-none")
                   : i18n::TrCount(lang, "cli.status.backup-days", NumberOf(status, "backup_days"),
                                   {{"time", ShownTime(lang, time)}});
  if (FlagOf(status, "backup_due")) text += "; " + session.Say("cli.status.backup-due");
  return text;
}

// What is announced, offered or paused; empty if nothing is.
std::string RetentionText(const Session& session, const json::object& retention) {
  const i18n::Lang lang = session.globals().lang;
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (const std::int64_t n = NumberOf(retention, "announced"); n > 0)
    add(session.Say(
        "cli.status.announced",
        {{"n", std::to_string(n)}, {"day", DayText(lang, TextOf(retention, "next_erasure"))}}));
  if (const std::int64_t n = NumberOf(retention, "offers"); n > 0)
    add(session.Say("cli.status.offers", {{"n", std::to_string(n)}}));
  if (FlagOf(retention, "paused")) add(session.Say("value.state.paused"));
  return text;
}

void AddHolding(const Session& session, const json::object& status, Listing& listing) {
  const i18n::Lang lang = session.globals().lang;
  const std::string why = TextOf(status, "held_back");
  if (!why.empty())
    listing.Add(session.Say("cli.status.held-back"),
                session.Say(why == "offline" ? "cli.status.held-back-offline"
                                             : "cli.status.held-back-restored",
                            {{"time", ShownTime(lang, TextOf(status, "held_back_since"))}}));
  if (const std::string time = TextOf(status, "opened_by_hand"); !time.empty())
    listing.Add(session.Say("cli.status.erasures"),
                session.Say("cli.status.opened-by-hand", {{"time", ShownTime(lang, time)}}));
}

std::string StatusText(const Session& session, const json::object& status) {
  const i18n::Lang lang = session.globals().lang;
  if (FlagOf(status, "locked")) return session.Say("cli.status.locked") + '\n';
  Listing listing;
  listing.Add(session.Say("cli.column.organisation"), TextOf(status, "organisation"));
  if (FlagOf(status, "disk_full"))
    listing.Add(session.Say("cli.status.disk"),
                session.Say("cli.status.disk-full",
                            {{"time", ShownTime(lang, TextOf(status, "disk_full_since"))}}));
  AddHolding(session, status, listing);
  listing.Add(session.Say("cli.status.backup"), BackupText(session, status));
  const Json& network = status.at("network");
  if (!network.is_object()) {
    listing.Add(session.Say("cli.column.network"), session.Say("cli.status.no-network"));
    return listing.Text();
  }
  const json::object& held = network.as_object();
  listing.Add(session.Say("cli.column.network"), TextOf(held, "name"));
  listing.Add(session.Say("cli.column.network-id"), TextOf(held, "id"));
  listing.Add(session.Say("cli.column.members"), std::to_string(NumberOf(held, "members")));
  listing.Add(session.Say("cli.status.holds"),
              i18n::TrCount(lang, "word.documents", NumberOf(status, "documents")) + ", " +
                  i18n::TrCount(lang, "word.contacts", NumberOf(status, "contacts")) + ", " +
                  i18n::TrCount(lang, "word.entries", NumberOf(status, "entries")));
  if (const std::string text = RetentionText(session, status.at("retention").as_object());
      !text.empty())
    listing.Add(session.Say("cli.status.retention"), text);
  const json::object& rules = status.at("rules").as_object();
  if (FlagOf(rules, "review_overdue"))
    listing.Add(
        session.Say("cli.rules.review"),
        session.Say("cli.rules.overdue", {{"day", DayText(lang, TextOf(rules, "review"))}}));
  if (NumberOf(rules, "own") < NumberOf(rules, "version"))
    listing.Add(session.Say("cli.rules.version"),
                session.Say("cli.status.rules-unknown",
                            {{"version", std::to_string(NumberOf(rules, "version"))}}));
  const std::int64_t conflicts = NumberOf(status, "conflicts");
  listing.Add(session.Say("cli.status.conflicts"),
              conflicts == 0 ? session.Say("cli.none")
                             : i18n::TrCount(lang, "word.conflicts", conflicts) + " (" +
                                   session.Say("cli.status.see-conflicts") + ")");
  const std::int64_t waiting =
      NumberOf(status, "waiting_entries") + NumberOf(status, "missing_bodies");
  if (waiting > 0)
    listing.Add(session.Say("cli.status.waiting"), i18n::TrCount(lang, "word.entries", waiting));
  for (const Json& entry : status.at("forks").as_array())
    listing.Add(session.Say("cli.status.fork"),
                session.Say("cli.status.fork-of",
                            {{"organisation", Shown(TextOf(entry.as_object(), "organisation"))}}));
  if (FlagOf(status, "lives_used_up"))
    listing.Add(session.Say("cli.status.read-only"), session.Say("hint.lives-used-up"));
  const std::string listening = TextOf(status, "listening");
  listing.Add(session.Say("cli.status.listening"),
              listening.empty() ? session.Say("cli.status.not-listening") : listening);
  const json::object& partners = status.at("partners").as_object();
  if (NumberOf(partners, "of") > 0)
    listing.Add(session.Say("cli.status.stored"),
                session.Say("cli.status.stored-of",
                            {{"stored", std::to_string(NumberOf(partners, "stored"))},
                             {"of", std::to_string(NumberOf(partners, "of"))}}));
  return listing.Text() + PartnersText(session, partners);
}

Result<Outcome> Status(Session& session) {
  ASSIGN(json::object status, session.Get("/api/v1/status"));
  Outcome outcome;
  outcome.text = StatusText(session, status);
  outcome.keys = std::move(status);
  if (FlagOf(outcome.keys, "locked"))
    outcome.shortfall = Error{Code::kLocked, "the node is locked", "hint.node-locked"};
  if (const std::string why = TextOf(outcome.keys, "held_back"); !why.empty())
    outcome.shortfall = Error{Code::kLocked, "the node is held back", "hint.held-back-" + why};
  if (FlagOf(outcome.keys, "disk_full"))
    outcome.shortfall = Error{Code::kNoSpace, "the disk is full", "hint.disk-full"};
  return outcome;
}

Result<Outcome> Open(Session& session) {
  ASSIGN(const json::object status, session.Get("/api/v1/status"));
  if (TextOf(status, "held_back").empty())
    return Fail(Code::kConflict, "the node is not held back", "hint.not-held-back");
  if (!session.globals().yes) {
    if (session.globals().json || !HasTerminal())
      return Fail(Code::kUsage, "opening has to be confirmed", "hint.open-confirm");
    ASSIGN(const bool sure, AskYesNo(session.Say("cli.ask.open")));
    if (!sure) return Fail(Code::kNotPermitted, "nothing was opened", "hint.not-opened");
  }
  ASSIGN(json::object answer, session.Post("/api/v1/open", {{"without_erasures", true}}));
  return Outcome{std::move(answer), session.Say("cli.open.done") + '\n', {}, {}};
}

Result<Outcome> Lock(Session& session) {
  TRY(session.RunningNode());
  ASSIGN(json::object answer, session.Post("/api/v1/lock", {}));
  return Outcome{std::move(answer), session.Say("cli.lock.done") + '\n', {}, {}};
}

Result<Outcome> Unlock(Session& session) {
  TRY(session.RunningNode());
  ASSIGN(json::object answer, session.Get("/api/v1/status"));
  if (FlagOf(answer, "locked")) {
    ASSIGN(const crypto::SecretBytes passphrase, Passphrase(session.globals()));
    ASSIGN(const json::object of_node, session.Get("/api/v1/unlock"));
    const auto key = crypto::BoxKey::FromHexText(TextOf(of_node, "key"));
    if (!key) return Fail(Code::kMalformed, "the node's answer holds no key");
    ASSIGN(const Bytes sealed, crypto::SealTo(*key, passphrase.view()));
    TRY(session.Post("/api/v1/unlock", {{"sealed", ToHex(sealed)}}));
  }
  return Outcome{{{"locked", false}}, session.Say("cli.unlock.done") + '\n', {}, {}};
}

}  // namespace

std::vector<Command> NodeCommands() {
  return {{{"card"}, {{"-o", "FILE", true}}, Card},
          {{"status"}, {}, Status},
          {{"lock"}, {}, Lock},
          {{"unlock"}, {}, Unlock},
          {{"open"}, {}, Open}};
}

}  // namespace geflecht::cli
