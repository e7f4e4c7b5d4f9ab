#include "cli/ids.h"

#include <boost/json/array.hpp>
#include <set>

#include "cli/display.h"
#include "crdt/value.h"

namespace geflecht::cli {

Result<std::string> MatchId(std::string_view typed, const std::vector<std::string>& ids) {
  std::string wanted;
  for (const char c : typed) {
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (!digit && !(c >= 'A' && c <= 'F'))
      return Fail(Code::kUsage, "no id: " + Shown(typed), "hint.id");
    wanted += digit ? c : static_cast<char>(c - 'A' + 'a');
  }
  if (wanted.size() < kIdDigitsMin)
    return Fail(Code::kUsage, "an id has at least 6 digits", "hint.id");
  std::set<std::string> found;
  for (const std::string& id : ids)
    if (id.starts_with(wanted)) found.insert(id);
  if (found.empty()) return Fail(Code::kNotFound, "nothing begins with " + wanted);
  if (found.size() > 1)
    return Fail(Code::kConflict, std::to_string(found.size()) + " ids begin with " + wanted,
                "hint.id-ambiguous");
  return *found.begin();
}

Result<std::string> DocumentIdOf(Session& session, std::string_view typed) {
  if (crdt::DocumentId::FromHexText(typed)) return std::string(typed);
  ASSIGN(const auto answer, session.Get("/api/v1/documents"));
  std::vector<std::string> ids;
  for (const Json& document : answer.at("documents").as_array())
    ids.push_back(TextOf(document.as_object(), "id"));
  return MatchId(typed, ids);
}

Result<std::string> EntryOf(Session& session, const std::string& id, std::string_view typed) {
  if (crdt::ChangeId::FromHexText(typed)) return std::string(typed);
  ASSIGN(const auto answer, session.Get("/api/v1/documents/" + id + "/history"));
  std::vector<std::string> entries;
  for (const Json& change : answer.at("changes").as_array())
    entries.push_back(TextOf(change.as_object(), "entry"));
  return MatchId(typed, entries);
}

std::string ShortId(std::string_view id) { return std::string(id.substr(0, kIdDigitsShown)); }

}  // namespace geflecht::cli
