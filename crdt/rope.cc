#include "crdt/rope.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "crdt/utf8.h"

namespace geflecht::crdt {
namespace {

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

std::size_t BytesOfPoints(std::string_view text, std::uint64_t points) {
  std::size_t at = 0;
  // Eight bytes at once: those that begin a code point are not 10xxxxxx.
  while (points >= 8 && text.size() - at >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t continuations = (word >> 7) & ~(word >> 6) & 0x0101010101010101u;
    points -= static_cast<unsigned>(8 - std::popcount(continuations));
    at += 8;
  }
  // The word may have ended inside a code point that is counted already.
  while (at > 0 && at < text.size() && IsContinuation(text[at])) ++at;
  for (; points > 0 && at < text.size(); --points) {
    ++at;
    while (at < text.size() && IsContinuation(text[at])) ++at;
  }
  return at;
}

Rope::Rope(std::string_view text) {
  while (!text.empty()) {
    std::size_t size = std::min(text.size(), kLeafBytes);
    while (size < text.size() && IsContinuation(text[size])) --size;
    Leaf* const leaf = new Leaf;
    leaf->text = text.substr(0, size);
    leaf->points = static_cast<std::uint32_t>(CountCodePoints(leaf->text));
    tree_.Append(leaf, Sum{leaf->points});
    length_ += leaf->points;
    bytes_ += size;
    text.remove_prefix(size);
  }
}

Rope::Rope(Rope&& other) noexcept { *this = std::move(other); }

Rope& Rope::operator=(Rope&& other) noexcept {
  tree_ = std::move(other.tree_);
  std::swap(length_, other.length_);
  std::swap(bytes_, other.bytes_);
  std::swap(leaf_, other.leaf_);
  std::swap(begin_, other.begin_);
  std::swap(told_, other.told_);
  return *this;
}

void Rope::Settle() {
  if (leaf_ == nullptr) return;
  if (const std::uint64_t change = leaf_->points - told_; change != 0) {
    tree_.Add(leaf_, Sum{change});
    told_ = leaf_->points;
  }
}

std::uint32_t Rope::Seek(std::uint64_t k) {
  if (leaf_ != nullptr && k - begin_ <= leaf_->points && (k > begin_ || leaf_->points == 0))
    return static_cast<std::uint32_t>(k - begin_);
  Settle();
  if (tree_.first() == nullptr) tree_.Append(new Leaf, Sum{});
  std::uint64_t rest = k;
  leaf_ = tree_.Find<&Sum::points>(rest);
  begin_ = k - rest;
  told_ = leaf_->points;
  return static_cast<std::uint32_t>(rest);
}

std::size_t Rope::ByteOf(const Leaf& leaf, std::uint32_t point) {
  if (leaf.points == leaf.text.size()) return point;
  return BytesOfPoints(leaf.text, point);
}

void Rope::Insert(std::uint64_t position, std::string_view text, std::uint64_t points) {
  length_ += points;
  bytes_ += text.size();
  while (text.size() > kLeafBytes / 2) {
    std::size_t size = kLeafBytes / 2;
    while (IsContinuation(text[size])) --size;
    const auto count = static_cast<std::uint32_t>(CountCodePoints(text.substr(0, size)));
    InsertSmall(position, text.substr(0, size), count);
    text.remove_prefix(size);
    position += count;
    points -= count;
  }
  if (!text.empty()) InsertSmall(position, text, static_cast<std::uint32_t>(points));
}

void Rope::InsertSmall(std::uint64_t position, std::string_view text, std::uint32_t points) {
  std::uint32_t at = Seek(position);
  if (leaf_->text.size() + text.size() > kLeafBytes) {
    SplitLeaf(at);
    at = Seek(position);
  }
  leaf_->text.insert(ByteOf(*leaf_, at), text);
  leaf_->points += points;
}

// At the end of a leaf a new one begins, so that what is typed forwards fills its leaves.
void Rope::SplitLeaf(std::uint32_t at) {
  Settle();
  Leaf* const fresh = new Leaf;
  fresh->text.reserve(kLeafBytes);
  if (at == leaf_->points) {
    tree_.Split(leaf_, fresh, Sum{});
    begin_ += leaf_->points;
    leaf_ = fresh;
    told_ = 0;
    return;
  }
  std::size_t half = leaf_->text.size() / 2;
  while (IsContinuation(leaf_->text[half])) --half;
  fresh->text.assign(leaf_->text, half);
  leaf_->text.resize(half);
  const auto moved = static_cast<std::uint32_t>(CountCodePoints(fresh->text));
  leaf_->points -= moved;
  fresh->points = moved;
  tree_.Split(leaf_, fresh, Sum{moved});
  told_ = leaf_->points;
}

void Rope::Remove(std::uint64_t position, std::uint64_t count, std::string* removed) {
  length_ -= count;
  while (count > 0) {
    const std::uint32_t from = Seek(position + 1) - 1;
    const auto part =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(count, leaf_->points - from));
    const std::size_t begin = ByteOf(*leaf_, from);
    const std::size_t size = leaf_->points == leaf_->text.size()
                                 ? part
                                 : BytesOfPoints(std::string_view(leaf_->text).substr(begin), part);
    if (removed != nullptr) removed->append(leaf_->text, begin, size);
    leaf_->text.erase(begin, size);
    leaf_->points -= part;
    bytes_ -= size;
    count -= part;
    if (leaf_->points == 0) {
      Settle();
      tree_.Erase(leaf_);
      leaf_ = nullptr;
    }
  }
}

std::string Rope::Text() const {
  std::string out;
  out.reserve(static_cast<std::size_t>(bytes_));
  for (const Leaf* leaf = tree_.first(); leaf != nullptr; leaf = leaf->next) out += leaf->text;
  return out;
}

void Rope::AppendTo(std::string& out, std::uint64_t position, std::uint64_t count) const {
  if (count == 0) return;
  const_cast<Rope*>(this)->Settle();
  std::uint64_t rest = position + 1;
  const Leaf* leaf = tree_.Find<&Sum::points>(rest);
  for (std::uint64_t from = rest - 1; count > 0; leaf = leaf->next, from = 0) {
    const std::uint64_t part = std::min(count, leaf->points - from);
    const std::size_t begin = BytesOfPoints(leaf->text, from);
    out.append(leaf->text, begin, BytesOfPoints(std::string_view(leaf->text).substr(begin), part));
    count -= part;
  }
}

}  // namespace geflecht::crdt
