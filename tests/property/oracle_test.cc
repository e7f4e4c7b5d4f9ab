// The oracle agrees with itself, whatever the order in which changes come.
#include <gtest/gtest.h>

#include <cstdlib>

#include "crdt/codec.h"
#include "histories.h"
#include "tests/oracle/describe.h"
#include "tests/oracle/tree_fugue.h"

namespace geflecht::crdt {
namespace {

std::uint64_t Cases(std::uint64_t usual) {
  const char* const more = std::getenv("GEFLECHT_CASES");
  return more != nullptr ? std::strtoull(more, nullptr, 10) : usual;
}

TEST(Oracle, EveryOrderOfDeliveryGivesOneState) {
  std::uint64_t actions = 0, passages = 0, conflicts = 0, kept = 0, cycles = 0, moved = 0;
  const std::uint64_t cases = Cases(300);
  for (std::uint64_t seed = 1; seed <= cases; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    History history = MakeHistory(random, {});
    actions += history.actions;
    const std::string state = OracleState(history.changes);
    passages += state.find("\npassage ") != std::string::npos;
    kept += state.find("\nkept ") != std::string::npos;
    cycles += state.find("\ncycle ") != std::string::npos;
    moved += state.find("\nmoved ") != std::string::npos;
    conflicts += state.find(" removed@") != std::string::npos;
    ASSERT_EQ(state.find("void@"), std::string::npos);
    Shuffle(history.changes, random);
    ASSERT_EQ(OracleState(history.changes), state);
  }
  printf("actions %llu passages %llu conflicts %llu kept %llu cycles %llu moved %llu\n",
         static_cast<unsigned long long>(actions / cases),
         static_cast<unsigned long long>(passages), static_cast<unsigned long long>(conflicts),
         static_cast<unsigned long long>(kept), static_cast<unsigned long long>(cycles),
         static_cast<unsigned long long>(moved));
}

TEST(Oracle, TreesOfIdsGiveTheSameTexts) {
  int fugue = 0, max = 0;
  for (std::uint64_t seed = 1; seed <= Cases(300); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    HistoryShape shape;
    shape.text_only = true;
    const History history = MakeHistory(random, shape);
    oracle::Document document(HistorySchema());
    for (const Change& change : history.changes) document.Apply(change);
    const std::u32string text = oracle::Texts(document).at("/notes");
    fugue +=
        oracle::TextByTreeFugue(document.history(), "/notes", oracle::SiblingOrder::kFugue) != text;
    max += oracle::TextByTreeFugue(document.history(), "/notes", oracle::SiblingOrder::kFugueMax) !=
           text;
  }
  printf("fugue %d max %d\n", fugue, max);
}

}  // namespace
}  // namespace geflecht::crdt
