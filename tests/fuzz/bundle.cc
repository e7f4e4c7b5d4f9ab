// A bundle that somebody tampered with: the first byte chooses a whole bundle, the second whether
// the exporter signs the result (odd); then come operations on its files. What was changed without
// the exporter is never valid, and not even the exporter can make up an entry.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/check.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"
#include "tests/unit/audit/fixture.h"

namespace geflecht::fuzz {
namespace {

using audit::Verdict;
namespace fixture = audit::testing;

std::set<log::EntryId> EntriesOf(const audit::Bundle& bundle) {
  std::set<log::EntryId> ids;
  for (const audit::BundleFile& file : bundle) {
    const auto name = audit::ParseFileName(file.name);
    if (!name || name->kind != audit::FileKind::kFeed) continue;
    for (const audit::FeedItem& item : audit::ParseFeed(AsText(file.content), [](auto, auto) {}))
      ids.insert(item.id);
  }
  return ids;
}

struct Whole {
  explicit Whole(const fixture::World& world)
      : bundle(fixture::OpenBundle(world)), network(world.network()), entries(EntriesOf(bundle)) {
    const Verdict verdict = audit::Verify(bundle, network).verdict;
    CHECK(verdict == Verdict::kComplete || verdict == Verdict::kIncomplete);
  }
  audit::Bundle bundle;
  log::NetworkId network;
  std::set<log::EntryId> entries;
};

const Whole& WholeBundle(std::size_t number) {
  static const std::array<Whole, 3> bundles = {
      Whole(fixture::WorldOfOne(1)), Whole(fixture::WorldOfOne(4)), Whole(fixture::MergedWorld())};
  return bundles[number];
}

void Insert(Bytes& content, std::size_t at, ByteView bytes) {
  at = std::min(at, content.size());
  content.insert(content.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin(), bytes.end());
}

void Erase(Bytes& content, std::size_t at, std::size_t size) {
  at = std::min(at, content.size());
  size = std::min(size, content.size() - at);
  const auto from = content.begin() + static_cast<std::ptrdiff_t>(at);
  content.erase(from, from + static_cast<std::ptrdiff_t>(size));
}

// One operation on `bundle`, which is not empty.
void Tamper(Input& in, audit::Bundle& bundle) {
  const std::uint8_t operation = in.Byte();
  const std::size_t index = in.Below(bundle.size());
  Bytes& content = bundle[index].content;
  const std::size_t at = in.Word();
  switch (operation % 8) {
    case 0:
      if (at < content.size()) content[at] ^= in.Byte();
      return;
    case 1:
      return Erase(content, at, content.size());
    case 2:
      return Insert(content, at, in.Take(in.Byte()));
    case 3:
      return Erase(content, at, in.Byte());
    case 4:
      bundle[index].name = ToText(in.Take(at % 200));
      return;
    case 5:
      bundle.erase(bundle.begin() + static_cast<std::ptrdiff_t>(index));
      return;
    case 6: {  // a stretch of another file
      const Bytes& from = bundle[in.Below(bundle.size())].content;
      const std::size_t begin = std::min<std::size_t>(in.Word(), from.size());
      const std::size_t size = std::min<std::size_t>(in.Word(), from.size() - begin);
      return Insert(content, at,
                    Bytes(ByteView(from).subspan(begin, size).begin(),
                          ByteView(from).subspan(begin, size).end()));
    }
    default: {
      audit::BundleFile file{ToText(in.Take(in.Byte())), {}};
      const ByteView bytes = in.Take(at % 1024);
      file.content.assign(bytes.begin(), bytes.end());
      bundle.push_back(std::move(file));
    }
  }
}

void CheckReport(const audit::Report& report) {
  CHECK(report.exit_code == audit::ExitCodeOf(report.verdict));
  CHECK(report.problems.size() == std::min(report.problem_count, audit::kProblemsMax));
  for (const audit::Problem& problem : report.problems) {
    CHECK(!problem.reason.empty());
    CHECK(std::ranges::all_of(problem.file, [](char c) { return c >= 0x20 && c <= 0x7e; }));
  }
  if (report.verdict == Verdict::kComplete || report.verdict == Verdict::kIncomplete)
    CHECK(report.problem_count == 0 && report.exporter && !report.members.empty());
}

}  // namespace

void Bundle(ByteView input) {
  Input in(input);
  const Whole& whole = WholeBundle(in.Below(3));
  const bool reseal = in.Byte() % 2 == 1;
  audit::Bundle bundle = whole.bundle;
  for (int operations = 0; operations < 16 && !in.AtEnd() && !bundle.empty(); ++operations)
    Tamper(in, bundle);
  if (reseal) bundle = fixture::Resealed(std::move(bundle), whole.network);
  const audit::Report report = audit::Verify(bundle, whole.network);
  CheckReport(report);
  if (report.problem_count != 0 || report.verdict == Verdict::kForked) return;
  const std::set<log::EntryId> entries = EntriesOf(bundle);
  CHECK(std::ranges::includes(whole.entries, entries));
  if (reseal) return;
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  std::ranges::sort(bundle, by_name);
  CHECK(bundle == whole.bundle);
}

}  // namespace geflecht::fuzz
