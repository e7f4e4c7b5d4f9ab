// Agreements in words, from the node's answers.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/session.h"

namespace geflecht::cli {

// The id of an agreement or of one of its versions; asks the node for its list unless it is whole.
Result<std::string> AgreementIdOf(Session& session, std::string_view typed);

// "3 month" from "3 month", "3 Monate", "14 Tage", "6 weeks"; nothing for anything else.
std::optional<std::string> NoticeFrom(std::string_view typed);

// "2026-12-24" in the user's form.
std::string DayWords(const Session& session, std::string_view day);
// "drei Monate" of "3 month"; "keine ordentliche Kündigung" of "".
std::string NoticeWords(const Session& session, std::string_view period);
std::string PhaseWords(const Session& session, std::string_view phase);
// What has to be done or happens, in a sentence. Not yet escaped.
std::string DueWords(const Session& session, const boost::json::object& due);
// Who signed or gave notice, by name.
std::string SignerWords(const Session& session, const boost::json::object& act);
// The text of a version with the names of persons in it.
std::string VersionText(const Session& session, const boost::json::object& version);
// The version of that id among an agreement's.
const boost::json::object* VersionOf(const boost::json::object& agreement, std::string_view id);
// All notices with their reasons and what became of them, a paragraph each; "" if there is none.
// Lines begin behind an empty one.
std::string NoticesText(const Session& session, const boost::json::object& agreement);
// Everything about an agreement, for the terminal.
std::string AgreementText(const Session& session, const boost::json::object& agreement);

// The files of --evidence as the node takes them. kTooLarge with "hint.evidence-too-large".
Result<boost::json::array> EvidenceOption(Session& session);

// The version that holds as a page that prints well, with everybody's signatures.
std::string AgreementHtml(const Session& session, const boost::json::object& agreement);
// The same as plain text.
std::string AgreementPlain(const Session& session, const boost::json::object& agreement);

}  // namespace geflecht::cli
