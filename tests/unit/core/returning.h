// Nodes that come back, with what a test does and looks at.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "node/core/durations.h"
#include "proto/codec/wire_codec.h"
#include "tests/unit/core/host.h"

namespace geflecht::core {

inline const std::string kSecret = "a-name-that-is-to-be-erased";

template <class Content>
bool Is(const Send& send) {
  const auto message = codec::DecodeFrame(send.frame);
  return message && std::holds_alternative<Content>(*message);
}

inline bool Carries(const Send& send, const std::string& value) {
  const std::string_view frame = AsText(send.frame);
  return frame.find(value) != std::string_view::npos;
}

struct Returning : testing::Test {
  Returning() : net(3), a(net[0], net.founding), b(net[1], net.founding), c(net[2], net.founding) {
    for (Host* host : {&a, &b, &c}) EXPECT_TRUE(host->Join().has_value());
  }
  static crdt::DocumentId Write(Host& host, const std::string& title) {
    Result<crdt::DocumentId> id = Fail(Code::kInternal, "");
    host.Do([&](Actions& out) {
      id = host.node->replica()->Create(
          "note",
          [&](crdt::Transaction& edit) -> Result<void> {
            TRY(edit.Set("/purpose", std::string("network_coordination")));
            TRY(edit.Set("/legal_basis", std::string("contract")));
            TRY(edit.Set("/retention_class", std::string("L1")));
            return edit.Set("/title", title);
          },
          host.now);
      host.node->Finish(host.now, out);
    });
    return *id;
  }
  static void Retitle(Host& host, const crdt::DocumentId& id, const std::string& title) {
    host.Do([&](Actions& out) {
      const auto retitle = [&](crdt::Transaction& edit) { return edit.Set("/title", title); };
      EXPECT_TRUE(host.node->replica()->Edit(id, retitle, host.now).has_value());
      EXPECT_TRUE(host.node->replica()->CutAll(host.now).has_value());
      host.node->Finish(host.now, out);
    });
  }
  static void Erase(Host& host, const crdt::DocumentId& id) {
    host.Do([&](Actions& out) {
      EXPECT_TRUE(
          host.node->replica()->EraseDocument(id, std::nullopt, "request", host.now).has_value());
      host.node->Finish(host.now, out);
    });
  }
  static log::EntryId ProposeAndVote(Host& host) {
    log::EntryId id;
    host.Do([&](Actions& out) {
      const governance::ProposalBody body{"content", "", "", std::nullopt, "T", "", kSecret + "\n"};
      const auto proposal = host.node->replica()->Propose(body, host.now);
      ASSERT_TRUE(proposal.has_value());
      id = *proposal;
      const governance::VoteBody vote{governance::Position::kYes, kSecret + "\n"};
      EXPECT_TRUE(host.node->replica()->Vote(id, vote, host.now).has_value());
      host.node->Finish(host.now, out);
    });
    return id;
  }
  void Meet(Host& one, Host& other) {
    Join(one, other, ++connection, true);
    Settle(one, other);
  }
  void Part(Host& one, Host& other) {
    for (Host* host : {&one, &other}) {
      host->Step(Closed{connection, "cut"});
      host->sent.clear();
    }
  }
  static void Pass(Host& host, std::int64_t days) {
    host.now.mono_ms += days * kDayMs;
    host.now.wall_ms += days * kDayMs;
    host.Step(TimerFired{});
  }
  // The title, or nothing if it is not shown.
  static std::optional<std::string> TitleOf(Host& host, const crdt::DocumentId& id) {
    const auto open = host.node->replica()->Open(id);
    EXPECT_TRUE(open.has_value());
    const auto title = (*open)->document.Get("/title");
    const auto& value = std::get<crdt::Value>(title->writings.front().slot);
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? std::nullopt : std::optional(*text);
  }
  static bool MayShow(Host& host) { return host.node->MayShow(host.now).has_value(); }
  // Delivers what `from` has sent until the first frame of this kind has been, and drops the rest.
  template <class Content>
  static bool DeliverUpTo(Host& from, Host& to) {
    while (!from.sent.empty()) {
      const Send send = from.sent.front();
      from.sent.pop_front();
      to.Step(Received{send.connection, send.frame});
      if (!Is<Content>(send)) continue;
      const auto message = codec::DecodeFrame(send.frame);
      if (const auto* erasures = std::get_if<codec::Erasures>(&*message))
        if (erasures->items.empty()) continue;
      return true;
    }
    return false;
  }
  // Delivers between a node that returns and another; looks at every frame and after each of them.
  void WatchedSettle(Host& back, Host& other, const crdt::DocumentId& gone) {
    const bool held = !MayShow(back);
    bool erasures_came = false;
    while (!back.sent.empty() || !other.sent.empty()) {
      Host& from = back.sent.empty() ? other : back;
      Host& to = &from == &back ? other : back;
      const Send send = from.sent.front();
      from.sent.pop_front();
      if (&from == &back) {
        EXPECT_FALSE(Carries(send, kSecret)) << "an erased value went out";
        if (Is<codec::Run>(send) || Is<codec::Bodies>(send)) {
          EXPECT_TRUE(erasures_came) << "a run or a body in front of the erasures";
        }
      }
      if (!to.dropped.contains(send.connection)) to.Step(Received{send.connection, send.frame});
      erasures_came = erasures_came || (&to == &back && Is<codec::Erasures>(send));
      if (MayShow(back) && (erasures_came || held)) {
        EXPECT_NE(TitleOf(back, gone), kSecret) << "shown";
      }
    }
  }

  replica::Network net;
  Host a, b, c;
  ConnId connection = 0;
};

}  // namespace geflecht::core
