// The edits of all merged changes, in the order of their numbers: what every state is made from.
// Those that came from a file stay packed until somebody reads them.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crdt/compressor.h"
#include "crdt/edit_columns.h"
#include "crdt/event_graph.h"
#include "crdt/sections.h"

namespace geflecht::crdt {

class EditHistory {
 public:
  // Changes that lie in a file: the columns' sections one behind the other, and the section that
  // is the prefix of the text's.
  struct Packed {
    Bytes columns;
    Bytes prefix;
    Node changes = 0;
    bool whole = true;  // no more changes lie in it
    Compressor compressor;
  };

  // The edits of change number size().
  void Append(const std::vector<Edit>& edits, const EventGraph& graph,
              std::span<const std::uint32_t> containers = {}) {
    tail_.Append(edits, graph, containers);
  }
  // Says anew what the edits of a change are, with more content or with less.
  void Replace(Node node, std::vector<Edit> edits) { replaced_[node] = std::move(edits); }

  // The edits of one change.
  Result<std::vector<Edit>> Find(const EventGraph& graph, Node node) const;

  // The edits of the first changes, not read again, if they lie in a file.
  std::optional<EditHistory> First(Node changes) const;

  Node size() const { return packed_.changes + tail_.changes(); }

  // Calls `visit` with each change from the first one on, until it returns false. kCorruption if a
  // file holds something else than was promised. `graph` knows all changes that edits name.
  using Visit = std::function<bool(Node node, std::vector<Edit>& edits)>;
  Result<void> ForEach(const EventGraph& graph, const Visit& visit) const;

  // For files.
  static EditHistory FromFile(Packed packed);
  // The sections as they came, if nothing was added since.
  const Packed* unchanged() const;
  // All edits, if they lie in one set of columns already.
  const EditColumns* whole() const {
    return packed_.changes == 0 && replaced_.empty() ? &tail_ : nullptr;
  }
  // The same, made anew.
  Result<EditColumns> Joined(const EventGraph& graph) const;

 private:
  Result<bool> Read(const columns::Views& views, Node first, Node count, bool whole,
                    const EventGraph& graph, const Visit& visit) const;

  Packed packed_;
  EditColumns tail_;
  std::map<Node, std::vector<Edit>> replaced_;
};

}  // namespace geflecht::crdt
