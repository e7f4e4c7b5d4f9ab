// What holds for every plan of an import, whatever the file said.
#pragma once

#include "node/domain/contact_import.h"
#include "node/formats/csv.h"
#include "node/formats/vcard_read.h"

namespace geflecht::fuzz {

Result<domain::ImportPlan> PlanOf(const formats::CsvTable& table);
Result<domain::ImportPlan> PlanOf(const formats::VcardFile& file);

// Every contact passes the checks of a local write, keys differ, every value is accounted for, and
// each contact comes back from its exported table row and from its exported card.
void CheckPlan(const domain::ImportPlan& plan);

}  // namespace geflecht::fuzz
