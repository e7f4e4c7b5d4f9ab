#include <algorithm>
#include <array>

#include "node/governance/rule.h"

namespace geflecht::governance {
namespace {

constexpr std::array<std::string_view, 10> kNamed = {kAdmit,    kRemove, kRole,  kRule,  kRekey,
                                                     kInactive, kSpace,  kAudit, kRelay, kMerge};
constexpr std::size_t kNameMax = 64;

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= kNameMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

bool CarriersHold(const Rule& rule, const std::vector<log::OrgId>& members) {
  if (!rule.carriers.empty() && rule.carriers.size() != 2) return false;
  if (!std::is_sorted(rule.carriers.begin(), rule.carriers.end())) return false;
  if (std::adjacent_find(rule.carriers.begin(), rule.carriers.end()) != rule.carriers.end())
    return false;
  return std::all_of(rule.carriers.begin(), rule.carriers.end(), [&](const log::OrgId& carrier) {
    return std::find(members.begin(), members.end(), carrier) != members.end();
  });
}

}  // namespace

bool IsMatter(std::string_view name) {
  if (name == kEveryMatter) return true;
  if (name.starts_with(kBodyPrefix)) name.remove_prefix(kBodyPrefix.size());
  return IsName(name);
}

bool MayBeDecidedByFew(std::string_view matter) {
  return matter != kEveryMatter && !matter.starts_with(kBodyPrefix) &&
         std::find(kNamed.begin(), kNamed.end(), matter) == kNamed.end();
}

bool ExcludesSubject(std::string_view matter) {
  return matter == kRemove || matter == kInactive || matter == kRekey;
}

std::string_view MessageKey(UnsafeRule why) {
  switch (why) {
    case UnsafeRule::kNoNumber:
      return "rule.unsafe.no-number";
    case UnsafeRule::kTooMany:
      return "rule.unsafe.too-many";
    case UnsafeRule::kTooFew:
      return "rule.unsafe.too-few";
    case UnsafeRule::kNotAMatter:
      return "rule.unsafe.not-a-matter";
    case UnsafeRule::kCarriers:
      return "rule.unsafe.carriers";
  }
  return "rule.unsafe.not-a-matter";
}

std::optional<UnsafeRule> CheckRule(std::string_view matter, const Rule& rule,
                                    const std::vector<log::OrgId>& members) {
  if (!IsMatter(matter)) return UnsafeRule::kNotAMatter;
  if (!CarriersHold(rule, members)) return UnsafeRule::kCarriers;
  const bool has_number = rule.kind == RuleKind::kConsent || rule.kind == RuleKind::kQuorum ||
                          rule.kind == RuleKind::kVotesCast;
  if (!has_number) return std::nullopt;
  const std::size_t n = members.size();
  if (rule.k == 0) return UnsafeRule::kNoNumber;
  if (rule.k > n) return UnsafeRule::kTooMany;
  if (!MayBeDecidedByFew(matter) && rule.k < n / 2 + 1) return UnsafeRule::kTooFew;
  return std::nullopt;
}

}  // namespace geflecht::governance
