// Inputs of every target made from real values of the product, as a start for the fuzzer.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace geflecht::fuzz {

using Seeds = std::map<std::string, std::vector<Bytes>, std::less<>>;  // by target

void AddDocumentSeeds(Seeds& seeds);  // change
void AddLogSeeds(Seeds& seeds);       // anchor body card charter fork header keys record
void AddWireSeeds(Seeds& seeds);      // body bundle frames http message session
// csv and vcard, from the samples below the folder of the sources.
void AddFileSeeds(Seeds& seeds, const std::string& source_dir);

}  // namespace geflecht::fuzz
