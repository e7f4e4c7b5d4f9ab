// Proposals in words, from the node's answers.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/session.h"

namespace geflecht::cli {

// The id of a proposal; asks the node for its list unless `typed` is whole.
Result<std::string> ProposalIdOf(Session& session, std::string_view typed);

// "Ja" for "yes", "widersprüchlich, zählt nicht" for "contradictory".
std::string PositionWords(const Session& session, std::string_view position);
// "gilt", "vorläufig: ...", "offen".
std::string StatusWords(const Session& session, const boost::json::object& proposal);
// "Aufnahme einer Organisation: Klinikum X (0f6c...)", without the id for lists. Not yet escaped.
std::string SubjectWords(const Session& session, const boost::json::object& proposal, bool with_id);
// "3 von 5 Ja, nötig 4" of a summary.
std::string CountText(const Session& session, const boost::json::object& proposal);
// Everything about a proposal.
std::string ProposalText(const Session& session, const boost::json::object& proposal);

}  // namespace geflecht::cli
