// What the node does while its disk is full, and afterwards.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/limits.h"
#include "node/core/node.h"
#include "proto/codec/wire_codec.h"
#include "tests/unit/core/host.h"

namespace geflecht::core {
namespace {

constexpr ConnId kLine = 1;

struct FullDisk : testing::Test {
  FullDisk() : net(2), a(net[0], net.founding), b(net[1], net.founding) {
    EXPECT_TRUE(a.Join().has_value());
    EXPECT_TRUE(b.Join().has_value());
    Join(a, b, kLine, true);
    Settle(a, b);
  }
  static void Write(Host& host, const std::string& title) {
    host.Do([&](Actions& out) {
      const auto id = host.node->replica()->Create(
          "note",
          [&](crdt::Transaction& edit) -> Result<void> {
            TRY(edit.Set("/purpose", std::string("network_coordination")));
            TRY(edit.Set("/legal_basis", std::string("contract")));
            TRY(edit.Set("/retention_class", std::string("L1")));
            return edit.Set("/title", title);
          },
          host.now);
      EXPECT_TRUE(id.has_value());
      host.node->Finish(host.now, out);
    });
  }
  static std::size_t Documents(Host& host) { return host.node->replica()->ListDocuments()->size(); }
  // Frames of the type of `like` that wait to be delivered.
  static std::size_t Sent(const Host& host, const codec::Message& like) {
    const std::uint8_t type = codec::EncodeFrame(like).front();
    return static_cast<std::size_t>(
        std::count_if(host.sent.begin(), host.sent.end(),
                      [&](const Send& send) { return send.frame.front() == type; }));
  }
  void DeliverToB() {
    while (!a.sent.empty()) {
      const Send send = a.sent.front();
      a.sent.pop_front();
      b.Step(Received{send.connection, send.frame});
    }
  }
  bool Equal() { return a.node->sessions()[0].all_equal && b.node->sessions()[0].all_equal; }

  replica::Network net;
  Host a, b;
};

TEST_F(FullDisk, RefusesWritesWithASentenceAndSaysSinceWhen) {
  EXPECT_FALSE(b.node->disk_full_since_ms());
  EXPECT_TRUE(b.node->MayWrite().has_value());
  b.FillDisk();
  b.now.wall_ms += 5'000;
  b.Step(DiskFull{});
  EXPECT_EQ(b.node->disk_full_since_ms(), b.now.wall_ms - 5'000);
  const auto may = b.node->MayWrite();
  ASSERT_FALSE(may.has_value());
  EXPECT_EQ(may.error().code, Code::kNoSpace);
  EXPECT_EQ(may.error().hint, "hint.disk-full");
  EXPECT_EQ(b.Join().error().code, Code::kNoSpace);
  b.MakeSpace();
  EXPECT_TRUE(b.node->MayWrite().has_value());
  EXPECT_FALSE(b.node->disk_full_since_ms());
}

TEST_F(FullDisk, TakesNothingFromPeersAndAcknowledgesNothingUntilThereIsSpace) {
  b.FillDisk();
  Write(a, "one");
  Write(a, "two");
  DeliverToB();
  EXPECT_EQ(Documents(b), 0u);
  EXPECT_TRUE(b.waiting.empty()) << "nothing is decided that has to be written";
  EXPECT_EQ(Sent(b, codec::Ack{}), 0u);
  EXPECT_EQ(a.node->sessions()[0].acked_arrival, 0u);
  b.MakeSpace();
  EXPECT_GT(Sent(b, codec::Ack{}), 0u);
  Settle(a, b);
  EXPECT_EQ(Documents(b), 2u);
  EXPECT_EQ(a.node->sessions()[0].acked_arrival, 2u);
  EXPECT_TRUE(Equal());
}

TEST_F(FullDisk, WhatWasDecidedBeforeItIsReadButNotOffered) {
  b.full = true;  // the writer has not said it yet
  Write(b, "held");
  b.Step(DiskFull{});
  ASSERT_EQ(b.waiting.size(), 1u);
  Settle(a, b);
  EXPECT_EQ(Documents(b), 1u);
  EXPECT_EQ(Documents(a), 0u);
  b.MakeSpace();
  Settle(a, b);
  EXPECT_EQ(Documents(a), 1u);
  EXPECT_TRUE(Equal());
}

TEST_F(FullDisk, GoesOnServingWhatIsDurable) {
  Write(b, "durable");
  b.FillDisk();
  Settle(a, b);
  EXPECT_EQ(Documents(a), 1u);
  // Also to whoever connects only now.
  a.Step(Closed{kLine, "gone"});
  b.Step(Closed{kLine, "gone"});
  Join(a, b, 2, true);
  Settle(a, b);
  EXPECT_EQ(b.node->sessions().size(), 1u);
  EXPECT_TRUE(a.node->sessions()[0].all_equal);
}

TEST_F(FullDisk, OpenEditsAreCutOnlyWhenThereIsSpace) {
  Write(b, "document");
  Settle(a, b);
  const auto id = b.node->replica()->ListDocuments()->front().id;
  b.Do([&](Actions& out) {
    const auto edited = b.node->replica()->Edit(
        id, [](crdt::Transaction& edit) { return edit.Set("/title", std::string("new")); }, b.now);
    EXPECT_TRUE(edited.has_value());
    b.node->Finish(b.now, out);
  });
  b.FillDisk();
  b.now.mono_ms += 60'000;
  b.Step(TimerFired{});
  EXPECT_TRUE(b.node->replica()->HasDraft(id));
  Actions out;
  EXPECT_TRUE(b.node->Stop(b.now, out).has_value());
  EXPECT_TRUE(b.node->replica()->HasDraft(id));
  EXPECT_TRUE(b.waiting.empty());
  b.MakeSpace();
  b.Step(TimerFired{});
  EXPECT_FALSE(b.node->replica()->HasDraft(id));
}

TEST_F(FullDisk, HoldsAtMostAWindowOfASession) {
  b.FillDisk();
  Write(a, "one");
  ASSERT_EQ(Sent(a, codec::Run{}), 1u);
  const Send run = *std::find_if(a.sent.begin(), a.sent.end(), [](const Send& send) {
    return send.frame.front() == codec::EncodeFrame(codec::Run{}).front();
  });
  // A peer that goes on sending although nothing is acknowledged.
  std::size_t bytes = 0;
  while (!b.dropped.contains(kLine)) {
    b.Step(Received{kLine, run.frame});
    bytes += run.frame.size();
    ASSERT_LE(bytes, limits::kWindowBytesPerSession + 2 * limits::kFrameBytesMax);
  }
  EXPECT_TRUE(b.node->sessions().empty()) << "what was held is gone with the session";
  b.MakeSpace();
  EXPECT_EQ(Documents(b), 0u);
}

}  // namespace
}  // namespace geflecht::core
