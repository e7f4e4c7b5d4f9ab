// What people were told is done, to be held against what is there in the end.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "crdt/value.h"
#include "node/log/ids.h"

namespace geflecht::sim {

struct Ledger {
  std::vector<log::EntryId> said;  // proposals and votes that were acknowledged
  // Every code point is typed once in a whole run, so that it can be recognised wherever it ends
  // up.
  struct Typed {
    crdt::DocumentId document;
    bool acknowledged = false;
    bool removed = false;  // by somebody, acknowledged or not
    bool removal_acknowledged = false;
  };
  std::map<std::uint32_t, Typed> typed;

  struct Set {
    crdt::DocumentId document;
    std::size_t site = 0;
    std::string key;
    std::string value;  // unique
    bool acknowledged = false;
  };
  std::vector<Set> sets;

  struct Added {
    crdt::DocumentId document;
    std::size_t site = 0;
    std::int64_t delta = 0;  // unique
    bool acknowledged = false;
  };
  std::vector<Added> added;

  std::set<crdt::DocumentId> created;  // acknowledged
  std::set<crdt::DocumentId> erased;   // somebody began to; nothing of it has to be there

  std::uint32_t next_number = 0;
  // No two calls give the same; every other one lies outside of the Basic Multilingual Plane.
  std::uint32_t NextCodePoint() {
    const std::uint32_t number = next_number++;
    return number % 2 == 0 ? 0x4E00 + number : 0x20000 + number;
  }
};

}  // namespace geflecht::sim
