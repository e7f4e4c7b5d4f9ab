// A document as lines of text, so that two engines can be compared and a difference be read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crdt/schema.h"
#include "tests/oracle/document.h"

namespace geflecht::crdt::oracle {

// Pieces of the lines, for whoever describes another engine's document in the same way.
std::string DescribeSlot(const Slot& slot);
std::string DescribeSpan(const Span& span);
std::string DescribePassage(const std::string& path, const Passage& passage);
std::string DescribeBy(const ChangeId& change);
std::string Escaped(const std::string& key);  // a step of a path

// Everything but passages and authors: containers, values, marks, blocks, trees, conflicts, voids.
std::string Describe(Document& document);
std::string DescribePassages(Document& document);
// The change that each visible code point and item came with.
std::string DescribeAuthors(Document& document);

// The texts by path.
std::map<std::string, std::u32string> Texts(Document& document);

}  // namespace geflecht::crdt::oracle
