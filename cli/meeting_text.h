// A meeting, and what was taken on there, as people read it.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/session.h"

namespace geflecht::cli {

// "24.11.2026, 14:00"
std::string WhenText(const Session& session, const boost::json::object& meeting);
// Who reads minutes of this meeting and votes on them; "" if all members do.
std::string CircleNote(const Session& session, const boost::json::object& meeting);
std::string MeetingText(const Session& session, const boost::json::object& meeting);
// A table of tasks.
std::string TasksText(const Session& session, const boost::json::array& tasks);

}  // namespace geflecht::cli
