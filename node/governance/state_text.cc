#include "node/governance/state_text.h"

#include <string_view>

namespace geflecht::governance {
namespace {

void AddRule(std::string& out, std::string_view matter, const Rule& rule) {
  out.append("rule ").append(matter).append(" ").append(RenderRule(rule)).append("\n");
}

}  // namespace

std::string RenderState(const State& state) {
  std::string out = "geflecht-state@v1\n";
  for (const MemberState& member : state.members)
    out.append("member ")
        .append(member.org.Hex())
        .append(" ")
        .append(member.root.Hex())
        .append(member.active ? " active\n" : " inactive\n");
  for (const auto& [org, role] : state.roles)
    out.append("role ").append(org.Hex()).append(" ").append(role).append("\n");
  for (const OrgDevice& device : state.devices)
    out.append("device ")
        .append(device.org.Hex())
        .append(" ")
        .append(device.device.Hex())
        .append("\n");
  AddRule(out, kEveryMatter, state.rules.every);
  for (const auto& [matter, rule] : state.rules.by_matter) AddRule(out, matter, rule);
  for (const Decision& decision : state.decisions)
    out.append("decision ")
        .append(decision.proposal.Hex())
        .append(" ")
        .append(VerdictName(decision.verdict))
        .append("\n");
  return out;
}

crypto::Hash256 HashOf(const State& state) {
  const std::string text = RenderState(state);
  return crypto::Sha256(AsBytes(std::string_view(text)));
}

}  // namespace geflecht::governance
