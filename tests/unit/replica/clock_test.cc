// What a header says of its time is shown and decides nothing.
#include <gtest/gtest.h>

#include "node/log/lines.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

constexpr std::int64_t kNowMs = 1'795'000'000'000;     // November 2026
constexpr std::int64_t kFarOffMs = 4'099'680'000'000;  // December 2099

// Two set one field at once; the device `late` believes to be in 2099. Whose value is shown.
std::size_t WinnerWhere(std::size_t late) {
  Network net(2);
  const crdt::DocumentId id = net[0].MakeNote("a");
  Bring(net[0], net[1]);
  for (std::size_t i = 0; i < 2; ++i) {
    const Time now{0, i == late ? kFarOffMs : kNowMs};
    const auto set = [i](crdt::Transaction& edit) { return edit.Set("/title", std::to_string(i)); };
    EXPECT_TRUE(net[i].replica->Edit(id, set, now).has_value());
    EXPECT_TRUE(net[i].replica->CutAll(now).has_value());
    net[i].Write();
  }
  Bring(net[0], net[1]);
  Bring(net[1], net[0]);
  std::string shown[2];
  for (std::size_t i = 0; i < 2; ++i) {
    const auto open = net[i].replica->Open(id);
    EXPECT_TRUE(open.has_value());
    const auto title = (*open)->document.Get("/title");
    EXPECT_TRUE(title.has_value() && title->writings.size() == 2u);
    if (title && !title->writings.empty())
      shown[i] = std::get<std::string>(std::get<crdt::Value>(title->writings.front().slot));
  }
  EXPECT_EQ(shown[0], shown[1]);
  return shown[0] == "1" ? 1 : 0;
}

TEST(Clock, AYearThatLiesAheadWinsNoConflict) {
  const std::size_t winner = WinnerWhere(2);  // nobody's clock
  EXPECT_EQ(WinnerWhere(0), winner);
  EXPECT_EQ(WinnerWhere(1), winner);
}

}  // namespace
}  // namespace geflecht::replica
