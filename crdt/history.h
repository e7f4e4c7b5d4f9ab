// Earlier versions of a document, what became different between two of them, and who wrote what.
// All of it is read from the history and does not touch the document, which may have an open
// change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crdt/document.h"

namespace geflecht::crdt {

// The document as it was when these changes were its heads, with their history. kNotFound if one of
// them is not merged here.
Result<Document> Checkout(const Document& document, const Heads& version);

// The changes that are merged here and not in the past of `version`, parents first. kNotFound as
// above.
Result<std::vector<ChangeId>> ChangesSince(const Document& document, const Heads& version);

// A stretch of a text that one change inserted.
struct Passage {
  std::uint64_t position = 0, count = 0;  // code points
  ChangeId change;
  AgentId agent;
  bool operator==(const Passage&) const = default;
};
// Who wrote the text at a path, without the open change: passages in order, without gaps. kNotFound
// and kUsage as Document::Text.
Result<std::vector<Passage>> Blame(const Document& document, std::string_view path);

// What became different between two versions.
struct TextChange {
  std::uint64_t position = 0;    // in the later text, in code points
  std::string before, after;     // whole words
  std::vector<AgentId> authors;  // ascending, of what was inserted or removed
  bool operator==(const TextChange&) const = default;
};
struct FieldChange {
  std::string path;                      // of a key, an item or a counter
  std::string kind;                      // "added", "removed", "changed"
  std::optional<Writing> before, after;  // who wrote it; of a counter only the sum
  bool operator==(const FieldChange&) const = default;
};
struct VersionDifference {
  struct Text {
    std::string path;  // in the later version
    std::vector<TextChange> changes;
  };
  std::vector<Text> texts;          // by path; texts that are in both versions
  std::vector<FieldChange> fields;  // by path
};
// What excluded changes did is in no version. From `before` to `after`, of which neither has to be
// in the past of the other.
Result<VersionDifference> DiffVersions(const Document& document, const Heads& before,
                                       const Heads& after);

}  // namespace geflecht::crdt
