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

bool IsAllowed(std::string_view key, const crdt::Value& value) {
  // Content that is not here decides nothing.
  if (std::holds_alternative<crdt::Absent>(value)) return true;
  const std::string* text = std::get_if<std::string>(&value);
  const std::span<const std::string_view> allowed = AllowedValues(key);
  return text && std::find(allowed.begin(), allowed.end(), *text) != allowed.end();
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

std::optional<std::string> VoidReason(bool first_change, const std::vector<crdt::Edit>& edits) {
  std::array<bool, kRequired.size()> set{};
  for (const crdt::Edit& edit : edits) {
    const crdt::SetKey* write = std::get_if<crdt::SetKey>(&edit);
    if (!write || !write->map.empty()) continue;
    const auto key = std::find(kRequired.begin(), kRequired.end(), write->key);
    if (key == kRequired.end()) continue;
    if (!write->slot) return std::string(*key) + "-removed";
    const crdt::Value* value = std::get_if<crdt::Value>(&*write->slot);
    if (!value || !IsAllowed(*key, *value)) return std::string(*key) + "-unknown";
    set[static_cast<std::size_t>(key - kRequired.begin())] = true;
  }
  if (!first_change) return std::nullopt;
  for (std::size_t i = 0; i < kRequired.size(); ++i)
    if (!set[i]) return std::string(kRequired[i]) + "-missing";
  return std::nullopt;
}

}  // namespace geflecht::domain
