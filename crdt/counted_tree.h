// The inner nodes of a counted B+tree: where the k-th unit lies, and how many units lie in front
// of a leaf, in O(log n). What a leaf holds is up to the user of the tree.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace geflecht::crdt {

// `Leaf` has the members that TreeLeaf declares. `Sum` adds up with += and subtracts with -=,
// modulo its width.
template <class Leaf, class Sum>
class CountedTree {
 public:
  static constexpr unsigned kFan = 32;
  struct Inner {
    Inner* parent = nullptr;
    std::uint32_t slot = 0;  // in the parent
    std::uint32_t count = 0;
    bool above_leaves = true;
    void* child[kFan];
    Sum sum[kFan];
  };

  CountedTree() = default;
  CountedTree(const CountedTree&) = delete;
  CountedTree& operator=(const CountedTree&) = delete;
  CountedTree(CountedTree&& other) noexcept { Swap(other); }
  CountedTree& operator=(CountedTree&& other) noexcept {
    Swap(other);
    return *this;
  }
  ~CountedTree() { Clear(); }

  Leaf* first() const { return first_; }
  Leaf* last() const { return last_; }
  const Sum& total() const { return total_; }

  // Takes over `leaf` behind all others.
  void Append(Leaf* leaf, const Sum& sum) {
    if (first_ == nullptr) {
      first_ = last_ = leaf;
      total_ = sum;
      return;
    }
    InsertAfter(last_, leaf, sum);
    total_ += sum;
  }

  // Takes over `fresh`, whose units `at` held until now.
  void Split(Leaf* at, Leaf* fresh, const Sum& sum) {
    InsertAfter(at, fresh, sum);
    // Above the node that both lie below, this takes back what the insertion has added.
    for (auto [inner, slot] = Place(at); inner != nullptr; inner = inner->parent) {
      inner->sum[slot] -= sum;
      slot = inner->slot;
    }
  }

  void Add(Leaf* leaf, const Sum& sum) {
    total_ += sum;
    auto [inner, slot] = Place(leaf);
    while (inner != nullptr) {
      inner->sum[slot] += sum;
      slot = inner->slot;
      inner = inner->parent;
    }
  }

  // Removes and deletes a leaf that holds nothing any more; the last one stays.
  void Erase(Leaf* leaf) {
    if (leaf->parent == nullptr) return;
    (leaf->previous != nullptr ? leaf->previous->next : first_) = leaf->next;
    (leaf->next != nullptr ? leaf->next->previous : last_) = leaf->previous;
    Inner* inner = leaf->parent;
    std::uint32_t slot = leaf->slot;
    delete leaf;
    while (inner->count == 1 && inner->parent != nullptr) {
      Inner* const empty = inner;
      slot = inner->slot;
      inner = inner->parent;
      delete empty;
    }
    for (std::uint32_t i = slot; i + 1 < inner->count; ++i) {
      inner->child[i] = inner->child[i + 1];
      inner->sum[i] = inner->sum[i + 1];
      SetPlace(inner, i);
    }
    --inner->count;
    while (root_->count == 1) {
      Inner* const old = root_;
      root_ = old->above_leaves ? nullptr : static_cast<Inner*>(old->child[0]);
      (root_ != nullptr ? root_->parent : first_->parent) = nullptr;
      delete old;
      if (root_ == nullptr) break;
    }
  }

  // The leaf that holds the k-th unit, counted from 1; the first leaf for k = 0. `k` becomes the
  // number in that leaf. At most as many units are there.
  template <auto kMember, class Number>
  Leaf* Find(Number& k) const {
    if (root_ == nullptr) return first_;
    const Inner* inner = root_;
    while (true) {
      std::uint32_t slot = 0;
      while (slot + 1 < inner->count && k > static_cast<Number>(inner->sum[slot].*kMember)) {
        k -= static_cast<Number>(inner->sum[slot].*kMember);
        ++slot;
      }
      if (inner->above_leaves) return static_cast<Leaf*>(inner->child[slot]);
      inner = static_cast<const Inner*>(inner->child[slot]);
    }
  }

  // The units of all leaves in front of `leaf`.
  Sum Before(const Leaf* leaf) const {
    Sum sum{};
    const Inner* inner = leaf->parent;
    std::uint32_t slot = leaf->slot;
    while (inner != nullptr) {
      for (std::uint32_t i = 0; i < slot; ++i) sum += inner->sum[i];
      slot = inner->slot;
      inner = inner->parent;
    }
    return sum;
  }

  // Whether `left` lies in front of `right`.
  static bool Less(const Leaf* left, const Leaf* right) {
    if (left == right) return false;
    const Inner *a = left->parent, *b = right->parent;
    std::uint32_t i = left->slot, j = right->slot;
    while (a != b) {
      i = a->slot;
      j = b->slot;
      a = a->parent;
      b = b->parent;
    }
    return i < j;
  }

  void Clear() {
    for (Leaf* leaf = first_; leaf != nullptr;) {
      Leaf* const next = leaf->next;
      delete leaf;
      leaf = next;
    }
    DeleteInner(root_);
    first_ = last_ = nullptr;
    root_ = nullptr;
    total_ = Sum{};
  }

 private:
  static std::pair<Inner*, std::uint32_t> Place(Leaf* leaf) { return {leaf->parent, leaf->slot}; }

  static void SetPlace(Inner* inner, std::uint32_t slot) {
    if (inner->above_leaves) {
      Leaf* const leaf = static_cast<Leaf*>(inner->child[slot]);
      leaf->parent = inner;
      leaf->slot = slot;
    } else {
      Inner* const below = static_cast<Inner*>(inner->child[slot]);
      below->parent = inner;
      below->slot = slot;
    }
  }

  void InsertAfter(Leaf* at, Leaf* fresh, const Sum& sum) {
    fresh->previous = at;
    fresh->next = at->next;
    (at->next != nullptr ? at->next->previous : last_) = fresh;
    at->next = fresh;
    if (at->parent == nullptr) {
      root_ = new Inner;
      root_->child[0] = at;
      root_->sum[0] = total_;
      root_->count = 1;
      SetPlace(root_, 0);
    }
    InsertChild(at->parent, at->slot + 1, fresh, sum);
    auto [inner, slot] = Place(fresh);
    for (slot = inner->slot, inner = inner->parent; inner != nullptr; inner = inner->parent) {
      inner->sum[slot] += sum;
      slot = inner->slot;
    }
  }

  // The sums above `inner` stay as they are.
  void InsertChild(Inner* inner, std::uint32_t slot, void* child, const Sum& sum) {
    if (inner->count == kFan) {
      Inner* const right = new Inner;
      right->above_leaves = inner->above_leaves;
      constexpr std::uint32_t kHalf = kFan / 2;
      Sum moved{};
      for (std::uint32_t i = kHalf; i < kFan; ++i) {
        right->child[i - kHalf] = inner->child[i];
        right->sum[i - kHalf] = inner->sum[i];
        moved += inner->sum[i];
        SetPlace(right, i - kHalf);
      }
      right->count = kFan - kHalf;
      inner->count = kHalf;
      if (inner->parent == nullptr) {
        root_ = new Inner;
        root_->above_leaves = false;
        root_->child[0] = inner;
        for (std::uint32_t i = 0; i < kHalf; ++i) root_->sum[0] += inner->sum[i];
        root_->sum[0] += moved;
        root_->count = 1;
        SetPlace(root_, 0);
      }
      // In this order: if the parent splits too, its halves are summed up while they are right.
      InsertChild(inner->parent, inner->slot + 1, right, moved);
      inner->parent->sum[inner->slot] -= moved;
      if (slot > kHalf) {
        slot -= kHalf;
        inner = right;
      }
    }
    for (std::uint32_t i = inner->count; i > slot; --i) {
      inner->child[i] = inner->child[i - 1];
      inner->sum[i] = inner->sum[i - 1];
      SetPlace(inner, i);
    }
    ++inner->count;
    inner->child[slot] = child;
    inner->sum[slot] = sum;
    SetPlace(inner, slot);
  }

  // The depth is the logarithm of the number of leaves.
  static void DeleteInner(Inner* inner) {
    if (inner == nullptr) return;
    if (!inner->above_leaves)
      for (std::uint32_t i = 0; i < inner->count; ++i)
        DeleteInner(static_cast<Inner*>(inner->child[i]));
    delete inner;
  }

  void Swap(CountedTree& other) {
    std::swap(first_, other.first_);
    std::swap(last_, other.last_);
    std::swap(root_, other.root_);
    std::swap(total_, other.total_);
  }

  Leaf* first_ = nullptr;
  Leaf* last_ = nullptr;
  Inner* root_ = nullptr;  // none while there is at most one leaf
  Sum total_{};
};

template <class Leaf, class Sum>
struct TreeLeaf {
  Leaf* next = nullptr;
  Leaf* previous = nullptr;
  typename CountedTree<Leaf, Sum>::Inner* parent = nullptr;
  std::uint32_t slot = 0;
};

}  // namespace geflecht::crdt
