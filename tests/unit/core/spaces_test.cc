// Spaces that a decision has founded, over real sessions: who has no seat gets nothing of them.
// What outsiders get who ask for it: spaces_outside_test.cc.
#include "node/core/durations.h"
#include "node/replica/records.h"
#include "tests/unit/core/spaces_fixture.h"

namespace geflecht::core {
namespace {

TEST_F(Spaces, MembersShareTheSpaceWithoutReconnectingAndOthersGetNothing) {
  const log::SpaceId space = Open({0, 1, 2});
  const crdt::DocumentId id = Note(0, "Geheimwort", space);
  for (const std::size_t member : {0, 1, 2}) EXPECT_EQ(Text(member, id), "Geheimwort");
  Type(1, id, "Noch ein ");
  EXPECT_EQ(Text(2, id), "Noch ein Geheimwort");
  EXPECT_TRUE(OnDisk(2, "Geheimwort"));

  EXPECT_EQ(Text(3, id), "-");
  EXPECT_FALSE(Replica(3).Knows(space));
  EXPECT_FALSE(OnDisk(3, "Geheimwort"));
  EXPECT_FALSE(OnDisk(3, AsText(space.view())));
  // By name everybody knows it.
  ASSERT_NE(Replica(3).members().FindSpace(space), nullptr);
  EXPECT_EQ(Replica(3).members().FindSpace(space)->name, "Kreis");
  for (const std::size_t i : {0, 1, 2})
    for (const SessionState& session : Of(i).node->sessions()) EXPECT_TRUE(session.all_equal);
}

TEST_F(Spaces, WhoLosesItsSeatGetsNothingNewAndKeepsWhatItHad) {
  const log::SpaceId space = Open({0, 1, 2});
  const crdt::DocumentId id = Note(0, "Frueher", space);
  Seat(space, 2, /*give=*/false, {0, 1});
  Type(0, id, "Spaeter ");
  EXPECT_EQ(Text(1, id), "Spaeter Frueher");
  EXPECT_EQ(Text(2, id), "Frueher");
  EXPECT_FALSE(OnDisk(2, "Spaeter"));
  EXPECT_FALSE(Replica(2).MayWriteIn(space));
  EXPECT_TRUE(Replica(2).Knows(space));
  EXPECT_EQ(Replica(2)
                .Edit(
                    id, [](crdt::Transaction& edit) { return edit.InsertText("/body", 0, "x"); },
                    Of(2).now)
                .error()
                .code,
            Code::kNotPermitted);
  // After a restart too.
  Of(2).Load();
  EXPECT_EQ(Text(2, id), "Frueher");
  EXPECT_FALSE(Replica(2).MayWriteIn(space));
  // With the seat the rest comes.
  mesh.CutAll();
  mesh.Connect(Of(0), Of(1));
  Seat(space, 2, /*give=*/true, {0, 1});
  mesh.Connect(Of(0), Of(2));
  mesh.RunFor(1000);
  EXPECT_EQ(Text(2, id), "Spaeter Frueher");
}

TEST_F(Spaces, WhatIsTypedWhileTheSeatIsLostIsNeverSent) {
  const log::SpaceId space = Open({0, 1, 2});
  const crdt::DocumentId id = Note(0, "Text", space);
  Do(2, [&](replica::Replica& replica) {
    return replica.Edit(
        id, [](crdt::Transaction& edit) { return edit.InsertText("/body", 0, "Entwurf "); },
        Of(2).now);
  });
  Seat(space, 2, /*give=*/false, {0, 1});
  mesh.RunFor(10'000);
  EXPECT_EQ(Text(0, id), "Text");
  EXPECT_EQ(Text(2, id), "Text");
}

TEST_F(Spaces, ANewMemberReadsTheWholePast) {
  const log::SpaceId space = Open({0, 1});
  const crdt::DocumentId id = Note(0, "Vergangenes", space);
  EXPECT_FALSE(OnDisk(3, "Vergangenes"));
  Seat(space, 3, /*give=*/true, {0, 1});
  mesh.RunFor(500);
  EXPECT_EQ(Text(3, id), "Vergangenes");
  Type(3, id, "Neues und ");
  EXPECT_EQ(Text(0, id), "Neues und Vergangenes");
}

TEST_F(Spaces, AnObserverReadsUntilItsDayAndWritesNothing) {
  const log::SpaceId space = Open({0, 1});
  const governance::Day today = governance::DayOf(Of(0).now.wall_ms / 1000);
  Seat(space, 3, /*give=*/true, {0, 1}, today);
  const crdt::DocumentId id = Note(0, "Gesehenes", space);
  EXPECT_EQ(Text(3, id), "Gesehenes");
  EXPECT_FALSE(Replica(3).MayWriteIn(space));
  EXPECT_EQ(Replica(3)
                .Create(
                    "note", [](auto&) { return Result<void>(); }, Of(3).now, space)
                .error()
                .code,
            Code::kNotPermitted);
  for (const auto& host : hosts) host->now.wall_ms = (today + 1) * 24 * 3600 * 1000;
  Type(0, id, "Danach ");
  mesh.RunFor(1000);
  EXPECT_EQ(Text(1, id), "Danach Gesehenes");
  EXPECT_EQ(Text(3, id), "Gesehenes");
  EXPECT_FALSE(OnDisk(3, "Danach"));
  Reconnect(0, 3);
  mesh.RunFor(1000);
  EXPECT_FALSE(OnDisk(3, "Danach"));
}

TEST_F(Spaces, OneKeyLetsNobodyIn) {
  const log::SpaceId space = Open({0, 1});
  const crdt::DocumentId id = Note(0, "Geheimwort", space);
  // Three of four would be a majority of the network; only one of them is of the space.
  log::EntryId proposal;
  Do(3, [&](replica::Replica& replica) -> Result<void> {
    const governance::ChangeSpace letting{space, {}, {}, {{Org(3), {}, true}}};
    const governance::ProposalBody body{
        "space", space.Hex(), governance::RenderSpace(letting), std::nullopt, "T", "", ""};
    ASSIGN(proposal, replica.Propose(body, Of(3).now));
    return {};
  });
  for (const std::size_t i : {1, 2, 3})
    EXPECT_EQ(Replica(i).Vote(proposal, {governance::Position::kYes, ""}, Of(i).now).has_value(),
              i == 1);
  mesh.RunFor(61'000);
  EXPECT_EQ(Replica(1).council().state().With(governance::Verdict::kEffective).size(), 1u);
  EXPECT_EQ(Text(3, id), "-");
  EXPECT_FALSE(OnDisk(3, "Geheimwort"));
}

TEST_F(Spaces, ARunOfASpaceWithoutASeatIsRefused) {
  const log::SpaceId space = Open({0, 1});
  Note(0, "Geheimwort", space);
  const auto& log = Replica(0).Log(space);
  const auto entry = *log.Arrival(1);
  const codec::Run run = codec::PartsOf({}, {entry->entry}, 0);
  EXPECT_EQ(Replica(3).Admit(space, run).outcome, replica::Outcome::kRejected);
}

TEST_F(Spaces, AChangeInOneSpaceNeverReachesADocumentOfAnother) {
  const log::SpaceId space = Open({0, 1, 2});
  const crdt::DocumentId id = Note(0, "Geheimwort", space);
  const crdt::DocumentId open_to_all = Note(0, "Offen", std::nullopt);
  EXPECT_EQ(Replica(0).SpaceOf(id), space);
  EXPECT_EQ(Replica(0).SpaceOf(open_to_all), Replica(0).members().network_space());
  EXPECT_NE(replica::DocumentFileKey(id, space).group, replica::DocumentFileKey(id).group);
  EXPECT_EQ(Replica(0).ListDocuments()->size(), 2u);
  EXPECT_EQ(Replica(3).ListDocuments()->size(), 1u);
}

TEST_F(Spaces, AProposalThatCannotBeDecidedIsRefusedWithAHint) {
  const log::SpaceId space = Open({0, 1});
  const auto refused = [&](const governance::ChangeSpace& change) {
    const governance::ProposalBody body{
        "space", change.space->Hex(), governance::RenderSpace(change), {}, "T", "", ""};
    const auto done = Replica(0).Propose(body, Of(0).now);
    return done ? std::string("-") : done.error().hint;
  };
  EXPECT_EQ(refused({governance::SpaceOf({}), {}, {}, {{Org(2), {}, true}}}), "hint.no-space");
  EXPECT_EQ(refused({space, {}, {}, {{Org(1), {}, true}}}), "hint.space-has-seat");
  EXPECT_EQ(refused({space, {}, {}, {{Org(2), {}, false}}}), "hint.space-no-such-seat");
  EXPECT_EQ(refused({space, {}, {}, {{log::OrgId{}, {}, true}}}), "hint.subject-no-member");
}

// Who has no seat in the circle cannot say what is erased in it.
TEST_F(Spaces, APartnerOutsideOfACircleDoesNotOpenItsMember) {
  const log::SpaceId space = Open({0, 1, 2});
  const crdt::DocumentId id = Note(0, "Geheimwort", space);
  ASSERT_EQ(Text(2, id), "Geheimwort");
  mesh.CutAll();
  for (Host* host : mesh.hosts) {
    host->now.mono_ms += 400 * kDayMs;
    host->now.wall_ms += 400 * kDayMs;
    host->Step(TimerFired{});
  }
  for (const std::size_t open : {0u, 3u})
    Of(open).Do([&](Actions& out) {
      EXPECT_TRUE(Of(open).node->OpenWithoutErasures(Of(open).now, out).has_value());
    });
  Do(0, [&](replica::Replica& replica) -> Result<void> {
    TRY(replica.EraseDocument(id, std::nullopt, "request", Of(0).now));
    return {};
  });
  const auto shows = [&](std::size_t i) { return Of(i).node->MayShow(Of(i).now).has_value(); };
  ASSERT_FALSE(shows(2));
  mesh.Connect(Of(2), Of(3));
  mesh.RunFor(3'000);
  EXPECT_FALSE(shows(2)) << "d knows nothing of the circle";
  Reconnect(2, 3);
  mesh.RunFor(3'000);
  EXPECT_FALSE(shows(2));
  mesh.Connect(Of(0), Of(2));
  mesh.RunFor(3'000);
  EXPECT_TRUE(shows(2));
  EXPECT_EQ(Text(2, id).find("Geheimwort"), std::string::npos);
}

}  // namespace
}  // namespace geflecht::core
