#include "crdt/edit_history.h"

#include <utility>

namespace geflecht::crdt {

EditHistory EditHistory::FromFile(Packed packed) {
  EditHistory history;
  history.packed_ = std::move(packed);
  return history;
}

std::optional<EditHistory> EditHistory::First(Node changes) const {
  if (changes > packed_.changes) return std::nullopt;
  EditHistory out;
  out.packed_ = packed_;
  out.packed_.whole = packed_.whole && changes == packed_.changes;
  out.packed_.changes = changes;
  out.replaced_.insert(replaced_.begin(), replaced_.lower_bound(changes));
  return out;
}

const EditHistory::Packed* EditHistory::unchanged() const {
  return tail_.changes() == 0 && replaced_.empty() && packed_.whole && packed_.changes > 0
             ? &packed_
             : nullptr;
}

// Whether the visitor wants more.
Result<bool> EditHistory::Read(const columns::Views& views, Node first, Node count, bool whole,
                               const EventGraph& graph, const Visit& visit) const {
  EditReader reader(views, graph);
  std::vector<Edit> edits;
  for (Node i = 0; i < count; ++i) {
    if (!reader.Next(edits)) return Fail(Code::kCorruption, "edits of a document");
    const auto replaced = replaced_.empty() ? replaced_.end() : replaced_.find(first + i);
    if (replaced != replaced_.end()) edits = replaced->second;
    if (!visit(first + i, edits)) return false;
  }
  if (whole && !reader.AtEnd())
    return Fail(Code::kCorruption, "bytes behind the edits of a document");
  return true;
}

Result<void> EditHistory::ForEach(const EventGraph& graph, const Visit& visit) const {
  if (packed_.changes > 0) {
    const auto failed = [] { return Fail(Code::kCorruption, "packed edits of a document"); };
    ByteReader prefix_in(packed_.prefix), in(packed_.columns);
    const auto prefix_section = ReadSection(prefix_in);
    if (!prefix_section) return failed();
    const auto prefix = Unpack(*prefix_section, {}, packed_.compressor);
    if (!prefix) return failed();
    std::array<Bytes, columns::kColumns> unpacked;
    columns::Views views;
    for (std::size_t i = 0; i < columns::kColumns; ++i) {
      const auto section = ReadSection(in);
      if (!section) return failed();
      auto bytes = Unpack(*section, i == columns::kText ? ByteView(*prefix) : ByteView(),
                          packed_.compressor);
      if (!bytes) return failed();
      unpacked[i] = *std::move(bytes);
      views[i] = unpacked[i];
    }
    if (!in.AtEnd()) return failed();
    ASSIGN(const bool more, Read(views, 0, packed_.changes, packed_.whole, graph, visit));
    if (!more) return {};
  }
  ASSIGN(const bool more,
         Read(tail_.views(), packed_.changes, tail_.changes(), true, graph, visit));
  static_cast<void>(more);
  return {};
}

Result<std::vector<Edit>> EditHistory::Find(const EventGraph& graph, Node wanted) const {
  if (const auto found = replaced_.find(wanted); found != replaced_.end()) return found->second;
  std::vector<Edit> out;
  TRY(ForEach(graph, [&](Node node, std::vector<Edit>& edits) {
    if (node == wanted) out = std::move(edits);
    return node < wanted;
  }));
  return out;
}

Result<EditColumns> EditHistory::Joined(const EventGraph& graph) const {
  EditColumns all;
  TRY(ForEach(graph, [&](Node, std::vector<Edit>& edits) {
    all.Append(edits, graph);
    return true;
  }));
  return all;
}

}  // namespace geflecht::crdt
