#include <gtest/gtest.h>

#include <cstdio>

#include "base/limits.h"
#include "node/sync/compare.h"
#include "tests/unit/sync/net.h"

namespace geflecht::sync {
namespace {

TEST(Session, FillsAnEmptyNode) {
  Net net(2, 1);
  net.nodes[0]->Write(net.spaces[0], 30);
  net.nodes[0]->Write(net.spaces[0], 1);
  const std::size_t link = net.Connect(0, 1);
  net.RunUntilQuiet();
  EXPECT_TRUE(net.AllHoldTheSame());
  const Session& sender = *net.links[link].ends[0].session;
  const Session& receiver = *net.links[link].ends[1].session;
  EXPECT_TRUE(sender.AllEqual());
  EXPECT_TRUE(receiver.AllEqual());
  const SpaceProgress& progress = sender.progress().at(net.spaces[0]);
  EXPECT_EQ(progress.sent, 31u);
  EXPECT_EQ(progress.to_send, 0u);
  EXPECT_EQ(progress.acked_arrival, 31u);
  EXPECT_EQ(receiver.progress().at(net.spaces[0]).received, 31u);
  EXPECT_EQ(receiver.progress().at(net.spaces[0]).sent, 0u);
}

TEST(Session, ExchangesInBothDirectionsOnlyWhatTheOtherLacks) {
  Net net(2, 2, 2);
  for (const log::SpaceId& space : net.spaces) net.nodes[0]->Write(space, 5);
  std::size_t link = net.Connect(0, 1);
  net.RunUntilQuiet();
  net.Disconnect(link);
  for (const log::SpaceId& space : net.spaces) {
    net.nodes[0]->Write(space, 3);
    net.nodes[1]->Write(space, 2);
    net.nodes[1]->Write(space, 2);
  }
  link = net.Connect(0, 1);
  net.RunUntilQuiet();
  EXPECT_TRUE(net.AllHoldTheSame());
  for (const log::SpaceId& space : net.spaces) {
    EXPECT_EQ(net.links[link].ends[0].session->progress().at(space).sent, 3u);
    EXPECT_EQ(net.links[link].ends[1].session->progress().at(space).sent, 4u);
  }
}

TEST(Session, ErasuresGoInFrontOfEverythingElse) {
  Net net(2, 4);
  const log::SpaceId space = net.spaces[0];
  for (const auto& node : net.nodes) node->Write(space, 5);
  net.Connect(0, 1);
  net.RunUntilQuiet();
  ASSERT_TRUE(net.AllHoldTheSame());
  net.links.clear();
  net.nodes[0]->Write(space, 200);
  net.nodes[0]->kind = "erase";
  for (std::size_t i = 0; i <= codec::kErasureItemsMax; ++i) net.nodes[0]->Write(space);
  net.nodes[1]->Write(space, 3);
  const std::size_t here = net.nodes[0]->entries(space), there = net.nodes[1]->entries(space);
  net.Connect(0, 1);
  while (net.Step()) {
    if (net.nodes[1]->entries(space) > there || net.nodes[0]->entries(space) > here) {
      ASSERT_EQ(net.nodes[1]->locked.size(), codec::kErasureItemsMax + 1);
    }
  }
  EXPECT_TRUE(net.AllHoldTheSame());
  EXPECT_TRUE(net.nodes[0]->locked.empty());
  for (const Net::End& end : net.links[0].ends) {
    EXPECT_TRUE(end.session->progress().at(space).erasures_known());
    EXPECT_EQ(end.in_flight, 0u);
  }
}

TEST(Session, OneThatIsHeldBackSendsNoBodiesAndOpensNobody) {
  Net net(2, 5);
  const log::SpaceId space = net.spaces[0];
  for (const auto& node : net.nodes) node->Write(space, 5);
  net.nodes[0]->held_back = true;
  net.Connect(0, 1);
  net.RunFor(5'000);
  const auto known = [&](int end) {
    return net.links[0].ends[end].session->progress().at(space).erasures_known();
  };
  EXPECT_EQ(net.nodes[1]->MissingBodyCount(space), 5u);
  EXPECT_EQ(net.nodes[0]->MissingBodyCount(space), 0u);
  EXPECT_TRUE(known(0));
  EXPECT_FALSE(known(1));
  net.Opened(0);
  net.RunFor(5'000);
  EXPECT_TRUE(net.AllHoldTheSame());
  EXPECT_TRUE(known(1));
  // With nothing between them the mark in the list says it.
  net.links.clear();
  net.nodes[0]->held_back = true;
  net.Connect(0, 1);
  net.RunFor(5'000);
  EXPECT_TRUE(known(0));
  EXPECT_FALSE(known(1));
  net.Opened(0);
  net.RunUntilQuiet();
  EXPECT_TRUE(known(1));
}

TEST(Session, SaysLittleWhenThereIsNothingNew) {
  Net net(2, 3, 2);
  for (const log::SpaceId& space : net.spaces) net.nodes[0]->Write(space, 20);
  net.links.clear();
  net.Connect(0, 1);
  net.RunUntilQuiet();
  net.links.clear();
  net.Connect(0, 1);
  net.RunUntilQuiet();
  ASSERT_TRUE(net.AllHoldTheSame());
  const Net::Link& link = net.links[0];
  EXPECT_TRUE(link.ends[0].session->AllEqual());
  EXPECT_TRUE(link.ends[1].session->AllEqual());
  const std::size_t bytes = link.ends[0].bytes_received + link.ends[1].bytes_received;
  std::printf("nothing new in two spaces: %zu bytes of frames in both directions\n", bytes);
  EXPECT_LE(bytes, 200u);
  EXPECT_EQ(link.ends[0].frames_received, 2u);
}

TEST(Session, PushesAlongAChain) {
  Net net(3, 4);
  net.Connect(0, 1);
  net.Connect(1, 2);
  net.RunUntilQuiet();
  for (int i = 0; i < 5; ++i) {
    net.Write(0, net.spaces[0]);
    net.RunUntilQuiet();
    ASSERT_TRUE(net.AllHoldTheSame());
    net.Write(2, net.spaces[0], 3);
    net.RunUntilQuiet();
    ASSERT_TRUE(net.AllHoldTheSame());
  }
  // Nothing goes back to where it came from.
  EXPECT_EQ(net.links[0].ends[1].session->progress().at(net.spaces[0]).sent, 15u);
  EXPECT_EQ(net.links[1].ends[0].session->progress().at(net.spaces[0]).sent, 5u);
  for (const Net::Link& link : net.links)
    for (const Net::End& end : link.ends) EXPECT_TRUE(end.session->AllEqual());
}

TEST(Session, RunsNeverReachPastTheirCauses) {
  // Two feeds that take turns: a run of more than one entry would wait for itself.
  Net net(3, 5);
  const std::size_t link = net.Connect(0, 1);
  for (int i = 0; i < 20; ++i) {
    net.Write(i % 2 == 0 ? 0 : 1, net.spaces[0]);
    net.RunUntilQuiet();
  }
  net.Disconnect(link);
  net.Connect(1, 2);
  net.RunUntilQuiet();
  EXPECT_TRUE(net.AllHoldTheSame());
}

TEST(Session, KeepsToTheWindowWhileAcknowledgementsAreSlow) {
  Net net(2, 6);
  for (int i = 0; i < 300; ++i) net.nodes[0]->Write(net.spaces[0], 2, 5'000);
  net.admissions_wait = true;
  const std::size_t link = net.Connect(0, 1);
  Net::End& sender = net.links[link].ends[0];
  Net::End& receiver = net.links[link].ends[1];
  // Frames are delivered, nothing is admitted: the sender must stop.
  const auto deliver = [&] {
    net.admissions_wait = true;
    std::vector<Output> held;
    do {
      held.insert(held.end(), receiver.admissions.begin(), receiver.admissions.end());
      receiver.admissions.clear();
    } while (net.Step());
    receiver.admissions = held;
  };
  deliver();
  EXPECT_FALSE(receiver.admissions.empty());
  EXPECT_GT(sender.in_flight, limits::kWindowBytesPerSpace / 2);
  EXPECT_LE(sender.in_flight_max, limits::kWindowBytesPerSpace);
  EXPECT_GT(sender.session->progress().at(net.spaces[0]).to_send, 0u);
  EXPECT_FALSE(sender.session->AllEqual());
  net.RunUntilQuiet();
  EXPECT_LE(sender.in_flight_max, limits::kWindowBytesPerSpace);
  EXPECT_EQ(sender.in_flight, 0u);
  EXPECT_TRUE(net.AllHoldTheSame());
}

TEST(Session, KeepsToTheWindowOfTheSession) {
  Net net(2, 7, 12);
  for (const log::SpaceId& space : net.spaces) net.nodes[0]->Write(space, 20, 60'000);
  net.admissions_wait = true;
  net.Connect(0, 1);
  net.RunFor(5'000);  // bodies that were admitted in front of their runs are asked for
  const Net::End& sender = net.links[0].ends[0];
  EXPECT_LE(sender.in_flight_max, limits::kWindowBytesPerSession);
  EXPECT_GT(sender.in_flight_max, limits::kWindowBytesPerSpace);
  EXPECT_TRUE(net.AllHoldTheSame());
}

TEST(Session, ABodyOfTheLargestSizeGoesThrough) {
  Net net(2, 8);
  net.nodes[0]->Write(net.spaces[0], 1, limits::kFieldBytesMax - 4);
  net.nodes[0]->Write(net.spaces[0], 1, limits::kFieldBytesMax - 4);
  net.nodes[0]->Write(net.spaces[0], 1, limits::kFieldBytesMax - 4);
  net.Connect(0, 1);
  net.RunUntilQuiet();
  EXPECT_TRUE(net.AllHoldTheSame());
  EXPECT_LE(net.links[0].ends[0].in_flight_max, limits::kWindowBytesPerSpace);
}

TEST(Session, TwoThousandEntries) {
  Net net(2, 9);
  for (int i = 0; i < 20; ++i) {
    net.nodes[0]->Write(net.spaces[0], 95);
    net.nodes[0]->Write(net.spaces[0], 1);
    net.nodes[0]->Write(net.spaces[0], 4);
  }
  net.Connect(0, 1);
  net.RunUntilQuiet();
  EXPECT_EQ(net.nodes[1]->entries(net.spaces[0]), 2000u);
  EXPECT_TRUE(net.AllHoldTheSame());
  EXPECT_EQ(net.links[0].ends[0].session->progress().at(net.spaces[0]).acked_arrival, 2000u);
}

TEST(Session, AsksForBodiesThatAreMissing) {
  Net net(2, 10);
  net.nodes[0]->Write(net.spaces[0], 200);
  net.nodes[0]->Write(net.spaces[0], 100);
  net.nodes[1]->lose_bodies = true;
  const std::size_t first = net.Connect(0, 1);
  net.RunUntilQuiet();
  EXPECT_EQ(net.nodes[1]->MissingBodyCount(net.spaces[0]), 300u);
  EXPECT_EQ(net.links[first].ends[0].session->progress().at(net.spaces[0]).peer_bodies_missing,
            300u);
  net.Disconnect(first);
  // Equal heads are no equal state: this is known as soon as the heads are.
  const std::size_t again = net.Connect(0, 1);
  bool equal = false;
  while (net.Step()) {
    const auto& progress = net.links[again].ends[0].session->progress();
    const auto space = progress.find(net.spaces[0]);
    if (space == progress.end() || !space->second.equal) continue;
    equal = true;
    ASSERT_GT(space->second.peer_bodies_missing, 0u);
  }
  ASSERT_TRUE(equal);
  net.Disconnect(again);
  net.nodes[1]->lose_bodies = false;
  net.Connect(0, 1);
  net.RunUntilQuiet();
  EXPECT_EQ(net.nodes[1]->MissingBodyCount(net.spaces[0]), 0u);
  EXPECT_EQ(net.links.back().ends[0].session->progress().at(net.spaces[0]).peer_bodies_missing, 0u);
}

TEST(Session, SendsABodyThatComesLate) {
  Net net(2, 11);
  net.nodes[0]->lose_bodies = true;
  net.nodes[0]->Write(net.spaces[0], 2);
  net.Connect(0, 1);
  net.RunUntilQuiet();
  EXPECT_EQ(net.nodes[1]->MissingBodyCount(net.spaces[0]), 2u);
  const log::FeedKey feed = net.nodes[0]->arrival(net.spaces[0], 0).entry.header.feed();
  net.nodes[0]->Restore(feed, 0);
  net.nodes[0]->Restore(feed, 1);
  net.Stored(0, net.spaces[0]);
  net.RunUntilQuiet();
  EXPECT_EQ(net.nodes[1]->MissingBodyCount(net.spaces[0]), 0u);
}

codec::Prefix OnePrefixForAll(const log::FeedKey&) { return {}; }

TEST(Session, CollidingPrefixesLeadToFullLines) {
  Net net(2, 12);
  for (int life = 0; life < 3; ++life) {
    net.nodes[0]->Write(net.spaces[0], 4);
    net.nodes[0]->NewLife();
  }
  net.nodes[1]->Write(net.spaces[0], 3);
  const log::Frontier& frontier = net.nodes[0]->Frontier(net.spaces[0]);
  EXPECT_FALSE(LinesOf(net.spaces[0], frontier, false, &codec::PrefixOf).full.has_value());
  const codec::FrontierLines lines = LinesOf(net.spaces[0], frontier, false, &OnePrefixForAll);
  ASSERT_TRUE(lines.full.has_value());
  EXPECT_EQ(lines.full->size(), 3u);
  EXPECT_TRUE(lines.short_lines.empty());
  const std::size_t link = net.Connect(0, 1, &OnePrefixForAll);
  net.RunUntilQuiet();
  EXPECT_TRUE(net.AllHoldTheSame());
  EXPECT_TRUE(net.links[link].ends[0].session->AllEqual());
  EXPECT_TRUE(net.links[link].ends[1].session->AllEqual());
}

TEST(Session, AForgedPrefixIsHealedByFullLines) {
  // One feed each, of the same prefix and unlike: each side takes the other's line for its own
  // feed, and the shorter one takes the other for one that is ahead.
  Net net(2, 13);
  net.nodes[0]->Write(net.spaces[0], 4);
  net.nodes[1]->Write(net.spaces[0], 6);
  const std::size_t link = net.Connect(0, 1, &OnePrefixForAll);
  net.RunUntilQuiet();
  EXPECT_FALSE(net.AllHoldTheSame());
  EXPECT_FALSE(net.links[link].ends[0].session->AllEqual());
  net.RunFor(2'500);
  EXPECT_TRUE(net.AllHoldTheSame());
  EXPECT_TRUE(net.links[link].ends[0].session->AllEqual());
}

TEST(Session, AdmissionsMayBeDecidedInAnyOrder) {
  Net net(2, 14);
  net.admissions_wait = true;
  for (int i = 0; i < 60; ++i) net.nodes[i % 2]->Write(net.spaces[0]);
  net.Connect(0, 1);
  net.RunFor(5'000);
  EXPECT_TRUE(net.AllHoldTheSame());
  for (const Net::End& end : net.links[0].ends) {
    EXPECT_TRUE(end.session->AllEqual());
    EXPECT_EQ(end.session->progress().at(net.spaces[0]).acked_arrival, 60u);
  }
}

TEST(Session, AWithdrawnSpaceIsServedNoMoreAndMayComeBack) {
  Net net(2, 15, 2);
  const std::size_t link = net.Connect(0, 1);
  net.RunUntilQuiet();
  const auto entitle = [&](std::vector<log::SpaceId> spaces) {
    net.nodes[0]->spaces = std::move(spaces);
    Outputs out;
    Net::End& end = net.links[link].ends[0];
    end.session->OnEntitlement(net.now, out);
    for (const Output& output : out) {
      if (const auto* send = std::get_if<SendMessage>(&output)) {
        Outputs more;
        net.links[link].ends[1].session->OnMessage(send->message, 64, net.now, more);
        for (const Output& next : more)
          if (const auto* answer = std::get_if<SendMessage>(&next)) {
            Outputs last;
            end.session->OnMessage(answer->message, 64, net.now, last);
            EXPECT_TRUE(last.empty() || !std::holds_alternative<Close>(last.back()));
          }
      }
    }
  };
  entitle({net.spaces[0]});
  EXPECT_FALSE(net.links[link].ends[1].session->progress().at(net.spaces[1]).peer_serves);
  net.Write(0, net.spaces[1]);
  net.Write(1, net.spaces[1]);
  net.RunUntilQuiet();
  EXPECT_EQ(net.nodes[0]->entries(net.spaces[1]), 1u);
  EXPECT_EQ(net.nodes[1]->entries(net.spaces[1]), 1u);
  EXPECT_TRUE(net.links[link].up);
  entitle(net.spaces);
  EXPECT_TRUE(net.links[link].ends[1].session->progress().at(net.spaces[1]).peer_serves);
}

TEST(Session, PingsAndClosesOnSilence) {
  Net net(2, 16);
  const std::size_t link = net.Connect(0, 1);
  net.RunFor(5 * limits::kIdleCloseMs);
  EXPECT_TRUE(net.links[link].up);
  EXPECT_GT(net.links[link].ends[0].frames_received, 2u);
  Session& session = *net.links[link].ends[0].session;
  Outputs out;
  net.now.mono_ms += limits::kIdleCloseMs;
  session.OnTimer(net.now, out);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(std::get<Close>(out[0]).code, codec::ErrorCode::kTimeout);
  EXPECT_FALSE(session.AllEqual());
}

}  // namespace
}  // namespace geflecht::sync
