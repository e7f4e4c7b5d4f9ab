// geflecht device list, add, revoke
#include <boost/json/array.hpp>

#include "base/limits.h"
#include "cli/display.h"
#include "cli/files.h"
#include "cli/ids.h"
#include "cli/orgs.h"
#include "cli/session.h"
#include "node/log/card.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;

Result<Outcome> ListDevices(Session& session) {
  ASSIGN(json::object answer, session.Get("/api/v1/devices"));
  Table table({session.Say("cli.column.organisation"), session.Say("cli.column.device"),
               session.Say("cli.column.state"), ""});
  for (const Json& item : answer.at("devices").as_array()) {
    const json::object& device = item.as_object();
    table.Add(
        {TextOf(device, "organisation"), ShortId(TextOf(device, "device")),
         session.Say(FlagOf(device, "entitled") ? "cli.device.entitled" : "cli.device.deprived"),
         FlagOf(device, "self") ? session.Say("cli.device.self") : ""});
  }
  Outcome outcome;
  outcome.text = table.Text();
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> AddDevice(Session& session) {
  const Arguments& arguments = session.arguments();
  const std::string file = arguments.Text("CARD");
  ASSIGN(const Bytes bytes, ReadInput(file, limits::kCardBytesMax));
  const auto proven = log::ParseProvenCard(AsText(bytes));
  if (!proven)
    return Fail(proven.error().code, Shown(file) + ": " + proven.error().detail, "hint.no-card");
  json::object asked{{"card", AsText(bytes)}};
  if (arguments.Has("org")) {
    ASSIGN(const auto members, MembersOf(session));
    ASSIGN(const NamedOrg org, MatchOrg(arguments.Text("org"), members));
    asked["org"] = org.id;
  }
  ASSIGN(json::object answer, session.Post("/api/v1/devices", asked));
  Outcome outcome;
  outcome.text =
      session.Say("cli.device.added", {{"organisation", Shown(TextOf(answer, "organisation"))},
                                       {"device", ShortId(TextOf(answer, "device"))}}) +
      '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

Result<Outcome> RevokeDevice(Session& session) {
  ASSIGN(const auto devices, session.Get("/api/v1/devices"));
  std::vector<std::string> own;
  for (const Json& item : devices.at("devices").as_array())
    if (FlagOf(item.as_object(), "own") && FlagOf(item.as_object(), "entitled"))
      own.push_back(TextOf(item.as_object(), "device"));
  auto device = MatchId(session.arguments().Text("DEVICE"), own);
  if (!device && device.error().code == Code::kNotFound)
    return Fail(Code::kNotFound, device.error().detail, "hint.no-own-device");
  if (!device) return tl::unexpected(device.error());
  ASSIGN(json::object answer, session.Post("/api/v1/devices/revoke", {{"device", *device}}));
  Outcome outcome;
  outcome.text = session.Say("cli.device.revoked", {{"device", ShortId(*device)}}) + '\n';
  outcome.keys = std::move(answer);
  return outcome;
}

}  // namespace

std::vector<Command> DeviceCommands() {
  return {{{"device", "list"}, {}, ListDevices},
          {{"device", "add"}, {{"CARD", "", true}, {"--org", "NAME"}}, AddDevice},
          {{"device", "revoke"}, {{"DEVICE", "", true}}, RevokeDevice}};
}

}  // namespace geflecht::cli
