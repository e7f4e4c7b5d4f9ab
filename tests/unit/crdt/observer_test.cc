#include <gtest/gtest.h>

#include "crdt/document.h"
#include "crdt/utf8.h"

namespace geflecht::crdt {
namespace {

const Schema kSchema{.type = "t",
                     .version = 1,
                     .fields = {{"notes", FieldType::kText, true},
                                {"items", FieldType::kList, false},
                                {"total", FieldType::kCounter, false}}};

ChangeId Id(int number) {
  ChangeId id;
  id.bytes[31] = static_cast<std::uint8_t>(number);
  return id;
}

using Kind = Patch::Kind;

TEST(Observer, GetsWhatAnEditDid) {
  Document document(kSchema, AgentId{});
  std::vector<Patch> seen;
  const int number = document.Observe([&](const std::vector<Patch>& patches) { seen = patches; });
  ASSERT_TRUE(document.Edit([](Transaction& e) { return e.InsertText("/notes", 0, "grün"); }));
  EXPECT_EQ(seen, (std::vector<Patch>{{Kind::kInsert, "/notes", 0, 4, "grün"}}));
  ASSERT_TRUE(document.Edit([](Transaction& e) { return e.ReplaceText("/notes", "gruen"); }));
  EXPECT_EQ(seen, (std::vector<Patch>{{Kind::kRemove, "/notes", 2, 1, ""},
                                      {Kind::kInsert, "/notes", 2, 2, "ue"}}));
  ASSERT_TRUE(document.Edit([](Transaction& e) { return e.Set("/a~1b", true); }));
  EXPECT_EQ(seen, (std::vector<Patch>{{Kind::kSet, "/a~1b", 0, 0, ""}}));
  ASSERT_TRUE(document.Edit([](Transaction& e) { return e.Increment("/total", 2); }));
  EXPECT_EQ(seen, (std::vector<Patch>{{Kind::kAdd, "/total", 0, 0, ""}}));
  ASSERT_TRUE(document.Edit([](Transaction& edit) -> Result<void> {
    TRY(edit.InsertChild("/items", 0, ContainerType::kMap));
    return edit.Set("/items/0/k", Value());
  }));
  EXPECT_EQ(seen, (std::vector<Patch>{{Kind::kInsert, "/items", 0, 1, ""},
                                      {Kind::kSet, "/items/0/k", 0, 0, ""}}));
  seen.clear();
  ASSERT_FALSE(document.Edit([](Transaction& edit) -> Result<void> {
    TRY(edit.Increment("/total", 2));
    return edit.Increment("/none", 2);
  }));
  EXPECT_TRUE(seen.empty());
  document.StopObserving(number);
  ASSERT_TRUE(document.Edit([](Transaction& e) { return e.Increment("/total", 2); }));
  EXPECT_TRUE(seen.empty());
}

TEST(Observer, HearsNothingWhenTheOpenChangeIsApplied) {
  Document document(kSchema, AgentId{});
  int calls = 0;
  document.Observe([&](const std::vector<Patch>&) { ++calls; });
  ASSERT_TRUE(document.Edit([](Transaction& edit) -> Result<void> {
    TRY(edit.InsertChild("/items", 0, ContainerType::kMap));
    TRY(edit.SetChild("/items/0/t", ContainerType::kText));
    return edit.InsertText("/items/0/t", 0, "x");
  }));
  Document::Cut cut = document.TakeOpen();
  document.Apply({Id(1), AgentId{}, cut.parents, cut.edits});
  EXPECT_EQ(calls, 1);
}

// A screen that follows the patches of a text shows what the document shows.
TEST(Observer, PatchesOfForeignChangesLeadToTheText) {
  Document writer(kSchema, AgentId{}), reader(kSchema, AgentId{});
  std::u32string mirror;
  reader.Observe([&](const std::vector<Patch>& patches) {
    for (const Patch& patch : patches) {
      if (patch.path != "/notes") continue;
      const auto position = static_cast<std::size_t>(patch.position);
      if (patch.kind == Kind::kInsert) mirror.insert(position, *DecodeUtf8(patch.text));
      if (patch.kind == Kind::kRemove)
        mirror.erase(position, static_cast<std::size_t>(patch.count));
    }
  });
  const char* const texts[] = {"eins", "eins zwei", "zwei", "drei zwei ä", "", "ende"};
  int id = 0;
  for (const char* text : texts) {
    ASSERT_TRUE(writer.Edit([&](Transaction& edit) { return edit.ReplaceText("/notes", text); }));
    Document::Cut cut = writer.TakeOpen();
    const Change change{Id(++id), AgentId{}, cut.parents, cut.edits};
    writer.Apply(change);
    reader.Apply(change);
    EXPECT_EQ(EncodeUtf8(mirror), text);
  }
}

}  // namespace
}  // namespace geflecht::crdt
