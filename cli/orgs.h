// Organisations as people name them: by their name or its beginning, or by the beginning of the id.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/session.h"

namespace geflecht::cli {

struct NamedOrg {
  std::string id;  // hex
  std::string name;
  bool operator==(const NamedOrg&) const = default;
};

// The whole name, else the one name that begins so, else the one id that does (6 digits at least).
// Letter case of ASCII does not matter. kNotFound with "hint.org-unknown", kConflict with
// "hint.org-ambiguous".
Result<NamedOrg> MatchOrg(std::string_view typed, const std::vector<NamedOrg>& orgs);

// The network's members, each once.
Result<std::vector<NamedOrg>> MembersOf(Session& session);

}  // namespace geflecht::cli
