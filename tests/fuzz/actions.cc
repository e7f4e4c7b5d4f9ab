// Actions on three sites: each byte or two decide what is done next, where, and who hears of it.
// However the changes are delivered, and however their edits are cut, the engine shows what the
// oracle shows; the oracle's texts have the order of the tree of ids.
#include <algorithm>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/targets.h"
#include "tests/oracle/describe.h"
#include "tests/oracle/tree_fugue.h"
#include "tests/property/engine.h"
#include "tests/property/histories.h"

namespace geflecht::fuzz {
namespace {

// Choices are read from the input, ids are counted.
class InputRandom final : public Random {
 public:
  explicit InputRandom(Input& in) : in_(in) {}
  void Fill(std::span<std::uint8_t> out) override {
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    if (out.size() == sizeof(std::uint64_t)) {
      out.back() = in_.Byte();
    } else {
      out.front() = static_cast<std::uint8_t>(37 * ++ids_);
      out.back() = static_cast<std::uint8_t>(ids_);
      out[out.size() - 2] = static_cast<std::uint8_t>(ids_ >> 8);
    }
  }

 private:
  Input& in_;
  std::uint32_t ids_ = 0;
};

}  // namespace

void Actions(ByteView input) {
  Input in(input);
  InputRandom random(in);
  crdt::HistoryShape shape;
  shape.sites = 3;
  shape.text_only = in.Byte() % 4 == 0;
  crdt::History history = crdt::MakeHistory(random, shape);
  std::vector<crdt::Change>& changes = history.changes;
  const std::string state = crdt::OracleState(changes);
  if (shape.text_only) {
    crdt::oracle::Document document(crdt::HistorySchema());
    for (const crdt::Change& change : changes) document.Apply(change);
    CHECK(crdt::oracle::TextByTreeFugue(document.history(), "/notes",
                                        crdt::oracle::SiblingOrder::kFugue) ==
          crdt::oracle::Texts(document).at("/notes"));
  }
  const std::string shown = crdt::EngineState(changes);
  CHECK(shown == crdt::EngineExpected(changes));
  std::reverse(changes.begin(), changes.end());
  CHECK(crdt::OracleState(changes) == state);
  for (crdt::Change& change : changes) change = crdt::Split(change);
  CHECK(crdt::EngineState(changes) == shown);
}

}  // namespace geflecht::fuzz
