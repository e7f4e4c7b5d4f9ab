// Earlier versions of a document, what became different between two of them, and who wrote what.
// All of it is read from the history and does not touch the document, which may have an open
// change.
#pragma once

#include <cstdint>
#include <functional>
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

// What a document said once, by the key of the root map under which it stood: empty where that is
// not known.
using SaidBefore = std::function<void(const std::string& field, std::string_view text)>;
// Calls `said` with what the history holds beside what the document shows, if any change took
// something away or inserted into what stood there: every value that is a text, the insertions of
// changes that do not count or that removed something themselves, texts that are not shown any
// more, and the lines that a change changed, as they stood before it. What stands there still may
// be among them; erased content is not. A line is cut 2,000 code points beside the change. Linear
// in the history. kCorruption if it cannot be read.
Result<void> ForEachEarlier(const Document& document, const SaidBefore& said);
// The same of the edits of one change: values, and insertions into texts `with_texts`, those in a
// row as one. `field_of` names the root key of a container.
void ForEachWritten(const std::vector<Edit>& edits, bool with_texts,
                    const std::function<std::string(const ContainerId&)>& field_of,
                    const SaidBefore& said);

}  // namespace geflecht::crdt
