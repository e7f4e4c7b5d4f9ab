// Erasures at one node and another: whatever came first, the value is gone and all agree.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "node/domain/document_types.h"
#include "node/replica/intake.h"
#include "tests/unit/replica/erasing.h"
#include "tests/unit/replica/forge.h"

namespace geflecht::replica {
namespace {

TEST_F(Erase, T2ReachesTheStoredBodyAndWhatIsShownAndTheLogStillVerifies) {
  const auto before = BodyOf(net[0], First(net[0]));
  EXPECT_TRUE(Holds(net[0], kSecret));
  EraseAt(net[0]);
  EXPECT_FALSE(Holds(net[0], kSecret));
  EXPECT_EQ(net[0].Text(id), Bars(15));
  EXPECT_EQ(OpenAnew(net[0]), Bars(15));
  const codec::StoredEntry first = First(net[0]);
  const log::Body after = BodyOf(net[0], first);
  EXPECT_EQ(log::BodyRoot(after), log::BodyRoot(before));
  EXPECT_TRUE(log::CheckBodyOf(first.entry.header, after));
  EXPECT_EQ(net[0].Log().missing_bodies(), 0u);
  EXPECT_FALSE((*net[0].replica->Open(id))->void_reason) << "the record's structure is still there";
}

TEST_F(Erase, ReachesANodeThatHasTheValue) {
  Bring(net[0], net[1]);
  ASSERT_EQ(net[1].Text(id), kSecret);
  EraseAt(net[0]);
  Bring(net[0], net[1]);
  EXPECT_FALSE(Holds(net[1], kSecret));
  EXPECT_EQ(net[1].Text(id), Bars(15));
  EXPECT_EQ(OpenAnew(net[1]), Bars(15));
  EXPECT_EQ(State(net[0]), State(net[1]));
}

TEST_F(Erase, ANodeThatComesLaterGetsTheLeaf) {
  EraseAt(net[0]);
  Bring(net[0], net[2]);  // the body with leaves comes in front of the erasure
  EXPECT_EQ(net[2].Log().missing_bodies(), 0u);
  EXPECT_EQ(net[2].Text(id), Bars(15));
  EXPECT_EQ(State(net[0]), State(net[2]));
}

TEST_F(Erase, T6AFieldThatIsOfferedAgainIsRefused) {
  const log::FeedKey feed = net[0].Feed();
  const codec::Bodies full = BodiesOf(net[0], feed, 0, 0);
  EraseAt(net[0]);
  EXPECT_EQ(net[0].replica->AdmitBodies(net.space, full, {}).outcome, Outcome::kKnown);
  EXPECT_FALSE(Holds(net[0], kSecret));
  // One that has heard of the erasure before it has the body.
  const std::uint64_t last = net[0].Log().Head(feed).next_seq - 1;
  net[1].replica->Admit(net.space, RunOf(net[0], feed, 0, last));
  net[1].replica->AdmitBodies(net.space, BodiesOf(net[0], feed, last, last), {});
  EXPECT_EQ(net[1].replica->AdmitBodies(net.space, full, {}).outcome, Outcome::kNew);
  net[1].Write();
  EXPECT_FALSE(Holds(net[1], kSecret));
  EXPECT_EQ(State(net[0]), State(net[1]));
}

TEST_F(Erase, WithheldIsNotErased) {
  const log::FeedKey feed = net[0].Feed();
  const codec::Bodies full = BodiesOf(net[0], feed, 0, 0);
  codec::Bodies withheld = full;
  log::TakeOut(withheld.items.front().body, {1});
  net[1].replica->Admit(net.space, RunOf(net[0], feed, 0, 0));
  EXPECT_EQ(net[1].replica->AdmitBodies(net.space, withheld, {}).outcome, Outcome::kKnown);
  EXPECT_EQ(net[1].Log().missing_bodies(), 1u);
  EXPECT_EQ(net[1].replica->AdmitBodies(net.space, full, {}).outcome, Outcome::kNew);
  EXPECT_EQ(net[1].replica->AdmitBodies(net.space, withheld, {}).outcome, Outcome::kKnown);
  net[1].Write();
  EXPECT_EQ(net[1].Text(id), kSecret) << "no leaf takes the place of a field on a peer's word";
}

TEST_F(Erase, OnlyTheAuthorsOrTheRecordsOrganisationMay) {
  Bring(net[0], net[1]);
  const auto refused = net[1].replica->EraseDocument(id, std::nullopt, "request", {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().hint, "hint.erase-not-yours");
  // The record's organisation also erases what another one wrote into it, and that one its own.
  ASSERT_TRUE(net[1].Type(id, 0, "Mondkalb "));
  ASSERT_TRUE(net[1].replica->CutAll({}).has_value());
  net[1].Write();
  Bring(net[1], net[0]);
  EraseAt(net[0]);
  Bring(net[0], net[1]);
  for (Device* device : {&net[0], &net[1]}) {
    EXPECT_FALSE(Holds(*device, "Mondkalb"));
    EXPECT_FALSE(Holds(*device, kSecret));
    EXPECT_EQ(device->Text(id), Bars(24));
  }
}

TEST_F(Erase, OfSomebodyWhoMayNotCountsForNobody) {
  Bring(net[0], net[1]);
  // Its own check passed over: the body as a hostile device would write it.
  const codec::StoredEntry first = First(net[1]);
  Device& hostile = net[1];
  const auto body = log::SayErasure({"request", {{first.entry.id, {1}}}}, hostile.random);
  log::Header header;
  const log::FeedHead head = hostile.Log().Head(hostile.Feed());
  header.net = net.founding.network();
  header.space = net.space;
  header.device = hostile.key.public_key();
  header.life = hostile.life;
  header.seq = head.next_seq;
  header.prev = head.head;
  header.seen = {first.entry.id};
  header.basis = hostile.replica->council().tips();
  header.kind = std::string(log::kErase);
  header.fields = header.evidence = log::kEraseEvidence;
  header.root = log::BodyRoot(*body);
  const log::Run run{log::Sign(header, hostile.key)};
  for (Device* device : {&net[0], &net[1], &net[2]}) {
    if (device == &net[2]) Bring(net[0], net[2]);
    const auto admitted = device->replica->Admit(net.space, codec::PartsOf(head, run, 0));
    ASSERT_NE(admitted.outcome, Outcome::kRejected) << admitted.reason;
    device->replica->AdmitBodies(
        net.space, {codec::PrefixOf(net.space), header.device, header.life, {{header.seq, *body}}},
        {});
    device->Write();
    EXPECT_EQ(device->Text(id), kSecret);
    EXPECT_TRUE(Holds(*device, kSecret));
  }
}

TEST_F(Erase, EvidenceAndStructureStay) {
  const log::EntryId entry = First(net[0]).entry.id;
  for (const std::uint32_t field : {0u})
    EXPECT_EQ(net[0].replica->Erase(net.space, {"request", {{entry, {field}}}}, {}).error().hint,
              "hint.erase-evidence");
  const auto erasure = EraseAt(net[0]);
  EXPECT_EQ(net[0].replica->Erase(net.space, {"request", {{erasure[0], {0}}}}, {}).error().hint,
            "hint.erase-evidence");
}

TEST_F(Erase, OfOneFieldKeepsTheOthersOfTheSameChange) {
  const auto made = net[0].replica->Create(
      domain::kContact,
      [](crdt::Transaction& edit) -> Result<void> {
        for (const auto& [key, value] : {std::pair("purpose", "network_coordination"),
                                         {"legal_basis", "contract"},
                                         {"retention_class", "L1"},
                                         {"family_name", "Quastenflosser"},
                                         {"phone", "0221 4710-913"},
                                         {"organisation", "Praxis Mondviole"}})
          TRY(edit.Set("/" + std::string(key), std::string(value)));
        return {};
      },
      {});
  ASSERT_TRUE(made.has_value());
  net[0].Write();
  id = *made;
  EraseAt(net[0], "phone");
  Bring(net[0], net[1]);
  for (Device* device : {&net[0], &net[1]}) {
    EXPECT_FALSE(Holds(*device, "4710-913"));
    const crdt::Document& document = (*device->replica->Open(id))->document;
    const auto value = [&](const char* key) {
      return std::get<crdt::Value>(document.Get(std::string("/") + key)->writings.front().slot);
    };
    EXPECT_EQ(value("family_name"), crdt::Value(std::string("Quastenflosser")));
    EXPECT_EQ(value("organisation"), crdt::Value(std::string("Praxis Mondviole")));
    ASSERT_TRUE(std::holds_alternative<crdt::Absent>(value("phone")));
    EXPECT_EQ(std::get<crdt::Absent>(value("phone")).gap, crdt::Gap::kErased);
  }
  EXPECT_EQ(State(net[0]), State(net[1]));
}

TEST_F(Erase, EndsTheFileOfTheDocument) {
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(net[0].Type(id, 0, "a"));
    ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
    net[0].Write();
  }
  OpenAnew(net[0]);
  ASSERT_TRUE(net[0].replica->StageFiles().has_value());
  net[0].Write();
  ASSERT_TRUE(net[0].store->Get(DocumentFileKey(id))->has_value());
  EraseAt(net[0]);
  EXPECT_FALSE(net[0].store->Get(DocumentFileKey(id))->has_value());
  const std::string shown = OpenAnew(net[0]);
  EXPECT_EQ(shown, Bars(55));
  ASSERT_TRUE(net[0].replica->StageFiles().has_value());
  net[0].Write();
  EXPECT_EQ(OpenAnew(net[0]), shown) << "also from the file that is written next";
}

// domain.md, T5: what somebody wrote who had not heard of the erasure goes too, at its writer also.
TEST_F(Erase, T5AConcurrentEditOfAnErasedRecordIsErasedToo) {
  Bring(net[0], net[1]);
  Bring(net[0], net[2]);
  ASSERT_TRUE(net[1].Type(id, 0, "Mondkalb "));
  ASSERT_TRUE(net[1].replica->CutAll({}).has_value());
  net[1].Write();
  ASSERT_TRUE(net[2].Type(id, 0, "Beifang "));  // a draft
  net[2].Write();
  EraseAt(net[0]);
  Bring(net[1], net[0]);  // the edit comes behind the erasure
  Bring(net[0], net[1]);  // the erasure behind the edit
  Bring(net[0], net[2]);
  ASSERT_TRUE(net[2].replica->CutAll({}).has_value());
  net[2].Write();
  EXPECT_EQ(net[2].replica->NextCutMs(), std::nullopt) << "the draft is gone";
  for (Device* device : {&net[0], &net[1], &net[2]}) {
    for (const char* word : {kSecret, "Mondkalb"}) EXPECT_FALSE(Holds(*device, word));
    EXPECT_EQ(device->Text(id), Bars(24));
    EXPECT_EQ(OpenAnew(*device), Bars(24));
    EXPECT_EQ(State(*device), State(net[0]));
    EXPECT_EQ(device->Log().missing_bodies(), 0u);
    EXPECT_EQ(device->Type(id, 0, "Nachher").error().hint, "hint.document-erased");
  }
  EXPECT_FALSE(net[2].store->Get(DraftKey(net.space, 1))->has_value());
  const auto again = net[0].replica->EraseDocument(id, std::nullopt, "request", {});
  EXPECT_EQ(again.error().hint, "hint.erase-nothing");
}

// domain.md, T4: a backup from before the erasure shows nothing of it once a partner was reached;
// one from after it never does.
TEST_F(Erase, T4ARestoredBackupBringsNothingBack) {
  using Item = std::pair<codec::StoredEntry, std::optional<log::Body>>;
  const auto backup = [&] {
    std::vector<Item> items;
    const auto arrivals = net[0].Log().Arrivals(1, 100);
    for (const codec::StoredEntry& stored : *arrivals)
      items.emplace_back(stored, *net[0].Log().BodyOf(stored));
    return items;
  };
  const auto restore = [&](Device& device, const std::vector<Item>& items) {
    device.Load(net.founding);
    const std::function<Result<void>()> store = [&]() -> Result<void> {
      device.Write();
      return {};
    };
    Intake intake(*device.replica, {}, store);
    for (const Item& item : items)
      ASSERT_TRUE(intake.Take(net.space, item.first, item.second).has_value());
    ASSERT_TRUE(intake.EndSpace().has_value());
    EXPECT_EQ(intake.result().lost, 0u);
  };
  ASSERT_TRUE(net[0].Type(id, 0, "Mondkalb "));
  ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
  net[0].Write();
  const std::vector<Item> before = backup();
  EraseAt(net[0]);
  Bring(net[0], net[1]);
  Device early(200), late(201);
  restore(early, before);
  EXPECT_TRUE(Holds(early, kSecret));
  Bring(net[1], early);
  restore(late, backup());
  for (Device* device : {&early, &late}) {
    for (const char* word : {kSecret, "Mondkalb"}) EXPECT_FALSE(Holds(*device, word));
    EXPECT_EQ(OpenAnew(*device), Bars(24));
    EXPECT_EQ(device->Log().missing_bodies(), 0u);
    EXPECT_EQ(State(*device), State(net[0]));
  }
}

// The one who had not heard of it sends leaves before the erasure itself is here.
TEST_F(Erase, OfADocumentExplainsLeavesThatCameInFrontOfIt) {
  EraseAt(net[0]);
  const log::FeedKey feed = net[0].Feed();
  ASSERT_EQ(net[1].replica->Admit(net.space, RunOf(net[0], feed, 0, 1)).outcome, Outcome::kNew);
  net[1].replica->AdmitBodies(net.space, BodiesOf(net[0], feed, 0, 0), {});
  EXPECT_EQ(net[1].Log().missing_bodies(), 2u) << "withheld is not erased";
  net[1].replica->AdmitBodies(net.space, BodiesOf(net[0], feed, 1, 1), {});
  net[1].Write();
  EXPECT_EQ(net[1].Log().missing_bodies(), 0u);
  EXPECT_EQ(State(net[0]), State(net[1]));
}

TEST_F(Erase, ReachesWhatWasSaidAboutProposals) {
  Device& one = net[0];
  const auto proposal =
      one.replica->Propose({"money", "", "", std::nullopt, "T", "", "Wegen Seekuhwanderung\n"}, {});
  ASSERT_TRUE(proposal.has_value());
  const auto comment = one.replica->Comment(*proposal, "Auch Seekuhwanderung\n", {});
  const auto vote = one.replica->Vote(*proposal, {governance::Position::kYes, "Seekuh\n"}, {});
  ASSERT_TRUE(comment && vote);
  one.Write();
  BringRoot(one, net[1]);
  const log::SpaceId root = one.replica->members().root_space();
  log::Erasure erasure{"request", {}};
  for (const log::EntryId& entry : {*proposal, *comment, *vote})
    erasure.targets.push_back(*one.replica->AllOf(entry));
  std::sort(erasure.targets.begin(), erasure.targets.end(),
            [](const auto& a, const auto& b) { return a.entry < b.entry; });
  ASSERT_TRUE(one.replica->Erase(root, erasure, {}).has_value());
  one.Write();
  BringRoot(one, net[1]);
  BringRoot(one, net[2]);  // which gets the leaves in front of what explains them
  for (Device* device : {&net[0], &net[1], &net[2]}) {
    for (int loads = 0; loads < 2; ++loads) {
      EXPECT_EQ(device->Log(root).missing_bodies(), 0u);
      for (const log::EntryId& entry : {*proposal, *comment, *vote}) {
        EXPECT_TRUE(device->replica->council().Counts(entry));
        const auto body = device->replica->RootBodyOf(entry);
        ASSERT_TRUE(body.has_value() && *body);
        for (const log::Slot& slot : (*body)->slots) {
          const auto* field = std::get_if<log::Field>(&slot);
          if (field != nullptr) {
            EXPECT_EQ(AsText(field->value).find("Seekuh"), std::string_view::npos);
          }
        }
      }
      EXPECT_TRUE(governance::ReadVote(**device->replica->RootBodyOf(*vote))->position ==
                  governance::Position::kYes);
      device->Load(net.founding);
    }
  }
}

TEST_F(Erase, TakesAPersonsNameAndLeavesTheMandate) {
  Device& one = net[0];
  const auto person =
      crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(ByteView(one.key.public_key().bytes)));
  const auto added =
      one.replica->AddPerson({person.public_key(),
                              governance::SignStatement({net.founding.network(),
                                                         std::string(governance::kActMandate),
                                                         {},
                                                         "sign - -",
                                                         one.Card().org(),
                                                         {},
                                                         0},
                                                        person),
                              kSecret},
                             {});
  ASSERT_TRUE(added.has_value()) << added.error().detail;
  one.Write();
  BringRoot(one, net[1]);
  const log::EraseTarget name = *one.replica->AllOf(*added);
  EXPECT_EQ(name.fields, std::vector<std::uint32_t>{2});
  ASSERT_TRUE(one.replica->Erase(one.replica->members().root_space(), {"request", {name}}, {}));
  one.Write();
  BringRoot(one, net[1]);
  BringRoot(one, net[2]);
  for (Device* device : {&net[0], &net[1], &net[2]}) {
    for (int loads = 0; loads < 2; ++loads) {
      const governance::Mandate* mandate = device->replica->council().mandates().Find(*added);
      ASSERT_NE(mandate, nullptr);
      EXPECT_EQ(mandate->name, "");
      EXPECT_EQ(mandate->key, person.public_key());
      device->Load(net.founding);
    }
  }
}

TEST_F(Erase, IsToBeExpungedUntilThatIsDone) {
  EraseAt(net[0]);
  Replica* replica = net[0].replica.get();
  ASSERT_EQ(replica->NextExpungeMs(), 20'000);
  EXPECT_TRUE(replica->TakeExpunge({19'999, 0}, 50).empty());
  net[0].Load(net.founding);  // the process ended: what is left is due at once
  replica = net[0].replica.get();
  EXPECT_EQ(replica->NextExpungeMs(), 0);
  const auto groups = replica->TakeExpunge({0, 0}, 60);
  const auto names = [&](const store::Key& key) {
    return std::any_of(groups.begin(), groups.end(), [&](const store::GroupName& name) {
      return name.table == key.table && name.group == key.group;
    });
  };
  EXPECT_TRUE(names(DocumentBodyKey(id, 1)));
  EXPECT_TRUE(names(DraftKey(net.space, 0)));
  EXPECT_EQ(replica->NextExpungeMs(), std::nullopt) << "while it is under way";
  replica->Persisted(60);
  net[0].ticket = 60;
  net[0].Write();
  net[0].Load(net.founding);
  EXPECT_EQ(net[0].replica->NextExpungeMs(), std::nullopt);
}

// The process is killed behind each step between the erasure and its receipt; what is on the disk
// stays. Whoever comes next finishes, and says so once the files are rewritten, not before.
TEST_F(Erase, AProcessThatIsKilledAnywhereIsGoneOnWith) {
  constexpr int kSteps = 6;
  for (int killed = 0; killed < kSteps; ++killed) {
    SCOPED_TRACE("killed behind step " + std::to_string(killed));
    Device& device = net[0];
    id = device.MakeNote(kSecret);
    const log::EntryId erasure =
        device.replica->EraseDocument(id, std::nullopt, "request", {})->at(0);
    std::vector<store::GroupName> groups;
    const auto confirmed = [&] { return device.replica->StandingOf(erasure)->confirmed.size(); };
    const std::vector<std::function<void()>> steps = {
        [&] { device.Write(); },
        [&] {
          groups = device.replica->TakeExpunge({20'000, 0}, ++device.ticket);
        },
        [&] { EXPECT_FALSE(groups.empty()); },  // the files are rewritten
        [&] { device.replica->Persisted(device.ticket); },
        [&] {
          EXPECT_TRUE(device.replica->Govern({20'000, 0}).has_value());
        },
        [&] { device.Write(); }};
    for (int step = 0; step <= killed; ++step) {
      if (step < 3) {
        EXPECT_EQ(confirmed(), 0u) << "a receipt in front of the rewriting";
      }
      steps[static_cast<std::size_t>(step)]();
    }
    device.Load(net.founding);
    EXPECT_FALSE(Holds(device, kSecret));
    if (killed < kSteps - 1) {
      EXPECT_EQ(confirmed(), 0u);
      EXPECT_TRUE(device.replica->Govern({1, 0}).has_value());
      if (device.replica->NextExpungeMs()) {
        EXPECT_EQ(confirmed(), 0u) << "what an earlier process left is not rewritten yet";
        device.replica->TakeExpunge({1, 0}, ++device.ticket);
        device.Write();
        device.replica->Persisted(device.ticket);
      }
      EXPECT_TRUE(device.replica->Govern({2, 0}).has_value());
      device.Write();
    }
    EXPECT_EQ(confirmed(), 1u);
    EXPECT_EQ(device.replica->NextExpungeMs(), std::nullopt);
  }
}

// Runs and bodies of two writers and two erasures in every kind of order: what is left is the same.
// Whose record it is says the first change, which a writer may leave out of its past.
TEST_F(Erase, DoesNotDependOnWhetherTheFirstChangeComesLast) {
  crdt::ChangeHead head;
  head.document = id;
  codec::Bodies bodies;
  const codec::Run run =
      Forge(net[1], head,
            {crdt::SetKey{"", "title", crdt::NewSlot(crdt::Value(std::string("Mondkalb")))},
             crdt::InsertText{"/body", 0, "Beifang"}},
            bodies);
  net[1].replica->Admit(net.space, run);
  const log::EntryId change = (*net[1].Log().EntryAt(net[1].Feed(), 0))->entry.id;
  const ForgedErasure erasure =
      ForgeErasure(net[0], net.space, {"request", {{change, {1}}}}, {net.founding.charter.id});
  const std::vector<std::function<void(Device&)>> steps = {
      [&](Device& to) { Bring(net[0], to); },  // the first change
      [&](Device& to) {
        to.replica->Admit(net.space, run);
        to.replica->AdmitBodies(net.space, bodies, {});
      },
      [&](Device& to) { erasure.To(to); },
  };
  std::vector<std::size_t> order(steps.size());
  std::iota(order.begin(), order.end(), 0);
  std::uint64_t seed = 100;
  do {
    SCOPED_TRACE(testing::PrintToString(order));
    Device late(seed++);
    late.Load(net.founding);
    for (const std::size_t step : order) steps[step](late);
    late.Write();
    const log::Body body = BodyOf(late, **late.Log().EntryOf(change));
    EXPECT_FALSE(std::holds_alternative<log::Field>(body.slots[1]));
    EXPECT_TRUE(std::holds_alternative<log::Field>(body.slots[0]));
  } while (std::next_permutation(order.begin(), order.end()));
}

// Who may is a function of the erasure's basis: of what it may not name nothing is kept.
TEST_F(Erase, OfWhatSomebodyMayNotNothingIsNoted) {
  Bring(net[0], net[1]);
  const log::EntryId first = First(net[1]).entry.id;
  const log::RecordId record{id.bytes};
  for (const log::Erasure& one : {log::Erasure{"request", {{first, {1}}}},
                                  {"request", {}, {record}},
                                  {"request", {}, {}, {{record, "body"}}}})
    ForgeErasure(net[2], net.space, one, {net.founding.charter.id}).To(net[1]);
  const store::Key key = ErasuresKey(net.space, id);
  EXPECT_FALSE(net[1].store->Get(key)->has_value());
  EXPECT_EQ(net[1].Text(id), kSecret);
}

TEST_F(Erase, DoesNotDependOnTheOrderOfArrival) {
  Bring(net[0], net[1]);
  ASSERT_TRUE(net[1].Type(id, 0, "Mondkalb "));
  ASSERT_TRUE(net[1].replica->CutAll({}).has_value());
  net[1].Write();
  ASSERT_TRUE(net[0].Type(id, 0, "Beifang "));  // beside it
  ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
  net[0].Write();
  const std::vector<codec::Bodies> full = {BodiesOf(net[0], net[0].Feed(), 0, 1),
                                           BodiesOf(net[1], net[1].Feed(), 0, 0)};
  Bring(net[1], net[0]);
  EraseAt(net[0]);
  ASSERT_TRUE(net[1].Type(id, 0, "Nachher "));  // without having heard of it
  ASSERT_TRUE(net[1].replica->CutAll({}).has_value());
  net[1].Write();
  Bring(net[0], net[1]);
  Bring(net[1], net[0]);
  const Bytes expected = State(net[0]);
  ASSERT_EQ(State(net[1]), expected);

  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random(seed);
    Device late(100 + seed);
    late.Load(net.founding);
    std::vector<std::function<void()>> steps;
    for (Device* from : {&net[0], &net[1]}) {
      const log::FeedKey feed = from->Feed();
      const std::uint64_t end = from->Log().Head(feed).next_seq;
      for (std::uint64_t seq = 0; seq < end; ++seq) {
        steps.push_back(
            [&, from, feed, seq] { late.replica->Admit(net.space, RunOf(*from, feed, seq, seq)); });
        steps.push_back([&, from, feed, seq] {
          late.replica->AdmitBodies(net.space, BodiesOf(*from, feed, seq, seq), {});
        });
      }
    }
    for (const codec::Bodies& bodies : full)
      steps.push_back([&] { late.replica->AdmitBodies(net.space, bodies, {}); });
    for (std::size_t i = steps.size(); i > 1; --i) std::swap(steps[i - 1], steps[random.Below(i)]);
    const std::size_t first_round = random.Below(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      steps[i]();
      if (random.Below(4) == 0) late.Write();
      if (i == first_round && random.Below(2) == 0) late.Load(net.founding);
      if (random.Below(3) == 0) (void)late.replica->Open(id);
    }
    Bring(net[0], late);  // whatever is still missing
    Bring(net[1], late);
    EXPECT_EQ(late.Log().missing_bodies(), 0u);
    EXPECT_EQ(State(late), expected);
    for (const char* word : {kSecret, "Mondkalb", "Beifang"}) EXPECT_FALSE(Holds(late, word));
    EXPECT_EQ(late.Text(id).find("Nachher"), std::string::npos);
    EXPECT_TRUE(*late.replica->IsErased(id));
  }
}

}  // namespace
}  // namespace geflecht::replica
