#include "cli/orgs.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <functional>

#include "cli/display.h"
#include "cli/ids.h"

namespace geflecht::cli {
namespace {

std::string InLowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

}  // namespace

Result<NamedOrg> MatchOrg(std::string_view typed, const std::vector<NamedOrg>& orgs) {
  const std::string wanted = InLowerCase(typed);
  using Matches = std::function<bool(const NamedOrg&)>;
  const bool is_id = wanted.size() >= kIdDigitsMin &&
                     wanted.find_first_not_of("0123456789abcdef") == std::string::npos;
  const Matches same = [&](const NamedOrg& org) { return InLowerCase(org.name) == wanted; };
  const Matches begins = [&](const NamedOrg& org) {
    return !wanted.empty() && InLowerCase(org.name).starts_with(wanted);
  };
  const Matches id = [&](const NamedOrg& org) { return is_id && org.id.starts_with(wanted); };
  for (const Matches& matches : {same, begins, id}) {
    std::vector<NamedOrg> found;
    std::copy_if(orgs.begin(), orgs.end(), std::back_inserter(found), matches);
    if (found.size() == 1) return found.front();
    if (found.size() > 1)
      return Fail(Code::kConflict, Shown(typed) + ": several organisations", "hint.org-ambiguous");
  }
  return Fail(Code::kNotFound, Shown(typed) + ": no such organisation", "hint.org-unknown");
}

Result<std::vector<NamedOrg>> MembersOf(Session& session) {
  ASSIGN(const auto answer, session.Get("/api/v1/network/members"));
  std::vector<NamedOrg> orgs;
  for (const Json& item : answer.at("members").as_array()) {
    NamedOrg org{TextOf(item.as_object(), "org"), TextOf(item.as_object(), "organisation")};
    if (std::find_if(orgs.begin(), orgs.end(),
                     [&](const NamedOrg& known) { return known.id == org.id; }) == orgs.end())
      orgs.push_back(std::move(org));
  }
  return orgs;
}

}  // namespace geflecht::cli
