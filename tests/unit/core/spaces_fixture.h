// Organisations that found and change spaces by decision, over real sessions in one process.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "node/governance/space.h"
#include "proto/codec/wire_codec.h"
#include "tests/unit/core/host.h"

namespace geflecht::core {

// Found in frames as they leave, and in batches as they reach a disk.
inline bool Holds(ByteView bytes, std::string_view word) {
  const ByteView wanted = AsBytes(word);
  return std::search(bytes.begin(), bytes.end(), wanted.begin(), wanted.end()) != bytes.end();
}

// Organisations that are all connected; most tests give a space to all but the fourth and last.
struct Spaces : testing::Test {
  explicit Spaces(std::size_t organisations = 4) : net(organisations) {
    for (std::size_t i = 0; i < organisations; ++i) {
      hosts.push_back(std::make_unique<Host>(net[i], net.founding));
      EXPECT_TRUE(hosts.back()->Join().has_value());
      mesh.hosts.push_back(hosts.back().get());
    }
    for (std::size_t i = 0; i < organisations; ++i)
      for (std::size_t k = i + 1; k < organisations; ++k) mesh.Connect(Of(i), Of(k));
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
  log::SpaceId Open(const std::vector<std::size_t>& members,
                    const std::vector<std::size_t>& voters = {0, 1, 2}) {
    governance::ChangeSpace change{std::nullopt, governance::SpaceKind::kSteering, "Kreis", {}};
    for (const std::size_t member : members) change.seats.push_back({Org(member), {}, true});
    return governance::SpaceOf(Decide(change, voters));
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
  // An agreement whose every part says `word`.
  governance::Frozen Paper(const std::string& word, const std::vector<std::size_t>& parties) {
    governance::AgreementTerms terms;
    for (const std::size_t party : parties) terms.parties.push_back(Org(party));
    std::sort(terms.parties.begin(), terms.parties.end());
    terms.notice = governance::NoticePeriod{1, governance::NoticePeriod::Unit::kWeek};
    return {std::string(governance::kAgreement),
            word,
            governance::RenderAgreementTerms(terms),
            {word + " [[1]]\n"},
            {{word + ".pdf", ToBytes(word)}},
            {word}};
  }
  log::EntryId Freeze(std::size_t i, const std::string& word,
                      const std::vector<std::size_t>& parties, const log::SpaceId& space) {
    log::EntryId id;
    Do(i, [&](replica::Replica& replica) -> Result<void> {
      ASSIGN(id, replica.Freeze(Paper(word, parties), space, Of(i).now));
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
  // A connection to `with` of whoever has this key, on which it says these; what comes back, and
  // whether it was ended.
  std::pair<std::vector<Bytes>, bool> Say(Host& with, const crypto::PublicKey& tls_key,
                                          const std::vector<codec::Message>& messages) {
    const ConnId connection = 100'000 + ++said;
    std::vector<Bytes> frames;
    with.Step(Connected{connection, tls_key, true, "x.example:1"});
    for (const codec::Message& message : messages) {
      const Bytes frame = codec::EncodeFrame(message);
      EXPECT_TRUE(codec::DecodeFrame(frame).has_value()) << message.index();
      with.Step(Received{connection, frame});
    }
    const bool ended = with.dropped.contains(connection);
    with.Step(Closed{connection, "end"});
    std::deque<Send> others;
    for (Send& send : with.sent) {
      if (send.connection == connection)
        frames.push_back(std::move(send.frame));
      else
        others.push_back(std::move(send));
    }
    with.sent = std::move(others);
    return {frames, ended};
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
  ConnId said = 0;
};

}  // namespace geflecht::core
