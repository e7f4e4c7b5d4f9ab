// Fields and leaves against the headers.
#include <algorithm>

#include "node/audit/body_file.h"
#include "node/audit/examination.h"
#include "node/log/lines.h"

namespace geflecht::audit {
void CountBody(Examination& exam, const log::Header& header, const log::EntryId& entry,
               const log::Body& body, Coverage& coverage) {
  for (std::size_t i = 0; i < body.slots.size(); ++i) {
    if (std::holds_alternative<log::Field>(body.slots[i])) {
      ++coverage.counters.opened;
    } else {
      ++coverage.counters.withheld;
      if (i < header.evidence) coverage.AddOpenPoint("withheld-evidence");
    }
  }
  const std::size_t erased = exam.erasures.CountIn(exam, header, entry, body);
  coverage.counters.erased += erased;
  coverage.counters.withheld -= erased;
}

namespace {

void CountMissing(const log::Header& header, Coverage& coverage) {
  if (header.fields == 0) return;
  ++coverage.counters.bodies_missing;
  coverage.counters.withheld += header.fields;
  if (header.evidence > 0) coverage.AddOpenPoint("withheld-evidence");
}

// Takes the lines of one file in step with the feed's items: both ascend by position.
void CheckFile(Examination& exam, const FoundFeed& feed, std::string_view text,
               Coverage* coverage) {
  const std::string file = BodiesFileName(feed.key);
  std::size_t next = 0;
  const auto skip_to = [&](std::size_t end) {
    for (; next < end; ++next)
      if (coverage != nullptr && exam.InScope(feed.items[next].header))
        CountMissing(feed.items[next].header, *coverage);
  };
  log::LineReader lines(text);
  while (!lines.AtEnd()) {
    const std::size_t number = lines.line();
    const auto line = lines.Line();
    const auto body = line ? ParseBodyLine(*line) : Result<BodyLine>(tl::unexpect, line.error());
    if (!body) {
      exam.Bad(file, number, "body-line",
               line ? body.error().detail : "no line feed at the end of the file");
      if (!line) break;
      continue;
    }
    const std::optional<Place> place = exam.entries.Find(body->entry);
    if (!place || place->feed != &feed || place->index < next) {
      exam.Bad(file, number, "body-place");
      continue;
    }
    skip_to(place->index);
    const log::Header& header = feed.items[next].header;
    const auto checked = log::CheckBodyOf(header, body->body);
    if (!checked || header.fields == 0) {
      exam.Bad(file, number, "body",
               checked ? "a body of an entry without fields" : checked.error().detail);
    } else if (exam.members && !exam.InScope(header)) {
      exam.Bad(file, number, "body-place", "outside of the scope that the bundle claims");
    } else if (coverage != nullptr) {
      CountBody(exam, header, body->entry, body->body, *coverage);
      NotePaper(exam, feed, feed.items[next], body->body);
    }
    ++next;
  }
  skip_to(feed.items.size());
}

}  // namespace

void CheckBodies(Examination& exam) {
  exam.erasures.Read(exam);
  for (const FoundFeed& feed : exam.feeds) {
    const auto text = exam.Text(BodiesFileName(feed.key));
    CheckFile(exam, feed, text.value_or(std::string_view()), exam.CoverageOf(feed.key.space));
  }
  for (const auto& [name, file] : exam.files) {
    const auto parsed = ParseFileName(name);
    if (parsed->kind != FileKind::kBodies) continue;
    if (!exam.files.contains(FeedFileName(parsed->feed)))
      exam.Bad(std::string(name), 0, "body-place", "there is no such feed");
    if (file->content.empty()) exam.Bad(std::string(name), 0, "body-line", "the file is empty");
  }
}

}  // namespace geflecht::audit
