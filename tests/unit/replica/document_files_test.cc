// Documents that are opened from their file instead of from all of their changes.
#include <gtest/gtest.h>

#include "crdt/document_file.h"
#include "node/replica/records.h"
#include "tests/unit/replica/network.h"

namespace geflecht::replica {
namespace {

struct Files : testing::Test {
  Files() : net(2), id(net[0].MakeNote("0")) {}

  // `count` changes of one character.
  void Write(Device& device, int count) {
    for (int i = 0; i < count; ++i) {
      const std::uint64_t end = device.Text(id).size();
      ASSERT_TRUE(device.Type(id, end, std::string(1, static_cast<char>('a' + i % 26))));
      ASSERT_TRUE(device.replica->CutAll({}).has_value());
      device.Write();
    }
  }
  void StageFiles(Device& device) {
    ASSERT_TRUE(device.replica->StageFiles().has_value());
    device.Write();
  }
  // Starts again and opens, as a reader would.
  std::string OpenAnew(Device& device) {
    device.Load(net.founding);
    return device.Text(id);
  }
  bool HasFile(Device& device) { return device.store->Get(DocumentFileKey(id))->has_value(); }
  Bytes State(Device& device) {
    return crdt::CanonicalState((*device.replica->Open(id))->document);
  }
  // What only a replay would miss.
  void LoseSomeBody(Device& device) {
    const auto bodies = OrdersFrom(*device.store, DocumentBodyKey(id, 1));
    ASSERT_TRUE(bodies.has_value());
    ASSERT_TRUE(device.store
                    ->Write({{DocumentBodyKey(id, (*bodies)[bodies->size() / 2]), std::nullopt}},
                            store::Durability::kSynced)
                    .has_value());
  }

  Network net;
  crdt::DocumentId id;
};

TEST_F(Files, AnOpeningThatCostManyChangesLeavesAFileForTheNext) {
  Write(net[0], 40);
  const std::string text = net[0].Text(id);
  const Bytes state = State(net[0]);
  StageFiles(net[0]);
  EXPECT_FALSE(HasFile(net[0])) << "while it was open, few changes were made";
  EXPECT_EQ(OpenAnew(net[0]), text);
  StageFiles(net[0]);
  ASSERT_TRUE(HasFile(net[0]));
  LoseSomeBody(net[0]);
  EXPECT_EQ(OpenAnew(net[0]), text) << "read from the file";
  EXPECT_EQ(State(net[0]), state);
}

TEST_F(Files, WhileADocumentIsOpenAFileFollowsNowAndThen) {
  Write(net[0], 300);
  StageFiles(net[0]);
  ASSERT_TRUE(HasFile(net[0]));
  Write(net[0], 10);
  const std::string text = net[0].Text(id);
  LoseSomeBody(net[0]);
  EXPECT_EQ(OpenAnew(net[0]), text) << "the file and what came since";
}

TEST_F(Files, FewChangesNeedNoFile) {
  Write(net[0], 5);
  OpenAnew(net[0]);
  StageFiles(net[0]);
  EXPECT_FALSE(HasFile(net[0]));
}

TEST_F(Files, WhatAFileWouldNotSpareHasNone) {
  Write(net[0], 40);
  const auto bold = [](crdt::Transaction& edit) {
    return edit.Mark("/body", 0, 3, "bold", crdt::Value(true), crdt::Expand::kAfter);
  };
  ASSERT_TRUE(net[0].replica->Edit(id, bold, {}).has_value());
  ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
  net[0].Write();
  const std::string text = net[0].Text(id);
  OpenAnew(net[0]);
  StageFiles(net[0]);
  EXPECT_FALSE(HasFile(net[0]));
  EXPECT_EQ(OpenAnew(net[0]), text);
}

TEST_F(Files, WhatOthersWroteBesideItIsMerged) {
  Write(net[0], 30);
  Bring(net[0], net[1]);
  for (Device* device : {&net[0], &net[1]}) {
    OpenAnew(*device);
    StageFiles(*device);
    ASSERT_TRUE(HasFile(*device));
    OpenAnew(*device);
    ASSERT_TRUE(device->Type(id, 3, device == &net[0] ? "one " : "other "));
    ASSERT_TRUE(device->replica->CutAll({}).has_value());
    device->Write();
  }
  Bring(net[0], net[1]);
  Bring(net[1], net[0]);
  const std::string text = net[0].Text(id);
  EXPECT_EQ(text.size(), 31u + 4 + 6);
  EXPECT_EQ(net[1].Text(id), text);
  EXPECT_EQ(State(net[0]), State(net[1]));
  EXPECT_EQ(OpenAnew(net[0]), text);
}

TEST_F(Files, AnOpenChangeIsNotInIt) {
  Write(net[0], 40);
  OpenAnew(net[0]);
  ASSERT_TRUE(net[0].Type(id, 0, "open "));
  StageFiles(net[0]);
  EXPECT_FALSE(HasFile(net[0]));
  const std::string text = net[0].Text(id);
  EXPECT_EQ(OpenAnew(net[0]), text);
  ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
  StageFiles(net[0]);
  EXPECT_TRUE(HasFile(net[0]));
  EXPECT_EQ(OpenAnew(net[0]), text);
}

TEST_F(Files, ABodyThatComesLateEndsTheFile) {
  Write(net[0], 40);
  const std::string text = net[0].Text(id);
  const log::FeedKey feed = net[0].Feed();
  const std::uint64_t last = net[0].Log().Head(feed).next_seq - 1;
  Device& late = net[1];
  for (std::uint64_t seq = 0; seq <= last; ++seq) {
    late.replica->Admit(net.space, RunOf(net[0], feed, seq, seq));
    if (seq != last) late.replica->AdmitBodies(net.space, BodiesOf(net[0], feed, seq, seq), {});
  }
  late.Write();
  // Something of its own arrives behind the entry whose body is not here.
  OpenAnew(late);
  ASSERT_TRUE(late.Type(id, 0, "late "));
  ASSERT_TRUE(late.replica->CutAll({}).has_value());
  StageFiles(late);
  ASSERT_TRUE(HasFile(late));
  late.replica->AdmitBodies(net.space, BodiesOf(net[0], feed, last, last), {});
  late.Write();
  EXPECT_FALSE(HasFile(late));
  EXPECT_EQ(OpenAnew(late), "late " + text);
}

TEST_F(Files, ADamagedFileIsNotUsedAndReplaced) {
  Write(net[0], 40);
  const std::string text = net[0].Text(id);
  OpenAnew(net[0]);
  StageFiles(net[0]);
  const Bytes good = **net[0].store->Get(DocumentFileKey(id));
  for (std::size_t at = 0; at < good.size(); at += 7) {
    Bytes bad = good;
    bad[at] ^= 0x10;
    ASSERT_TRUE(
        net[0].store->Write({{DocumentFileKey(id), bad}}, store::Durability::kSynced).has_value());
    ASSERT_EQ(OpenAnew(net[0]), text) << "byte " << at;
  }
  StageFiles(net[0]);
  EXPECT_EQ(**net[0].store->Get(DocumentFileKey(id)), good);
}

}  // namespace
}  // namespace geflecht::replica
