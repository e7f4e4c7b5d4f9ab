// `geflecht dev evaluate`: decision graphs in a readable form, and the state of each
// (docs/formats/state.md, Graphs as JSON).
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/governance/entry.h"
#include "node/governance/state.h"

namespace geflecht::cli {

// Gives names of a case 32 bytes each, in the order of the names.
class GraphNames {
 public:
  explicit GraphNames(std::vector<std::string> names);
  // Of a name that was given; zeros for any other.
  template <class Id>
  Id Of(const std::string& name) const {
    Id id;
    Fill(name, id.bytes.data());
    return id;
  }
  template <class Id>
  const std::string& NameOf(const Id& id) const {
    return At(id.bytes.data());
  }

 private:
  void Fill(const std::string& name, std::uint8_t* bytes) const;
  const std::string& At(const std::uint8_t* bytes) const;
  std::vector<std::string> names_;  // ascending
};

struct GraphCase {
  std::string name;
  GraphNames names;
  std::vector<governance::Entry> entries;
  boost::json::object expect;  // empty if the case has none
};

// One case, a list of them, or an object with a list `cases`. kMalformed ("hint.graph-file").
Result<std::vector<GraphCase>> ParseGraphs(std::string_view json);
// The state after all entries. kMalformed if an entry stands before its past.
Result<governance::State> EvaluateGraph(const GraphCase& graph);
// With the keys of `expect`.
boost::json::object DescribeState(const GraphCase& graph, const governance::State& state);

}  // namespace geflecht::cli
