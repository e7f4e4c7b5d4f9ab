// What twelve organisations do in their first year.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/sim/year.h"

namespace geflecht::sim {

using Told = std::map<std::string, log::EntryId>;  // decisions by title

std::unique_ptr<Year> FoundYear();
Told TellYear(Year& year);

}  // namespace geflecht::sim
