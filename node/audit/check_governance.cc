// Who belongs to the network and what it decided: evaluate() over the root space of the bundle.
#include <algorithm>

#include "node/audit/body_file.h"
#include "node/audit/examination.h"
#include "node/log/lines.h"

namespace geflecht::audit {
namespace {

// The bodies of one feed's entries that fit them. What is wrong with lines is found with the other
// bodies.
std::map<log::EntryId, log::Body> BodiesOf(const Examination& exam, const FoundFeed& feed) {
  std::map<log::EntryId, log::Body> bodies;
  log::LineReader lines(exam.Text(BodiesFileName(feed.key)).value_or(std::string_view()));
  while (!lines.AtEnd()) {
    const auto line = lines.Line();
    if (!line) break;
    auto body = ParseBodyLine(*line);
    if (!body) continue;
    const std::optional<Place> place = exam.entries.Find(body->entry);
    if (place && place->feed == &feed && log::CheckBodyOf(place->item().header, body->body))
      bodies.emplace(body->entry, std::move(body->body));
  }
  return bodies;
}

bool HoldsEvidence(const log::Header& header, const std::optional<log::Body>& body) {
  if (header.evidence == 0) return true;
  return body && std::all_of(body->slots.begin(), body->slots.begin() + header.evidence,
                             [](const log::Slot& slot) {
                               return std::holds_alternative<log::Field>(slot);
                             });
}

// Spaces that decisions have founded, whether or not the bundle holds anything of them.
void AddCircles(Examination& exam) {
  std::vector<Coverage>& spaces = exam.report.spaces;
  for (const governance::SpaceState& circle : exam.members->spaces()) {
    Coverage coverage{circle.id, false, {}, {}, {}, {}};
    coverage.name = circle.name;
    spaces.push_back(std::move(coverage));
  }
  std::sort(spaces.begin(), spaces.end(),
            [](const Coverage& a, const Coverage& b) { return a.space < b.space; });
}

}  // namespace

void CheckGovernance(Examination& exam) {
  if (!exam.founding) return;
  exam.root = std::make_unique<RootSpace>(*exam.founding);
  for (const FoundFeed& feed : exam.feeds) {
    if (feed.key.space != exam.members->root_space()) continue;
    auto bodies = BodiesOf(exam, feed);
    for (const FeedItem& item : feed.items) {
      if (item.header.net != exam.report.network || item.header.space != feed.key.space) continue;
      // An entry that stands in the file twice has its body once.
      auto node = bodies.extract(item.id);
      auto body = node.empty() ? std::nullopt : std::optional(std::move(node.mapped()));
      exam.root_is_whole = exam.root_is_whole && HoldsEvidence(item.header, body);
      exam.root->Add(item.header, item.id, std::move(body));
    }
  }
  exam.root->Evaluate();
  exam.members = exam.root->members();
  exam.report.members = exam.members->all();
  if (!exam.root_is_whole) return;
  AddCircles(exam);
  for (const Coverage& coverage : exam.report.spaces)
    if (!coverage.root)
      exam.books.try_emplace(coverage.space, exam.report.network, coverage.space,
                             exam.root->mandates());
  exam.report.decisions = exam.root->Decisions();
  exam.report.void_certificates = exam.root->VoidCertificates();
  for (const log::EntryId& seal : exam.root->WrongSeals())
    if (const std::optional<Place> place = exam.entries.Find(seal))
      exam.Bad(place->feed->file, place->item().line, "seal-state");
  exam.report.charter = exam.root->Charter();
  exam.report.double_signers = exam.root->DoubleSigners();
  if (exam.report.double_signers.empty()) return;
  exam.forked = true;
  exam.Bad({}, 0, "double-signer");
}

}  // namespace geflecht::audit
