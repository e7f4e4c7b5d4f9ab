// The worked cases of a folder beside the repository, if there is one (GEFLECHT_SHARED).
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "cli/dev_evaluate.h"

namespace geflecht::cli {
namespace {

class Vectors : public testing::TestWithParam<const char*> {};

TEST_P(Vectors, EveryCaseHasItsState) {
  const auto file = std::filesystem::path(GEFLECHT_SHARED_DIR) / "vectors/governance" / GetParam();
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no vectors " << file.filename();
  std::ifstream in(file);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const auto cases = ParseGraphs(text);
  ASSERT_TRUE(cases) << cases.error().detail;
  ASSERT_FALSE(cases->empty());
  for (const GraphCase& graph : *cases) {
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
}

INSTANTIATE_TEST_SUITE_P(Governance, Vectors,
                         testing::Values("golden.json", "random.json", "seals.json"),
                         [](const auto& file) {
                           return std::string(file.param, std::string(file.param).find('.'));
                         });

}  // namespace
}  // namespace geflecht::cli
