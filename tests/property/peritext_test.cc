// The cases of Litt, Lim, Kleppmann and van Hardenberg, Peritext: A CRDT for Collaborative Rich
// Text Editing (CSCW 2022, https://www.inkandswitch.com/peritext/), and what follows from them for
// anchors at removed characters. A is the lesser device, B the greater one.
#include <gtest/gtest.h>

#include "crdt/utf8.h"
#include "formatted.h"

namespace geflecht::crdt {
namespace {

constexpr std::uint64_t kA = 1, kB = 2;
const Value kTrue = true;

Edit Bold(std::uint64_t from, std::uint64_t to, bool on = true) {
  return Mark{"/notes", from, to, "bold", on ? std::optional(kTrue) : std::nullopt, Expand::kAfter};
}
Edit Italic(std::uint64_t from, std::uint64_t to) {
  return Mark{"/notes", from, to, "italic", kTrue, Expand::kAfter};
}
Edit Link(std::uint64_t from, std::uint64_t to, const char* target = "x") {
  return Mark{"/notes", from, to, "link", Value(std::string(target)), Expand::kNone};
}
Edit Comment(std::uint64_t from, std::uint64_t to, const char* id) {
  return Mark{"/notes", from, to, std::string("comment:") + id, kTrue, Expand::kNone};
}
Edit Type(std::uint64_t position, const char* text) { return InsertText{"/notes", position, text}; }
Edit Delete(std::uint64_t position, std::uint64_t count) {
  return Remove{"/notes", position, count};
}

class Peritext : public testing::TestWithParam<Formatter> {
 protected:
  // The text with its marks: "[bold]The [bold,link=x]fox[] jumped".
  std::string Show() const { return Formatted(GetParam(), script_.changes()); }

  Script script_;
};

INSTANTIATE_TEST_SUITE_P(Engines, Peritext, testing::ValuesIn(Formatters()),
                         [](const auto& engine) { return engine.param.name; });

// Example 1: a word typed into a passage that somebody else makes bold.
TEST_P(Peritext, TextTypedIntoAPassageThatBecomesBoldIsBold) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped.")});
  script_.Do(kA, {base}, {Bold(0, 15)});
  script_.Do(kB, {base}, {Type(4, "quick ")});
  EXPECT_EQ(Show(), "[bold]The quick fox jumped.");
}

// Example 2: two overlapping passages of one format.
TEST_P(Peritext, OverlappingBoldIsTheUnion) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped.")});
  script_.Do(kA, {base}, {Bold(0, 7)});
  script_.Do(kB, {base}, {Bold(4, 14)});
  EXPECT_EQ(Show(), "[bold]The fox jumped[].");
}

// Example 3: two formats that do not exclude each other.
TEST_P(Peritext, BoldAndItalicMeetInTheOverlap) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped.")});
  script_.Do(kA, {base}, {Bold(0, 7)});
  script_.Do(kB, {base}, {Italic(4, 14)});
  EXPECT_EQ(Show(), "[bold]The [bold,italic]fox[italic] jumped[].");
}

// Example 4: two values of one format: one wins where they overlap, the same everywhere.
TEST_P(Peritext, OfTwoColoursOneWinsInTheOverlapOnly) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped.")});
  script_.Do(kA, {base}, {Mark{"/notes", 0, 7, "colour", Value(std::string("red"))}});
  script_.Do(kB, {base}, {Mark{"/notes", 4, 14, "colour", Value(std::string("blue"))}});
  EXPECT_EQ(Show(), "[colour=red]The [colour=blue]fox jumped[].");
}

// Example 5: one makes a passage bold, the other takes bold away from a part.
TEST_P(Peritext, BoldAndNotBoldAtOnceIsDecidedByTheLater) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped."), Bold(0, 15)});
  script_.Do(kA, {base}, {Bold(0, 7, false)});
  script_.Do(kB, {base}, {Bold(4, 14)});
  EXPECT_EQ(Show(), "The [bold]fox jumped.");
}

// Example 6: comments do not exclude each other.
TEST_P(Peritext, OverlappingCommentsAreAllKept) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped.")});
  script_.Do(kA, {base}, {Comment(0, 7, "a")});
  script_.Do(kB, {base}, {Comment(4, 14, "b")});
  EXPECT_EQ(Show(), "[comment:a]The [comment:a,comment:b]fox[comment:b] jumped[].");
}

// Example 7: typing at the end of bold text goes on in bold, in front of it does not.
TEST_P(Peritext, BoldGrowsAtItsEndOnly) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped."), Bold(4, 7)});
  script_.Do(kA, {base}, {Type(7, "es"), Type(4, "red ")});
  EXPECT_EQ(Show(), "The red [bold]foxes[] jumped.");
}

// Example 8: a link does not grow at either end.
TEST_P(Peritext, LinksDoNotGrow) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped."), Link(4, 7)});
  script_.Do(kA, {base}, {Type(7, "es"), Type(4, "red ")});
  EXPECT_EQ(Show(), "The red [link=x]fox[]es jumped.");
}

// Example 9: two links at once: the overlap has one target.
TEST_P(Peritext, OfTwoLinksOneWinsInTheOverlap) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped.")});
  script_.Do(kA, {base}, {Link(0, 7, "a")});
  script_.Do(kB, {base}, {Link(4, 14, "b")});
  EXPECT_EQ(Show(), "[link=a]The [link=b]fox jumped[].");
}

// A passage is marked while somebody else removes its ends.
TEST_P(Peritext, AMarkStaysOnWhatIsLeftWhenItsEndsAreRemoved) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped.")});
  script_.Do(kA, {base}, {Bold(4, 14)});
  script_.Do(kB, {base}, {Delete(0, 6), Delete(4, 4)});
  EXPECT_EQ(Show(), "[bold]x ju[].");
}

// The last character of a link is removed, then something is typed there.
TEST_P(Peritext, ALinkWithoutItsEndDoesNotGrow) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped."), Link(4, 7)});
  const auto cut = script_.Do(kA, {base}, {Delete(6, 1)});
  script_.Do(kA, {cut}, {Type(6, "es")});
  EXPECT_EQ(Show(), "The [link=x]fo[]es jumped.");
}

// The same with bold, which goes on.
TEST_P(Peritext, BoldWithoutItsEndGrows) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped."), Bold(4, 7)});
  const auto cut = script_.Do(kA, {base}, {Delete(6, 1)});
  script_.Do(kA, {cut}, {Type(6, "es")});
  EXPECT_EQ(Show(), "The [bold]foes[] jumped.");
}

// What was typed at the end of a link by somebody who did not know of it is not in it.
TEST_P(Peritext, TextTypedAtOnceBehindALinkIsOutside) {
  const auto base = script_.Do(kA, {}, {Type(0, "The fox jumped.")});
  script_.Do(kA, {base}, {Link(4, 7)});
  script_.Do(kB, {base}, {Type(7, "es"), Type(4, "red ")});
  EXPECT_EQ(Show(), "The red [link=x]fox[]es jumped.");
}

TEST_P(Peritext, EmptiedMarksStayEmptyUnlessTheyExpand) {
  const auto base = script_.Do(kA, {}, {Type(0, "(ab)"), Link(1, 3), Italic(1, 3)});
  const auto cut = script_.Do(kA, {base}, {Delete(1, 2)});
  script_.Do(kB, {cut}, {Type(1, "x")});
  EXPECT_EQ(Show(), "([italic]x[])");
}

TEST_P(Peritext, AMarkThatExpandsBothWaysTakesBothEnds) {
  const auto base =
      script_.Do(kA, {}, {Type(0, "ab"), Mark{"/notes", 0, 2, "m", kTrue, Expand::kBoth}});
  script_.Do(kA, {base}, {Type(0, "<")});
  script_.Do(kB, {base}, {Type(2, ">")});
  EXPECT_EQ(Show(), "[m]<ab>");
}

TEST_P(Peritext, ALaterMarkDecidesWhateverTheDevice) {
  const auto base = script_.Do(kB, {}, {Type(0, "abc"), Bold(0, 3)});
  script_.Do(kA, {base}, {Bold(1, 2, false)});
  EXPECT_EQ(Show(), "[bold]a[]b[bold]c");
}

// Enter inside a bold passage splits it without losing the format; both halves stay bold.
TEST_P(Peritext, ABlockMarkerSplitsABoldPassage) {
  const auto base = script_.Do(kA, {}, {Type(0, "one two"), Bold(0, 7)});
  script_.Do(kA, {base}, {InsertBlock{"/notes", 3, {{"type", std::string("h")}}}});
  script_.Do(kB, {base}, {Type(4, "and ")});
  EXPECT_EQ(Show(), "[bold]one{bold type=h} and two");
}

// Two press Enter at one place: two markers; each attribute is decided by itself.
TEST_P(Peritext, BlockMarkersMergeAttributeByAttribute) {
  const auto base =
      script_.Do(kA, {}, {InsertBlock{"/notes", 0, {{"level", std::int64_t{1}}}}, Type(1, "t")});
  script_.Do(kA, {base}, {SetBlock{"/notes", 0, "type", Value(std::string("h"))}});
  script_.Do(kB, {base}, {SetBlock{"/notes", 0, "level", Value(std::int64_t{2})}});
  EXPECT_EQ(Show(), "{level=2 type=h}t");
}

}  // namespace
}  // namespace geflecht::crdt
