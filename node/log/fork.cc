#include "node/log/fork.h"

#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "node/crypto/base64.h"
#include "node/log/lines.h"

namespace geflecht::log {
namespace {

constexpr std::string_view kSignature = "sig ";
constexpr std::string_view kBetween = "\n\n";

Result<Run> ParseBranch(std::string_view text) {
  Run run;
  while (!text.starts_with(kSignature)) {
    const std::size_t end = text.find(kBetween);
    if (end == std::string_view::npos) return Fail(Code::kMalformed, "branch without an end");
    if (run.size() == limits::kRunEntriesMax)
      return Fail(Code::kMalformed, "branch of more than 256 entries");
    ASSIGN(Header header, ParseHeader(text.substr(0, end + 1)));
    run.push_back(Entry::Of(std::move(header)));
    text.remove_prefix(end + kBetween.size());
  }
  if (run.empty()) return Fail(Code::kMalformed, "branch without entries");
  LineReader lines(text);
  ASSIGN(run.back().signature, ReadSignature(lines, "sig"));
  TRY(lines.End());
  return run;
}

// Entries of kinds that need their own signature cannot stand inside: only the last one is shown.
Result<Run> VerifiedBranch(const NetworkId& network, std::string_view text) {
  ASSIGN(Run run, ParseBranch(text));
  const Header& first = run.front().header;
  TRY(VerifyRun(network, {first.seq, first.prev, {}}, run));
  return run;
}

}  // namespace

std::string RenderBranch(const Run& run) {
  CHECK(!run.empty() && run.back().signature.has_value());
  std::string text;
  for (const Entry& entry : run) text.append(Render(entry.header)).append("\n");
  return text.append(kSignature)
      .append(crypto::ToBase64(run.back().signature->view()))
      .append("\n");
}

Result<Fork> CheckFork(const NetworkId& network, std::string_view lower, std::string_view higher) {
  ASSIGN(const Run a, VerifiedBranch(network, lower));
  ASSIGN(const Run b, VerifiedBranch(network, higher));
  const Fork fork{a.front().header.feed(), a.front().header.seq, a.front().id, b.front().id};
  if (b.front().header.feed() != fork.feed || b.front().header.seq != fork.seq)
    return Fail(Code::kVerification, "the branches do not begin at one position");
  if (!(fork.lower < fork.higher))
    return Fail(Code::kVerification, "the branches are one, or in the wrong order");
  return fork;
}

}  // namespace geflecht::log
