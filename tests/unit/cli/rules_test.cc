#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <ctime>

#include "cli/deadline.h"
#include "cli/orgs.h"
#include "cli/rule_text.h"
#include "cli/rules_file.h"

namespace geflecht::cli {
namespace {

const std::vector<NamedOrg>& Orgs() {
  static const std::vector<NamedOrg> orgs = {{std::string(64, 'b'), "Jugendamt"},
                                             {std::string(64, 'a'), "Jugendamt Nord"},
                                             {"abcdef0" + std::string(57, '0'), "Klinikum"},
                                             {"abcdef1" + std::string(57, '0'), "Praxis"}};
  return orgs;
}

std::string HintOf(const auto& result) { return result ? "" : result.error().hint; }

TEST(MatchOrgTest, AWholeNameComesFirstThenItsBeginningThenAnId) {
  EXPECT_EQ(MatchOrg("jugendamt", Orgs())->id, std::string(64, 'b'));
  EXPECT_EQ(MatchOrg("Jugendamt N", Orgs())->id, std::string(64, 'a'));
  EXPECT_EQ(MatchOrg("ABCDEF0", Orgs())->name, "Klinikum");
}

TEST(MatchOrgTest, NothingAndSeveralAreSaid) {
  EXPECT_EQ(HintOf(MatchOrg("Jug", Orgs())), "hint.org-ambiguous");
  EXPECT_EQ(HintOf(MatchOrg("abcdef", Orgs())), "hint.org-ambiguous");
  for (const char* typed : {"", "abcde", "Amt", "abcdef2"})
    EXPECT_EQ(HintOf(MatchOrg(typed, Orgs())), "hint.org-unknown") << typed;
}

TEST(RuleTextTest, CarriersAreNamedInAnyOrder) {
  const auto rule = RuleFrom("two-thirds both Jugendamt, both Klinikum", Orgs());
  ASSERT_TRUE(rule);
  EXPECT_EQ(governance::RenderRule(*rule),
            "two-thirds both abcdef0" + std::string(57, '0') + " both " + std::string(64, 'b'));
  EXPECT_EQ(RuleWords(i18n::Lang::kDe, *rule, Orgs()),
            "zwei Drittel aller, und Ja von Klinikum und Jugendamt");
  EXPECT_EQ(RuleWords(i18n::Lang::kEn, "quorum 3", {}), "3 yes votes");
  EXPECT_EQ(RuleWords(i18n::Lang::kEn, "no rule at all", {}), "no rule at all");
}

TEST(RuleTextTest, WhatIsNoRuleIsRefused) {
  for (const char* typed : {"", "most", "quorum", "quorum x", "majority 3", "both Klinikum"})
    EXPECT_EQ(HintOf(RuleFrom(typed, Orgs())), "hint.rule-form") << typed;
  EXPECT_EQ(HintOf(RuleFrom("majority both Nobody", Orgs())), "hint.org-unknown");
}

TEST(RuleTextTest, MattersHaveWordsOrAreTheirOwn) {
  EXPECT_EQ(MatterWords(i18n::Lang::kDe, "*"), "Alles Übrige");
  EXPECT_EQ(MatterWords(i18n::Lang::kDe, "body:vorstand"), "Gremium vorstand");
  EXPECT_EQ(MatterWords(i18n::Lang::kDe, "others"), "others");
  EXPECT_EQ(MatterWords(i18n::Lang::kDe, "money"), "money");
}

TEST(RulesFileTest, EveryLineIsTaken) {
  const auto terms = ReadRulesFile(
      "\xEF\xBB\xBF# Regeln\r\n\r\npurpose Wozu\r\nreview 2027-01-01\r\noffline-days 30\r\n"
      "  rule  *   majority  \r\nrule money quorum 1\r\npoint Eins.\r\npoint Zwei.",
      Orgs());
  ASSERT_TRUE(terms);
  EXPECT_EQ(boost::json::serialize(*terms),
            R"({"purpose":"Wozu","review":"2027-01-01","offline_days":30,)"
            R"("rules":[{"matter":"*","rule":"majority"},{"matter":"money","rule":"quorum 1"}],)"
            R"("points":["Eins.","Zwei."]})");
  EXPECT_TRUE(ReadRulesFile("", Orgs())->empty());
}

TEST(RulesFileTest, TheLineThatIsWrongIsNamed) {
  for (const char* line : {"purpose", "purpose a\npurpose b", "word x", "offline-days 3 days",
                           "rule", "rule money", "rule a majority\nrule a majority"}) {
    const auto terms = ReadRulesFile(std::string("# 1\n") + line, Orgs());
    ASSERT_FALSE(terms) << line;
    const bool second = std::string_view(line).find('\n') != std::string_view::npos;
    EXPECT_TRUE(terms.error().detail.starts_with(second ? "line 3: " : "line 2: "))
        << terms.error().detail;
    EXPECT_FALSE(terms.error().hint.empty());
  }
}

TEST(DeadlineTest, ADayEndsWhereItsPeopleLive) {
  ::setenv("TZ", "Europe/Berlin", 1);
  ::tzset();
  constexpr std::int64_t kNow = 1'795'363'200;  // 2026-11-22T16:00:00Z
  EXPECT_EQ(*DeadlineFrom("2026-12-24", kNow), "2026-12-24T22:59:59Z");
  EXPECT_EQ(*DeadlineFrom("24.12.2026", kNow), "2026-12-24T22:59:59Z");
  EXPECT_EQ(*DeadlineFrom("1.7.2027", kNow), "2027-07-01T21:59:59Z");
  EXPECT_EQ(*DeadlineFrom("14", kNow), "2026-12-06T22:59:59Z");
  for (const char* typed : {"", "0", "-1", "3651", "2026-11-21", "31.11.2026", "2026-13-01",
                            "24.12.2026 ", "24.12.", "morgen", "2026-12-24T10:00:00Z"})
    EXPECT_EQ(HintOf(DeadlineFrom(typed, kNow)), "hint.deadline") << typed;
}

}  // namespace
}  // namespace geflecht::cli
