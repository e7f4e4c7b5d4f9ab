// Erasing what a document holds under one key: also what is written there beside it, whenever that
// comes, and not what is written after it.
#include <functional>
#include <map>

#include "base/limits.h"
#include "node/domain/document_types.h"
#include "tests/unit/replica/erasing.h"
#include "tests/unit/replica/forge.h"

namespace geflecht::replica {
namespace {

struct EraseContainer : Erase {
  // Cuts what is open there.
  void Cut(Device& device) {
    ASSERT_TRUE(device.replica->CutAll({}).has_value());
    device.Write();
  }
  void Edit(Device& device, const Replica::Edits& edits) {
    const auto edited = device.replica->Edit(id, edits, {});
    ASSERT_TRUE(edited.has_value()) << edited.error().detail;
    Cut(device);
  }
  std::optional<crdt::Value> Value(Device& device, const std::string& path) {
    const auto found = (*device.replica->Open(id))->document.Get(path);
    if (!found || found->writings.empty()) return std::nullopt;
    const auto* value = std::get_if<crdt::Value>(&found->writings.front().slot);
    return value == nullptr ? std::nullopt : std::optional(*value);
  }
  void MakeRecord(std::string_view type,
                  const std::vector<std::pair<std::string, std::string>>& values) {
    const auto made =
        net[0].replica->Create(type,
                               [&](crdt::Transaction& edit) -> Result<void> {
                                 TRY(edit.Set("/purpose", std::string("network_coordination")));
                                 TRY(edit.Set("/legal_basis", std::string("contract")));
                                 TRY(edit.Set("/retention_class", std::string("L1")));
                                 for (const auto& [key, value] : values)
                                   TRY(edit.Set("/" + key, value));
                                 return {};
                               },
                               {});
    ASSERT_TRUE(made.has_value());
    net[0].Write();
    id = *made;
  }
};

TEST_F(EraseContainer, TakesOpenEditsThatWereTypedBesideIt) {
  Bring(net[0], net[1]);
  ASSERT_TRUE(net[1].Type(id, 0, "new "));
  EraseAt(net[0], "body");
  Bring(net[0], net[1]);
  EXPECT_EQ(net[1].replica->NextCutMs(), std::nullopt);
  Bring(net[1], net[0]);
  for (Device* device : {&net[0], &net[1]}) {
    EXPECT_EQ(device->Text(id), Bars(19));
    EXPECT_FALSE(Holds(*device, "new "));
  }
  EXPECT_EQ(State(net[0]), State(net[1]));
}

TEST_F(EraseContainer, LeavesWhatIsWrittenAfterIt) {
  Bring(net[0], net[1]);
  EraseAt(net[0], "body");
  Bring(net[0], net[1]);
  ASSERT_TRUE(net[1].Type(id, 0, "later "));
  Cut(net[1]);
  Bring(net[1], net[0]);
  Bring(net[1], net[2]);
  for (Device* device : {&net[0], &net[1], &net[2]}) {
    EXPECT_EQ(device->Text(id), "later " + Bars(15));
    EXPECT_EQ(OpenAnew(*device), "later " + Bars(15));
  }
  // Another erasure takes that too; the record lives on.
  EraseAt(net[0], "body");
  Bring(net[0], net[1]);
  EXPECT_EQ(net[1].Text(id), Bars(21));
  ASSERT_TRUE(net[1].Type(id, 0, "still "));
  Cut(net[1]);
  Bring(net[1], net[0]);
  EXPECT_EQ(net[0].Text(id), "still " + Bars(21));
}

// A device that was away writes what it knew, and hands it over years later.
TEST_F(EraseContainer, T5ReachesAnEditThatComesYearsLater) {
  Bring(net[0], net[2]);
  ASSERT_TRUE(net[2].Type(id, 0, "Mondkalb "));
  Cut(net[2]);
  EraseAt(net[0], "body");
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(net[0].Type(id, 0, "a"));
    Cut(net[0]);
  }
  Bring(net[0], net[1]);
  Bring(net[2], net[0]);
  Bring(net[2], net[1]);
  Bring(net[0], net[2]);
  for (Device* device : {&net[0], &net[1], &net[2]}) {
    EXPECT_FALSE(Holds(*device, "Mondkalb"));
    EXPECT_EQ(State(*device), State(net[0]));
    EXPECT_NE(OpenAnew(*device).find("aaa"), std::string::npos);
    EXPECT_EQ(device->Log().missing_bodies(), 0u);
  }
}

TEST_F(EraseContainer, KeepsWhatElseStoodInAConcurrentChange) {
  MakeRecord(domain::kContact, {{"family_name", "Quastenflosser"}, {"phone", "0221 4710-913"}});
  Bring(net[0], net[1]);
  Edit(net[1], [](crdt::Transaction& edit) -> Result<void> {
    TRY(edit.Set("/phone", std::string("0221 4710-914")));
    return edit.Set("/mobile", std::string(kSecret));
  });
  EraseAt(net[0], "phone");
  Bring(net[1], net[0]);
  EXPECT_FALSE(Holds(net[0], "4710-914"));
  EXPECT_FALSE(Holds(net[0], kSecret)) << "it goes with it until its writer has heard of that";
  Bring(net[0], net[1]);
  Bring(net[1], net[0]);
  for (Device* device : {&net[0], &net[1]}) {
    for (const char* number : {"4710-913", "4710-914"}) EXPECT_FALSE(Holds(*device, number));
    EXPECT_EQ(Value(*device, "/mobile"), crdt::Value(std::string(kSecret)));
    EXPECT_EQ(Value(*device, "/family_name"), crdt::Value(std::string("Quastenflosser")));
  }
  EXPECT_EQ(State(net[0]), State(net[1]));
}

// A list, containers in it, and what others wrote into these.
TEST_F(EraseContainer, ReachesNestedContainers) {
  MakeRecord(domain::kMeeting, {{"title", "Treffen"}});
  Edit(net[0], [](crdt::Transaction& edit) -> Result<void> {
    TRY(edit.InsertChild("/attendance", 0, crdt::ContainerType::kMap));
    TRY(edit.Set("/attendance/0/name", std::string("Quastenflosser")));
    return edit.SetChild("/attendance/0/note", crdt::ContainerType::kText);
  });
  Bring(net[0], net[1]);
  Edit(net[1], [](crdt::Transaction& edit) -> Result<void> {
    TRY(edit.InsertText("/attendance/0/note", 0, "Mondkalb"));
    return edit.Set("/place", std::string("Halle"));
  });
  EraseAt(net[0], "attendance");
  Bring(net[1], net[0]);
  Bring(net[0], net[1]);
  Bring(net[1], net[2]);
  for (Device* device : {&net[0], &net[1], &net[2]}) {
    for (const char* word : {"Quastenflosser", "Mondkalb"}) EXPECT_FALSE(Holds(*device, word));
    EXPECT_EQ(Value(*device, "/place"), crdt::Value(std::string("Halle")));
    EXPECT_EQ(Value(*device, "/title"), crdt::Value(std::string("Treffen")));
    EXPECT_EQ(State(*device), State(net[0]));
    EXPECT_EQ(device->Log().missing_bodies(), 0u);
  }
}

// The change that made the container comes last: until then nobody knows where the other one lies,
// and it is not stored.
TEST_F(EraseContainer, WaitsForTheChangeThatMadeTheContainer) {
  MakeRecord(domain::kMeeting, {{"title", "Treffen"}});
  Edit(net[0], [](crdt::Transaction& edit) {
    return edit.InsertChild("/attendance", 0, crdt::ContainerType::kMap);
  });
  Edit(net[0], [](crdt::Transaction& edit) {
    return edit.Set("/attendance/0/name", std::string("Mondkalb"));
  });
  const log::FeedKey feed = net[0].Feed();
  const codec::Bodies full = BodiesOf(net[0], feed, 3, 3);
  EraseAt(net[0], "attendance");
  net[1].replica->Admit(net.space, RunOf(net[0], feed, 0, 4));
  for (const std::uint64_t seq : {1, 4})  // the record, and the erasure
    net[1].replica->AdmitBodies(net.space, BodiesOf(net[0], feed, seq, seq), {});
  net[1].replica->AdmitBodies(net.space, full, {});
  net[1].Write();
  EXPECT_FALSE(Holds(net[1], "Mondkalb"));
  net[1].replica->AdmitBodies(net.space, BodiesOf(net[0], feed, 2, 2), {});
  net[1].Write();
  EXPECT_FALSE(Holds(net[1], "Mondkalb"));
  net[1].replica->AdmitBodies(net.space, BodiesOf(net[0], feed, 0, 0), {});
  EXPECT_EQ(net[1].Log().missing_bodies(), 0u);
  EXPECT_EQ(State(net[0]), State(net[1]));
}

TEST_F(EraseContainer, OfTheRecordsOrganisationAloneCounts) {
  Bring(net[0], net[1]);
  ASSERT_TRUE(net[1].Type(id, 0, "Mondkalb "));
  Cut(net[1]);
  const auto refused = net[1].replica->EraseDocument(id, "body", "request", {});
  EXPECT_EQ(refused.error().hint, "hint.erase-not-yours");
  Device& hostile = net[1];
  const auto body =
      log::SayErasure({"request", {}, {}, {{log::RecordId{id.bytes}, "body"}}}, hostile.random);
  log::Header header;
  const log::FeedHead head = hostile.Log().Head(hostile.Feed());
  header.net = net.founding.network();
  header.space = net.space;
  header.device = hostile.key.public_key();
  header.life = hostile.life;
  header.seq = head.next_seq;
  header.prev = head.head;
  header.basis = hostile.replica->council().tips();
  header.kind = std::string(log::kErase);
  header.fields = header.evidence = log::kEraseEvidence;
  header.root = log::BodyRoot(*body);
  Bring(hostile, net[0]);
  const log::Run run{log::Sign(header, hostile.key)};
  net[0].replica->Admit(net.space, codec::PartsOf(head, run, 0));
  net[0].replica->AdmitBodies(
      net.space, {codec::PrefixOf(net.space), header.device, header.life, {{header.seq, *body}}},
      {});
  net[0].Write();
  EXPECT_EQ(net[0].Text(id), "Mondkalb " + std::string(kSecret));
}

TEST_F(EraseContainer, ADraftThatCannotBeCutIsDropped) {
  Bring(net[0], net[1]);
  ASSERT_TRUE(net[1].Type(id, 0, "Mondkalb "));
  EraseAt(net[0], "body");
  net[1].Load(net.founding);
  Bring(net[0], net[1]);
  EXPECT_FALSE(net[1].store->Get(DraftKey(net.space, 1))->has_value());
  EXPECT_EQ(net[1].Text(id).find("Mondkalb"), std::string::npos);
}

// A member that writes many changes beside each other makes the record too large to be written
// once more: what cannot be kept goes with the rest, and the node lives.
TEST_F(EraseContainer, OutlivesValuesThatCannotBeWrittenAnew) {
  MakeRecord(domain::kContact, {{"family_name", "Quastenflosser"}, {"phone", "0221 4710-913"}});
  const crdt::ChangeId first{net[0].Log().Head(net[0].Feed()).head->bytes};
  for (Device* device : {&net[1], &net[2]}) Bring(net[0], *device);
  constexpr std::size_t kHeads = 100, kRest = 512;
  const std::string large(limits::kFieldBytesMax - kRest, 'x');
  Edit(net[1], [&](crdt::Transaction& edit) -> Result<void> {
    TRY(edit.Set("/phone", std::string("0221 4710-914")));
    return edit.Set("/mobile", large);
  });
  for (std::size_t i = 0; i < kHeads; ++i) {
    codec::Bodies bodies;
    const codec::Run run = Forge(net[2], {id, std::nullopt, 0, {first}, 0},
                                 {crdt::SetKey{"", "city", crdt::Value(std::string("Köln"))}},
                                 bodies, domain::kContact);
    for (Device* device : {&net[2], &net[1]}) {
      ASSERT_EQ(device->replica->Admit(net.space, run).outcome, Outcome::kNew);
      ASSERT_EQ(device->replica->AdmitBodies(net.space, bodies, {}).outcome, Outcome::kNew);
    }
  }
  net[1].Write();
  ASSERT_GT((*net[1].replica->Open(id))->document.heads().size(), kHeads);
  EraseAt(net[0], "phone");
  Bring(net[0], net[1]);
  Bring(net[1], net[0]);
  for (Device* device : {&net[0], &net[1]}) {
    EXPECT_FALSE(Holds(*device, "4710-914"));
    EXPECT_EQ(Value(*device, "/family_name"), crdt::Value(std::string("Quastenflosser")));
  }
  EXPECT_EQ(State(net[0]), State(net[1]));
}

constexpr std::array kKeys = {"phone", "email", "topics", "city"};

struct EraseHistories : EraseContainer, testing::WithParamInterface<std::uint64_t> {
  // Everybody writes into the record and the network, and the first one erases.
  void Step(Device& device, SeededRandom& random) {
    const std::string key = kKeys[random.Below(kKeys.size())];
    const std::string value = "Wert" + std::to_string(++values_) + "Ende";
    if (&device == &net[0] && random.Below(3) == 0) {
      const auto erased = device.replica->EraseDocument(id, key, "request", {});
      device.Write();
      if (erased) ++erasures_;
      return;
    }
    Edit(device, [&](crdt::Transaction& edit) -> Result<void> {
      if (random.Below(2) == 0) TRY(edit.Set("/function", "Beruf" + std::to_string(values_)));
      return edit.Set("/" + key, value);
    });
  }
  std::size_t values_ = 0, erasures_ = 0;
};

// Random histories of three writers, then every entry and body in any order at somebody else: one
// state, and no node has a value that another has lost.
TEST_P(EraseHistories, GiveOneStateInAnyOrderOfDelivery) {
  SeededRandom random(GetParam());
  MakeRecord(domain::kContact, {{"family_name", "Quastenflosser"}});
  for (std::size_t i : {1u, 2u}) Bring(net[0], net[i]);
  std::vector<std::pair<log::FeedKey, codec::Bodies>> seen;  // as they were before they were erased
  for (int step = 0; step < 24; ++step) {
    Device& device = net[random.Below(3)];
    Step(device, random);
    const log::FeedKey feed = device.Feed();
    const std::uint64_t end = device.Log().Head(feed).next_seq;
    for (std::uint64_t seq = end > 2 ? end - 2 : 0; seq < end; ++seq)
      seen.emplace_back(feed, BodiesOf(device, feed, seq, seq));
    if (random.Below(3) == 0) Bring(net[random.Below(3)], net[random.Below(3)]);
  }
  for (int round = 0; round < 3; ++round)
    for (Device* from : {&net[0], &net[1], &net[2]})
      for (Device* to : {&net[0], &net[1], &net[2]})
        if (from != to) Bring(*from, *to);
  const Bytes expected = State(net[0]);
  std::set<std::string> kept;
  for (std::size_t value = 1; value <= values_; ++value) {
    const std::string word = "Wert" + std::to_string(value) + "Ende";
    if (Holds(net[0], word)) kept.insert(word);
  }
  if (erasures_ > 0) {
    EXPECT_LT(kept.size(), values_);
  }

  Device late(100);
  late.Load(net.founding);
  std::vector<std::function<void()>> steps;
  for (Device* from : {&net[0], &net[1], &net[2]}) {
    const log::FeedKey feed = from->Feed();
    for (std::uint64_t seq = 0; seq < from->Log().Head(feed).next_seq; ++seq) {
      steps.push_back(
          [&, from, feed, seq] { late.replica->Admit(net.space, RunOf(*from, feed, seq, seq)); });
      steps.push_back([&, from, feed, seq] {
        late.replica->AdmitBodies(net.space, BodiesOf(*from, feed, seq, seq), {});
      });
    }
  }
  for (const auto& [feed, bodies] : seen)
    steps.push_back([&] { late.replica->AdmitBodies(net.space, bodies, {}); });
  for (std::size_t i = steps.size(); i > 1; --i) std::swap(steps[i - 1], steps[random.Below(i)]);
  for (const auto& step : steps) {
    step();
    if (random.Below(4) == 0) late.Write();
    if (random.Below(20) == 0) late.Load(net.founding);
  }
  for (std::size_t i : {0u, 1u, 2u}) Bring(net[i], late);
  for (Device* device : {&net[1], &net[2], &late}) {
    EXPECT_EQ(State(*device), expected);
    EXPECT_EQ(device->Log().missing_bodies(), 0u);
    for (std::size_t value = 1; value <= values_; ++value) {
      const std::string word = "Wert" + std::to_string(value) + "Ende";
      EXPECT_EQ(Holds(*device, word), kept.contains(word)) << word;
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, EraseHistories, testing::Range<std::uint64_t>(1, 41));

}  // namespace
}  // namespace geflecht::replica
