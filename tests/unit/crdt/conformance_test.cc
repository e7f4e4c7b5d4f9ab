// Recorded histories of other engines with their final texts.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "cli/dev_trace.h"
#include "cli/trace_file.h"
#include "crdt/document.h"

namespace geflecht::crdt {
namespace {

const Schema kSchema{.type = "trace", .version = 1, .fields = {{"text", FieldType::kText, false}}};

std::filesystem::path Trace(const char* name) {
  return std::filesystem::path(GEFLECHT_SHARED_DIR) / "traces" / name;
}

#define NEED(file) \
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no trace " << (file).filename()

std::string TextOf(const std::vector<Change>& changes) {
  Document document(kSchema, AgentId{});
  for (const Change& change : changes) document.Apply(change);
  EXPECT_TRUE(document.Voids().empty());
  EXPECT_TRUE(document.Waiting().empty());
  return document.Text("/text").value();
}

TEST(Conformance, EveryHistoryEndsWithItsText) {
  const auto file = Trace("conformance-egwalker.json.gz");
  NEED(file);
  const auto histories = cli::ReadTraceFile(file);
  ASSERT_TRUE(histories);
  ASSERT_EQ(histories->size(), 700u);
  int wrong = 0;
  for (const cli::TraceHistory& history : *histories)
    if (TextOf(cli::TraceChanges(history)) != history.end) ++wrong;
  EXPECT_EQ(wrong, 0);
}

TEST(Conformance, EveryOrderOfDeliveryEndsWithTheSameText) {
  const auto file = Trace("conformance-egwalker.json.gz");
  NEED(file);
  const auto histories = cli::ReadTraceFile(file);
  ASSERT_TRUE(histories);
  std::mt19937 random(20240607);
  for (std::size_t i = 0; i < histories->size(); i += 10) {
    std::vector<Change> changes = cli::TraceChanges((*histories)[i]);
    std::shuffle(changes.begin(), changes.end(), random);
    EXPECT_EQ(TextOf(changes), (*histories)[i].end) << "history " << i;
  }
}

TEST(Conformance, LiveTypingOfTwoEndsWithItsText) {
  const auto file = Trace("friendsforever.json.gz");
  NEED(file);
  const auto report = cli::RunTrace(file, cli::TraceMode::kMerge, 1);
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_TRUE(report->final_ok);
  EXPECT_EQ(report->edits, 26078u);
}

TEST(Conformance, ConcurrentTracesEndWithTheirTextInEveryModeThatTheyAllow) {
  using enum cli::TraceMode;
  for (const char* name :
       {"friendsforever.json.gz", "node_nodecc.json.gz", "conformance-egwalker.json.gz"}) {
    SCOPED_TRACE(name);
    const auto file = Trace(name);
    NEED(file);
    for (const cli::TraceMode mode : {kMerge, kLoad, kCheckout}) {
      const auto report = cli::RunTrace(file, mode, 1);
      ASSERT_TRUE(report) << report.error().detail;
      EXPECT_TRUE(report->final_ok) << static_cast<int>(mode);
      EXPECT_LT(report->live_bytes, 100'000'000u);
    }
  }
}

TEST(Conformance, SequentialTypingEndsWithItsTextInEveryMode) {
  const auto file = Trace("friendsforever_flat.json.gz");
  NEED(file);
  using enum cli::TraceMode;
  std::uint64_t changes = 0;
  for (const cli::TraceMode mode : {kLocal, kLive, kMerge, kLoad, kCheckout}) {
    const auto report = cli::RunTrace(file, mode, 1);
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_TRUE(report->final_ok) << static_cast<int>(mode);
    if (mode == kLoad || mode == kCheckout) {
      EXPECT_LT(report->bytes, changes) << "a file is packed";
    } else {
      EXPECT_GT(report->bytes, 23720u) << "changes say every character";
      changes = report->bytes;
    }
    EXPECT_GT(report->live_bytes, 23720u);
    EXPECT_EQ(report->load_ms.has_value(), mode == kLoad);
    EXPECT_EQ(report->hot_bytes.value_or(0) > report->live_bytes, mode == kLoad);
  }
}

TEST(TraceFile, RefusesWhatIsNoTrace) {
  EXPECT_EQ(cli::RunTrace("/nowhere.json.gz", cli::TraceMode::kMerge, 1).error().code,
            Code::kNotFound);
  EXPECT_EQ(
      cli::RunTrace(GEFLECHT_SOURCE_DIR "/CMakeLists.txt", cli::TraceMode::kMerge, 1).error().code,
      Code::kMalformed);
  EXPECT_EQ(cli::RunTrace(GEFLECHT_SOURCE_DIR, cli::TraceMode::kMerge, 1).error().hint,
            "hint.file-is-folder");
  const auto small = std::filesystem::path(testing::TempDir()) / "small.json";
  const auto run = [&small](const char* text) {  // what is not packed is read as it is
    std::ofstream(small) << text;
    return cli::RunTrace(small, cli::TraceMode::kLocal, 1);
  };
  EXPECT_TRUE(run(R"({"endContent": "a", "txns": [{"patches": [[0, 0, "a"]]}]})")->final_ok);
  EXPECT_FALSE(run(R"({"endContent": "b", "txns": [{"patches": [[0, 0, "a"]]}]})")->final_ok);
  for (const char* wrong :
       {R"({"endContent": "a", "txns": [{"patches": [[1, 0, "a"]]}]})", "[]", "{}", "7", "[", ""}) {
    const auto refused = run(wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, Code::kMalformed) << wrong;
    EXPECT_EQ(refused.error().hint, "hint.trace-file") << wrong;
  }
  std::filesystem::remove(small);
  const auto file = Trace("friendsforever.json.gz");
  NEED(file);
  const auto cut = std::filesystem::path(testing::TempDir()) / "cut.json.gz";
  std::filesystem::copy_file(file, cut, std::filesystem::copy_options::overwrite_existing);
  std::filesystem::resize_file(cut, std::filesystem::file_size(file) / 2);
  EXPECT_EQ(cli::RunTrace(cut, cli::TraceMode::kMerge, 1).error().hint, "hint.trace-file");
  std::filesystem::remove(cut);
  EXPECT_EQ(cli::RunTrace(file, cli::TraceMode::kLocal, 1).error().hint, "hint.trace-mode");
  EXPECT_EQ(cli::RunTrace(file, cli::TraceMode::kMerge, 0).error().code, Code::kUsage);
}

}  // namespace
}  // namespace geflecht::crdt
