// The rules by which a network decides: text form, what is safe, which of two is stricter, how many
// votes it takes (docs/formats/state.md, Rules). Whole numbers only.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/log/ids.h"

namespace geflecht::governance {

// What a decision is about: one of the names below, "body:<id>", or a name of the network's own.
using Matter = std::string;

inline constexpr std::string_view kAdmit = "admit";
inline constexpr std::string_view kRemove = "remove";
inline constexpr std::string_view kRole = "role";
inline constexpr std::string_view kRule = "rule";
inline constexpr std::string_view kRekey = "rekey";
inline constexpr std::string_view kInactive = "inactive";
inline constexpr std::string_view kSpace = "space";
inline constexpr std::string_view kAudit = "audit";
inline constexpr std::string_view kRelay = "relay";
inline constexpr std::string_view kMerge = "merge";
inline constexpr std::string_view kContent = "content";
inline constexpr std::string_view kBodyPrefix = "body:";
inline constexpr std::string_view kSpacePrefix = "space:";  // of roles only
inline constexpr std::string_view kEveryMatter = "*";       // that has no rule of its own

// 1 to 64 characters a-z 0-9 . - after an optional "body:"; or kEveryMatter.
bool IsMatter(std::string_view name);
// Whether fewer than half may decide it: content and the network's own matters.
bool MayBeDecidedByFew(std::string_view matter);
// The subject of remove, inactive and rekey has no vote on it.
bool ExcludesSubject(std::string_view matter);

enum class RuleKind : std::uint8_t {  // the stricter first
  kUnanimity,
  kConsent,    // at least k yes and no objection
  kTwoThirds,  // of all
  kMajority,   // of all
  kQuorum,     // k of all
  kVotesCast,  // at least k have voted; more yes than no and objections
};

struct Rule {
  RuleKind kind = RuleKind::kMajority;
  std::uint32_t k = 0;               // kConsent, kQuorum, kVotesCast; else 0
  std::vector<log::OrgId> carriers;  // must say yes, whatever the others say; ascending
  // Who stays silent, or objects outside the certificate, has weight: such a decision is
  // provisional until a seal.
  bool CountsAbsence() const { return kind == RuleKind::kConsent || kind == RuleKind::kVotesCast; }
  bool operator==(const Rule&) const = default;
};

// "unanimity" | "consent K" | "two-thirds" | "majority" | "quorum K" | "votes-cast K", and for each
// carrier, ascending, " both 64HEX".
std::string RenderRule(const Rule& rule);
// Strict to the byte. kMalformed.
Result<Rule> ParseRule(std::string_view text);

// Unanimity, consent, two-thirds, majority, k of n, votes cast; the larger k; more named carriers.
// `less` = stricter.
std::weak_ordering CompareStrictness(const Rule& a, const Rule& b);

// Why a network of `n` members must not take `rule` for `matter`.
enum class UnsafeRule : std::uint8_t {
  kNoNumber,    // k is 0
  kTooMany,     // k is more than n: never fulfilled
  kTooFew,      // k is not more than half of n: two groups could decide the opposite
  kNotAMatter,  // no such matter
  kCarriers,    // carriers that are no members, not ascending, or other than none or two
};
// The key of the sentence that says it: "rule.unsafe.too-few" and so on.
std::string_view MessageKey(UnsafeRule why);
std::optional<UnsafeRule> CheckRule(std::string_view matter, const Rule& rule,
                                    const std::vector<log::OrgId>& members);

// One rule for each matter.
struct RuleTable {
  Rule every;                        // of matters that are not named
  std::map<Matter, Rule> by_matter;  // without kEveryMatter
  const Rule& For(std::string_view matter) const;
  bool operator==(const RuleTable&) const = default;
};

}  // namespace geflecht::governance
