// Both oracles reach the final texts of recorded histories of other engines.
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/dev_trace.h"
#include "cli/trace_file.h"
#include "crdt/utf8.h"
#include "tests/oracle/describe.h"
#include "tests/oracle/tree_fugue.h"

namespace geflecht::crdt::oracle {
namespace {

const Schema kSchema{.type = "trace", .version = 1, .fields = {{"text", FieldType::kText, false}}};

std::filesystem::path Trace(const char* name) {
  return std::filesystem::path(GEFLECHT_SHARED_DIR) / "traces" / name;
}

TEST(OracleConformance, BothOraclesReachEveryFinalText) {
  const auto file = Trace("conformance-egwalker.json.gz");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no trace " << file.filename();
  const auto histories = cli::ReadTraceFile(file);
  ASSERT_TRUE(histories);
  ASSERT_EQ(histories->size(), 700u);
  int wrong = 0, fugue = 0, max = 0;
  for (const cli::TraceHistory& history : *histories) {
    Document document(kSchema);
    for (const Change& change : cli::TraceChanges(history)) document.Apply(change);
    const std::u32string end = *DecodeUtf8(history.end);
    wrong += Texts(document).at("/text") != end;
    fugue += TextByTreeFugue(document.history(), "/text", SiblingOrder::kFugue) != end;
    max += TextByTreeFugue(document.history(), "/text", SiblingOrder::kFugueMax) != end;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(fugue, 0);
  EXPECT_GT(max, 0) << "the histories do not tell Fugue from FugueMax";
}

}  // namespace
}  // namespace geflecht::crdt::oracle
