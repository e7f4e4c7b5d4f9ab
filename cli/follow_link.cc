#include "cli/follow_link.h"

#include <boost/json/array.hpp>

#include "cli/display.h"
#include "cli/terminal.h"
#include "node/core/join_link.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::int64_t kPollMs = 50;

Result<json::object> WaitForAnswer(Session& session) {
  ASSIGN(Client* const node, session.Node());
  while (true) {
    ASSIGN(json::object state, session.Get("/api/v1/network/entry"));
    if (TextOf(state, "state") == "invited") return state;
    session.output().Progress(
        session.Say("cli.join.connecting", {{"address", Shown(TextOf(state, "address"))}}), 0, 0);
    node->Wait(kPollMs);
  }
}

std::string About(const Session& session, const json::object& state) {
  std::string text =
      session.Say("cli.join.founders", {{"name", Shown(TextOf(state, "name"))}}) + '\n';
  for (const Json& founder : state.at("founders").as_array())
    text += "  " + Shown(std::string_view(founder.as_string())) + '\n';
  return text + session.Say("cli.join.digits", {{"digits", TextOf(state, "digits")}});
}

}  // namespace

bool IsJoinLink(std::string_view typed) { return typed.starts_with(core::kJoinLinkStart); }

Result<Outcome> FollowLink(Session& session, const std::string& link) {
  TRY(session.Post("/api/v1/network/entry", {{"link", link}}));
  ASSIGN(json::object state, WaitForAnswer(session));
  const bool asks = !session.globals().yes && !session.globals().json && HasTerminal();
  Outcome outcome;
  if (asks) {
    session.output().Remark(About(session, state));
    ASSIGN(const bool same, AskYesNo(session.Say("cli.ask.same-digits")));
    if (!same) return Fail(Code::kVerification, "other digits", "hint.join-other-digits");
  } else {
    outcome.text = About(session, state) + '\n';
  }
  ASSIGN(const json::object joined, session.Post("/api/v1/network/entry/accept", {}));
  outcome.text += session.Say("cli.join.asked", {{"name", Shown(TextOf(joined, "name"))},
                                                 {"address", Shown(TextOf(state, "address"))},
                                                 {"network", TextOf(joined, "network")}}) +
                  '\n';
  state.erase("state");
  outcome.keys = std::move(state);
  return outcome;
}

}  // namespace geflecht::cli
