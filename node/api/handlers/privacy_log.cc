// The record of administrative acts (docs/formats/acts.md).
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "node/api/context.h"
#include "node/core/acts.h"

namespace geflecht::api {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::size_t kMarkDigitsMin = 8;

// Behind the line whose hash begins with `mark`. kVerification if there is none.
Result<std::size_t> BehindMark(const std::vector<core::Act>& acts, const std::string& mark) {
  if (mark.size() < kMarkDigitsMin)
    return Fail(Code::kUsage, "a check number has at least eight digits", "hint.acts-mark");
  const auto found = std::find_if(acts.begin(), acts.end(), [&](const core::Act& act) {
    return act.hash.Hex().starts_with(mark);
  });
  if (found == acts.end())
    return Fail(Code::kVerification, "no line has this check number", "hint.acts-mark-unknown");
  return static_cast<std::size_t>(found - acts.begin()) + 1;
}

// GET ?after=HASH -> {acts[{time, act, object}], mark, kept_days, whole}
Answer ListActs(const Request& request, const Arguments&, Context& context) {
  ASSIGN(const std::vector<core::Act> acts, core::Acts::Read(context.store));
  std::size_t from = 0;
  if (const auto after = request.query.find("after"); after != request.query.end()) {
    ASSIGN(from, BehindMark(acts, after->second));
  }
  array lines;
  for (std::size_t i = from; i < acts.size(); ++i)
    lines.push_back(
        object{{"time", log::RenderTime(acts[i].hour_s)},
               {"act", acts[i].name},
               {"object", acts[i].object.empty() ? Json(nullptr) : Json(acts[i].object)}});
  const bool whole = std::all_of(acts.begin() + static_cast<std::ptrdiff_t>(from), acts.end(),
                                 [](const core::Act& act) { return act.follows; });
  return object{{"acts", std::move(lines)},
                {"mark", acts.empty() ? Json(nullptr) : Json(acts.back().hash.Hex())},
                {"kept_days", core::kActsKeptDays},
                {"whole", whole}};
}

}  // namespace

std::vector<Route> PrivacyLogRoutes() { return {{"GET", "/api/v1/privacy/log", ListActs}}; }

}  // namespace geflecht::api
