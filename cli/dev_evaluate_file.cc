// The cases of `geflecht dev evaluate`.
#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <stdexcept>

#include "cli/dev_evaluate.h"

namespace geflecht::cli {
namespace {

namespace json = boost::json;
using governance::Entry;
using governance::EntryId;
using governance::OrgId;
using governance::Position;
using governance::Rule;
using governance::RuleKind;

constexpr const char* kHint = "hint.graph-file";

// Members of the wrong kind throw; ParseGraphs turns that into kMalformed.
std::string Text(const json::value& from) { return std::string(from.as_string()); }
std::string TextOr(const json::object& from, const char* key, std::string other) {
  const json::value* const value = from.if_contains(key);
  return value == nullptr ? other : Text(*value);
}
[[noreturn]] void Wrong(const std::string& what) { throw std::invalid_argument(what); }

class CaseReader {
 public:
  CaseReader(const GraphNames& names, const json::object& entry) : names_(names), from_(entry) {}

  Entry Read() const {
    Entry entry;
    entry.id = Id(from_.at("id"));
    entry.parents = Ids("parents");
    const bool root = from_.contains("root");
    entry.author = {Org(from_.at("by")), Key(TextOr(from_, root ? "root" : "device", "")), root};
    entry.act = Act();
    return entry;
  }

 private:
  EntryId Id(const json::value& name) const { return names_.Of<EntryId>(Text(name)); }
  OrgId Org(const json::value& name) const { return names_.Of<OrgId>(Text(name)); }
  crypto::PublicKey Key(const std::string& name) const {
    return names_.Of<crypto::PublicKey>(name);
  }
  std::vector<EntryId> Ids(const char* key) const {
    std::vector<EntryId> out;
    for (const json::value& id : from_.at(key).as_array()) out.push_back(Id(id));
    return out;
  }

  Rule ReadRule(const json::value& from) const {
    const json::object* const object = from.if_object();
    const std::string kind = object != nullptr ? Text(object->at("kind")) : Text(from);
    Rule rule;
    if (kind == "unanimity") {
      rule.kind = RuleKind::kUnanimity;
    } else if (kind == "consent") {
      rule.kind = RuleKind::kConsent;
    } else if (kind == "two-thirds") {
      rule.kind = RuleKind::kTwoThirds;
    } else if (kind == "majority") {
      rule.kind = RuleKind::kMajority;
    } else if (kind == "k") {
      rule.kind = RuleKind::kQuorum;
    } else if (kind == "cast") {
      rule.kind = RuleKind::kVotesCast;
    } else {
      Wrong("no rule: " + kind);
    }
    if (object == nullptr) return rule;
    if (const json::value* const k = object->if_contains("k"))
      rule.k = k->to_number<std::uint32_t>();
    if (const json::value* const both = object->if_contains("both"))
      for (const json::value& org : both->as_array()) rule.carriers.push_back(Org(org));
    std::sort(rule.carriers.begin(), rule.carriers.end());
    return rule;
  }

  governance::CardKeys Card(const json::value& org, const std::string& root) const {
    return {Org(org), Key(root), Key(root)};
  }

  governance::Act Act() const {
    const std::string type = Text(from_.at("type"));
    if (from_.contains("basis"))
      return governance::Content{Ids("basis"), TextOr(from_, "space", "")};
    if (type == "charter") return Charter();
    if (type == "proposal") return governance::Proposal{Measure()};
    if (type == "vote") return governance::Vote{Id(from_.at("about")), ReadPosition()};
    if (type == "enact") return governance::Enact{Id(from_.at("about")), Ids("votes")};
    if (type == "seal") return governance::Seal{};
    if (type == "seal-vote") return governance::SealVote{Id(from_.at("about"))};
    if (type == "device.add") return governance::AddDevice{Key(Text(from_.at("subject")))};
    if (type == "device.revoke") return governance::RevokeDevice{Key(Text(from_.at("subject")))};
    if (type == "org.leave") return governance::Leave{};
    if (type == "fork.evidence") {
      const json::array& subject = from_.at("subject").as_array();
      return governance::ForkEvidence{
          {Org(subject.at(0)), Key(Text(subject.at(1)))},
          names_.Of<governance::ForkPosition>(Text(from_.at("position")))};
    }
    return governance::Other{};
  }

  governance::Charter Charter() const {
    governance::Charter charter;
    for (const json::value& org : from_.at("founders").as_array())
      charter.founders.push_back(Card(org, ""));
    charter.rules.every = ReadRule(from_.at("rule"));
    if (const json::value* const rules = from_.if_contains("rules"))
      for (const auto& [matter, rule] : rules->as_object())
        charter.rules.by_matter[std::string(matter)] = ReadRule(rule);
    return charter;
  }

  governance::Measure Measure() const {
    const std::string matter = Text(from_.at("matter"));
    const auto& subject = [&]() -> const json::value& { return from_.at("subject"); };
    const std::string value = TextOr(from_, "value", "");
    if (matter == governance::kAdmit) return governance::Admit{Card(subject(), value)};
    if (matter == governance::kRemove) return governance::Remove{Org(subject())};
    if (matter == governance::kInactive) return governance::SetInactive{Org(subject())};
    if (matter == governance::kRekey) return governance::Rekey{Card(subject(), value)};
    if (matter == governance::kRole) {
      if (!value.starts_with('+') && !value.starts_with('-')) Wrong("no role: " + value);
      return governance::ChangeRole{Org(subject()), value.substr(1), value[0] == '+'};
    }
    if (matter == governance::kRule && from_.contains("subject"))
      return governance::ChangeRule{TextOr(from_, "for", "*"), ReadRule(subject())};
    return governance::Resolve{matter};
  }

  Position ReadPosition() const {
    const std::string position = Text(from_.at("position"));
    if (position == "yes") return Position::kYes;
    if (position == "no") return Position::kNo;
    if (position == "abstain") return Position::kAbstain;
    if (position == "objection") return Position::kObjection;
    Wrong("no position: " + position);
  }

  const GraphNames& names_;
  const json::object& from_;
};

// Every string of the case: ids, organisations, keys and places of forks are among them.
void Collect(const json::value& from, std::vector<std::string>& names) {
  if (const auto* const text = from.if_string()) names.emplace_back(*text);
  if (const auto* const array = from.if_array())
    for (const json::value& part : *array) Collect(part, names);
  if (const auto* const object = from.if_object())
    for (const auto& part : *object) Collect(part.value(), names);
}

GraphCase ReadCase(const json::object& from) {
  std::vector<std::string> names{""};
  Collect(from.at("entries"), names);
  GraphCase graph{TextOr(from, "name", ""), GraphNames(std::move(names)), {}, {}};
  for (const json::value& entry : from.at("entries").as_array())
    graph.entries.push_back(CaseReader(graph.names, entry.as_object()).Read());
  if (const json::value* const expect = from.if_contains("expect"))
    graph.expect = expect->as_object();
  return graph;
}

}  // namespace

GraphNames::GraphNames(std::vector<std::string> names) : names_(std::move(names)) {
  std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

void GraphNames::Fill(const std::string& name, std::uint8_t* bytes) const {
  const auto at = std::lower_bound(names_.begin(), names_.end(), name);
  if (at == names_.end() || *at != name) return;
  const auto rank = static_cast<std::uint32_t>(at - names_.begin());
  for (std::size_t i = 0; i < 4; ++i) bytes[31 - i] = static_cast<std::uint8_t>(rank >> (8 * i));
}

const std::string& GraphNames::At(const std::uint8_t* bytes) const {
  std::size_t rank = 0;
  for (std::size_t i = 28; i < 32; ++i) rank = rank << 8 | bytes[i];
  return names_.at(rank);
}

Result<std::vector<GraphCase>> ParseGraphs(std::string_view text) {
  std::vector<GraphCase> cases;
  try {
    const json::value file = json::parse(text);
    const json::object* const object = file.if_object();
    if (object != nullptr && !object->contains("cases")) {
      cases.push_back(ReadCase(*object));
      return cases;
    }
    const json::array& list = object != nullptr ? object->at("cases").as_array() : file.as_array();
    for (const json::value& one : list) cases.push_back(ReadCase(one.as_object()));
  } catch (const std::exception& wrong) {
    return Fail(Code::kMalformed, "case " + std::to_string(cases.size() + 1) + ": " + wrong.what(),
                kHint);
  }
  return cases;
}

}  // namespace geflecht::cli
