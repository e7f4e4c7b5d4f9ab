#include "node/governance/tally.h"

#include <algorithm>

namespace geflecht::governance {

std::size_t VotesNeeded(const Rule& rule, std::string_view matter, std::size_t n,
                        std::size_t electors) {
  if (ExcludesSubject(matter)) n = std::max<std::size_t>(n, 3);
  const std::size_t majority = n / 2 + 1;
  switch (rule.kind) {
    case RuleKind::kUnanimity:
      return ExcludesSubject(matter) ? std::max(electors, n - 1)
                                     : std::max<std::size_t>(electors, 1);
    case RuleKind::kTwoThirds:
      return std::max<std::size_t>((2 * n + 2) / 3, 1);
    case RuleKind::kMajority:
      return majority;
    case RuleKind::kConsent:
    case RuleKind::kQuorum:
    case RuleKind::kVotesCast:
      break;
  }
  const std::size_t least = MayBeDecidedByFew(matter) ? 1 : majority;
  return std::max(std::min<std::size_t>(rule.k, electors), least);
}

bool Holds(const Requirement& requirement, const std::vector<Voice>& voices) {
  const auto count = [&](Position position) {
    return static_cast<std::size_t>(
        std::count_if(voices.begin(), voices.end(),
                      [&](const Voice& voice) { return voice.position == position; }));
  };
  const std::size_t yes = count(Position::kYes);
  const std::size_t objections = count(Position::kObjection);
  for (const std::uint32_t carrier : requirement.carriers)
    if (std::none_of(voices.begin(), voices.end(), [&](const Voice& voice) {
          return voice.org == carrier && voice.position == Position::kYes;
        }))
      return false;
  if (requirement.kind == RuleKind::kVotesCast)
    return voices.size() >= requirement.need && yes > count(Position::kNo) + objections;
  if (requirement.kind == RuleKind::kConsent && objections > 0) return false;
  return yes >= requirement.need;
}

}  // namespace geflecht::governance
