// Replica's papers and persons: texts that are frozen, who wrote them, who may sign for whom.
#include "base/check.h"
#include "node/governance/kinds.h"
#include "node/replica/replica.h"

namespace geflecht::replica {

Result<log::EntryId> Replica::AddPerson(const governance::PersonAddBody& person, Time now) {
  TRY(CheckMayWrite());
  if (person.proof.statement.org != members().ByDevice(self())->org)
    return Fail(Code::kNotPermitted, "another organisation's mandate", "hint.person-other-org");
  auto said = governance::SayPersonAdd(person, random_);
  if (!said) return Fail(said.error().code, said.error().detail, "hint.person-form");
  return WriteRoot(governance::kPersonAdd, std::nullopt, *said, now);
}

Result<log::EntryId> Replica::EndPerson(const log::EntryId& mandate, Time now) {
  TRY(CheckMayWrite());
  const governance::Mandate* found = council_.mandates().Find(mandate);
  if (found == nullptr || found->org != members().ByDevice(self())->org)
    return Fail(Code::kNotFound, "no mandate of this organisation", "hint.no-mandate");
  if (!found->ends.empty())
    return Fail(Code::kConflict, "the mandate has ended", "hint.mandate-ended");
  return WriteRoot(governance::kPersonEnd, mandate, {}, now);
}

Result<void> Replica::LoadPapers(const SpaceLog& log) {
  const auto [papers, fresh] = papers_.try_emplace(log.space(), view_, founding_.network(),
                                                   log.space(), council_.mandates());
  CHECK(fresh);
  return papers->second.Load(log);
}

std::vector<const Paper*> Replica::AllPapers() const {
  std::vector<const Paper*> all;
  for (const log::SpaceId& space : DocumentSpaces())
    for (const Paper& paper : papers(space).all()) all.push_back(&paper);
  return all;
}

const Paper* Replica::FindPaper(const log::EntryId& id) const {
  for (const auto& [space, held] : papers_)
    if (const Paper* const paper = held.papers.Find(id)) return paper;
  return nullptr;
}

Result<log::EntryId> Replica::Freeze(const governance::Frozen& frozen, const log::SpaceId& space,
                                     Time now) {
  TRY(CheckMayWriteIn(space));
  ASSIGN(const governance::Said said, governance::SayFrozen(frozen, random_));
  return WriteOwn(*FindLog(space), {governance::kFreeze, std::nullopt, &said.body, said.evidence},
                  now);
}

Result<std::optional<log::Body>> Replica::BodyOf(const Paper& paper) const {
  const SpaceLog& log = Log(paper.space);
  ASSIGN(const auto stored, log.Arrival(paper.arrival));
  if (!stored) return Fail(Code::kCorruption, "a paper is not in the log");
  if (!stored->body_here) return std::optional<log::Body>();
  return log.BodyOf(*stored);
}

std::optional<log::OrgId> Replica::OrgOf(const Paper& paper) const {
  return council_.OrgAt(paper.device, paper.basis);
}

}  // namespace geflecht::replica
