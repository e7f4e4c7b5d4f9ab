#include "node/audit/examination.h"

namespace geflecht::audit {

void Examination::Bad(std::string file, std::size_t line, std::string_view reason,
                      std::string detail) {
  ++report.problem_count;
  if (report.problems.size() < kProblemsMax)
    report.problems.push_back({std::move(file), line, std::string(reason), std::move(detail)});
}

std::optional<std::string_view> Examination::Text(std::string_view name) const {
  const auto it = files.find(name);
  return it == files.end() ? std::nullopt : std::optional(AsText(it->second->content));
}

Coverage* Examination::CoverageOf(const log::SpaceId& space) {
  for (Coverage& coverage : report.spaces)
    if (coverage.space == space || (coverage.root && space.IsZero())) return &coverage;
  return nullptr;
}

std::string PrintableName(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, kBundleNameBytesMax)) out += c > 0x20 && c < 0x7f ? c : '?';
  return name.size() > kBundleNameBytesMax ? out + "..." : out;
}

}  // namespace geflecht::audit
