// What twelve organisations do in their first year.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/sim/year.h"

namespace geflecht::sim {

using Told = std::map<std::string, log::EntryId>;  // decisions by title

// Signed by three, and amended (year_papers.cc).
void Agreement(Year& year);
void Minutes(Year& year, Told& told);

std::unique_ptr<Year> FoundYear();
Told TellYear(Year& year);

}  // namespace geflecht::sim
