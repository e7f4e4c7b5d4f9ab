#include "cli/dev_evaluate.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "node/governance/evaluate.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;
using governance::Alarm;
using governance::DoubleSigner;
using governance::EntryId;
using governance::OrgDevice;
using governance::Rule;
using governance::RuleKind;
using governance::State;

json::value DescribeRule(const GraphNames& names, const Rule& rule) {
  const auto name = [&]() -> std::string_view {
    switch (rule.kind) {
      case RuleKind::kUnanimity:
        return "unanimity";
      case RuleKind::kConsent:
        return "consent";
      case RuleKind::kTwoThirds:
        return "two-thirds";
      case RuleKind::kMajority:
        return "majority";
      case RuleKind::kQuorum:
        return "k";
      case RuleKind::kVotesCast:
        return "cast";
    }
    return "";
  }();
  if (rule.k == 0 && rule.carriers.empty()) return json::value(json::string(name));
  json::object out{{"kind", name}};
  if (rule.k > 0) out["k"] = rule.k;
  if (!rule.carriers.empty()) {
    json::array both;
    for (const auto& carrier : rule.carriers) both.emplace_back(names.NameOf(carrier));
    out["both"] = std::move(both);
  }
  return out;
}

}  // namespace

Result<State> EvaluateGraph(const GraphCase& graph) {
  governance::Evaluator evaluator;
  for (const governance::Entry& entry : graph.entries)
    if (const auto added = evaluator.Add(entry); !added)
      return Fail(Code::kMalformed,
                  graph.name + ": " + graph.names.NameOf(entry.id) + ": " + added.error().detail,
                  "hint.graph-file");
  return evaluator.Evaluate();
}

json::object DescribeState(const GraphCase& graph, const State& state) {
  const GraphNames& names = graph.names;
  json::object out;
  const auto ids = [&](const std::vector<EntryId>& list) {
    json::array array;
    for (const EntryId& id : list) array.emplace_back(names.NameOf(id));
    return array;
  };
  const auto devices = [&](const std::vector<OrgDevice>& list, bool cards) {
    json::array array;
    for (const OrgDevice& device : list)
      if (cards || !names.NameOf(device.device).empty())
        array.push_back(json::array{names.NameOf(device.org), names.NameOf(device.device)});
    return array;
  };
  json::array members, inactive, roles;
  for (const auto& member : state.members) {
    members.emplace_back(names.NameOf(member.org));
    if (!member.active) inactive.emplace_back(names.NameOf(member.org));
  }
  for (const auto& [org, role] : state.roles) roles.push_back(json::array{names.NameOf(org), role});
  json::object rules, signers;
  for (const auto& [matter, rule] : state.rules.by_matter)
    rules[matter] = DescribeRule(names, rule);
  for (const Alarm& alarm : state.alarms)
    if (const auto* const signer = std::get_if<DoubleSigner>(&alarm))
      signers[names.NameOf(signer->org)] = ids(signer->seals);
  out["members"] = std::move(members);
  out["inactive"] = std::move(inactive);
  out["rule"] = DescribeRule(names, state.rules.every);
  out["rules"] = std::move(rules);
  out["effective"] = ids(state.With(governance::Verdict::kEffective));
  out["provisional"] = ids(state.With(governance::Verdict::kProvisional));
  out["rejected"] = ids(state.With(governance::Verdict::kRejected));
  out["seal"] = nullptr;
  if (!state.seals.empty()) out["seal"] = names.NameOf(state.seals.back());
  out["seals"] = ids(state.seals);
  out["void"] = ids(state.voided);
  out["double"] = std::move(signers);
  out["devices"] = devices(state.devices, false);
  out["deprived"] = devices(state.deprived, true);
  out["roles"] = std::move(roles);
  out["standing"] = ids(state.standing);
  out["quarantined"] = ids(state.quarantined);
  return out;
}

}  // namespace geflecht::cli
