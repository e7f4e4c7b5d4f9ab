#include <gtest/gtest.h>

#include "fixture.h"
#include "node/audit/feed_file.h"

namespace geflecht::audit {
namespace {

using namespace testing;

struct Trouble {
  std::size_t line;
  std::string detail;
};

std::pair<std::vector<FeedItem>, std::vector<Trouble>> Parsed(std::string_view text) {
  std::vector<Trouble> troubles;
  auto items = ParseFeed(text, [&](std::size_t line, std::string detail) {
    troubles.push_back({line, std::move(detail)});
  });
  return {std::move(items), std::move(troubles)};
}

std::string Feed() {
  log::Run run = log::testing::SignedRun({"change", "gather", "change"});
  run[1].signature.reset();
  return RenderFeed(run);
}

TEST(FeedText, ComesBackWithLines) {
  const log::Run run = log::testing::SignedRun({"change", "gather"});
  const std::string text = RenderFeed(run);
  const auto [items, troubles] = Parsed(text);
  EXPECT_TRUE(troubles.empty());
  ASSERT_EQ(items.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(items[i].header, run[i].header);
    EXPECT_EQ(items[i].id, run[i].id);
    EXPECT_EQ(items[i].Signature(), run[i].signature);
  }
  EXPECT_EQ(items[0].line, 1u);
  const auto line_of = [&](std::size_t line) {
    std::size_t at = 0;
    while (--line > 0) at = text.find('\n', at) + 1;
    return text.substr(at, 18);
  };
  EXPECT_EQ(line_of(items[1].line), "geflecht-entry@v1\n");
  EXPECT_EQ(line_of(items[1].SignatureLine()).substr(0, 4), "sig ");
}

TEST(FeedText, TroubleNamesTheLineAndReadingGoesOn) {
  const std::string text = Feed();
  const std::size_t second = text.find("\n\n") + 2;
  struct Case {
    std::string from, to;
    std::size_t line;
  };
  // Each change hits the first entry, so that the other two are read.
  const std::vector<Case> cases = {
      {"geflecht-entry@v1\n", "geflecht-entry@v2\n", 1},
      {"geflecht-entry@v1\n", "geflecht-entry@v1\r\n", 1},
      {"geflecht-entry@v1\n", "\xef\xbb\xbfgeflecht-entry@v1\n", 1},
      {"\nnet aa", "\nnet AA", 2},
      {"\nnet aa", "\nnet  aa", 2},
      {"\nnet aa", "\nnet\taa", 2},
      {"\nseq 0\n", "\nseq 00\n", 6},
      {"\nseq 0\n", "\nseq +0\n", 6},
      {"\nseq 0\n", "\nseq 9007199254740992\n", 6},
      {"\nseq 0\n", "\nseq 0 \n", 6},
      {"\nprev -\n", "\n", 7},
      {"\nprev -\n", "\nprev -\nprev -\n", 8},
      {"T12:00:00Z", "T12:00:60Z", 11},
      {"\nkind change", "\nkind ch\xc3\xa4nge", 12},
      {"\nbody 0 0", "\nbody 4097 0", 14},
      {"sig ", "sig  ", 15},
      {"sig ", "sig\t", 15},
      {"sig ", "sig AAAA", 15},
      {"==\n", "\n", 15},
      {"==\n", "==\nsig AA\n", 16},
      {"==\n", "==\nmore\n", 16},
  };
  for (const Case& change : cases) {
    const std::string first = log::testing::Replace(text.substr(0, second), change.from, change.to);
    const auto [items, troubles] = Parsed(first + text.substr(second));
    EXPECT_EQ(items.size(), 2u) << change.to;
    ASSERT_EQ(troubles.size(), 1u) << change.to;
    EXPECT_EQ(troubles[0].line, change.line) << change.to << troubles[0].detail;
    EXPECT_FALSE(troubles[0].detail.starts_with("line ")) << troubles[0].detail;
  }
}

TEST(FeedText, EveryTruncationIsNoticed) {
  const std::string text = Feed();
  for (std::size_t size = 1; size < text.size(); ++size) {
    const auto [items, troubles] = Parsed(text.substr(0, size));
    const bool between = text.substr(0, size).ends_with("\n\n");
    EXPECT_EQ(troubles.empty(), between) << size;
    EXPECT_LT(items.size(), 3u);
  }
  EXPECT_EQ(Parsed(text + "\n").second.size(), 1u);  // an empty line too many
}

TEST(FeedText, RandomBytesNeverEndTheProcess) {
  SeededRandom random(6);
  const std::string text = Feed();
  for (int i = 0; i < 5'000; ++i) {
    std::string bad = text;
    for (std::uint64_t n = random.Below(4) + 1; n > 0; --n)
      bad[random.Below(bad.size())] =
          random.Below(3) == 0 ? '\n' : static_cast<char>(random.Below(256));
    EXPECT_LE(Parsed(bad).first.size(), 3u);
  }
}

TEST(FeedText, LongLinesAndManyLinesTakeLinearTime) {
  EXPECT_EQ(Parsed(std::string(4'000'000, 'a')).second.size(), 1u);
  EXPECT_EQ(Parsed(std::string(500'000, '\n')).second.size(), 500'000u);
  std::string lines;
  for (int i = 0; i < 400'000; ++i) lines += "seen a\n";
  EXPECT_EQ(Parsed(lines + "\n").second.size(), 1u);
}

}  // namespace
}  // namespace geflecht::audit
