// The report that the auditor keeps, with invented decisions and hostile names.
#include "node/audit/report_html.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "fixture.h"
#include "node/audit/html.h"
#include "node/audit/report_agreements.h"
#include "node/audit/report_charter.h"
#include "node/audit/report_json.h"
#include "node/audit/report_svg.h"

namespace geflecht::audit {
namespace {

using namespace testing;

DecisionFact Disputed() {
  DecisionFact decision;
  decision.number = "2026-017";
  decision.title = "Fahrdienst für den Norden <script>alert(1)</script>";
  decision.matter = "=cmd|' /C calc'!A0";
  decision.rule = RuleKind::kMajority;
  decision.electorate = 9;
  decision.needed = 5;
  decision.carriers = {
      "Tafel \xe2\x80\xae"
      "drN"};
  for (int i = 1; i <= 9; ++i)
    decision.votes.push_back({"Verein " + std::to_string(i), i <= 7   ? Position::kYes
                                                             : i == 8 ? Position::kObjection
                                                                      : Position::kSilent});
  decision.proposed_s = log::testing::kNoon;
  decision.enacted_s = log::testing::kNoon + 86'400 * 9;
  decision.sealed_s = log::testing::kNoon + 86'400 * 16;
  decision.status = DecisionStatus::kEffective;
  return decision;
}

Report Invented() {
  const World world = MergedWorld();
  Report report = Verify(world.Exported(), world.network());
  report.decisions = {Disputed(), Disputed(), Disputed()};
  report.decisions[1].number.clear();
  report.decisions[1].status = DecisionStatus::kProvisional;
  report.decisions[1].enacted_s = log::testing::kNoon;
  report.decisions[2].rule = RuleKind::kVotesCast;
  report.decisions[2].status = DecisionStatus::kRejected;
  report.members[0].name = "<b>\"'&\xe2\x81\xa6";
  report.problems.push_back({"feeds/a.log", 3, "fork", "<i>"});
  report.problem_count = 1;
  return report;
}

std::size_t Count(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

// Where the elements do not nest, or nothing. Attributes are quoted and hold no <.
std::string Unbalanced(std::string_view html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    if (html.substr(at).starts_with("<!DOCTYPE")) continue;
    const std::size_t end = html.find('>', at);
    const std::string_view tag = html.substr(at + 1, end - at - 1);
    if (end == std::string_view::npos || tag.find('<') != std::string_view::npos ||
        Count(tag, "\"") % 2 != 0)
      return std::string(html.substr(at, 80));
    const std::string name(tag.substr(0, tag.find_first_of(" /", 1)));
    if (tag.starts_with('/')) {
      if (open.empty() || "/" + open.back() != name) return std::string(html.substr(at, 80));
      open.pop_back();
    } else if (!tag.ends_with('/') && name != "meta" && name != "br") {
      open.push_back(name);
    }
  }
  return open.empty() ? std::string() : open.back();
}

TEST(Html, NothingOfATextIsMarkupOrInvisible) {
  EXPECT_EQ(EscapeHtml("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  EXPECT_EQ(EscapeHtml("a\xe2\x80\xae"
                       "b\n\xef\xbb\xbf"),
            "a[U+202E]b[U+000A][U+FEFF]");
  EXPECT_EQ(EscapeHtml("\xf3\xa0\x81\xa1"), "[U+E0061]");
  EXPECT_EQ(EscapeHtml("<\xff"), "&lt;[0xFF]");
  EXPECT_EQ(EscapeHtml("Tür 𝄞"), "Tür 𝄞");
}

TEST(ReportHtml, HoldsNoScriptAndNothingFromElsewhere) {
  const std::string html = RenderHtml(Invented());
  for (const std::string_view never : {"<script", "javascript:", "http://", "https://", "<img",
                                       "<b>", "<i>", "onload", "\xe2\x80\xae", "\xe2\x81\xa6"})
    EXPECT_EQ(html.find(never), std::string::npos) << never;
  EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(1)"), std::string::npos);
  EXPECT_NE(html.find("Tafel [U+202E]drN"), std::string::npos);
  EXPECT_EQ(html.find("audit."), std::string::npos) << html.substr(html.find("audit."), 80);
  EXPECT_EQ(Count(html, "<section"), 2u);
  EXPECT_EQ(Unbalanced(html), "");
  EXPECT_EQ(Unbalanced(html.substr(0, html.find("</section>")) + "</body>\n</html>"),
            "</body>\n</html>");
  EXPECT_EQ(Count(html, "<section lang=\"de\""), 1u);
  EXPECT_EQ(Count(html, "<section lang=\"en\""), 1u);
  // Each picture says in words what it shows.
  EXPECT_EQ(Count(html, "<svg "), 2 * 4u);
  EXPECT_EQ(Count(html, "role=\"img\""), 2 * 4u);
  EXPECT_EQ(Count(html, "\"><title>"), 2 * 4u + 2 * 3u) << "pictures, and dots of the timelines";
  EXPECT_EQ(Count(html, "<desc>"), 2 * 4u);
  for (const std::string tag : {"table", "tr", "td", "th", "p", "h2", "h3", "svg", "div", "bdi",
                                "section", "text", "ul", "li"})
    EXPECT_EQ(Count(html, "<" + tag + ">") + Count(html, "<" + tag + " "),
              Count(html, "</" + tag + ">"))
        << tag;
}

TEST(ReportHtml, SaysWhoWhatAndUnderWhichRule) {
  const std::string html = RenderHtml(Invented());
  for (const std::string_view part :
       {"Mehrheit: 7 von 9 dafür, nötig 5.", "Majority: 7 of 9 for it, needed 5.", "2026-017",
        "Außerdem nötig: Tafel", "8 von 9 haben abgestimmt, nötig 5; 7 dafür, 0 dagegen, 1 mit",
        "vorläufig", "2026-03-11T12:00:00Z", "Verein 8", "Hilfenetz &quot;Nord&quot;",
        "feeds/a.log", "Für diese Stelle gibt es einen anderen"})
    EXPECT_NE(html.find(part), std::string::npos) << part;
  if (const char* file = std::getenv("GEFLECHT_REPORT")) std::ofstream(file) << html;
}

TEST(ReportSvg, ShowsEachVoteAndTheThreshold) {
  const std::string tally = TallySvg(Disputed(), i18n::Lang::kDe);
  EXPECT_EQ(Count(tally, "<rect"), 9u);
  EXPECT_EQ(Count(tally, "class=\"p-yes\""), 7u);
  EXPECT_EQ(Count(tally, "class=\"needed\""), 1u);
  EXPECT_NE(tally.find("x1=\"100\""), std::string::npos) << tally;  // behind the fifth box
  DecisionFact empty;
  EXPECT_EQ(Count(TallySvg(empty, i18n::Lang::kEn), "<rect"), 0u);
  EXPECT_TRUE(TimelineSvg({empty}, i18n::Lang::kEn).empty());
  EXPECT_EQ(Count(TimelineSvg({Disputed(), Disputed()}, i18n::Lang::kEn), "<circle"), 2u);
}

TEST(ReportJsonText, HoldsTheSameFacts) {
  const std::string json = boost::json::serialize(ReportJson(Invented()));
  for (const std::string_view part :
       {"\"schema\":\"geflecht-report@v1\"", "\"verdict\":\"incomplete\"", "\"needed\":5",
        "\"position\":\"objection\"", "\"status\":\"rejected\"", "\"rule\":\"votes-cast\"",
        "\"sealed\":\"2026-03-18T12:00:00Z\"", "\"level\":\"full\""})
    EXPECT_NE(json.find(part), std::string::npos) << part;
}

TEST(ReportJsonText, ABundleWithoutACharterHasNoneToTellOf) {
  const Report report = Verify({}, MergedWorld().network());
  EXPECT_EQ(ReportJson(report).at("charter"), boost::json::value(nullptr));
  EXPECT_TRUE(CharterHtml(report, i18n::Lang::kDe).empty());
}

TEST(ReportJsonText, RulesAreOverdueFromTheirDayOn) {
  Report report = Invented();
  constexpr std::int64_t kDay = 1'798'761'600;
  report.charter = CharterFact{};
  report.charter->versions.resize(1);
  const auto overdue = [&](std::optional<std::int64_t> review_s, std::int64_t exported_s) {
    report.charter->review_s = review_s;
    report.info->exported_s = exported_s;
    return CharterJson(report).at("review_overdue").as_bool();
  };
  EXPECT_FALSE(overdue(kDay, kDay - 1));
  EXPECT_TRUE(overdue(kDay, kDay));
  EXPECT_TRUE(overdue(kDay, kDay + 1));
  EXPECT_FALSE(overdue({}, kDay));
  report.info.reset();
  report.charter->review_s = 0;
  EXPECT_FALSE(CharterJson(report).at("review_overdue").as_bool());
}

TEST(ReportHtml, SaysWhatANoticeIsWorth) {
  Report report = Invented();
  AgreementFact agreement;
  agreement.title = "Raum";
  NoticeFact faulty, idle, running, waiting;
  faulty.act.fault = governance::StatementFault::kEnded;
  running.counts = waiting.counts = true;
  running.received = governance::ParseDay("2026-01-02");
  running.ends = governance::ParseDay("2026-02-02");
  waiting.waits_for = {"Verein 2"};
  agreement.notices = {faulty, idle, running, waiting};
  report.agreements = {agreement};
  for (const i18n::Lang lang : {i18n::Lang::kDe, i18n::Lang::kEn}) {
    const std::string html = AgreementsHtml(report, lang);
    for (const std::string& words :
         {i18n::Tr(lang, "statement.fault.ended"), i18n::Tr(lang, "cli.agreement.notice-void"),
          i18n::Tr(lang, "cli.agreement.notice-ends",
                   {{"received", "2026-01-02"}, {"ends", "2026-02-02"}}),
          i18n::Tr(lang, "cli.agreement.notice-waits", {{"organisations", "Verein 2"}})})
      EXPECT_EQ(Count(html, EscapeHtml(words)), 1u) << words << html;
  }
}

TEST(ReportHtml, TellsTheReasonsOfThoseWhoWereNotInFavour) {
  DecisionFact decision;
  decision.votes = {{"Erster", Position::kYes, "Weil ja."},
                    {"Zweiter", Position::kNo, "Weil <nein>."},
                    {"Dritter", Position::kAbstain, ""}};
  const std::string html = DissentHtml(decision, i18n::Lang::kDe);
  EXPECT_NE(html.find("Weil &lt;nein&gt;."), std::string::npos) << html;
  EXPECT_NE(html.find("Zweiter"), std::string::npos) << html;
  EXPECT_EQ(html.find("Erster"), std::string::npos) << html;
  EXPECT_EQ(html.find("Dritter"), std::string::npos) << html;
}

}  // namespace
}  // namespace geflecht::audit
