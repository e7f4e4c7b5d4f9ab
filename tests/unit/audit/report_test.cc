#include "node/audit/report.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "fixture.h"

namespace geflecht::audit {
namespace {

using namespace testing;

TEST(ReportText, SaysWhatTheBundleHolds) {
  const World world = MergedWorld();
  const Report report = Verify(world.Exported(), world.network());
  const std::string german = RenderText(report, i18n::Lang::kDe);
  const std::string english = RenderText(report, i18n::Lang::kEn);
  for (const std::string& part :
       std::vector<std::string>{world.network().Hex(), "Verein 2 e. V.", "Hilfenetz \"Nord\"",
                                world.space().Hex(), Device(1).public_key().Hex()}) {
    EXPECT_NE(german.find(part), std::string::npos) << part;
    EXPECT_NE(english.find(part), std::string::npos) << part;
  }
  EXPECT_NE(german.find("7 Einträge"), std::string::npos) << german;
  EXPECT_NE(english.find("7 entries"), std::string::npos) << english;
  EXPECT_NE(german.find("Nicht versiegelt"), std::string::npos);
  EXPECT_NE(english.find("Not sealed"), std::string::npos);
  EXPECT_EQ(german.back(), '\n');
  EXPECT_EQ(german.find("audit."), std::string::npos) << german;
  EXPECT_EQ(english.find("audit."), std::string::npos) << english;
}

TEST(ReportText, NamesFileLineAndReasonOfEachProblem) {
  World world = MergedWorld();
  Bundle bundle = world.Exported();
  const std::string name = FeedFileName(world.FeedOf(1));
  SetText(bundle, name, log::testing::Replace(Text(bundle, name), "seq 0", "seq 00"));
  const Report report = Verify(Resealed(bundle, world.network()), world.network());
  const std::string text = RenderText(report, i18n::Lang::kEn);
  EXPECT_NE(text.find(name + ":6: No entry in the prescribed form. [header]"), std::string::npos)
      << text;
  EXPECT_NE(text.find("NOT valid"), std::string::npos);
}

TEST(ReportText, EveryVerdictReasonAndPointHasASentence) {
  std::set<std::string> keys;
  for (const Verdict verdict : {Verdict::kComplete, Verdict::kInvalid, Verdict::kIncomplete,
                                Verdict::kForked, Verdict::kUnreadable})
    keys.insert("audit.verdict." + std::string(VerdictName(verdict)));
  for (const std::string file :
       {"check_bodies", "check_charter", "check_checkpoints", "check_feeds", "check_files",
        "check_governance", "check_completeness", "check_heads", "check_receipt"}) {
    std::ifstream in(std::string(GEFLECHT_SOURCE_DIR) + "/node/audit/" + file + ".cc");
    const std::string code{std::istreambuf_iterator<char>(in), {}};
    const std::regex bad(R"(Bad\([^;"]*"([a-z-]+)\")");
    for (std::sregex_iterator it(code.begin(), code.end(), bad), end; it != end; ++it)
      keys.insert("audit.reason." + (*it)[1].str());
  }
  EXPECT_GT(keys.size(), 35u);
  for (const std::string key : {"audit.reason.empty", "audit.reason.too-large",
                                "audit.point.not-sealed", "audit.point.withheld-evidence",
                                "audit.point.not-requested", "audit.point.not-answered",
                                "audit.point.not-gathered", "audit.point.not-covered"})
    keys.insert(key);
  for (const std::string& key : keys) EXPECT_TRUE(i18n::HasKey(key)) << key;

  std::ifstream in(std::string(GEFLECHT_SOURCE_DIR) + "/docs/formats/bundle.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  for (const std::string& key : keys)
    EXPECT_NE(page.find("`" + key.substr(key.rfind('.') + 1) + "`"), std::string::npos) << key;
}

TEST(ReportText, HoldsNothingThatControlsATerminal) {
  const World world = MergedWorld();
  Bundle bundle = world.Exported();
  SetText(bundle, "\x1b[2J\nkeys/\x9b", "x");
  for (const i18n::Lang lang : {i18n::Lang::kDe, i18n::Lang::kEn}) {
    const std::string text = RenderText(Verify(bundle, world.network()), lang);
    for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
    EXPECT_EQ(text.find('\x7f'), std::string::npos);
  }
}

}  // namespace
}  // namespace geflecht::audit
