// Erasures that a decision asks for, and those of records whose organisation is gone.
#include <set>
#include <variant>

#include "node/domain/document_types.h"
#include "node/governance/bodies.h"
#include "node/replica/records.h"
#include "tests/unit/replica/deciding.h"
#include "tests/unit/replica/erasing.h"
#include "tests/unit/replica/unreadable_store.h"

namespace geflecht::replica {
namespace {

struct EraseDecision : Decisions {
  template <class T>
  static std::string HintOf(const Result<T>& refused) {
    return refused ? std::string("not refused") : refused.error().hint;
  }
  EraseDecision() : id(net[0].MakeNote(kSecret)) { Meet(All()); }
  std::vector<Device*> All() { return {&net[0], &net[1], &net[2]}; }
  governance::ProposalBody Asked(const std::optional<std::string>& field = std::nullopt) {
    const auto erasure = net[1].replica->ErasureOf(id, field, "unlawful");
    CHECK(erasure.has_value());
    return About(governance::kContent, net.space.Hex(), log::RenderErasure(*erasure));
  }
  void Restrict(Device& device, const crdt::Value& value) {
    const auto set = [&](crdt::Transaction& edit) { return edit.Set("/restricted", value); };
    CHECK(device.replica->Edit(id, set, {}).has_value());
    CHECK(device.replica->Cut(id, {}).has_value());
    device.Write();
  }
  bool Shows(Device& device) { return device.Text(id).find(kSecret) != std::string::npos; }
  static log::EntryId LastOf(const Device& device) {
    return (*device.Log().Arrival(device.Log().last_arrival()))->entry.id;
  }
  // Fields of the body of an entry that are not erased.
  static std::set<std::size_t> LeftOf(const Device& device, const log::EntryId& entry) {
    std::set<std::size_t> left;
    const auto stored = device.Log().EntryOf(entry);
    CHECK(stored.has_value() && stored->has_value());
    const auto body = device.Log().BodyOf(**stored);
    CHECK(body.has_value() && body->has_value());
    for (std::size_t i = 0; i < (*body)->slots.size(); ++i)
      if (std::holds_alternative<log::Field>((*body)->slots[i])) left.insert(i);
    return left;
  }
  std::size_t Erasures(Device& device) {
    const auto found = device.replica->ErasuresOf(id);
    CHECK(found.has_value());
    return found->size();
  }
  crdt::DocumentId id;
};

TEST_F(EraseDecision, TakesEffectAtEveryNodeWhenItIsInForce) {
  const log::EntryId proposal = Propose(net[1], Asked());
  Meet(All());
  Vote(net[1], proposal);
  Meet(All());
  Govern(net[1], 1);
  EXPECT_TRUE(Shows(net[1])) << "one vote of three decides nothing";
  Vote(net[2], proposal);
  Meet(All());
  Govern(net[1], 2);  // writes the certificate
  Govern(net[1], 3);  // carries it out
  Meet(All());
  for (Device* device : All()) {
    EXPECT_FALSE(Shows(*device));
    EXPECT_TRUE(*device->replica->IsErased(id));
    EXPECT_EQ(Erasures(*device), 1u);
    device->Load(net.founding);
    EXPECT_FALSE(Shows(*device));
  }
  // Nobody does it twice.
  for (Device* device : All()) Govern(*device, 200'000);
  for (Device* device : All()) Govern(*device, 400'000);
  Meet(All());
  EXPECT_EQ(Erasures(net[0]), 1u);
}

TEST_F(EraseDecision, IsCarriedOutByOthersIfItsProposerDoesNot) {
  const log::EntryId proposal = Propose(net[1], Asked("body"));
  Meet(All());
  for (Device* device : {&net[1], &net[2]}) Vote(*device, proposal);
  Meet({&net[0], &net[2]});
  BringAll(net[1], net[0]);
  Govern(net[0], 1);
  Govern(net[0], 100'000);
  Govern(net[0], 100'001);
  Govern(net[0], 200'000);
  BringAll(net[0], net[2]);
  for (std::size_t i : {0u, 2u}) EXPECT_FALSE(Shows(net[i])) << i;
  EXPECT_TRUE(Shows(net[1]));
}

// Whoever writes such an entry without the decision, or with another text, erases nothing.
TEST_F(EraseDecision, CountsOnlyIfItIsInForceAndSaysTheSame) {
  const log::EntryId proposal = Propose(net[1], Asked());
  Meet(All());
  log::Erasure erasure = *net[1].replica->ErasureOf(id, std::nullopt, "unlawful");
  erasure.decision = proposal;
  ASSERT_TRUE(net[1].replica->Erase(net.space, erasure, {}).has_value());
  net[1].Write();
  Meet(All());
  for (Device* device : All()) EXPECT_TRUE(Shows(*device));
  for (Device* device : {&net[1], &net[2]}) Vote(*device, proposal);
  Meet(All());
  ASSERT_TRUE(net[2].replica->Enact(proposal, {}).has_value());
  net[2].Write();
  Meet(All());
  log::Erasure other = *net[1].replica->ErasureOf(id, "body", "unlawful");
  other.decision = proposal;
  ASSERT_TRUE(net[1].replica->Erase(net.space, other, {}).has_value());
  net[1].Write();
  Meet(All());
  for (Device* device : All()) EXPECT_TRUE(Shows(*device)) << "it was written before, or differs";
  ASSERT_TRUE(net[1].replica->Erase(net.space, erasure, {}).has_value());
  net[1].Write();
  Meet(All());
  for (Device* device : All()) EXPECT_FALSE(Shows(*device));
}

TEST_F(EraseDecision, AProposalNamesWhatIsThereAndNoEvidence) {
  log::Erasure erasure = *net[1].replica->ErasureOf(id, std::nullopt, "unlawful");
  EXPECT_EQ(net[1].replica->ErasureOf(id, "nonsense", "unlawful").error().hint,
            "hint.erase-no-field");
  const auto propose = [&](const log::Erasure& one) {
    return net[1].replica->Propose(
        About(governance::kContent, net.space.Hex(), log::RenderErasure(one)), {});
  };
  erasure.documents[0].bytes[0] ^= 1;
  EXPECT_EQ(propose(erasure).error().code, Code::kNotFound);
  const log::EntryId first = (*net[1].Log().EntryOf(id))->entry.id;
  EXPECT_EQ(propose({"unlawful", {{first, {0}}}}).error().hint, "hint.erase-evidence");
  EXPECT_FALSE(net[1].replica->Propose(About(governance::kContent, "", "reason request\n"), {}));
  EXPECT_FALSE(net[1].replica->Propose(About(governance::kContent, net.space.Hex(), ""), {}));
}

// Two carry it out in a partition, and somebody writes behind one of them.
TEST_F(EraseDecision, CarriedOutTwiceItTakesNothingThatWasWrittenAfterwards) {
  const log::EntryId proposal = Propose(net[1], Asked("body"));
  Meet(All());
  for (Device* device : {&net[1], &net[2]}) Vote(*device, proposal);
  Meet(All());
  Govern(net[1], 1);  // writes the certificate
  Meet(All());
  Govern(net[2], 2);
  Govern(net[1], 2);
  Bring(net[1], net[0]);
  ASSERT_FALSE(Shows(net[0]));
  ASSERT_TRUE(net[0].Type(id, 0, "Neu "));
  ASSERT_TRUE(net[0].replica->CutAll({}).has_value());
  net[0].Write();
  Govern(net[2], 100'000);
  Meet(All());
  EXPECT_EQ(Erasures(net[0]), 2u);
  log::Erasure again = *net[1].replica->ErasureOf(id, "body", "unlawful");
  again.decision = proposal;
  ASSERT_TRUE(net[2].replica->Erase(net.space, again, {}).has_value());
  net[2].Write();
  Meet(All());
  for (Device* device : All()) {
    EXPECT_EQ(Erasures(*device), 3u);
    EXPECT_EQ(device->Text(id).substr(0, 4), "Neu ");
    EXPECT_FALSE(Shows(*device));
    device->Load(net.founding);
    EXPECT_EQ(device->Text(id).substr(0, 4), "Neu ");
  }
}

// T10: domain.md. What is restricted is kept until that is lifted, whoever asks.
TEST_F(EraseDecision, T10WhatIsUnderLegalHoldIsNotErased) {
  const auto restrict = [&](const crdt::Value& value) {
    const auto set = [&](crdt::Transaction& edit) { return edit.Set("/restricted", value); };
    CHECK(net[0].replica->Edit(id, set, {}).has_value());
    CHECK(net[0].replica->Cut(id, {}).has_value());
    net[0].Write();
    Meet(All());
  };
  restrict(std::string("legal_hold"));
  EXPECT_EQ(HintOf(net[0].replica->EraseDocument(id, std::nullopt, "request", {})),
            "hint.erase-restricted");
  EXPECT_EQ(HintOf(net[0].replica->EraseDocument(id, "body", "request", {})),
            "hint.erase-restricted");
  const log::EntryId first = (*net[0].Log().EntryOf(id))->entry.id;
  EXPECT_EQ(HintOf(net[0].replica->Erase(net.space, {"request", {{first, {1}}}}, {})),
            "hint.erase-restricted");
  EXPECT_EQ(HintOf(net[1].replica->Propose(Asked(), {})),
            "hint.erase-restricted");
  for (Device* device : All()) EXPECT_TRUE(Shows(*device));
  restrict(false);
  ASSERT_TRUE(net[0].replica->EraseDocument(id, std::nullopt, "request", {}).has_value());
  net[0].Write();
  Meet(All());
  for (Device* device : All()) EXPECT_FALSE(Shows(*device));
}

// T10, set by another organisation than the record's.
TEST_F(EraseDecision, T10AnybodysRestrictionHoldsUntilItIsLifted) {
  Restrict(net[2], std::string("legal_hold"));
  Meet(All());
  EXPECT_EQ(HintOf(net[0].replica->EraseDocument(id, std::nullopt, "request", {})),
            "hint.erase-restricted");
  EXPECT_EQ(HintOf(net[1].replica->Propose(Asked(), {})),
            "hint.erase-restricted");
  for (Device* device : All()) EXPECT_TRUE(Shows(*device));
  Restrict(net[2], false);
  Meet(All());
  ASSERT_TRUE(net[0].replica->EraseDocument(id, std::nullopt, "request", {}).has_value());
  net[0].Write();
  Meet(All());
  for (Device* device : All()) EXPECT_FALSE(Shows(*device));
}

// T10: whoever erases has not heard of the restriction. What one node has erased nobody gives
// back, and everybody has to come to the same: it is erased, the restriction's value too, and the
// log says who wanted to keep it.
TEST_F(EraseDecision, T10ARestrictionBesideTheErasureComesTooLateEverywhere) {
  Restrict(net[2], std::string("legal_hold"));
  ASSERT_TRUE(net[0].replica->EraseDocument(id, std::nullopt, "request", {}).has_value());
  net[0].Write();
  EXPECT_TRUE(Shows(net[2]));
  const log::EntryId restriction = LastOf(net[2]);
  Bring(net[2], net[0]);  // where the erasure is, before it is where the restriction is
  Meet(All());
  for (Device* device : All()) {
    for (int loads = 0; loads < 2; ++loads) {
      EXPECT_FALSE(Shows(*device));
      EXPECT_TRUE(*device->replica->IsErased(id));
      EXPECT_EQ(device->Log().missing_bodies(), 0u);
      EXPECT_EQ(LeftOf(*device, restriction), std::set<std::size_t>{0}) << "its structure";
      device->Load(net.founding);
    }
  }
}

// Whether something is restricted is not known then: that it is not must not be assumed.
TEST_F(EraseDecision, T10AStoreThatFailsWhileTheRestrictionIsReadErasesNothing) {
  const log::EntryId proposal = Propose(net[1], Asked());
  Meet(All());
  for (Device* device : {&net[1], &net[2]}) Vote(*device, proposal);
  Meet(All());
  Govern(net[1], 1);  // writes the certificate
  Restrict(net[1], std::string("legal_hold"));
  Meet(All());
  for (Device* device : {&net[0], &net[1]}) {
    Unreadable& store = MakeUnreadable(device->store);
    device->Load(net.founding);
    if (device == &net[1]) Govern(*device, 2);  // sees that it is due
    const store::Key body = DocumentBodyKey(id, 0);
    store.group = body.group;
    device->Load(net.founding);  // nothing of it is open
    store.table = body.table;
    if (device == &net[0]) {
      for (const bool field : {false, true}) {
        const auto erased = device->replica->EraseDocument(
            id, field ? std::optional<std::string>("body") : std::nullopt, "request", {});
        ASSERT_FALSE(erased);
        EXPECT_EQ(erased.error().code, Code::kIo);
      }
    } else {
      const auto governed = device->replica->Govern({200'000, 200'000});
      ASSERT_FALSE(governed);
      EXPECT_EQ(governed.error().code, Code::kIo);
    }
    EXPECT_GT(store.failed, 0);
    store.table.reset();
    EXPECT_TRUE(Shows(*device));
    EXPECT_EQ(Erasures(*device), 0u);
  }
}

// What is restricted while the network decides is kept until that is lifted, and erased then.
TEST_F(EraseDecision, T10ARestrictionThatComesBeforeItIsCarriedOutHolds) {
  const auto restrict = [&](const crdt::Value& value) {
    const auto set = [&](crdt::Transaction& edit) { return edit.Set("/restricted", value); };
    CHECK(net[0].replica->Edit(id, set, {}).has_value());
    CHECK(net[0].replica->Cut(id, {}).has_value());
    net[0].Write();
    Meet(All());
  };
  const log::EntryId proposal = Propose(net[1], Asked());
  Meet(All());
  for (Device* device : {&net[1], &net[2]}) Vote(*device, proposal);
  restrict(std::string("legal_hold"));
  for (const std::int64_t now : {1, 2, 200'000, 400'000}) {
    for (Device* device : All()) Govern(*device, now);
    Meet(All());
  }
  for (Device* device : All()) EXPECT_TRUE(Shows(*device));
  restrict(false);
  for (Device* device : All()) {
    Govern(*device, 10'000'000);
    Meet(All());
  }
  for (Device* device : All()) EXPECT_FALSE(Shows(*device));
  EXPECT_EQ(Erasures(net[0]), 1u);
}

// Values of other keys that stand in the same change are written anew by whoever carries it out:
// their writer may never come again.
TEST_F(EraseDecision, OnOneFieldKeepsTheOthersOfTheRecord) {
  const auto made = net[0].replica->Create(
      domain::kContact,
      [](crdt::Transaction& edit) -> Result<void> {
        for (const auto& [key, value] : {std::pair("purpose", "network_coordination"),
                                         {"legal_basis", "contract"},
                                         {"retention_class", "L1"},
                                         {"family_name", "Quastenflosser"},
                                         {"phone", "0221 4710-913"}})
          TRY(edit.Set("/" + std::string(key), std::string(value)));
        return {};
      },
      {});
  ASSERT_TRUE(made);
  id = *made;
  net[0].Write();
  Meet(All());
  const log::EntryId proposal = Propose(net[1], Asked("phone"));
  Meet({&net[1], &net[2]});
  for (Device* device : {&net[1], &net[2]}) Vote(*device, proposal);
  Meet({&net[1], &net[2]});
  for (const int now : {1, 2}) Govern(net[1], now);
  Meet({&net[1], &net[2]});
  for (std::size_t i : {1u, 2u}) {
    const crdt::Document& contact = (*net[i].replica->Open(id))->document;
    const auto value = [&](const char* path) {
      return std::get<crdt::Value>(contact.Get(path)->writings.front().slot);
    };
    EXPECT_EQ(value("/family_name"), crdt::Value(std::string("Quastenflosser")));
    EXPECT_TRUE(std::holds_alternative<crdt::Absent>(value("/phone")));
  }
}

// 0042: nobody is left who could answer for it.
TEST_F(EraseDecision, AnyMemberErasesRecordsOfAnOrganisationThatIsGone) {
  EXPECT_EQ(net[1].replica->EraseDocument(id, std::nullopt, "retention", {}).error().hint,
            "hint.erase-not-yours");
  ASSERT_TRUE(net[0].replica->Leave({}).has_value());
  net[0].Write();
  BringRoot(net[0], net[1]);
  BringRoot(net[0], net[2]);
  ASSERT_TRUE(net[1].replica->EraseDocument(id, std::nullopt, "retention", {}).has_value());
  net[1].Write();
  Meet({&net[1], &net[2]});
  for (std::size_t i : {1u, 2u}) EXPECT_FALSE(Shows(net[i]));
  // Whoever has not heard that it is gone judges the same when both entries are there.
  Bring(net[1], net[0]);
  EXPECT_FALSE(Shows(net[0]));
}

}  // namespace
}  // namespace geflecht::replica
