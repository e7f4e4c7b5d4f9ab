// A text as a counted B+tree with leaves of up to 1 KiB UTF-8: insertion, removal and reading at a
// code point in O(log n).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "crdt/counted_tree.h"

namespace geflecht::crdt {

// Positions and lengths count code points. Texts that come in are valid UTF-8.
class Rope {
 public:
  Rope() = default;
  explicit Rope(std::string_view text);
  Rope(Rope&& other) noexcept;
  Rope& operator=(Rope&& other) noexcept;

  std::uint64_t length() const { return length_; }
  std::uint64_t bytes() const { return bytes_; }

  // `position` <= length(); `points` code points are in `text`, at least one.
  void Insert(std::uint64_t position, std::string_view text, std::uint64_t points);
  // `position` + `count` <= length(). What is removed is appended to `removed` if that is given.
  void Remove(std::uint64_t position, std::uint64_t count, std::string* removed = nullptr);

  std::string Text() const;
  void AppendTo(std::string& out, std::uint64_t position, std::uint64_t count) const;

 private:
  static constexpr std::size_t kLeafBytes = 1024;
  struct Sum {
    std::uint64_t points = 0;
    Sum& operator+=(const Sum& other) { return points += other.points, *this; }
    Sum& operator-=(const Sum& other) { return points -= other.points, *this; }
  };
  struct Leaf : TreeLeaf<Leaf, Sum> {
    std::string text;
    std::uint32_t points = 0;
  };

  // Makes `leaf_` the leaf that holds the k-th code point; returns its number in the leaf.
  std::uint32_t Seek(std::uint64_t k);
  static std::size_t ByteOf(const Leaf& leaf, std::uint32_t point);
  void InsertSmall(std::uint64_t position, std::string_view text, std::uint32_t points);
  void SplitLeaf(std::uint32_t at);
  void Settle();

  CountedTree<Leaf, Sum> tree_;
  std::uint64_t length_ = 0, bytes_ = 0;
  // The leaf of the last edit. What edits changed in it is told to the tree when it is left.
  Leaf* leaf_ = nullptr;
  std::uint64_t begin_ = 0;  // code points in front of it
  std::uint64_t told_ = 0;   // its code points as the tree knows them
};

// The length in bytes of the first `points` code points of `text`.
std::size_t BytesOfPoints(std::string_view text, std::uint64_t points);

}  // namespace geflecht::crdt
