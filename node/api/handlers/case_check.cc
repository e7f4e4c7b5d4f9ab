#include "node/api/handlers/case_check.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <utility>

#include "node/api/handlers/case_release.h"
#include "node/domain/case_guard/case_guard.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t kPlacesMax = 20;  // that are shown; one is enough to stop

bool Asks(const Request& request, const char* key) {
  const auto it = request.query.find(key);
  return it != request.query.end() && it->second == "1";
}

array FindingsOf(std::string_view text, const domain::CasePlace& place) {
  array findings;
  for (const domain::CasePassage& passage : place.passages)
    findings.push_back(
        object{{"reason", domain::CaseReasonName(passage.reason)},
               {"passage", text.substr(passage.begin, passage.end - passage.begin)}});
  return findings;
}

}  // namespace

std::optional<Answer> CaseAnswer(const Request& request, Context& context,
                                 const std::vector<GuardedText>& texts) {
  bool strict = false;
  Json mark(nullptr);
  std::size_t count = 0;
  array all;
  array places;
  for (const GuardedText& text : texts) {
    const domain::CaseFinding finding = domain::CheckEdit(text.before, text.text);
    if (!finding.flagged()) continue;
    if (IsReleased(context, text.text)) continue;
    if (text.strict && !strict) mark = CaseMark(context, text.text);
    strict = strict || text.strict;
    count += finding.places.size();
    for (const domain::CasePlace& place : finding.places) {
      if (places.size() >= kPlacesMax) break;
      array findings = FindingsOf(text.text, place);
      all.insert(all.end(), findings.begin(), findings.end());
      places.push_back(object{{"text", text.text.substr(place.begin, place.end - place.begin)},
                              {"findings", std::move(findings)}});
    }
  }
  if (count == 0 || (!strict && Asks(request, "confirmed"))) return std::nullopt;
  if (Asks(request, "explain"))
    return Answer(object{{"strict", strict},
                         {"mark", std::move(mark)},
                         {"findings", std::move(all)},
                         {"places", std::move(places)}});
  return Answer(Fail(Code::kCaseData, std::to_string(count) + " places of the text",
                     strict ? "hint.case-strict" : "hint.case-confirm"));
}

std::optional<Answer> FrozenCaseAnswer(const Request& request, Context& context,
                                       const governance::Frozen& frozen) {
  std::vector<std::string> blocks;
  for (const std::string& block : frozen.blocks)
    blocks.push_back(governance::WithPersons(block, frozen.persons, /*erased=*/""));
  std::vector<GuardedText> texts{{frozen.title, /*strict=*/false, {}}};
  for (const std::string& block : blocks) texts.push_back({block, /*strict=*/false, {}});
  return CaseAnswer(request, context, texts);
}

}  // namespace geflecht::api
