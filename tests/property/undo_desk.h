// A user at work who takes back and does again, on a document with everything that can be edited.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "crdt/document.h"
#include "crdt/undo.h"

namespace geflecht::crdt {

const Schema& UndoSchema();

struct Desk {
  Desk(int agent, std::uint64_t seed);

  // One to four random edits, none if they do not fit. What is typed are letters of this agent
  // alone, values are texts that begin with its letter and are never said twice.
  void Work();
  bool Try(const std::function<Result<void>(Transaction&)>& edits);
  // Applies the open change. The id says nothing about when it was made.
  Change Commit();
  // Stages, applies and tells the stack; nothing if nothing was staged.
  std::optional<Change> TakeBack();
  std::optional<Change> DoAgain();

  // Everything that can be read.
  std::string Shown() const;
  // What others have typed and set, in order.
  std::string OfOthers() const;

  int agent;
  Document document;
  SeededRandom random;
  UndoStack stack;
  bool removes = true;  // takes away what others have made, and sets and moves it

 private:
  Result<void> One(Transaction& edit);
  Result<void> InList(Transaction& edit);
  Result<void> InText(Transaction& edit);
  Result<void> InTree(Transaction& edit);
  std::string Word();

  std::uint64_t words_ = 0;
};

}  // namespace geflecht::crdt
