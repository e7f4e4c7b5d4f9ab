// A network with a closed circle in which entries stand.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "node/governance/space.h"
#include "tests/unit/audit/fixture.h"
#include "tests/unit/audit/governed.h"

namespace geflecht::audit::testing {

// Organisations 1 to 3 write in the circle, which the fourth observes; the third leaves it. What is
// decided is sealed, all name what they know and answer an audit.
struct CircledWorld {
  explicit CircledWorld(bool gathered = true) : world(Founded(4)), council(world) {
    std::string value = "kind steering\nname Kreis <b>\n" + Lines({1, 2, 3}, "member", "");
    value += Lines({4}, "observer", " 2030-01-01");
    circle = governance::SpaceOf(Decide("new", value, {1, 2, 3}));
    world.GoTo(circle);
    const log::EntryId first = Write(1);
    const log::EntryId second = Write(2, {first});
    Write(3, {second});
    Decide(circle.Hex(), Lines({3}, "-member", ""), {1, 2, 3});
    Write(2, {});
    council.Seal({1, 2, 3, 4});
    world.GoTo(std::nullopt);
    for (const std::uint8_t org : Orgs{1, 2, 3, 4}) Gather(org);
    world.GoTo(circle);
    Gather(1);
    if (gathered) Gather(2);
    world.GoTo(std::nullopt);
    council.Request(2, std::string(kNonce));
    for (const std::uint8_t org : Orgs{1, 3, 4}) council.WriteAll(org, governance::kGather);
  }

  static std::string Lines(const Orgs& orgs, const std::string& word, const std::string& day) {
    std::vector<log::OrgId> ids;
    for (const std::uint8_t org : orgs) ids.push_back(OrgCard(org).org());
    std::sort(ids.begin(), ids.end());
    std::string out;
    for (const log::OrgId& id : ids) out += word + " " + id.Hex() + day + "\n";
    return out;
  }
  log::EntryId Decide(std::string subject, std::string value, const Orgs& orgs) {
    const log::EntryId proposal = council.Propose(
        {"space", std::move(subject), std::move(value), std::nullopt, "Antrag", "", ""});
    std::vector<log::EntryId> votes;
    for (const std::uint8_t org : orgs)
      votes.push_back(council.Vote(org, proposal, governance::Position::kYes));
    council.Enact(proposal, votes);
    return proposal;
  }
  // An entry where the world is, which knows all that is decided.
  log::EntryId Write(std::uint8_t org, std::vector<log::EntryId> seen = {}) {
    return world.Change(org, std::move(seen), [&](log::Header& header) { Rely(header); });
  }
  void Gather(std::uint8_t org) {
    world.Gather(org, {}, [&](log::Header& header) { Rely(header); });
  }
  void Rely(log::Header& header) const {
    header.basis = council.Heads();
    std::sort(header.basis.begin(), header.basis.end());
    header.time_s = log::testing::kNoon;
  }
  ExportOptions Along() const {
    ExportOptions options = ExportedAt(log::testing::kNoon + 60);
    options.spaces = {circle};
    return options;
  }
  Report Verified(const ExportOptions& options) const {
    return Verify(world.Exported(options), world.network(),
                  {Mode::kFull, std::string(kNonce), nullptr});
  }
  static const Coverage& Of(const Report& report, const log::SpaceId& space) {
    for (const Coverage& coverage : report.spaces)
      if (coverage.space == space) return coverage;
    CHECK(false);
    return report.spaces.front();
  }

  World world;
  Council council;
  log::SpaceId circle;
};

}  // namespace geflecht::audit::testing
