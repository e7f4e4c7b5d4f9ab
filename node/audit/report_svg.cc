#include "node/audit/report_svg.h"

#include <algorithm>
#include <cstdint>

#include "node/audit/html.h"
#include "node/log/header.h"

namespace geflecht::audit {
namespace {

using i18n::Tr;

constexpr Position kPositions[] = {Position::kYes, Position::kAbstain, Position::kSilent,
                                   Position::kNo, Position::kObjection};
constexpr std::size_t kBox = 16;  // side and distance of boxes, in px
constexpr std::size_t kStep = 20;
constexpr std::size_t kPerRow = 30;
constexpr std::size_t kWidth = 720;  // of the timeline
constexpr std::size_t kLabelsMax = 12;

std::string Px(std::size_t value) { return std::to_string(value); }

// Letters, so that nobody has to tell colours apart.
std::string Box(std::size_t index, Position position, i18n::Lang lang) {
  const std::size_t x = index % kPerRow * kStep + 2;
  const std::size_t y = index / kPerRow * kStep + 2;
  const std::string name(NameOf(position));
  return "<rect class=\"p-" + name + "\" x=\"" + Px(x) + "\" y=\"" + Px(y) + "\" width=\"" +
         Px(kBox) + "\" height=\"" + Px(kBox) + "\"/><text x=\"" + Px(x + kBox / 2) + "\" y=\"" +
         Px(y + 12) + "\">" + EscapeHtml(Tr(lang, "audit.letter." + name)) + "</text>";
}

std::string Dot(const DecisionFact& decision, std::size_t x, bool labelled) {
  const std::string at = Px(x);
  std::string out = "<circle class=\"s-" + std::string(NameOf(decision.status)) + "\" cx=\"" + at +
                    "\" cy=\"30\" r=\"6\"><title>" +
                    EscapeHtml(decision.number.empty() ? decision.title : decision.number) +
                    "</title></circle>";
  if (labelled && !decision.number.empty())
    out += "<text transform=\"rotate(-35 " + at + " 20)\" x=\"" + at + "\" y=\"20\">" +
           EscapeHtml(decision.number) + "</text>";
  return out;
}

// What a picture shows, for those who do not see it.
std::string Described(const std::string& title, const std::string& text) {
  return "<title>" + EscapeHtml(title) + "</title><desc>" + EscapeHtml(text) + "</desc>";
}

std::string Numbers(const std::vector<const DecisionFact*>& shown) {
  std::string out;
  for (const DecisionFact* decision : shown)
    out += (out.empty() ? "" : "; ") + log::RenderTime(*decision->enacted_s).substr(0, 10) + " " +
           (decision->number.empty() ? decision->title : decision->number);
  return out;
}

}  // namespace

std::size_t CountOf(const DecisionFact& decision, Position position) {
  return static_cast<std::size_t>(
      std::count_if(decision.votes.begin(), decision.votes.end(),
                    [&](const VoteFact& vote) { return vote.position == position; }));
}

std::string_view NameOf(Position position) {
  constexpr std::string_view kNames[] = {"yes", "no", "abstain", "objection", "silent"};
  return kNames[static_cast<std::size_t>(position)];
}

std::string_view NameOf(DecisionStatus status) {
  constexpr std::string_view kNames[] = {"effective", "provisional", "rejected", "superseded"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string_view NameOf(RuleKind rule) {
  constexpr std::string_view kNames[] = {"unanimity",  "consent", "majority",
                                         "two-thirds", "number",  "votes-cast"};
  return kNames[static_cast<std::size_t>(rule)];
}

std::string Arithmetic(const DecisionFact& decision, i18n::Lang lang) {
  const std::size_t voted = decision.votes.size() - CountOf(decision, Position::kSilent);
  std::string out = Tr(lang, "audit.rule." + std::string(NameOf(decision.rule)),
                       {{"yes", Px(CountOf(decision, Position::kYes))},
                        {"no", Px(CountOf(decision, Position::kNo))},
                        {"objections", Px(CountOf(decision, Position::kObjection))},
                        {"voted", Px(voted)},
                        {"n", Px(decision.electorate)},
                        {"needed", Px(decision.needed)}});
  std::string names;
  for (const std::string& carrier : decision.carriers)
    names += (names.empty() ? "" : ", ") + carrier;
  return names.empty() ? out : out + " " + Tr(lang, "audit.rule.carriers", {{"names", names}});
}

std::string TallySvg(const DecisionFact& decision, i18n::Lang lang) {
  std::string boxes;
  std::size_t index = 0;
  for (const Position position : kPositions)
    for (std::size_t left = CountOf(decision, position); left > 0; --left)
      boxes += Box(index++, position, lang);
  if (decision.needed > 0 && decision.needed <= index && decision.rule != RuleKind::kVotesCast) {
    const std::size_t last = decision.needed - 1;
    const std::string x = Px(last % kPerRow * kStep + kStep);
    const std::string y = Px(last / kPerRow * kStep);
    boxes += "<line class=\"needed\" x1=\"" + x + "\" x2=\"" + x + "\" y1=\"" + y + "\" y2=\"" +
             Px(last / kPerRow * kStep + kStep) + "\"/>";
  }
  const std::size_t columns = std::max<std::size_t>(1, std::min(index, kPerRow));
  const std::size_t rows = std::max<std::size_t>(1, (index + kPerRow - 1) / kPerRow);
  const std::string width = Px(columns * kStep + 4);
  const std::string height = Px(rows * kStep + 2);
  return "<svg class=\"tally\" role=\"img\" width=\"" + width + "\" height=\"" + height +
         "\" viewBox=\"0 0 " + width + " " + height + "\" aria-label=\"" +
         EscapeHtml(Arithmetic(decision, lang)) + "\">" +
         Described(decision.title, Arithmetic(decision, lang)) + boxes + "</svg>";
}

std::string TimelineSvg(const std::vector<DecisionFact>& decisions, i18n::Lang lang) {
  std::vector<const DecisionFact*> shown;
  for (const DecisionFact& decision : decisions)
    if (decision.enacted_s) shown.push_back(&decision);
  if (shown.empty()) return {};
  const auto [first, last] = std::minmax_element(
      shown.begin(), shown.end(),
      [](const auto* a, const auto* b) { return *a->enacted_s < *b->enacted_s; });
  const std::int64_t from = *(*first)->enacted_s;
  const std::int64_t to = *(*last)->enacted_s;
  const auto span = static_cast<double>(std::max<std::int64_t>(1, to - from));
  std::string dots;
  for (const DecisionFact* decision : shown) {
    const double part = static_cast<double>(*decision->enacted_s - from) / span;
    dots += Dot(*decision, 20 + static_cast<std::size_t>(part * (kWidth - 80)),
                shown.size() <= kLabelsMax);
  }
  const std::string width = Px(kWidth);
  const std::string end = Px(kWidth - 40);
  return "<svg class=\"timeline\" role=\"img\" width=\"" + width +
         "\" height=\"64\" viewBox=\"0 -30 " + width + " 94\" aria-label=\"" +
         EscapeHtml(Tr(lang, "audit.html.timeline")) + "\">" +
         Described(Tr(lang, "audit.html.timeline"), Numbers(shown)) + "<line x1=\"10\" x2=\"" +
         end + "\" y1=\"30\" y2=\"30\"/>" + dots + "<text x=\"10\" y=\"56\">" +
         log::RenderTime(from).substr(0, 10) + "</text><text class=\"end\" x=\"" + end +
         "\" y=\"56\">" + log::RenderTime(to).substr(0, 10) + "</text></svg>";
}

}  // namespace geflecht::audit
