#include "node/governance/minutes.h"

#include <algorithm>
#include <array>

#include "node/log/header.h"
#include "node/log/lines.h"

namespace geflecht::governance {
namespace {

constexpr std::size_t kItemDigits = 8;
constexpr std::array kWithEffect = {kAdmit, kRemove, kRole, kRule, kRekey, kInactive};

bool IsItemId(std::string_view text) {
  return text.size() == kItemDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// "ITEM MATTER BLOCK"
std::optional<RecordedDecision> DecisionOf(std::string_view value, std::size_t blocks) {
  const std::size_t first = value.find(' ');
  const std::size_t second = first == value.npos ? first : value.find(' ', first + 1);
  if (second == value.npos) return std::nullopt;
  RecordedDecision decision{std::string(value.substr(0, first)),
                            Matter(value.substr(first + 1, second - first - 1)), 0};
  const auto block = log::ParseDecimal(value.substr(second + 1), blocks);
  if (!IsItemId(decision.item) || !CanBeRecorded(decision.matter) || !block || *block == 0)
    return std::nullopt;
  decision.block = static_cast<std::uint32_t>(*block);
  return decision;
}

}  // namespace

bool CanBeRecorded(std::string_view matter) {
  return IsMatter(matter) && matter != kEveryMatter && matter != kMinutesMatter &&
         std::find(kWithEffect.begin(), kWithEffect.end(), matter) == kWithEffect.end();
}

std::string RenderMinutesTerms(const MinutesTerms& terms) {
  std::string out = "meeting " + terms.meeting.Hex() + "\ndate " + terms.date + "\n";
  if (terms.corrects) out += "corrects " + terms.corrects->Hex() + "\n";
  for (const RecordedDecision& decision : terms.decisions)
    out += "decision " + decision.item + " " + decision.matter + " " +
           std::to_string(decision.block) + "\n";
  return out;
}

Result<MinutesTerms> ParseMinutesTerms(std::string_view text, std::size_t blocks) {
  log::LineReader lines(text);
  MinutesTerms terms;
  ASSIGN(terms.meeting, lines.Hex<MeetingId>("meeting"));
  ASSIGN(const std::string_view date, lines.Value("date"));
  terms.date = std::string(date);
  if (!log::ParseTime(terms.date + "T00:00:00Z")) return lines.Bad("no day");
  if (lines.NextIs("corrects")) {
    ASSIGN(terms.corrects, lines.Hex<log::EntryId>("corrects"));
  }
  while (!lines.AtEnd()) {
    ASSIGN(const std::string_view value, lines.Value("decision"));
    const auto decision = DecisionOf(value, blocks);
    if (!decision) return lines.Bad("no recorded decision");
    if (terms.decisions.size() == kRecordedMax)
      return Fail(Code::kTooLarge, "too many recorded decisions");
    for (const RecordedDecision& other : terms.decisions)
      if (other.item == decision->item) return lines.Bad("a second decision of a point");
    terms.decisions.push_back(*decision);
  }
  return terms;
}

}  // namespace geflecht::governance
