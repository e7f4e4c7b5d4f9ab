#include "node/api/handlers/charter_json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/check.h"
#include "node/api/handlers/proposal_json.h"
#include "node/governance/kinds.h"
#include "node/log/header.h"
#include "node/log/lines.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t kDayDigits = 10;  // YYYY-MM-DD

Result<std::optional<governance::ProposalBody>> ProposalOf(const replica::Replica& replica,
                                                           const log::EntryId& id) {
  ASSIGN(const auto body, replica.RootBodyOf(id));
  if (!body) return std::optional<governance::ProposalBody>();
  ASSIGN(governance::ProposalBody said, governance::ReadProposal(*body));
  return std::optional(std::move(said));
}

std::uint64_t OwnVersion(const replica::Replica& replica, const CharterStand& stand) {
  const governance::Member* own = replica.members().ByDevice(replica.self());
  const auto it = own == nullptr ? stand.known.end() : stand.known.find(own->org);
  return it == stand.known.end() ? 0 : it->second;
}

Json DayJson(std::optional<std::int64_t> time_s) {
  return time_s ? Json(log::RenderTime(*time_s).substr(0, kDayDigits)) : Json(nullptr);
}

}  // namespace

CharterStand CharterOf(const replica::Replica& replica) {
  const replica::Council& council = replica.council();
  CharterStand stand;
  stand.versions = governance::CharterVersions(council.evaluator());
  std::vector<std::pair<governance::OrgId, governance::EntryId>> said;
  for (const log::EntryId& id : council.OfKind(governance::kAcknowledge)) {
    const replica::Council::Record& record = *council.Find(id);
    if (record.org && record.about) said.emplace_back(*record.org, *record.about);
  }
  stand.known = governance::KnownVersions(council.evaluator(), stand.versions, said);
  stand.review_s = replica.founding().text.review_s;
  const governance::Graph& graph = council.evaluator().graph();
  for (const governance::CharterVersion& version : stand.versions) {
    const auto* proposal = graph[graph.Find(version.about)].As<governance::Proposal>();
    if (proposal == nullptr) continue;
    if (proposal->terms.review_s) stand.review_s = proposal->terms.review_s;
    if (proposal->terms.points) stand.points = version.about;
  }
  return stand;
}

Result<std::vector<std::string>> PointsOf(const replica::Replica& replica,
                                          const CharterStand& stand) {
  if (!stand.points) return replica.founding().text.points;
  std::vector<std::string> points;
  ASSIGN(const auto said, ProposalOf(replica, *stand.points));
  if (!said) return points;
  log::LineReader lines(said->text);
  while (!lines.AtEnd()) {
    ASSIGN(const std::string_view point, lines.Line());
    points.emplace_back(point);
  }
  return points;
}

Result<object> VersionsJson(const replica::Replica& replica, const CharterStand& stand) {
  array versions;
  for (std::size_t i = 0; i < stand.versions.size(); ++i) {
    const governance::CharterVersion& version = stand.versions[i];
    const replica::Council::Record* since = replica.council().Find(version.since);
    CHECK(since != nullptr);
    object item{{"version", i + 1},
                {"proposal", nullptr},
                {"title", nullptr},
                {"decision", DecisionNumber(replica, version.decision, version.seal)},
                {"since", log::RenderTime(since->time_s)},
                {"sealed", i == 0 || version.seal.has_value()}};
    if (i > 0) {
      item["proposal"] = version.about.Hex();
      ASSIGN(const auto said, ProposalOf(replica, version.about));
      if (said) item["title"] = said->title;
    }
    versions.push_back(std::move(item));
  }
  array known_by;
  array outdated;
  for (const auto& [org, version] : stand.known) {
    object item = OrgJson(replica, org);
    item["version"] = version;
    if (version < stand.versions.size()) outdated.push_back(item);
    known_by.push_back(std::move(item));
  }
  const object& last = versions.back().as_object();
  return object{{"version", stand.versions.size()}, {"since", last.at("since")},
                {"sealed", last.at("sealed")},      {"own", OwnVersion(replica, stand)},
                {"versions", std::move(versions)},  {"known_by", std::move(known_by)},
                {"outdated", std::move(outdated)}};
}

object CharterSummary(const replica::Replica& replica, Time now) {
  const CharterStand stand = CharterOf(replica);
  return {{"version", stand.versions.size()},
          {"own", OwnVersion(replica, stand)},
          {"review", DayJson(stand.review_s)},
          {"review_overdue", stand.IsOverdue(now)}};
}

}  // namespace geflecht::api
