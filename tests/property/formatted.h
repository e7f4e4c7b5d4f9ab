// Texts with marks and block markers, of any engine, as one line.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "crdt/change.h"
#include "tests/oracle/read.h"

namespace geflecht::crdt {

// Changes of a few devices, made by hand.
class Script {
 public:
  // A change of device `number` on these parents. Its id tells how many came before it.
  ChangeId Do(std::uint64_t number, std::vector<ChangeId> parents, std::vector<Edit> edits);
  const std::vector<Change>& changes() const { return changes_; }

 private:
  std::vector<Change> changes_;
};

// The spans of the text "/notes" that an engine shows.
struct Formatter {
  const char* name;
  std::vector<oracle::Span> (*spans)(const std::vector<Change>&);
};
std::vector<Formatter> Formatters();

// What an engine refuses, and the text "/notes" that it shows.
struct Judge {
  const char* name;
  std::map<ChangeId, std::string> (*voids)(const std::vector<Change>&);
  std::string (*text)(const std::vector<Change>&);
};
std::vector<Judge> Judges();

// "[bold,link=x]text[]{type=h}": marks from here on, and block markers. The same whatever the order
// in which the changes come.
std::string Formatted(const Formatter& formatter, std::vector<Change> changes);

}  // namespace geflecht::crdt
