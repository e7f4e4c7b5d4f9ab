#include "crdt/rope.h"

#include <algorithm>
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
    points -= 8 - ((continuations * 0x0101010101010101u) >> 56);
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

std::uint32_t Rope::Leaf::ByteOf(std::uint32_t point) const {
  if (points == size) return point;
  if (point < head_points) return static_cast<std::uint32_t>(BytesOfPoints(front(), point));
  return head + static_cast<std::uint32_t>(BytesOfPoints(back(), point - head_points));
}

void Rope::Leaf::MoveGap(std::uint32_t point) {
  const std::uint32_t to = ByteOf(point);
  char* const tail = text.get() + capacity - (size - head);
  if (to < head) {
    std::memmove(tail - (head - to), text.get() + to, head - to);
  } else {
    std::memmove(text.get() + head, tail, to - head);
  }
  head = to;
  head_points = point;
}

void Rope::Leaf::Reserve(std::uint32_t bytes) {
  if (bytes <= capacity) return;
  const std::uint32_t wanted = bytes <= 64 ? 64 : bytes <= 256 ? 256 : kLeafBytes;
  auto larger = std::unique_ptr<char[]>(new char[wanted]);
  if (size > 0) {
    const std::string_view rest = back();
    std::memcpy(larger.get(), text.get(), head);
    std::memcpy(larger.get() + wanted - rest.size(), rest.data(), rest.size());
  }
  text = std::move(larger);
  capacity = wanted;
}

std::uint32_t Rope::Leaf::Remove(std::uint32_t from, std::uint32_t count, std::string* removed) {
  std::string_view bytes;
  if (from == head_points) {
    bytes = back();
    bytes = bytes.substr(0, points == size ? count : BytesOfPoints(bytes, count));
  } else {
    if (from + count != head_points) MoveGap(from + count);
    bytes = front().substr(ByteOf(from));
    head -= static_cast<std::uint32_t>(bytes.size());
    head_points = from;
  }
  if (removed != nullptr) {
    if (bytes.size() == 1) {
      removed->push_back(bytes[0]);
    } else {
      removed->append(bytes);
    }
  }
  size -= static_cast<std::uint32_t>(bytes.size());
  points -= count;
  return static_cast<std::uint32_t>(bytes.size());
}

void Rope::Leaf::AppendTo(std::string& out, std::uint32_t from, std::uint32_t count) const {
  const std::uint32_t begin = ByteOf(from), end = ByteOf(from + count);
  if (begin < head) out += front().substr(begin, end - begin);
  if (end > head) {
    const std::uint32_t first = std::max(begin, head);
    out += back().substr(first - head, end - first);
  }
}

Rope::Rope(std::string_view text) {
  while (!text.empty()) {
    std::size_t size = std::min<std::size_t>(text.size(), kLeafBytes);
    while (size < text.size() && IsContinuation(text[size])) --size;
    Leaf* const leaf = new Leaf;
    leaf->text = std::unique_ptr<char[]>(new char[size]);
    std::memcpy(leaf->text.get(), text.data(), size);
    leaf->capacity = leaf->size = leaf->head = static_cast<std::uint32_t>(size);
    leaf->points = static_cast<std::uint32_t>(CountCodePoints(text.substr(0, size)));
    leaf->head_points = leaf->points;
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

void Rope::InsertAnywhere(std::uint64_t position, std::string_view text, std::uint64_t points) {
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
  const auto bytes = static_cast<std::uint32_t>(text.size());
  std::uint32_t at = Seek(position);
  // The halves of a leaf hold as many code points, not bytes: one may still be too large.
  while (leaf_->size + bytes > kLeafBytes) {
    SplitLeaf(at);
    at = Seek(position);
  }
  leaf_->Reserve(leaf_->size + bytes);
  leaf_->Insert(at, text, points);
}

// At the end of a leaf a new one begins, so that what is typed forwards fills its leaves.
void Rope::SplitLeaf(std::uint32_t at) {
  Settle();
  Leaf* const fresh = new Leaf;
  fresh->Reserve(kLeafBytes);
  if (at == leaf_->points) {
    tree_.Split(leaf_, fresh, Sum{});
    begin_ += leaf_->points;
    leaf_ = fresh;
    told_ = 0;
    return;
  }
  leaf_->MoveGap(leaf_->points / 2);
  const std::uint32_t moved = leaf_->points - leaf_->head_points;
  fresh->Insert(0, leaf_->back(), moved);
  leaf_->size = leaf_->head;
  leaf_->points = leaf_->head_points;
  tree_.Split(leaf_, fresh, Sum{moved});
  told_ = leaf_->points;
}

void Rope::RemoveAnywhere(std::uint64_t position, std::uint64_t count, std::string* removed) {
  while (count > 0) {
    const std::uint32_t from = Seek(position + 1) - 1;
    const auto part =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(count, leaf_->points - from));
    bytes_ -= leaf_->Remove(from, part, removed);
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
  for (const Leaf* leaf = tree_.first(); leaf != nullptr; leaf = leaf->next) {
    out += leaf->front();
    out += leaf->back();
  }
  return out;
}

void Rope::AppendTo(std::string& out, std::uint64_t position, std::uint64_t count) const {
  if (count == 0) return;
  const_cast<Rope*>(this)->Settle();
  std::uint64_t rest = position + 1;
  const Leaf* leaf = tree_.Find<&Sum::points>(rest);
  for (std::uint64_t from = rest - 1; count > 0; leaf = leaf->next, from = 0) {
    const std::uint64_t part = std::min(count, leaf->points - from);
    leaf->AppendTo(out, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(part));
    count -= part;
  }
}

}  // namespace geflecht::crdt
