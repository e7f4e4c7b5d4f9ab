#include "node/domain/envelope.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crdt/value.h"

namespace geflecht::domain {
namespace {

constexpr std::array<std::string_view, 6> kPurposes = {
    "network_coordination", "event_organisation", "public_directory",
    "agreement_management", "funding_evidence",   "legal_documentation"};
// GDPR Art. 6(1) a, b, c, e, f. Letter d (vital interests) has no place in a contact list.
constexpr std::array<std::string_view, 5> kLegalBases = {"consent", "contract", "legal_obligation",
                                                         "public_task", "legitimate_interest"};
constexpr std::array<std::string_view, 11> kRetentionClasses = {"L1", "L2", "L3", "L4",  "L5", "L6",
                                                                "L7", "L8", "L9", "L10", "L11"};
constexpr std::array<std::string_view, 3> kVisibilities = {"space", "member", "public"};
constexpr std::array<std::string_view, 3> kSources = {"data_subject", "third_party", "import"};
constexpr std::array<std::string_view, 2> kInfoStates = {"open", "given"};

constexpr std::array<std::string_view, 4> kLawProfiles = {"dsgvo_bdsg", "dsgvo_landesrecht", "kdg",
                                                          "dsg_ekd"};
constexpr std::array<std::string_view, 2> kYesOrNo = {"yes", "no"};

constexpr std::array<std::string_view, 3> kRequired = {kPurpose, kLegalBasis, kRetentionClass};

bool IsText(const crdt::Value& value) {
  const auto* absent = std::get_if<crdt::Absent>(&value);
  return absent != nullptr ? absent->kind == crdt::Absent::Kind::kText
                           : std::holds_alternative<std::string>(value);
}

// The required key that an edit writes, or nothing.
std::optional<std::size_t> RequiredKeyOf(const crdt::Edit& edit) {
  const crdt::SetKey* write = std::get_if<crdt::SetKey>(&edit);
  if (!write || !write->map.empty()) return std::nullopt;
  const auto key = std::find(kRequired.begin(), kRequired.end(), write->key);
  if (key == kRequired.end()) return std::nullopt;
  return static_cast<std::size_t>(key - kRequired.begin());
}

}  // namespace

const std::vector<crdt::FieldSpec>& EnvelopeFields() {
  static const std::vector<crdt::FieldSpec> fields = [] {
    std::vector<crdt::FieldSpec> out;
    for (const std::string_view key :
         {kPurpose, kLegalBasis, kRetentionClass, kOwnerOrg, kVisibility, kRestricted, kSource})
      out.push_back({std::string(key), crdt::FieldType::kValue, false});
    return out;
  }();
  return fields;
}

std::span<const std::string_view> AllowedValues(std::string_view key) {
  if (key == kPurpose) return kPurposes;
  if (key == kLegalBasis) return kLegalBases;
  if (key == kRetentionClass) return kRetentionClasses;
  if (key == kVisibility) return kVisibilities;
  if (key == kSource) return kSources;
  if (key == "info_status") return kInfoStates;
  if (key == "law_profile") return kLawProfiles;
  if (key == "natural_person" || key == "public_body") return kYesOrNo;
  return {};
}

std::span<const std::string_view> RestrictionReasons() {
  static constexpr std::array<std::string_view, 5> kReasons = {"accuracy", "unlawful", "claims",
                                                               "objection", "legal_hold"};
  return kReasons;
}

bool IsRestricted(const crdt::Value& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag;
  const std::string* reason = std::get_if<std::string>(&value);
  return reason != nullptr && !reason->empty();
}

std::optional<std::string> VoidReason(bool first_change, const std::vector<crdt::Edit>& edits) {
  std::array<bool, kRequired.size()> set{};
  for (const crdt::Edit& edit : edits) {
    const auto key = RequiredKeyOf(edit);
    if (!key) continue;
    const crdt::SetKey& write = std::get<crdt::SetKey>(edit);
    if (!write.slot) return std::string(kRequired[*key]) + "-removed";
    const crdt::Value* value = std::get_if<crdt::Value>(&*write.slot);
    if (!value || !IsText(*value)) return std::string(kRequired[*key]) + "-no-text";
    set[*key] = true;
  }
  if (!first_change) return std::nullopt;
  for (std::size_t i = 0; i < kRequired.size(); ++i)
    if (!set[i]) return std::string(kRequired[i]) + "-missing";
  return std::nullopt;
}

std::optional<std::string> WhyNotMade(bool first_change, const std::vector<crdt::Edit>& edits) {
  if (auto reason = VoidReason(first_change, edits)) return reason;
  for (const crdt::Edit& edit : edits) {
    const auto key = RequiredKeyOf(edit);
    if (!key) continue;
    const auto& value = std::get<crdt::Value>(*std::get<crdt::SetKey>(edit).slot);
    const std::string* text = std::get_if<std::string>(&value);
    const std::span<const std::string_view> allowed = AllowedValues(kRequired[*key]);
    if (text && std::find(allowed.begin(), allowed.end(), *text) == allowed.end())
      return std::string(kRequired[*key]) + "-unknown";
  }
  return std::nullopt;
}

}  // namespace geflecht::domain
