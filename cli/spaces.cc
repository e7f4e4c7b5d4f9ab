#include "cli/spaces.h"

#include <boost/json/array.hpp>
#include <utility>
#include <vector>

#include "cli/display.h"
#include "cli/ids.h"
#include "cli/orgs.h"

namespace geflecht::cli {

Result<std::string> SpaceIdOf(Session& session, std::string_view typed) {
  ASSIGN(const auto answer, session.Get("/api/v1/spaces"));
  std::vector<NamedOrg> spaces;
  for (const Json& item : answer.at("spaces").as_array())
    spaces.push_back({TextOf(item.as_object(), "id"), TextOf(item.as_object(), "name")});
  const auto found = MatchOrg(typed, spaces);
  if (found) return found->id;
  const bool several = found.error().code == Code::kConflict;
  return Fail(found.error().code, Shown(typed) + (several ? ": several spaces" : ": no such space"),
              several ? "hint.space-ambiguous" : "hint.no-space");
}

Result<void> TakeSpace(Session& session, boost::json::object& asked) {
  if (!session.arguments().Has("space")) return {};
  ASSIGN(asked["space"], SpaceIdOf(session, session.arguments().Text("space")));
  return {};
}

Result<void> TakeSpace(Session& session, Query& query) {
  if (!session.arguments().Has("space")) return {};
  ASSIGN(query["space"], SpaceIdOf(session, session.arguments().Text("space")));
  return {};
}

std::string SpaceMark(const boost::json::object& document) {
  const std::string name = TextOf(document, "space_name");
  return name.empty() ? std::string() : "[" + name + "]";
}

}  // namespace geflecht::cli
