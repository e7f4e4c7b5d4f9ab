// The oracle of the document engine: keeps all changes, and performs them from the first one on
// whenever something came that does not follow everything.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "crdt/change.h"
#include "crdt/schema.h"
#include "tests/oracle/read.h"
#include "tests/oracle/state.h"

namespace geflecht::crdt::oracle {

class Document {
 public:
  explicit Document(const Schema& schema) : schema_(schema) {}

  // A change that is here already gives what its content adds.
  void Apply(const Change& change);
  void Exclude(const ChangeId& change) { excluded_.insert(change); }
  void Include(const ChangeId& change) { excluded_.erase(change); }
  bool IsExcluded(const ChangeId& change) const { return excluded_.contains(change); }

  // A change that grows: an edit is added if it fits, else the reason is returned.
  void Begin(const Change& change);
  std::string Add(const Edit& edit);

  const State& state();
  Reader reader() { return {state(), excluded_}; }
  const History& history() const { return history_; }
  const Schema& schema() const { return schema_; }
  Heads heads() const { return history_.FindHeads(); }
  const std::map<ChangeId, std::string>& voids();

  // What was there when these changes were the heads.
  Document At(const Heads& version) const;

 private:
  const Schema& schema_;
  History history_;
  std::set<ChangeId> excluded_;
  std::unique_ptr<State> state_;
  std::map<ChangeId, std::string> voids_;
};

}  // namespace geflecht::crdt::oracle
