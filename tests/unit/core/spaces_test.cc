// Spaces that a decision has founded, over real sessions: who has no seat gets nothing of them.
#include <gtest/gtest.h>

#include <algorithm>

#include "node/core/durations.h"
#include "node/governance/space.h"
#include "node/replica/records.h"
#include "tests/unit/core/host.h"

namespace geflecht::core {
namespace {

// Found in frames as they leave, and in batches as they reach a disk.
bool Holds(ByteView bytes, std::string_view word) {
  const ByteView wanted = AsBytes(word);
  return std::search(bytes.begin(), bytes.end(), wanted.begin(), wanted.end()) != bytes.end();
}

// Four organisations: a, b and c have a space, d has none.
struct Spaces : testing::Test {
  Spaces() : net(4) {
    for (std::size_t i = 0; i < 4; ++i) {
      hosts.push_back(std::make_unique<Host>(net[i], net.founding));
      EXPECT_TRUE(hosts.back()->Join().has_value());
      mesh.hosts.push_back(hosts.back().get());
    }
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t k = i + 1; k < 4; ++k) mesh.Connect(Of(i), Of(k));
  }
  Host& Of(std::size_t i) { return *hosts[i]; }
  replica::Replica& Replica(std::size_t i) { return *Of(i).node->replica(); }
  log::OrgId Org(std::size_t i) { return net[i].Card().org(); }
  void Do(std::size_t i, const std::function<Result<void>(replica::Replica&)>& what) {
    Of(i).Do([&](Actions& out) {
      const auto done = what(Replica(i));
      EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().detail);
      Of(i).node->Finish(Of(i).now, out);
    });
    mesh.Deliver();
  }
  // `who` decide what the first of them proposes.
  log::EntryId Decide(const governance::ChangeSpace& change, const std::vector<std::size_t>& who) {
    log::EntryId id;
    Do(who.front(), [&](replica::Replica& replica) -> Result<void> {
      const governance::ProposalBody body{
          "space",
          change.space ? change.space->Hex() : std::string(governance::kNewSpace),
          governance::RenderSpace(change),
          std::nullopt,
          "T",
          "",
          ""};
      ASSIGN(id, replica.Propose(body, Of(who.front()).now));
      return {};
    });
    for (const std::size_t voter : who)
      Do(voter, [&](replica::Replica& replica) -> Result<void> {
        TRY(replica.Vote(id, {governance::Position::kYes, ""}, Of(voter).now));
        return {};
      });
    mesh.RunFor(200);
    return id;
  }
  log::SpaceId Open(const std::vector<std::size_t>& members) {
    governance::ChangeSpace change{std::nullopt, governance::SpaceKind::kSteering, "Kreis", {}};
    for (const std::size_t member : members) change.seats.push_back({Org(member), {}, true});
    return governance::SpaceOf(Decide(change, {0, 1, 2}));
  }
  void Seat(const log::SpaceId& space, std::size_t who, bool give,
            const std::vector<std::size_t>& voters, std::optional<governance::Day> until = {}) {
    Decide({space, {}, {}, {{Org(who), until, give}}}, voters);
  }
  crdt::DocumentId Note(std::size_t i, const std::string& text,
                        std::optional<log::SpaceId> space = std::nullopt) {
    crdt::DocumentId id;
    Do(i, [&](replica::Replica& replica) -> Result<void> {
      ASSIGN(id, replica.Create(
                     "note",
                     [&](crdt::Transaction& edit) -> Result<void> {
                       TRY(edit.Set("/purpose", std::string("network_coordination")));
                       TRY(edit.Set("/legal_basis", std::string("contract")));
                       TRY(edit.Set("/retention_class", std::string("L1")));
                       return edit.InsertText("/body", 0, text);
                     },
                     Of(i).now, space));
      return {};
    });
    return id;
  }
  void Type(std::size_t i, const crdt::DocumentId& id, const std::string& text) {
    Do(i, [&](replica::Replica& replica) -> Result<void> {
      TRY(replica.Edit(
          id, [&](crdt::Transaction& edit) { return edit.InsertText("/body", 0, text); },
          Of(i).now));
      return replica.CutAll(Of(i).now);
    });
  }
  std::string Text(std::size_t i, const crdt::DocumentId& id) {
    const auto open = Replica(i).Open(id);
    return open ? (*open)->document.Text("/body").value_or("") : "-";
  }
  bool OnDisk(std::size_t i, std::string_view word) {
    for (const store::Batch& batch : Of(i).written)
      for (const auto& write : batch)
        if (Holds(write.key.group, word) || (write.value && Holds(*write.value, word))) return true;
    return false;
  }
  void Reconnect(std::size_t i, std::size_t k) {
    std::vector<ConnId> gone;
    for (const auto& [connection, pair] : mesh.links)
      if ((pair.first == &Of(i) && pair.second == &Of(k)) ||
          (pair.first == &Of(k) && pair.second == &Of(i)))
        gone.push_back(connection);
    for (const ConnId connection : gone) {
      for (Host* host : {&Of(i), &Of(k)}) host->Step(Closed{connection, "cut"});
      mesh.links.erase(connection);
    }
    mesh.Connect(Of(i), Of(k));
  }

  replica::Network net;
  std::vector<std::unique_ptr<Host>> hosts;
  Mesh mesh;
};

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

// The frames of 1,000 sessions with everybody, in which the one without a seat asks in every way.
TEST_F(Spaces, AThousandSessionsBringNoByteOfASpaceToWhoHasNoSeat) {
  constexpr std::uint64_t kSeed = 20261122;
  SeededRandom random(kSeed);
  RecordProperty("seed", std::to_string(kSeed));
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
  const log::SpaceId space = Open({0, 1, 2});
  std::vector<crdt::DocumentId> notes{Note(0, "Geheimwort", space)};
  std::vector<std::string> secret{"Geheimwort", std::string(AsText(space.view().first(8)))};
  std::size_t frames = 0, refused = 0;
  for (int session = 0; session < 1000; ++session) {
    const std::size_t with = random.Below(3);
    if (random.Below(20) == 0) Type(random.Below(3), notes.back(), "Geheimwort ");
    if (random.Below(50) == 0) notes.push_back(Note(random.Below(3), "Geheimwort", space));
    const ConnId connection = 100'000 + static_cast<ConnId>(session);
    Of(with).sent.clear();
    Of(with).Step(Connected{connection, Of(3).device.tls.public_key(), true, "d.example:1"});
    const codec::Hello hello{
        codec::kProtocolMin, codec::kProtocolMax, codec::PrefixOf(net.founding.network()),
        codec::PrefixOf(Of(3).device.key.public_key()), random.Make<codec::InstanceId>()};
    const codec::Prefix prefix = codec::PrefixOf(space);
    const std::vector<codec::Prefix> asked{
        prefix, random.Below(2) == 0 ? prefix : random.Make<codec::Prefix>()};
    std::vector<codec::Message> messages{hello};
    codec::Spaces list;
    for (const log::SpaceId& known : {space, Replica(3).members().network_space()})
      list.lines.push_back(
          {codec::PrefixOf(known), codec::ShortOf(random.Make<log::Fingerprint>()), false});
    if (random.Below(2) == 0) messages.emplace_back(list);
    switch (random.Below(5)) {
      case 0:
        messages.emplace_back(codec::FrontierLines{asked[1], {}, {}});
        break;
      case 1:
        messages.emplace_back(codec::Subscribe{asked[1]});
        break;
      case 2:
        messages.emplace_back(
            codec::Need{asked[1], {{net[0].key.public_key(), net[0].life, random.Below(4)}}});
        break;
      case 3:
        messages.emplace_back(codec::Status{asked[1], {}, 1});
        break;
      default:
        break;
    }
    for (const codec::Message& message : messages)
      Of(with).Step(Received{connection, codec::EncodeFrame(message)});
    if (Of(with).dropped.contains(connection)) ++refused;
    for (const Send& send : Of(with).sent) {
      if (send.connection != connection) continue;
      ++frames;
      for (const std::string& word : secret)
        ASSERT_FALSE(Holds(send.frame, word)) << "session " << session << " seed " << kSeed;
    }
    Of(with).Step(Closed{connection, "end"});
    mesh.Deliver();
    if (session % 100 == 0) Reconnect(3, with);
  }
  EXPECT_GT(frames, 2000u);
  EXPECT_GT(refused, 100u);
  EXPECT_FALSE(OnDisk(3, "Geheimwort"));
  EXPECT_TRUE(OnDisk(2, "Geheimwort"));
}

TEST_F(Spaces, ASpaceThatExistsAndOneThatDoesNotAreAnsweredAlike) {
  const log::SpaceId space = Open({0, 1, 2});
  Note(0, "Geheimwort", space);
  const auto answer = [&](const codec::Prefix& asked, ConnId connection) {
    Of(0).sent.clear();
    Of(0).Step(Connected{connection, Of(3).device.tls.public_key(), true, "d.example:1"});
    const codec::Hello hello{codec::kProtocolMin,
                             codec::kProtocolMax,
                             codec::PrefixOf(net.founding.network()),
                             codec::PrefixOf(Of(3).device.key.public_key()),
                             {}};
    for (const codec::Message& message :
         {codec::Message(hello), codec::Message(codec::Subscribe{asked})})
      Of(0).Step(Received{connection, codec::EncodeFrame(message)});
    Bytes all;
    for (const Send& send : Of(0).sent)
      if (send.connection == connection) Append(all, send.frame);
    return all;
  };
  const Bytes known = answer(codec::PrefixOf(space), 1001);
  const Bytes unknown = answer(codec::PrefixOf(governance::SpaceOf({})), 1002);
  EXPECT_EQ(known, unknown);
  EXPECT_FALSE(known.empty());
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
  EXPECT_FALSE(Replica(0).CheckOpenToAll(id).has_value());
  EXPECT_TRUE(Replica(0).CheckOpenToAll(open_to_all).has_value());
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
