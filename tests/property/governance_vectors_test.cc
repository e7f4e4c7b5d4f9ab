// Worked cases: those of tests/golden/governance, those of a folder beside the repository, if there
// is one (GEFLECHT_SHARED), and those of the folder that GEFLECHT_GRAPHS names.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/dev_evaluate.h"
#include "node/governance/evaluate.h"

namespace geflecht::cli {
namespace {

using governance::Entry;
using governance::EntryId;

std::vector<GraphCase> CasesIn(const std::filesystem::path& file) {
  std::ifstream in(file);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  auto cases = ParseGraphs(text);
  EXPECT_TRUE(cases) << file << ": " << cases.error().detail;
  return cases.value_or(std::vector<GraphCase>());
}

void ExpectStateOf(const GraphCase& graph) {
  const auto state = EvaluateGraph(graph);
  ASSERT_TRUE(state) << graph.name << ": " << state.error().detail;
  const boost::json::object result = DescribeState(graph, *state);
  for (const auto& [key, value] : graph.expect) {
    const auto* const got = result.if_contains(key);
    EXPECT_TRUE(got != nullptr && *got == value)
        << graph.name << ": " << key << " is "
        << (got == nullptr ? "missing" : boost::json::serialize(*got)) << ", expected "
        << boost::json::serialize(value);
  }
}

// What the past of an entry gives is what somebody sees who has nothing else.
void ExpectPastsOf(const GraphCase& graph) {
  governance::Evaluator all;
  std::map<EntryId, std::set<EntryId>> pasts;
  for (const Entry& entry : graph.entries) {
    ASSERT_TRUE(all.Add(entry));
    if (std::holds_alternative<governance::Content>(entry.act)) continue;
    std::set<EntryId>& past = pasts[entry.id];
    for (const EntryId& parent : entry.parents)
      past.insert(pasts[parent].begin(), pasts[parent].end());
    past.insert(entry.id);
  }
  const std::size_t step = pasts.size() / 4 + 1;
  for (std::size_t i = 0; i < graph.entries.size(); i += step) {
    const EntryId& head = graph.entries[i].id;
    if (!pasts.contains(head)) continue;
    governance::Evaluator only;
    for (const Entry& entry : graph.entries)
      if (pasts[head].contains(entry.id)) {
        ASSERT_TRUE(only.Add(entry));
      }
    EXPECT_TRUE(*all.Evaluate({head}) == only.Evaluate()) << graph.name;
  }
}

class Vectors : public testing::TestWithParam<const char*> {};

TEST_P(Vectors, EveryCaseHasItsState) {
  const auto file = std::filesystem::path(GEFLECHT_SHARED_DIR) / "vectors/governance" / GetParam();
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no vectors " << file.filename();
  const auto cases = CasesIn(file);
  ASSERT_FALSE(cases.empty());
  for (const GraphCase& graph : cases) ExpectStateOf(graph);
}

INSTANTIATE_TEST_SUITE_P(Governance, Vectors,
                         testing::Values("golden.json", "random.json", "seals.json"),
                         [](const auto& file) {
                           return std::string(file.param, std::string(file.param).find('.'));
                         });

std::vector<std::filesystem::path> Files() {
  std::vector<std::filesystem::path> folders{std::filesystem::path(GEFLECHT_SOURCE_DIR) /
                                             "tests/golden/governance"};
  if (const char* more = std::getenv("GEFLECHT_GRAPHS")) folders.emplace_back(more);
  std::vector<std::filesystem::path> files;
  for (const auto& folder : folders)
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

class Graphs : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Graphs, HaveTheirStateAndSoHasEachPast) {
  const auto cases = CasesIn(GetParam());
  ASSERT_FALSE(cases.empty());
  for (const GraphCase& graph : cases) {
    EXPECT_FALSE(graph.expect.empty()) << graph.name;
    ExpectStateOf(graph);
    ExpectPastsOf(graph);
  }
}

INSTANTIATE_TEST_SUITE_P(Governance, Graphs, testing::ValuesIn(Files()), [](const auto& file) {
  std::string name = file.param.stem();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace geflecht::cli
