// The order of a text's or list's elements while concurrent insertions are replayed.
//
// Replay: Gentle and Kleppmann, Collaborative Text Editing with Eg-walker, EuroSys 2025. Order of
// concurrent insertions: YjsMod, which equals FugueMax (Weidner and Kleppmann, The Art of the
// Fugue, 2023, section 5).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace geflecht::crdt {

class Sequence {
 public:
  using Item = std::uint32_t;  // number in the order of insertion into this object
  // Whether the writer of the first item comes before the writer of the second.
  using WriterLess = std::function<bool(std::uint32_t, std::uint32_t)>;

  // Inserts `count` new elements of `writer` behind `position` elements of the prepare version.
  // They get the next numbers. `position` <= prepare_length().
  void Insert(std::uint64_t position, std::uint64_t count, std::uint32_t writer,
              const WriterLess& less);
  // Removes `count` elements of the prepare version from `position` on and returns them.
  // `position` + `count` <= prepare_length().
  std::vector<Item> Remove(std::uint64_t position, std::uint64_t count);

  // Takes an insertion or a removal out of the prepare version, or puts it back.
  void RetreatInsert(Item item);
  void AdvanceInsert(Item item);
  void RetreatRemove(Item item);
  void AdvanceRemove(Item item);

  std::uint64_t prepare_length() const { return prepare_length_; }
  std::size_t size() const { return items_.size(); }  // with removed elements
  // What all changes together leave, in order.
  std::vector<Item> Visible() const;

 private:
  static constexpr std::uint32_t kNotInserted = 0, kInserted = 1;
  static constexpr Item kNone = 0xFFFFFFFF;
  struct Origin {
    Item left = kNone;          // the element in front when it was inserted
    Item right_parent = kNone;  // the element behind, if that has the same one in front
    std::uint32_t writer = 0;
  };

  std::size_t FindGap(std::uint64_t position) const;
  std::size_t InsertAt(std::size_t gap, std::uint32_t writer, const WriterLess& less);
  std::size_t Integrate(std::size_t gap, const Origin& origin, const WriterLess& less) const;
  std::size_t IndexOf(Item item) const;
  void SetPrepare(Item item, std::uint32_t state);

  std::vector<Origin> items_;
  std::vector<std::uint32_t> prepare_;  // by item: kNotInserted, kInserted, 1 + number of removals
  std::vector<bool> removed_;           // by item: removed by any change
  std::vector<Item> order_;
  std::uint64_t prepare_length_ = 0;
};

}  // namespace geflecht::crdt
