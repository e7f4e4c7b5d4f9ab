#include "node/governance/proposal_terms.h"

#include <gtest/gtest.h>

#include <string>

#include "node/governance/read_entry.h"

namespace geflecht::governance {
namespace {

std::string Hex(std::size_t bytes, char digit) { return std::string(2 * bytes, digit); }

std::string Freeze(const std::string& space, const std::string& entry, const std::string& root) {
  return "freeze " + space + " " + entry + " " + root + "\n";
}

TEST(ProposalTerms, AFrozenTextIsASpaceAnEntryAndARoot) {
  const std::string space = Hex(16, '1'), entry = Hex(32, '2'), root = Hex(32, '3');
  ASSERT_TRUE(ParseTerms(Freeze(space, entry, root)));
  const auto bad = [](std::string text) { return text.replace(5, 1, "g"); };
  for (const std::string& text :
       {Freeze(bad(space), entry, root), Freeze(space, bad(entry), root),
        Freeze(space, entry, bad(root)), Freeze(bad(space), bad(entry), root),
        Freeze(space, bad(entry), bad(root)), Freeze(space + "1", entry, root),
        Freeze(space, entry, root + "3"), Freeze(space, entry, root.substr(1)),
        "freeze " + space + "-" + entry + " " + root + "\n",
        "freeze " + space + " " + entry + "-" + root + "\n",
        "freeze " + space + "-" + entry + "-" + root + "\n"})
    EXPECT_FALSE(ParseTerms(text)) << text;
}

TEST(ProposalTerms, ParentsAreWhatAnEntryHasSeenItsPredecessorAndWhatItIsAbout) {
  const auto id = [](std::uint8_t byte) {
    EntryId made;
    made.bytes.fill(byte);
    return made;
  };
  log::Header header;
  EXPECT_TRUE(ParentsOf(header).empty());
  header.about = id(2);
  EXPECT_EQ(ParentsOf(header), std::vector<EntryId>{id(2)});
  header.prev = id(1);
  header.seen = {id(3), id(4)};
  EXPECT_EQ(ParentsOf(header), (std::vector<EntryId>{id(1), id(2), id(3), id(4)}));
  header.about = id(3);
  header.prev = id(4);
  EXPECT_EQ(ParentsOf(header), (std::vector<EntryId>{id(3), id(4)}));
}

}  // namespace
}  // namespace geflecht::governance
