// A text as a counted B+tree with leaves of up to 1 KiB UTF-8: insertion, removal and reading at a
// code point in O(log n). Each leaf has its gap where it was edited last (a gap buffer), and edits
// of the leaf of the last edit go there without asking the tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
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
  void Insert(std::uint64_t position, std::string_view text, std::uint64_t points) {
    length_ += points;
    bytes_ += text.size();
    const std::uint64_t at = position - begin_;
    if (leaf_ != nullptr && at > 0 && at <= leaf_->points &&
        leaf_->size + text.size() <= leaf_->capacity)
      return leaf_->Insert(static_cast<std::uint32_t>(at), text,
                           static_cast<std::uint32_t>(points));
    InsertAnywhere(position, text, points);
  }
  // `position` + `count` <= length(). What is removed is appended to `removed` if that is given.
  void Remove(std::uint64_t position, std::uint64_t count, std::string* removed = nullptr) {
    length_ -= count;
    const std::uint64_t at = position - begin_;
    if (leaf_ != nullptr && at < leaf_->points && count <= leaf_->points - at &&
        count < leaf_->points) {
      bytes_ -=
          leaf_->Remove(static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(count), removed);
      return;
    }
    RemoveAnywhere(position, count, removed);
  }

  std::string Text() const;
  void AppendTo(std::string& out, std::uint64_t position, std::uint64_t count) const;

 private:
  static constexpr std::uint32_t kLeafBytes = 1024;
  struct Sum {
    std::uint64_t points = 0;
    Sum& operator+=(const Sum& other) { return points += other.points, *this; }
    Sum& operator-=(const Sum& other) { return points -= other.points, *this; }
  };
  struct Leaf : TreeLeaf<Leaf, Sum> {
    std::unique_ptr<char[]> text;  // `head` bytes, the gap, and at its end all others
    std::uint32_t capacity = 0, size = 0, points = 0;
    std::uint32_t head = 0, head_points = 0;

    std::string_view front() const { return {text.get(), head}; }
    std::string_view back() const { return {text.get() + capacity - (size - head), size - head}; }
    // In the leaf's text, as if there were no gap.
    std::uint32_t ByteOf(std::uint32_t point) const;
    void MoveGap(std::uint32_t point);
    void Reserve(std::uint32_t bytes);
    void AppendTo(std::string& out, std::uint32_t from, std::uint32_t count) const;
    // There is room.
    void Insert(std::uint32_t at, std::string_view inserted, std::uint32_t count) {
      if (at != head_points) MoveGap(at);
      const auto bytes = static_cast<std::uint32_t>(inserted.size());
      if (bytes == 1) {
        text[head] = inserted[0];
      } else {
        std::memcpy(text.get() + head, inserted.data(), bytes);
      }
      head += bytes;
      size += bytes;
      head_points += count;
      points += count;
    }
    // Returns the number of bytes.
    std::uint32_t Remove(std::uint32_t from, std::uint32_t count, std::string* removed);
  };

  // Makes `leaf_` the leaf that holds the k-th code point; returns its number in the leaf.
  std::uint32_t Seek(std::uint64_t k);
  void InsertAnywhere(std::uint64_t position, std::string_view text, std::uint64_t points);
  void RemoveAnywhere(std::uint64_t position, std::uint64_t count, std::string* removed);
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
