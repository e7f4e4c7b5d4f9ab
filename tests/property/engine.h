// The engine under test, described as the oracle describes itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crdt/document.h"
#include "histories.h"
#include "tests/oracle/read.h"

namespace geflecht::crdt {

std::string Describe(const Document& document);
// Of all texts, as the oracle describes them.
std::string DescribePassages(const Document& document);
// The spans of a text, in the oracle's form.
std::vector<oracle::Span> EngineSpans(const Document& document, std::string_view path);

// What `changes` leave in the engine, applied in the order given.
std::string EngineState(const std::vector<Change>& changes);

// What the oracle says of it, in the form of EngineState.
std::string EngineExpected(const std::vector<Change>& changes);

// The same change with every edit cut into single elements.
Change Split(const Change& change);

}  // namespace geflecht::crdt
