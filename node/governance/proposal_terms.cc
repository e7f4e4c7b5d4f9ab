#include "node/governance/proposal_terms.h"

#include "node/log/header.h"
#include "node/log/lines.h"

namespace geflecht::governance {
namespace {

constexpr std::string_view kMidnight = "T00:00:00Z";

void AddLine(std::string& out, std::string_view word, std::string_view value) {
  out.append(word).append(" ").append(value).append("\n");
}

Result<FreezeRef> ReadFreeze(log::LineReader& lines) {
  ASSIGN(const std::string_view value, lines.Value("freeze"));
  constexpr std::size_t kSpace = 2 * log::SpaceId::kSize;
  constexpr std::size_t kEntry = 2 * log::EntryId::kSize;
  if (value.size() != kSpace + 1 + kEntry + 1 + 2 * crypto::Hash256::kSize ||
      value[kSpace] != ' ' || value[kSpace + 1 + kEntry] != ' ')
    return lines.Bad("no frozen text");
  const auto space = log::SpaceId::FromHexText(value.substr(0, kSpace));
  const auto entry = log::EntryId::FromHexText(value.substr(kSpace + 1, kEntry));
  const auto root = crypto::Hash256::FromHexText(value.substr(kSpace + kEntry + 2));
  if (!space || !entry || !root) return lines.Bad("no frozen text");
  return FreezeRef{*space, *entry, *root};
}

}  // namespace

std::string RenderTerms(const ProposalTerms& terms) {
  std::string out;
  if (terms.freeze)
    AddLine(out, "freeze",
            terms.freeze->space.Hex() + " " + terms.freeze->entry.Hex() + " " +
                terms.freeze->root.Hex());
  if (terms.meeting) AddLine(out, "meeting", terms.meeting->Hex());
  if (terms.points) out += "points\n";
  if (terms.recommendation) out += "recommendation\n";
  if (terms.review_s) {
    const std::string time = log::RenderTime(*terms.review_s);
    AddLine(out, "review", std::string_view(time).substr(0, time.find('T')));
  }
  if (terms.supersedes) AddLine(out, "supersedes", terms.supersedes->Hex());
  return out;
}

Result<ProposalTerms> ParseTerms(std::string_view text) {
  log::LineReader lines(text);
  ProposalTerms terms;
  if (lines.NextIs("freeze")) {
    ASSIGN(terms.freeze, ReadFreeze(lines));
  }
  if (lines.NextIs("meeting")) {
    ASSIGN(terms.meeting, lines.Hex<MeetingId>("meeting"));
  }
  if (lines.NextIs("points")) {
    TRY(lines.Literal("points"));
    terms.points = true;
  }
  if (lines.NextIs("recommendation")) {
    TRY(lines.Literal("recommendation"));
    terms.recommendation = true;
  }
  if (lines.NextIs("review")) {
    ASSIGN(const std::string_view day, lines.Value("review"));
    terms.review_s = log::ParseTime(std::string(day) + std::string(kMidnight));
    if (!terms.review_s) return lines.Bad("no day");
  }
  if (lines.NextIs("supersedes")) {
    ASSIGN(terms.supersedes, lines.Hex<log::EntryId>("supersedes"));
  }
  TRY(lines.End());
  return terms;
}

}  // namespace geflecht::governance
