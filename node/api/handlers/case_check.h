// The case guard in front of what is written here; never of what other nodes send.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "node/api/context.h"
#include "node/governance/frozen.h"

namespace geflecht::api {

struct GuardedText {
  std::string_view text;    // as it would stand there
  bool strict = false;      // refused unless released (case_release.h); otherwise the writer may
                            // confirm that it is no case
  std::string_view before;  // what stood there: only what the edit brings in counts
};

// What the request gets instead of being done, if a text looks like case data; nothing otherwise,
// and nothing for texts that are not strict with ?confirmed=1. kCaseData with
// "hint.case-strict" or "hint.case-confirm"; `detail` counts places and has no word of the text.
// With ?explain=1 instead {strict, mark, findings: [{reason, passage}], places: [{text,
// findings}]}; `mark` of the first strict text, or null.
std::optional<Answer> CaseAnswer(const Request& request, Context& context,
                                 const std::vector<GuardedText>& texts);
// The same in front of a text that is to be frozen: others may have written in it, whose nodes
// asked nobody. As of a text that is not strict, whatever the document is.
std::optional<Answer> FrozenCaseAnswer(const Request& request, Context& context,
                                       const governance::Frozen& frozen);

}  // namespace geflecht::api
