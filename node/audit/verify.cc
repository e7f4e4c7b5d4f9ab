#include "node/audit/verify.h"

#include <algorithm>
#include <tuple>

#include "node/audit/examination.h"

namespace geflecht::audit {
namespace {

// Why nothing can be said about the bundle, or an empty text.
std::string_view WhyUnreadable(const Bundle& bundle) {
  if (bundle.empty()) return "empty";
  if (bundle.size() > kBundleFilesMax) return "too-large";
  std::uint64_t bytes = 0;
  for (const BundleFile& file : bundle) bytes += file.content.size();
  return bytes > kBundleBytesMax ? "too-large" : "";
}

Verdict Conclude(const Examination& exam) {
  const Report& report = exam.report;
  if (exam.forked) return Verdict::kForked;
  if (report.problem_count > 0) return Verdict::kInvalid;
  const bool open = std::any_of(report.spaces.begin(), report.spaces.end(),
                                [](const Coverage& space) { return !space.open_points.empty(); });
  return open ? Verdict::kIncomplete : Verdict::kComplete;
}

void AddUp(Report& report) {
  for (const Coverage& space : report.spaces) {
    report.counters.feeds += space.counters.feeds;
    report.counters.entries += space.counters.entries;
    report.counters.signatures += space.counters.signatures;
    report.counters.opened += space.counters.opened;
    report.counters.withheld += space.counters.withheld;
    report.counters.erased += space.counters.erased;
    report.counters.bodies_missing += space.counters.bodies_missing;
  }
}

}  // namespace

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kComplete:
      return "complete";
    case Verdict::kInvalid:
      return "invalid";
    case Verdict::kIncomplete:
      return "incomplete";
    case Verdict::kForked:
      return "forked";
    case Verdict::kUnreadable:
      return "unreadable";
  }
  return "unreadable";
}

void Coverage::AddOpenPoint(std::string_view point) {
  if (std::find(open_points.begin(), open_points.end(), point) == open_points.end())
    open_points.emplace_back(point);
}

int ExitCodeOf(Verdict verdict) { return static_cast<int>(verdict); }

Report Verify(const Bundle& bundle, const log::NetworkId& network, const VerifyOptions& options) {
  Examination exam;
  exam.options = options;
  exam.bundle = &bundle;
  Report& report = exam.report;
  report.network = network;
  exam.root_space = log::RootSpace(network);
  report.mode = options.mode;
  if (const std::string_view why = WhyUnreadable(bundle); !why.empty()) {
    exam.Bad({}, 0, why);
    return report;
  }
  CheckNames(exam);
  CheckManifest(exam);
  ReadFeeds(exam);
  CheckCharter(exam);
  CheckGovernance(exam);
  CheckFeeds(exam);
  CheckReferences(exam);
  CheckCompleteness(exam);
  if (options.mode == Mode::kFull) {
    CheckBodies(exam);
    CheckErasures(exam);
    CheckAgreements(exam);
    CheckMinutes(exam);
  }
  CheckKeys(exam);
  CheckCheckpoints(exam);
  CheckReceipt(exam);
  CheckKnownHeads(exam);
  AddUp(report);
  report.verdict = Conclude(exam);
  report.exit_code = ExitCodeOf(report.verdict);
  std::stable_sort(report.problems.begin(), report.problems.end(),
                   [](const Problem& a, const Problem& b) {
                     return std::tie(a.file, a.line) < std::tie(b.file, b.line);
                   });
  return std::move(report);
}

}  // namespace geflecht::audit
