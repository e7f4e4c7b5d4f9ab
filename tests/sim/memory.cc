#include "tests/sim/memory.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>

namespace geflecht::sim {
namespace {

struct Block {  // in front of what is allocated
  std::size_t bytes = 0;
  Account account = kNobody;
};
constexpr std::size_t kBlockBytes = 16;
static_assert(sizeof(Block) <= kBlockBytes && alignof(std::max_align_t) <= kBlockBytes);

struct Balance {
  std::size_t held = 0;
  std::size_t most = 0;
};
constinit std::array<Balance, kAccounts> balances{};
constinit Account current = kNobody;

void* Allocate(std::size_t bytes) {
  void* const memory = std::malloc(bytes + kBlockBytes);
  if (memory == nullptr) throw std::bad_alloc();
  new (memory) Block{bytes, current};
  Balance& balance = balances[current];
  balance.held += bytes;
  balance.most = std::max(balance.most, balance.held);
  return static_cast<std::byte*>(memory) + kBlockBytes;
}

void Free(void* content) {
  if (content == nullptr) return;
  void* const memory = static_cast<std::byte*>(content) - kBlockBytes;
  const Block block = *static_cast<Block*>(memory);
  balances[block.account].held -= block.bytes;
  std::free(memory);
}

}  // namespace

OnAccount::OnAccount(Account account) : before_(current) { current = account; }
OnAccount::~OnAccount() { current = before_; }

std::size_t HeldMost(Account account) { return balances[account].most; }

void ForgetMost() {
  for (Balance& balance : balances) balance.most = balance.held;
}

}  // namespace geflecht::sim

// The other forms of new and delete call these, but for those of over-aligned types.
void* operator new(std::size_t bytes) { return geflecht::sim::Allocate(bytes); }
void operator delete(void* content) noexcept { geflecht::sim::Free(content); }
void operator delete(void* content, std::size_t) noexcept { geflecht::sim::Free(content); }
