// What decisions that erase ask for, and whether it was carried out.
#include <set>

#include "node/audit/examination.h"
#include "node/governance/rule.h"

namespace geflecht::audit {
namespace {

std::string NameAt(const Examination& exam, const DecidedErasure& said) {
  const auto org = exam.root->OrgAt(said.device, said.basis);
  return org ? exam.root->NameOf(*org) : std::string();
}

std::vector<CarriedErasure> CarriedBy(const Examination& exam, const log::EntryId& proposal) {
  std::vector<CarriedErasure> carried;
  for (const auto& [entry, said] : exam.erasures.DecidedBy(proposal)) {
    std::set<std::string> names;
    for (const DecidedErasure& receipt : exam.erasures.ReceiptsOf(entry))
      if (std::string name = NameAt(exam, receipt); !name.empty()) names.insert(std::move(name));
    carried.push_back({entry, NameAt(exam, said), said.time_s, {names.begin(), names.end()}});
  }
  return carried;
}

}  // namespace

void CheckErasures(Examination& exam) {
  if (!exam.root) return;
  for (DecisionFact& decision : exam.report.decisions) {
    const governance::ProposalBody* const said = exam.root->ProposalOf(decision.proposal);
    if (said == nullptr || said->matter != governance::kContent) continue;
    const auto space = log::SpaceId::FromHexText(said->subject);
    auto asked = log::ParseErasure(said->value);
    if (!space || !asked) continue;  // text of a decision without effect on content
    decision.erases = ErasureFact{*space, *std::move(asked), CarriedBy(exam, decision.proposal)};
  }
}

}  // namespace geflecht::audit
