// The founding charter, its founders, and the members that follow from it.
#include <algorithm>

#include "node/audit/body_file.h"
#include "node/audit/examination.h"
#include "node/governance/charter_rules.h"
#include "node/log/lines.h"

namespace geflecht::audit {
namespace {

// The only entry without a network is the charter. Any further one is refused.
const FoundFeed* FindCharter(Examination& exam) {
  const FoundFeed* found = nullptr;
  for (const FoundFeed& feed : exam.feeds) {
    for (const FeedItem& item : feed.items) {
      if (item.header.net) continue;
      if (log::NetworkId{item.id.bytes} == exam.report.network) {
        exam.charter = &item;
        found = &feed;
      } else {
        exam.Bad(feed.file, item.line, "foreign-charter");
      }
    }
  }
  if (found == nullptr) exam.Bad({}, 0, "charter-missing");
  return found;
}

std::optional<log::Body> CharterBody(Examination& exam, const FoundFeed& feed) {
  const std::string name = BodiesFileName(feed.key);
  const auto text = exam.Text(name);
  if (!text) {
    exam.Bad(name, 0, "missing-file");
    return std::nullopt;
  }
  log::LineReader lines(*text);
  const auto line = lines.Line();
  auto body = line ? ParseBodyLine(*line) : Result<BodyLine>(tl::unexpect, line.error());
  if (!body) return std::nullopt;  // reported with the other bodies
  if (!body->body.Complete()) {
    exam.Bad(name, 1, "charter-evidence");
    return std::nullopt;
  }
  return std::move(body->body);
}

void AddFounders(Examination& exam, log::Founding& founding) {
  const std::string file(kFoundersFile);
  const auto text = exam.Text(kFoundersFile);
  if (!text) return;  // reported as a missing file
  std::optional<crypto::PublicKey> before;
  log::LineReader lines(*text);
  while (!lines.AtEnd()) {
    const std::size_t number = lines.line();
    const auto line = lines.Line();
    const auto founder = line ? ParseFounderLine(*line) : std::nullopt;
    if (!founder) {
      exam.Bad(file, number, "founder-signature", "\"founder\", root key and signature expected");
      if (!line) break;
      continue;
    }
    if (before && founder->root <= *before)
      exam.Bad(file, number, "founder-signature", "founders do not ascend by root key");
    before = founder->root;
    const auto added =
        log::AddSignature(founding, {founding.network(), founder->root, founder->signature});
    if (!added) exam.Bad(file, number, "founder-signature", added.error().detail);
  }
}

void BeginCoverage(Examination& exam) {
  std::vector<Coverage>& spaces = exam.report.spaces;
  spaces.push_back({exam.members->root_space(), true, {}, {}, {}, {}});
  spaces.push_back({exam.members->network_space(), false, {}, {}, {}, {}});
  std::sort(spaces.begin(), spaces.end(),
            [](const Coverage& a, const Coverage& b) { return a.space < b.space; });
}

}  // namespace

void CheckCharter(Examination& exam) {
  const FoundFeed* feed = FindCharter(exam);
  if (feed == nullptr) return;
  const FeedItem& charter = *exam.charter;
  const auto body = CharterBody(exam, *feed);
  const auto signature = charter.Signature();
  if (!signature) {
    exam.Bad(feed->file, charter.line, "signature-missing");
    return;
  }
  if (!body) return;
  auto founding = log::AssembleFounding(charter.header, *signature, *body, {});
  if (!founding) {
    exam.Bad(feed->file, charter.line, "charter", founding.error().detail);
    return;
  }
  AddFounders(exam, *founding);
  for (const crypto::PublicKey& root : founding->Missing())
    exam.Bad(std::string(kFoundersFile), 0, "founder-missing", "root " + root.Hex());
  if (!founding->Missing().empty()) return;
  if (const auto rules = governance::RulesOf(founding->text); !rules) {
    exam.Bad(feed->file, charter.line, "charter", rules.error().detail);
    return;
  }
  exam.members = governance::Members::Of(*founding);
  exam.report.network_name = founding->text.name;
  exam.report.members = exam.members->all();
  exam.founding = *std::move(founding);
  BeginCoverage(exam);
}

}  // namespace geflecht::audit
