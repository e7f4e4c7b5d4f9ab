// Who may do what at one point of the graph: what certificates are judged by.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "node/governance/graph.h"
#include "node/governance/rule.h"

namespace geflecht::governance {

struct Powers {
  struct Member {
    Index org = kNone;
    Index root = kNone;
    bool active = true;
    bool operator==(const Member&) const = default;
  };
  std::vector<Member> members;  // by org
  std::vector<Index> left;      // gone by their own leave, whatever else happened; ascending
  std::vector<Index> devices;   // entitled, ascending
  std::vector<std::pair<Index, Index>> roles;        // organisation, role; of members
  std::vector<std::pair<Index, const Rule*>> rules;  // matter; always with kEveryMatter

  const Member* Find(Index org) const;
  bool IsActive(Index org) const;
  bool HasLeft(Index org) const;
  bool IsEntitled(Index device) const;
  bool HasRole(Index org, Index role) const;
  const Rule& RuleFor(Index matter, Index every) const;
};

struct Electorate {
  std::size_t n = 0;        // with the subject
  std::vector<Index> orgs;  // who may vote, ascending
};
// Of a proposal's matter: the active members, or those with a seat in the body, or in the circle
// that it would change or whose minutes it approves. Nobody, if fewer than two have one there.
Electorate ElectorateOf(const Powers& powers, const Subject& subject, std::string_view matter);

}  // namespace geflecht::governance
