#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace geflecht {
namespace {

Result<int> Half(int n) {
  if (n % 2 != 0) return Fail(Code::kUsage, "odd", "hint.even");
  return n / 2;
}

Result<int> Quarter(int n) {
  ASSIGN(const int half, Half(n));
  ASSIGN(const int quarter, Half(half));
  return quarter;
}

Result<void> MustBeEven(int n, bool& reached) {
  TRY(Half(n));
  reached = true;
  return {};
}

Result<std::unique_ptr<int>> Boxed(int n) {
  ASSIGN(int half, Half(n));
  return std::make_unique<int>(half);
}

TEST(Result, AssignTakesTheValueOrReturnsTheError) {
  EXPECT_EQ(*Quarter(8), 2);
  const Result<int> failed = Quarter(6);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error(), (Error{Code::kUsage, "odd", "hint.even"}));
}

TEST(Result, TryStopsAtTheFirstError) {
  bool reached = false;
  EXPECT_FALSE(MustBeEven(3, reached));
  EXPECT_FALSE(reached);
  EXPECT_TRUE(MustBeEven(4, reached));
  EXPECT_TRUE(reached);
}

TEST(Result, CarriesValuesThatOnlyMove) {
  Result<std::unique_ptr<int>> boxed = Boxed(10);
  ASSERT_TRUE(boxed);
  EXPECT_EQ(**boxed, 5);
  EXPECT_EQ(Boxed(1).error().detail, "odd");
}

TEST(Result, EveryCodeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Code::kIncomplete); ++i) {
    const std::string_view name = CodeName(static_cast<Code>(i));
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), name.npos) << name;
  }
  EXPECT_EQ(CodeName(Code::kNotInitialised), "not-initialised");
}

}  // namespace
}  // namespace geflecht
