// The engine shows what the oracle shows.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "crdt/document.h"
#include "crdt/utf8.h"
#include "histories.h"
#include "tests/oracle/describe.h"

namespace geflecht::crdt {
namespace {

std::uint64_t Cases(std::uint64_t usual) {
  const char* const more = std::getenv("GEFLECHT_CASES");
  return more != nullptr ? std::strtoull(more, nullptr, 10) : usual;
}

// The lines that oracle::Describe gives, from the public interface.
class Walk {
 public:
  explicit Walk(const Document& document) : document_(document) {
    places_.push_back({"", ContainerType::kMap});
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const Place place = places_[i];
      switch (place.type) {
        case ContainerType::kMap:
          WalkMap(place.path);
          break;
        case ContainerType::kList:
          WalkList(place.path);
          break;
        case ContainerType::kText: {
          const std::vector<Span> spans = document_.Spans(place.path).value();
          for (const Span& span : spans)
            lines += place.path + " : " +
                     oracle::DescribeSpan({*DecodeUtf8(span.text), span.marks, span.block, {}}) +
                     "\n";
          break;
        }
        case ContainerType::kCounter:
          lines +=
              place.path + " + " + std::to_string(document_.Counter(place.path).value()) + "\n";
          break;
        case ContainerType::kTree:
          WalkTree(place.path);
          break;
      }
    }
    const std::vector<Document::Void> voids = document.Voids();
    for (const Document::Void& entry : voids)
      lines += "void" + oracle::DescribeBy(entry.change) + " " + entry.reason + "\n";
    const std::vector<ChangeId> waiting = document.Waiting();
    for (const ChangeId& id : waiting)
      lines += "waiting" + oracle::DescribeBy(id) + "\n";
  }

  std::string lines;

 private:
  struct Place {
    std::string path;
    ContainerType type;
  };

  void Enter(const std::string& path, const Slot& slot) {
    if (const auto* child = std::get_if<Child>(&slot)) places_.push_back({path, child->type});
  }
  void Line(const std::string& path, const std::vector<Writing>& writings) {
    lines += path + " =";
    for (const Writing& one : writings)
      lines += " " + (one.removed ? std::string("removed") : oracle::DescribeSlot(one.slot)) +
               oracle::DescribeBy(one.change);
    lines += "\n";
    Enter(path, writings[0].slot);
  }
  void WalkMap(const std::string& at) {
    const auto entries = document_.Map(at).value();
    for (const Register& entry : entries) {
      const std::string path = at + "/" + oracle::Escaped(entry.key);
      const FieldSpec* const field = at.empty() ? document_.schema().Find(entry.key) : nullptr;
      if (field != nullptr && field->type != FieldType::kValue) {
        Enter(path, entry.writings[0].slot);
      } else {
        Line(path, entry.writings);
      }
    }
  }
  void WalkList(const std::string& at) {
    const auto items = document_.Items(at).value();
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string path = at + "/" + std::to_string(i);
      Line(path, items[i].writings);
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].moves.empty()) continue;
      lines += "moved " + at + "/" + std::to_string(i);
      for (const ChangeId& change : items[i].moves) lines += oracle::DescribeBy(change);
      lines += "\n";
    }
  }
  void WalkTree(const std::string& at) {
    const Tree tree = document_.ReadTree(at).value();
    for (const TreeNode& node : tree.nodes) {
      const std::string path = at + "/" + node.id;
      lines += path + " < " + node.parent + "\n";
      Enter(path, Child{ContainerType::kMap, node.id});
    }
    for (const TreeContest& contest : tree.contests) {
      lines += "moved " + at + "/" + contest.node;
      for (const ChangeId& change : contest.changes) lines += oracle::DescribeBy(change);
      lines += "\n";
    }
    for (const ChangeId& change : tree.cycles)
      lines += "cycle " + at + oracle::DescribeBy(change) + "\n";
    for (const ChangeId& change : tree.kept)
      lines += "kept " + at + oracle::DescribeBy(change) + "\n";
  }

  const Document& document_;
  std::vector<Place> places_;
};

std::string Described(const Document& document) { return Walk(document).lines; }

void CompareAtRandom(std::uint64_t first, std::uint64_t cases, const HistoryShape& shape) {
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    History history = MakeHistory(random, shape);
    oracle::Document expected(HistorySchema());
    for (const Change& change : history.changes) expected.Apply(change);
    const std::string state = oracle::Describe(expected);
    Document at_once(HistorySchema(), HistoryAgent(99));
    for (const Change& change : history.changes) at_once.Apply(change);
    ASSERT_EQ(Described(at_once), state) << "all at once";
    Shuffle(history.changes, random);
    Document piecewise(HistorySchema(), HistoryAgent(99));
    for (const Change& change : history.changes) {
      piecewise.Apply(change);
      if (random.Below(3) == 0) Described(piecewise);
    }
    ASSERT_EQ(Described(piecewise), state) << "piece by piece";
  }
}

TEST(Engine, TextsAreThoseOfTheOracle) {
  HistoryShape shape;
  shape.text_only = true;
  CompareAtRandom(1, Cases(300), shape);
}

TEST(Engine, MapsListsAndCountersAreThoseOfTheOracle) {
  HistoryShape shape;
  shape.only = [](const Edit& edit) { return edit.index() < 5; };
  CompareAtRandom(1001, Cases(300), shape);
}

TEST(Engine, MarksAndBlocksAreThoseOfTheOracle) {
  HistoryShape shape;
  shape.only = [](const Edit& edit) {
    return std::holds_alternative<InsertText>(edit) || std::holds_alternative<Mark>(edit) ||
           std::holds_alternative<InsertBlock>(edit) || std::holds_alternative<SetBlock>(edit) ||
           (std::holds_alternative<Remove>(edit) && ContainerOf(edit) == "/notes");
  };
  CompareAtRandom(2001, Cases(300), shape);
}

TEST(Engine, TreesAreThoseOfTheOracle) {
  HistoryShape shape;
  shape.only = [](const Edit& edit) {
    return std::holds_alternative<CreateNode>(edit) || std::holds_alternative<MoveNode>(edit) ||
           std::holds_alternative<RemoveNode>(edit) || edit.index() < 5;
  };
  CompareAtRandom(3001, Cases(300), shape);
}

}  // namespace
}  // namespace geflecht::crdt
