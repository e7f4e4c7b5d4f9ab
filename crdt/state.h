// What a Document holds.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crdt/document.h"
#include "crdt/engine.h"
#include "crdt/inbox.h"
#include "crdt/path.h"
#include "crdt/short_text.h"

namespace geflecht::crdt {

struct Document::State {
  State(Schema declared, AgentId writer)
      : schema(std::move(declared)), self(writer), engine(schema, self) {}

  // The state to read: all changes merged, an open change on top, no abandoned one.
  Engine& Current();
  // The container at a path of the type; the last one is remembered.
  Result<Number> At(std::string_view path, ContainerType type);
  // The container at a path, if it is the one that At found last; kNoNumber otherwise.
  Number Remembered(std::string_view path, ContainerType type) const {
    return last_number != kNoNumber && SameText(path, last_path) &&
                   engine.at(last_number).type == type
               ? last_number
               : kNoNumber;
  }
  // The same for an edit: kUsage if there is none.
  Result<Number> EditAt(std::string_view path, ContainerType type);
  // The place of a key for an edit: kUsage if there is none.
  Result<KeyPlace> KeyAt(std::string_view path);
  // What is merged already is different now.
  void Reset();
  // Takes a cut back that nobody applied.
  void AbandonCut();
  // Tells the observers what became different since the last time; Tell only of what is merged.
  void Notify();
  void Tell();

  Schema schema;
  AgentId self;
  Engine engine;
  Inbox inbox;

  bool stale = false;  // the history has to be performed again
  bool cut = false;    // the engine's open change was taken and not applied yet
  Heads heads;         // of the graph, while `heads_of` is its size
  std::size_t heads_of = 0;
  std::vector<crdt::Edit> open_edits;  // as OpenEdits returned them, while `edits_valid`
  bool edits_valid = false;

  std::string last_path;  // of the container `last_number`, which the schema declares
  Number last_number = kNoNumber;
  KnownMap known_map;  // that the last key was set in

  std::map<int, Observer> observers;
  int next_observer = 1;
  std::vector<Patch> patches;  // since the observers were told; collected while there are any
};

// What came of an edit that was staged: kUsage with the reason why it does not fit.
Result<void> Refused(std::string_view reason);
inline Result<void> Staged(std::string_view reason) {
  if (reason.empty()) return {};
  return Refused(reason);
}

// For the parts of the engine that stand beside the class.
struct DocumentAccess {
  static Document::State& State(const Document& document) { return *document.state_; }
};

// Checkout, with more changes that do not count. They need not be here.
Result<Document> CheckoutWithout(const Document& document, const Heads& version,
                                 const std::set<ChangeId>& without);

// All changes of a document performed from the first one on, without the open change. The document
// outlives it and is not edited meanwhile.
class Performed {
 public:
  // kCorruption if the history cannot be read.
  static Result<Performed> Of(const Document& document);
  const Engine& engine() const { return *engine_; }

 private:
  Performed() = default;
  std::optional<Document> copy_;  // if the document itself has no history or an open change
  const Engine* engine_ = nullptr;
};

}  // namespace geflecht::crdt
