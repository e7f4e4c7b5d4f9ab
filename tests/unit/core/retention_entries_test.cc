// Periods of what is no document: names in frozen texts, mandates, reasons, comments, notes.
#include <gtest/gtest.h>

#include <functional>

#include "node/governance/agreement_state.h"
#include "node/governance/bodies.h"
#include "node/governance/kinds.h"
#include "node/governance/minutes.h"
#include "node/replica/records.h"
#include "tests/unit/core/retained.h"
#include "tests/unit/replica/unreadable_store.h"

namespace geflecht::core {
namespace {

using governance::SignedStatement;

struct RetainedEntries : RetentionHosts {
  RetainedEntries()
      : net(3), a(net[0], net.founding), b(net[1], net.founding), c(net[2], net.founding) {
    mesh.hosts = {&a, &b, &c};
    for (Host* host : mesh.hosts) EXPECT_TRUE(host->Join().has_value());
    On("2030-01-01");
  }
  void On(const char* day) {
    for (Host* host : mesh.hosts) SetDay(*host, day);
  }
  void Meet() {
    mesh.Connect(a, b);
    mesh.Connect(a, c);
    mesh.Connect(b, c);
    mesh.RunFor(3'000);
    mesh.CutAll();
  }
  using Writes = std::function<Result<log::EntryId>(replica::Replica&)>;
  static log::EntryId Write(Host& host, const Writes& writes) {
    log::EntryId id;
    host.Do([&](Actions& out) {
      const auto written = writes(*host.node->replica());
      ASSERT_TRUE(written.has_value()) << written.error().detail << ' ' << written.error().hint;
      id = *written;
      host.node->Finish(host.now, out);
    });
    return id;
  }
  static log::OrgId Org(const Host& host) {
    const replica::Replica& replica = *host.node->replica();
    return replica.members().EverByDevice(replica.self())->org;
  }
  static log::EntryId Propose(Host& host, const char* deadline, const std::string& note) {
    return Write(host, [&](replica::Replica& replica) {
      std::optional<std::int64_t> deadline_s;
      if (deadline != nullptr) deadline_s = *governance::ParseDay(deadline) * 86'400;
      return replica.Propose({"money", "", "", deadline_s, "Zuschuss", "", note}, host.now);
    });
  }
  static log::EntryId Comment(Host& host, const log::EntryId& proposal, const std::string& text) {
    return Write(host, [&](replica::Replica& replica) {
      return replica.Comment(proposal, text, host.now);
    });
  }
  static log::EntryId Vote(Host& host, const log::EntryId& proposal, const std::string& reason) {
    return Write(host, [&](replica::Replica& replica) {
      return replica.Vote(proposal, {governance::Position::kNo, reason}, host.now);
    });
  }
  crypto::SigningKey Pen(const Host& host) {
    return crypto::SigningKey::FromSeed(
        crypto::SecretBytes::Copy(ByteView(host.device.key.public_key().bytes)));
  }
  SignedStatement Stated(const Host& host, std::string_view act, std::optional<log::EntryId> object,
                         const std::string& value, std::optional<log::EntryId> mandate) {
    return governance::SignStatement({net.founding.network(), std::string(act), object, value,
                                      Org(host), mandate, host.now.wall_ms / 1000},
                                     Pen(host));
  }
  log::EntryId Mandate(Host& host, const std::string& terms, const std::string& name) {
    return Write(host, [&](replica::Replica& replica) {
      return replica.AddPerson({Pen(host).public_key(),
                                Stated(host, governance::kActMandate, {}, terms, {}), name},
                               host.now);
    });
  }
  void Sign(Host& host, const log::EntryId& version, const log::EntryId& mandate) {
    Write(host, [&](replica::Replica& replica) {
      return replica.Sign(version, {Stated(host, governance::kActSign, version, "", mandate), {}},
                          host.now);
    });
  }
  log::EntryId Agree(Host& host, const char* end) {
    governance::AgreementTerms terms;
    terms.parties = {Org(a), Org(b)};
    std::sort(terms.parties.begin(), terms.parties.end());
    if (end != nullptr) terms.end = governance::ParseDay(end);
    return Write(host, [&](replica::Replica& replica) {
      return replica.Freeze({std::string(governance::kAgreement), "Lotsen",
                             governance::RenderAgreementTerms(terms), {"Es spricht [[1]].\n"}, {},
                             {"Vera Vormals"}},
                            net.space, host.now);
    });
  }
  log::EntryId FreezeMinutes(Host& host, const crdt::DocumentId& meeting, const char* date) {
    governance::MinutesTerms terms;
    terms.meeting.bytes = meeting.bytes;
    terms.date = date;
    return Write(host, [&](replica::Replica& replica) {
      return replica.Freeze({std::string(governance::kMinutes), "Runde",
                             governance::RenderMinutesTerms(terms), {"Da war [[1]].\n"}, {},
                             {"Vera Vormals"}},
                            net.space, host.now);
    });
  }
  // Whether something of it is left that could be erased.
  static bool Left(Host& host, const log::EntryId& id) {
    const replica::Replica& replica = *host.node->replica();
    const auto stored = replica.EntryOf(id);
    const log::Header& header = (*stored)->entry.header;
    const auto body = replica.Log(header.space).BodyOf(**stored);
    for (std::size_t i = log::FirstErasable(header); i < (*body)->slots.size(); ++i)
      if (std::holds_alternative<log::Field>((*body)->slots[i])) return true;
    return false;
  }
  static std::string UntilOf(Host& host, const RetentionId& id) {
    const auto listed = List(host);
    for (const RetentionItem& item : *listed)
      if (item.record.id == id) return governance::RenderDay(item.record.until);
    return "-";
  }

  replica::Network net;
  Host a, b, c;
  Mesh mesh;
};

TEST_F(RetainedEntries, ReasonsCommentsAndNotesLastFiveYearsFromTheClosing) {
  const log::EntryId proposal = Propose(a, "2030-03-05", "Anmerkung\n");
  Meet();
  const log::EntryId comment = Comment(a, proposal, "Kommentar\n"),
                     theirs = Comment(b, proposal, "Kommentar\n"),
                     vote = Vote(b, proposal, "Grund\n"), mute = Vote(a, proposal, "");
  const log::EntryId open = Propose(c, nullptr, "Anmerkung\n");
  Meet();
  On("2035-12-31");
  EXPECT_TRUE(List(a)->empty()) << "the last day is kept";
  On("2036-01-01");
  for (const auto& id : {proposal, comment, theirs, vote, open})
    EXPECT_EQ(UntilOf(a, id), "2035-12-31");
  EXPECT_EQ(UntilOf(a, mute), "-") << "nothing of it can be erased";
  const auto run = ByHand(a);
  EXPECT_EQ(run->erased.size(), 2u);
  EXPECT_EQ(run->of_others, 3u);
  EXPECT_FALSE(Left(a, proposal));
  EXPECT_FALSE(Left(a, comment));
  EXPECT_EQ(ByHand(a)->erased.size(), 0u);
  Meet();
  for (Host* host : {&b, &c}) {
    EXPECT_FALSE(Left(*host, proposal));
    EXPECT_FALSE(Left(*host, comment));
    EXPECT_TRUE(Left(*host, vote));
    EXPECT_EQ(UntilOf(*host, comment), "-");
  }
  // What they evidence stays.
  EXPECT_EQ(governance::ReadProposal(**b.node->replica()->RootBodyOf(proposal))->title, "Zuschuss");
  EXPECT_EQ(governance::ReadVote(**a.node->replica()->RootBodyOf(vote))->position,
            governance::Position::kNo);
}

TEST_F(RetainedEntries, NothingIsDueEarlierThanItsOwnDaySays) {
  const log::EntryId proposal = Propose(a, "2030-03-05", "");
  Meet();
  On("2036-02-02");
  const log::EntryId late = Comment(a, proposal, "Kommentar\n");
  EXPECT_TRUE(ByHand(a)->erased.empty());
  On("2042-01-01");
  EXPECT_EQ(UntilOf(a, late), "2041-12-31");
}

TEST_F(RetainedEntries, ADecisionThatIsCarriedOutLaterMovesTheDay) {
  const log::EntryId proposal = Propose(a, "2030-03-05", "Anmerkung\n");
  On("2036-01-01");
  EXPECT_EQ(UntilOf(a, proposal), "2035-12-31");
  Meet();
  for (Host* host : {&a, &b, &c})
    Write(*host, [&](replica::Replica& replica) {
      return replica.Vote(proposal, {governance::Position::kYes, ""}, host->now);
    });
  Meet();
  Meet();
  ASSERT_FALSE(a.node->replica()->council().OfKind(governance::kEnact).empty());
  EXPECT_EQ(UntilOf(a, proposal), "-") << "from its closing on";
  On("2042-01-01");
  EXPECT_EQ(UntilOf(a, proposal), "2041-12-31");
}

TEST_F(RetainedEntries, WhatComesWhileTheIndexReadsKeepsARecord) {
  const log::EntryId mandate_a = Mandate(a, "sign - -", "Alma"),
                     mandate_b = Mandate(b, "sign - -", "Bert");
  Meet();
  const log::EntryId agreement = Agree(a, nullptr);
  Sign(a, agreement, mandate_a);
  Meet();
  Sign(b, agreement, mandate_b);
  On("2040-01-01");
  EXPECT_EQ(UntilOf(a, agreement), "2033-12-31") << "b's signature is not here";
  for (int i = 0; i < 100; ++i) Contact(a, "2039-01-01");
  RetentionQuery query;
  query.max = 1000;
  ASSERT_TRUE(a.node->retention()->List(*a.node->replica(), query, a.now)->reading);
  Meet();
  EXPECT_EQ(ByHand(a)->erased.size(), 100u);
  EXPECT_TRUE(Left(a, agreement)) << "it is in force";
}

TEST_F(RetainedEntries, AreAnnouncedAndErasedByTheDailyRun) {
  const log::EntryId proposal = Propose(a, "2030-03-05", ""), comment = Comment(a, proposal, "K\n");
  On("2035-12-17");
  Look(a);
  EXPECT_TRUE(a.node->retention()->notices().empty());
  On("2035-12-18");
  Look(a);
  const auto& notices = a.node->retention()->notices();
  ASSERT_TRUE(notices.contains(comment));
  EXPECT_EQ(notices.at(comment).type, "comment");
  EXPECT_EQ(notices.at(comment).retention_class, "L3");
  LookFor(a, 14);
  EXPECT_TRUE(Left(a, comment));
  Look(a);
  EXPECT_FALSE(Left(a, comment));
  const auto lines = a.node->retention()->Protocol();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].record.id, RetentionId(comment));
  EXPECT_EQ(lines[0].erasures.size(), 1u);
  a.Load();
  EXPECT_EQ(UntilOf(a, comment), "-") << "read from the disk";
  EXPECT_EQ(a.node->retention()->Protocol(), lines);
}

TEST_F(RetainedEntries, MinutesLoseNamesUnlessTheMeetingIsRestricted) {
  const Fields fields{{"title", "Runde"}, {"date", "2030-02-02"}, {"retention_class", "L3"}};
  const auto meeting = RetentionHosts::Write(a, "meeting", fields),
             held = RetentionHosts::Write(a, "meeting", fields);
  const log::EntryId minutes = FreezeMinutes(a, meeting, "2030-02-02"),
                     other = FreezeMinutes(a, held, "2030-02-02");
  Set(a, held, "restricted", std::string("claims"));
  On("2036-01-01");
  EXPECT_EQ(UntilOf(a, minutes), "2035-12-31");
  const auto run = ByHand(a);
  EXPECT_EQ(run->erased.size(), 2u) << "the meeting and its minutes";
  EXPECT_EQ(run->restricted, 2u);
  EXPECT_FALSE(Left(a, minutes));
  EXPECT_TRUE(Left(a, other));
  const auto frozen = a.node->replica()->FrozenText(minutes);
  ASSERT_TRUE(frozen.has_value());
  EXPECT_EQ(frozen->blocks, std::vector<std::string>{"Da war [[1]].\n"});
  EXPECT_FALSE(frozen->persons[0]);
}

// Each read of the meeting fails once: for its own period, and for what is said of its minutes.
TEST_F(RetainedEntries, AStoreThatFailsWhileTheMeetingIsReadErasesNothing) {
  const Fields fields{{"title", "Runde"}, {"date", "2030-02-02"}, {"retention_class", "L3"}};
  const auto held = RetentionHosts::Write(a, "meeting", fields);
  const log::EntryId minutes = FreezeMinutes(a, held, "2030-02-02");
  Set(a, held, "restricted", std::string("claims"));
  std::vector<crdt::DocumentId> others;  // more than stay open beside each other
  for (int i = 0; i < 200; ++i) others.push_back(Contact(a, "2040-01-01"));
  On("2036-01-01");
  replica::Unreadable& store = replica::MakeUnreadable(a.store);
  const store::Key body = replica::DocumentBodyKey(held, 0);
  store.group = body.group;
  int failures = 0;
  for (bool failed = true; failed;) {
    a.Load();
    store.table = body.table;
    store.only = failures + 1;
    store.reads = store.failed = 0;
    Result<RetentionRun> run;
    do {
      a.Do([&](Actions& out) {
        run = a.node->retention()->RunByHand(*a.node->replica(), 1000, a.now);
        a.node->Finish(a.now, out);
      });
      // So that the meeting has to be read anew for its minutes.
      for (const auto& other : others) EXPECT_TRUE(a.node->replica()->Open(other).has_value());
    } while (run && run->reading);
    failed = store.failed > 0;
    failures += failed ? 1 : 0;
    store.table.reset();
    EXPECT_EQ(run.has_value(), !failed);
    if (run) {
      EXPECT_EQ(run->restricted, 2u);
    } else {
      EXPECT_EQ(run.error().code, Code::kIo);
    }
    EXPECT_TRUE(Left(a, minutes)) << "read " << failures;
    EXPECT_FALSE(Erased(a, held));
  }
  EXPECT_GT(failures, 3) << "it was read once";
  std::printf("%d reads failed\n", failures);
}

TEST_F(RetainedEntries, AnAgreementAndItsMandatesLastUntilItEnds) {
  const log::EntryId mandate_a = Mandate(a, "sign - 2031-01-01", "Alma"),
                     mandate_b = Mandate(b, "sign - -", "Bert"),
                     unused = Mandate(a, "sign - 2031-01-01", "Cara");
  Meet();
  const log::EntryId agreement = Agree(a, "2040-05-05"), open = Agree(a, nullptr);
  Meet();
  Sign(a, agreement, mandate_a);
  Meet();
  Sign(b, agreement, mandate_b);
  Meet();
  On("2043-12-31");
  EXPECT_EQ(UntilOf(a, unused), "2034-12-31");
  EXPECT_EQ(UntilOf(a, open), "2033-12-31") << "nobody has signed it";
  EXPECT_EQ(UntilOf(a, agreement), "-");
  On("2044-01-01");
  EXPECT_EQ(UntilOf(a, agreement), "2043-12-31");
  EXPECT_EQ(UntilOf(a, mandate_a), "2043-12-31") << "who has signed is to be known as long";
  EXPECT_EQ(UntilOf(a, mandate_b), "-") << "it goes on";
  EXPECT_EQ(ByHand(a)->erased.size(), 4u);
  EXPECT_EQ(a.node->replica()->council().mandates().Find(mandate_a)->name, "");
  Write(b, [&](replica::Replica& replica) { return replica.EndPerson(mandate_b, b.now); });
  Meet();
  On("2048-01-01");
  EXPECT_EQ(UntilOf(a, mandate_b), "2047-12-31");
  const auto agreed = a.node->replica()->AgreementOf(agreement);
  ASSERT_TRUE(agreed.has_value());
  EXPECT_EQ(governance::StateOf(agreed->papers, a.now.wall_ms / 1000).phase,
            governance::AgreementPhase::kEnded)
      << "the names are gone, what was agreed is not";
}

TEST_F(RetainedEntries, OneInForceWithoutAnEndIsKept) {
  const log::EntryId mandate_a = Mandate(a, "sign - -", "Alma"),
                     mandate_b = Mandate(b, "sign - -", "Bert");
  Meet();
  const log::EntryId agreement = Agree(a, nullptr);
  Meet();
  Sign(a, agreement, mandate_a);
  Meet();
  Sign(b, agreement, mandate_b);
  Meet();
  Write(a, [&](replica::Replica& replica) { return replica.EndPerson(mandate_a, a.now); });
  const auto contact = Contact(a, "");
  On("2099-01-01");
  EXPECT_TRUE(List(a)->empty());
  // What nothing ends is shown apart, in parts.
  RetentionQuery query;
  query.without_end = true;
  query.max = 2;
  std::set<RetentionId> endless;
  for (;;) {
    const auto part = a.node->retention()->List(*a.node->replica(), query, a.now);
    query.goes_on = true;
    for (const RetentionItem& item : part->items) {
      EXPECT_FALSE(item.record.ends);
      EXPECT_TRUE(endless.insert(item.record.id).second);
    }
    if (!part->items.empty()) query.after.emplace(0, part->items.back().record.id);
    if (!part->reading && !part->more) break;
  }
  EXPECT_EQ(endless, (std::set<RetentionId>{contact, agreement, mandate_a, mandate_b}));
  Set(a, contact, "role_end", std::string("2098-01-01"));
  EXPECT_EQ(UntilOf(a, contact), "2098-04-01");
}

TEST_F(RetainedEntries, WhatAFormerMemberWroteIsErasedByTheOthers) {
  const log::EntryId proposal = Propose(a, "2030-03-05", "");
  const log::EntryId mandate = Mandate(b, "sign - -", "Bert");
  Meet();
  const log::EntryId comment = Comment(b, proposal, "Kommentar\n");
  Meet();
  On("2031-06-01");
  b.Do([&](Actions& out) {
    EXPECT_TRUE(b.node->replica()->Leave(b.now).has_value());
    b.node->Finish(b.now, out);
  });
  Meet();
  On("2036-01-01");
  EXPECT_EQ(UntilOf(a, mandate), "2034-12-31") << "from the day on which it left";
  EXPECT_EQ(UntilOf(a, comment), "2035-12-31");
  EXPECT_EQ(ByHand(a)->erased.size(), 2u);
  Meet();
  for (Host* host : {&a, &c}) {
    EXPECT_FALSE(Left(*host, mandate));
    EXPECT_FALSE(Left(*host, comment));
  }
}

// Whoever writes erasures of thousands of entries must not hold up the node for their number.
TEST_F(RetainedEntries, WhatErasuresNameCountsAsWork) {
  constexpr int kErasures = 5, kNamed = 20;
  const log::EntryId proposal = Propose(a, "2030-03-05", "");
  for (int i = 0; i < kErasures; ++i) {
    log::Erasure erasure{"request", {}};
    for (int k = 0; k < kNamed; ++k)
      erasure.targets.push_back(
          *a.node->replica()->AllOf(Comment(a, proposal, "K " + std::to_string(k) + "\n")));
    std::sort(erasure.targets.begin(), erasure.targets.end(),
              [](const auto& one, const auto& other) { return one.entry < other.entry; });
    Write(a, [&](replica::Replica& replica) {
      return replica.Erase(replica.members().root_space(), erasure, a.now);
    });
  }
  replica::Replica& replica = *a.node->replica();
  RetentionIndex index;
  ASSERT_TRUE(index.BeginPass(replica, governance::DayOf(a.now.wall_ms / 1000)).has_value());
  const std::uint64_t entries = replica.Log(replica.members().root_space()).last_arrival();
  std::uint64_t calls = 0;
  while (!*index.Advance(replica, kNamed, 1000)) ++calls;
  EXPECT_GE(calls, entries / kNamed + kErasures - 1);
}

TEST_F(RetainedEntries, AnErasureThatCameBeforeLeavesNothingToErase) {
  const log::EntryId proposal = Propose(a, "2030-03-05", ""), comment = Comment(a, proposal, "K\n");
  On("2036-01-01");
  EXPECT_EQ(UntilOf(a, comment), "2035-12-31");
  Write(a, [&](replica::Replica& replica) -> Result<log::EntryId> {
    ASSIGN(const log::EraseTarget target, replica.AllOf(comment));
    return replica.Erase(replica.members().root_space(), {"request", {target}}, a.now);
  });
  EXPECT_EQ(UntilOf(a, comment), "-");
  EXPECT_TRUE(ByHand(a)->erased.empty());
}

}  // namespace
}  // namespace geflecht::core
