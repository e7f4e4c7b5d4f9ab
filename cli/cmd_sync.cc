// geflecht sync
#include "cli/display.h"
#include "cli/number.h"
#include "cli/session.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

constexpr std::int64_t kPollMs = 50;
constexpr std::int64_t kTimeoutSecondsDefault = 60;
constexpr std::int64_t kTimeoutSecondsMax = 24 * 3600;

void ShowProgress(Session& session, const json::object& state) {
  const std::int64_t sent = NumberOf(state, "sent");
  const std::int64_t received = NumberOf(state, "received");
  const bool connecting = TextOf(state, "state") == "connecting";
  session.output().Progress(
      connecting ? session.Say("cli.sync.connecting")
                 : session.Say("cli.sync.exchanging", {{"sent", std::to_string(sent)},
                                                       {"received", std::to_string(received)}}),
      sent, connecting ? 0 : sent + NumberOf(state, "to_send"));
}

Outcome OutcomeOf(const Session& session, json::object state) {
  Outcome outcome;
  const std::string name = TextOf(state, "state");
  const std::string address = Shown(TextOf(state, "address"));
  if (name == "equal") {
    outcome.text =
        session.Say("cli.sync.equal", {{"address", address},
                                       {"sent", std::to_string(NumberOf(state, "sent"))},
                                       {"received", std::to_string(NumberOf(state, "received"))}}) +
        '\n';
  } else if (name == "exchanging") {
    outcome.shortfall = Error{Code::kIncomplete, address + ": not equal yet", "hint.sync-timeout"};
  } else {
    const std::string error = TextOf(state, "error");
    outcome.shortfall = Error{
        Code::kUnreachable, address + ": " + (error.empty() ? "no answer in time" : error), {}};
  }
  outcome.keys = std::move(state);
  return outcome;
}

Result<Outcome> Sync(Session& session) {
  const std::string address = session.arguments().Text("ADDRESS");
  std::int64_t seconds = kTimeoutSecondsDefault;
  if (session.arguments().Has("timeout")) {
    ASSIGN(seconds,
           ParseNumber("--timeout", session.arguments().Text("timeout"), 1, kTimeoutSecondsMax));
  }
  ASSIGN(Client* const node, session.Node());
  TRY(session.Post("/api/v1/sync", {{"address", address}}));
  json::object state;
  for (std::int64_t waited_ms = 0;; waited_ms += kPollMs) {
    ASSIGN(json::object now, session.Get("/api/v1/sync", {{"address", address}}));
    const bool changed = !(now == state);
    state = std::move(now);
    const std::string name = TextOf(state, "state");
    if (name == "equal" || name == "failed" || waited_ms >= seconds * 1000) break;
    if (changed) ShowProgress(session, state);
    node->Wait(kPollMs);
  }
  return OutcomeOf(session, std::move(state));
}

}  // namespace

std::vector<Command> SyncCommands() {
  return {{{"sync"}, {{"ADDRESS", "", true}, {"--timeout", "SECONDS"}}, Sync}};
}

}  // namespace geflecht::cli
