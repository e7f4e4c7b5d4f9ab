// What approvals of minutes cite: whether the frozen text is here, and the decisions that it
// records (docs/formats/minutes.md).
#include <algorithm>

#include "node/audit/body_file.h"
#include "node/audit/examination.h"
#include "node/governance/frozen.h"
#include "node/governance/kinds.h"
#include "node/governance/minutes.h"
#include "node/log/lines.h"

namespace geflecht::audit {
namespace {

// The body of one entry, if it is here and fits.
std::optional<log::Body> BodyAt(const Examination& exam, const Place& place) {
  const std::string id = place.item().id.Hex();
  log::LineReader lines(exam.Text(BodiesFileName(place.feed->key)).value_or(std::string_view()));
  while (!lines.AtEnd()) {
    const auto line = lines.Line();
    if (!line) break;
    if (line->find(id) == line->npos) continue;
    auto body = ParseBodyLine(*line);
    if (body && body->entry == place.item().id && log::CheckBodyOf(place.item().header, body->body))
      return std::move(body->body);
  }
  return std::nullopt;
}

void ReadMinutes(const Examination& exam, const log::EntryId& approval, MinutesFact& minutes) {
  if (const auto* const circle = exam.members->FindSpace(minutes.space))
    minutes.space_name = circle->name;
  minutes.covered = std::any_of(exam.feeds.begin(), exam.feeds.end(), [&](const FoundFeed& feed) {
    return feed.key.space == minutes.space;
  });
  const std::optional<Place> place = exam.entries.Find(minutes.entry);
  if (!place) return;
  const log::Header& header = place->item().header;
  minutes.fits = header.kind == governance::kFreeze && header.root == minutes.root &&
                 header.space == minutes.space;
  if (!minutes.fits) return;
  const auto body = BodyAt(exam, *place);
  if (!body) return;
  const auto text = governance::ReadFrozen(*body, header.evidence);
  if (!text || text->what != governance::kMinutes) return;
  const auto terms = governance::ParseMinutesTerms(text->terms, text->blocks.size());
  if (!terms) return;
  minutes.open = true;
  if (terms->corrects) minutes.corrects = terms->corrects->Hex();
  for (const governance::RecordedDecision& recorded : terms->decisions)
    minutes.recorded.push_back({recorded.matter, text->blocks[recorded.block - 1],
                                exam.root->Certifies(approval, recorded.matter)});
}

}  // namespace

void CheckMinutes(Examination& exam) {
  for (DecisionFact& decision : exam.report.decisions)
    if (decision.minutes) ReadMinutes(exam, decision.proposal, *decision.minutes);
}

}  // namespace geflecht::audit
