#include "tests/oracle/document.h"

#include "base/check.h"
#include "crdt/content.h"

namespace geflecht::crdt::oracle {

void Document::Apply(const Change& change) {
  std::vector<Edit>* const known = history_.FindEdits(change.id);
  if (known == nullptr) {
    history_.Add(change);
    return;
  }
  const auto merged = MergeContent(*known, change.edits);
  CHECK(merged.has_value());
  if (*merged) state_.reset();
}

const State& Document::state() {
  if (!state_) state_ = std::make_unique<State>(schema_, history_);
  while (state_->visited() < history_.size()) {
    const Node node = state_->visited();
    const ChangeId& id = history_.at(node).change.id;
    if (voids_.contains(id)) {
      state_->Skip(node);
    } else if (const auto reason = state_->Visit(node); !reason.empty()) {
      voids_[id] = reason;
      state_ = std::make_unique<State>(schema_, history_);
    }
  }
  return *state_;
}

void Document::Begin(const Change& change) {
  state();
  CHECK(change.edits.empty() && history_.Find(change.id) == nullptr);
  history_.Add(change);
  CHECK(history_.Find(change.id) != nullptr);
  state_->Begin(history_.size() - 1);
}

std::string Document::Add(const Edit& edit) {
  const std::string_view reason = state_->Perform(edit);
  if (reason.empty()) history_.at(history_.size() - 1).change.edits.push_back(edit);
  return std::string(reason);
}

const std::map<ChangeId, std::string>& Document::voids() {
  state();
  return voids_;
}

Document Document::At(const Heads& version) const {
  Document past(schema_);
  for (Node node = 0; node < history_.size(); ++node)
    for (const ChangeId& head : version)
      if (history_.Before(node, *history_.Find(head))) past.Apply(history_.at(node).change);
  past.excluded_ = excluded_;
  return past;
}

}  // namespace geflecht::crdt::oracle
