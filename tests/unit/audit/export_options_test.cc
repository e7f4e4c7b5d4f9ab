// What an export refuses, and what goes into it: kept as tables.
#include <gtest/gtest.h>

#include "samples.h"
#include "tests/golden/golden.h"
#include "tests/unit/edits.h"

namespace geflecht::audit {
namespace {

using namespace testing;

std::string Exported(const World& world, const ExportOptions& options) {
  const auto bundle = Export(world.Input(), options, Device(1));
  if (!bundle) return AnswerOf(bundle) + "\n";
  Bundle copy = *bundle;
  return Text(copy, kInfoFile);
}

TEST(ExportOptionsTable, EachCombinationIsRefusedOrSaid) {
  World world = MergedWorld();
  const log::EntryId entry = world.At(world.FeedOf(2)).entries[1].id;
  std::string out;
  for (const Level level : {Level::kFull, Level::kScope, Level::kReceipt})
    for (int bits = 0; bits < 16; ++bits) {
      ExportOptions options = ExportedAt(log::testing::kNoon);
      options.level = level;
      if ((bits & 1) != 0) options.spaces = {world.space(), world.space()};
      if ((bits & 2) != 0) options.from_s = log::testing::kNoon;
      if ((bits & 4) != 0) options.to_s = log::testing::kNoon;
      if ((bits & 8) != 0) options.entry = entry;
      out += std::string(LevelName(level)) + " " + std::to_string(bits) + ": " +
             Exported(world, options);
    }
  ExportOptions options = ExportedAt(0);
  const auto with = [&](const std::string& what, const auto& edit) {
    ExportOptions changed = options;
    edit(changed);
    out += what + ": " + Exported(world, changed);
  };
  for (const std::int64_t time_s :
       {std::int64_t{-1}, std::int64_t{0}, log::kTimeMax, log::kTimeMax + 1})
    with("time " + std::to_string(time_s), [&](ExportOptions& o) { o.time_s = time_s; });
  for (const char* nonce : {"a", "ab", "AB", "xy"})
    with(nonce, [&](ExportOptions& o) { o.nonce = nonce; });
  for (const std::int64_t to_s : {-1, 0, 1})
    with("period " + std::to_string(to_s), [&](ExportOptions& o) {
      o.level = Level::kScope;
      o.from_s = log::testing::kNoon;
      o.to_s = log::testing::kNoon + to_s;
    });
  with("strange space", [&](ExportOptions& o) {
    o.level = Level::kScope;
    o.spaces = {Filled<log::SpaceId>(1)};
  });
  ExpectGolden("audit-readers/export-options", out);
}

TEST(ExportOptionsTable, PeriodsAreDaysOrTimes) {
  std::string out;
  for (const char* from : {"", "2026-03-02", "2026-03-02T12:00:00Z", "2026-3-2", "x"})
    for (const char* to : {"", "2026-03-02", "2026-03-02T12:00:00Z", "2026-3-2", "x"}) {
      ExportOptions options;
      const auto added = AddPeriod(options, from, to);
      out += std::string(from) + " to " + to + ": " + AnswerOf(added) + " " +
             std::to_string(options.from_s.value_or(-1)) + " " +
             std::to_string(options.to_s.value_or(-1)) + "\n";
    }
  ExpectGolden("audit-readers/export-periods", out);
}

// Every body of every entry of a period, whole or as leaves.
TEST(ExportOptionsTable, WhatIsOpenAndWhatIsNot) {
  std::string out;
  for (const testing::Sample& sample : Samples()) {
    out += sample.name + "\n";
    for (const BundleFile& file : sample.bundle) {
      if (!file.name.starts_with("bodies/") && !file.name.starts_with("receipt/")) continue;
      std::string kinds;
      const std::string text = ToText(file.content);
      for (const std::string& line : CutIntoLines(text)) {
        std::size_t leaves = 0, values = 0;
        for (std::size_t at = line.find("\"leaf\""); at != line.npos;
             at = line.find("\"leaf\"", at + 1))
          ++leaves;
        for (std::size_t at = line.find("\"salt\""); at != line.npos;
             at = line.find("\"salt\"", at + 1))
          ++values;
        kinds += " " + std::to_string(values) + "/" + std::to_string(leaves);
      }
      out += "  " + file.name.substr(0, 14) + kinds + "\n";
    }
  }
  ExpectGolden("audit-readers/open", out);
}

// Of a forked feed the first branch has a proof, the second has none.
TEST(ExportOptionsTable, ReceiptsOfEachEntryOfAForkedFeed) {
  World world = ForkedWorld();
  const auto feeds = world.Input().feeds;
  std::string out;
  for (const ExportInput::Feed& feed : feeds)
    for (const log::Entry& entry : feed.entries) {
      const auto bundle = Export(world.Input(), ReceiptOf(entry.id, true), Device(1));
      if (!bundle) {
        out += AnswerOf(bundle) + "\n";
        continue;
      }
      Bundle copy = *bundle;
      out += Text(copy, kReceiptProofFile).substr(0, 40) + " " +
             std::to_string(CutIntoLines(Text(copy, kReceiptEntryFile)).size()) + "\n" +
             Listed(Verify(copy, world.network()));
    }
  ExpectGolden("audit-readers/receipts", out);
}

TEST(ExportOptionsTable, EachDamageOfTheInputIsNamed) {
  const World world = MergedWorld();
  std::string out;
  const auto damaged = [&](const std::string& what, const auto& damage) {
    ExportInput input = world.Input();
    damage(input.feeds[0]);
    out += what + ": " + AnswerOf(Export(input, ExportedAt(0), Device(1))) + "\n";
  };
  using Feed = ExportInput::Feed;
  damaged("nothing", [](Feed&) {});
  damaged("first missing", [](Feed& f) {
    f.entries.erase(f.entries.begin());
    f.bodies.erase(f.bodies.begin());
  });
  damaged("none", [](Feed& f) {
    f.entries.clear();
    f.bodies.clear();
  });
  damaged("a body less", [](Feed& f) { f.bodies.pop_back(); });
  damaged("seq", [](Feed& f) { f.entries[1].header.seq = 2; });
  damaged("prev", [](Feed& f) { f.entries[1].header.prev = Filled<log::EntryId>(1); });
  damaged("no prev", [](Feed& f) { f.entries[1].header.prev.reset(); });
  damaged("another feed", [](Feed& f) { f.entries[1].header.life = Filled<log::LifeId>(1); });
  damaged("twice", [](Feed& f) {
    f.entries.push_back(f.entries[0]);
    f.bodies.push_back(f.bodies[0]);
  });
  damaged("unsigned last", [](Feed& f) { f.entries.back().signature.reset(); });
  damaged("unsigned first", [](Feed& f) { f.entries.front().signature.reset(); });
  damaged("no body", [](Feed& f) { f.bodies[0].reset(); });
  damaged("another body", [](Feed& f) { f.bodies.back()->slots.pop_back(); });
  ExpectGolden("audit-readers/export-damage", out);
}

}  // namespace
}  // namespace geflecht::audit
