#include "node/governance/rule.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/governance/charter_rules.h"
#include "node/governance/kinds.h"
#include "node/governance/tally.h"
#include "tests/golden/golden.h"
#include "tests/unit/log/fixture.h"

namespace geflecht::governance {
namespace {

log::OrgId Org(std::uint8_t number) {
  log::OrgId org;
  org.bytes[0] = number;
  return org;
}
std::vector<log::OrgId> Members(std::uint8_t n) {
  std::vector<log::OrgId> members;
  for (std::uint8_t i = 0; i < n; ++i) members.push_back(Org(i));
  return members;
}

TEST(Rule, TextComesBackAsItWas) {
  for (const Rule& rule :
       {Rule{RuleKind::kUnanimity, 0, {}}, Rule{RuleKind::kConsent, 3, {}},
        Rule{RuleKind::kTwoThirds, 0, {}}, Rule{RuleKind::kMajority, 0, {Org(1), Org(2)}},
        Rule{RuleKind::kQuorum, 7, {}}, Rule{RuleKind::kVotesCast, 4294967295, {Org(1)}}}) {
    const auto back = ParseRule(RenderRule(rule));
    ASSERT_TRUE(back) << RenderRule(rule);
    EXPECT_EQ(*back, rule);
  }
}

TEST(Rule, ACharterWithALineThatIsNoRuleOrAnUnsafeOneHasNone) {
  log::CharterText charter;
  for (std::uint8_t org = 1; org <= 3; ++org)
    charter.founders.push_back(log::testing::OrgCard(org));
  charter.rules = {{std::string(kEveryMatter), "unanimity"}, {"money", "majority"}};
  const auto table = RulesOf(charter);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->every.kind, RuleKind::kUnanimity);
  EXPECT_EQ(table->by_matter.at("money").kind, RuleKind::kMajority);
  charter.rules = {{"money", "majoritys"}};
  auto refused = RulesOf(charter);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kMalformed);
  EXPECT_TRUE(refused.error().detail.starts_with("rule for money: ")) << refused.error().detail;
  charter.rules = {{"admit", "quorum 1"}};
  refused = RulesOf(charter);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kNotPermitted);
}

TEST(Rule, TextThatDiffersInOneByteIsNone) {
  for (const char* const text :
       {"", "majority ", " majority", "Majority", "majority 3", "quorum", "quorum ", "quorum 03",
        "quorum -1", "quorum 4294967296", "quorum 3 ", "quorum 3 both", "quorum 3 both 00",
        "majoritys", "consent 2x"})
    EXPECT_FALSE(ParseRule(text)) << text;
  const std::string low = Org(1).Hex();
  const std::string high = Org(2).Hex();
  EXPECT_TRUE(ParseRule("majority both " + low + " both " + high));
  EXPECT_FALSE(ParseRule("majority both " + high + " both " + low));
  EXPECT_FALSE(ParseRule("majority both " + low + " both " + low));
}

TEST(Rule, UnsafeOnesAreRefusedWithTheReason) {
  const auto five = Members(5);
  const auto why = [&](std::string_view matter, const Rule& rule) {
    return CheckRule(matter, rule, five);
  };
  EXPECT_FALSE(why("admit", {RuleKind::kQuorum, 3, {}}));
  EXPECT_EQ(why("admit", {RuleKind::kQuorum, 2, {}}), UnsafeRule::kTooFew);
  EXPECT_EQ(why("body:x", {RuleKind::kConsent, 2, {}}), UnsafeRule::kTooFew);
  EXPECT_EQ(why("*", {RuleKind::kVotesCast, 2, {}}), UnsafeRule::kTooFew);
  EXPECT_FALSE(why("content", {RuleKind::kQuorum, 1, {}}));
  EXPECT_FALSE(why("money", {RuleKind::kConsent, 1, {}}));
  EXPECT_EQ(why("money", {RuleKind::kConsent, 0, {}}), UnsafeRule::kNoNumber);
  EXPECT_EQ(why("admit", {RuleKind::kQuorum, 6, {}}), UnsafeRule::kTooMany);
  EXPECT_EQ(why("Geld", {RuleKind::kMajority, 0, {}}), UnsafeRule::kNotAMatter);
  EXPECT_EQ(why("admit", {RuleKind::kMajority, 0, {Org(1)}}), UnsafeRule::kCarriers);
  EXPECT_EQ(why("admit", {RuleKind::kMajority, 0, {Org(1), Org(9)}}), UnsafeRule::kCarriers);
  EXPECT_FALSE(why("admit", {RuleKind::kMajority, 0, {Org(1), Org(2)}}));
}

// Two of five would let two pairs decide the opposite. The same holds for every number of members:
// what CheckRule lets pass leaves no room for two groups without a common member.
TEST(Rule, NoTwoGroupsCanBothDecideByASafeOne) {
  for (std::uint8_t n = 1; n <= 12; ++n)
    for (std::uint32_t k = 1; k <= n; ++k)
      if (!CheckRule("admit", {RuleKind::kQuorum, k, {}}, Members(n))) {
        EXPECT_GT(2 * k, n);
      }
}

TEST(Rule, TheStricterOneComesFirst) {
  std::vector<Rule> rules = {{RuleKind::kVotesCast, 5, {}}, {RuleKind::kQuorum, 3, {}},
                             {RuleKind::kQuorum, 4, {}},    {RuleKind::kMajority, 0, {}},
                             {RuleKind::kTwoThirds, 0, {}}, {RuleKind::kMajority, 0, {Org(1)}},
                             {RuleKind::kConsent, 3, {}},   {RuleKind::kUnanimity, 0, {}}};
  std::sort(rules.begin(), rules.end(),
            [](const Rule& a, const Rule& b) { return CompareStrictness(a, b) < 0; });
  std::vector<std::string> names;
  for (const Rule& rule : rules) names.push_back(RenderRule(rule).substr(0, 14));
  EXPECT_EQ(names,
            (std::vector<std::string>{"unanimity", "consent 3", "two-thirds", "majority both ",
                                      "majority", "quorum 4", "quorum 3", "votes-cast 5"}));
}

TEST(Tally, NeedsAreWholeNumbers) {
  const auto need = [](RuleKind kind, std::uint32_t k, std::string_view matter, std::size_t n,
                       std::size_t electors) {
    return VotesNeeded({kind, k, {}}, matter, n, electors);
  };
  EXPECT_EQ(need(RuleKind::kMajority, 0, "admit", 4, 4), 3u);
  EXPECT_EQ(need(RuleKind::kTwoThirds, 0, "admit", 4, 4), 3u);
  EXPECT_EQ(need(RuleKind::kTwoThirds, 0, "admit", 6, 6), 4u);
  EXPECT_EQ(need(RuleKind::kUnanimity, 0, "remove", 5, 4), 4u);
  EXPECT_EQ(need(RuleKind::kQuorum, 3, "admit", 7, 7), 4u) << "a number that the network outgrew";
  EXPECT_EQ(need(RuleKind::kQuorum, 5, "remove", 5, 4), 4u) << "at most all who vote";
  EXPECT_EQ(need(RuleKind::kQuorum, 2, "content", 7, 7), 2u);
  // Of two members none removes the other, by whichever rule.
  for (const RuleKind kind : {RuleKind::kUnanimity, RuleKind::kTwoThirds, RuleKind::kMajority,
                              RuleKind::kQuorum, RuleKind::kConsent})
    EXPECT_GT(need(kind, 1, "remove", 2, 1), 1u);
  // A body without seats decides nothing.
  for (const RuleKind kind : {RuleKind::kUnanimity, RuleKind::kTwoThirds, RuleKind::kMajority,
                              RuleKind::kQuorum, RuleKind::kConsent, RuleKind::kVotesCast})
    EXPECT_GT(need(kind, 1, "body:x", 0, 0), 0u);
}

TEST(Tally, NeedsOfEverySizeAreTheOnesThatAreKept) {
  std::string out;
  for (const char* const matter : {"admit", "remove", "rekey", "content", "body:x", "*"})
    for (const char* const kind :
         {"unanimity", "consent 1", "two-thirds", "majority", "quorum 1", "votes-cast 1"})
      for (const std::uint32_t k : {0u, 1u, 3u, 6u}) {
        Rule rule = *ParseRule(kind);
        rule.k = k;
        out += std::string(matter) + " " + kind + " k " + std::to_string(k) + ":";
        for (std::size_t n = 0; n < 8; ++n) {
          out += " |";
          for (std::size_t electors = n > 2 ? n - 2 : 0; electors <= n; ++electors)
            out += " " + std::to_string(VotesNeeded(rule, matter, n, electors));
        }
        out += "\n";
      }
  ExpectGolden("governance-readers/needs", out);
}

TEST(Tally, EveryMixOfVoicesHoldsOrDoesNotAsItIsKept) {
  using enum Position;
  std::string out;
  for (const RuleKind kind : {RuleKind::kUnanimity, RuleKind::kConsent, RuleKind::kTwoThirds,
                              RuleKind::kMajority, RuleKind::kQuorum, RuleKind::kVotesCast})
    for (const std::vector<std::uint32_t>& carriers :
         {std::vector<std::uint32_t>(), std::vector<std::uint32_t>{0, 1}})
      for (std::size_t need = 0; need < 4; ++need) {
        out += std::to_string(static_cast<int>(kind)) + " " + std::to_string(carriers.size()) +
               " needs " + std::to_string(need) + ":";
        for (int mix = 0; mix < 256; ++mix) {
          std::vector<Voice> voices;
          for (std::uint32_t org = 0; org < 3; ++org)
            if ((mix >> 6) >= static_cast<int>(org))
              voices.push_back({org, 0, static_cast<Position>(mix >> 2 * org & 3)});
          out += Holds({kind, need, carriers}, voices) ? "+" : ".";
        }
        out += "\n";
      }
  ExpectGolden("governance-readers/holds", out);
}

TEST(Tally, EachKindOfRule) {
  const auto voices = [](std::initializer_list<Position> positions) {
    std::vector<Voice> out;
    for (const Position position : positions)
      out.push_back({static_cast<std::uint32_t>(out.size()), 0, position});
    return out;
  };
  using enum Position;
  const Requirement consent{RuleKind::kConsent, 2, {}};
  EXPECT_TRUE(Holds(consent, voices({kYes, kYes, kNo, kAbstain})));
  EXPECT_FALSE(Holds(consent, voices({kYes, kYes, kObjection})));
  const Requirement cast{RuleKind::kVotesCast, 4, {}};
  EXPECT_TRUE(Holds(cast, voices({kYes, kYes, kNo, kAbstain})));
  EXPECT_FALSE(Holds(cast, voices({kYes, kYes, kNo})));
  EXPECT_FALSE(Holds(cast, voices({kYes, kYes, kNo, kObjection})));
  const Requirement both{RuleKind::kMajority, 2, {0, 2}};
  EXPECT_TRUE(Holds(both, voices({kYes, kNo, kYes})));
  EXPECT_FALSE(Holds(both, voices({kYes, kYes, kNo})));
}

}  // namespace
}  // namespace geflecht::governance
