// How much memory is held on whose account. In this program operator new counts: whatever is
// allocated while an OnAccount lives stands on its account until it is freed, wherever that is.
#pragma once

#include <cstddef>
#include <cstdint>

namespace geflecht::sim {

using Account = std::uint32_t;
inline constexpr Account kNobody = 0;
inline constexpr Account kAccounts = 256;

// One thread only.
class OnAccount {
 public:
  explicit OnAccount(Account account);
  OnAccount(const OnAccount&) = delete;
  OnAccount& operator=(const OnAccount&) = delete;
  ~OnAccount();

 private:
  Account before_;
};

// The most bytes that an account held at any time since ForgetMost.
std::size_t HeldMost(Account account);
void ForgetMost();

}  // namespace geflecht::sim
