#include "crdt/undo.h"

#include <optional>
#include <string>
#include <utility>

#include "base/limits.h"
#include "crdt/state.h"

namespace geflecht::crdt {
namespace {

bool FitsOneChange(const Document& document) {
  const std::vector<Edit>& edits = document.OpenEdits();
  std::size_t bytes = 0;
  for (const Edit& edit : edits) {
    if (const auto* text = std::get_if<InsertText>(&edit)) bytes += text->inserted.size();
    if (const auto* list = std::get_if<InsertItems>(&edit))
      for (const NewSlot& slot : list->items)
        if (const auto* value = std::get_if<Value>(&slot))
          if (const auto* said = std::get_if<std::string>(value)) bytes += said->size();
  }
  return edits.size() <= limits::kEditsPerChangeHardMax && bytes <= limits::kFieldBytesMax;
}

}  // namespace

void UndoStack::Done(const ChangeId& change) {
  done_.push_back(change);
  aside_.insert(undone_.begin(), undone_.end());
  undone_.clear();
}

Result<bool> UndoStack::Stage(Document& document, std::vector<ChangeId>& from, bool back) {
  if (document.HasOpen()) return Fail(Code::kUsage, "a change is open");
  Engine& engine = DocumentAccess::State(document).Current();
  if (engine.cold()) engine.Warm();
  const std::optional<Node> node = engine.graph().Find(from.back());
  if (!node) return Fail(Code::kNotFound, "a change that is not here");
  std::set<ChangeId> aside = aside_;
  aside.insert(undone_.begin(), undone_.end());
  if (back) {
    aside.insert(from.back());
  } else {
    aside.erase(from.back());
  }
  ASSIGN(Inverse inverse, FindInverse(document, engine, *node, aside, copies_));
  const auto pass_over = [&] {
    aside_.insert(from.back());
    from.pop_back();
  };
  const Result<void> staged = document.Edit([&](Transaction& edit) -> Result<void> {
    for (const Edit& one : inverse.edits) TRY(edit.Stage(one));
    for (const auto& [text, wishes] : inverse.wishes)
      TRY(Staged(StageWishes(engine, text, wishes)));
    if (!FitsOneChange(document)) return Fail(Code::kUsage, "too much for one change");
    return {};
  });
  if (!staged) {
    pass_over();
    return Fail(staged.error());
  }
  staged_ = std::move(inverse.brought);
  if (!document.HasOpen()) pass_over();
  return document.HasOpen();
}

// What was brought back is found by what it is now.
void UndoStack::Remember(const ChangeId& change) {
  for (auto& [id, names] : staged_) copies_[id][change] = std::move(names);
  staged_.clear();
  aside_.insert(change);
}

Result<bool> UndoStack::Undo(Document& document) {
  if (done_.empty()) return Fail(Code::kNotFound, "nothing to take back");
  return Stage(document, done_, true);
}

void UndoStack::Undone(const ChangeId& change) {
  Remember(change);
  undone_.push_back(done_.back());
  done_.pop_back();
}

Result<bool> UndoStack::Redo(Document& document) {
  if (undone_.empty()) return Fail(Code::kNotFound, "nothing to do again");
  return Stage(document, undone_, false);
}

void UndoStack::Redone(const ChangeId& change) {
  Remember(change);
  done_.push_back(undone_.back());
  undone_.pop_back();
}

}  // namespace geflecht::crdt
