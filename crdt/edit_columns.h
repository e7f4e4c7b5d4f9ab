// The edits of many changes as columns: one byte stream for each kind of number, so that like
// stands beside like. Positions are relative to where the last edit of the container ended
// (Kleppmann, Automerge's columnar encoding, 2019; diamond-types' encoding, Gentle 2022).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "crdt/change.h"
#include "crdt/event_graph.h"
#include "crdt/short_text.h"
#include "crdt/varint.h"

namespace geflecht::crdt {

namespace columns {

enum Column : std::size_t {
  kCounts,      // of the edits of each change
  kCodes,       // one byte for each edit
  kContainers,  // numbers of names, and each new name behind its number
  kPositions,
  kInserted,  // code points or items
  kRemoved,
  kNumbers,  // all else that is a number, and tags
  kKeys,     // numbers of keys, and each new key behind its number
  kText,     // inserted text
  kContent,  // other content
  kColumns
};
using Views = std::array<ByteView, kColumns>;

// Of a code.
inline constexpr std::uint8_t kOperation = 0x0F;
inline constexpr std::uint8_t kSameContainer = 0x10;
inline constexpr std::uint8_t kAbsent = 0x20;
inline constexpr std::uint8_t kErased = 0x40;  // with kAbsent; without, the text says its size
// Of a new name.
enum Name : std::uint8_t { kRoot = 0, kDeclared = 1, kCreated = 2, kOwn = 3, kForeign = 4 };
// Of a value.
enum Tag : std::uint8_t {
  kNull = 0,
  kFalse = 1,
  kTrue = 2,
  kInt = 3,
  kString = 4,
  kMissingValue = 5,
  kErasedValue = 6,
  kChild = 7,
  kNothing = 8
};

}  // namespace columns

class EditColumns {
 public:
  EditColumns() = default;
  EditColumns(const EditColumns&) = delete;
  EditColumns& operator=(const EditColumns&) = delete;
  EditColumns(EditColumns&&) = default;
  EditColumns& operator=(EditColumns&&) = default;

  // Appends the edits of the next change. Changes that they name lie in `graph`, or are unknown.
  // `containers`: any small number for the container of each edit, under which its name may be
  // found faster the next time; or none.
  void Append(const std::vector<Edit>& edits, const EventGraph& graph,
              std::span<const std::uint32_t> containers = {});

  const Bytes& column(std::size_t i) const { return columns_[i]; }
  columns::Views views() const;
  Node changes() const { return changes_; }

 private:
  static constexpr std::uint32_t kNoHint = 0xFFFFFFFF;
  struct Name {
    std::uint64_t number = 0;
    std::uint64_t cursor = 0;
  };
  using Names = std::map<ContainerId, Name, TextLess>;
  void PutName(const ContainerId& id);
  // Puts a name's number; behind a new one's what it is.
  Names::value_type& PutName(const ContainerId& id, std::uint32_t hint);
  void PutNewName(const ContainerId& id);
  void PutKey(std::string_view key);
  void PutNumber(std::uint64_t value) { AppendVarint(columns_[columns::kNumbers], value); }
  void PutPosition(std::uint64_t from, std::uint64_t next);
  void PutValue(const Value& value);
  void PutSlot(const NewSlot& slot);
  void PutOptional(const std::optional<Value>& value);
  void PutContent(columns::Column column, std::string_view content);
  void PutCode(std::uint8_t operation, const std::optional<AbsentText>& absent, bool sized);
  // The code, and the container unless it is that of the last edit; makes it `last_`.
  void BeginEdit(const ContainerId& id, std::uint8_t operation,
                 const std::optional<AbsentText>& absent = std::nullopt, bool sized = false);

  void Put(const SetKey& edit);
  void Put(const InsertText& edit);
  void Put(const InsertItems& edit);
  void Put(const Remove& edit);
  void Put(const Add& edit);
  void Put(const SetItem& edit);
  void Put(const MoveItem& edit);
  void Put(const CreateNode& edit);
  void Put(const MoveNode& edit);
  void Put(const RemoveNode& edit);
  void Put(const Mark& edit);
  void Put(const InsertBlock& edit);
  void Put(const SetBlock& edit);

  std::array<Bytes, columns::kColumns> columns_;
  Node changes_ = 0;
  const EventGraph* graph_ = nullptr;  // during Append
  Names names_;
  std::vector<Names::value_type*> names_by_number_;
  std::uint32_t number_ = kNoHint;  // of the edit's container
  using Keys = std::map<std::string, std::uint64_t, TextLess>;
  Keys keys_;
  static constexpr int kRecentBits = 6;
  std::array<const Keys::value_type*, 1 << kRecentBits> recent_keys_{};
  const ContainerId* last_id_ = nullptr;  // lies in `names_`, as its name
  Name* last_ = nullptr;
};

// Reads columns that nobody has vouched for.
class EditReader {
 public:
  // All outlive the reader.
  EditReader(const columns::Views& views, const EventGraph& graph);

  // The edits of the next change; false if there are none or they cannot be read. What a change
  // makes in memory beside its bytes here is bounded by what its decoder allows: names in
  // `structure` (limits::kFieldBytesMax) and content (limits::kBodyBytesMax).
  bool Next(std::vector<Edit>& edits);
  // Whether everything was read.
  bool AtEnd() const;

 private:
  std::optional<Edit> ReadEdit();
  std::optional<Edit> ReadSet(std::uint8_t code);
  std::optional<Edit> ReadInsertText(std::uint8_t code);
  std::optional<Edit> ReadInsertItems();
  std::optional<Edit> ReadRemove();
  std::optional<Edit> ReadMoveItem();
  std::optional<Edit> ReadNode(std::uint8_t operation);
  std::optional<Edit> ReadMark();
  std::optional<Edit> ReadBlock();
  std::optional<Edit> ReadSetBlock();
  // Also gives the name's number, if that is asked for.
  std::optional<ContainerId> ReadName(std::size_t* number);
  std::optional<std::string> ReadKey();
  std::optional<std::uint64_t> Number() { return columns_[columns::kNumbers].Varint(); }
  const ContainerId& Container() const { return names_[at_].id; }
  std::optional<std::string> ReadContent(columns::Column column);
  std::optional<std::uint64_t> ReadPosition();
  void SetCursor(std::uint64_t position) { names_[at_].cursor = position; }
  std::optional<Value> ReadValue(std::uint8_t tag);
  std::optional<NewSlot> ReadSlot();
  bool ReadOptional(std::optional<Value>& value);
  std::optional<AbsentText> ReadAbsent(std::uint8_t code, std::uint64_t points);
  bool Afford(std::uint64_t bytes);

  std::vector<ByteReader> columns_;
  const EventGraph* graph_;
  struct Name {
    ContainerId id;
    std::uint64_t cursor = 0;
  };
  std::vector<Name> names_;
  std::vector<std::string> keys_;
  std::size_t at_ = 0;       // number of the edit's container
  std::uint64_t spent_ = 0;  // bytes that the change takes beside those that it has here
};

}  // namespace geflecht::crdt
